package console_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/catalogue"
	"keypull/pull/people"
)

func TestWhateverAThingIsCalledItsIDIsGoodAndItsOwn(t *testing.T) {
	good := regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	d := newDesk(t)
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zé -]{1,60}`)).Draw(r, "name")
		p := lecker()
		p.Keywords = nil
		d.Put(p)
		seen := map[string]bool{}
		for _, tail := range []string{"", "!"} {
			out, err := d.try(t, people.Editor, "keyword.create", of(doc{"keyword": doc{"source": "news", "tie": true,
				"phrases": doc{"en": []string{name + tail}}}}))
			if err != nil {
				continue // it is no phrase, but for another reason than its id
			}
			id, _ := at(t, out, "keyword", "id").(string)
			if !good.MatchString(id) || seen[id] || strings.HasSuffix(id, "-") {
				r.Fatalf("%q has the id %q", name, id)
			}
			seen[id] = true
		}
	})
}

func TestNoProblemIsAboutAnIDThatWasMadeHere(t *testing.T) {
	d := newDesk(t, catalogue.Publisher{ID: "lecker", Name: "L", Languages: []string{"en"}, TimeZone: "UTC",
		Sources: []catalogue.Source{{ID: "news", Kind: "feed"}}})
	for _, phrase := range []string{"---", "Ω", "x", strings.Repeat("a-", 50), "ß", "İstanbul", "\u00ad"} {
		_, err := d.try(t, people.Editor, "keyword.create", of(doc{"keyword": doc{"source": "news", "phrases": doc{"en": []string{phrase}}}}))
		if err != nil && strings.Contains(err.Error(), "keyword.id") {
			t.Errorf("%q: %v", phrase, err)
		}
	}
}
