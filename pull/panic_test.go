package pull_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
)

// breaking is the exchange with one method that breaks down.
type breaking struct {
	*exchange
	at string
}

func (b *breaking) breaks(at string) {
	if b.at == at {
		none := strings.Fields(at[:0])
		_ = none[len(at)]
	}
}

func (b *breaking) Key(q pull.Query) (string, error) {
	b.breaks("key")
	return b.exchange.Key(q)
}

func (b *breaking) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	b.breaks("fetch")
	return b.exchange.Fetch(ctx, key, last)
}

func (b *breaking) Select(ctx context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	b.breaks("select")
	return b.exchange.Select(ctx, s, q)
}

func (b *breaking) Say(items []what.Item, _ pull.Voice) pull.Reply {
	b.breaks("say")
	return pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: items[0].Title}}}
}

func TestASourceThatBreaksDownIsRefusedHonestly(t *testing.T) {
	for _, at := range []string{"key", "fetch", "select", "say"} {
		k := newTalk(t)
		p := publisher()
		edition, err := pull.NewEdition(p, map[string]pull.Opened{"exchange": {Source: &breaking{exchange: k.source, at: at}}},
			map[string]pull.Channel{"web": {}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		k.edition = edition
		before := k.reader
		got := k.say("wipro now")
		if !strings.Contains(got, "went wrong on our side") && !strings.Contains(got, "ask again") {
			t.Errorf("%s: %q", at, got)
		}
		if k.last.Trace.Outcome != journal.Refused || !strings.Contains(k.last.Trace.Error, "broke down") {
			t.Errorf("%s: the trace says %q, %q", at, k.last.Trace.Outcome, k.last.Trace.Error)
		}
		if at != "fetch" && (k.last.Trace.What.Keyword != "wipro-now" || !k.last.Reader.First.Equal(before.First)) {
			t.Errorf("%s: %+v", at, k.last.Trace.What)
		}
		if got := k.say("help"); !strings.Contains(got, "Paper") {
			t.Errorf("%s: then HELP was answered with %q", at, got)
		}
	}
}

func TestWhoSaidStopHearsNothingOfWhatBreaksDown(t *testing.T) {
	k := newTalk(t)
	p := publisher()
	edition, err := pull.NewEdition(p, map[string]pull.Opened{"exchange": {Source: &breaking{exchange: k.source, at: "key"}}}, map[string]pull.Channel{"web": {}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	k.edition, k.reader = edition, who.Reader{State: who.Stopped, Since: k.at}
	k.say("hello") // the one reminder of the day
	if got := k.say("wipro now"); got != "" {
		t.Errorf("%q", got)
	}
}

type brokenMatcher struct{}

func (brokenMatcher) Match(context.Context, pull.MatcherAsk) ([]pull.Scored, error) {
	panic("no words of a reader: secret")
}

func TestAMatcherThatBreaksDownHasNothingToPropose(t *testing.T) {
	k := newTalk(t)
	k.edition.Matcher = brokenMatcher{}
	got := k.say("zebra crossing")
	if !strings.Contains(got, "zebra") || k.last.Trace.Outcome != journal.Missed {
		t.Errorf("%q, %q", got, k.last.Trace.Outcome)
	}
	if e := k.last.Trace.Error; !strings.Contains(e, "panic_test.go") || strings.Contains(e, "secret") {
		t.Errorf("the trace says %q", e)
	}
}

func TestWhatBreaksDownBeginsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		pull.KeepRunning(t.Context(), slog.New(slog.DiscardHandler), "count", func(context.Context) {
			if runs++; runs < 4 {
				panic(errors.New("again"))
			}
		})
		if runs != 4 {
			t.Errorf("it ran %d times", runs)
		}
	})
}
