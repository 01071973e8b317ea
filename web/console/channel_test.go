package console_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/pipeline"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
)

func botDoc(set doc) doc {
	s := doc{"token": "2:" + secretWord, "updates": "poll"}
	maps.Copy(s, set)
	return doc{"kind": "telegram", "settings": s}
}

// account is a messenger that does as its fields say.
type account struct {
	*telegram.Bot
	tried, closed bool
	wrong         error
	address, text string
	sent          error
}

func (a *account) Try(context.Context) error { a.tried = true; return a.wrong }
func (a *account) Close() error              { a.closed = true; return nil }

func (a *account) Send(_ context.Context, s messengers.Sending) (string, error) {
	if s.Key == "" {
		return "", errors.New("no key")
	}
	a.address, a.text = s.Address, s.Text
	return "", a.sent
}

func TestAChannelIsCreatedWithItsAddressesAndNoSecretIsShown(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Editor, "channel.create", of(doc{"channel": botDoc(nil)}))
	if at(t, out, "channel", "id") != "telegram" || at(t, out, "channel", "settings", "token") != settings.Mask ||
		out["webhook"] != "https://keypull.example/hook/lecker/telegram" || out["page"] != nil || out["state"] != "idle" {
		t.Errorf("%v", out)
	}
	if act := d.last(t); act.Target != "channel telegram" || !strings.Contains(string(act.After), settings.Mask) {
		t.Errorf("%+v %s", act, act.After)
	}
	c, _ := d.Publisher("lecker").Channel("telegram")
	if c.Settings["token"] != "2:"+secretWord {
		t.Errorf("%v", c.Settings)
	}
	out = d.must(t, people.Editor, "channel.create", of(doc{"channel": doc{"id": "page", "kind": "webchat", "settings": doc{"title": "Ask"}}}))
	if out["page"] != "https://keypull.example/chat/lecker/page" {
		t.Errorf("%v", out)
	}
	out = d.must(t, people.Viewer, "channel.list", of(doc{}))
	if got := ids(t, out, "channels", "channel"); got != "page telegram tg" {
		t.Error(got)
	}
	out = d.must(t, people.Viewer, "channel.list", of(doc{"q": "web", "limit": 1}))
	if got := ids(t, out, "channels", "channel"); got != "page" || out["next"] != nil {
		t.Errorf("%v", out)
	}
}

func TestAChannelIsChangedAndRemoved(t *testing.T) {
	d := newDesk(t)
	got := d.must(t, people.Viewer, "channel.get", of(doc{"id": "tg"}))
	channel, _ := got["channel"].(doc)
	in, _ := channel["settings"].(doc)
	in["rate"] = 20
	out := d.must(t, people.Editor, "channel.update", of(doc{"id": "tg", "version": got["version"], "channel": channel}))
	c, _ := d.Publisher("lecker").Channel("tg")
	if c.Settings["token"] != "1:"+secretWord || at(t, out, "channel", "settings", "rate") != float64(20) {
		t.Errorf("%v", c.Settings)
	}
	_, err := d.try(t, people.Editor, "channel.update", of(doc{"id": "tg", "version": got["version"], "channel": channel}))
	var stale *console.Stale
	if !errors.As(err, &stale) || stale.Version != out["version"] {
		t.Errorf("%v", err)
	}
	_, err = d.try(t, people.Editor, "channel.update", of(doc{"id": "tg", "version": "*", "channel": botDoc(doc{"token": "", "tokn": "x"})}))
	refusedFields(t, err, "channel.settings.tokn", "channel.settings.token")
	_, err = d.try(t, people.Editor, "channel.create", of(doc{"channel": doc{"id": "tg", "kind": "telegrm"}}))
	refusedFields(t, err, "channel.id", "channel.kind")
	d.must(t, people.Editor, "channel.delete", of(doc{"id": "tg", "version": "*"}))
	if act := d.last(t); act.Target != "channel tg" || act.Before == nil || act.After != nil {
		t.Errorf("%+v", act)
	}
	_, err = d.try(t, people.Editor, "channel.delete", of(doc{"id": "tg", "version": "*"}))
	foreignPages(t, err, pull.Unknown, "There is no channel “tg”.")
}

func TestAChannelThatAnAppCarriesTellsTheAppsWebhook(t *testing.T) {
	d := newDesk(t)
	c, _ := d.Publisher("lecker").Channel("tg")
	c.App = "meta"
	if got := d.must(t, people.Viewer, "channel.get", of(doc{"id": "tg"})); got["webhook"] != "https://keypull.example/hook/app/meta" {
		t.Errorf("%v", got)
	}
}

