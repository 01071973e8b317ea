package messengers_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/web/messengers"
)

func TestPartsOfAMessageAreThereWhereTheChannelHasThem(t *testing.T) {
	reply := pull.Reply{
		Language: "en", Blocks: []pull.Block{
			{Kind: pull.Title, Text: "Tiramisu for *two*"}, {Kind: pull.Bullets, Lines: []string{"eggs 🥚"}}, {Kind: pull.Link, Text: "More [here]", URL: "https://example.org/a?b=(c)"},
		},
		Media: []what.Media{
			{Type: what.Sound, URL: "https://example.org/a.mp3", Bytes: 10}, {Type: what.Image, URL: "https://example.org/a.jpg", Alt: "A cake"},
			{Type: what.Document, URL: "https://example.org/*a*.pdf", Bytes: 2000},
		},
		Buttons: []pull.Button{{Label: "The first of the choices", Send: "k:a"}, {Label: "B", Send: "k:b"}},
	}
	limits := messengers.Limits{
		Text: 500, Unit: messengers.Runes, Subject: 8, Speech: true, Buttons: 1, LabelRunes: 9, Rows: 2, RowRunes: 9, DetailRunes: 20, Caption: 500,
		Media: map[what.MediaType]int64{what.Image: 0, what.Sound: 100, what.Document: 1000},
		Markup: messengers.Markup{
			Bold: [2]string{"*", "*"}, Link: "[{text}]({url})", Bullet: "+ ",
			Escape:    strings.NewReplacer("*", `\*`, "[", `\[`, "]", `\]`).Replace,
			EscapeURL: strings.NewReplacer("(", "%28", ")", "%29").Replace,
		},
	}
	want := []messengers.Message{{
		Subject: "Tiramis…", Text: "*Tiramisu for \\*two\\**\n\n+ eggs 🥚\n\nhttps://example.org/*a*.pdf\n\n[More \\[here\\]](https://example.org/a?b=%28c%29)",
		Voice: "Tiramisu for *two*\n\n+ eggs\n\nMore [here]",
		Media: []what.Media{reply.Media[1], reply.Media[0]},
		Rows:  []messengers.Row{{Label: "The firs…", Detail: "The first of the ch…", Send: "k:a"}, {Label: "B", Send: "k:b"}},
	}}
	got := messengers.Shape(reply, limits)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// cache is a messenger that keeps what it is to send.
type cache struct {
	platform
	sent []messengers.Sending
}

func (k *cache) Send(_ context.Context, s messengers.Sending) (string, error) {
	k.sent = append(k.sent, s)
	return "m" + s.Key, nil
}

func TestWhatMayGoAfterTheWindowIsTheChannelsToSay(t *testing.T) {
	asked := time.Now().Add(-25 * time.Hour)
	day := messengers.Limits{Text: 100, Unit: messengers.Runes, Window: 24 * time.Hour, After: []messengers.Why{messengers.Human}}
	approved := day
	approved.Template = "late_answer"
	for name, tt := range map[string]struct {
		limits messengers.Limits
		kind   pull.EntryKind
		at     time.Time
		fate   pipeline.Fate
		want   []messengers.Sending
	}{
		"within it":                    {day, pull.Asked, time.Now(), pipeline.Sent, []messengers.Sending{{Why: messengers.Answer, Message: messengers.Message{Text: "One.\n\nTwo."}}}},
		"late, within it":              {day, pull.LateAnswer, time.Now(), pipeline.Sent, []messengers.Sending{{Why: messengers.Late, Message: messengers.Message{Text: "One.\n\nTwo."}}}},
		"after it":                     {day, pull.Later, asked, pipeline.Dead, nil},
		"a person after it":            {day, pull.Human, asked, pipeline.Sent, []messengers.Sending{{Why: messengers.Human, Message: messengers.Message{Text: "One.\n\nTwo."}}}},
		"ordered for a time, after it": {approved, pull.Later, asked, pipeline.Dead, nil},
		"in an approved text": {approved, pull.LateAnswer, asked, pipeline.Sent, []messengers.Sending{{Why: messengers.Late, Message: messengers.Message{
			Text: "One.\n\nTwo.", Template: &messengers.Template{Name: "late_answer", Language: "en", Values: []string{"One. Two."}},
		}}}},
	} {
		t.Run(name, func(t *testing.T) {
			k := &cache{platform: platform{limits: tt.limits}}
			courier, _ := opened(k)
			got := courier.Deliver(t.Context(), pipeline.Parcel{
				Kind: tt.kind, Reply: pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "One."}, {Kind: pull.Paragraph, Text: "Two."}}},
				Ask: pull.Ask{ID: 7, Publisher: "p", Channel: "c", At: tt.at, Incoming: pull.Incoming{Address: "ann", Quote: "q", Thread: "t"}},
			})
			for i := range tt.want {
				s := &tt.want[i]
				s.Address, s.Key, s.Language, s.Quote, s.Thread, s.Asked = "ann", "7.0", "en", "q", "t", tt.at
			}
			if diff := cmp.Diff(tt.want, k.sent); diff != "" || got.Fate != tt.fate {
				t.Errorf("%q %s", got.Fate, diff)
			}
			if got.Fate == pipeline.Dead && !strings.Contains(got.Why.In("en"), "so long after") {
				t.Errorf("it died of %q", got.Why)
			}
		})
	}
}

