package recipe

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/duration"
	"keypull/sources/ld"
)

var _ sources.Factual = (*Settings)(nil)

// facts are those of a recipe in the order in which they are told.
var facts = slices.Concat([]string{
	factIngredients, factGroups, factSteps, factPrep, factCook, factTotal, factYield, factCategory, factCuisine, factDiet, factKeywords, factRating, factRatings,
}, nutrientFacts(), []string{factNames, factServings, factScaledFrom, factUnscaled})

// Facts lists the facts of the items.
func (*Settings) Facts() []string { return slices.Clone(facts) }

// nutrients are the properties of NutritionInformation, with the facts they
// become.
var nutrients = [][2]string{
	{"servingSize", "serving_size"}, {"calories", factCalories}, {"fatContent", "fat"}, {"saturatedFatContent", "saturated_fat"}, {"transFatContent", "trans_fat"},
	{"unsaturatedFatContent", "unsaturated_fat"}, {"carbohydrateContent", "carbohydrates"}, {"sugarContent", "sugar"}, {"fiberContent", "fiber"},
	{"proteinContent", "protein"}, {"sodiumContent", "sodium"}, {"cholesterolContent", "cholesterol"},
}

func nutrientFacts() []string {
	var all []string
	for _, n := range nutrients {
		all = append(all, n[1])
	}
	return all
}

// Limits of the traits of a recipe: entries of a list, and characters of each.
const (
	maxTraits = 30
	maxTrait  = 60
)

// readTraits returns what a recipe is: its course, its kitchen, for whom it is fit, what
// readers think of it, what is in it.
func (r reader) readTraits() []what.Fact {
	all := []what.Fact{
		{Name: factCategory, Kind: what.List, List: tagList(r.node["recipeCategory"])},
		{Name: factCuisine, Kind: what.List, List: tagList(r.node["recipeCuisine"])},
		{Name: factDiet, Kind: what.List, List: dietTags(r.node["suitableForDiet"])},
		{Name: factKeywords, Kind: what.List, List: tagList(r.node["keywords"])},
	}
	if rating, ok := r.graph.Follow(firstValue(r.node["aggregateRating"])).(map[string]any); ok {
		if d, err := decimal.NewFromString(strings.ReplaceAll(plainLine(ld.Text(rating["ratingValue"])), ",", ".")); err == nil && d.IsPositive() && len(d.String()) <= 10 {
			all = append(all, what.Fact{Name: factRating, Kind: what.Decimal, Text: d.String()})
		}
		if n, err := strconv.Atoi(plainLine(ld.Text(node(rating).firstOf("ratingCount", "reviewCount")))); err == nil && n > 0 {
			all = append(all, what.Fact{Name: factRatings, Kind: what.Integer, Text: strconv.Itoa(n)})
		}
	}
	if held, ok := r.graph.Follow(firstValue(r.node["nutrition"])).(map[string]any); ok {
		for _, n := range nutrients {
			all = append(all, what.Fact{Name: n[1], Text: sources.Shorten(plainLine(ld.Text(held[n[0]])), maxTrait)})
		}
	}
	return all
}

// firstValue returns the first entry of a list, or the value itself.
func firstValue(v any) any {
	if all := ld.List(v); len(all) > 0 {
		return all[0]
	}
	return nil
}

// tagList returns the entries of a list, or of a text with commas between them, each
// once.
func tagList(v any) []string {
	var all []string
	for _, e := range ld.List(v) {
		if m, ok := e.(map[string]any); ok {
			e = node(m).firstOf("name", "@value", "termCode")
		}
		for tag := range strings.FieldsFuncSeq(plainLine(ld.Text(e)), func(r rune) bool { return r == ',' || r == ';' || r == '，' || r == '、' }) {
			tag = sources.Shorten(strings.TrimSpace(tag), maxTrait)
			again := func(other string) bool { return strings.EqualFold(other, tag) }
			if tag != "" && len(all) < maxTraits && !slices.ContainsFunc(all, again) {
				all = append(all, tag)
			}
		}
	}
	return all
}

// dietTags returns what a recipe is fit for: schema.org's name without what all of them
// share, or what the page calls it.
func dietTags(v any) []string {
	all := tagList(v)
	for i, diet := range all {
		diet = diet[strings.LastIndexAny(diet, "/:")+1:]
		if name, ok := strings.CutSuffix(diet, "Diet"); ok && name != "" {
			diet = strings.TrimSpace(capital.ReplaceAllString(name, " $0"))
		}
		all[i] = strings.ToLower(diet)
	}
	return slices.Compact(all)
}

// capital begins each word of GlutenFree.
var capital = regexp.MustCompile(`[A-Z]`)

// readVideo returns the recipe's own, where it tells one.
func (r reader) readVideo() []what.Media {
	v, ok := r.graph.Follow(firstValue(r.node["video"])).(map[string]any)
	if !ok {
		return nil
	}
	for _, name := range []string{"contentUrl", "embedUrl", "url"} {
		if link := sources.SafeLink(r.base, ld.Text(v[name])); link != "" {
			m := what.Media{Type: what.Video, URL: link, Alt: sources.Shorten(plainLine(ld.Text(v["name"])), maxName)}
			if n, ok := duration.Seconds(durationOf(v["duration"])); ok {
				m.Seconds = n
			}
			return []what.Media{m}
		}
	}
	return nil
}
