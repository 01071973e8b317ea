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
	"keypull/pull/what/textform"
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

// apartMark stands between the value of a recipe and what else was wished for, in the
// argument of a choice.
const apartMark = " · "

// asked is one search.
type asked struct {
	*source
	x    *fulltext.Index
	q    pull.Query
	tags []string
	kitchen
	wish
}

// search finds recipes in an index, the best first: the one that an argument
// names, else those of that name, else those with all its words in their names,
// else those with all its words. What a wish leaves out is in none of them as far as
// they tell; of which nobody can tell stand last.
func (s *source) search(ctx context.Context, x *fulltext.Index, argument string, q pull.Query) (found []dish, a asked, err error) {
	a = asked{source: s, x: x, q: q, tags: append([]string{q.Language}, s.languages...)}
	a.kitchen = kitchenOf(append(slices.Clone(a.tags), "en")...)
	a.wish = wish{text: argument}
	// Who asks for all that it is called by means nothing else by it.
	if found, err = a.named(ctx, argument); err != nil || len(found) > 0 {
		return found, a, err
	}
	a.wish = a.understand(argument)
	names := []string{a.text}
	value, rest, tapped := strings.Cut(a.text, apartMark)
	if tapped {
		left := a.understand(rest)
		names, a.without, a.words = []string{value}, left.without, fulltext.Words(value)
	} else if len(a.without) > 0 {
		names = append(names, strings.Join(a.words, " "))
	}
	for i, name := range names {
		if found, err = a.named(ctx, name); err != nil {
			return nil, a, err
		}
		if i > 0 || tapped {
			found = a.fitting(found, a.without, nil)
		}
		if len(found) > 0 {
			return found, a, nil
		}
	}
	found, err = a.wished(ctx)
	return found, a, err
}

// wished finds what nothing is called by: what fits for sure goes before the rest, and
// what is written in the reader's language.
func (a *asked) wished(ctx context.Context) (found []dish, err error) {
	const most = 3
	best := 0
	for _, query := range a.queries() {
		hits, err := a.x.Search(ctx, query.Query)
		if err != nil {
			return nil, err //nolint:wrapcheck // it says what was tried
		}
		fit := a.fitting(theirs(unfolded(hits), a.q.Language), a.without, query.holds)
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
		return a.best(found), nil
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
	return a.wished(ctx)
}

// fitting leaves the dishes that are wished for, those that nobody can tell of last.
func (a *asked) fitting(all []dish, without, holds []term) []dish {
	for _, diet := range a.diets {
		if foods := dietFoods[diet]; len(foods) > 0 {
			without = append(slices.Clone(without), term{foods: foods})
		}
	}
	if len(without)+len(holds)+a.minutes == 0 {
		return all
	}
	judges := map[string][2][]*judge{}
	var sure, unsure []dish
	for _, d := range all {
		d.item, d.rest = d.whole(), nil
		language := d.item.Language
		of, ok := judges[language]
		if !ok {
			tags := a.languages
			if language != "" {
				tags = []string{language}
			}
			k := kitchenOf(tags...)
			for i, terms := range [...][]term{without, holds} {
				for _, t := range terms {
					j := k.judge(t, a.q.Language, tags)
					if i > 0 && j.known {
						j.term.words = nil // Pfannkuchen are no Kuchen
					}
					of[i] = append(of[i], j)
				}
			}
			judges[language] = of
		}
		switch a.fits(d.item, of[0], of[1]) {
		case yes:
			sure = append(sure, d)
		case maybe:
			// What is claimed is so; a list that may hold it doubts nothing.
			d.unsure = len(a.without) > 0 || len(a.diets) == 0
			unsure = append(unsure, d)
		case no:
		}
	}
	return append(sure, unsure...)
}

// best puts the plainest of the first dishes before the others, and of these what most
// people judged.
func (a *asked) best(found []dish) []dish {
	if len(found) <= max(a.q.Count, 1) {
		return found
	}
	first := found[:min(len(found), maxBest)]
	ratings := map[string]int{}
	for i := range first {
		first[i].item, first[i].rest = first[i].whole(), nil
		ratings[first[i].item.ID] = countIn(first[i].item, factRatings)
	}
	slices.SortStableFunc(first, func(x, y dish) int {
		return cmp.Or(order(x.unsure)-order(y.unsure), a.plain(x.item.Title)-a.plain(y.item.Title), ratings[y.item.ID]-ratings[x.item.ID])
	})
	return found
}

func order(unsure bool) int {
	if unsure {
		return 1
	}
	return 0
}

// named returns the recipes that go by a text.
func (a *asked) named(ctx context.Context, text string) ([]dish, error) {
	if h, ok, err := a.x.Get(ctx, text); err != nil || ok {
		return unfolded([]fulltext.Hit{h}), err //nolint:wrapcheck // it says what was tried
	}
	folded := textform.Fold(text)
	byValue, err := a.x.Named(ctx, valueMark+folded, 1)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what was tried
	}
	byName, err := a.x.Named(ctx, folded, maxBest)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what was tried
	}
	found := unfolded(byName)
	if own := theirs(found, a.q.Language); len(own) > 1 {
		return own, nil
	}
	if len(byValue) > 0 {
		return unfolded(byValue), nil
	}
	return theirs(found, a.q.Language), nil
}

