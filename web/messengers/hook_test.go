package messengers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// brings is a messenger whose every delivery brings the same.
type brings struct {
	platform
	receipt messengers.Receipt
}

func (b *brings) Receive(context.Context, messengers.Delivery) (messengers.Receipt, error) {
	return b.receipt, nil
}

// noted is a Pipeline that writes down what reaches it.
type noted struct {
	asks    []pull.Ask
	changed []who.Key
	moved   [][2]who.Key
	// reworded are the messages that were corrected, with what they read now.
	reworded []string
	// failed are the replies that did not arrive, and when the last of them was asked.
	failed []string
	sentAt time.Time
	// broken is why nothing can be kept.
	broken error
}

func (n *noted) Fail(_ context.Context, a pull.Ask, why words.Text, again bool) (bool, error) {
	n.failed = append(n.failed, fmt.Sprintf("%d of %s to %s, try %d from part %d, again %v: %s", a.ID, a.Reader, a.Address, a.Tries, a.Parts, again, why))
	n.sentAt = a.Sent
	return again, n.broken
}

func (n *noted) Reword(key who.Key, id string, now *pull.Incoming) bool {
	text := "taken back"
	if now != nil {
		text = now.Text
	}
	n.reworded = append(n.reworded, string(key)+" "+id+": "+text)
	return true
}

func (n *noted) Take(_ context.Context, asks []pull.Ask) ([]pipeline.Accepted, error) {
	n.asks = append(n.asks, asks...)
	return make([]pipeline.Accepted, len(asks)), nil
}

func (*noted) Tellable(_ context.Context, _ pull.Ask, r *pull.Reply) (*pull.Reply, error) {
	return r, nil
}

func (*noted) Await(context.Context, pull.Ask, pipeline.Accepted) (*pull.Reply, bool, error) {
	return nil, true, nil
}

func (n *noted) Change(_ context.Context, key who.Key, _ func(who.Reader) who.Reader) error {
	n.changed = append(n.changed, key)
	return nil
}

func (n *noted) Move(_ context.Context, from, to who.Key) error {
	n.moved = append(n.moved, [2]who.Key{from, to})
	return nil
}

// served has a hook take one delivery.
func served(t *testing.T, r messengers.Receipt) *noted {
	t.Helper()
	n := &noted{}
	h := &messengers.Hook{
		Pipeline: n, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
		Pseudonym: func(publisher, channel, reader string) who.Key { return who.Key(publisher + "." + channel + reader) },
	}
	c := messengers.NewChannel("p", "c", "brings", &brings{receipt: r})
	if got := h.Serve(t.Context(), c, messengers.Delivery{}); got.Status != 0 {
		t.Fatalf("%+v", got)
	}
	return n
}

func TestACorrectionIsHandedOnAndNeverAnAskOfItsOwn(t *testing.T) {
	n := served(t, messengers.Receipt{
		Asks: []messengers.Incoming{
			{ID: "1", Reader: "7", Address: "7", Text: "nwes"},
			{ID: "1", Reader: "7", Address: "7", Text: "news", Edit: true},
			{ID: "0", Reader: "7", Address: "7", Text: "weather", Edit: true},
			{ID: "2", Reader: "-5", Address: "-5", Group: true, Overheard: true, Text: "not to us", Edit: true},
		},
		Events: []messengers.Event{{Kind: messengers.Deleted, Reader: "8", Message: "9"}},
	})
	if len(n.asks) != 1 || n.asks[0].Text != "news" {
		t.Errorf("%+v, want the one ask as it was corrected beside it", n.asks)
	}
	if want := []string{"p.c8 9: taken back", "p.c7 0: weather"}; !slices.Equal(n.reworded, want) {
		t.Errorf("%q", n.reworded)
	}
}

func TestWhateverAKindHandsOnIsCleanInTheAsk(t *testing.T) {
	n := served(t, messengers.Receipt{Asks: []messengers.Incoming{{
		ID: "1", Reader: "7", Address: "7", Text: " ne\x00ws\xff\r\n", Tap: "k:news\x00", Location: &pull.Location{Name: " Rome "},
		Attachments: []what.Media{{Type: what.Image, Alt: "a\x00 cat\n"}},
	}}})
	got := n.asks[0]
	if got.Text != "news\uFFFD" || got.Tap != "k:news" || got.Location.Name != "Rome" || got.Attachments[0].Alt != "a cat" {
		t.Errorf("%q, %q, %q, %q", got.Text, got.Tap, got.Location.Name, got.Attachments[0].Alt)
	}
}

