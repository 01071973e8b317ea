package words

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
)

//go:embed */*.json
var files embed.FS

// Files are this package's own message files.
func Files() fs.FS { return files }

// Core is the set of this package's own message files, loaded once. A test
// finds what is wrong with them.
var Core = sync.OnceValue(func() *Set {
	s, _ := Load(files)
	return s
})

// Set is the sentences of some message files in all their languages. It does
// not change, and any number of goroutines may use it.
type Set struct{ content func() *content }

// content is what the message files hold.
type content struct {
	speeches map[string]*speech
	// further are the languages of a single file beside those.
	further map[string]*speech
	// named are the keys that other sentences name.
	named map[string]bool
}

// Later returns the set that load returns, which is called when a sentence is first
// asked for. A test finds what is wrong with its files.
func Later(load func() (*Set, error)) *Set {
	return &Set{sync.OnceValue(func() *content {
		s, _ := load()
		if s == nil {
			return &content{speeches: map[string]*speech{fallback: {}}}
		}
		return s.content()
	})}
}

func (c *content) newSet() *Set { return &Set{func() *content { return c }} }

// speech is one language of a set.
type speech struct {
	tag       language.Tag
	toLeft    bool
	sentences map[string]*sentence
	numerals  numerals
}

// Text makes a Text of one of the set's sentences.
func (s *Set) Text(key string, args Args) Text { return Text{Key: key, Args: args, set: s} }

// Named reports whether other sentences of the set name a key.
func (s *Set) Named(key string) bool { return s.content().named[key] }

// Has reports whether the set has a sentence of a key.
func (s *Set) Has(key string) bool { return s.content().speeches[fallback].sentences[key] != nil }

// Say returns the sentence of a key in the language of a tag, else in English,
// filled in. A key without a sentence is said itself, so that it is found.
func (s *Set) Say(tag, key string, args Args) string {
	at, spoken, said := s.find(tag, key)
	if said == nil {
		return key
	}
	return spoken.fill(said, said.piecesFor(spoken.tag, args), func(place string) (string, bool) {
		value, ok := args[place]
		if !ok {
			return "", false
		}
		return argument(at, value), true
	})
}

// Fill is Say with texts alone, in pairs of a place and what fills it in. It
// takes less memory: every answer's stamp is several of these.
func (s *Set) Fill(tag, key string, pairs ...string) string {
	_, spoken, said := s.find(tag, key)
	if said == nil {
		return key
	}
	return spoken.fill(said, said.piecesFor(spoken.tag, nil), func(place string) (string, bool) {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == place {
				return pairs[i+1], true
			}
		}
		return "", false
	})
}

// find returns the sentence of a key in the best language that has it, and
// which that is; nil where none has.
func (s *Set) find(tag, key string) (string, *speech, *sentence) {
	for _, at := range [...]string{tag, Base(tag), fallback} {
		spoken, ok := s.content().speeches[at]
		if !ok {
			spoken, ok = s.content().further[at]
		}
		if ok {
			if said := spoken.sentences[key]; said != nil {
				return at, spoken, said
			}
		}
	}
	return "", nil, nil
}

// speechFor returns the set's best for a tag.
func (s *Set) speechFor(tag string) *speech {
	speeches := s.content().speeches
	for _, at := range []string{tag, Base(tag)} {
		if spoken, ok := speeches[at]; ok {
			return spoken
		}
	}
	return speeches[fallback]
}

// fill says a sentence with its places filled in. A place that nothing fills
// stays in its braces.
func (sp *speech) fill(said *sentence, pieces []piece, filled func(place string) (string, bool)) string {
	if len(pieces) == 1 && pieces[0].place == "" {
		return pieces[0].words
	}
	var b strings.Builder
	b.Grow(said.room)
	for _, p := range pieces {
		if p.place == "" {
			b.WriteString(p.words)
		} else if text, ok := filled(p.place); ok {
			b.WriteString(isolateText(text, sp.toLeft))
		} else {
			b.WriteString("{" + p.place + "}")
		}
	}
	return b.String()
}

// argument words what is filled in.
func argument(tag string, value any) string {
	switch v := value.(type) {
	case string:
		return v
	case Text:
		return v.In(tag)
	case *Text:
		return v.In(tag)
	case []string:
		return List(tag, v)
	case []Text:
		said := make([]string, len(v))
		for i, t := range v {
			said[i] = t.In(tag)
		}
		return List(tag, said)
	case time.Time:
		return At(tag, v)
	}
	if text, ok := canonicalNumber(value); ok {
		return Number(tag, text)
	}
	return canonicalArg(value).(string)
}

// List joins what is listed as a language does: a, b and c.
func List(tag string, items []string) string {
	switch last := len(items) - 1; last {
	case -1:
		return ""
	case 0:
		return items[0]
	default:
		return Core().Say(tag, "form.list_last", Args{
			"before": strings.Join(items[:last], Core().Say(tag, "form.list_comma", nil)), "last": items[last],
		})
	}
}

// Keys lists what the set has sentences for below a prefix, sorted.
func (s *Set) Keys(prefix string) []string {
	var below []string
	for key := range s.content().speeches[fallback].sentences {
		if strings.HasPrefix(key, prefix) {
			below = append(below, key)
		}
	}
	slices.Sort(below)
	return below
}
