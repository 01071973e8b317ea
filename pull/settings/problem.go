package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"keypull/pull/words"
)

// Problem is one thing wrong with a value that was to fill a field.
type Problem struct {
	// Field is the path of the field: "url", "symbols[2].name", "phrases.en[0]";
	// rows count from 0.
	Field string `json:"field"`
	// Message is one English sentence that says what to do. It never repeats
	// a secret.
	Message string `json:"message"`
	// Key names the sentence, Args what it speaks of.
	Key  string            `json:"key"`
	Args map[string]string `json:"args,omitempty"`
	said words.Text
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

// coverField says whether one of them is about the field or a part of it.
func (ps Problems) coverField(field string) bool {
	for _, p := range ps {
		rest, ok := strings.CutPrefix(p.Field, field)
		if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// Equal reports whether both say the same of the same field.
func (p Problem) Equal(q Problem) bool {
	return p.Field == q.Field && p.Message == q.Message && p.Key == q.Key && maps.Equal(p.Args, q.Args)
}

// NewProblem makes a problem of one of the sentences "problem.<key>" of package
// words; args are pairs of a name and its value, a string or a words.Text.
func NewProblem(field, key string, args ...any) Problem {
	filled := make(words.Args, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		filled[args[i].(string)] = args[i+1]
	}
	p := Wrong(field, words.Text{Key: problemPrefix + key, Args: filled})
	if own := problemPrefix + p.Args["check"]; key == checkKey && words.Core().Has(own) {
		p.said.Key = own
		p.Message = p.said.String()
	}
	return p
}

// checkKey is the key of what a check of Checks finds. Where package words has
// "problem.<its name>", that is said in place of the check's own words.
const checkKey = "check"

// Wrong makes a problem of a text: what only a kind knows.
func Wrong(field string, said words.Text) Problem {
	p := Problem{Field: field, Message: said.String(), Key: strings.TrimPrefix(said.Key, problemPrefix), said: said}
	for name, value := range said.Args {
		if p.Args == nil {
			p.Args = make(map[string]string, len(said.Args))
		}
		p.Args[name] = fmt.Sprint(value)
	}
	return p
}

// problemPrefix stands before the keys of this package's sentences.
const problemPrefix = "problem."

// Labelled returns the problem with the settings that it speaks of called as a form
// calls them: see words.Text.
func (p Problem) Labelled(label func(words.Field) (words.Text, bool)) Problem {
	if !p.said.IsZero() {
		p.said = p.said.Labelled(label)
		p.Message = p.said.String()
	}
	return p
}

// In returns the message in a language; as it came, where it came from another
// process.
func (p Problem) In(language string) string {
	return p.Said().In(language)
}

// Said returns the message as a text.
func (p Problem) Said() words.Text {
	if p.said.IsZero() {
		return words.Verbatim(p.Message)
	}
	return p.said
}

// Said tells them all, each with its field.
func (ps Problems) Said() words.Text {
	all := make([]words.Text, len(ps))
	for i, p := range ps {
		all[i] = words.Text{Key: problemPrefix + "at", Args: words.Args{"field": p.Field, "reason": p.Said()}}
	}
	return words.Text{Key: problemPrefix + "list", Args: words.Args{"problems": all}}
}

// In returns copies whose messages are in a language.
func (ps Problems) In(language string) Problems {
	out := slices.Clone(ps)
	for i, p := range ps {
		out[i].Message = p.In(language)
	}
	return out
}