func TestWhatCanNotBeKeptIsNotAskedForAgain(t *testing.T) {
	long := strings.Repeat("long ", 200_000)
	n := served(t, messengers.Receipt{Asks: []messengers.Incoming{
		{ID: long, Reader: "7", Address: "7", Text: "news"}, {ID: "2", Reader: long, Address: "7", Text: "news"},
		{ID: "3", Reader: "7", Address: long, Text: "news"}, {ID: "4", Reader: "7", Address: "7", Tap: long},
		{ID: "5", Reader: "7", Address: "7", Text: "news"},
	}})
	if len(n.asks) != 1 || n.asks[0].Incoming.ID != "5" {
		t.Errorf("%d asks were taken", len(n.asks))
	}
}

func TestAnAskInAGroupTellsNothingOfWhoWroteIt(t *testing.T) {
	private := messengers.Incoming{ID: "1", Reader: "7", Address: "7", Text: "news", Language: "fr", Consent: "given"}
	group := messengers.Incoming{ID: "2", Reader: "-5", Address: "-5", Group: true, Text: "news", Language: "fr", Consent: "given"}
	want := []pull.Ask{
		{Publisher: "p", Channel: "c", Reader: "p.c7", Incoming: pull.Incoming{ID: "1", Address: "7", Text: "news", Language: "fr", Consent: "given"}},
		{Publisher: "p", Channel: "c", Reader: "p.c-5", Incoming: pull.Incoming{ID: "2", Address: "-5", Group: true, Text: "news"}},
	}
	if diff := cmp.Diff(want, served(t, messengers.Receipt{Asks: []messengers.Incoming{private, group}}).asks); diff != "" {
		t.Error(diff)
	}
}

func TestEachEventReachesTheReaderOrTheGroupThatItIsOf(t *testing.T) {
	n := served(t, messengers.Receipt{Events: []messengers.Event{
		{Kind: messengers.Gone, Reader: "7"}, {Kind: messengers.Back, Reader: "-5"}, {Kind: messengers.Moved, Reader: "-5", To: "-100"},
	}})
	if diff := cmp.Diff([]who.Key{"p.c7", "p.c-5"}, n.changed); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][2]who.Key{{"p.c-5", "p.c-100"}}, n.moved); diff != "" {
		t.Error(diff)
	}
}

// refusing is a Pipeline that can't change some readers.
type refusing struct {
	*noted
	why map[who.Key]error
}

func (r *refusing) Change(ctx context.Context, key who.Key, f func(who.Reader) who.Reader) error {
	if err := r.why[key]; err != nil {
		return err
	}
	return r.noted.Change(ctx, key, f)
}

func TestAReaderWhoCanNotBeReadKeepsNobodyElseFromBeingServed(t *testing.T) {
	for name, c := range map[string]struct {
		why     error
		changed []who.Key
		asks    int
	}{
		"his document is damaged":      {errors.New("open reader: tampered"), []who.Key{"p.c8"}, 1},
		"nothing can be written today": {&pull.Error{Kind: pull.Unavailable}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := &refusing{&noted{}, map[who.Key]error{"p.c7": c.why}}
			h := &messengers.Hook{
				Pipeline: l, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
				Pseudonym: func(publisher, channel, reader string) who.Key { return who.Key(publisher + "." + channel + reader) },
			}
			err := h.Accept(t.Context(), messengers.NewChannel("p", "c", "brings", &brings{}), messengers.Receipt{
				Events: []messengers.Event{{Kind: messengers.Gone, Reader: "7"}, {Kind: messengers.Gone, Reader: "8"}},
				Asks:   []messengers.Incoming{{ID: "1", Reader: "9", Text: "news"}},
			})
			if diff := cmp.Diff(c.changed, l.changed); diff != "" || len(l.asks) != c.asks || (err == nil) != (c.asks == 1) {
				t.Errorf("%d asks taken, error %v; changed:%s", len(l.asks), err, diff)
			}
		})
	}
}

