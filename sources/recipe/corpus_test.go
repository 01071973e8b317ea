package recipe_test

import (
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"strconv"
	"strings"
)

// dish is what a page of the corpus is about, and what is to be read from it.
type namedRecipe struct {
	name, language    string
	ingredients       []string
	steps             []string
	prep, cook, total int
}

var (
	verbs = map[string][]string{
		"en": {"Whisk", "Fold", "Stir", "Bake", "Chill", "Season", "Simmer"}, "fr": {"Mélangez", "Fouettez", "Ajoutez", "Laissez cuire", "Servez"},
		"de": {"Verrühren", "Unterheben", "Backen", "Kochen lassen", "Würzen"},
	}
	things = map[string][]string{
		"en": {"the eggs", "2 cups of flour", "1/2 tsp salt", "the butter & sugar", "everything at 180°C (350°F)", `a 9" pan`, "the cream (< 5 °C)"},
		"fr": {"les œufs", "200 g de farine", "1 c. à café de sel", "le beurre & le sucre", "le tout à 180 °C", "l'ail et l'oignon"},
		"de": {"die Eier", "200 g Mehl", "1/2 TL Salz", "Butter & Zucker", "alles bei 180 °C", "die Soße"},
	}
)

func sentence(r *rand.Rand, language string, n int) string {
	v, th := verbs[language], things[language]
	return fmt.Sprintf("%s %s for %d min (%d).", v[r.IntN(len(v))], th[r.IntN(len(th))], 1+r.IntN(50), n)
}

// newDish makes one up; some have steps of thousands of characters.
func newDish(r *rand.Rand) namedRecipe {
	d := namedRecipe{language: []string{"en", "fr", "de"}[r.IntN(3)], prep: 5 * r.IntN(20), cook: 5 * r.IntN(40)}
	d.name = fmt.Sprintf("%s No. %d", map[string]string{"en": "Grandma's pie", "fr": "Gâteau d'été", "de": "Käsekuchen"}[d.language], r.IntN(10000))
	for n := range 2 + r.IntN(12) {
		d.ingredients = append(d.ingredients, fmt.Sprintf("%d g %s", 10*(1+n), strings.TrimPrefix(things[d.language][n%3], "the ")))
	}
	sentences := 1 + r.IntN(4)
	if r.IntN(20) == 0 {
		sentences = 60 + r.IntN(60)
	}
	count := 0
	for range 1 + r.IntN(10) {
		var all []string
		for range sentences {
			count++
			all = append(all, sentence(r, d.language, count))
		}
		d.steps = append(d.steps, strings.Join(all, " "))
	}
	return d
}

// iso writes minutes in one of the forms that plug-ins write.
func iso(r *rand.Rand, n int) string {
	h, m := n/60, n%60
	forms := []string{
		fmt.Sprintf("PT%dM", n), fmt.Sprintf("PT%dH%dM", h, m), fmt.Sprintf("P0DT%dH%dM", h, m), fmt.Sprintf("PT%dS", 60*n),
		fmt.Sprintf("P0Y0M0DT%dH%dM0.000S", h, m), fmt.Sprintf("PT0D%dH%dM", h, m), fmt.Sprintf("PT%dH %dM", h, m), fmt.Sprintf("pt%dm", n),
		fmt.Sprintf("PT%dM0S", n), fmt.Sprintf("PT%.4fH", float64(n)/60),
	}
	if h == 0 {
		forms = append(forms, fmt.Sprintf("PTH%dM", m))
	} else {
		forms = append(forms, fmt.Sprintf("PT%dH%02d", h, m))
	}
	return forms[r.IntN(len(forms))]
}

// worded writes minutes as people do.
func worded(r *rand.Rand, n int, language string) string {
	h, m := n/60, n%60
	units := map[string][][2]string{
		"en": {{"hour", "minutes"}, {"hrs", "mins"}, {"h", "min"}}, "fr": {{"heure", "minutes"}, {"h", "min"}, {"heures", "mn"}},
		"de": {{"Stunde", "Minuten"}, {"Std.", "Min."}, {"Stunden", "Min"}},
	}[language]
	u := units[r.IntN(len(units))]
	switch {
	case h == 0:
		return fmt.Sprintf("%d %s", m, u[1])
	case r.IntN(3) == 0:
		return fmt.Sprintf("%dh%02d", h, m)
	}
	return fmt.Sprintf("%d %s %d %s", h, u[0], m, u[1])
}

