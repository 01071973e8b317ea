package shape

import (
	"slices"
	"strings"

	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/sources"
)

// OtherSubject returns what the one item that came for an argument is about, if that is
// something else than was asked for: by a field that the settings name, or by its
// symbol, or by its id, where what was asked for is written like one. It is ""
// otherwise: what a service found by searching is not judged.
func OtherSubject(items []what.Item, argument, field string) string {
	argument = strings.TrimSpace(argument)
	if len(items) != 1 || argument == "" {
		return ""
	}
	it := &items[0]
	names := []string{partOf(it, field)}
	if field == "" {
		names = []string{it.Facts.Text(factSymbol)}
		if isIdentifier(argument) {
			if names = append(names, it.Facts.Text(factSKU)); it.ID != madeID(it) {
				names = append(names, it.ID)
			}
		}
		names = slices.DeleteFunc(names, func(name string) bool { return !isIdentifier(name) })
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	all := append(slices.Clip(names), it.Title, it.Facts.Text(factName))
	if len(names) == 0 || slices.ContainsFunc(all, func(name string) bool { return textform.SameName(name, argument) }) {
		return ""
	}
	if !isIdentifier(argument) && sources.NewSearch(argument).Whole().Finds(all...) {
		return "" // "springfield" of "Springfield, Illinois"
	}
	return sources.Shorten(sources.Line(names[0]), 60)
}

// partOf returns what an item says at a field: its id, its title or a fact.
func partOf(it *what.Item, field string) string {
	switch field {
	case "id":
		return it.ID
	case "title":
		return it.Title
	}
	return it.Facts.Text(field)
}

// isIdentifier reports whether a text is written like a symbol or a number of
// something, and not like a word.
func isIdentifier(text string) bool {
	return !strings.Contains(text, "://") && len(text) < 40 && textform.IsSymbol(text)
}