func TestWhatIsHeardOfAMessageIsCountedOnceAndOnlyOfOneThatLeft(t *testing.T) {
	courier, channel := opened(&cache{platform: platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}}})
	courier.Deliver(t.Context(), parcel("ann", "hello"))
	h := hookOf(&noted{})
	for range 2 {
		err := h.Note(t.Context(), channel, []messengers.Event{
			{Kind: messengers.Delivered, Message: "m7.0"}, {Kind: messengers.Read, Message: "m7.0"}, {Kind: messengers.Clicked, Message: "m7.0"},
			{Kind: messengers.Reacted, Message: "m7.0", Thumb: -1}, {Kind: messengers.Read, Message: "another"}, {Kind: messengers.Deleted, Message: "m7.0"},
			{Kind: messengers.Undelivered, Message: "m7.0", Fault: messengers.Permanent},
		}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := channel.Health(); got.Delivered != 1 || got.Read != 1 || got.Clicked != 1 || got.Disliked != 1 || got.Liked != 0 || got.Undelivered != 1 {
		t.Errorf("%+v", got)
	}
}

func TestAReactionIsTakenAsWhatIsThoughtOfTheAnswerThatItIsOn(t *testing.T) {
	courier, channel := opened(&cache{platform: platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}}})
	courier.Deliver(t.Context(), parcel("ann", "hello"))
	n := &noted{}
	h := hookOf(n)
	at := time.Now()
	reacted := func(reader, message string, thumb int) messengers.Event {
		return messengers.Event{Kind: messengers.Reacted, Reader: reader, Message: message, Thumb: thumb}
	}
	for range 2 {
		if err := h.Note(t.Context(), channel, []messengers.Event{
			reacted("ann", "m7.0", -1), reacted("ann", "m7.0", 1), reacted("bob", "lost", 1), reacted("bob", "8.0", 1), reacted("", "lost", 1), reacted("ann", "lost", 0),
		}, at); err != nil {
			t.Fatal(err)
		}
	}
	rated := func(reader who.Key, message string, about uint64, thumb int) pull.Ask {
		return pull.Ask{Publisher: channel.Publisher, Channel: channel.ID, Reader: reader, At: at, Thumb: thumb, About: about, Incoming: pull.Incoming{ID: "thumb/" + message}}
	}
	want := []pull.Ask{rated(parcel("ann", "").Ask.Reader, "m7.0", 7, -1)}
	if diff := cmp.Diff(want, n.asks); diff != "" {
		t.Error(diff)
	}
}

func hookOf(p messengers.Pipeline) *messengers.Hook {
	return &messengers.Hook{
		Pipeline: p, Clock: time.Now, Logger: slog.New(slog.DiscardHandler), Channels: &messengers.Channels{},
		Pseudonym: func(publisher, channel, reader string) who.Key { return who.Key(publisher + "." + channel + reader) },
	}
}

