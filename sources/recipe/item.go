package recipe

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/ld"
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

// reader reads one recipe.
type reader struct {
	node  node
	graph *ld.Graph
	base  string
	zone  *time.Location
}

// readItem reads the recipe as an item.
func (r reader) readItem() what.Item {
	it := what.Item{
		Language:  sources.LanguageTag(ld.Text(r.node["inLanguage"])),
		Title:     sources.Shorten(plainLine(ld.Text(r.node.nameOrHeadline())), maxName),
		Summary:   sources.Shorten(plainText(ld.Text(r.node["description"])), maxSummary),
		Link:      r.readLink(),
		Media:     append(r.readImages(), r.readVideo()...),
		Published: r.readPublished(),
	}
	ingredients := r.node.firstOf("recipeIngredient", "ingredients", "RecipeIngredient", "recipeIngredients")
	all, groups := splitGroups(fitLines(textLines(r.resolveList(ingredients), 0), maxIngredients))
	method := r.node.firstOf("recipeInstructions", "RecipeInstructions", "instructions", "step", "steps")
	it.Facts = sources.Saying(slices.Concat(
		[]what.Fact{
			{Name: factIngredients, Kind: what.List, List: all},
			{Name: factGroups, Kind: what.List, List: groups},
			{Name: factSteps, Kind: what.List, List: fitLines(r.readSteps(method, 0), maxSteps)},
		},
		r.readTimes(),
		[]what.Fact{{Name: factYield, Text: yieldText(r.node.firstOf("recipeYield", "yield", "RecipeYield", "servings"))}},
		r.readTraits(),
		[]what.Fact{{Name: factNames, Kind: what.List, List: fitLines(textLines(r.node["alternateName"], 0), maxNames)}},
	)...)
	return it
}

// readLink returns the recipe's own address, else that of its page.
func (r reader) readLink() string {
	page := r.graph.Follow(r.node["mainEntityOfPage"])
	for _, v := range []any{r.node["url"], page, r.base} {
		if m, ok := v.(map[string]any); ok {
			v = cmp.Or(m["url"], m["@id"])
		}
		if link := sources.SafeLink(r.base, ld.Text(v)); link != "" {
			return link
		}
	}
	return ""
}

func (r reader) readImages() []what.Media {
	var media []what.Media
	for _, v := range ld.List(r.node["image"]) {
		v = r.graph.Follow(v)
		alt := ""
		if m, ok := v.(map[string]any); ok {
			alt = sources.Shorten(plainLine(ld.Text(m["caption"])), maxName)
			v = cmp.Or(m["url"], m["contentUrl"])
		}
		link := sources.SafeLink(r.base, ld.Text(v))
		if link != "" && len(media) < maxImages {
			media = append(media, what.Media{Type: what.Image, URL: link, Alt: alt})
		}
	}
	return media
}

// yieldText returns how much a recipe makes, in the longest form of the first number that
// is told: "4 servings" rather than "4".
func yieldText(v any) string {
	best := ""
	for _, e := range ld.List(v) {
		if m, ok := e.(map[string]any); ok {
			value := ld.Text(m["value"])
			if least, most := ld.Text(m["minValue"]), ld.Text(m["maxValue"]); value == "" && most != "" {
				value = strings.Trim(least+"-"+most, "-")
			}
			value = cmp.Or(value, ld.Text(node(m).firstOf("name", "@value")))
			e = strings.TrimSpace(value + " " + ld.Text(m["unitText"]))
		}
		said := sources.Shorten(plainLine(ld.Text(e)), maxYield)
		if best == "" || len(said) > len(best) && firstNumber.FindString(said) == firstNumber.FindString(best) {
			best = said
		}
	}
	return best
}

var firstNumber = regexp.MustCompile(`[0-9]+(?:[.,][0-9]+)?`)

// readPublished returns when the recipe came out: a time whose zone cannot be known is
// its day alone, at the publisher's.
func (r reader) readPublished() time.Time {
	written := plainLine(ld.Text(r.node["datePublished"]))
	dates := sources.NewDates(sources.DateHints{
		Others: []string{plainLine(ld.Text(r.node["dateModified"]))}, Language: ld.Text(r.node["inLanguage"]), Zone: r.zone,
	})
	at := dates.Read(written)
	if len(written) > len(time.DateOnly) && at.IsZero() {
		at = dates.Read(written[:len(time.DateOnly)])
	}
	return at
}
