package recipe

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/what/speech"
	"keypull/sources/fulltext"
)

// wish is what a reader asks for.
type wish struct {
	// text is the argument without what is said of servings, which is of.
	text, of string
	servings int
	// words are those that must be found, diets what it must say that it is fit for,
	// without what must not be in it, minutes how long it may take.
	words, diets []string
	without      []term
	minutes      int
	// unclaimed says that no recipe says so by itself.
	unclaimed bool
}

// term is something to eat: words as they were written, and the foods that they
// name.
type term struct{ words, foods []string }

// Bounds of a wish: for how many a recipe is scaled at most, and how long one may take
// that is to be quick.
const (
	maxServings = 500
	quick       = 30
)

// understand takes an argument apart.
func (k kitchen) understand(argument string) wish {
	w := wish{text: strings.TrimSpace(argument)}
	for _, t := range k {
		if w.servings == 0 {
			w.text, w.of, w.servings = numbered(w.text, t.servings)
		}
		if w.minutes == 0 {
			w.text, _, w.minutes = numbered(w.text, t.within)
		}
	}
	k.parse(&w, k.cut(w.text))
	return w
}

// numbered takes the longest phrase with a number out of a text; 0 if there is none,
// or nothing else.
func numbered(text string, all []*regexp.Regexp) (rest, of string, n int) {
	longest := []int{0, 0, 0, 0}
	for _, p := range all {
		if at := p.FindStringSubmatchIndex(text); at != nil && at[1]-at[0] > longest[1]-longest[0] {
			longest = at
		}
	}
	rest = strings.TrimSpace(text[:longest[0]] + " " + text[longest[1]:])
	n, err := strconv.Atoi(text[longest[2]:longest[3]])
	if err != nil || n < 1 || n > maxServings || rest == "" {
		return text, "", 0
	}
	return rest, strings.TrimSpace(text[longest[0]:longest[1]]), n
}

// parse sorts words into what is wanted and what is not.
func (k kitchen) parse(w *wish, words []string) {
	// leaving says that words are left out, open that the next ones are.
	leaving, open := false, false
	for i := 0; i < len(words); {
		diet, n := k.dietAt(words, i)
		without, behind := k.at("without", words, i), k.at("behind", words, i)
		free, said := k.foodAt(words, i, signFree)
		bare := k.bare(words[i])
		switch {
		case n > 0:
			w.diets = append(w.diets, diet)
			leaving = false
		case without > 0:
			n, leaving, open = without, true, true
		case behind > 0 && len(w.words) > 0:
			n = behind
			w.leaveLast(k)
		case said > 0:
			n = said
			w.without = append(w.without, term{foods: free})
		case bare != "":
			n = 1
			w.without = append(w.without, k.termOf([]string{bare}))
		case k.at("quick", words, i) > 0:
			n, w.minutes = k.at("quick", words, i), quick
		case leaving && k.at("and", words, i) > 0:
			n, open = k.at("and", words, i), true
		case k.at("with", words, i) > 0:
			n, leaving, open = k.at("with", words, i), false, false
		case open && k.at("between", words, i) > 0:
			n = k.at("between", words, i)
		case k.idleAt(words, i) > 0:
			// "no bake" leaves nothing out.
			n, open = k.idleAt(words, i), open && k.at("idle", words, i) == 0
		case open:
			n = k.leftOut(words, i, len(w.words) > 0)
			w.without = append(w.without, k.termOf(words[i:i+n]))
			open = false
		default:
			n, leaving = 1, false
			w.words = append(w.words, words[i])
		}
		i += n
	}
	if len(w.words) == 0 && len(w.diets) == 0 && len(w.without) == 0 && w.minutes == 0 {
		w.words = words
	}
}

// leftOut returns how many words name what is left out: those of a food, else one, or
// all that follow where it was said before what is wanted.
func (k kitchen) leftOut(words []string, i int, wanted bool) int {
	_, n := k.foodAt(words, i, signName, signHolds, signLists, signMay)
	if n > 0 || !wanted {
		return max(n, 1)
	}
	for n = 1; i+n < len(words) && !k.parts(words, i+n); n++ {
	}
	return n
}

// parts reports whether a word is none of what is left out before it.
func (k kitchen) parts(words []string, i int) bool {
	for _, section := range [...]string{"without", "with", "and", "quick", "behind"} {
		if k.at(section, words, i) > 0 {
			return true
		}
	}
	return k.idleAt(words, i) > 0 || k.isFood(words[i])
}

// idleAt returns how many words only ask, or say nothing.
func (k kitchen) idleAt(words []string, i int) int {
	n := k.at("idle", words, i)
	if n == 0 && ((speech.IsFunction(words[i], speech.Any) || speech.IsAsking(words[i])) && !k.isFood(words[i]) || speech.IsPolite(words[i])) {
		n = 1
	}
	return n
}

// leaveLast turns the last food that is wanted into one that is not.
func (w *wish) leaveLast(k kitchen) {
	from := len(w.words) - 1
	for i := range w.words {
		if _, n := k.foodAt(w.words, i, signName, signHolds, signLists); i+n == len(w.words) && n > 0 {
			from = i
			break
		}
	}
	w.without = append(w.without, k.termOf(w.words[from:]))
	w.words = w.words[:from:from]
}

// termOf returns what some words name.
func (k kitchen) termOf(words []string) term {
	names, n := k.foodAt(words, 0, signName)
	if n != len(words) {
		names = nil
	}
	return term{words: slices.Clone(words), foods: names}
}

// diets are what recipes say that they are fit for, and what then is not in them as far
// as lists tell; asFood is that of which a list tells as much.
var (
	dietFoods = map[string][]string{"vegan": {"meat", "fish", "egg", "milk"}, "vegetarian": {"meat", "fish"}, "gluten free": nil, "low lactose": nil}
	asFood    = map[string]string{"gluten free": "gluten", "low lactose": "milk"}
)

func (k kitchen) dietAt(words []string, i int) (diet string, most int) {
	for name := range dietFoods {
		if n := k.at(name, words, i); n > most {
			diet, most = name, n
		}
	}
	return diet, most
}

// dietsOf returns the diets that a text names. What is vegan is vegetarian.
func dietsOf(text string) (all []string) {
	k, words := kitchenOf(), fulltext.Words(text)
	for i := range words {
		if diet, n := k.dietAt(words, i); n > 0 && !slices.Contains(all, diet) {
			all = append(all, diet)
		}
	}
	if slices.Contains(all, "vegan") && !slices.Contains(all, "vegetarian") {
		all = append(all, "vegetarian")
	}
	slices.Sort(all)
	return all
}

// picky reports whether a wish leaves something out, or is for a diet.
func (w wish) picky() bool { return len(w.without) > 0 || len(w.diets) > 0 }

// IsWish reports whether a text asks for recipes by what is in them, or must not be.
func (s *source) IsWish(text string, alone bool, known func(folded string) bool) bool {
	k := kitchenOf(append([]string{"en"}, s.languages...)...)
	if !k.marked(fulltext.Words(text)) {
		return false
	}
	w := k.understand(text)
	knows := func(words []string) bool {
		return !slices.ContainsFunc(words, func(word string) bool { return !k.isFood(word) && !known(word) })
	}
	if !w.picky() && w.minutes == 0 && w.servings == 0 || alone && len(w.words) == 0 || !knows(w.words) {
		return false
	}
	return len(w.words) > 0 || !slices.ContainsFunc(w.without, func(t term) bool { return !knows(t.words) && len(t.foods) == 0 })
}
