package pull_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
)

// resolved answers one ask of a publisher, as a new reader's.
func resolved(t *testing.T, p catalogue.Publisher, text, language string) pull.Resolved {
	t.Helper()
	source := &exchange{}
	e, err := pull.NewEdition(p, map[string]pull.Opened{"exchange": {Source: source}}, map[string]pull.Channel{"web": {}},
		map[string]*what.Vocabulary{"exchange": what.NewVocabulary(source.Terms(nil))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := pull.NewCache(nil, func() time.Time { return monday })
	t.Cleanup(cache.Close)
	r := &pull.Resolver{Cache: cache, Clock: func() time.Time { return monday }}
	return r.Resolve(t.Context(), pull.Request{Edition: e, Ask: pull.Ask{ID: 1, Channel: "web", At: monday, Incoming: pull.Incoming{Text: text, Language: language}}, Reader: who.Reader{}})
}

// alone returns the publisher with one keyword and no other.
func alone(p catalogue.Publisher, id string) catalogue.Publisher {
	p.Keywords = slices.DeleteFunc(slices.Clone(p.Keywords), func(k catalogue.Keyword) bool { return k.ID != id })
	return p
}

func TestAKeywordAloneAnswersAsAmongAllOthers(t *testing.T) {
	p := publisher()
	p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "ticked", Source: "exchange", Phrases: map[string][]string{"en": {"ticked"}},
		Query: "SAP", Count: 1, Reply: shows("title", "price", "stamp")})
	for name, c := range map[string]struct {
		keyword, text, language string
		outcome                 journal.Outcome
	}{
		"an exact phrase":             {"wipro-now", "wipro now", "en", journal.Answered},
		"a phrase of another case":    {"wipro-now", "Wipro NOW!", "de", journal.Answered},
		"a phrase and its argument":   {"quote", "quote SAP", "", journal.Answered},
		"in another language":         {"quote", "Kurs wipro", "", journal.Answered},
		"a bare term":                 {"quote", "Wipro Limited", "fr", journal.Answered},
		"a template":                  {"tpl", "template", "", journal.Answered},
		"ticked parts":                {"ticked", "ticked", "fr", journal.Answered},
		"by its id":                   {"tpl", "k:tpl", "", journal.Answered},
		"an argument that is missing": {"must", "must", "de", journal.Refused},
		"an argument nobody knows":    {"quote", "quote ACME", "", journal.Refused},
		"an embargo":                  {"soon", "embargo", "", journal.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			full, one := resolved(t, p, c.text, c.language), resolved(t, alone(p, c.keyword), c.text, c.language)
			if full.Trace.Outcome != c.outcome || full.Trace.What.Keyword != c.keyword {
				t.Fatalf("%+v", full.Trace)
			}
			if diff := cmp.Diff(full.Reply, one.Reply); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(full.Trace, one.Trace, cmpopts.IgnoreFields(journal.What{}, "Probes")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What other keywords have to say in is whose turn it is.
func TestAKeywordAloneSharesItsPhraseWithNobody(t *testing.T) {
	p := publisher()
	if full := resolved(t, p, "paris", ""); full.Trace.Outcome != journal.Offered || len(full.Reply.Buttons) != 2 {
		t.Fatalf("%+v", full.Trace)
	}
	if one := resolved(t, alone(p, "city"), "paris", ""); one.Trace.Outcome != journal.Answered || len(one.Reply.Buttons) != 0 {
		t.Fatalf("%+v", one.Trace)
	}
}
