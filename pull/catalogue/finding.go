package catalogue

import (
	"strings"
	"unicode"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// Severity says whether a finding is a mistake or a doubt.
type Severity string

// The severities.
const (
	// Error: it can't do what the editor means.
	Error Severity = "error"
	// Warning: it works, perhaps not as meant.
	Warning Severity = "warning"
)

// Finding is one thing that a check of a publisher found.
type Finding struct {
	Severity Severity `json:"severity"`
	// Path is the field, rows counted from 0: "keyword[2].phrases.en[0]" in a
	// publisher, "phrases.en[0]" in a keyword.
	Path string `json:"path"`
	// Code names the rule, for programs.
	Code string `json:"code"`
	// Key names the sentence, since a rule may have several, and Args are what
	// it tells of, as they were written.
	Key  string            `json:"key,omitempty"`
	Args map[string]string `json:"args,omitempty"`
	// Message is one English sentence that says what to do.
	Message string `json:"message"`
	said    words.Text
}

// In returns the sentence in a language; as it came, where it came from another
// process.
func (f Finding) In(language string) string {
	return f.Said().In(language)
}

// Labelled returns the finding with the settings that it speaks of called as a form
// calls them: see words.Text.
func (f Finding) Labelled(label func(words.Field) (words.Text, bool)) Finding {
	if !f.said.IsZero() {
		f.said = f.said.Labelled(label)
	}
	return f
}

// Said returns the sentence as a text.
func (f Finding) Said() words.Text {
	if f.said.IsZero() {
		return words.Verbatim(f.Message)
	}
	return f.said
}

// Problem returns the finding as a problem of a field.
func (f Finding) Problem(field string) settings.Problem {
	p := settings.Wrong(field, f.said)
	p.Key, p.Args = f.Key, f.Args
	return p
}

// spokenOf are the settings that sentences speak of, by their keys.
var spokenOf = map[string]map[string]words.Field{
	CodeDuplicate: onBoth, CodeNeighbour: onBoth, CodeSameStem: onBoth, CodeShadowed: onBoth,
	keyEndsFirst:  {"from": {Name: "from"}, "until": {Name: "until"}},
	keyOver:       {"until": {Name: "until"}},
	keyNoArgument: {"query": {Name: "query"}, "argument": {Name: "argument", Value: `"required"`}},
	keyNoList:     {"bare": {Name: "bare"}},
	CodeUnnamed:   {"query": {Name: "query"}, "argument": {Name: "argument", Value: `"required"`}},
	CodeUnused:    {"query": {Name: "query"}, "argument": {Name: "argument", Value: `"optional"`}},
}

var onBoth = map[string]words.Field{"tie": {Name: "tie", Value: "true"}}

// newFinding makes a finding of the sentence "linter.<key>"; args are names and
// values in turn, of which the empty ones are left out. The keyword that is
// looked at is named where it has a name yet.
func newFinding(s Severity, path, code, key string, args ...string) Finding {
	f := Finding{Severity: s, Path: path, Code: code, Key: key}
	filled := words.Args{"whose": words.Text{}, "named": words.Text{}}
	for place, field := range spokenOf[key] {
		filled[place] = field
	}
	for i := 0; i+1 < len(args); i += 2 {
		if args[i+1] == "" {
			continue
		}
		if f.Args == nil {
			f.Args = make(map[string]string, len(args)/2)
		}
		f.Args[args[i]], filled[args[i]] = args[i+1], showInvisible(args[i+1])
	}
	if other, ok := filled["other_name"]; ok {
		filled["other"] = other
	}
	if keyword, ok := filled["keyword_name"]; ok {
		filled["whose"] = words.Text{Key: "linter.whose", Args: words.Args{"keyword": keyword}}
		filled["named"] = words.Text{Key: "linter.named", Args: words.Args{"keyword": keyword}}
	}
	f.said = words.Text{Key: "linter." + key, Args: filled}
	f.Message = f.said.String()
	return f
}

// showInvisible drops what a page or a terminal can't show: an editor may have pasted
// anything.
func showInvisible(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, value)
}
