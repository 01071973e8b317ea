package recipe

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources/ld"
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

// readRecipes reads all recipes of a document. The first bears the document's id.
// What its data leaves out is looked for in what the page shows; what cannot be
// told for sure is left out.
func (d document) readRecipes() []what.Item {
	items := d.readUntrusted()
	for i := range items {
		items[i] = dropUntrusted(items[i], d.doubt)
	}
	return items
}

// readUntrusted reads the recipes of a document, what is doubtful included.
func (d document) readUntrusted() []what.Item {
	g := newGraph(d.body)
	if d.isJSON() {
		return d.readNodes(g, g.Things)
	}
	var page *shown.Page
	read := func() *shown.Page {
		if page == nil {
			page = shown.Read(d.body)
		}
		return page
	}
	if len(g.Things) == 1 && isNameless(g.Things[0]) {
		g.Things[0]["name"] = read().Heading()
	}
	items := d.readNodes(g, g.Things)
	if len(items) > 1 || len(items) == 1 && saysAllUsual(items[0]) && !mayBeCutOff(items[0]) && !shown.Marked(d.body) {
		return items
	}
	return d.withShown(g, items, read())
}

// withShown adds what a page shows to what its data says, which is at most one
// recipe.
func (d document) withShown(g *ld.Graph, items []what.Item, page *shown.Page) []what.Item {
	nodes := page.Written()
	if len(nodes) == 1 && isNameless(nodes[0]) {
		nodes[0]["name"] = page.Heading()
	}
	written := d.readNodes(g, nodes)
	if len(items) == 0 {
		items = written
	} else {
		for _, it := range written {
			if len(written) == 1 || textform.Fold(it.Title) == textform.Fold(items[0].Title) {
				items[0] = fillFrom(items[0], it)
			}
		}
	}
	if state := node(page.State()); len(items) == 0 && state != nil {
		items = d.readNodes(g, []map[string]any{state})
	}
	if len(items) > 1 || len(items) == 1 && saysAllUsual(items[0]) && !mayBeCutOff(items[0]) {
		return items
	}
	guessed := node(page.Guessed())
	if guessed["name"] = page.Heading(); len(items) == 1 {
		guessed["name"] = html.EscapeString(items[0].Title)
	}
	for _, it := range d.readNodes(g, []map[string]any{guessed}) {
		switch {
		case len(items) == 1:
			items[0] = fillFrom(items[0], it)
		case hasIngredientsAndSteps(it) && (hasAmounts(it) || slices.ContainsFunc(listIn(it, factIngredients), shown.BeginsWithAmount)) && len(ld.List(guessed["recipeIngredient"])) > 1:
			// What a soap is made of, and how to use it, is told the same way; of what somebody has at
			// home the page may name no amount.
			items = append(items, it)
		}
	}
	return items
}

// isNameless reports whether a recipe has no name, or the label of a part of it in
// the place of one.
func isNameless(n node) bool {
	name := plainLine(ld.Text(n.nameOrHeadline()))
	return name == "" || isLabelOrTime(name) || codePattern.MatchString(name)
}

// isJSON reports whether a document is JSON, and no page.
func (d document) isJSON() bool {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(d.body, []byte("\xEF\xBB\xBF")))
	return bytes.HasPrefix(trimmed, []byte("{")) || bytes.HasPrefix(trimmed, []byte("["))
}

// hasIngredientsAndSteps reports whether a recipe can be cooked by what an item says.
func hasIngredientsAndSteps(it what.Item) bool {
	return len(listIn(it, factIngredients)) > 0 && len(listIn(it, factSteps)) > 0
}

// saysAllUsual reports whether an item says all that a page is usually asked for.
func saysAllUsual(it what.Item) bool {
	return hasIngredientsAndSteps(it) && hasAmounts(it) && it.Facts.Text(factTotal) != "" && it.Facts.Text(factYield) != ""
}

// hasAmounts reports whether amounts are told: some pages only name their
// ingredients in their data.
func hasAmounts(it what.Item) bool {
	list, amounts := listIn(it, factIngredients), 0
	for _, s := range list {
		if strings.ContainsAny(s, "0123456789"+shown.Fractions) {
			amounts++
		}
	}
	return len(list) < 3 || amounts*3 > len(list)
}

// fillFrom returns an item with what only another reading of it says.
func fillFrom(a, b what.Item) what.Item {
	a.Summary, a.Published = cmp.Or(a.Summary, b.Summary), cmp.Or(a.Published, b.Published)
	if len(a.Media) == 0 {
		a.Media = b.Media
	}
	a.Facts = slices.Clone(a.Facts)
	if !hasAmounts(a) && sameIngredients(b, a, false) || mayBeCutOff(a) && listsMore(b, a) {
		a.Facts = slices.DeleteFunc(a.Facts, func(f what.Fact) bool { return f.Name == factIngredients || f.Name == factGroups })
	}
	_, own := a.Facts.Find(factIngredients)
	for _, f := range b.Facts {
		if _, ok := a.Facts.Find(f.Name); !ok && (f.Name != factGroups || !own || sameIngredients(b, a, true)) {
			a.Facts = append(a.Facts, f)
		}
	}
	slices.SortStableFunc(a.Facts, func(f, g what.Fact) int { return slices.Index(facts, f.Name) - slices.Index(facts, g.Name) })
	return a
}

// mayBeCutOff reports whether an item tells so few ingredients that they may be the
// first of a list that goes on.
func mayBeCutOff(it what.Item) bool {
	const few = 4
	n := len(listIn(it, factIngredients))
	return n > 0 && n <= few
}

// listsMore reports whether an item tells all ingredients of another one, and more.
func listsMore(it, other what.Item) bool {
	all, few := listIn(it, factIngredients), listIn(other, factIngredients)
	return len(all) > len(few) && hasAmounts(it) && !slices.ContainsFunc(few, func(s string) bool {
		return !slices.ContainsFunc(all, func(line string) bool { return strings.Contains(textform.Fold(line), textform.Fold(s)) })
	})
}

// sameIngredients reports whether an item tells the ingredients of another one in their
// order, each with what the other says of it, or in the same words.
func sameIngredients(it, other what.Item, same bool) bool {
	return slices.EqualFunc(listIn(it, factIngredients), listIn(other, factIngredients), func(a, b string) bool {
		said, of := textform.Fold(a), textform.Fold(b)
		return said == of || !same && strings.Contains(said, of)
	})
}

// readNodes returns the recipes of some nodes.
func (d document) readNodes(g *ld.Graph, nodes []map[string]any) []what.Item {
	var items []what.Item
	places := map[string]int{}
	for _, n := range nodes {
		r := reader{node: n, graph: g, base: d.base, zone: d.zone}
		it := r.readItem()
		if it.Title == "" {
			continue
		}
		// Plug-ins that do not know of each other write the same recipe twice.
		if at, again := places[textform.Fold(it.Title)]; again {
			items[at] = fillFrom(items[at], it)
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