func TestTheStateOfAChannelIsWhatItLastDid(t *testing.T) {
	d := newDesk(t)
	bot := &account{Bot: telegram.Preview()}
	d.channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "tg", "telegram", bot)})
	out := d.must(t, people.Viewer, "channel.get", of(doc{"id": "tg"}))
	if out["state"] != "idle" || at(t, out, "health", "channel") != "tg" {
		t.Errorf("%v", out)
	}
	courier := messengers.NewCourier(d.channels, noon, slog.New(slog.DiscardHandler))
	for _, tt := range []struct {
		sent         error
		state, error any
	}{
		{&messengers.SendError{Fault: messengers.Permanent, Err: errors.New("no such chat")}, "bad", "the platform does not take this message: “no such chat”"},
		{nil, "ok", nil},
		{&messengers.SendError{Fault: messengers.LimitedUntil, RetryAt: noon().Add(time.Minute)}, "warning", nil},
	} {
		// Nobody waits for the platform's minute to pass; all else ends by itself.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		bot.sent = tt.sent
		courier.Deliver(ctx, pipeline.Parcel{
			Ask:   pull.Ask{Publisher: "lecker", Channel: "tg", Incoming: pull.Incoming{Address: "1"}},
			Reply: pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "x"}}},
		})
		cancel()
		out := d.must(t, people.Viewer, "channel.get", of(doc{"id": "tg"}))
		if out["state"] != tt.state || out["error"] != tt.error {
			t.Errorf("after %v: %v", tt.sent, out)
		}
	}
	d.Publisher("lecker").Broken = map[catalogue.Resource]map[string]words.Text{catalogue.ResourceChannel: {"tg": words.Verbatim("the token is no token")}}
	out = d.must(t, people.Viewer, "channel.get", of(doc{"id": "tg"}))
	if out["state"] != "bad" || out["error"] != "the token is no token" {
		t.Errorf("%v", out)
	}
}

func TestAnAccountIsCheckedWithoutBeingSaved(t *testing.T) {
	d := newDesk(t)
	bot := &account{Bot: telegram.Preview()}
	d.trials.opens = bot
	out := d.must(t, people.Editor, "channel.check", of(doc{"channel": botDoc(doc{"token": settings.Mask}), "id": "tg"}))
	if out["ok"] != true || !bot.tried || !bot.closed || d.trials.channel.Settings["token"] != "1:"+secretWord || d.trials.channel.ID != "tg" {
		t.Errorf("%v: %+v", out, d.trials.channel)
	}
	bot.wrong = &pull.Error{Kind: pull.Denied, Field: "token", Hint: words.Verbatim("Telegram does not know this token")}
	out = d.must(t, people.Editor, "channel.check", of(doc{"channel": botDoc(nil)}))
	if out["ok"] != false || out["error"] != "Telegram does not know this token" || out["field"] != "channel.settings.token" {
		t.Errorf("%v", out)
	}
	_, err := d.try(t, people.Editor, "channel.check", of(doc{"channel": botDoc(doc{"token": settings.Mask}), "id": "tgg"}))
	refusedFields(t, err, "id", "channel.settings.token")
	d.trials.err = errors.New("it cannot be opened")
	out = d.must(t, people.Editor, "channel.check", of(doc{"channel": botDoc(nil)}))
	if out["ok"] != false || out["error"] != "“it cannot be opened”" {
		t.Errorf("%v", out)
	}
	// A platform that nobody can ask has nothing to complain of.
	d.trials.err, d.trials.opens = nil, struct{ messengers.Messenger }{bot}
	if out := d.must(t, people.Editor, "channel.check", of(doc{"channel": botDoc(nil)})); out["ok"] != true {
		t.Errorf("%v", out)
	}
}

func TestATestMessageGoesToTheEditorAlone(t *testing.T) {
	d := newDesk(t)
	in := of(doc{"id": "tg", "address": "4711"})
	if out := d.must(t, people.Editor, "channel.test", in); out["sent"] != false || out["error"] != "the channel is not open; look at its settings" {
		t.Errorf("%v", out)
	}
	bot := &account{Bot: telegram.Preview()}
	d.channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "tg", "telegram", bot)})
	if out := d.must(t, people.Editor, "channel.test", in); out["sent"] != true || bot.address != "4711" || bot.text != "Lecker: this test message shows that the channel works." {
		t.Errorf("%v, %+v", out, bot)
	}
	act := d.last(t)
	if act.Target != "channel tg" || strings.Contains(string(act.After), "4711") || !strings.Contains(string(act.After), `"sent":true`) {
		t.Errorf("%+v %s", act, act.After)
	}
	german := console.WithCaller(t.Context(), console.Principal{Name: "Eva", Language: "de-AT", Roles: map[string]people.Role{"lecker": people.Editor}})
	if _, err := d.Do(german, "channel.test", []byte(`{"publisher":"lecker","id":"tg","address":"1"}`)); err != nil || !strings.Contains(bot.text, "Diese Testnachricht") {
		t.Errorf("%q, %v", bot.text, err)
	}
	in["text"] = "Ping"
	bot.sent = &messengers.SendError{Fault: messengers.Blocked, Err: errors.New("the bot was blocked by the user")}
	if out := d.must(t, people.Editor, "channel.test", in); out["sent"] != false || out["error"] != "“the bot was blocked by the user”" || bot.text != "Ping" {
		t.Errorf("%v, %+v", out, bot)
	}
	_, err := d.try(t, people.Editor, "channel.test", of(doc{"id": "tg", "address": " ", "text": strings.Repeat("x", 501)}))
	refusedFields(t, err, "address", "text")
	_, err = d.try(t, people.Editor, "channel.test", of(doc{"id": "none", "address": "1"}))
	foreignPages(t, err, pull.Unknown, "There is no channel “none”.")
}
