package catalogue_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"keypull/pull/catalogue"
	"keypull/pull/what"
)

func english(keywords ...catalogue.Keyword) catalogue.Publisher {
	return catalogue.Publisher{Languages: []string{"en", "fr"}, Keywords: keywords}
}

// brief lists findings without their sentences.
func brief(found []catalogue.Finding) []string {
	var all []string
	for _, f := range found {
		all = append(all, string(f.Severity)+" "+f.Path+" "+f.Code+" "+f.Args["other"])
	}
	return all
}

func TestADuplicateIsToldAtWhicheverKeywordIsAsked(t *testing.T) {
	a, b := keyword("a", "news"), keyword("b", "weather", "News")
	l := catalogue.NewLinter(english(a, b))
	for _, tt := range []struct {
		k    catalogue.Keyword
		want []string
	}{
		{a, []string{"error phrases.en[0] duplicate b"}},
		{b, []string{"error phrases.en[1] duplicate a"}},
		{keyword("c", "weathre"), []string{"warning phrases.en[0] neighbour b"}},
		{keyword("", "news"), []string{"error phrases.en[0] duplicate a"}},
		{keyword("a", "headlines"), nil},
	} {
		if diff := cmp.Diff(tt.want, brief(l.Check(tt.k)), cmpopts.IgnoreUnexported(catalogue.Finding{})); diff != "" {
			t.Errorf("%q: %s", tt.k.ID, diff)
		}
	}
}

func TestAKeywordWithoutIDIsNotNamed(t *testing.T) {
	found := catalogue.NewLinter(english(keyword("a", "news"))).Check(keyword("", "news"))
	if len(found) != 1 || !strings.HasPrefix(found[0].Message, `“news” is a duplicate: it calls the keyword “news (a)” too`) {
		t.Errorf("got %+v", found)
	}
}

func TestFindingsFollowEveryChange(t *testing.T) {
	l := catalogue.NewLinter(english(keyword("a", "news"), keyword("b", "news"), keyword("c", "weather")))
	expect := func(step string, want map[string][]string) {
		t.Helper()
		got := map[string][]string{}
		for id, found := range l.Findings() {
			got[id] = brief(found)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(catalogue.Finding{})); diff != "" {
			t.Errorf("%s: %s", step, diff)
		}
	}
	expect("at first", map[string][]string{"a": {"error phrases.en[0] duplicate b"}, "b": {"error phrases.en[0] duplicate a"}})
	l.Put(keyword("b", "wether"))
	expect("after a change", map[string][]string{"b": {"warning phrases.en[0] neighbour c"}, "c": {"warning phrases.en[0] neighbour b"}})
	l.Drop("c")
	expect("after a drop", map[string][]string{})
	l.Settings(catalogue.Publisher{Languages: []string{"de"}})
	expect("in other languages", map[string][]string{
		"a": {"warning phrases.en wrong_language "}, "b": {"warning phrases.en wrong_language "},
	})
}

// drawKeyword draws from so few words that keywords meet.
func drawKeyword(t *rapid.T, id string) catalogue.Keyword {
	words := rapid.SampledFrom([]string{
		"news", "NEWS!", "newt", "pate", "pâté", "paté", "form", "from", "forms", "stop", "help", "x", " ", "part 1", "part 2", "part x",
		"chat", "chats", "ambl", "lamb", "bookkeeper", "bokkeeper",
		"boxes", "boxing gloves", "glove boxes", "boxed gloves", "wipro", "WIPRO limited", "mars",
	})
	k := catalogue.Keyword{ID: id, Phrases: map[string][]string{}, Tie: rapid.IntRange(0, 3).Draw(t, "tie") == 0}
	for _, language := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"en", "fr", "it"}), 0, 2, rapid.ID).Draw(t, "languages") {
		k.Phrases[language] = rapid.SliceOfN(words, 0, 3).Draw(t, "phrases")
	}
	if rapid.IntRange(0, 4).Draw(t, "audience") == 0 {
		k.Audience = map[string][]string{"language": {"fr"}}
	}
	k.Bare = rapid.Bool().Draw(t, "bare")
	k.Source = rapid.SampledFrom([]string{"prices", "planets"}).Draw(t, "source")
	k.Query = rapid.SampledFrom([]string{"", "WIPRO"}).Draw(t, "query")
	return k
}

// drawTerms draws what a source knows.
func drawTerms(t *rapid.T) []what.Term {
	return rapid.SliceOfN(rapid.SampledFrom([]what.Term{
		{Value: "WIPRO", Names: []string{"Wipro Limited"}}, {Value: "4", Names: []string{"Mars", "màrs"}}, {Value: "CHAT"}, {Value: "wipro"}, {},
	}), 0, 3).Draw(t, "terms")
}

func drawID(t *rapid.T) string { return "k" + strconv.Itoa(rapid.IntRange(0, 9).Draw(t, "id")) }

