package recipe_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"keypull/pull/what"
)

// stranger is a page as the sites of others have them, with what people read on it; a
// title of "-" says that it is no recipe.
type stranger struct {
	name, title, yield string
	ingredients, steps []string
	page               string
}

// strangers returns the pages of a file.
func strangers(t *testing.T, file string) (all []stranger) {
	t.Helper()
	for part := range strings.SplitSeq(string(read(t, "strangers/"+file)), "=== ") {
		head, page, ok := strings.Cut(part, "\n~~~\n")
		if !ok {
			continue
		}
		s := stranger{page: "<!doctype html>" + page}
		for n, line := range strings.Split(head, "\n") {
			switch sign, rest, _ := strings.Cut(line, " "); {
			case n == 0:
				s.name = line
			case n == 1:
				s.title, s.yield, _ = strings.Cut(line, " | ")
			case sign == "+":
				s.ingredients = append(s.ingredients, rest)
			default:
				s.steps = append(s.steps, rest)
			}
		}
		all = append(all, s)
	}
	return all
}

// readStranger returns what is read of a page.
func readStranger(t *testing.T, s stranger) (it what.Item, ok bool) {
	t.Helper()
	fetched, err := saved(t, []byte(s.page)).Fetch(t.Context(), "book", nil)
	if err != nil || len(fetched.Items) == 0 {
		return it, false
	}
	return fetched.Items[0], true
}

// numbered is the number of a step, which is not told.
var numbered = regexp.MustCompile(`^[0-9]{1,2}\s*[.)/]\s*`)

// garbage returns the lines of a list that are no part of what is wanted.
func garbage(list, wanted []string) (all []string) {
	text := signs(wanted...)
	for _, line := range list {
		if heading := strings.HasSuffix(line, ":"); !heading && !strings.Contains(text, signs(line)) && !slices.ContainsFunc(wanted, func(w string) bool { return strings.Contains(signs(line), signs(w)) }) {
			all = append(all, line)
		}
	}
	return all
}

// scoreStrangers counts by field how many pages of a file are read right, and the lines
// of them all that are no part of a recipe.
func scoreStrangers(t *testing.T, file string) (pages int, right map[string]int, wrong []string) {
	t.Helper()
	right = map[string]int{}
	for _, s := range strangers(t, file) {
		it, ok := readStranger(t, s)
		ingredients, _ := it.Facts.Find("ingredients")
		steps, _ := it.Facts.Find("steps")
		for i, step := range steps.List {
			steps.List[i] = numbered.ReplaceAllString(step, "")
		}
		if s.title == "-" {
			if ok {
				wrong = append(wrong, s.name)
			}
			continue
		}
		pages++
		digits := func(r rune) bool { return r < '0' || r > '9' }
		for field, got := range map[string][2]string{
			"title": {signs(it.Title), signs(s.title)}, "ingredients": {signs(ingredients.List...), signs(s.ingredients...)}, "steps": {signs(steps.List...), signs(s.steps...)},
			"yield": {append(strings.FieldsFunc(it.Facts.Text("yield"), digits), "")[0], s.yield},
		} {
			if got[0] == got[1] {
				right[field]++
			} else {
				t.Logf("%s of %q:\n got %q\nwant %q", field, s.name, got[0], got[1])
			}
		}
		for _, line := range append(garbage(ingredients.List, s.ingredients), garbage(steps.List, s.steps)...) {
			wrong = append(wrong, line)
			t.Logf("garbage in %q: %q", s.name, line)
		}
	}
	return pages, right, wrong
}

// TestPagesOfStrangersAreReadRight reads pages that tell a recipe to people alone. Nobody
// looked at those of a file before what reads those of the file before it was written.
func TestPagesOfStrangersAreReadRight(t *testing.T) {
	const all = 95
	for _, of := range []struct {
		file                             string
		title, ingredients, steps, yield int
		lines                            int
	}{
		{"read.txt", all, all, all, all, 0}, {"held.txt", all, all, all, all, 0}, {"fresh.txt", all, all, all, all, 0},
		{"sunday.txt", 90, all, 90, 80, 1}, {"monday.txt", 90, all, 80, 90, 2}, {"tuesday.txt", all, all, all, 90, 0}, {"wednesday.txt", all, all, all, all, 0},
		{"thursday.txt", all, all, all, 90, 0}, {"friday.txt", all, all, all, 85, 0},
	} {
		pages, right, wrong := scoreStrangers(t, of.file)
		t.Logf("%s: of %d pages right: %v, and %d lines that are none of a recipe", of.file, pages, right, len(wrong))
		for field, least := range map[string]int{"title": of.title, "ingredients": of.ingredients, "steps": of.steps, "yield": of.yield} {
			if right[field]*100 < pages*least {
				t.Errorf("%s: of %d pages %d have the right %s", of.file, pages, right[field], field)
			}
		}
		if len(wrong) > of.lines {
			t.Errorf("%s: %d lines are none of a recipe", of.file, len(wrong))
		}
	}
}
