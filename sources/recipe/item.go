package recipe

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/language"

	"keypull/pull/what"
	"keypull/sources"
)

// Limits of what is kept of a recipe: of texts in characters, of all its other
// names together in bytes.
const (
	maxName    = 200
	maxSummary = 2000
	maxYield   = 100
	maxNames   = 2 << 10
	maxImages  = 5
	// maxRecipes is how many recipes one page has.
	maxRecipes = 200
)

// tag returns a language as pages write it, where that is a BCP 47 tag: some write
// its name.
func tag(written string) string {
	written = strings.ReplaceAll(strings.TrimSpace(written), "_", "-")
	if t, err := language.Parse(written); err == nil && t != language.Und {
		return t.String()
	}
	return ""
}

// reader reads one recipe.
type reader struct {
	node  node
	graph *graph
	base  string
	zone  *time.Location
}

func (r reader) item() what.Item {
	it := what.Item{
		Language:  tag(text(r.node["inLanguage"])),
		Title:     sources.Shorten(line(text(r.node.name())), maxName),
		Summary:   sources.Shorten(plain(text(r.node["description"])), maxSummary),
		Link:      r.link(),
		Media:     append(r.images(), r.video()...),
		Published: r.published(),
	}
	add := func(f what.Fact) {
		if f.Text != "" || len(f.List) > 0 {
			it.Facts = append(it.Facts, f)
		}
	}
	ingredients := r.node.first("recipeIngredient", "ingredients", "RecipeIngredient", "recipeIngredients")
	all, groups := grouped(within(lines(r.resolved(ingredients), 0), maxIngredients))
	add(what.Fact{Name: factIngredients, Kind: what.List, List: all})
	add(what.Fact{Name: factGroups, Kind: what.List, List: groups})
	method := r.node.first("recipeInstructions", "RecipeInstructions", "instructions", "step", "steps")
	add(what.Fact{Name: factSteps, Kind: what.List, List: within(r.steps(method, 0), maxSteps)})
	it.Facts = append(it.Facts, r.times()...)
	add(what.Fact{Name: factYield, Text: yield(r.node.first("recipeYield", "yield", "RecipeYield", "servings"))})
	for _, f := range r.traits() {
		add(f)
	}
	add(what.Fact{Name: factNames, Kind: what.List, List: within(lines(r.node["alternateName"], 0), maxNames)})
	return it
}

// link returns the recipe's own address, else that of its page.
func (r reader) link() string {
	page := r.graph.resolve(r.node["mainEntityOfPage"])
	for _, v := range []any{r.node["url"], page, r.base} {
		if m, ok := v.(map[string]any); ok {
			if v = m["url"]; v == nil {
				v = m["@id"]
			}
		}
		if link := sources.SafeLink(r.base, text(v)); link != "" {
			return link
		}
	}
	return ""
}

func (r reader) images() []what.Media {
	var media []what.Media
	for _, v := range list(r.node["image"]) {
		v = r.graph.resolve(v)
		alt := ""
		if m, ok := v.(map[string]any); ok {
			alt = sources.Shorten(line(text(m["caption"])), maxName)
			if v = m["url"]; v == nil {
				v = m["contentUrl"]
			}
		}
		link := sources.SafeLink(r.base, text(v))
		if link != "" && len(media) < maxImages {
			media = append(media, what.Media{Type: what.Image, URL: link, Alt: alt})
		}
	}
	return media
}

// yield takes the form that says most of the first number that is told: "4
// servings" rather than "4".
func yield(v any) string {
	best := ""
	for _, e := range list(v) {
		if m, ok := e.(map[string]any); ok {
			value := text(m["value"])
			if least, most := text(m["minValue"]), text(m["maxValue"]); value == "" && most != "" {
				value = strings.Trim(least+"-"+most, "-")
			}
			if value == "" {
				value = text(node(m).first("name", "@value"))
			}
			e = strings.TrimSpace(value + " " + text(m["unitText"]))
		}
		said := sources.Shorten(line(text(e)), maxYield)
		if best == "" || len(said) > len(best) && firstNumber.FindString(said) == firstNumber.FindString(best) {
			best = said
		}
	}
	return best
}

var firstNumber = regexp.MustCompile(`[0-9]+(?:[.,][0-9]+)?`)

// published returns when the recipe came out: a time whose zone cannot be known is
// its day alone, at the publisher's.
func (r reader) published() time.Time {
	written := line(text(r.node["datePublished"]))
	dates := sources.NewDates(sources.DateHints{
		Others: []string{line(text(r.node["dateModified"]))}, Language: text(r.node["inLanguage"]), Zone: r.zone,
	})
	at := dates.Read(written)
	if len(written) > len(time.DateOnly) && at.IsZero() {
		at = dates.Read(written[:len(time.DateOnly)])
	}
	return at
}
