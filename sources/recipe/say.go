package recipe

import (
	"fmt"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// phrases are the words of a recipe in one language; the servings take a number.
type phrases struct {
	ingredients, steps       string
	prep, cook, total        string
	hour, minute             string
	servings, servingsForOne string
}

func phrasesIn(language string) phrases {
	switch sources.Base(language) {
	case "fr":
		return phrases{
			ingredients: "Ingrédients", steps: "Préparation",
			prep: "Préparation", cook: "Cuisson", total: "Total", hour: "h", minute: "min",
			servings: "Pour %s personnes", servingsForOne: "Pour %s personne",
		}
	case "de":
		return phrases{
			ingredients: "Zutaten", steps: "Zubereitung",
			prep: "Vorbereitung", cook: "Kochzeit", total: "Gesamt", hour: "Std.", minute: "Min.",
			servings: "Für %s Personen", servingsForOne: "Für %s Person",
		}
	}
	return phrases{
		ingredients: "Ingredients", steps: "Method",
		prep: "Preparation", cook: "Cooking", total: "Total", hour: "h", minute: "min",
		servings: "Serves %s", servingsForOne: "Serves %s",
	}
}

// Say writes out one recipe, and lists several by name.
func (*source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	if len(items) == 0 {
		return r
	}
	r.Media = sources.Copy(items[:1])[0].Media
	if len(items) == 1 {
		r.Blocks = phrasesIn(v.Language).recipe(items[0])
		return r
	}
	for _, it := range items {
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Paragraph, Text: it.Title})
		if it.Link != "" {
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Link, URL: it.Link, Tight: true})
		}
	}
	return r
}

func (p phrases) recipe(it what.Item) []pull.Block {
	blocks := []pull.Block{{Kind: pull.Title, Text: it.Title}}
	if line := p.line(it.Facts); line != "" {
		blocks = append(blocks, pull.Block{Kind: pull.Paragraph, Text: line, Tight: true})
	}
	if f, _ := it.Facts.Find(factIngredients); len(f.List) > 0 {
		blocks = append(blocks, pull.Block{Kind: pull.Bullets, Text: p.ingredients, Lines: append([]string(nil), f.List...)})
	}
	if f, _ := it.Facts.Find(factSteps); len(f.List) > 0 {
		blocks = append(blocks, pull.Block{Kind: pull.Steps, Text: p.steps, Lines: append([]string(nil), f.List...)})
	}
	if it.Link != "" {
		blocks = append(blocks, pull.Block{Kind: pull.Link, URL: it.Link})
	}
	return blocks
}

// line is "Preparation 20 min · Cooking 1 h · Total 1 h 20 min · Serves 4".
func (p phrases) line(facts what.Facts) string {
	var parts []string
	for _, t := range []struct{ fact, label string }{{factPrep, p.prep}, {factCook, p.cook}, {factTotal, p.total}} {
		if n, err := strconv.Atoi(facts.Text(t.fact)); err == nil && n > 0 {
			parts = append(parts, t.label+" "+p.duration(n))
		}
	}
	if yield := facts.Text(factYield); yield != "" {
		parts = append(parts, p.serves(yield))
	}
	return strings.Join(parts, " · ")
}

func (p phrases) duration(minutes int) string {
	hours, minutes := minutes/60, minutes%60
	switch {
	case hours == 0:
		return fmt.Sprintf("%d %s", minutes, p.minute)
	case minutes == 0:
		return fmt.Sprintf("%d %s", hours, p.hour)
	}
	return fmt.Sprintf("%d %s %d %s", hours, p.hour, minutes, p.minute)
}

// serves puts a bare number into words; anything else speaks for itself.
func (p phrases) serves(yield string) string {
	n, err := strconv.Atoi(yield)
	switch {
	case err != nil:
		return yield
	case n == 1:
		return fmt.Sprintf(p.servingsForOne, yield)
	}
	return fmt.Sprintf(p.servings, yield)
}
