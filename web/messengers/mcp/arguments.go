package mcp

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull/words"
)

// Bounds of arguments, in characters.
const (
	maxText     = 500
	maxArgument = 120
	maxSession  = 64
	minSession  = 20
	maxLanguage = 35
	maxQuery    = 100
	maxCursor   = 20
)

// arguments are what a tool is called with, by name.
type arguments map[string]any

// wrong is what is wrong with an argument, as a sentence of the kind's own.
type wrong struct {
	key  string
	args words.Args
}

func (w *wrong) say(language string) string { return own.Say(language, w.key, w.args) }

func readArguments(raw json.RawMessage) (arguments, *wrong) {
	in := arguments{}
	if len(bytes.TrimSpace(raw)) == 0 || string(bytes.TrimSpace(raw)) == "null" {
		return in, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&in) != nil || in == nil {
		return arguments{}, &wrong{"arguments_odd", nil}
	}
	return in, nil
}

// only refuses arguments that a tool does not know.
func (in arguments) only(known ...string) *wrong {
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !slices.Contains(known, name) {
			return &wrong{"argument_unknown", words.Args{"name": clean(name, maxQuery), "known": strings.Join(known, ", ")}}
		}
	}
	return nil
}

// text is an argument of some length; a number is taken for how it is written.
func (in arguments) text(name string, most int) (string, *wrong) {
	var text string
	switch v := in[name].(type) {
	case nil:
	case string:
		text = clean(v, 2*most)
	case json.Number:
		text = v.String()
	default:
		return "", &wrong{"argument_no_text", words.Args{"name": name}}
	}
	if utf8.RuneCountInString(text) > most {
		return "", &wrong{"argument_long", words.Args{"name": name, "n": most}}
	}
	return text, nil
}

// language is what an answer is to be written in; "" where it does not say, or
// says none.
func (in arguments) language() string {
	tag, _ := in["language"].(string)
	if len(tag) > maxLanguage || strings.ContainsFunc(tag, notInTag) {
		return ""
	}
	return tag
}

func notInTag(r rune) bool { return r != '-' && r != '_' && !isAlphanumeric(r) }

func isAlphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// session is the conversation that the call goes on with; "" begins a new one.
func (in arguments) session() (string, *wrong) {
	session, _ := in["session"].(string)
	if session == "" && (in["session"] == nil || in["session"] == "") {
		return "", nil
	}
	if len(session) < minSession || len(session) > maxSession || strings.ContainsFunc(session, notInTag) {
		return "", &wrong{"session_odd", nil}
	}
	return session, nil
}
