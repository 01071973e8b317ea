package pull_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/who"
)

// counter is a source that has the same items for everybody, and words of its
// own for them.
type counter struct {
	items []what.Item
}

func (*counter) Key(pull.Query) (string, error) { return "all", nil }

func (c *counter) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Fetched: monday, AsOf: monday.Add(-5 * time.Minute), Items: c.items}, nil
}

func (c *counter) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items[:min(len(s.Items), q.Count)]}, nil
}

func (*counter) Say(items []what.Item, v pull.Voice) pull.Reply {
	return pull.Reply{Blocks: []pull.Block{{Kind: pull.Title, Text: fmt.Sprintf("own words in %s for %d", v.Language, len(items))}}}
}

// cake has all that an item can have.
func cake() what.Item {
	return what.Item{
		ID: "cake", Title: "Cake", Summary: "A cake.", Body: "First.\n\nSecond.", Link: "https://example.org/cake",
		Media:     []what.Media{{Type: what.Image, URL: "https://example.org/cake.jpg", Alt: "A cake"}},
		Published: time.Date(2026, 3, 1, 18, 30, 0, 0, time.UTC),
		Facts: what.Facts{
			{Name: "price", Kind: what.Decimal, Text: "1234.50"}, {Name: "currency", Text: "EUR"},
			{Name: "change", Kind: what.Decimal, Text: "0.4"}, {Name: "change_unit", Text: "%"},
			{Name: "total_minutes", Kind: what.Integer, Text: "80"}, {Name: "rest_minutes", Kind: what.Integer, Text: "45"},
			{Name: "sold", Kind: what.Integer, Text: "12345"}, {Name: "since", Kind: what.Integer, Text: "1998"},
			{Name: "ready", Text: "2026-03-02T15:00:00Z"}, {Name: "markup", Text: "<b>1 & 2</b> {{ stamp }}"},
			{Name: "ingredients", Kind: what.List, List: []string{"100 g <i>flour</i>", " ", "2 eggs"}},
			{Name: "steps", Kind: what.List, List: []string{"Mix.", "Bake."}},
			{Name: "empty", Text: " "}, {Name: "none", Kind: what.List},
		},
	}
}

func shows(names ...string) []catalogue.Part {
	parts := make([]catalogue.Part, 0, len(names))
	for _, name := range names {
		parts = append(parts, catalogue.Part{Show: name})
	}
	return parts
}

// ticked answers one ask of a keyword with these parts.
func ticked(t *testing.T, k catalogue.Keyword, language string, items ...what.Item) pull.Reply {
	t.Helper()
	k.ID, k.Source, k.Phrases = "cake", "counter", map[string][]string{"en": {"cake"}, "fr": {"cake"}, "de": {"cake"}}
	p := catalogue.Publisher{ID: "p", Name: "Paper", Languages: []string{"en", "fr", "de"}, TimeZone: "Europe/Paris", Keywords: []catalogue.Keyword{k}}
	e, err := pull.NewEdition(p, map[string]pull.Opened{"counter": {Source: &counter{items: items}}}, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := pull.NewCache(nil, func() time.Time { return monday })
	t.Cleanup(cache.Close)
	r := &pull.Resolver{Cache: cache, Clock: time.Now}
	out := r.Resolve(t.Context(), pull.Request{Edition: e, Ask: pull.Ask{ID: 1, At: monday, Incoming: pull.Incoming{Text: "cake", Language: language}}, Reader: who.Reader{First: monday}})
	if out.Reply == nil || out.Trace.Error != "" {
		t.Fatalf("%+v", out)
	}
	return *out.Reply
}

// shown writes blocks as "kind: content", a joined one after a "+".
func shown(r pull.Reply) []string {
	lines := make([]string, 0, len(r.Blocks))
	for _, b := range r.Blocks {
		parts := slices.Clone(b.Lines)
		for _, f := range b.Facts {
			parts = append(parts, f.Label+"="+f.Value)
		}
		parts = append([]string{b.Text, b.URL}, parts...)
		line := string(b.Kind) + ": " + strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " | ")
		if b.Tight {
			line = "+" + line
		}
		lines = append(lines, line)
	}
	return lines
}