// query is what is looked for, and what the recipes must hold beside.
type query struct {
	fulltext.Query
	holds []term
}

// queries returns what is looked for, one after the other until something is found:
// all words in the title, all words anywhere, and all but those that name a food, of
// which the recipes must then have some.
func (a *asked) queries() (all []query) {
	base := fulltext.Query{Languages: a.tags, Limit: maxFound}
	for _, diet := range a.diets {
		base.Tags = append(base.Tags, dietMark+diet)
	}
	var others []string
	var holds []term
	for _, word := range a.words {
		if t := a.termOf([]string{word}); len(t.foods) > 0 {
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
	if len(a.words) == 0 && (a.picky() || a.minutes > 0) || len(holds) > 0 {
		add(others, holds)
	}
	return all
}

// selected answers a query from an index.
func (s *source) selected(ctx context.Context, x *fulltext.Index, argument string, q pull.Query) (pull.Selection, error) {
	found, a, err := s.search(ctx, x, argument, q)
	if err != nil {
		return pull.Selection{}, &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("search_failed", nil), Err: err}
	}
	if len(found) > max(q.Count, 1) {
		picked := pull.Selection{Choices: terms(found), Note: strings.TrimSpace(a.narrower(found) + " " + a.note(found))}
		for i := range picked.Choices {
			a.follow(&picked.Choices[i])
		}
		return picked, nil
	}
	items := make([]what.Item, 0, len(found))
	for _, d := range found {
		it := d.whole()
		if a.servings > 0 {
			it = scaled(it, a.servings)
		}
		items = append(items, it)
	}
	picked := sources.Page(items, q)
	picked.Note = a.note(found)
	return picked, nil
}

// Bounds of what narrows a search: from how many recipes on it is told, by how many
// courses.
const (
	manyFound = 20
	maxWays   = 2
)

// narrower tells what leads to fewer recipes, where many fit: their usual courses, and
// less time.
func (a *asked) narrower(found []dish) string {
	if len(found) < manyFound {
		return ""
	}
	count := map[string]int{}
	for _, d := range found[:min(len(found), maxBest)] {
		courses, _ := d.item.Facts.Find(factCategory)
		for _, course := range courses.List {
			count[course]++
		}
	}
	courses := slices.SortedFunc(maps.Keys(count), func(x, y string) int { return cmp.Or(count[y]-count[x], strings.Compare(x, y)) })
	var ways []string
	for _, course := range courses[:min(len(courses), maxWays)] {
		ways = append(ways, a.text+" "+course)
	}
	if a.minutes == 0 && len(a.kitchen) > 1 {
		ways = append(ways, a.text+" "+a.kitchen[1].says["quick"])
	}
	return own.Say(a.q.Language, "narrower", words.Args{"ways": strings.Join(ways, " · ")})
}

// follow has a choice keep what else was wished for, as far as there is room.
func (a *asked) follow(choice *what.Term) {
	value, mark := choice.Value, apartMark
	for _, t := range a.without {
		if longer := value + mark + a.leaving(t); utf8.RuneCountInString(longer+" "+a.of) <= maxTap {
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

// leaving says that something is left out, as it is understood.
func (k kitchen) leaving(t term) string {
	what := strings.Join(t.words, " ")
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

// note says by what recipes were picked, where a wish left something out.
func (a *asked) note(found []dish) string {
	if !a.picky() || len(found) == 0 {
		return ""
	}
	said := []string{own.Say(a.q.Language, "judged", nil)}
	if a.unclaimed {
		said = append([]string{own.Say(a.q.Language, "unclaimed", nil)}, said...)
	}
	var unsure []string
	for _, d := range found[:min(len(found), maxNamed)] {
		if d.unsure {
			unsure = append(unsure, d.value)
		}
	}
	if len(unsure) > 0 {
		said = append([]string{own.Say(a.q.Language, "untold", words.Args{"names": strings.Join(unsure, ", ")})}, said...)
	}
	return strings.Join(said, " ")
}
