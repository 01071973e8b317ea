package settings

import "strings"

// Problem is one thing wrong with a value that was to fill a field.
type Problem struct {
	// Field is the path of the field: "url", "symbols[2].name", "phrases.en[0]";
	// rows count from 0.
	Field string `json:"field"`
	// Message is one English sentence that says what to do. It never repeats
	// a secret.
	Message string `json:"message"`
	// Key names the sentence for translations, Args what it speaks of.
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
	if sentence, ok := sentences[key]; ok {
		p.Message = sentence
	}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = map[string]string{}
		}
		p.Args[args[i]] = args[i+1]
	}
	if p.Args != nil {
		p.Message = words(p.Message, args)
	}
	return p
}

func words(sentence string, args []string) string {
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// sentences holds the English of every key.
var sentences = map[string]string{
	"unknown":         `There is no such setting; known are {known}.`,
	"unknown_nearest": `There is no such setting; did you mean "{nearest}"?`,
	"required":        `A value is required.`,
	"text":            `Write a text in quotes, not {got}.`,
	"not_text":        `Write plain text: this holds bytes that are not UTF-8, or a zero byte.`,
	"lines":           `Write a list of texts, such as ["one", "two"], not {got}.`,
	"number":          `Write a whole number without quotes, not {got}.`,
	"number_range":    `Write a smaller number: at most {max} fits here, and at least {min}.`,
	"toggle":          `Write true or false without quotes, not {got}.`,
	"duration":        `Write a duration with its unit, such as "60s", "5m", "1h30m" or "7d", not {got}.`,
	"duration_unit":   `Write the unit too, in quotes: "{got}s" for seconds, "{got}m" for minutes.`,
	"time":            `Write a moment with its zone, such as "2026-12-24T18:00:00+01:00", not {got}.`,
	"pairs":           `Write names with texts, such as { name = "value" }, not {got}.`,
	"lists":           `Write names with lists of texts, such as { name = ["one", "two"] }, not {got}.`,
	"rows":            `Write a list of tables, not {got}.`,
	"row":             `Write a table of names and values, not {got}.`,
	"localised":       `Write one text, or one per language, such as { en = "…", fr = "…" }, not {got}.`,
	"choice":          `Write one of {choices}, not {got}.`,
	"choice_nearest":  `Write one of {choices}; did you mean "{nearest}"?`,
	"url":             `Write a whole address that begins with http:// or https:// and names a host.`,
	"id":              `Write 1 to 32 small letters, digits or hyphens, the first no hyphen, not {got}.`,
	"zone":            `Write an IANA time zone, such as Europe/Paris, not {got}.`,
	"language":        `Write a language as a BCP 47 tag, such as en or pt-BR, not {got}.`,
	"cidr":            `Write a network with its length, such as 10.0.0.0/8 or 127.0.0.1/32, not {got}.`,
	"min":             `Write {min} or more.`,
	"max":             `Write {max} or less.`,
	"min_length":      `Write at least {min} characters; this has {got}.`,
	"max_length":      `Write at most {max} characters; this has {got}.`,
	"min_entries":     `Give at least {min} entries; here are {got}.`,
	"max_entries":     `Give at most {max} entries; here are {got}.`,
	"check":           `{reason}.`,
}
