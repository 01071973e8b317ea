package recipe_test

import (
	"testing"

	"keypull/pull"
)

// What is said behind a recipe is for how many, without what and how quick, or says
// something else.
func TestWhatIsSaidOfARecipeRefinesIt(t *testing.T) {
	t.Parallel()
	source, _, _ := larder(t)
	for _, c := range []struct{ asked, said, refined string }{
		{"tiramisu", "for 4 people", "tiramisu for 4 people"},
		{"tiramisu for 8", "for 4", "tiramisu for 4"},
		{"tiramisu for 8", "make it 10 instead", "tiramisu make it 10 instead"},
		{"apfelstrudel", "mach 12 draus", "apfelstrudel mach 12 draus"},
		{"tiramisu", "make it nice", ""},
		{"tiramisu for 8", "without nuts", "tiramisu for 8 without nuts"},
		{"tiramisu without nuts", "12 servings", "tiramisu without nuts 12 servings"},
		{"cake without nuts", "without eggs", "cake without nuts without eggs"},
		{"apfelstrudel", "für 10", "apfelstrudel für 10"},
		{"soup", "vegetarian", "soup vegetarian"},
		{"soup", "quick", "soup quick"},
		{"tiramisu", "for my mother", ""},
		{"tiramisu", "soup for 4", ""},
		{"tiramisu", "for twelve", "tiramisu for twelve"},
		{"tiramisu", "für zwölf Personen", "tiramisu für zwölf Personen"},
		{"tiramisu", "без орехов", "tiramisu without nuts"},
		{"tiramisu", "на 4 человека", "tiramisu for 4 people"},
		{"tiramisu", "4人分で", "tiramisu for 4 people"},
		{"tiramisu", "cevizsiz", "tiramisu without nuts"},
		{"tiramisu", "tanpa telur", "tiramisu without egg"},
		{"tiramisu for 8", "4 kişilik", "tiramisu for 4 people"},
		{"tiramisu", "без мамы", ""},
		{"tiramisu", "без", ""},
		{"tiramisu", "на завтра", ""},
		{"tiramisu", "for one", "tiramisu for one"},
		{"tiramisu", "without one", ""},
		{"tiramisu", "4", ""},
		{"tiramisu", "", ""},
	} {
		refined, ok := source.(pull.Refined).Refine(c.asked, c.said)
		if refined != c.refined || ok != (c.refined != "") {
			t.Errorf("%q behind %q: %q, %v", c.said, c.asked, refined, ok)
		}
	}
}
