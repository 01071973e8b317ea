package recipe_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/sources/fulltext"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

// cooked is a recipe of testdata/kitchen, and what its writer says that it is and that
// is in it; of what is in maybe nobody can tell.
type cooked struct {
	language  string
	lines     []string
	is, maybe map[string]bool
}

var kitchenLanguages = []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl"}

// rows returns the lines of a file of testdata/kitchen, cut at their bars.
func rows(t testing.TB, name string) (all [][]string) {
	t.Helper()
	for line := range strings.Lines(string(read(t, "kitchen/"+name+".txt"))) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "|")
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		all = append(all, row)
	}
	return all
}

// larder opens the recipes of testdata/kitchen.
func larder(t testing.TB) (pull.Source, pull.Snapshot, map[string]cooked) {
	t.Helper()
	all, folder := map[string]cooked{}, t.TempDir()
	for _, language := range kitchenLanguages {
		var pages []any
		for _, row := range rows(t, language) {
			c := cooked{language: language, lines: strings.Split(row[1], "; "), is: map[string]bool{}, maybe: map[string]bool{}}
			for tag := range strings.FieldsSeq(row[2]) {
				name, doubtful := strings.CutPrefix(tag, "?")
				c.is[name], c.maybe[name] = !doubtful, doubtful
			}
			all[row[0]] = c
			page := map[string]any{
				"@type": "Recipe", "@id": "https://kitchen.example/" + row[0], "name": row[0], "inLanguage": language, "recipeIngredient": c.lines,
				"recipeInstructions": []string{"Mix.", "Cook."}, "recipeYield": row[3], "totalTime": "PT" + row[4] + "M", "recipeCategory": row[5],
			}
			if len(row) > 6 && row[6] != "" {
				page["suitableForDiet"] = "https://schema.org/" + row[6]
			}
			pages = append(pages, page)
		}
		text, err := json.Marshal(pages)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, language+".json"), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := sourcetest.Env(t, folder)
	env.Languages = kitchenLanguages
	source := sourcetest.Open(t, recipe.Kind, env, values{"folder": "."})
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || len(s.Items) != len(all) {
		t.Fatal(len(s.Items), len(all), err)
	}
	return source, s, all
}

// offeredFor returns the recipes that a wish brings, as many as are told or offered.
func offeredFor(t testing.TB, source pull.Source, s pull.Snapshot, argument, language string) (names []string, note string) {
	t.Helper()
	const offered = 3
	picked, err := source.Select(t.Context(), s, pull.Query{Argument: argument, Count: 1, Language: language})
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range picked.Items {
		names = append(names, it.Title)
	}
	for _, c := range picked.Choices[:min(len(picked.Choices), offered)] {
		names = append(names, append(slices.Clone(c.Names), c.Value)[0])
	}
	return names, picked.Note
}

// TestWishesLeaveOut asks what people ask, in eight languages, of recipes of which their
// writer says what is in them. The halves are counted apart: one of them was not read
// while the tables were written.
func TestWishesLeaveOut(t *testing.T) {
	source, s, all := larder(t)
	known := source.(pull.Vocabulary).Terms(&s)
	words := map[string]bool{}
	for _, term := range known {
		for _, word := range fulltext.Words(term.Value) {
			words[word] = true
		}
	}
	var right, asked [2]int
	for n, row := range rows(t, "wishes") {
		language, wish := row[0], row[1]
		var wanted, out []string
		for tag := range strings.FieldsSeq(row[2]) {
			if name, ok := strings.CutPrefix(tag, "-"); ok {
				out = append(out, strings.TrimPrefix(name, "?"))
			} else {
				wanted = append(wanted, tag)
			}
		}
		fits := func(c cooked) (sure, doubtful bool) {
			if slices.ContainsFunc(wanted, func(tag string) bool { return !c.is[tag] }) || slices.ContainsFunc(out, func(tag string) bool { return c.is[tag] }) {
				return false, false
			}
			doubtful = slices.ContainsFunc(out, func(tag string) bool { return c.maybe[tag] })
			return !doubtful, doubtful
		}
		some := false
		for _, c := range all {
			sure, _ := fits(c)
			some = some || sure && c.language == language
		}
		names, note := offeredFor(t, source, s, wish, language)
		half := n % 2
		asked[half]++
		good := !some || len(names) > 0
		for i, name := range names {
			if slices.ContainsFunc(out, func(tag string) bool { return all[name].is[tag] }) {
				t.Errorf("%s: %q offers %q, in which there is what it leaves out", language, wish, name)
			}
			sure, doubtful := fits(all[name])
			good = good && (sure || doubtful) && (i > 0 || sure || !some)
		}
		if understood := source.(pull.Wished).IsWish(wish, true, func(word string) bool { return words[word] }); !understood && len(out) > 0 {
			good = false
			if half == 0 {
				t.Logf("%s: %q is no wish", language, wish)
			}
		}
		if good = good && (len(names) == 0 || (note != "") == (len(out) > 0)); good {
			right[half]++
		} else if half == 0 {
			t.Logf("%s: %q offers %q", language, wish, names)
		}
	}
	t.Logf("rightly offered: %d of %d, and of those that were not read %d of %d", right[0], asked[0], right[1], asked[1])
	for half := range right {
		if right[half]*100 < asked[half]*90 {
			t.Errorf("half %d: %d of %d", half, right[half], asked[half])
		}
	}
}
