package recipe

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/languages"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/fulltext"
)

// Bounds of a search: how many recipes are looked at, of how many of them the best are
// chosen, and how long an argument may be that a tap runs, in characters.
const (
	maxFound = 3000
	maxBest  = 60
	maxTap   = 120
)

// wishMark stands between the value of a recipe and what else was wished for, in the
// argument of a choice.
const wishMark = " · "

// asked is one search.
type asked struct {
	*source
	*roster
	x    *fulltext.Index
	q    pull.Query
	tags []string
	vocabulary
	wish
	// full are the recipes that were read whole, by their ids: one query after the other
	// finds the same. but counts those that a wish fits but for what it leaves out.
	full map[string]what.Item
	but  int
	// listing are those that are called by the whole wish, and list what it leaves out.
	listing []string
}

// fullRecipe returns a recipe with all that is kept of it.
func (a *asked) fullRecipe(d namedRecipe) namedRecipe {
	it, ok := a.full[d.item.ID]
	if !ok {
		it = d.fullItem()
		a.full[it.ID] = it
	}
	d.item, d.rest = it, nil
	return d
}

// findRecipes finds recipes in an index, the best first: the one that an argument
// names, else those of that name, else those with all its words in their names,
// else those with all its words. What a wish leaves out is in none of them as far as
// they tell; of which nobody can tell stand last.
func (s *source) findRecipes(ctx context.Context, x *fulltext.Index, all *roster, argument string, q pull.Query) (found []namedRecipe, a asked, err error) {
	a = asked{source: s, roster: all, x: x, q: q, tags: append([]string{q.Language}, s.env.Languages...), full: map[string]what.Item{}}
	a.vocabulary = vocabularyOf(append(slices.Clone(a.tags), "en")...)
	a.wish = wish{text: argument}
	// Who asks for all that it is called by means nothing else by it.
	said := a.parseWish(argument)
	if found, err = a.findNamed(ctx, argument); err != nil || len(found) > 0 {
		a.noteListing(found, said.without)
		return found, a, err
	}
	a.wish = said
	names := []string{a.text}
	value, rest, tapped := strings.Cut(a.text, wishMark)
	if tapped {
		left := a.parseWish(rest)
		names, a.without, a.words = []string{value}, left.without, fulltext.Words(value)
	} else if dish := s.dishAskedOf(a.vocabulary, wordsOf(argument), a.words); len(a.without) > 0 || dish != nil {
		if len(a.without) == 0 {
			a.words = dish
		}
		names = append(names, strings.Join(a.words, " "))
	}
	var named []namedRecipe
	for i, name := range names {
		if found, err = a.findNamed(ctx, name); err != nil {
			return nil, a, err
		}
		if i > 0 || tapped {
			found = a.filterFitting(found, a.without, nil)
		}
		if len(found) > 0 && (i == 0 || !found[0].unsure) {
			return found, a, nil
		}
		named = found
	}
	wished := a.wish // which a search in vain changes
	if found, err = a.findWished(ctx); err == nil && len(found) == 0 {
		found, err = a.findJoined(ctx)
	}
	if err == nil && len(found) == 0 && (wished.hasRestrictions() || wished.minutes > 0) && a.isSection("meal", wished.words) {
		a.wish, a.words = wished, nil // no recipe has to say that it is a dinner
		found, err = a.findWished(ctx)
	}
	// What is sure goes before a name of which nobody can tell.
	if err == nil && len(named) > 0 && (len(found) == 0 || found[0].unsure) {
		found = named
	}
	return a.keepMain(found), a, err
}

// keepMain returns the main dishes among what was found, where a dish is asked for and nothing else of it, and some
// are: "plat sans ail" asks for no dessert.
func (a *asked) keepMain(found []namedRecipe) []namedRecipe {
	asksForMain := func(text string) bool {
		return a.namesSection("main", wordsOf(text))
	}
	if len(a.words) > 0 || !asksForMain(a.text) {
		return found
	}
	mains := filterRecipes(found, func(d namedRecipe) bool {
		return slices.ContainsFunc(listIn(a.fullRecipe(d).item, factCategory), asksForMain)
	})
	if len(mains) == 0 {
		return found
	}
	return mains
}

