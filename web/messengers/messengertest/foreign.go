package messengertest

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/web/messengers"
)

// foreign: what was pressed may be another tool's, a template's button or a menu
// made in the platform's console. It is its words: what is written on it, or what
// it sends where the platform does not tell that.
func (c Case) foreign(t T, m messengers.Messenger) {
	if c.Foreign == nil {
		if c.Press != nil {
			t.Errorf("a case whose buttons are pressed says by Foreign how one is that another tool made")
		}
		return
	}
	p := newPaper(t, m.Limits())
	for _, words := range []string{"STOP", "news"} {
		for _, sends := range []string{words, "btn-7f3a"} {
			for i, d := range c.Foreign(sends, words) {
				asks := answered(c.receive(t, m, copied(d)))
				if len(asks) != 1 {
					t.Errorf("another tool's button %d of %q, which sends %q, was pressed, and %d asks arrive", i, words, sends, len(asks))
					continue
				}
				in := asks[0]
				if told := bytes.Contains(d.Body, []byte(words)); !told && in.Text != sends && in.Tap != sends {
					t.Errorf("another tool's button %d, which sends %q, was pressed, and %+v arrives", i, sends, in)
				} else if got := p.understands(in); told && got != words {
					t.Errorf("another tool's button %d of %q, which sends %q, was pressed, and understood as %q", i, words, sends, got)
				}
			}
		}
	}
}

// paper answers in the suite: its one keyword is news.
type paper struct {
	resolver *pull.Resolver
	edition  *pull.Edition
}

func newPaper(t T, l messengers.Limits) paper {
	cache := pull.NewCache(nil, Now)
	t.Cleanup(cache.Close)
	edition, err := pull.NewEdition(catalogue.Publisher{
		ID: "lecker", Name: "Lecker", Languages: []string{"en"},
		Keywords: []catalogue.Keyword{{ID: "news", Source: "press", Phrases: map[string][]string{"en": {"news"}}}},
	}, map[string]pull.Opened{"press": {Source: press{}}}, map[string]pull.Channel{"test": {SMS: l.SMS, Guests: l.Guests}}, nil, nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return paper{&pull.Resolver{Cache: cache, Clock: Now}, edition}
}

// understands returns what an ask does: "STOP", "news", or nothing of both.
func (p paper) understands(in messengers.Incoming) string {
	got := p.resolver.Resolve(context.Background(), pull.Request{Edition: p.edition, Ask: pull.Ask{ID: 1, Publisher: "lecker", Channel: "test", At: Now(), Incoming: in}, Reader: who.Reader{}})
	switch {
	case got.Reader.State == who.Stopped:
		return "STOP"
	case got.Reply != nil && slices.ContainsFunc(got.Reply.Blocks, func(b pull.Block) bool { return strings.Contains(b.Text, headline) }):
		return "news"
	}
	return ""
}

const headline = "Dry until Sunday"

// press is a source of one item.
type press struct{}

// Key returns the same for every query.
func (press) Key(pull.Query) (string, error) { return "all", nil }

// Fetch brings the item.
func (press) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Items: []what.Item{{ID: "1", Title: headline}}, Fetched: Now()}, nil
}

// Select tells it whatever is asked.
func (press) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}