// times gives the dish its times, as a page tells them.
func (d *namedRecipe) times(r *rand.Rand, node map[string]any) {
	write := func(n int) any {
		switch r.IntN(8) {
		case 0:
			return worded(r, n, d.language)
		case 1:
			return map[string]any{"@type": "QuantitativeValue", "value": n, "unitCode": "MIN"}
		case 2:
			return []any{iso(r, n)}
		}
		return iso(r, n)
	}
	switch r.IntN(10) {
	case 0:
		node["totalTime"], d.total = strconv.Itoa(d.prep), d.prep
	case 1:
		node["prepTime"], d.total = write(d.prep), d.prep
	case 2, 3, 4:
		node["prepTime"], node["cookTime"] = write(d.prep), write(d.cook)
		d.total = d.prep + d.cook
	case 5:
		node["prepTime"], node["cookTime"], node["totalTime"] = write(d.prep), write(d.cook), []any{"", "PT0M", nil}[r.IntN(3)]
		d.total = d.prep + d.cook
	default:
		d.total = d.prep + d.cook + 5*r.IntN(30)
		node["prepTime"], node["cookTime"], node["totalTime"] = write(d.prep), write(d.cook), write(d.total)
	}
}

// instructions writes the steps in one of the forms that plug-ins write.
func (d *namedRecipe) instructions(r *rand.Rand) any {
	step := func(s string) any {
		return map[string]any{"@type": "HowToStep", "text": s, "url": "https://x.example/#step"}
	}
	each := func(f func(string) any) []any {
		var all []any
		for _, s := range d.steps {
			all = append(all, f(s))
		}
		return all
	}
	escaped := html.EscapeString
	switch r.IntN(13) {
	case 0:
		return each(func(s string) any { return s })
	case 1:
		return each(step)
	case 2: // WP Recipe Maker: name and text alike.
		return each(func(s string) any {
			return map[string]any{"@type": "HowToStep", "name": escaped(s), "text": escaped(s)}
		})
	case 3: // Tasty, Mediavine: sections.
		half := len(d.steps) / 2
		all := each(step)
		sections := []any{map[string]any{"@type": "HowToSection", "name": "Dough", "itemListElement": all[:half]}, map[string]any{"@type": "HowToSection", "name": "Filling", "itemListElement": all[half:]}}
		return sections
	case 4:
		return strings.Join(d.steps, "\n")
	case 5:
		return "<ol><li>" + strings.Join(mapped(d.steps, escaped), "</li><li>") + "</li></ol>"
	case 6:
		return "<p>" + strings.Join(mapped(d.steps, escaped), "</p>\n<p>") + "</p>"
	case 7:
		var all []any
		for i, s := range d.steps {
			all = append(all, map[string]any{"@type": "ListItem", "position": i + 1, "item": step(s)})
		}
		return map[string]any{"@type": "ItemList", "itemListElement": all}
	case 8:
		all := map[string]any{}
		for i, s := range d.steps {
			all[strconv.Itoa(i)] = step(s)
		}
		return all
	case 9:
		var b strings.Builder
		for i, s := range d.steps {
			_, _ = fmt.Fprintf(&b, "%d. %s\n", i+1, s)
		}
		return b.String()
	case 10:
		return each(func(s string) any {
			var parts []any
			for part := range strings.SplitAfterSeq(s, "). ") {
				parts = append(parts, map[string]any{"@type": "HowToDirection", "text": strings.TrimSpace(part)})
			}
			return map[string]any{"@type": []any{"HowToStep"}, "itemListElement": parts}
		})
	case 11:
		return []any{strings.Join(mapped(d.steps, func(s string) string { return escaped(escaped(s)) }), "&lt;br /&gt;")}
	}
	return map[string]any{"@type": "HowTo", "step": each(step)}
}

