package recipe

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/sources/fulltext"
)

// wish is what a reader asks for.
type wish struct {
	// text is the argument without what is said of servings, which is of.
	text, of string
	servings int
	// words are those that must be found, each one or the name of a food, diets what it must say that it is fit for,
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
	maxServings  = 500
	quickMinutes = 30
)

// parseWish parses what a reader asks for.
func (k vocabulary) parseWish(argument string) wish {
	w := wish{text: strings.TrimSpace(argument)}
	var servings, within []*regexp.Regexp
	for _, t := range k {
		servings, within = append(servings, t.servings...), append(within, t.within...)
	}
	w.text, w.of, w.servings = k.cutCount(w.text, servings)
	w.text, _, w.minutes = k.cutCount(w.text, within)
	k.sortWords(&w, k.cutWords(w.text))
	return w
}

// cutCount takes the longest phrase with a number out of a text, which stands there in figures or in a word.
func (k vocabulary) cutCount(text string, all []*regexp.Regexp) (rest, of string, n int) {
	if rest, of, n = cutNumber(text, all); n > 0 {
		return rest, of, n
	}
	for from := range text {
		if figures, to := k.numberWordAt(text, from); to > from {
			if rest, of, n = cutNumber(text[:from]+figures+text[to:], all); n > 0 {
				return rest, of, n
			}
		}
	}
	return text, "", 0
}

// oneFigure is the number whose word is in many languages an article as well.
const oneFigure = "1"

// numberWordAt returns the number, in figures, whose word begins at a place of a text, and where it ends; one is a
// number at the end alone.
func (k vocabulary) numberWordAt(text string, from int) (figures string, to int) {
	const longest = 6 // letters, of scripts without spaces
	letter := func(r rune) bool { return unicode.In(r, unicode.L, unicode.M) || r == '\'' || r == '’' }
	spaceless := textform.BeginsSpaceless(text[from:])
	if before, _ := utf8.DecodeLastRuneInString(text[:from]); !spaceless && letter(before) {
		return "", from
	}
	letters := 0
	for i, r := range text[from:] + " " {
		if i > 0 && (spaceless || !letter(r)) {
			word := textform.Fold(text[from : from+i])
			for _, t := range k {
				if n := t.numbers[word]; n != "" && (n != oneFigure || spaceless || from+i == len(text)) {
					figures, to = n, from+i
				}
			}
		}
		if letters++; !letter(r) || spaceless && letters > longest {
			break
		}
	}
	return figures, to
}

// cutNumber takes the longest phrase with a number out of a text; 0 if there is none,
// or nothing else.
func cutNumber(text string, all []*regexp.Regexp) (rest, of string, n int) {
	longest := []int{0, 0, 0, 0, 0, 0}
	for _, p := range all {
		if at := p.FindStringSubmatchIndex(text); len(at) > 1 && at[3]-at[2] > longest[3]-longest[2] {
			longest = at
		}
	}
	rest = strings.TrimSpace(text[:longest[2]] + " " + text[longest[3]:])
	n, err := strconv.Atoi(text[longest[4]:longest[5]])
	if err != nil || n < 1 || n > maxServings || rest == "" {
		return text, "", 0
	}
	return rest, strings.TrimSpace(text[longest[2]:longest[3]]), n
}

// sortWords sorts words into what is wanted and what is not.
func (k vocabulary) sortWords(w *wish, words []string) {
	// leaving says that words are left out, open that the next ones are.
	leaving, open := false, false
	for i := 0; i < len(words); {
		diet, n := k.dietAt(words, i)
		without, behind := k.sectionAt("without", words, i), k.sectionAt("behind", words, i)
		free, said := k.foodAt(words, i, signFree)
		bare := k.stemBeforeEnding(words[i])
		// What is left out may be an ordinary word as well, or one of another language.
		named := 0
		if open {
			_, named = k.foodAt(words, i, signName, signHolds, signLists)
		}
		switch {
		case n > 0:
			w.diets = append(w.diets, diet)
			leaving = false
		case named > 0 && named >= without:
			n, open = k.countLeftOut(words, i, len(w.words) > 0), k.sectionAt("between", words, i) > 0
			w.without = append(w.without, k.termOf(words[i:i+n]))
		case without > 0 && (i+without < len(words) || behind == 0):
			n, leaving, open = without, true, true
		case behind > 0 && len(w.words) > 0:
			n = behind
			w.leaveLastOut(k)
		case said > 0:
			n = said
			w.without = append(w.without, term{foods: free})
		case bare != "":
			n = 1
			w.without = append(w.without, k.termOf([]string{bare}))
		case k.sectionAt("quick", words, i) > 0:
			n, w.minutes = k.sectionAt("quick", words, i), quickMinutes
		case leaving && k.sectionAt("and", words, i) > 0:
			n, open = k.sectionAt("and", words, i), true
		case open && k.sectionAt("between", words, i) > 0:
			n = k.sectionAt("between", words, i)
		case k.sectionAt("with", words, i) > 0:
			n, leaving, open = k.sectionAt("with", words, i), false, false
		case k.idleAt(words, i) > 0:
			// "no bake" leaves nothing out.
			n, open = k.idleAt(words, i), open && k.sectionAt("idle", words, i) == 0
		case open:
			n = k.countLeftOut(words, i, len(w.words) > 0)
			w.without = append(w.without, k.termOf(words[i:i+n]))
			open = false
		default:
			_, n = k.foodAt(words, i, signName)
			n, leaving = max(n, 1), false
			w.words = append(w.words, strings.Join(words[i:i+n], " "))
		}
		i += n
	}
	if len(w.words) == 0 && len(w.diets) == 0 && len(w.without) == 0 && w.minutes == 0 {
		w.words = words
	}
	k.dropOrdinary(w)
}

