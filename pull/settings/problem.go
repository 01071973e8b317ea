package settings

import (
	"maps"
	"slices"
	"strings"
)

// Problem is one thing wrong with a value that was to fill a field.
type Problem struct {
	// Field is the path of the field: "url", "symbols[2].name", "phrases.en[0]";
	// rows count from 0.
	Field string `json:"field"`
	// Message is one English sentence that says what to do. It never repeats
	// a secret.
	Message string `json:"message"`
	// Key names the sentence for translations, Args what it speaks of. A
	// sentence of a kind's own is its key.
	Key  string            `json:"key"`
	Args map[string]string `json:"args,omitempty"`
}

// Problems are all that is wrong at once.
type Problems []Problem

// Error joins them, one line each.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Field + ": " + p.Message
	}
	return strings.Join(lines, "\n")
}

// cover says whether one of them is about the field or a part of it.
func (ps Problems) cover(field string) bool {
	for _, p := range ps {
		rest, ok := strings.CutPrefix(p.Field, field)
		if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// NewProblem words the sentence of that key, with args as pairs of name and
// value. A key that has no sentence is the sentence itself, so that a kind can
// say what only it knows.
func NewProblem(field, key string, args ...string) Problem {
	p := Problem{Field: field, Key: key, Message: key}
	if texts, ok := sentences[key]; ok {
		p.Message = texts[english]
	}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = map[string]string{}
		}
		p.Args[args[i]] = args[i+1]
	}
	p.Message = fillIn(p.Message, p.Args)
	return p
}

// In returns the message in a language: that of this package's own sentences,
// or of the words of those whose setting it is, under "problem." and the key,
// or for a check of Checks its name. English where nobody knows it.
func (p Problem) In(language string, words ...Words) string {
	key := p.Key
	if key == "check" {
		key = p.Args["check"]
	}
	for _, w := range words {
		if text, ok := w.find(language, problemPrefix+key); ok {
			return fillIn(text, p.argsIn(language))
		}
	}
	if text, ok := pick(sentences[p.Key], language); ok && p.Key != "check" {
		return fillIn(text, p.argsIn(language))
	}
	return p.Message
}

// argsIn says in a language what the args say in English.
func (p Problem) argsIn(language string) map[string]string {
	args := maps.Clone(p.Args)
	if text, ok := pick(things[args["got"]], language); ok {
		args["got"] = text
	}
	return args
}

// In returns copies whose messages are in a language; see Problem.In.
func (ps Problems) In(language string, words ...Words) Problems {
	out := slices.Clone(ps)
	for i, p := range ps {
		out[i].Message = p.In(language, words...)
	}
	return out
}

// fillIn puts args where the sentence has their names in braces.
func fillIn(sentence string, args map[string]string) string {
	if len(args) == 0 {
		return sentence
	}
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}
