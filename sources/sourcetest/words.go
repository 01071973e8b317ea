package sourcetest

import (
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

func (c Case) speaks(t *testing.T) {
	r := c.start(t)
	speaker, ok := r.source.(pull.Speaker)
	if !ok {
		return
	}
	q := r.Query
	q.Count = 3
	items := r.choose(t, r.fetch(t), q)
	said := map[string]string{}
	for i, language := range []string{"en", "fr", "de", "fr", "en", "de-AT", "xx", "fr-CA", "de", "en"} {
		if i%3 == 0 {
			// Whose language comes first decides nothing either.
			speaker, _ = r.reopened(t).(pull.Speaker)
		}
		reply := speaker.Say(items[:1], pull.Voice{Language: language, Zone: time.UTC, At: q.At, Argument: q.Argument})
		own, _, _ := strings.Cut(language, "-")
		if reply.Language != "" && reply.Language != language && words.Base(reply.Language) != "en" {
			t.Errorf("a reply in %q says that it is in %q", language, reply.Language)
		}
		reply.Language = ""
		told := frozen(t, reply)
		if before, ok := said[own]; ok && before != told {
			t.Errorf("in %q it is said\n%s\nand was, in another order, \n%s", language, told, before)
		}
		said[own] = told
	}
	if said["xx"] != said["en"] {
		t.Errorf("in a language that nobody knows it is said\n%s\nand in English\n%s", said["xx"], said["en"])
	}
	for _, language := range []string{"en", "fr", "de", "pt-BR", "DE-at", ""} {
		for _, count := range []int{1, len(items)} {
			before := frozen(t, items[:count])
			v := pull.Voice{Language: language, Zone: time.UTC, At: q.At, Argument: q.Argument}
			inspectReply(t, speaker.Say(items[:count], v), language)
			if frozen(t, items[:count]) != before {
				t.Errorf("wording the reply in %q changed the items", language)
			}
		}
	}
}

func inspectReply(t *testing.T, reply pull.Reply, language string) {
	t.Helper()
	said := 0
	for _, b := range reply.Blocks {
		if b.Text != "" || len(b.Lines) > 0 || len(b.Facts) > 0 || b.URL != "" {
			said++
		}
		inspectTexts(t, "reply in "+language, append([]string{b.Text}, b.Lines...))
		inspectLinks(t, "reply in "+language, []string{b.URL})
	}
	if said == 0 {
		t.Errorf("nothing is said in %q", language)
	}
}

func (c Case) terms(t *testing.T) {
	r := c.start(t)
	vocabulary, ok := r.source.(pull.Vocabulary)
	if !ok {
		return
	}
	vocabulary.Terms(nil)
	s := r.fetch(t)
	seen := map[string]bool{}
	for _, term := range vocabulary.Terms(&s) {
		if term.Value == "" || seen[term.Value] {
			t.Errorf("the term %v has no value, or another's", term)
		}
		seen[term.Value] = true
		if _, err := r.source.Key(pull.Query{Argument: term.Value, Count: 1}); err != nil {
			t.Errorf("the term %q cannot be asked for: %v", term.Value, err)
		}
	}
}

// tellsWhole gives the kind an item with very long texts: what it does not
// tell to the end must end with an ellipsis, and have the link below.
func (c Case) tellsWhole(t *testing.T) {
	r := c.start(t)
	speaker, ok := r.source.(pull.Speaker)
	if !ok {
		return
	}
	it := sources.Copy(r.choose(t, r.fetch(t), r.Query)[:1])[0]
	long := strings.TrimSpace(strings.Repeat("Stir the cream until it is firm. ", 400))
	it.Summary, it.Body, it.Link = long, long, "https://example.org/rest"
	for i := range it.Facts {
		if it.Facts[i].Kind == what.List {
			it.Facts[i].List = append(it.Facts[i].List, long, "And serve.")
		}
	}
	cut, linked := false, false
	for _, b := range speaker.Say([]what.Item{it}, pull.Voice{Language: "en", Zone: time.UTC, At: r.Query.At}).Blocks {
		linked = linked || b.URL == it.Link
		for _, text := range append([]string{b.Text}, b.Lines...) {
			head := strings.TrimSpace(strings.TrimSuffix(text, "…"))
			switch part := len(head) > 0 && head != long && strings.HasPrefix(long, head); {
			case part && head == text:
				t.Errorf("a text of %d bytes is told as %d without a mark: …%q", len(long), len(head), head[max(0, len(head)-40):])
			case part:
				cut = true
			}
		}
		c.wholeList(t, it, b)
	}
	if cut && !linked {
		t.Error("a text is cut, and no link leads to the rest")
	}
}

// wholeList fails where a list is told without its last lines and without a mark.
func (c Case) wholeList(t *testing.T, it what.Item, b pull.Block) {
	t.Helper()
	for _, f := range it.Facts {
		if len(b.Lines) == 0 || len(f.List) == 0 || b.Lines[0] != f.List[0] || len(b.Lines) == len(f.List) {
			continue
		}
		if !strings.HasSuffix(b.Lines[len(b.Lines)-1], "…") {
			t.Errorf("of %d %s %d are told without a mark", len(f.List), f.Name, len(b.Lines))
		}
	}
}

// named asks for the entries of a Named source: by its value each one is found
// alone, and an argument that fits several is no choice of the source's.
func (c Case) named(t *testing.T) {
	r := c.start(t)
	source, ok := r.source.(pull.Named)
	if !ok || !source.ByName() {
		return
	}
	vocabulary, ok := r.source.(pull.Vocabulary)
	if !ok {
		t.Fatal("a source whose entries have names has no vocabulary")
	}
	s := r.fetch(t)
	for _, term := range vocabulary.Terms(&s) {
		q := r.Query
		q.Argument, q.Count = term.Value, 1
		key, err := r.source.Key(q)
		if err != nil {
			t.Errorf("the term %q cannot be asked for: %v", term.Value, err)
			continue
		}
		if key != r.key(t) {
			continue
		}
		if found, err := r.source.Select(t.Context(), s, q); err != nil || len(found.Items) != 1 {
			t.Errorf("the term %q finds %d items, %v", term.Value, len(found.Items), err)
		}
	}
}

// wished asks a Wished source what it takes for a wish: nothing but words it knows.
func (c Case) wished(t *testing.T) {
	r := c.start(t)
	source, ok := r.source.(pull.Wished)
	if !ok {
		return
	}
	for _, known := range []bool{false, true} {
		for _, text := range []string{"", " ", "?", "\xff", "\u202e", "8", strings.Repeat("without ", 200), strings.Repeat("なし", 200)} {
			if source.IsWish(text, true, func(string) bool { return known }) {
				t.Errorf("%.20q alone is a wish", text)
			}
		}
	}
	if source.IsWish("zqxjk without qjxzk", true, func(string) bool { return false }) {
		t.Error("words that nobody knows are a wish")
	}
}
