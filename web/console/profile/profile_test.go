package profile_test

import (
	"context"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/profile"
	"keypull/web/messengers"
)

// room has one publisher with one channel.
type room struct {
	console.Catalogue
	broken words.Text
}

func (r room) Publisher(id string) *catalogue.Setup {
	if id != "lecker" {
		return nil
	}
	s := catalogue.NewSetup(catalogue.Publisher{ID: id, Channels: []catalogue.Channel{{ID: "tg", Kind: "pager"}}}, nil)
	s.Broken = map[catalogue.Resource]map[string]words.Text{catalogue.ResourceChannel: {"tg": r.broken}}
	return s
}

func (room) Edition(string) *pull.Edition {
	e, err := pull.NewEdition(catalogue.Publisher{ID: "lecker", Name: "Lecker", Languages: []string{"en"}, TimeZone: "UTC"}, nil, nil, nil, nil)
	if err != nil {
		panic(err)
	}
	return e
}

// pager has a webhook that leads elsewhere, unless it is refused.
type pager struct {
	messengers.Messenger
	refused error
}

func (pager) Limits() messengers.Limits { return messengers.Limits{} }

func (p pager) Try(context.Context) error { return p.refused }

func (pager) SyncProfile(_ context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	found := []messengers.Drift{{Part: "webhook", Has: "https://elsewhere.example", Wants: "https://here.example"}, {Part: "greeting", Language: "en", Wants: f.Greeting["en"]}}
	if mend {
		found = found[1:]
	}
	return found, nil
}

func (pager) Pack(f messengers.Profile) ([]messengers.File, error) {
	return []messengers.File{{Name: "manifest.json", Body: []byte(f.Name)}}, nil
}

func TestAChannelStandsAsItsPlatformSays(t *testing.T) {
	opened := func(m messengers.Messenger) *messengers.Channels {
		all := &messengers.Channels{}
		if m != nil {
			all.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "tg", "pager", m)})
		}
		return all
	}
	denied := &pull.Error{Kind: pull.Denied, Field: "token", Hint: words.Verbatim("Nobody knows the token.")}
	for name, tc := range map[string]struct {
		room   room
		m      messengers.Messenger
		op     console.Operation[console.ChannelGet, profile.Standing]
		faults []profile.Fault
		drift  int
		files  int
	}{
		"a webhook that leads elsewhere is a fault": {m: pager{}, op: profile.ShowDrift, drift: 2, faults: []profile.Fault{{
			Error: "The platform delivers to https://elsewhere.example and not to https://here.example: set the channel up at the platform.", Step: "webhook"}}},
		"an account that is refused is asked no more": {m: pager{refused: denied}, op: profile.ShowDrift, faults: []profile.Fault{{Error: "Nobody knows the token.", Field: "channel.settings.token", Step: "account"}}},
		"what was put right is told, with its files":  {m: pager{}, op: profile.SetUp, drift: 1, files: 1},
		"a channel that is broken says why":           {room: room{broken: words.Verbatim("There is no token.")}, op: profile.ShowDrift, faults: []profile.Fault{{Error: "There is no token.", Step: "account"}}},
	} {
		t.Run(name, func(t *testing.T) {
			profiles := profile.Profiles{Catalogue: tc.room, Channels: opened(tc.m), Editions: tc.room, Clock: time.Now}
			c := console.New(console.Options{Clock: time.Now}, profiles.Operations()...)
			ctx := console.WithCaller(console.WithDoer(t.Context(), c), console.Operator())
			s, err := tc.op.Call(ctx, console.ChannelGet{Of: console.Of{Publisher: "lecker"}, ID: "tg"})
			if err != nil || len(s.Drift) != tc.drift || len(s.Files) != tc.files || len(s.Faults) != len(tc.faults) || s.OK != (len(tc.faults) == 0) {
				t.Fatalf("%+v, %v", s, err)
			}
			for i, want := range tc.faults {
				if s.Faults[i] != want {
					t.Errorf("got %+v, want %+v", s.Faults[i], want)
				}
			}
			if _, err := tc.op.Call(ctx, console.ChannelGet{Of: console.Of{Publisher: "lecker"}, ID: "none"}); console.KindOf(err) != pull.Unknown {
				t.Errorf("a channel that is not there: %v", err)
			}
		})
	}
}
