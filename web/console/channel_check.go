package console

import (
	"context"
	"crypto/rand"
	"maps"
	"net/http"
	"reflect"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// ChannelCheck is the input of "channel.check": a channel as it might be
// saved.
type ChannelCheck struct {
	Of
	Channel Doc    `json:"channel" required:"true"`
	ID      string `json:"id,omitempty" doc:"Id of a channel that is there, for the secrets that are masked."`
}

// ChannelChecked is the output. Where the account is not good, Error says why
// and Field which setting is at fault, as far as that is known.
type ChannelChecked struct {
	OK      bool   `json:"ok"`
	Account string `json:"account,omitempty" doc:"Whose account it is, in a sentence, where the platform tells."`
	Error   string `json:"error,omitempty"`
	Field   string `json:"field,omitempty" doc:"Path of the field at fault."`
}

// CheckChannel is "channel.check".
var CheckChannel = Declare[ChannelCheck, ChannelChecked](Declaration{
	Name: "channel.check", Permission: Write, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/check/channel",
	Summary: "Ask the platform whether an account is good; no reader notices.",
})

func (p channels) checkChannel(ctx context.Context, in ChannelCheck) (out ChannelChecked, err error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	r := &review{}
	was, ok := pub.Channel(in.ID)
	if !ok && in.ID != "" {
		r.addUnknownName("id", string(catalogue.ResourceChannel), in.ID, channelIDs(pub))
	}
	in.Channel = r.plainDoc(catalogue.ResourceChannel, in.Channel)
	id := in.ID
	if id == "" {
		id = "trial"
	}
	c := p.judgeChannel(r, pub, in.Channel.withField("id", id), was)
	if err := r.err(); err != nil {
		return out, err
	}
	account, err := p.askAccount(ctx, pub, c)
	if err != nil {
		reason, field := errorForEditor(err, string(catalogue.ResourceChannel))
		out.Error, out.Field = reason.In(CallerLanguage(ctx)), field
		return out, nil
	}
	out.OK, out.Account = true, account.In(CallerLanguage(ctx))
	return out, nil
}

// askAccount asks the platform of a channel that is opened for this alone whether the
// account is good, and whose it is where it tells.
func (p channels) askAccount(ctx context.Context, pub *catalogue.Setup, c catalogue.Channel) (account words.Text, err error) {
	m, err := p.Trials.Channel(pub.ID, c)
	if err != nil {
		return words.Text{}, err
	}
	if c, ok := m.(messengers.Closer); ok {
		// It was opened here and has told what it had to.
		defer func() { _ = c.Close() }()
	}
	t, ok := m.(messengers.Trier)
	if !ok {
		return words.Text{}, nil
	}
	if err := t.Try(ctx); err != nil {
		return words.Text{}, err
	}
	if a, ok := m.(messengers.Accountable); ok {
		account = a.Whose()
	}
	return account, nil
}

// savingWaits is how long a channel that is saved waits for its platform.
const savingWaits = 8 * time.Second

// asked is what the platform said of a channel that is being saved.
type asked struct {
	account   words.Text
	unreached words.Text
}

type askedKey struct{}

// checkAccount refuses a channel whose platform refuses the account. A platform that
// can't be reached keeps nobody from saving; unchanged settings are not asked about.
func (p channels) checkAccount(ctx context.Context, pub *catalogue.Setup, c catalogue.Channel, was *catalogue.Channel) error {
	if was != nil && was.Kind == c.Kind && was.App == c.App && reflect.DeepEqual(was.Settings, c.Settings) {
		return nil
	}
	said, _ := ctx.Value(askedKey{}).(*asked)
	if k, ok := p.Kinds.Messenger(c.Kind); said == nil || ok && k.Page {
		// A chat of our own has no account.
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, savingWaits)
	defer cancel()
	account, err := p.askAccount(ctx, pub, c)
	if pull.KindOf(err) != pull.Denied {
		said.account = account
		if err != nil {
			said.unreached, _ = errorForEditor(err, string(catalogue.ResourceChannel))
		}
		return nil
	}
	reason, field := errorForEditor(err, string(catalogue.ResourceChannel))
	if field == "" {
		field = string(catalogue.ResourceChannel) + ".settings"
	}
	r := &review{}
	r.addDocProblem(field, "said", "said", reason)
	return r.err()
}

// saveChannel carries a change of a channel out, and tells what its platform said of
// the account.
func (p channels) saveChannel(ctx context.Context, publisher string, ask bool, change func(context.Context) (ChannelEntry, error)) (ChannelEntry, error) {
	said := &asked{}
	if ask {
		ctx = context.WithValue(ctx, askedKey{}, said)
	}
	e, err := p.withLetters(ctx, publisher)(change(ctx))
	e.Account = said.account.In(CallerLanguage(ctx))
	if !said.unreached.IsZero() {
		e.Unreached = words.Text{Key: "channel.unreached", Args: words.Args{"reason": said.unreached}}.In(CallerLanguage(ctx))
	}
	return e, err
}

// withMadeSecrets returns settings with generated secrets: a new one where the field
// was emptied, the present one where it was left out.
func (p channels) withMadeSecrets(c catalogue.Channel, was kept) map[string]any {
	k, ok := p.Kinds.Messenger(c.Kind)
	if !ok {
		return c.Settings
	}
	fields, err := settings.Fields(k.New())
	if err != nil {
		// The review says so.
		return c.Settings
	}
	all := maps.Clone(c.Settings)
	for _, f := range fields {
		given, there := all[f.Name]
		if f.Is != settings.Made || there && given != "" && given != nil {
			continue
		}
		if all == nil {
			all = map[string]any{}
		}
		before, stood := was.settings[f.Name]
		if all[f.Name] = before; there || !stood || was.kind != c.Kind {
			all[f.Name] = rand.Text() + rand.Text()
		}
	}
	return all
}

func channelIDs(pub *catalogue.Setup) []string {
	ids := make([]string, len(pub.Channels))
	for i, c := range pub.Channels {
		ids[i] = c.ID
	}
	return ids
}
