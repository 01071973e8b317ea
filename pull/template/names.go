package template

import (
	"maps"
	"slices"
	"strings"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// roots are the variables that a template sees, with the names that may follow
// each; none means any.
var roots = map[string][]string{
	"item":      ItemNames,
	"items":     {"size", "first", "last"},
	"argument":  nil,
	"stamp":     nil,
	"reader":    {"language"},
	"publisher": {"name"},
}

// ItemNames are what every item has beside its facts.
var ItemNames = []string{
	"id", "title", "summary", "body", "link", "image", "media", "facts", "published", "as_of", "seen",
}

// spoken are words of the language that may stand for a variable.
var spoken = []string{"blank", "empty", "forloop", "limit", "offset", "reversed"}

// names knows which variables there are at a place of a template.
type names struct {
	facts []string
	local map[string]bool
}

// checkName says what is wrong with a variable and the names that follow it, ""
// where nothing is. A name that is computed is "".
func (n names) checkName(root string, path []string) words.Text {
	if n.local[root] || slices.Contains(spoken, root) {
		return words.Text{}
	}
	fields, ok := roots[root]
	switch {
	case !ok:
		return unknownNameHint("template.no_name", "", root, slices.Sorted(maps.Keys(roots)))
	case len(path) == 0 || fields == nil || root == "items" || path[0] == "":
		return words.Text{}
	case root == "item" && path[0] == "facts" && len(path) > 1:
		return n.fact(path[1], n.facts)
	case root == "item":
		return n.fact(path[0], append(slices.Clone(fields), n.facts...))
	case !slices.Contains(fields, path[0]):
		return unknownNameHint("template.no_member", root, path[0], fields)
	}
	return words.Text{}
}

// fact checks what follows item. Where nobody told which facts there are, only
// the source knows, and any name will do.
func (n names) fact(name string, known []string) words.Text {
	if n.facts == nil || name == "" || slices.Contains(known, name) {
		return words.Text{}
	}
	return unknownNameHint("template.no_member", "item", name, known)
}

// unknownNameHint names the nearest name that is known, or all of them.
func unknownNameHint(key, of, name string, known []string) words.Text {
	if nearest := settings.Nearest(name, known); nearest != "" {
		return words.Text{Key: key + "_near", Args: words.Args{"of": of, "got": name, "nearest": nearest}}
	}
	return words.Text{Key: key, Args: words.Args{"of": of, "got": name, "known": strings.Join(known, ", ")}}
}
