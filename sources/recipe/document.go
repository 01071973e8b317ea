package recipe

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources/recipe/shown"
)

// document is a page or a file, in UTF-8. id names it, base is where relative links
// count from; "" for files.
type document struct {
	body     []byte
	base, id string
	// zone is the publisher's; nil if it is not known.
	zone *time.Location
	// doubt hears what cannot be told for sure; nil for nobody.
	doubt func(words.Text)
}

// recipes reads all recipes of a document. The first bears the document's id.
// What its data leaves out is looked for in what the page shows; what cannot be
// told for sure is left out.
func (d document) recipes() []what.Item {
	items := d.read()
	for i := range items {
		items[i] = trusted(items[i], d.doubt)
	}
	return items
}

func (d document) read() []what.Item {
	g := newGraph(d.body)
	if d.data() {
		return d.items(&g, g.recipes)
	}
	var page *shown.Page
	read := func() *shown.Page {
		if page == nil {
			page = shown.Read(d.body)
		}
		return page
	}
	if len(g.recipes) == 1 && nameless(g.recipes[0]) {
		g.recipes[0]["name"] = read().Heading()
	}
	items := d.items(&g, g.recipes)
	if len(items) > 1 || len(items) == 1 && told(items[0]) && !scant(items[0]) && !shown.Marked(d.body) {
		return items
	}
	return d.withShown(&g, items, read())
}

// withShown adds what a page shows to what its data says, which is at most one
// recipe.
func (d document) withShown(g *graph, items []what.Item, page *shown.Page) []what.Item {
	var nodes []node
	for _, n := range page.Written() {
		nodes = append(nodes, n)
	}
	if len(nodes) == 1 && nameless(nodes[0]) {
		nodes[0]["name"] = page.Heading()
	}
	written := d.items(g, nodes)
	if len(items) == 0 {
		items = written
	} else {
		for _, it := range written {
			if len(written) == 1 || textform.Fold(it.Title) == textform.Fold(items[0].Title) {
				items[0] = filled(items[0], it)
			}
		}
	}
	if state := node(page.State()); len(items) == 0 && state != nil {
		items = d.items(g, []node{state})
	}
	if len(items) > 1 || len(items) == 1 && told(items[0]) && !scant(items[0]) {
		return items
	}
	guessed := node(page.Guessed())
	if guessed["name"] = page.Heading(); len(items) == 1 {
		guessed["name"] = html.EscapeString(items[0].Title)
	}
	for _, it := range d.items(g, []node{guessed}) {
		switch {
		case len(items) == 1:
			items[0] = filled(items[0], it)
		case sufficient(it) && measuredOut(it) && len(list(guessed["recipeIngredient"])) > 1:
			// What a soap is made of, and how to use it, is told the same way.
			items = append(items, it)
		}
	}
	return items
}

// nameless reports whether a recipe has no name, or the label of a part of it in
// the place of one.
func nameless(n node) bool {
	name := line(text(n.name()))
	return name == "" || aside(name) || code.MatchString(name)
}

// data reports whether a document is JSON, and no page.
func (d document) data() bool {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(d.body, []byte("\xEF\xBB\xBF")))
	return bytes.HasPrefix(trimmed, []byte("{")) || bytes.HasPrefix(trimmed, []byte("["))
}

// sufficient reports whether a recipe can be cooked by what an item says.
func sufficient(it what.Item) bool {
	_, of := it.Facts.Find(factIngredients)
	_, how := it.Facts.Find(factSteps)
	return of && how
}

// told reports whether an item says all that a page is usually asked for.
func told(it what.Item) bool {
	return sufficient(it) && measuredOut(it) && it.Facts.Text(factTotal) != "" && it.Facts.Text(factYield) != ""
}

