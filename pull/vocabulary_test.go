package pull_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/mem"
)

// register is a source with so many entries, which come by page.
type register struct {
	upstream
	entries, each int
	pages         atomic.Int64
	prefix        string
	fails         bool
}

func (r *register) TermsPage(_ context.Context, from string) (pull.TermsPage, error) {
	n := 0
	_, _ = fmt.Sscan(from, &n)
	if r.pages.Add(1); r.fails && n > 0 {
		return pull.TermsPage{}, &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("away")}
	}
	page := pull.TermsPage{Requests: 1}
	for i := n; i < min(n+r.each, r.entries); i++ {
		page.Terms = append(page.Terms, what.Term{Value: fmt.Sprint(r.prefix, i)})
	}
	if n+r.each < r.entries {
		page.Next = fmt.Sprint(n + r.each)
	}
	return page, nil
}

func TestAVocabularyComesByPageAndIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		snapshots := store.NewSnapshots(mem.Open(store.Options{}))
		r := &register{entries: pull.MaxTerms + 5000, each: 1000, prefix: "a"}
		opened := pull.Opened{Source: r}
		p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC",
			Keywords: []catalogue.Keyword{{ID: "k", Source: "s", Phrases: map[string][]string{"en": {"k"}}}}}
		e, err := pull.NewEdition(p, map[string]pull.Opened{"s": opened}, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		place, _ := opened.VocabularyPlace("p", "s", p.Languages)
		learn := func() (*pull.Cache, int) {
			t.Helper()
			k := pull.NewCache(snapshots, time.Now)
			var changes atomic.Int64
			k.Changed = func(pull.SnapshotID) { changes.Add(1) }
			if err := (&pull.Resolver{Cache: k, Clock: time.Now}).Learn(t.Context(), e, "s"); err != nil && !r.fails {
				t.Fatal(err)
			}
			synctest.Wait()
			return k, int(changes.Load())
		}
		k, changes := learn()
		terms := opened.Terms(k.Last(t.Context(), place))
		if len(terms) != pull.MaxTerms || terms[199_999].Value != "a199999" || changes < 2 {
			t.Fatalf("%d entries after %d pages and %d changes", len(terms), r.pages.Load(), changes)
		}
		if h := k.HealthOf("p")["s"]; len(h.Warnings) != 1 {
			t.Errorf("the editor hears %q of those left out", h.Warnings)
		}
		k.Bound(0)
		if k.Held() > 0 || len(opened.Terms(k.Last(t.Context(), place))) != pull.MaxTerms {
			t.Errorf("what does not fit into memory is not on disk")
		}
		k.Close()
		before := r.pages.Load()
		k, _ = learn()
		if len(opened.Terms(k.Last(t.Context(), place))) != pull.MaxTerms || r.pages.Load() != before {
			t.Errorf("after a restart %d pages were asked for", r.pages.Load()-before)
		}
		k.Close()
		// While another one is brought, and where that fails, the former serves.
		time.Sleep(time.Hour)
		r.prefix, r.fails = "b", true
		k, _ = learn()
		if terms := opened.Terms(k.Last(t.Context(), place)); len(terms) != pull.MaxTerms || terms[0].Value != "a0" {
			t.Errorf("a refresh that fails leaves %d entries", len(terms))
		}
		k.Close()
	})
}
