package recipe_test

import (
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"unicode"

	"keypull/pull/what"
	"keypull/sources/sourcetest"
)

// shape is a page of which only the dish is missing; marks say what else is to
// be read from it.
type shape struct {
	name  string
	marks []string
	page  *template.Template
}

// measuredIn is an ingredient of a shape.
type measuredIn struct{ Amount, Name string }

func (m measuredIn) String() string { return m.Amount + " " + m.Name }

// served is the dish that a shape tells. W are the words of its language.
type served struct {
	Title             string
	Ingredients       []measuredIn
	Steps             []string
	Prep, Cook        int
	Serves            int
	GroupA, GroupB    string
	W                 map[string]string
	Minutes           int
	First, Second     []measuredIn
	StepsA, StepsB    []string
	Lines             []string
	Clock, Lang, Site string
}

// dishesServed are told in several languages.
func dishesServed(t *testing.T) []served {
	t.Helper()
	words := map[string]map[string]string{}
	for line := range strings.SplitSeq(string(read(t, "shapes/words.txt")), "\n") {
		language, pairs, _ := strings.Cut(line, ": ")
		words[language] = map[string]string{}
		for pair := range strings.SplitSeq(pairs, ", ") {
			key, word, _ := strings.Cut(pair, "=")
			words[language][key] = word
		}
	}
	all := []served{
		{
			Title: "Leek & potato pie", Prep: 25, Cook: 50, Serves: 6, GroupA: "For the filling", GroupB: "For the crust", Lang: "en",
			Ingredients: []measuredIn{{"3", "leeks, sliced"}, {"1/2 cup", "cream (35% fat)"}, {"2 tbsp", "salt & pepper"}, {"200 g", "plain flour"}, {"100 g", "butter"}},
			Steps:       []string{"Heat the oven to 180°C (350°F).", "Wash & slice the leeks, then cook them in butter for 10 minutes.", "Roll out the dough. Line a tin.", "Bake for 40 min until golden."},
		},
		{
			Title: "Tarte aux poireaux d’hiver", Prep: 20, Cook: 45, Serves: 4, GroupA: "Pour la garniture", GroupB: "Pour la pâte", Lang: "fr",
			Ingredients: []measuredIn{{"3", "poireaux émincés"}, {"20 cl", "de crème"}, {"1 pincée", "de sel"}, {"200 g", "de farine"}},
			Steps:       []string{"Préchauffez le four à 180 °C.", "Faites revenir les poireaux 10 minutes dans le beurre.", "Étalez la pâte et garnissez-la.", "Enfournez pour 40 minutes."},
		},
		{
			Title: "Lauchkuchen", Prep: 30, Cook: 60, Serves: 8, GroupA: "Für die Füllung", GroupB: "Für den Teig", Lang: "de",
			Ingredients: []measuredIn{{"3 Stangen", "Lauch"}, {"200 ml", "Sahne"}, {"1 TL", "Salz"}, {"250 g", "Mehl"}, {"125 g", "Butter"}, {"1", "Ei"}},
			Steps:       []string{"Den Ofen auf 180 °C vorheizen.", "Den Lauch waschen und in Ringe schneiden.", "Teig ausrollen.", "Etwa 40 Minuten backen."},
		},
		{
			Title: "Pastel de puerros", Prep: 15, Cook: 35, Serves: 2, GroupA: "Para el relleno", GroupB: "Para la masa", Lang: "es",
			Ingredients: []measuredIn{{"3", "puerros"}, {"200 ml", "de nata"}, {"una pizca", "de sal"}, {"200 g", "de harina"}},
			Steps:       []string{"Precalienta el horno a 180 °C.", "Corta los puerros y sofríelos.", "Extiende la masa.", "Hornea 35 minutos."},
		},
	}
	for i := range all {
		d := &all[i]
		d.W = words[d.Lang]
		d.Minutes, d.Site = d.Prep+d.Cook, "Aunt's table"
		half := len(d.Ingredients) / 2
		d.First, d.Second, d.StepsA, d.StepsB = d.Ingredients[:half], d.Ingredients[half:], d.Steps[:2], d.Steps[2:]
		for _, m := range d.Ingredients {
			d.Lines = append(d.Lines, m.String())
		}
		d.Clock = fmt.Sprintf("%d min", d.Minutes)
		if d.Minutes >= 60 {
			d.Clock = fmt.Sprintf("%d h %02d min", d.Minutes/60, d.Minutes%60)
		}
	}
	return all
}

