// Package places fills the places that an editor leaves in an address, a header
// or a body: {argument} for what a reader writes, {reader.city} for what a
// reader has said, escaped by where they stand. It is for kinds of sources, and
// none itself.
package places

import (
	"encoding/json"
	"errors"
	"html"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"keypull/sources"
)

// The places that texts may have.
const (
	Argument = "argument"
	Language = "language"
	Next     = "next"
	Key      = "key"
	// Reader begins those of what readers have said of themselves.
	Reader = "reader."
)

// usual are the places that a text may have where nothing else is said.
var usual = []string{Argument, Language, Next, Key, "number", "postcode", Reader}

// place finds what may be a place in a text; anyPlace what looks like one.
var (
	place    = regexp.MustCompile(`\{([a-z]+(?:\.[a-z][a-z0-9_]{0,40})?)\}`)
	anyPlace = regexp.MustCompile(`\{([^{}/?#&=\s]{1,60})\}`)
)

// Template is a text with places.
type Template struct {
	text string
	// known are the places that it may have, places those that it has.
	known, places []string
}

// New returns the template of a text with the usual places.
func New(text string) Template { return Of(text, usual...) }

// Of returns the template of a text with places of some names alone.
func Of(text string, names ...string) Template {
	t := Template{text: text, known: names}
	for _, m := range place.FindAllStringSubmatch(text, -1) {
		if t.knowsPlace(m[1]) && !slices.Contains(t.places, m[1]) {
			t.places = append(t.places, m[1])
		}
	}
	return t
}

func (t Template) knowsPlace(name string) bool {
	head, _, below := strings.Cut(name, ".")
	if below {
		return slices.Contains(t.known, head+".")
	}
	return slices.Contains(t.known, name)
}

// Has reports whether a place stands in it.
func (t Template) Has(name string) bool { return slices.Contains(t.places, name) }

// Names returns its places.
func (t Template) Names() []string { return slices.Clone(t.places) }

// Unknown are names in braces that stand for nothing.
func Unknown(text string) []string {
	var all []string
	for _, m := range anyPlace.FindAllStringSubmatch(text, -1) {
		if len(New(m[0]).places) == 0 {
			all = append(all, m[1])
		}
	}
	return all
}

// authorityEnd returns how much of an address is scheme and host.
func authorityEnd(address string) int {
	at := strings.Index(address, "://")
	if at < 0 {
		return 0
	}
	return at + 3 + strings.IndexAny(address[at+3:]+"/", "/?#")
}

// InHost reports whether a place stands in the name of an address' host.
func InHost(address string) bool { return strings.Contains(address[:authorityEnd(address)], "{") }

// MissingError says that a place of the path was to be filled and was not.
type MissingError struct {
	// Place is its name.
	Place string
}

// Error implements error.
func (e *MissingError) Error() string { return "nothing for the place " + e.Place }

// ErrOdd says that what fills a place leads elsewhere, or can stand in no header.
var ErrOdd = errors.New("what fills a place cannot stand there")

// Address fills the places of an address: those of the path as one segment's
// part, those of the query as a value's. A parameter of nothing but places that
// are empty is left out, and with filter[a][value] all of filter[a], which would
// be half a condition.
func (t Template) Address(values map[string]string) (string, error) {
	text, _, _ := strings.Cut(t.text, "#")
	end := authorityEnd(text)
	path, query, asked := strings.Cut(text[end:], "?")
	var failed error
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		filled := t.fillPlaces(segment, func(name, before string) string {
			if values[name] == "" && failed == nil {
				failed = &MissingError{Place: name}
			}
			return url.PathEscape(unquoted(values[name], before))
		})
		if filled != segment && strings.Trim(filled, ".") == "" && failed == nil {
			failed = ErrOdd // it would lead elsewhere
		}
		segments[i] = filled
	}
	if failed != nil {
		return "", failed
	}
	address := text[:end] + strings.Join(segments, "/")
	if !asked {
		return address, nil
	}
	params := strings.Split(query, "&")
	empty := func(param string) bool {
		p := Of(param, t.known...)
		return len(p.places) > 0 && !slices.ContainsFunc(p.places, func(name string) bool { return values[name] != "" })
	}
	var halves, kept []string
	for _, param := range params {
		if head := condition(param); head != "" && empty(param) {
			halves = append(halves, head)
		}
	}
	for _, param := range params {
		if empty(param) || slices.Contains(halves, condition(param)) {
			continue
		}
		kept = append(kept, t.fillPlaces(param, func(name, before string) string { return url.QueryEscape(unquoted(values[name], before)) }))
	}
	if len(kept) == 0 {
		return address, nil
	}
	return address + "?" + strings.Join(kept, "&"), nil
}

// condition is filter[a] of filter[a][value]=x, "" of a parameter that is no
// part of such.
func condition(param string) string {
	name, _, _ := strings.Cut(param, "=")
	name, err := url.QueryUnescape(name)
	if err != nil || strings.Count(name, "[") < 2 {
		return ""
	}
	return name[:strings.LastIndexByte(name, '[')]
}

