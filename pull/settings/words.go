package settings

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Words are the texts of a kind, or of any settings struct, in languages other
// than English: by language ("fr", "de"), then by key.
//
//   - "title" and "help" are the kind's
//   - "url.label", "url.help" are those of a field; "symbols.name.label" that
//     of a field of rows or of a section
//   - "mode.choice.fast" says a choice; English may have it too, where the
//     choice itself is not fit for people
//   - "problem.<sentence>" is a sentence of the kind's own, "problem.cron" what
//     a check of Checks asks for
type Words map[string]map[string]string

// problemPrefix stands before the key of a problem's sentence.
const problemPrefix = "problem."

// Say returns the text of a key in a language, in the language without its
// region, or in English; otherwise is what there is where nobody says it.
func (w Words) Say(language, key, otherwise string) string {
	for _, l := range []string{language, english} {
		if text, ok := w.find(l, key); ok {
			return text
		}
	}
	return otherwise
}

func (w Words) find(language, key string) (string, bool) {
	for l := language; l != ""; l = shorter(l) {
		if text, ok := w[l][key]; ok {
			return text, true
		}
	}
	return "", false
}

// pick is find for the texts of one key by language.
func pick(texts map[string]string, language string) (string, bool) {
	for l := language; l != ""; l = shorter(l) {
		if text, ok := texts[l]; ok {
			return text, true
		}
	}
	return "", false
}

// shorter is a language tag without its last part.
func shorter(language string) string {
	return language[:max(0, strings.LastIndexByte(language, '-'))]
}

// Translate returns copies of the fields, at any depth, with the labels, helps
// and choices of a language; what it lacks stays English.
func Translate(fields []Field, w Words, language string) []Field {
	return w.translate(fields, language, "")
}

func (w Words) translate(fields []Field, language, path string) []Field {
	out := slices.Clone(fields)
	for i := range out {
		f := &out[i]
		at := path + f.Name
		f.Label = w.Say(language, at+".label", f.Label)
		f.Help = w.Say(language, at+".help", f.Help)
		labels := maps.Clone(f.ChoiceLabels)
		for _, c := range f.Choices {
			text := w.Say(language, at+".choice."+c, "")
			if text != "" && labels == nil {
				labels = map[string]string{}
			}
			if text != "" {
				labels[c] = text
			}
		}
		f.ChoiceLabels = labels
		if f.Fields != nil {
			f.Fields = w.translate(f.Fields, language, at+".")
		}
	}
	return out
}

// At returns the words for a struct that is a field of another, under the
// field's path. Its title and help stay behind; its sentences come along.
func (w Words) At(path string) Words {
	out := Words{}
	for language, texts := range w {
		moved := make(map[string]string, len(texts))
		for key, text := range texts {
			switch {
			case strings.HasPrefix(key, problemPrefix):
				moved[key] = text
			case key != "title" && key != "help":
				moved[path+"."+key] = text
			}
		}
		out[language] = moved
	}
	return out
}

// Join returns all words in one; later ones count where two say the same.
func Join(all ...Words) Words {
	out := Words{}
	for _, w := range all {
		for language, texts := range w {
			if out[language] == nil {
				out[language] = map[string]string{}
			}
			maps.Copy(out[language], texts)
		}
	}
	return out
}

// Complete is for the tests of those who bring words: the error lists what the
// languages lack of what the struct that v points to needs, what any has too
// much, and sentences that don't have the placeholders of the English one.
// Choices and sentences are needed in all languages once one has them.
func (w Words) Complete(v any, languages ...string) error {
	fields, err := Fields(v)
	if err != nil {
		return err
	}
	needed := map[string]bool{"title": true, "help": true}
	choices := map[string]bool{}
	noteKeys(fields, "", needed, choices)
	for _, texts := range w {
		for key := range texts {
			needed[key] = needed[key] || choices[key] || strings.HasPrefix(key, problemPrefix)
		}
	}
	var wrong []string
	for _, language := range languages {
		for _, key := range slices.Sorted(maps.Keys(needed)) {
			if needed[key] && w[language][key] == "" {
				wrong = append(wrong, language+" lacks "+key)
			}
		}
	}
	for _, language := range slices.Sorted(maps.Keys(w)) {
		wrong = append(wrong, w.doubts(language, needed)...)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("settings: words: %s", strings.Join(wrong, "; "))
	}
	return nil
}

// noteKeys notes the keys that fields need, and those of their choices.
func noteKeys(fields []Field, path string, needed, choices map[string]bool) {
	for _, f := range fields {
		at := path + f.Name
		needed[at+".label"], needed[at+".help"] = true, true
		for _, c := range f.Choices {
			choices[at+".choice."+c] = true
		}
		noteKeys(f.Fields, at+".", needed, choices)
	}
}

var placeholders = regexp.MustCompile(`\{\w+\}`)

// doubts lists what one language has too much, or fills in differently.
func (w Words) doubts(language string, needed map[string]bool) (wrong []string) {
	for _, key := range slices.Sorted(maps.Keys(w[language])) {
		sentence, isProblem := strings.CutPrefix(key, problemPrefix)
		if !needed[key] {
			wrong = append(wrong, language+" has "+key+", which nobody asks for")
			continue
		}
		if !isProblem {
			continue
		}
		want, got := placeholders.FindAllString(sentence, -1), placeholders.FindAllString(w[language][key], -1)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(slices.Compact(want), slices.Compact(got)) {
			wrong = append(wrong, language+" has other placeholders in "+key)
		}
	}
	return wrong
}