func shapes(t *testing.T, file string) []shape {
	t.Helper()
	functions := template.FuncMap{
		"h": func(v any) string { return html.EscapeString(fmt.Sprint(v)) }, "inc": func(n int) int { return n + 1 }, "upper": strings.ToUpper, "lower": strings.ToLower,
		"join": func(all []string) string { return strings.Join(all, "\n") },
		"json": func(v any) (string, error) {
			text, err := json.Marshal(v)
			return string(text), err
		},
		"slug": func(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "-") },
	}
	var all []shape
	for part := range strings.SplitSeq(string(read(t, "shapes/"+file)), "=== ") {
		head, page, ok := strings.Cut(part, "\n")
		if !ok {
			continue
		}
		marks := strings.Split(head, " | ")
		parsed, err := template.New(marks[0]).Funcs(functions).Parse(page)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, shape{marks[0], marks[1:], parsed})
	}
	return all
}

// signs returns the letters and digits of texts.
func signs(texts ...string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, strings.Join(texts, ""))
}

// wanted returns what an item is to tell of a dish by a shape.
func (s shape) wanted(d served) map[string]string {
	marked := func(mark string) bool { return slices.Contains(s.marks, mark) }
	lines, steps := d.Lines, d.Steps
	if marked("swapped") {
		lines = nil
		for _, m := range d.Ingredients {
			lines = append(lines, m.Name+m.Amount)
		}
	}
	if marked("listed") {
		lines = slices.Concat([]string{d.GroupA}, d.Lines[:len(d.First)], []string{d.GroupB}, d.Lines[len(d.First):])
	}
	if marked("sections") {
		steps = slices.Concat([]string{d.GroupA}, d.StepsA, []string{d.GroupB}, d.StepsB)
	}
	if marked("numbers") {
		steps = slices.Clone(steps)
		for i := range steps {
			steps[i] = strconv.Itoa(i+1) + steps[i]
		}
	}
	want := map[string]string{"title": signs(d.Title), "ingredients": signs(lines...), "steps": signs(steps...), "time": strconv.Itoa(d.Minutes), "yield": strconv.Itoa(d.Serves)}
	if marked("notime") {
		want["time"] = ""
	}
	if marked("groups") {
		a, b := 1, len(d.First)+1
		if marked("listed") {
			a, b = a+1, b+2
		}
		want["groups"] = fmt.Sprintf("%d: %s|%d: %s", a, d.GroupA, b, d.GroupB)
	}
	return want
}

// read returns what an item tells.
func (s shape) read(it what.Item) map[string]string {
	ingredients, _ := it.Facts.Find("ingredients")
	steps, _ := it.Facts.Find("steps")
	groups, _ := it.Facts.Find("ingredient_groups")
	digits := func(r rune) bool { return r < '0' || r > '9' }
	yield := append(strings.FieldsFunc(it.Facts.Text("yield"), digits), "")[0]
	return map[string]string{
		"title": signs(it.Title), "ingredients": signs(ingredients.List...), "steps": signs(steps.List...), "time": it.Facts.Text("total_minutes"), "yield": yield,
		"groups": strings.Join(groups.List, "|"),
	}
}

// scored reads every page of a file of shapes, and counts what is right by field.
func scored(t *testing.T, file string) (pages int, right map[string]int) {
	t.Helper()
	right = map[string]int{}
	all := dishesServed(t)
	for n, s := range shapes(t, file) {
		for _, d := range []served{all[n%len(all)], all[(n+1+n/4%3)%len(all)]} {
			var b strings.Builder
			if err := s.page.Execute(&b, d); err != nil {
				t.Fatal(err)
			}
			pages++
			page := `<!doctype html><html lang="` + d.Lang + `"><head><meta charset="utf-8"><meta property="og:site_name" content="` + d.Site + `"><title>` + html.EscapeString(d.Title+" - "+d.Site) + `</title></head><body><nav><ul><li>Home</li><li>Recipes</li></ul></nav>` + b.String() + `</body></html>`
			got := map[string]string{}
			if fetched, err := saved(t, []byte(page)).Fetch(t.Context(), "book", nil); err == nil && len(fetched.Items) > 0 {
				sourcetest.Inspect(t, fetched.Items)
				got = s.read(fetched.Items[0])
			}
			want := s.wanted(d)
			for field, w := range want {
				if got[field] == w {
					right[field]++
				} else {
					t.Logf("%s of %q (%s):\n got %q\nwant %q", field, s.name, d.Lang, got[field], w)
				}
			}
			if want["groups"] == "" {
				right["groups"]++
			}
		}
	}
	return pages, right
}

// Nobody looked at the pages of a file behind the first while what reads
// those of the files before them was written.
func TestPagesOfAllShapesAreReadRight(t *testing.T) {
	for _, file := range []string{"seen.txt", "kept.txt", "late.txt", "last.txt"} {
		pages, right := scored(t, file)
		for field, least := range map[string]int{"title": 99, "ingredients": 95, "steps": 95, "time": 95, "yield": 95, "groups": 95} {
			t.Logf("%s: %s %d of %d", file, field, right[field], pages)
			if right[field]*100 < pages*least {
				t.Errorf("%s: of %d pages %d have the right %s", file, pages, right[field], field)
			}
		}
	}
}