func TestAsksOfOneAddressCountTogetherAndDoNotTellIt(t *testing.T) {
	n := served(t, messengers.Receipt{Asks: []messengers.Incoming{
		{ID: "1", Reader: "a", From: "192.0.2.1"}, {ID: "2", Reader: "b", From: "192.0.2.1"},
		{ID: "3", Reader: "c", From: "192.0.2.2"}, {ID: "4", Reader: "d"},
	}})
	from := []uint64{n.asks[0].From, n.asks[1].From, n.asks[2].From, n.asks[3].From}
	if from[0] == 0 || from[0] != from[1] || from[2] == from[0] || from[2] == 0 || from[3] != 0 {
		t.Errorf("counted by %v", from)
	}
	kept, err := json.Marshal(n.asks)
	if err != nil || bytes.Contains(kept, []byte("192.0.2")) {
		t.Errorf("an address is kept: %s, %v", kept, err)
	}
}

// full is a Pipeline that takes nothing until a moment.
type full struct {
	noted
	err error
}

func (f *full) Take(context.Context, []pull.Ask) ([]pipeline.Accepted, error) { return nil, f.err }

func TestWhoIsTurnedAwayIsToldWhyAndWhen(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		err   error
		after time.Duration
		says  string
	}{
		"with a moment": {&pull.Error{Kind: pull.Limited, Hint: words.Verbatim("too many answers wait"), RetryAt: now.Add(30 * time.Second)}, 30 * time.Second, "too many answers wait"},
		"a full disk":   {&pull.Error{Kind: pull.Unavailable, Hint: words.Text{Key: "store.full"}}, 0, "try again in a moment"},
		"without":       {errors.New("an inner detail"), 0, "try again in a moment"},
	} {
		h := &messengers.Hook{
			Pipeline: &full{err: c.err}, Clock: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler),
			Pseudonym: func(_, _, reader string) who.Key { return who.Key(reader) },
		}
		channel := messengers.NewChannel("p", "c", "brings", &brings{receipt: messengers.Receipt{Asks: []messengers.Incoming{{Reader: "7"}}}})
		got := h.Serve(t.Context(), channel, messengers.Delivery{})
		if got.Status != 503 || got.RetryAfter != c.after || !bytes.Contains(got.Body, []byte(c.says)) || bytes.Contains(got.Body, []byte("inner")) {
			t.Errorf("%s: %d after %v: %s", name, got.Status, got.RetryAfter, got.Body)
		}
	}
}

// crowded is a Pipeline that turns the asks of one publisher away.
type crowded struct {
	noted
	publisher string
}

func (c *crowded) Take(ctx context.Context, asks []pull.Ask) ([]pipeline.Accepted, error) {
	for _, a := range asks {
		if a.Publisher == c.publisher {
			return nil, &pull.Error{Kind: pull.Limited, Hint: words.Verbatim("too many")}
		}
	}
	return c.noted.Take(ctx, asks)
}

// breaks is a messenger that breaks down at every delivery.
type breaks struct{ platform }

func (*breaks) Receive(context.Context, messengers.Delivery) (messengers.Receipt, error) {
	panic("a delivery")
}

// three is an app whose every delivery has a part for each of three accounts.
type three struct{}

func (three) Receive(context.Context, messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
	return messengers.Receipt{}, []messengers.Part{{Account: "1"}, {Account: "2"}, {Account: "3"}}, nil
}