// dropOrdinary drops the ordinary words of a wish that leaves something out and has words
// for food beside: "my son can have no nuts" says nothing of a son's recipes.
func (k vocabulary) dropOrdinary(w *wish) {
	food := slices.DeleteFunc(slices.Clone(w.words), func(word string) bool { return !k.isFood(word) && speech.IsCommon(word, speech.Any) })
	if w.hasRestrictions() && slices.ContainsFunc(food, k.isFood) {
		w.words = food
	}
}

// countLeftOut returns how many words name what is left out: those of a food, else one with
// what it is of, or all that follow where it was said before what is wanted.
func (k vocabulary) countLeftOut(words []string, i int, wanted bool) int {
	_, n := k.foodAt(words, i, signName, signHolds, signLists, signMay, signNot)
	if n > 1 || n > 0 && !wanted {
		return n
	}
	n = 1
	for i+n < len(words) && !wanted && !k.endsLeftOut(words, i+n) {
		n++
	}
	for i+n+1 < len(words) && ofWords[words[i+n]] && !k.endsLeftOut(words, i+n+1) {
		n += 2
	}
	return n
}

// ofWords stand between the two words of one food: pommes de terre.
var ofWords = map[string]bool{"of": true, "de": true, "d": true, "di": true, "do": true, "da": true}

// endsLeftOut reports whether a word ends a list of what is left out.
func (k vocabulary) endsLeftOut(words []string, i int) bool {
	ends := func(section string) bool { return k.sectionAt(section, words, i) > 0 }
	return slices.ContainsFunc([]string{"without", "with", "and", "quick", "behind"}, ends) || k.idleAt(words, i) > 0 || k.isFood(words[i])
}

// idleAt returns how many words only ask, or say nothing in whatever language.
func (k vocabulary) idleAt(words []string, i int) int { return k.idleIn(speech.Any, words, i) }

func (k vocabulary) idleIn(tongues speech.Tongues, words []string, i int) int {
	n := max(k.sectionAt("idle", words, i), k.sectionAt("asks", words, i))
	for _, section := range askingOfDish {
		n = max(n, k.sectionAt(section, words, i))
	}
	if n == 0 && ((speech.IsFunction(words[i], tongues) || speech.IsAsking(words[i])) && !k.isFood(words[i]) || speech.IsPolite(words[i])) {
		n = 1
	}
	return n
}

// leaveLastOut turns the last food that is wanted into one that is not.
func (w *wish) leaveLastOut(k vocabulary) {
	from := len(w.words) - 1
	w.without = append(w.without, k.termOf(strings.Fields(strings.Join(w.words[from:], " "))))
	w.words = w.words[:from:from]
}

// termOf returns what some words name.
func (k vocabulary) termOf(words []string) term {
	names, n := k.foodAt(words, 0, signName)
	if n != len(words) {
		names = nil
	}
	return term{words: slices.Clone(words), foods: names}
}

// dietFoods are what recipes say that they are fit for, and what then is not in them as far
// as lists tell; asFood is that of which a list tells as much.
var (
	dietFoods = map[string][]string{"vegan": {"meat", "fish", "egg", "milk", "honey", "gelatine"}, "vegetarian": {"meat", "fish", "gelatine"}, "gluten free": nil, "low lactose": nil}
	asFood    = map[string]string{"gluten free": "gluten", "low lactose": "milk"}
)