func TestAnyHistoryGivesTheFindingsOfAFreshLinter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, have, known := catalogue.NewLinter(english()), map[string]catalogue.Keyword{}, map[string][]what.Term{}
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			id := drawID(t)
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 2:
				source := rapid.SampledFrom([]string{"prices", "planets"}).Draw(t, "source")
				known[source] = drawTerms(t)
				l.Know(source, catalogue.About{Terms: known[source]})
			case 0:
				l.Drop(id)
				delete(have, id)
			case 1:
				l.Findings()
			default:
				have[id] = drawKeyword(t, id)
				l.Put(have[id])
			}
		}
		var keywords []catalogue.Keyword
		for _, id := range rapid.Permutation(slices.Sorted(maps.Keys(have))).Draw(t, "order") {
			keywords = append(keywords, have[id])
		}
		fresh := catalogue.NewLinter(english(keywords...))
		for source, list := range known {
			fresh.Know(source, catalogue.About{Terms: list})
		}
		for range 5 {
			k := drawKeyword(t, drawID(t))
			if diff := cmp.Diff(fresh.Check(k), l.Check(k), cmpopts.IgnoreUnexported(catalogue.Finding{})); diff != "" {
				t.Fatalf("%+v: %s", k, diff)
			}
		}
		if diff := cmp.Diff(fresh.Findings(), l.Findings(), cmpopts.IgnoreUnexported(catalogue.Finding{})); diff != "" {
			t.Fatal(diff)
		}
		for _, k := range keywords {
			if diff := cmp.Diff(l.Findings()[k.ID], l.Check(k), cmpopts.IgnoreUnexported(catalogue.Finding{})); diff != "" {
				t.Fatalf("%s: %s", k.ID, diff)
			}
		}
	})
}

// errorsOf lists the errors of a batch as "id path code".
func errorsOf(t *rapid.T, keywords []catalogue.Keyword) map[string]bool {
	all := map[string]bool{}
	for _, f := range catalogue.Check(english(keywords...), nil) {
		number, path, ok := strings.Cut(strings.TrimPrefix(f.Path, "keyword["), "].")
		i, err := strconv.Atoi(number)
		if !ok || err != nil {
			t.Fatalf("path %q", f.Path)
		}
		if f.Severity == catalogue.Error {
			all[keywords[i].ID+" "+path+" "+f.Code] = true
		}
	}
	return all
}

func TestALinterHasTheErrorsOfTheBatchReadForwardsAndBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var keywords []catalogue.Keyword
		for i := range rapid.IntRange(0, 8).Draw(t, "keywords") {
			keywords = append(keywords, drawKeyword(t, fmt.Sprint("k", i)))
		}
		want := errorsOf(t, keywords)
		slices.Reverse(keywords)
		maps.Copy(want, errorsOf(t, keywords))
		got := map[string]bool{}
		for id, found := range catalogue.NewLinter(english(keywords...)).Findings() {
			for _, f := range found {
				if f.Severity == catalogue.Error {
					got[id+" "+f.Path+" "+f.Code] = true
				}
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(catalogue.Finding{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestOfTwinsTheLastCounts(t *testing.T) {
	l := catalogue.NewLinter(english(keyword("a", "news"), keyword("a", "weather")))
	if found := l.Check(keyword("b", "news", "weather")); len(found) != 1 || found[0].Path != "phrases.en[1]" {
		t.Errorf("got %v", brief(found))
	}
}

func TestALinterServesManyAtATime(t *testing.T) {
	p := many(500)
	l := catalogue.NewLinter(p)
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := range 100 {
				k := p.Keywords[(i*7+worker)%len(p.Keywords)]
				switch worker {
				case 0:
					l.Drop(k.ID)
				case 1:
					l.Put(k)
				case 2:
					l.Check(k)
				default:
					l.Findings()
				}
			}
		})
	}
	wait.Wait()
	for _, k := range p.Keywords {
		l.Put(k)
	}
	if diff := cmp.Diff(catalogue.NewLinter(p).Findings(), l.Findings(), cmpopts.IgnoreUnexported(catalogue.Finding{})); diff != "" {
		t.Error(diff)
	}
}

// many are n keywords of three phrases each, some of them alike.
func many(n int) catalogue.Publisher {
	syllables := []string{"ba", "cor", "din", "el", "fra", "gu", "han", "ist", "jo", "kle", "lum", "mo", "nes", "or", "pra", "qui", "ra", "sel", "tor", "um"}
	p := english()
	seed := 1
	word := func() string {
		var b strings.Builder
		for range 4 {
			seed = (seed*1664525 + 1013904223) % (1 << 32)
			b.WriteString(syllables[seed>>16%len(syllables)])
		}
		return b.String()
	}
	for i := range n {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: fmt.Sprint("k", i), Phrases: map[string][]string{
			"en": {word() + " " + word(), word()}, "fr": {word() + " du jour"},
		}})
	}
	return p
}

func BenchmarkLinter(b *testing.B) {
	p := many(10_000)
	b.Run("New", func(b *testing.B) {
		for b.Loop() {
			catalogue.NewLinter(p)
		}
	})
	l := catalogue.NewLinter(p)
	b.Run("PutAndCheck", func(b *testing.B) {
		for b.Loop() {
			l.Put(p.Keywords[17])
			l.Check(p.Keywords[17])
		}
	})
	b.Run("Check", func(b *testing.B) {
		for b.Loop() {
			l.Check(p.Keywords[17])
		}
	})
	b.Run("Put", func(b *testing.B) {
		for b.Loop() {
			l.Put(p.Keywords[17])
		}
	})
	b.Run("AllFindings", func(b *testing.B) {
		for b.Loop() {
			l.Settings(p)
			l.Findings()
		}
	})
	b.Run("Batch", func(b *testing.B) {
		for b.Loop() {
			catalogue.Check(p, nil)
		}
	})
}