// Header fills the places of a header's value. There are no lines in it.
func (t Template) Header(values map[string]string) (string, error) {
	filled := t.fillPlaces(t.text, func(name, before string) string { return sources.Line(unquoted(values[name], before)) })
	if !httpguts.ValidHeaderFieldValue(filled) {
		return "", ErrOdd
	}
	return filled, nil
}

// The forms of a body, by which its places are escaped.
const (
	JSON = "application/json"
	Form = "application/x-www-form-urlencoded"
	XML  = "xml"
)

// FormOf returns that of a body: as its header says, else as it begins.
func FormOf(body, contentType string) string {
	kind := strings.ToLower(contentType)
	switch begin := strings.TrimSpace(body); {
	case strings.Contains(kind, "json"):
		return JSON
	case strings.Contains(kind, "xml"), kind == "" && strings.HasPrefix(begin, "<"):
		return XML
	case kind == "" && (strings.HasPrefix(begin, "{") || strings.HasPrefix(begin, "[")):
		return JSON
	}
	return Form
}

// Body fills the places of a body.
func (t Template) Body(values map[string]string, form string) string {
	if form != JSON {
		return t.fillPlaces(t.text, func(name, before string) string {
			if form == XML {
				return html.EscapeString(values[name])
			}
			return url.QueryEscape(unquoted(values[name], before))
		})
	}
	return t.fillPlaces(t.text, func(name, before string) string {
		if !withinString(before) {
			return quoted(values[name])
		}
		value := values[name]
		if strings.HasSuffix(before, `\"`) || strings.HasSuffix(before, "'") {
			// It is a text within a text, of a language of its own.
			value = unquoted(value, `"`)
		}
		text := quoted(value)
		return text[1 : len(text)-1]
	})
}

// quoted returns a text as JSON has it.
func quoted(text string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a text always has a form
	return strings.TrimSuffix(b.String(), "\n")
}

// withinString reports whether a place behind this part of a JSON text stands
// within a string.
func withinString(before string) bool {
	within := false
	for i := 0; i < len(before); i++ {
		switch {
		case within && before[i] == '\\':
			i++
		case before[i] == '"':
			within = !within
		}
	}
	return within
}

// unquoted returns a value for a place that stands in quotation marks: whatever
// language it is of, the value cannot end the text that it is part of.
func unquoted(value, before string) string {
	for _, mark := range []string{`'`, `"`, "%27", "%22", "`"} {
		if strings.HasSuffix(before, mark) {
			return strings.Join(strings.Fields(strings.NewReplacer(`'`, " ", `"`, " ", `\`, " ", "`", " ").Replace(value)), " ")
		}
	}
	return value
}

// fillPlaces puts something in the place of each place; before is all that stands
// before it in the template.
func (t Template) fillPlaces(text string, with func(name, before string) string) string {
	var b strings.Builder
	at := 0
	for _, m := range place.FindAllStringSubmatchIndex(text, -1) {
		if !t.knowsPlace(text[m[2]:m[3]]) {
			continue
		}
		b.WriteString(text[at:m[0]])
		b.WriteString(with(text[m[2]:m[3]], text[:m[0]]))
		at = m[1]
	}
	b.WriteString(text[at:])
	return b.String()
}

// Put puts a place where an address has the value that counts most, if any counts more
// than nothing: that of a parameter, by its name, else a part of the path, whose name is
// "", the last first. It returns the address without its fragment, and the value.
func Put(address, name string, counts func(param, value string) int) (at, value string) {
	head, query, asks := strings.Cut(strings.SplitN(address, "#", 2)[0], "?")
	params := strings.Split(query, "&")
	best, most := -1, 0
	for i, param := range params {
		param, escaped, _ := strings.Cut(param, "=")
		plain, err := url.QueryUnescape(escaped)
		if n := counts(param, plain); err == nil && param != "" && plain != "" && n > most {
			best, most, value = i, n, plain
		}
	}
	put := "{" + name + "}"
	if best >= 0 {
		param, _, _ := strings.Cut(params[best], "=")
		params[best] = param + "=" + put
		return head + "?" + strings.Join(params, "&"), value
	}
	parts := strings.Split(head, "/")
	const before = 3 // scheme, nothing, host
	for i := len(parts) - 1; i >= before && value == ""; i-- {
		part, suffix := parts[i], path.Ext(parts[i])
		if suffix == ".json" || suffix == ".csv" {
			part = strings.TrimSuffix(part, suffix)
		} else {
			suffix = ""
		}
		if plain, err := url.PathUnescape(part); err == nil && plain != "" && counts("", plain) > 0 {
			parts[i], value = put+suffix, plain
		}
	}
	if head = strings.Join(parts, "/"); asks && query != "" {
		head += "?" + query
	}
	return head, value
}