// measuredOut reports whether amounts are told: some pages only name their
// ingredients in their data.
func measuredOut(it what.Item) bool {
	f, _ := it.Facts.Find(factIngredients)
	amounts := 0
	for _, s := range f.List {
		if strings.ContainsAny(s, "0123456789"+signsOfFractions) {
			amounts++
		}
	}
	return len(f.List) < 3 || amounts*3 > len(f.List)
}

// filled returns an item with what only another reading of it says.
func filled(a, b what.Item) what.Item {
	if a.Summary == "" {
		a.Summary = b.Summary
	}
	if len(a.Media) == 0 {
		a.Media = b.Media
	}
	if a.Published.IsZero() {
		a.Published = b.Published
	}
	a.Facts = slices.Clone(a.Facts)
	if !measuredOut(a) && says(b, a, false) || scant(a) && fuller(b, a) {
		a.Facts = slices.DeleteFunc(a.Facts, func(f what.Fact) bool { return f.Name == factIngredients || f.Name == factGroups })
	}
	_, own := a.Facts.Find(factIngredients)
	for _, f := range b.Facts {
		if _, ok := a.Facts.Find(f.Name); !ok && (f.Name != factGroups || !own || says(b, a, true)) {
			a.Facts = append(a.Facts, f)
		}
	}
	slices.SortStableFunc(a.Facts, func(f, g what.Fact) int { return slices.Index(facts, f.Name) - slices.Index(facts, g.Name) })
	return a
}

// scant reports whether an item tells so few ingredients that they may be the
// first of a list that goes on.
func scant(it what.Item) bool {
	const few = 4
	f, _ := it.Facts.Find(factIngredients)
	return len(f.List) > 0 && len(f.List) <= few
}

// fuller reports whether an item tells all ingredients of another one, and more.
func fuller(it, other what.Item) bool {
	f, _ := it.Facts.Find(factIngredients)
	g, _ := other.Facts.Find(factIngredients)
	return len(f.List) > len(g.List) && measuredOut(it) && !slices.ContainsFunc(g.List, func(s string) bool {
		return !slices.ContainsFunc(f.List, func(line string) bool { return strings.Contains(textform.Fold(line), textform.Fold(s)) })
	})
}

// says reports whether an item tells the ingredients of another one in their
// order, each with what the other says of it, or in the same words.
func says(it, other what.Item, same bool) bool {
	f, _ := it.Facts.Find(factIngredients)
	g, _ := other.Facts.Find(factIngredients)
	if len(f.List) != len(g.List) {
		return false
	}
	for i, s := range g.List {
		said, of := textform.Fold(f.List[i]), textform.Fold(s)
		if said != of && (same || !strings.Contains(said, of)) {
			return false
		}
	}
	return true
}

// items returns the recipes of some nodes.
func (d document) items(g *graph, nodes []node) []what.Item {
	var items []what.Item
	places := map[string]int{}
	for _, n := range nodes {
		r := reader{node: n, graph: g, base: d.base, zone: d.zone}
		it := r.item()
		if it.Title == "" {
			continue
		}
		// Plug-ins that do not know of each other write the same recipe twice.
		if at, again := places[textform.Fold(it.Title)]; again {
			items[at] = richer(items[at], it)
			continue
		}
		if len(items) == maxRecipes {
			break
		}
		it.ID = d.id
		if len(items) > 0 {
			it.ID = fmt.Sprintf("%s#%d", d.id, len(items)+1)
		}
		places[textform.Fold(it.Title)] = len(items)
		items = append(items, it)
	}
	return items
}

// richer returns the one of two readings of a recipe that says more of how it is
// made, with what only the other one says.
func richer(a, b what.Item) what.Item {
	if size(b) > size(a) {
		b.ID = a.ID
		a, b = b, a
	}
	return filled(a, b)
}

// size returns how much an item says of ingredients and steps, in bytes.
func size(it what.Item) int {
	n := 0
	for _, f := range it.Facts {
		if f.Name != factIngredients && f.Name != factSteps {
			continue
		}
		for _, line := range f.List {
			n += len(line)
		}
	}
	return n
}
