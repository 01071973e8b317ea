package console_test

import (
	"context"
	"encoding/json"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/who"
	"keypull/sources"
	"keypull/sources/text"
	"keypull/web/console"
	"keypull/web/console/consoletest"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
)

// readers are reader documents in memory.
type readers map[who.Key]who.Reader

func (r readers) Reader(_ context.Context, key who.Key) (who.Reader, uint64, error) {
	return r[key], 0, nil
}

func (r readers) Put(_ context.Context, key who.Key, reader who.Reader, _ uint64) (uint64, error) {
	r[key] = reader
	return 1, nil
}

// single is the one edition there is.
type single struct{ edition *pull.Edition }

func (s single) Edition(id string) *pull.Edition {
	if id != s.edition.ID {
		return nil
	}
	return s.edition
}

func asking(t *testing.T) (*console.Console, readers) {
	t.Helper()
	source, err := (&text.Settings{Answers: []text.Answer{{Text: "Open from 9 to 17."}}}).Open(sources.Env{Clock: noon})
	if err != nil {
		t.Fatal(err)
	}
	p := catalogue.Publisher{ID: "lecker", Name: "Lecker", Languages: []string{"en"}, TimeZone: "UTC",
		Keywords: []catalogue.Keyword{{ID: "hours", Source: "hours", Count: 1, Phrases: map[string][]string{"en": {"hours"}}}}}
	e, err := pull.NewEdition(p, map[string]pull.Opened{"hours": {Source: source}}, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := pull.NewCache(nil, noon)
	t.Cleanup(cache.Close)
	kept, channels := readers{}, &messengers.Channels{}
	channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "tg", "telegram", telegram.Preview())})
	return console.New(console.Options{Clock: noon}, console.AskRunner{
		Resolver: &pull.Resolver{Cache: cache, Clock: noon}, Editions: single{e}, Channels: channels, Readers: kept,
		Previews: func(publisher, address string, reply pull.Reply) []console.Preview {
			return []console.Preview{{Kind: publisher, Channel: address, Messages: []console.WireMessage{{Text: reply.Blocks[0].Text}}}}
		},
		Pseudonym: func(publisher, channel, reader string) who.Key { return who.Key(publisher + channel + reader) }, Clock: noon,
	}.Operation()), kept
}

func TestAnAskIsAnsweredAsTheChannelWouldCarryIt(t *testing.T) {
	c, kept := asking(t)
	in := console.AskRun{Of: console.Of{Publisher: "lecker"}, Channel: "tg", Reader: "7", Text: "hours"}
	out, err := consoletest.Call[console.AskRun, console.AskAnswer](as(t, people.Viewer), c, "ask.run", in)
	if err != nil || len(out.Messages) != 1 || out.Trace.What.Keyword != "hours" {
		t.Fatalf("%+v, %v", out, err)
	}
	var body struct {
		Chat any `json:"chat_id"`
	}
	if err := json.Unmarshal(out.Messages[0].Wire, &body); err != nil || body.Chat == nil {
		t.Errorf("%s, %v", out.Messages[0].Wire, err)
	}
	if len(kept) != 0 {
		t.Error("a dry ask was kept")
	}
}

func TestAnAskIsShownOnEveryChannel(t *testing.T) {
	c, _ := asking(t)
	in := console.AskRun{Of: console.Of{Publisher: "lecker"}, Channel: "all", Reader: "7", Text: "hours"}
	out, err := consoletest.Call[console.AskRun, console.AskAnswer](as(t, people.Viewer), c, "ask.run", in)
	if err != nil || len(out.Channels) != 1 || out.Channels[0].Kind != "lecker" || out.Channels[0].Channel != "7" || len(out.Messages) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestOnlyAnEditorKeepsWhatAnAskDoesToAReader(t *testing.T) {
	c, kept := asking(t)
	in := console.AskRun{Of: console.Of{Publisher: "lecker"}, Reader: "7", Text: "hours", Keep: true}
	_, err := consoletest.Call[console.AskRun, console.AskAnswer](as(t, people.Viewer), c, "ask.run", in)
	foreignPages(t, err, pull.Denied, "editor")
	if _, err := consoletest.Call[console.AskRun, console.AskAnswer](as(t, people.Editor), c, "ask.run", in); err != nil || len(kept) != 1 {
		t.Errorf("%d kept, %v", len(kept), err)
	}
	in.Channel = "none"
	_, err = consoletest.Call[console.AskRun, console.AskAnswer](as(t, people.Editor), c, "ask.run", in)
	foreignPages(t, err, pull.Unknown, "channel")
	in.Publisher = "none"
	_, err = consoletest.Call[console.AskRun, console.AskAnswer](as(t, people.Editor), c, "ask.run", in)
	foreignPages(t, err, pull.Unknown, "publisher")
}