func TestPartsStandInTheOrderOfTheEditor(t *testing.T) {
	for _, c := range []struct {
		name, language string
		parts          []catalogue.Part
		want           []string
	}{
		{"all the parts of an item", "en", shows("title", "summary", "body", "published", "link"),
			[]string{"title: Cake", "paragraph: A cake.", "paragraph: First.\n\nSecond.", "note: 1 Mar, 19:30", "link: https://example.org/cake"}},
		{"another order", "en", shows("link", "title"), []string{"link: https://example.org/cake", "title: Cake"}},
		{"facts that follow each other are one block", "en", shows("price", "total_minutes", "title", "since"),
			[]string{"facts: Price=1,234.50 EUR | Total=1 h 20 min", "title: Cake", "facts: Since=1998"}},
		{"what leaves no trace parts no facts", "en", shows("price", "image", "gone", "since"),
			[]string{"facts: Price=1,234.50 EUR | Since=1998"}},
		{"facts in English", "en", shows("change", "sold", "rest_minutes", "ready"),
			[]string{"facts: Change=+0.4 % | Sold=12,345 | Rest=45 min | Ready=16:00"}},
		{"facts in French", "fr", shows("price", "change", "sold", "total_minutes", "ready"),
			[]string{"facts: Prix=1\u202F234,50 EUR | Variation=+0,4 % | Sold=12\u202F345 | Total=1 h 20 min | Ready=16:00"}},
		{"facts in German", "de-AT", shows("price", "change", "sold", "total_minutes", "ready"),
			[]string{"facts: Preis=1.234,50 EUR | Veränderung=+0,4 % | Sold=12.345 | Gesamt=1 Std. 20 Min. | Ready=16:00 Uhr"}},
		{"a unit that is shown by itself", "en", shows("price", "currency"), []string{"facts: Price=1,234.50 | Currency=EUR"}},
		{"lists", "de", shows("ingredients", "steps"), []string{"bullets: Zutaten | 100 g <i>flour</i> | 2 eggs", "steps: Zubereitung | Mix. | Bake."}},
		{"markup is text", "en", shows("markup"), []string{"facts: Markup=<b>1 & 2</b> {{ stamp }}"}},
		{"what the item lacks", "en", shows("empty", "none", "gone", "title", "item.title", "facts.price"), []string{"title: Cake"}},
		{"nothing at all that it has", "fr", shows("stamp", "empty", "gone"), []string{"title: own words in fr for 1"}},
		{"a stamp in its place, and there alone", "en", shows("stamp", "title", "stamp"), []string{"stamp: as of 11:00, 0 s ago", "title: Cake"}},
		{"a picture alone has its title", "en", shows("image"), []string{"title: Cake"}},
		{"no parts", "de", nil, []string{"title: own words in de for 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := ticked(t, catalogue.Keyword{Reply: c.parts, Count: 1}, c.language, cake())
			if diff := cmp.Diff(c.want, shown(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatIsStillToComeHasItsDate(t *testing.T) {
	for name, c := range map[string]struct {
		at   time.Time
		want []string
	}{
		"an hour ago":       {monday.Add(-time.Hour), []string{"note: 10:00"}},
		"a clock's slip":    {monday.Add(time.Minute), []string{"note: 11:01"}},
		"later today":       {monday.Add(time.Hour), []string{"note: 2 Mar, 12:00"}},
		"next year":         {monday.AddDate(1, 0, 0), []string{"note: 2 Mar 2027, 11:00"}},
		"a day alone":       {time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC), []string{"note: 1 Mar"}},
		"nobody knows when": {time.Time{}, nil},
	} {
		it := cake()
		it.Published, it.Seen = c.at, monday
		r := ticked(t, catalogue.Keyword{Reply: shows("title", "published"), Count: 1}, "en", it)
		if diff := cmp.Diff(append([]string{"title: Cake"}, c.want...), shown(r)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestLabelsAreTheEditors(t *testing.T) {
	named := func(show string, label catalogue.Localised) catalogue.Part {
		return catalogue.Part{Show: show, Label: label}
	}
	parts := []catalogue.Part{
		named("title", catalogue.Localised{"": "Today"}),
		named("price", catalogue.Localised{"en": "Costs", "de": "Kostet"}),
		named("published", catalogue.Localised{"en": "Of", "fr": "Du"}),
		named("sold", catalogue.Localised{"fr": "Vendus"}),
		named("steps", catalogue.Localised{"en": "Do this"}),
		named("link", catalogue.Localised{"en": "Read", "fr": "Lire"}),
	}
	for language, want := range map[string][]string{
		"en": {"title: Today: Cake", "facts: Costs=1,234.50 EUR | Of=1 Mar, 19:30 | Sold=12,345", "steps: Do this | Mix. | Bake.", "link: Read | https://example.org/cake"},
		"fr": {"title: Today: Cake", "facts: Costs=1\u202F234,50 EUR | Du=1er mars, 19:30 | Vendus=12\u202F345", "steps: Do this | Mix. | Bake.", "link: Lire | https://example.org/cake"},
		"de": {"title: Today: Cake", "facts: Kostet=1.234,50 EUR | Of=1. März, 19:30 Uhr | Sold=12.345", "steps: Do this | Mix. | Bake.", "link: Read | https://example.org/cake"},
	} {
		r := ticked(t, catalogue.Keyword{Reply: parts, Count: 1}, language, cake())
		if diff := cmp.Diff(want, shown(r)); diff != "" {
			t.Errorf("%s: %s", language, diff)
		}
	}
}

func TestNumbersKeepTheDigitsOfTheSource(t *testing.T) {
	for text, want := range map[string][3]string{
		"0":                    {"0", "0", "0"},
		"-1234.50":             {"-1,234.50", "-1\u202F234,50", "-1.234,50"},
		"999":                  {"999", "999", "999"},
		"1000000":              {"1,000,000", "1\u202F000\u202F000", "1.000.000"},
		"12345678901234567.10": {"12,345,678,901,234,567.10", "12\u202F345\u202F678\u202F901\u202F234\u202F567,10", "12.345.678.901.234.567,10"},
		"1e5":                  {"1e5", "1e5", "1e5"},
		"1.":                   {"1.", "1.", "1."},
		"n/a":                  {"n/a", "n/a", "n/a"},
	} {
		for i, language := range []string{"en", "fr", "de"} {
			it := what.Item{ID: "x", Facts: what.Facts{{Name: "weight", Kind: what.Decimal, Text: text}}}
			r := ticked(t, catalogue.Keyword{Reply: shows("weight"), Count: 1}, language, it)
			if got := r.Blocks[0].Facts[0].Value; got != want[i] {
				t.Errorf("%s in %s: %q", text, language, got)
			}
		}
	}
}

func TestChangesCarryTheirSign(t *testing.T) {
	for text, want := range map[string]string{"0.4": "+0.4", "-0.4": "-0.4", "0.00": "0.00"} {
		it := what.Item{ID: "x", Facts: what.Facts{{Name: "change", Kind: what.Decimal, Text: text}}}
		r := ticked(t, catalogue.Keyword{Reply: shows("change"), Count: 1}, "en", it)
		if got := r.Blocks[0].Facts[0].Value; got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestSeveralItemsStandApart(t *testing.T) {
	tea := what.Item{ID: "tea", Title: "Tea", Facts: what.Facts{{Name: "price", Kind: what.Decimal, Text: "2.00"}}}
	bare := what.Item{ID: "bare", Link: "https://example.org/bare"}
	for name, c := range map[string]struct {
		parts []catalogue.Part
		want  []string
	}{
		"with the stamp at the end": {shows("title", "price", "link", "stamp"), []string{
			"title: Cake", "+facts: Price=1,234.50 EUR", "+link: https://example.org/cake",
			"title: Tea", "+facts: Price=2.00", "link: https://example.org/bare", "stamp: as of 11:00, 0 s ago"}},
		"with the stamp above": {shows("stamp", "title"), []string{"stamp: as of 11:00, 0 s ago", "title: Cake", "title: Tea"}},
		"facts of two items":   {shows("price"), []string{"facts: Price=1,234.50 EUR", "facts: Price=2.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := ticked(t, catalogue.Keyword{Reply: c.parts, Count: 3}, "en", cake(), tea, bare)
			if diff := cmp.Diff(c.want, shown(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAPictureIsShownWhereItIsTicked(t *testing.T) {
	tea := what.Item{ID: "tea", Title: "Tea", Media: []what.Media{{Type: what.Image, URL: "https://example.org/tea.jpg"}}}
	for name, c := range map[string]struct {
		parts []catalogue.Part
		want  []what.Media
	}{
		"ticked":     {shows("title", "image"), cake().Media},
		"not ticked": {shows("title"), nil},
	} {
		if got := ticked(t, catalogue.Keyword{Reply: c.parts, Count: 2}, "en", cake(), tea).Media; !cmp.Equal(c.want, got) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestTheAgeIsToldOnceAsTheKeywordWants(t *testing.T) {
	for name, c := range map[string]struct {
		keyword catalogue.Keyword
		want    string
	}{
		"ticked, and always wanted": {catalogue.Keyword{Stamp: "always", Reply: shows("stamp", "title")}, "stamp title"},
		"always wanted":             {catalogue.Keyword{Stamp: "always", Reply: shows("title")}, "title stamp"},
		"ticked, else never":        {catalogue.Keyword{Stamp: "never", Reply: shows("title", "stamp")}, "title stamp"},
		"nothing but the stamp":     {catalogue.Keyword{Stamp: "always", Reply: shows("gone", "stamp")}, "title stamp"},
		"a template goes first":     {catalogue.Keyword{Reply: shows("title", "stamp"), Template: catalogue.Localised{"": "{{ item.id }}"}}, "paragraph"},
	} {
		var kinds []string
		for _, b := range ticked(t, c.keyword, "en", cake()).Blocks {
			kinds = append(kinds, string(b.Kind))
		}
		if got := strings.Join(kinds, " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestAReplyOfPartsIsBounded(t *testing.T) {
	long := cake()
	long.Body = strings.Repeat("é", 3*pull.MaxRendered)
	r := ticked(t, catalogue.Keyword{Reply: shows("title", "body", "link", "price", "steps", "stamp"), Count: 1}, "en", long)
	if len(r.Blocks) != 4 || r.Blocks[2].URL != long.Link || r.Blocks[3].Kind != pull.Stamp {
		t.Fatalf("the blocks are %q", shown(r))
	}
	body := r.Blocks[1].Text
	if len(body) > pull.MaxRendered || len(body) < pull.MaxRendered-10 || !strings.HasSuffix(body, "é…") {
		t.Fatalf("%d bytes, ending in %q", len(body), body[len(body)-8:])
	}
}

func TestWhatDoesNotFitIntoAReplyOfPartsIsMarked(t *testing.T) {
	for length := pull.MaxRendered - 40; length < pull.MaxRendered+2; length++ {
		long := cake()
		long.Body = strings.Repeat("x", length-len(long.Title))
		r := ticked(t, catalogue.Keyword{Reply: shows("title", "body", "steps"), Count: 1}, "en", long)
		told := strings.Join(shown(r), "\n")
		steps, _ := long.Facts.Find("steps")
		if whole := strings.Contains(told, steps.List[len(steps.List)-1]); !whole && (!strings.Contains(told, "…") || r.Blocks[len(r.Blocks)-1].URL != long.Link) {
			t.Fatalf("a body of %d bytes cuts the steps without a mark and the link: %q", length, told[len(told)-100:])
		}
	}
}

func TestADayOfPublicationIsToldAsADate(t *testing.T) {
	dated := cake()
	dated.Published = time.Date(2025, 2, 28, 0, 0, 0, 0, time.FixedZone("the publisher's", 3600))
	for language, want := range map[string]string{"en": "28 Feb 2025", "fr": "28 févr. 2025", "de": "28. Feb. 2025"} {
		if got := shown(ticked(t, catalogue.Keyword{Reply: shows("title", "published")}, language, dated)); got[len(got)-1] != want && !strings.HasSuffix(got[len(got)-1], want) {
			t.Errorf("%s: got %q, want %q", language, got, want)
		}
	}
}

func TestLabelsAreInTheLanguageOfWhatTheyLabel(t *testing.T) {
	item := cake()
	item.Language = "de-AT"
	for _, tt := range []struct{ reader, of, want string }{
		{"en", "de-AT", "Zutaten"}, {"de", "de-AT", "Zutaten"}, {"fr", "", "Ingrédients"}, {"fr", "ko", "Ingredients"},
	} {
		item.Language = tt.of
		r := ticked(t, catalogue.Keyword{Reply: shows("title", "ingredients")}, tt.reader, item)
		if got := r.Blocks[1].Text; got != tt.want {
			t.Errorf("a reader of %s and an item of %q: %q, want %q", tt.reader, tt.of, got, tt.want)
		}
	}
}

// TestNoCutGoesThroughAnAddress fills a body up to about where it is cut with an
// address there: of those that are told each is told whole.
func TestNoCutGoesThroughAnAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		signs := rapid.SampledFrom([]string{"a", "Z", "9", "/", "-", "?", "=", "&", "%C3%A9", "é", "日", ".", "~", "_"})
		tail := strings.Join(rapid.SliceOfN(signs, 1, 200).Draw(t, "address"), "") + "e"
		one := rapid.SampledFrom([]string{"https://example.org/", "http://xn--e.example/?q=", "HTTPS://Example.org/", "www.example.org/", "mailto:a@example.org?subject="}).Draw(t, "begins") + tail
		if rapid.Bool().Draw(t, "mail") {
			one = "some.one+news@mail.example.org"
		}
		before := rapid.SampledFrom([]string{" ", "\n", "(", "「", "é "}).Draw(t, "before")
		lead := pull.MaxRendered - rapid.IntRange(-8, len(one)+20).Draw(t, "place")
		body := strings.Repeat("word ", lead/5) + strings.Repeat("x", lead%5) + before + one + strings.Repeat(" and more", 20)
		said := pull.Cut(body, pull.MaxRendered)
		switch {
		case len(said) > pull.MaxRendered || !strings.HasSuffix(said, "…"):
			t.Fatalf("%d bytes, ending with %q", len(said), said[max(0, len(said)-20):])
		case !strings.HasPrefix(body, strings.TrimSuffix(said, "…")):
			t.Fatalf("said what is not there: %q", said[max(0, len(said)-60):])
		case strings.Contains(said, one+" "), !strings.Contains(said, "://") && !strings.Contains(said, "www.") && !strings.Contains(said, "@") && !strings.Contains(said, "mailto:"):
		default:
			t.Fatalf("%q is told as %q", one, said[max(0, len(said)-len(one)-20):])
		}
	})
}
