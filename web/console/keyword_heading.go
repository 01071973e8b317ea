package console

import (
	"cmp"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// headings find the column of a table of keywords by what the console calls it, in any
// of its languages.
type headings struct {
	// labels are the fields by their folded labels, the longest label first; tags the
	// languages by their folded names.
	labels []headingLabel
	tags   map[string]string
	// first is the language of what names none.
	first string
}

type headingLabel struct {
	label string
	field settings.Field
}

// headingWords are what else the console calls fields: in the list of keywords.
func headingWords() map[string]string {
	return map[string]string{"keyword.one": "phrases", "keyword.phrases": "phrases", "keyword.source": "source"}
}

func newHeadings(fields []settings.Field, languages []string) headings {
	h := headings{tags: map[string]string{}, first: "en"}
	if len(languages) > 0 {
		h.first = languages[0]
	}
	for _, language := range words.Editors() {
		for i, f := range settings.Translate(fields, catalogue.Words(), language, string(catalogue.ResourceKeyword)+".") {
			h.addLabel(f.Label, fields[i])
			if key := "fields." + f.Name; words.Core().Has(key) {
				h.addLabel(words.Text{Key: key}.In(language), fields[i])
			}
			for key, name := range headingWords() {
				if name == f.Name {
					h.addLabel(words.Text{Key: key}.In(language), fields[i])
				}
			}
		}
		const names = "language."
		for _, key := range words.Core().Keys(names) {
			h.tags[textform.Fold(words.Text{Key: key}.In(language))] = strings.TrimPrefix(key, names)
		}
	}
	slices.SortStableFunc(h.labels, func(a, b headingLabel) int { return cmp.Compare(len(b.label), len(a.label)) })
	return h
}

func (h *headings) addLabel(label string, f settings.Field) {
	h.labels = append(h.labels, headingLabel{textform.Fold(label), f})
}

// column returns the column that a heading is the label of, "" for none: the label alone,
// or with a language behind it, by its name or its tag.
func (h headings) column(heading string) string {
	folded := textform.Fold(heading)
	for _, l := range h.labels {
		rest, ok := strings.CutPrefix(folded, l.label)
		if !ok || l.label == "" {
			continue
		}
		if rest == "" {
			return h.unnamed(l.field)
		}
		if tag := h.tagOf(strings.TrimSpace(rest), heading); tag != "" && strings.HasPrefix(rest, " ") && isByLanguage(l.field) {
			return l.field.Name + "." + tag
		}
	}
	return ""
}

// unnamed returns the column of a field that no language is named of.
func (h headings) unnamed(f settings.Field) string {
	if f.Type == settings.Lists {
		return f.Name + "." + h.first
	}
	return f.Name
}

// isByLanguage reports whether a field has a column for each language.
func isByLanguage(f settings.Field) bool {
	return f.Type == settings.Lists || f.Type == settings.Localised
}

// tagOf returns the language that the rest of a heading names.
func (h headings) tagOf(rest, heading string) string {
	if tag, ok := h.tags[rest]; ok {
		return tag
	}
	// A tag keeps its hyphens, which folding takes away.
	fields := strings.FieldsFunc(heading, func(r rune) bool { return strings.ContainsRune(" \t.:,;()[]/–—", r) })
	if len(fields) < 2 {
		return ""
	}
	tag := fields[len(fields)-1]
	base, _, _ := strings.Cut(tag, "-")
	tag = strings.ToLower(base) + tag[len(base):]
	const longest = 3
	if len(base) > longest || textform.Fold(tag) != rest || !settings.IsLanguage(tag) {
		return ""
	}
	return tag
}