func TestWhatIsNotForUsIsNeitherAskedNorKept(t *testing.T) {
	n := served(t, messengers.Receipt{Asks: []messengers.Incoming{
		{ID: "1", Reader: "-5", Group: true, Overheard: true, Text: "lunch?"}, {ID: "2", Reader: "7", Edit: true, Text: "news"}, {ID: "3", Reader: "7", Text: "news", InBand: true},
	}})
	if len(n.asks) != 1 || n.asks[0].Incoming.ID != "3" || n.asks[0].Incoming.Reader != "" || n.asks[0].InBand {
		t.Errorf("%+v", n.asks)
	}
}

func TestWhatIsKeptUnderAnotherNameIsCarriedOverOnceAndNotKeptTwice(t *testing.T) {
	n := &noted{}
	h := hookOf(n)
	c := messengers.NewChannel("p", "c", "brings", &brings{receipt: messengers.Receipt{Asks: []messengers.Incoming{
		{ID: "1", Reader: "bsuid", Also: []string{"+336001", "bsuid"}, Text: "news"},
	}}})
	for range 2 {
		h.Serve(t.Context(), c, messengers.Delivery{})
	}
	if diff := cmp.Diff([][2]who.Key{{"p.c+336001", "p.cbsuid"}}, n.moved); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]who.Key{"p.c+336001"}, n.changed); diff != "" {
		t.Error(diff)
	}
	if err := h.Note(t.Context(), c, []messengers.Event{{Kind: messengers.Moved, Reader: "7", Address: "new"}}, time.Now()); err != nil || len(n.moved) != 1 || len(n.changed) != 2 {
		t.Errorf("%v: %v, %v", err, n.moved, n.changed)
	}
}

// typist is a messenger that shows that an answer is written.
type typist struct {
	cache
	typed []string
}

func (p *typist) Type(_ context.Context, s messengers.Sending) error {
	p.typed = append(p.typed, s.Address)
	panic("a fault of the platform's own")
}

func TestWhoWaitsIsShownThatAnAnswerIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &typist{}
		p.limits = messengers.Limits{Text: 100, Unit: messengers.Runes}
		courier, channel := opened(p)
		h := hookOf(&counting{})
		ask := func(address string) {
			if err := h.Accept(t.Context(), channel, messengers.Receipt{Asks: []messengers.Incoming{{ID: address, Reader: address, Address: address}}}); err != nil {
				t.Fatal(err)
			}
		}
		ask("quick")
		quick := parcel("quick", "hello")
		quick.Ask.ID = 1
		courier.Deliver(t.Context(), quick)
		ask("slow")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if diff := cmp.Diff([]string{"slow"}, p.typed); diff != "" {
			t.Error(diff)
		}
	})
}

// counting is a Pipeline that numbers what it takes.
type counting struct {
	noted
	last uint64
}

func (c *counting) Take(_ context.Context, asks []pull.Ask) ([]pipeline.Accepted, error) {
	accepted := make([]pipeline.Accepted, len(asks))
	for i := range asks {
		c.last++
		accepted[i].Seq = c.last
	}
	return accepted, nil
}

func TestWhatOneCallCarriesIsHandedOverTogether(t *testing.T) {
	m := &cache{platform: platform{limits: messengers.Limits{Text: 10, Unit: messengers.Runes, Messages: 5, Together: 2}}}
	channels := &messengers.Channels{}
	channels.Set("p", []*messengers.Channel{messengers.NewChannel("p", "c", "kind", m)})
	courier := messengers.NewCourier(channels, time.Now, slog.New(slog.DiscardHandler))
	courier.Deliver(t.Context(), pipeline.Parcel{
		Ask:   pull.Ask{ID: 7, Publisher: "p", Channel: "c", Incoming: pull.Incoming{Address: "ann"}},
		Reply: pull.Reply{Language: "en", Blocks: []pull.Block{paragraph("Part one."), paragraph("Part two."), paragraph("Part 3.")}},
	})
	var got []string
	for _, s := range m.sent {
		said := s.Key + " " + s.Text
		for _, r := range s.Rest {
			said += "|" + r.Text
		}
		got = append(got, said)
	}
	if diff := cmp.Diff([]string{"7.0 Part one.|Part two.", "7.2 Part 3."}, got); diff != "" {
		t.Error(diff)
	}
}
