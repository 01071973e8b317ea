package pull

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/catalogue"
)

// label is the editor's text before a part: in the reader's language, else in
// the publisher's default one, else "".
func (s *sheet) label(p catalogue.Part) string {
	for _, l := range []string{s.language, s.edition.Languages[0]} {
		if text := strings.TrimSpace(p.Label.In(l)); text != "" {
			return text
		}
	}
	return ""
}

// factLabel is never empty: a bare number says nothing.
func (s *sheet) factLabel(p catalogue.Part) string {
	if text := s.label(p); text != "" {
		return text
	}
	return FactLabel(p.Show, append([]string{s.language}, s.edition.Languages...)...)
}

// FactLabel is what a fact is called in the first of the languages that knows a
// word for it, else its name made readable.
func FactLabel(name string, languages ...string) string {
	for _, l := range languages {
		if text, ok := factLabels[name][base(l)]; ok {
			return text
		}
	}
	return readable(name)
}

// factLabels names, in the service's languages, the facts that content on the
// web commonly has.
var factLabels = map[string]map[string]string{
	"price":           {"en": "Price", "fr": "Prix", "de": "Preis"},
	"change":          {"en": "Change", "fr": "Variation", "de": "Veränderung"},
	"change_unit":     {"en": "Unit", "fr": "Unité", "de": "Einheit"},
	"currency":        {"en": "Currency", "fr": "Devise", "de": "Währung"},
	"symbol":          {"en": "Symbol", "fr": "Symbole", "de": "Symbol"},
	"name":            {"en": "Name", "fr": "Nom", "de": "Name"},
	"author":          {"en": "Author", "fr": "Auteur", "de": "Von"},
	"categories":      {"en": "Topics", "fr": "Thèmes", "de": "Themen"},
	"ingredients":     {"en": "Ingredients", "fr": "Ingrédients", "de": "Zutaten"},
	"steps":           {"en": "Method", "fr": "Étapes", "de": "Zubereitung"},
	"prep_minutes":    {"en": "Preparation", "fr": "Préparation", "de": "Vorbereitung"},
	"cook_minutes":    {"en": "Cooking", "fr": "Cuisson", "de": "Kochzeit"},
	"total_minutes":   {"en": "Total", "fr": "Total", "de": "Gesamt"},
	"yield":           {"en": "Servings", "fr": "Portions", "de": "Portionen"},
	"alternate_names": {"en": "Also called", "fr": "Autres noms", "de": "Auch genannt"},
}

// readable makes words of a name: "rest_minutes" is "Rest", since the value
// tells the unit.
func readable(name string) string {
	words := strings.Join(strings.FieldsFunc(strings.TrimSuffix(name, minutesSuffix), func(r rune) bool {
		return r == '_' || r == '-' || r == '.' || unicode.IsSpace(r)
	}), " ")
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return name
	}
	return string(unicode.ToUpper(first)) + words[size:]
}