// dietAt returns the diet that is named at a place, and how many words that takes.
func (k vocabulary) dietAt(words []string, i int) (diet string, most int) {
	for name := range dietFoods {
		if n := k.sectionAt(name, words, i); n > most {
			diet, most = name, n
		}
	}
	return diet, most
}

// dietsOf returns the diets that a text names. What is vegan is vegetarian.
func dietsOf(text string) (all []string) {
	k, words := vocabularyOf(), wordsOf(text)
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

// hasRestrictions reports whether a wish leaves something out or is for a diet.
func (w wish) hasRestrictions() bool { return len(w.without) > 0 || len(w.diets) > 0 }

// IsWish reports whether a text asks for recipes by what is in them, or must not be, or of a dish that one makes.
func (s *source) IsWish(text string, alone bool, known func(folded string) bool) bool {
	k, words := vocabularyOf(append([]string{"en"}, s.env.Languages...)...), wordsOf(text)
	if alone && !k.mayBeWish(words) {
		return false
	}
	w := k.parseWish(text)
	if !w.hasRestrictions() && w.minutes == 0 && w.servings == 0 {
		if alone && k.asksFor("asks", words) && s.listsAll(w.words) {
			return true
		}
		var dish []string
		if alone {
			dish = s.dishAskedOf(k, words, w.words)
		} else {
			dish = s.dishOf(w.words, func(what.Item) bool { return true })
		}
		return dish != nil && s.asksOnly(k, words, w.words)
	}
	foreign := func(word string) bool { return !k.isFood(word) && !known(word) }
	odd := 0
	for _, word := range w.words {
		if foreign(word) {
			odd++
		}
	}
	// Who leaves food out of food may say for whom.
	left := !slices.ContainsFunc(w.without, func(t term) bool { return len(t.foods) == 0 && slices.ContainsFunc(t.words, foreign) })
	sure := left && w.hasRestrictions() && slices.ContainsFunc(w.words, k.isFood)
	switch {
	case alone && len(w.words) == 0, odd > 1, odd == 1 && !sure:
		return false
	}
	return len(w.words) > 0 || left
}

// Refine returns what asks for the same with what is said of it: for how many, without what, how quick.
// What the languages of the source do not say is read in those of all readers.
func (s *source) Refine(argument, said string) (refined string, ok bool) {
	own := vocabularyOf(append([]string{"en"}, s.env.Languages...)...)
	if refined, ok = own.refine(argument, said); ok {
		return refined, true
	}
	return own.refine(argument, vocabularyOf().inEnglish(argument, said))
}

// refine adds what is said to an argument, where it says more of it and of nothing else.
func (k vocabulary) refine(argument, said string) (refined string, ok bool) {
	before := k.parseWish(argument)
	// For how many takes the place of what was said of that.
	for _, text := range []string{argument, before.text} {
		refined = text + " " + said
		after := k.parseWish(refined)
		if said != "" && slices.Equal(after.words, before.words) && after.saysMore(before) {
			return refined, true
		}
	}
	return "", false
}

// inEnglish says what is said of an argument in words that every source reads; "" if it is anything else.
func (k vocabulary) inEnglish(argument, said string) string {
	refined, ok := k.refine(argument, said)
	if !ok {
		return ""
	}
	before, after := k.parseWish(argument), k.parseWish(refined)
	parts := slices.Clone(after.diets[min(len(before.diets), len(after.diets)):])
	for _, left := range after.without[min(len(before.without), len(after.without)):] {
		if len(left.foods) == 0 {
			return "" // no food that has an English name
		}
		parts = append(parts, "without "+strings.Join(left.foods, " or "))
	}
	if after.minutes != before.minutes {
		parts = append(parts, "in "+strconv.Itoa(after.minutes)+" minutes")
	}
	if after.servings != before.servings {
		parts = append(parts, "for "+strconv.Itoa(after.servings)+" people")
	}
	return strings.Join(parts, " ")
}

// saysMore reports whether a wish says something else than another of what is wanted.
func (w wish) saysMore(before wish) bool {
	return w.servings != before.servings || w.minutes != before.minutes || len(w.without) > len(before.without) || len(w.diets) > len(before.diets)
}

// asksFor reports whether words ask with a phrase of a section: for what is made of something, how it is made.
func (k vocabulary) asksFor(section string, words []string) bool {
	if k.namesSection(section, words) {
		return true
	}
	joined := strings.Join(words, "")
	return slices.ContainsFunc(k, func(t *table) bool {
		p := t.sections[section]
		return p != nil && slices.ContainsFunc(p.joined, func(s string) bool { return strings.Contains(joined, s) })
	})
}

// maxAsked is how many ingredients a message asks for at most.
const maxAsked = 3

// askingOfDish are the sections that ask of a dish: how it is made, how much of something is in it, what it nourishes.
var askingOfDish = []string{"made", "measures", "energy"}

// asksOnly reports whether all words but some only ask in a language of the source, or in English: who liked a dish asks
// for nothing.
func (s *source) asksOnly(k vocabulary, words, but []string) bool {
	tongues := speech.Of("en")
	for _, tag := range s.env.Languages {
		tongues |= speech.Of(languages.Base(tag))
	}
	but = fulltext.Words(strings.Join(but, " "))
	for i := 0; i < len(words); i++ {
		if textform.BeginsSpaceless(words[i]) || slices.Contains(but, words[i]) {
			continue
		}
		n := k.idleIn(tongues, words, i)
		if n == 0 {
			return false
		}
		i += n - 1
	}
	return true
}

// dishAskedOf returns the words that name a dish, where a text asks what its recipe tells; nil where it does not.
// Something stands between a dish and what is in it: "how much flour for the pancakes" asks of both, "how much is a chicken
// curry" for a price.
func (s *source) dishAskedOf(k vocabulary, words, said []string) []string {
	said = fulltext.Words(strings.Join(said, " "))
	all := func(what.Item) bool { return true }
	switch {
	case k.asksFor("energy", words):
		return s.dishOf(said, func(it what.Item) bool { return it.Facts.Text(factCalories) != "" })
	case k.asksFor("made", words):
		return s.dishOf(said, all)
	case !k.asksFor("measures", words):
		return nil
	}
	for i := 1; i < len(said); i++ {
		if last := slices.Index(words, said[i-1]); last < 0 || last+1 >= len(words) || words[last+1] == said[i] {
			continue
		}
		holds := s.newWords(said[:i])
		if dish := s.dishOf(said[i:], func(it what.Item) bool {
			return hasAll(fulltext.Tokens(strings.Join(listIn(it, factIngredients), "\n"), s.env.Languages), holds)
		}); dish != nil {
			return dish
		}
	}
	return nil
}

func (s *source) newWords(words []string) []fulltext.Word {
	return fulltext.NewWords(strings.Join(words, " "), s.env.Languages)
}

// dishOf returns some words where they are the name of a recipe that fits, or a part of it; nil where they are none.
func (s *source) dishOf(words []string, fits func(what.Item) bool) []string {
	items := s.told.Load()
	if items == nil || len(words) == 0 || len(words) > maxAsked {
		return nil
	}
	names := s.named.Of(*items, func() []string {
		all := make([]string, len(*items))
		for i, it := range *items {
			all[i] = fulltext.Tokens(strings.Join(recipeNames(it), "\n"), s.env.Languages)
		}
		return all
	})
	sought := s.newWords(words)
	if len(sought) == 0 {
		return nil
	}
	for i, name := range names {
		if hasAll(name, sought) && fits((*items)[i]) {
			return words
		}
	}
	return nil
}

// hasAll reports whether all of some words stand in the tokens of a text.
func hasAll(tokens string, words []fulltext.Word) bool {
	return !slices.ContainsFunc(words, func(word fulltext.Word) bool { return !word.Whole(tokens) })
}

// ingredientWords are the words in the lists of recipes, folded.
type ingredientWords map[string]bool

// listsAll reports whether each of some names stands in the list of a recipe, in whatever
// form.
func (s *source) listsAll(names []string) bool {
	items := s.told.Load()
	if items == nil || len(names) == 0 || len(names) > maxAsked {
		return false
	}
	known := s.lists.Of(*items, func() ingredientWords { return ingredientsOf(*items) })
	return !slices.ContainsFunc(fulltext.Words(strings.Join(names, " ")), func(word string) bool { return !known.hasWord(word) })
}

// ingredientsOf returns the words in the lists of some recipes.
func ingredientsOf(items []what.Item) ingredientWords {
	all := ingredientWords{}
	for _, it := range items {
		for _, line := range listIn(it, factIngredients) {
			for _, word := range fulltext.Words(line) {
				all[word] = true
			}
		}
	}
	return all
}

// hasWord reports whether a word is one of the words but for its ending, or a part of one.
func (m ingredientWords) hasWord(word string) bool {
	const part = 4
	if m[word] || utf8.RuneCountInString(word) < part {
		return m[word]
	}
	for other := range m {
		ending := strings.HasPrefix(word, other) && utf8.RuneCountInString(word[len(other):]) <= maxEnding && len(other) >= part
		if ending || strings.HasPrefix(other, word) || strings.HasSuffix(other, word) || sharesBeginning(word, other) {
			return true
		}
	}
	return false
}