func mapped(all []string, f func(string) string) []string {
	var out []string
	for _, s := range all {
		out = append(out, f(s))
	}
	return out
}

// page writes a page in the manner of one of the plug-ins.
func (d *namedRecipe) page(r *rand.Rand) string {
	node := map[string]any{
		"@type": []any{"Recipe", []any{"Recipe"}, "http://schema.org/Recipe", []any{"Recipe", "NewsArticle"}}[r.IntN(4)], "name": d.name,
		"recipeIngredient": d.ingredients, "recipeInstructions": d.instructions(r), "description": "A dish.", "datePublished": "2026-01-02T10:00:00+01:00",
		"recipeYield": []any{"4", []any{"4", "4 servings"}, 4}[r.IntN(3)], "image": []any{"https://x.example/a.jpg"},
		"review": []any{map[string]any{"@type": "Review", "reviewBody": "So good!"}}, "author": map[string]any{"@type": "Person", "name": "Ann"},
	}
	d.times(r, node)
	var v any = node
	switch r.IntN(5) {
	case 0: // Yoast
		v = map[string]any{"@context": "https://schema.org", "@graph": []any{
			map[string]any{"@type": "WebSite", "@id": "#site", "name": "Site"}, map[string]any{"@type": "WebPage", "@id": "#page", "isPartOf": map[string]any{"@id": "#site"}}, node,
			map[string]any{"@type": "BreadcrumbList", "itemListElement": []any{map[string]any{"@type": "ListItem", "name": "Home"}}},
		}}
	case 1:
		v = []any{map[string]any{"@type": "Organization", "name": "O"}, node}
	case 2:
		v = map[string]any{"@type": "WebPage", "mainEntity": node}
	case 3: // steps by reference
		if steps, ok := node["recipeInstructions"].([]any); ok && len(steps) > 0 {
			if _, object := steps[0].(map[string]any); object {
				var refs, nodes []any
				for i, s := range steps {
					id := fmt.Sprintf("#step-%d", i)
					s.(map[string]any)["@id"] = id
					refs, nodes = append(refs, map[string]any{"@id": id}), append(nodes, s)
				}
				node["recipeInstructions"] = refs
				v = map[string]any{"@graph": append(nodes, node)}
			}
		}
	}
	return shell(r, spoil(r, v))
}

// spoil writes JSON as templates break it.
func spoil(r *rand.Rand, v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(r.IntN(2) == 0)
	if r.IntN(2) == 0 {
		e.SetIndent("", "  ")
	}
	_ = e.Encode(v)
	text := strings.ReplaceAll(b.String(), "</", `<\/`)
	switch r.IntN(8) {
	case 0:
		text = strings.ReplaceAll(text, `\n`, "\n")
	case 1:
		text = "//<![CDATA[\n" + text + "\n//]]>"
	case 2:
		text = "<!--\n" + text + "\n-->"
	case 3:
		if i := strings.LastIndex(strings.TrimSpace(text), "}"); i > 0 {
			text = strings.TrimRight(text[:i], " \n") + ",\n}"
		}
	case 4:
		text = strings.ReplaceAll(text, "'", `\'`) + ";"
	}
	return text
}

// shell returns the page around the data.
func shell(r *rand.Rand, ld string) string {
	kind := []string{`type="application/ld+json" class="yoast-schema-graph"`, `type='application/ld+json'`, `type=application/ld+json`, `data-x="1" type="application/ld&#43;json"`, `id="x" type="application/ld+json; charset=utf-8"`}[r.IntN(5)]
	before := []string{"", `<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[]}</script>`, `<script type="application/ld+json">{ broken </script>`, `<!-- <script type="application/ld+json"> -->`}[r.IntN(4)]
	return "<!doctype html><html><head><title>Pie</title><script>var a='<b>';</script>" + before + "<script " + kind + ">" + ld + "</script></head><body><p>Words &amp; words</p></body></html>"
}
