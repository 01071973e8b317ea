package site_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/web/console"
)

// stage has every keyword answer its phrases, and nothing else.
type stage struct{ keywords []catalogue.Keyword }

func (*stage) Source(context.Context, string, string) console.Held { return console.Held{} }

func (s *stage) Publish(keywords []catalogue.Keyword) error {
	s.keywords = keywords
	return nil
}

func (s *stage) Ask(_ context.Context, text, _ string) (o pull.Resolved) {
	for _, k := range s.keywords {
		for _, phrases := range k.Phrases {
			if slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(strings.ToLower(text), p) }) {
				o.Trace.What.Keyword, o.Trace.Outcome = k.ID, journal.Answered
				o.Reply = &pull.Reply{Blocks: []pull.Block{{Text: "Told by " + k.ID}}}
			}
		}
	}
	return o
}

func (*stage) Close() error { return nil }

func TestAKeywordsFurtherWordingsAreOnePressAway(t *testing.T) {
	r := newRig(t)
	r.trials.stage = &stage{}
	r.demands("gazette", 6, "news")
	r.demands("share price", 6, "sap")
	r.demands(hostile, 6, "news")
	editor := r.as("lecker editor")
	editor.get(room+"keywords/news").wants(t, 200, "Also said as", `hx-get="`+room+`keywords/news/also"`)
	editor.get(room+"keywords/news/also").wants(t, 200, "gazette", "readers asked it in vain", "Told by news").lacks(t, "share price").page(t).harmless()
	r.as("lecker viewer").get(room+"keywords/news").wants(t, 200).lacks(t, "Also said as")
	form := url.Values{"keyword": {"news"}, "text": {"gazette"}, "language": {"en"}, "to": {"keyword"}}
	editor.submit(demandAt+"/adopt", form).leads(t, room+"keywords/news?done=demand_adopted")
	if k, _ := r.Publisher("lecker").Keyword("news"); !slices.Contains(k.Phrases["en"], "gazette") {
		t.Errorf("phrases %q", k.Phrases["en"])
	}
	editor.get(room+"keywords/news/also").wants(t, 200).lacks(t, "gazette")
}