// noteListing notes which recipes list what is left out.
func (a *asked) noteListing(found []namedRecipe, without []term) {
	for _, d := range found {
		it := a.fullRecipe(d).item
		tags := a.env.Languages
		if it.Language != "" {
			tags = []string{it.Language}
		}
		k := vocabularyOf(tags...)
		if slices.ContainsFunc(without, func(t term) bool {
			j := k.newTermMatcher(t, a.q.Language, tags)
			return slices.ContainsFunc(listIn(it, factIngredients), func(line string) bool { return j.matchLine(line, true) == yes })
		}) {
			a.listing = append(a.listing, d.value)
		}
	}
}

// leastPart is how many letters a part of a joined word has at least, and longestJoined how
// many the whole has at most: each place to part it is two queries.
const (
	leastPart     = 4
	longestJoined = 40
)

// findJoined finds what a word asks for that readers join of two, where nothing has it whole:
// chocolate cake in one word.
func (a *asked) findJoined(ctx context.Context) ([]namedRecipe, error) {
	if !languages.WritesCompounds(languages.Base(a.q.Language)) {
		return nil, nil
	}
	for i, word := range a.words {
		letters := []rune(word)
		if len(letters) > longestJoined || strings.Contains(word, " ") {
			continue
		}
		for at := len(letters) - leastPart; at >= leastPart; at-- {
			b := *a
			b.words = slices.Concat(a.words[:i], []string{string(letters[:at]), string(letters[at:])}, a.words[i+1:])
			if found, err := b.findWished(ctx); err != nil || len(found) > 0 {
				a.words = b.words
				return found, err
			}
		}
	}
	return nil, nil
}

// findWished finds what nothing is called by: what fits for sure goes before the rest, and
// what is written in the reader's language.
func (a *asked) findWished(ctx context.Context) (found []namedRecipe, err error) {
	const most = 3
	best := 0
	a.but = 0
	for _, query := range a.buildQueries(ctx) {
		hits, err := a.x.Search(ctx, query.Query)
		if err != nil {
			return nil, err //nolint:wrapcheck // it says what was tried
		}
		fit := a.filterFitting(preferLanguage(a.recipesOf(hits), a.q.Language), a.without, query.holds)
		if len(fit) == 0 {
			continue
		}
		worth := 1
		if !fit[0].unsure {
			worth += 2
		}
		if fit[0].item.Language == "" || fit[0].item.Spoken(a.q.Language) == a.q.Language {
			worth++
		}
		if worth > best {
			found, best = fit, worth
		}
		if best > most {
			break
		}
	}
	if len(found) > 0 || len(a.diets) == 0 {
		return a.sortBest(found), nil
	}
	// No recipe says so by itself: of some diets the lists tell as much.
	for _, diet := range a.diets {
		name := asFood[diet]
		if name == "" {
			return nil, nil
		}
		a.without = append(a.without, term{foods: []string{name}})
	}
	a.diets, a.unclaimed = nil, true
	return a.findWished(ctx)
}

// filterFitting returns the recipes that a wish fits, those that cannot be told last.
func (a *asked) filterFitting(all []namedRecipe, without, holds []term) []namedRecipe {
	for _, diet := range a.diets {
		if foods := dietFoods[diet]; len(foods) > 0 {
			without = append(slices.Clone(without), term{foods: foods})
		}
	}
	if len(without)+len(holds)+a.minutes == 0 {
		return all
	}
	judges := map[string][2][]*termMatcher{}
	var sure, unsure []namedRecipe
	but := 0
	for _, d := range all {
		d = a.fullRecipe(d)
		language := d.item.Language
		of, ok := judges[language]
		if !ok {
			tags := a.env.Languages
			if language != "" {
				tags = []string{language}
			}
			k := vocabularyOf(tags...)
			for i, terms := range [...][]term{without, holds} {
				for _, t := range terms {
					j := k.newTermMatcher(t, a.q.Language, tags)
					j.broad = i == 0
					if i > 0 && j.known {
						j.term.words = nil // Pfannkuchen are no Kuchen
					}
					of[i] = append(of[i], j)
				}
			}
			judges[language] = of
		}
		found, otherwise := a.judgeRecipe(d.item, of[0], of[1])
		if otherwise > no {
			but++
		}
		switch found {
		case yes:
			sure = append(sure, d)
		case maybe:
			// What is claimed is so; a list that may hold it doubts nothing.
			d.unsure = len(a.without) > 0 || len(a.diets) == 0
			unsure = append(unsure, d)
		case no:
		}
	}
	if a.but == 0 {
		a.but = but
	}
	return append(sure, unsure...)
}

