package recipe_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"keypull/pull/what"
)

// score reads pages made up from a seed, and counts what is right.
func score(t *testing.T, seed uint64, pages int) (times, texts int) {
	t.Helper()
	// #nosec G404 -- the same pages each time
	r := rand.New(rand.NewPCG(seed, 7))
	for n := range pages {
		d := newDish(r)
		page := d.page(r)
		s, err := saved(t, []byte(page)).Fetch(t.Context(), "book", nil)
		if err != nil || len(s.Items) != 1 {
			t.Logf("page %d of seed %d cannot be read: %v\n%.2000s", n, seed, err, page)
			continue
		}
		it := s.Items[0]
		want := ""
		if d.total > 0 {
			want = strconv.Itoa(d.total)
		}
		if got := it.Facts.Text("total_minutes"); got == want {
			times++
		} else {
			t.Logf("page %d of seed %d: a total of %q, want %q", n, seed, got, want)
		}
		if tells(it, d) {
			texts++
		} else {
			t.Logf("page %d of seed %d lacks some of its text:\n%.3000s\n%q", n, seed, page, it.Facts)
		}
	}
	return times, texts
}

// tells reports whether an item has all of a dish in order, or says that it
// has not.
func tells(it what.Item, d namedRecipe) bool {
	for _, list := range []struct {
		fact string
		want []string
	}{{"ingredients", d.ingredients}, {"steps", d.steps}} {
		f, _ := it.Facts.Find(list.fact)
		got := letters(strings.Join(f.List, " "))
		for _, want := range list.want {
			i := strings.Index(got, letters(want))
			if i < 0 {
				return len(f.List) > 0 && strings.HasSuffix(f.List[len(f.List)-1], "…")
			}
			got = got[i+len(letters(want)):]
		}
	}
	return true
}

// letters drops white space.
func letters(s string) string { return strings.Join(strings.Fields(s), "") }

// The pages of the second seed were looked at by nobody while the reading was
// written.
func TestPagesOfAllPluginsAreReadRight(t *testing.T) {
	const pages = 250
	for _, seed := range []uint64{1, 20261120} {
		times, texts := score(t, seed, pages)
		t.Logf("seed %d: of %d pages %d total times and %d texts are right", seed, pages, times, texts)
		if times*100 < pages*99 || texts < pages {
			t.Errorf("seed %d: of %d pages %d total times and %d texts are right", seed, pages, times, texts)
		}
	}
}
