package demo_test

import (
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/demo"
	"keypull/pull/journal"
)

// telling is a trace and the four sentences that tell it.
type telling struct {
	trace           journal.Trace
	what, who, when string
	reply           string
}

// tellings are traces with what is said of them.
var tellings = map[string]telling{
	"a price that was fetched": {
		trace: journal.Trace{
			At: noon, Outcome: journal.Answered,
			What: journal.What{Keyword: "stock", Argument: "WIPRO", Tier: "vocabulary"},
			Who:  journal.Who{Language: "en", From: "publisher", Zone: "Europe/Paris", First: true},
			When: journal.When{Source: "quotes", Asked: "fetched", AsOf: noon.Add(-300 * time.Millisecond)},
		},
		what:  "Keyword “quote” with “WIPRO”, known by its argument alone.",
		who:   "A new reader, answered in English (the publisher’s default), times as in Europe/Paris.",
		when:  "“quotes” was asked just now. As of 12:59:59 CET, less than a second before the ask.",
		reply: "One answer to one ask. Nothing follows.",
	},
	"a stale price while the exchange is down": {
		trace: journal.Trace{
			At: noon, Outcome: journal.Answered,
			What: journal.What{Keyword: "stock", Tier: "exact"},
			Who:  journal.Who{Language: "fr-FR", From: "phrase"},
			When: journal.When{Source: "quotes", Asked: "failed", Stale: true, Fetched: noon.Add(-3 * time.Minute)},
		},
		what: "Keyword “quote”, word for word.",
		who:  "A reader who has asked before, answered in French (the language of the keyword).",
		when: "“quotes” could not be reached. The last good answer is given, marked as old." +
			" As of 11:57:00 UTC, 3 min before the ask.",
		reply: "One answer to one ask. Nothing follows.",
	},
	"a command": {
		trace: journal.Trace{At: noon, Outcome: journal.Ordered, What: journal.What{Command: "stop"}},
		what:  "A word of the service itself: STOP.",
		who:   "A reader who has asked before.",
		when:  "No source was needed.",
		reply: "The order is carried out.",
	},
	"an offer": {
		trace: journal.Trace{Outcome: journal.Offered, What: journal.What{Offered: []string{"news", "recipe"}}},
		what:  "More than one keyword would fit: news, recipe. The reader is asked which.",
		who:   "A reader who has asked before.",
		when:  "No source was needed.",
		reply: "A choice of at most three.",
	},
	"a miss": {
		trace: journal.Trace{Outcome: journal.Missed},
		what:  "No keyword says this. It is written down as a miss, and the reader is told the way to the menu.",
		who:   "A reader who has asked before.",
		when:  "No source was needed.",
		reply: "Says which word it did not know, and where to go from here.",
	},
	"an error": {
		trace: journal.Trace{
			Outcome: journal.Refused, What: journal.What{Keyword: "stock"}, Error: "The exchange did not answer.",
			When: journal.When{Source: "quotes", Asked: "deadline"},
		},
		what:  "Keyword “quote”.",
		who:   "A reader who has asked before.",
		when:  "“quotes” took too long; the fetch runs on for the next reader.",
		reply: "The exchange did not answer.",
	},
}

func TestATraceIsToldInPlainWords(t *testing.T) {
	for name, c := range tellings {
		t.Run(name, func(t *testing.T) {
			got := map[string]string{}
			for _, p := range demo.Explain(c.trace, func(id string) string { return strings.Replace(id, "stock", "quote", 1) }, false) {
				got[p.Name] = p.Text
			}
			for part, want := range map[string]string{"What": c.what, "Who": c.who, "When": c.when, "Reply": c.reply} {
				if got[part] != want {
					t.Errorf("%s: got  %s\nwant %s", part, got[part], want)
				}
			}
		})
	}
}