// sortBest puts the plainest of the first recipes before the others, and of these what most
// people judged.
func (a *asked) sortBest(found []namedRecipe) []namedRecipe {
	if len(found) <= max(a.q.Count, 1) {
		return found
	}
	first := found[:min(len(found), maxBest)]
	ratings := map[string]int{}
	for i := range first {
		first[i] = a.fullRecipe(first[i])
		ratings[first[i].item.ID] = countIn(first[i].item, factRatings)
	}
	slices.SortStableFunc(first, func(x, y namedRecipe) int {
		return cmp.Or(sources.CompareBools(x.unsure, y.unsure), a.countExtraWords(x.item.Title)-a.countExtraWords(y.item.Title), ratings[y.item.ID]-ratings[x.item.ID])
	})
	return found
}

// recipesOf returns the recipes of documents, by the names that they have on the roster.
func (a *asked) recipesOf(hits []fulltext.Hit) []namedRecipe {
	all := make([]namedRecipe, 0, len(hits))
	for _, h := range hits {
		d, ok := recipeOfHit(h)
		if i, named := a.byID[h.ID]; named {
			d.value, d.names = a.dishes[i].value, a.dishes[i].names
		}
		if ok {
			all = append(all, d)
		}
	}
	return all
}

// findNamed returns the recipes that go by a text.
func (a *asked) findNamed(ctx context.Context, text string) ([]namedRecipe, error) {
	if h, ok, err := a.x.Get(ctx, text); err != nil || ok {
		return a.recipesOf([]fulltext.Hit{h}), err //nolint:wrapcheck // it says what was tried
	}
	found, alone := a.calledBy(text)
	if found = preferLanguage(found, a.q.Language); len(found) < 2 && len(alone) > 0 {
		found = alone
	}
	var hits []fulltext.Hit
	for _, d := range found[:min(len(found), maxBest)] {
		h, ok, err := a.x.Get(ctx, d.item.ID)
		if err != nil {
			return nil, err //nolint:wrapcheck // it says what was tried
		}
		if ok {
			hits = append(hits, h)
		}
	}
	return a.recipesOf(hits), nil
}

// query is what is looked for, and what the recipes must hold beside.
type query struct {
	fulltext.Query
	holds []term
}

// buildQueries returns what is looked for, one after the other until something is found:
// all words in the title, all words anywhere, and all but those that name a food, of
// which the recipes must then have some.
func (a *asked) buildQueries(ctx context.Context) (all []query) {
	base := fulltext.Query{Languages: a.tags, Limit: maxFound}
	for _, diet := range a.diets {
		base.Tags = append(base.Tags, dietMark+diet)
	}
	var others []string
	var holds []term
	for _, word := range a.words {
		if t := a.termOf(strings.Fields(word)); len(t.foods) > 0 {
			holds = append(holds, t)
		} else {
			others = append(others, word)
		}
	}
	add := func(words []string, holds []term, in ...string) {
		q := query{base, holds}
		for _, word := range words {
			q.All = append(q.All, fulltext.Term{Text: word, In: in})
		}
		all = append(all, q)
	}
	if len(a.words) > 0 {
		add(a.words, holds, inTitle)
		add(a.words, holds)
	}
	if len(a.words) == 0 && (a.hasRestrictions() || a.minutes > 0) || len(holds) > 0 {
		add(others, holds)
	}
	if known := a.knownWords(ctx, others); a.hasRestrictions() && len(holds) > 0 && len(known) < len(others) {
		add(known, holds)
	}
	return all
}

// knownWords returns the words that stand in some recipe, or are food.
func (a *asked) knownWords(ctx context.Context, words []string) []string {
	in, err := a.x.Frequencies(ctx, words, a.tags)
	if err != nil {
		return words
	}
	var all []string
	for i, word := range words {
		if in[i] > 0 || a.isFood(word) {
			all = append(all, word)
		}
	}
	return all
}

