package pages

import (
	"fmt"
	"slices"

	"keypull/pull/settings"
)

// FieldGroup is what is folded of a form for one purpose.
type FieldGroup struct {
	Name   string
	Fields FieldList
}

// Groups returns the fields that are folded by what they are for, in the order of the
// first of each.
func (l FieldList) Groups() []FieldGroup {
	var all []FieldGroup
	for _, f := range l {
		if f.Group == "" {
			continue
		}
		i := slices.IndexFunc(all, func(g FieldGroup) bool { return g.Name == f.Group })
		if i < 0 {
			i = len(all)
			all = append(all, FieldGroup{Name: f.Group})
		}
		all[i].Fields = append(all[i].Fields, f)
	}
	return all
}

// Opens reports whether the group is unfolded: something in it is wrong, or was set.
func (g FieldGroup) Opens() bool {
	return g.Fields.Wrong() || slices.ContainsFunc(g.Fields, Field.isSet)
}

// mostOpenRows is how many rows stand open beside each other; of more, each is folded behind
// its first text.
const mostOpenRows = 3

// Folds reports whether a row is folded: there are many, and nothing in it is wrong or yet to
// be named.
func (f Field) Folds(r FieldRow) bool {
	return len(f.Rows) > mostOpenRows && r.Title != "" && len(r.Problems) == 0 && !r.Fields.Wrong()
}

// isSet reports whether a field holds another value than one that nobody has touched.
func (f Field) isSet() bool {
	switch f.Type {
	case settings.Rows:
		return slices.ContainsFunc(f.Rows, func(r FieldRow) bool { return slices.ContainsFunc(r.Fields, Field.isSet) })
	case settings.Pairs:
		return slices.ContainsFunc(f.Pairs, func(p FieldPair) bool { return p.Key != "" })
	case settings.Section:
		return slices.ContainsFunc(f.Parts, Field.isSet)
	case settings.Lists, settings.Localised:
		return slices.ContainsFunc(f.Texts, func(t FieldText) bool { return t.Value != "" })
	case settings.Toggle:
		return (f.Value == "on") != (f.Default == true)
	case settings.Text, settings.Lines, settings.Number, settings.Duration, settings.Size, settings.URL, settings.Choice,
		settings.Hidden, settings.Time, settings.Raw:
	}
	return f.Value != "" && f.Value != fmt.Sprint(f.Default)
}
