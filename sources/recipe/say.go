package recipe

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// Say writes out one recipe, and lists several by name.
func (*source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	if len(items) == 0 {
		return r
	}
	r.Media = sources.Copy(items[:1])[0].Media
	if len(items) == 1 {
		language := items[0].Spoken(v.Language)
		if !words.Serves(language) {
			language = v.Language
		}
		addRecipe(&r, items[0], language)
		return r
	}
	for _, it := range items {
		sources.AddBlocks(&r, pull.Block{Kind: pull.Paragraph, Text: it.Title}, pull.Block{Kind: pull.Link, URL: it.Link, Tight: true})
	}
	return r
}

// addRecipe writes out a recipe.
func addRecipe(r *pull.Reply, it what.Item, language string) {
	sources.AddBlocks(r, pull.Block{Kind: pull.Title, Text: it.Title}, pull.Block{Kind: pull.Paragraph, Text: timesLine(it.Facts, language), Tight: true},
		pull.Block{Kind: pull.Paragraph, Text: scaledLine(it.Facts, language)})
	r.Blocks = append(r.Blocks, ingredientBlocks(it.Facts, language)...)
	if f, _ := it.Facts.Find(factSteps); len(f.List) > 0 {
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Steps, Text: own.Say(language, "steps", nil), Lines: stripStepNumbers(f.List)})
	}
	sources.AddBlocks(r, pull.Block{Kind: pull.Link, URL: it.Link})
}

// ingredientBlocks returns the ingredients, each group of them below its heading.
func ingredientBlocks(facts what.Facts, language string) []pull.Block {
	f, _ := facts.Find(factIngredients)
	if len(f.List) == 0 {
		return nil
	}
	title, blocks, from := own.Say(language, "ingredients", nil), []pull.Block(nil), 0
	add := func(to int) {
		lines := slices.Clone(f.List[from:to])
		// A heading that the page lists as an ingredient is said as that of its group.
		if n := len(lines); n > 0 && to < len(f.List) && headingOf(lines[n-1]) != "" {
			lines = lines[:n-1]
		}
		if len(lines) > 0 {
			blocks = append(blocks, pull.Block{Kind: pull.Bullets, Text: title, Lines: lines})
		}
		from = to
	}
	groups, _ := facts.Find(factGroups)
	for _, group := range groups.List {
		number, heading, _ := strings.Cut(group, ": ")
		first, err := strconv.Atoi(number)
		if err != nil || first-1 < from || first > len(f.List) {
			continue
		}
		add(first - 1)
		if len(blocks) == 0 {
			heading = title + ": " + heading
		}
		title = heading
	}
	add(len(f.List))
	return blocks
}

// timesLine is "Preparation 20 min · Cooking 1 h · Total 1 h 20 min · Serves 4 · 420 kcal".
func timesLine(facts what.Facts, language string) string {
	var parts []string
	for _, t := range []struct{ fact, label string }{{factPrep, "prep"}, {factCook, "cook"}, {factTotal, "total"}} {
		if n, err := strconv.Atoi(facts.Text(t.fact)); err == nil && n > 0 {
			parts = append(parts, own.Say(language, t.label, nil)+" "+words.Duration(language, n))
		}
	}
	if yield := facts.Text(factYield); yield != "" {
		parts = append(parts, servesText(yield, language))
	}
	if energy := facts.Text(factCalories); strings.ContainsFunc(energy, unicode.IsLetter) {
		parts = append(parts, energy)
	}
	return strings.Join(parts, " · ")
}

// servesText puts a bare number into words; anything else speaks for itself.
func servesText(yield, language string) string {
	n, err := strconv.Atoi(yield)
	if err != nil {
		return yield
	}
	return own.Say(language, "serves", words.Args{"n": n})
}

// scaledLine says what became of a recipe that was asked for so many.
func scaledLine(facts what.Facts, language string) string {
	n, err := strconv.Atoi(facts.Text(factServings))
	if err != nil {
		return ""
	}
	from := facts.Text(factScaledFrom)
	if yield := facts.Text(factYield); from == "" && yield != "" {
		return own.Say(language, "not_counted", words.Args{"n": n, "yield": yield})
	}
	if from == "" {
		return own.Say(language, "not_scaled", words.Args{"n": n})
	}
	line := own.Say(language, "scaled", words.Args{"n": n, "from": servesText(from, language)})
	if f, _ := facts.Find(factUnscaled); len(f.List) > 0 {
		line += " " + own.Say(language, "partly_scaled", words.Args{"lines": strings.Join(f.List, "; ")})
	}
	return line
}
