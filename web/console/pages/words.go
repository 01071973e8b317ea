package pages

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed words/*.json
var wordFiles embed.FS

// Languages are those that the console speaks; the first is the one that is
// spoken where no other is known.
func Languages() []string { return []string{"en", "fr", "de"} }

// words are the sentences of every language by key.
var words = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, language := range Languages() {
		m := map[string]string{}
		if text, err := wordFiles.ReadFile("words/" + language + ".json"); err == nil {
			// A test reads every file; one that can't be read leaves the keys.
			_ = json.Unmarshal(text, &m)
		}
		all[language] = m
	}
	return all
})

// Spoken is the console's language that fits a tag best: "fr-CA" is French,
// "pt" English.
func Spoken(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if _, ok := words()[base]; ok {
		return base
	}
	return Languages()[0]
}

// T is the sentence of a key in a language; English where the language has
// none, the key itself where English has none either. args are pairs of name
// and value for the places written {name}; whole numbers are written as the
// language writes them.
func T(language, key string, args ...any) string {
	language = Spoken(language)
	sentence, ok := words()[language][key]
	if !ok {
		if sentence, ok = words()[Languages()[0]][key]; !ok {
			return key
		}
	}
	if len(args) < 2 {
		return sentence
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), shown(language, args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// Plural is the sentence of key.one or key.other, as n asks for in that
// language; {n} stands for the number.
func Plural(language, key string, n int, args ...any) string {
	form := ".other"
	// French counts nothing like one.
	if n == 1 || n == 0 && Spoken(language) == "fr" {
		form = ".one"
	}
	return T(language, key+form, append([]any{"n", n}, args...)...)
}

// Has says whether a key has a sentence in English.
func Has(key string) bool {
	_, ok := words()[Languages()[0]][key]
	return ok
}

func shown(language string, v any) string {
	switch v.(type) {
	case int, int64, uint64, int32, uint32:
		if text, err := Number(language, v); err == nil {
			return text
		}
	}
	return fmt.Sprint(v)
}
