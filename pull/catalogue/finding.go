package catalogue

import (
	"strconv"
	"strings"
	"unicode"
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
}

// In returns the sentence in a language, region aside; Message where the
// checks don't speak it.
func (f Finding) In(language string) string {
	text := sentences[f.Key][strings.ToLower(base(language))]
	if text == "" || strings.EqualFold(base(language), "en") {
		return f.Message
	}
	text = sentenceFor(text, f.Args)
	for name, value := range f.Args {
		text = strings.ReplaceAll(text, "{"+name+"}", visible(value))
	}
	return text
}

// newFinding words a finding; args are names and values in turn, of which the
// empty ones are left out.
func newFinding(s Severity, path, code, key string, args ...string) Finding {
	f := Finding{Severity: s, Path: path, Code: code, Key: key, Message: sentences[key]["en"]}
	if len(args) == 0 {
		return f
	}
	f.Args = make(map[string]string, len(args)/2)
	pairs := make([]string, 0, 2*len(args))
	for i := 0; i+1 < len(args); i += 2 {
		if args[i+1] == "" {
			continue
		}
		blank := "{" + args[i] + "}"
		f.Args[args[i]] = args[i+1]
		// What stands in quotes is an editor's, who may have pasted anything:
		// the message goes to terminals.
		pairs = append(pairs, `"`+blank+`"`, strconv.Quote(args[i+1]), blank, args[i+1])
	}
	f.Message = strings.NewReplacer(pairs...).Replace(sentenceFor(f.Message, f.Args))
	return f
}

// sentenceFor drops what a sentence has in square brackets, which names the
// keyword, while the keyword has no name yet.
func sentenceFor(text string, args map[string]string) string {
	front, rest, ok := strings.Cut(text, "[")
	name, back, closed := strings.Cut(rest, "]")
	switch {
	case !ok || !closed:
		return text
	case args["keyword"] == "":
		return front + back
	}
	return front + name + back
}

// visible drops what a page can't show, and braces, so that no value is taken
// for a blank.
func visible(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '{' || r == '}' {
			return -1
		}
		return r
	}, value)
}
