package alexa

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"

	"keypull/pull"
	"keypull/web/messengers"
)

// keywordSlot is the slot of a featured keyword, keywordID what the ids of its
// values begin with; querySlot takes whatever else is said.
const (
	keywordSlot = "keyword"
	keywordID   = "k_"
	querySlot   = "query"
	maxSamples  = 100
)

// tongue is a language of Alexa: where it is spoken, and what stands around
// what is asked for. A phrase of anything needs words around it.
type tongue struct {
	locale string
	asking []string
	chosen string
}

// tongues are the languages that skills can have.
var tongues = map[string]tongue{
	"ar": {"ar-SA", []string{"عن {query}", "ابحث عن {query}", "أخبرني عن {query}"}, "رقم {number}"},
	"de": {"de-DE", []string{"nach {query}", "zu {query}", "suche {query}", "gib mir {query}", "was gibt es zu {query}"}, "Nummer {number}"},
	"en": {"en-US", []string{"for {query}", "about {query}", "search {query}", "give me {query}", "what about {query}"}, "number {number}"},
	"es": {"es-ES", []string{"por {query}", "sobre {query}", "busca {query}", "dame {query}", "qué hay de {query}"}, "número {number}"},
	"fr": {"fr-FR", []string{"pour {query}", "sur {query}", "cherche {query}", "donne moi {query}", "quoi de neuf sur {query}"}, "numéro {number}"},
	"hi": {"hi-IN", []string{"{query} के बारे में", "{query} बताओ", "{query} खोजो"}, "नंबर {number}"},
	"it": {"it-IT", []string{"per {query}", "su {query}", "cerca {query}", "dammi {query}", "che cosa c'è su {query}"}, "numero {number}"},
	"ja": {"ja-JP", []string{"{query} について", "{query} を検索", "{query} を教えて"}, "{number} 番"},
	"nl": {"nl-NL", []string{"naar {query}", "over {query}", "zoek {query}", "geef mij {query}", "wat is er over {query}"}, "nummer {number}"},
	"pt": {"pt-BR", []string{"por {query}", "sobre {query}", "procure {query}", "quero {query}", "o que há sobre {query}"}, "número {number}"},
}

// Pack returns the interaction model of each of the publisher's languages that
// Alexa speaks, to be put into the JSON editor of the developer console.
func (s *Skill) Pack(f messengers.Profile) ([]messengers.File, error) {
	var all []messengers.File
	for _, language := range f.Languages {
		base, _, _ := strings.Cut(language, "-")
		t, ok := tongues[base]
		if !ok {
			continue
		}
		if base != language {
			t.locale = language
		}
		all = append(all, messengers.File{Name: "interaction-model." + t.locale + ".json", Body: modelOf(f, language, t)})
	}
	if len(all) == 0 {
		return nil, &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_language", nil)}
	}
	return all, nil
}

func modelOf(f messengers.Profile, language string, t tongue) []byte {
	intent := func(name string, samples []string, slots ...object) object {
		of := object{"name": name, "samples": samples}
		if len(slots) > 0 {
			of["slots"] = slots
		}
		return of
	}
	var intents []object
	for _, name := range []string{"Help", "Stop", "Cancel", "Fallback", "NavigateHome", "Yes", "No", "Repeat", "Next"} {
		intents = append(intents, intent("AMAZON."+name+"Intent", []string{}))
	}
	intents = append(intents,
		intent("AskIntent", t.asking, object{"name": querySlot, "type": "AMAZON.SearchQuery"}),
		intent("ChoiceIntent", []string{"{number}", t.chosen}, object{"name": "number", "type": "AMAZON.NUMBER"}),
	)
	spoken := object{"invocationName": invocation(f.Name)}
	if values := valuesOf(f.Words[language]); len(values) > 0 {
		samples := []string{"{" + keywordSlot + "}"}
		for _, s := range t.asking {
			samples = append(samples, strings.ReplaceAll(s, "{"+querySlot+"}", "{"+keywordSlot+"}"))
		}
		intents = append(intents, intent("KeywordIntent", samples, object{"name": keywordSlot, "type": "KEYWORD"}))
		spoken["types"] = []object{{"name": "KEYWORD", "values": values}}
	}
	spoken["intents"] = intents
	var b bytes.Buffer
	_ = json.Indent(&b, messengers.JSON(object{"interactionModel": object{"languageModel": spoken}}), "", "  ") // it was written as JSON
	return b.Bytes()
}

func valuesOf(words []messengers.Word) (all []object) {
	for _, w := range words {
		name := sayable(w.Label)
		if name == "" || len(all) == maxSamples {
			continue
		}
		value := object{"name": object{"value": name}}
		if id, ok := strings.CutPrefix(w.Send, "k:"); ok {
			value["id"] = keywordID + id
		}
		all = append(all, value)
	}
	return all
}

// sayable returns a text as slots take it: without signs and pictures.
func sayable(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '\'' || r == '’' || r == '.' || r == '-' {
			return r
		}
		return ' '
	}, s)), " ")
}

// invocation returns a name as somebody says it: small letters, no digits.
func invocation(name string) string {
	said := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || r == '-' || r == '.' {
			return ' '
		}
		return unicode.ToLower(r)
	}, sayable(name))
	if said = strings.Join(strings.Fields(said), " "); said == "" {
		return "my newspaper"
	}
	return said
}
