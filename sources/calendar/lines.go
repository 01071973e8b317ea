package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// Limits of a file: what lies beyond them is cut, or refused.
const (
	maxLineBytes  = 64 << 10
	maxProperties = 400
	maxLines      = 1_000_000
	maxDepth      = 4
)

var (
	errNoCalendar = errors.New("there is no calendar in it")
	errTruncated  = errors.New("it ends in the middle")
	errTooLong    = fmt.Errorf("it has more than %d lines", maxLines)
)

// property is one line of a component, its names in capitals.
type property struct {
	name, value string
	params      map[string][]string
}

// paramOf returns the first value of a parameter, or "".
func (p property) paramOf(name string) string {
	if v := p.params[name]; len(v) > 0 {
		return strings.Trim(v[0], `"`)
	}
	return ""
}

// component is a VEVENT and the like, without what lies within it.
type component struct {
	name       string
	properties []property
}

// findProperty returns the first property of a name.
func (c *component) findProperty(name string) (property, bool) {
	for _, p := range c.properties {
		if p.name == name {
			return p, true
		}
	}
	return property{}, false
}

// valueOf returns the value of the first property of a name, or "".
func (c *component) valueOf(name string) string {
	p, _ := c.findProperty(name)
	return p.value
}

// values are those that the properties of a name list, each with its property.
func (c *component) values(name string) iter.Seq2[property, string] {
	return func(yield func(property, string) bool) {
		for _, p := range c.properties {
			if p.name != name {
				continue
			}
			for text := range strings.SplitSeq(p.value, ",") {
				if !yield(p, text) {
					return
				}
			}
		}
	}
}

// walkComponents hands each component of a file on when it ends, the calendar itself as
// the last. One component at a time is in memory. An unreadable line costs
// itself alone: bad counts them.
func walkComponents(body []byte, each func(c *component) error) (bad int, err error) {
	var open []*component
	calendars, lines := 0, 0
	err = unfold(body, func(raw []byte) error {
		if lines++; lines > maxLines {
			return errTooLong
		}
		p, ok := readLine(raw)
		switch {
		case !ok:
			bad++
			return nil
		case p.name == "BEGIN":
			c := &component{name: strings.ToUpper(strings.TrimSpace(p.value))}
			if len(open) == 0 && c.name == "VCALENDAR" {
				calendars++
			}
			if len(open) > maxDepth {
				return errTooLong
			}
			open = append(open, c)
			return nil
		case len(open) == 0:
			bad++
			return nil
		case p.name == "END":
			c := open[len(open)-1]
			if c.name != strings.ToUpper(strings.TrimSpace(p.value)) {
				bad++
				return nil
			}
			open = open[:len(open)-1]
			return each(c)
		}
		if c := open[len(open)-1]; len(c.properties) < maxProperties || c.name == "VCALENDAR" && len(c.properties) < 4*maxProperties {
			c.properties = append(c.properties, p)
		}
		return nil
	})
	switch {
	case err != nil:
		return bad, err
	case calendars == 0:
		return bad, errNoCalendar
	case len(open) > 0:
		return bad, errTruncated
	}
	return bad, nil
}

// unfold joins the lines that are folded: those that go on begin with a space
// or a tab. A character may be parted by a fold, so bytes are joined.
func unfold(body []byte, each func(line []byte) error) error {
	if !bytes.Contains(body, []byte("\n")) {
		body = bytes.ReplaceAll(body, []byte("\r"), []byte("\n"))
	}
	var line []byte
	for len(body) > 0 {
		next, rest, _ := bytes.Cut(body, []byte("\n"))
		body, next = rest, bytes.TrimRight(next, "\r")
		if len(next) > 0 && (next[0] == ' ' || next[0] == '\t') {
			if room := maxLineBytes - len(line); room > 0 {
				line = append(line, next[1:min(len(next), room+1)]...)
			}
			continue
		}
		if len(bytes.TrimSpace(line)) > 0 {
			if err := each(line); err != nil {
				return err
			}
		}
		line = append(line[:0], next[:min(len(next), maxLineBytes)]...)
	}
	if len(bytes.TrimSpace(line)) > 0 {
		return each(line)
	}
	return nil
}

// readLine reads one line (RFC 5545 §3.1).
func readLine(raw []byte) (property, bool) {
	line := strings.TrimLeftFunc(strings.ToValidUTF8(string(raw), "\uFFFD"), func(r rune) bool { return !inName(r) })
	name, rest := cutName(line)
	p := property{name: name, params: map[string][]string{}}
	for name != "" && strings.HasPrefix(rest, ";") {
		var param, value string
		if param, rest = cutName(rest[1:]); param == "" || !strings.HasPrefix(rest, "=") {
			return property{}, false
		}
		for more := true; more; more = strings.HasPrefix(rest, ",") {
			value, rest = cutValue(rest[1:])
			p.params[param] = append(p.params[param], value)
		}
	}
	value, ok := strings.CutPrefix(rest, ":")
	if !ok || name == "" {
		return property{}, false
	}
	p.value = value
	if kind := p.paramOf("VALUE"); name != "URL" && (kind == "" || kind == "TEXT") {
		p.value = unescaped.Replace(value)
	}
	return p, true
}

// unescaped reads what stands for other characters in texts.
var unescaped = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\;`, `;`, `\,`, `,`)

// inName reports whether a letter may stand in a name.
func inName(r rune) bool {
	return r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// cutName takes the name that a text begins with off it, in capitals.
func cutName(text string) (name, rest string) {
	rest = strings.TrimLeftFunc(text, inName)
	return strings.ToUpper(text[:len(text)-len(rest)]), rest
}

// cutValue takes the value of a parameter off a text.
func cutValue(text string) (value, rest string) {
	if quoted, found := strings.CutPrefix(text, `"`); found {
		value, rest, _ = strings.Cut(quoted, `"`)
		return value, rest
	}
	end := strings.IndexAny(text, ";:,")
	if end < 0 {
		return text, ""
	}
	return text[:end], text[end:]
}
