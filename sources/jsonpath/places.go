package jsonpath

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ohler55/ojg/jp"

	"keypull/pull/settings"
	"keypull/sources"
)

// Limits of what is shown of a document.
const (
	maxPlaces     = 400
	maxPlaceDepth = 12
	maxCell       = 80
)

// Step is a name on the way to a value, or the number of an entry of a list.
type Step struct {
	Name  string
	Entry bool
	// By is the condition that finds an entry whatever its number is; "" for none.
	By string
}

// Places lists the values of a document in the order in which they are written, each
// with the paths that spell gives it; nothing where the document is not understood.
func Places(body []byte, spell func(at []Step, holds bool) (path, item string)) []settings.Place {
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	if TooMuch(body) {
		return nil
	}
	t := tree{decoder: json.NewDecoder(bytes.NewReader(body)), spell: spell}
	t.decoder.UseNumber()
	if err := t.readValue("", nil); err != nil && len(t.places) < maxPlaces {
		return nil
	}
	return t.places
}

// tree reads a JSON document in the order in which it is written.
type tree struct {
	decoder *json.Decoder
	spell   func([]Step, bool) (string, string)
	places  []settings.Place
}

// readValue reads one value, which is called name and lies at some steps.
func (t *tree) readValue(name string, at []Step) error {
	token, err := t.decoder.Token()
	if err != nil {
		return err
	}
	delim, holds := token.(json.Delim)
	if len(at) > 0 && len(t.places) < maxPlaces && len(at) <= maxPlaceDepth {
		p := settings.Place{Name: sources.Shorten(sources.Line(name), maxCell), Depth: len(at) - 1}
		if p.Path, p.Item = t.spell(at, holds); !holds {
			p.Value = formatToken(token)
		}
		t.places = append(t.places, p)
	}
	for i := 0; holds && t.decoder.More(); i++ {
		step := Step{Name: strconv.Itoa(i), Entry: true}
		if delim == '{' {
			key, err := t.decoder.Token()
			if err != nil {
				return err
			}
			step = Step{}
			step.Name, _ = key.(string)
		}
		if err := t.readValue(step.Name, Below(at, step)); err != nil {
			return err
		}
	}
	if holds {
		_, err = t.decoder.Token()
	}
	return err
}

// formatToken returns a token as it is shown to editors.
func formatToken(token json.Token) string {
	switch v := token.(type) {
	case json.Number:
		return v.String()
	case string:
		return sources.Shorten(sources.Line(v), maxCell)
	case bool:
		return strconv.FormatBool(v)
	}
	return "null"
}

// Below returns the place of a step below some others.
func Below(at []Step, step Step) []Step { return append(at[:len(at):len(at)], step) }

// Within reports whether a place is another one, or lies below it.
func Within(at, above []Step) bool {
	return len(at) >= len(above) && slices.EqualFunc(at[:len(above)], above, func(a, b Step) bool { return a.Name == b.Name })
}

// At returns the value at a place; nil where there is none.
func At(v any, at []Step) any {
	for _, step := range at {
		v, _ = followNames(v, []string{step.Name})
	}
	return v
}

// Steps returns where the values at a path stand in a document.
func (p Path) Steps(d Document) (all [][]Step) {
	defer func() {
		if recover() != nil {
			all = nil
		}
	}()
	if p.expr == nil {
		steps := make([]Step, len(p.names))
		for i, name := range p.names {
			steps[i] = Step{Name: name}
		}
		return [][]Step{steps}
	}
	for _, at := range p.expr.Locate(d.comparable, maxResults) {
		var steps []Step
		for _, step := range at {
			switch step := step.(type) {
			case jp.Child:
				steps = append(steps, Step{Name: string(step)})
			case jp.Nth:
				steps = append(steps, Step{Name: strconv.Itoa(int(step)), Entry: true})
			}
		}
		all = append(all, steps)
	}
	return all
}

// plainName is a name that needs no brackets in a path.
var plainName = regexp.MustCompile(`^[^.$\[\]*?@'"\\\s]+$`)

// Spell returns the path to a place as Parse reads it: names with points between them,
// else a JSON path.
func Spell(at []Step) string {
	names := make([]string, len(at))
	for i, s := range at {
		if names[i] = s.Name; s.By != "" || !plainName.MatchString(s.Name) {
			return Bracketed(at)
		}
	}
	return strings.Join(names, ".")
}

// Bracketed returns the path to a place from the whole document on.
func Bracketed(at []Step) string {
	var b strings.Builder
	b.WriteByte('$')
	for _, s := range at {
		switch {
		case s.By != "":
			b.WriteString("[?(" + s.By + ")]")
		case s.Entry:
			b.WriteString("[" + s.Name + "]")
		default:
			b.WriteString("[" + Quoted(s.Name) + "]")
		}
	}
	return b.String()
}

// Quoted returns a text as it stands in a path.
func Quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