// selectFrom answers a query from an index.
func (s *source) selectFrom(ctx context.Context, x *fulltext.Index, all *roster, argument string, q pull.Query) (pull.Selection, error) {
	found, a, err := s.findRecipes(ctx, x, all, argument, q)
	if err != nil {
		return pull.Selection{}, &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("search_failed", nil), Err: err}
	}
	if len(found) > max(q.Count, 1) {
		ways := a.narrowerAsks(found)
		picked := pull.Selection{Choices: termsOf(found), Note: a.noteJudged(found)}
		if len(ways) > 0 {
			picked.Note = strings.TrimSpace(own.Say(q.Language, "narrower", words.Args{"ways": strings.Join(ways, " · ")}) + " " + picked.Note)
		}
		for _, way := range ways {
			picked.Buttons = append(picked.Buttons, pull.Button{Label: way, Send: way})
		}
		for i := range picked.Choices {
			a.extendChoice(&picked.Choices[i])
		}
		return picked, nil
	}
	items := make([]what.Item, 0, len(found))
	for _, d := range found {
		it := d.fullItem()
		if a.servings > 0 {
			it = scaleRecipe(it, a.servings)
		}
		items = append(items, it)
	}
	picked := sources.Page(items, q)
	if picked.Note = a.noteJudged(found); len(found) == 0 {
		picked.Note = a.noteAllList()
	}
	return picked, nil
}

// noteAllList says how many recipes are all that is wished for, but for what they list: where
// some are, all of them do.
func (a *asked) noteAllList() string {
	if a.but == 0 || len(a.without) == 0 || len(a.words) == 0 || len(a.diets) > 0 {
		return ""
	}
	if a.but == 1 {
		return own.Say(a.q.Language, "one_lists", nil)
	}
	return own.Say(a.q.Language, "all_list", words.Args{"n": a.but})
}

// Bounds of what narrows a search: from how many recipes on it is told, by how many
// courses.
const (
	manyFound = 20
	maxWays   = 2
)

// narrowerAsks returns what leads to fewer recipes, where many fit: their usual courses, and
// less time.
func (a *asked) narrowerAsks(found []namedRecipe) (ways []string) {
	if len(found) < manyFound {
		return nil
	}
	count := map[string]int{}
	for _, d := range found[:min(len(found), maxBest)] {
		for _, course := range listIn(d.item, factCategory) {
			count[course]++
		}
	}
	courses := slices.SortedFunc(maps.Keys(count), func(x, y string) int { return cmp.Or(count[y]-count[x], strings.Compare(x, y)) })
	for _, course := range courses[:min(len(courses), maxWays)] {
		ways = append(ways, a.text+" "+course)
	}
	if a.minutes == 0 && len(a.vocabulary) > 1 {
		ways = append(ways, a.text+" "+a.vocabulary[1].says["quick"])
	}
	return ways
}

// extendChoice adds to a choice what else was wished for, as far as there is room.
func (a *asked) extendChoice(choice *what.Term) {
	value, mark := choice.Value, wishMark
	for _, t := range a.without {
		if longer := value + mark + a.phraseLeavingOut(t); utf8.RuneCountInString(longer+" "+a.of) <= maxTap {
			value, mark = longer, " "
		}
	}
	if a.servings > 0 {
		value += " " + a.of
	}
	if value != choice.Value {
		choice.Names = append([]string{choice.Value}, choice.Names...)
		choice.Value = value
	}
}

// phraseLeavingOut says that something is left out, as it is understood.
func (k vocabulary) phraseLeavingOut(t term) string {
	what := strings.Join(t.words, " ")
	k = slices.Concat(k[1:], k[:1]) // the words of no one language say it last
	for _, table := range k {
		if what == "" && len(t.foods) > 0 {
			what = table.says["food "+t.foods[0]]
		}
	}
	for _, table := range k {
		switch {
		case table.says["without"] != "":
			return table.says["without"] + " " + what
		case table.says["behind"] != "":
			return what + " " + table.says["behind"]
		}
	}
	return what
}

// maxNamed is how many recipes are named of which nobody can tell.
const maxNamed = 3

// noteJudged says by what recipes were picked, where a wish left something out.
func (a *asked) noteJudged(found []namedRecipe) string {
	if len(a.listing) > 0 {
		return own.Say(a.q.Language, "listing", words.Args{"names": strings.Join(a.listing[:min(len(a.listing), maxNamed)], ", ")})
	}
	if !a.hasRestrictions() || len(found) == 0 {
		return ""
	}
	var said, unsure []string
	for _, d := range found[:min(len(found), maxNamed)] {
		if d.unsure {
			unsure = append(unsure, d.value)
		}
	}
	if len(unsure) > 0 {
		said = append(said, own.Say(a.q.Language, "untold", words.Args{"names": strings.Join(unsure, ", ")}))
	}
	if a.unclaimed {
		said = append(said, own.Say(a.q.Language, "unclaimed", nil))
	}
	return strings.Join(append(said, own.Say(a.q.Language, "judged", nil)), " ")
}