func TestOneChannelOfAnAppCostsNoOtherItsAsks(t *testing.T) {
	ask := messengers.Receipt{Asks: []messengers.Incoming{{ID: "1", Reader: "7", Address: "7", Text: "news"}}}
	for name, tt := range map[string]struct {
		second messengers.Messenger
		full   string
		status int
		want   []string
	}{
		"all well":             {&brings{receipt: ask}, "", 0, []string{"p1", "p2", "p3"}},
		"one breaks down":      {&breaks{}, "", 0, []string{"p1", "p3"}},
		"one is crowded":       {&brings{receipt: ask}, "p2", 503, []string{"p1", "p3"}},
		"the first is crowded": {&brings{receipt: ask}, "p1", 503, []string{"p2", "p3"}},
	} {
		t.Run(name, func(t *testing.T) {
			channels := &messengers.Channels{}
			for i, m := range []messengers.Messenger{&brings{receipt: ask}, tt.second, &brings{receipt: ask}} {
				n := string(rune('1' + i))
				c := messengers.NewChannel("p"+n, "c", "kind", m)
				c.App, c.Account = "app", n
				channels.Set("p"+n, []*messengers.Channel{c})
			}
			p := &crowded{publisher: tt.full}
			h := &messengers.Hook{
				Channels: channels, Pipeline: p, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
				Pseudonym: func(publisher, _, reader string) who.Key { return who.Key(publisher + reader) },
			}
			r := h.ServeApp(t.Context(), &messengers.OpenApp{ID: "app", App: three{}}, messengers.Delivery{})
			var got []string
			for _, a := range p.asks {
				got = append(got, a.Publisher)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || r.Status != tt.status {
				t.Errorf("status %d, %s", r.Status, diff)
			}
		})
	}
}

// known is a Pipeline that has seen some messages before.
type known struct {
	noted
	as map[string]pipeline.Accepted
}

func (k *known) Take(_ context.Context, asks []pull.Ask) (all []pipeline.Accepted, _ error) {
	k.asks = append(k.asks, asks...)
	for _, a := range asks {
		all = append(all, k.as[a.Incoming.ID])
	}
	return all, nil
}

func TestWhatComesAgainIsCounted(t *testing.T) {
	k := &known{as: map[string]pipeline.Accepted{"1": {Duplicate: true}, "2": {Anew: true}}}
	c := messengers.NewChannel("p", "c", "k", &brings{receipt: messengers.Receipt{Asks: []messengers.Incoming{
		{ID: "1", Reader: "a", Also: []string{"b"}}, {ID: "2", Reader: "a"}, {ID: "3", Reader: "a"}, {ID: "1", Reader: "a"},
	}}})
	h := &messengers.Hook{
		Pipeline: k, Pseudonym: func(p, c, r string) who.Key { return who.Key(p + "." + c + "." + r) }, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
	}
	h.Serve(t.Context(), c, messengers.Delivery{})
	if got := c.Health(); got.Again != 2 || got.Anew != 1 {
		t.Errorf("%d came again, %d were answered anew", got.Again, got.Anew)
	}
	if a := k.asks[0].Aliases; len(a) != 1 || a[0] != "p.c.b" {
		t.Errorf("its reader is also %q", a)
	}
}

// slow is a pipeline whose answer comes when it is let go.
type slow struct {
	noted
	ready chan struct{}
}

func (s *slow) Await(ctx context.Context, _ pull.Ask, _ pipeline.Accepted) (*pull.Reply, bool, error) {
	select {
	case <-s.ready:
		return &pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "There it is."}}}, true, nil
	case <-ctx.Done():
		return nil, false, nil
	}
}

// told is a messenger that answers in the response.
type told struct{ brings }

func (*told) Limits() messengers.Limits {
	return messengers.Limits{Text: 100, InBand: time.Millisecond}
}

func (*told) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	for _, s := range said {
		r.Body = append(slices.Clone(r.Body), s.Text...)
	}
	return r
}

func TestWhoListensIsToldThatALongAnswerIsWorkedOn(t *testing.T) {
	p := &slow{ready: make(chan struct{})}
	h := &messengers.Hook{
		Pipeline: p, Pseudonym: func(_, _, reader string) who.Key { return who.Key(reader) }, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
		Working: func(string, string) pull.Reply {
			return pull.Reply{Blocks: []pull.Block{{Kind: pull.Note, Text: "Working on it."}}}
		},
	}
	m := &told{brings{receipt: messengers.Receipt{
		Body: []byte("Lecker: "), Asks: []messengers.Incoming{{ID: "1", Reader: "r", Address: "r", Text: "news", InBand: true}},
		Progress: &messengers.Progress{Every: time.Millisecond, Most: time.Hour, ContentType: "text/event-stream",
			Beat: func(n int, working string) []byte { return fmt.Appendf(nil, "%d %s|", n, working) },
			Last: func(body []byte) []byte { return append(body, '.') }},
	}}}
	r := h.Serve(t.Context(), messengers.NewChannel("lecker", "c", "told", m), messengers.Delivery{})
	if r.Stream == nil || r.ContentType != "text/event-stream" {
		t.Fatalf("got %+v", r)
	}
	var got bytes.Buffer
	r.Stream(func(b []byte) error {
		got.Write(b)
		if bytes.HasPrefix(b, []byte("3 ")) {
			close(p.ready)
		}
		return nil
	})
	if want := "1 Working on it.|2 Working on it.|3 Working on it.|"; !bytes.HasPrefix(got.Bytes(), []byte(want)) || !bytes.HasSuffix(got.Bytes(), []byte("|Lecker: There it is..")) {
		t.Errorf("got %s", got.Bytes())
	}
	quick := h.Serve(t.Context(), messengers.NewChannel("lecker", "c", "told", m), messengers.Delivery{})
	if quick.Stream != nil && string(quick.Body) != "Lecker: There it is." {
		t.Errorf("what is there at once is %+v", quick)
	}
}
