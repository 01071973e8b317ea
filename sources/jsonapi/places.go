package jsonapi

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
	"keypull/sources/shape"
)

// Limits of what is shown of an answer.
const (
	maxPlaces     = 400
	maxPlaceDepth = 12
	maxCell       = 80
)

// Places lists the values of an answer, and how a setting names each.
func (s *Settings) Places(body []byte, _ string) []settings.Place {
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	if tooMuch(body) {
		return nil
	}
	t := tree{decoder: json.NewDecoder(bytes.NewReader(body)), items: s.itemsOf(body)}
	t.decoder.UseNumber()
	if err := t.value("", nil); err != nil && len(t.places) < maxPlaces {
		return nil
	}
	return t.places
}

// tree reads a JSON document in the order in which it is written.
type tree struct {
	decoder *json.Decoder
	// items are the places of the items.
	items  [][]string
	places []settings.Place
}

// itemsOf returns the places of the items of an answer; none where the settings name
// none in it.
func (s *Settings) itemsOf(body []byte) (all [][]string) {
	defer func() {
		if recover() != nil {
			all = nil
		}
	}()
	e, err := s.effective()
	if err != nil {
		return nil
	}
	p, err := parsePath(e.Items)
	d, failed := decode(body, sources.Encoded{}, true)
	if err != nil || failed != nil {
		return nil
	}
	places := [][]string{p.names}
	if p.expr != nil {
		places = nil
		for _, at := range p.expr.Locate(d.comparable, maxResults) {
			places = append(places, steps(at))
		}
	}
	for _, names := range places {
		v, _ := walk(d.exact, names)
		list, ok := v.([]any)
		if !ok || p.many {
			all = append(all, names)
			continue
		}
		for i := range list {
			all = append(all, below(names, strconv.Itoa(i)))
		}
	}
	return all
}

// steps returns the names and numbers of a place.
func steps(at jp.Expr) (names []string) {
	for _, step := range at {
		switch step := step.(type) {
		case jp.Child:
			names = append(names, string(step))
		case jp.Nth:
			names = append(names, strconv.Itoa(int(step)))
		}
	}
	return names
}

func below(names []string, name string) []string { return append(names[:len(names):len(names)], name) }

// within returns a place as a field of an item has it: from the item on, and from the
// whole answer on where it is in none.
func (t *tree) within(names []string) string {
	for _, item := range t.items {
		if len(names) > len(item) && slices.Equal(names[:len(item)], item) {
			return spelled(names[len(item):])
		}
	}
	return bracketed(names)
}

// value reads one value, which is called name and lies at names.
func (t *tree) value(name string, names []string) error {
	token, err := t.decoder.Token()
	if err != nil {
		return err
	}
	at := len(t.places)
	shown := len(names) > 0 && at < maxPlaces && len(names) <= maxPlaceDepth
	if shown {
		t.places = append(t.places, settings.Place{Path: spelled(names), Item: t.within(names), Name: sources.Shorten(sources.Line(name), maxCell), Depth: len(names) - 1})
	}
	switch token {
	case json.Delim('{'):
		for t.decoder.More() {
			key, err := t.decoder.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string)
			if err := t.value(name, below(names, name)); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for i := 0; t.decoder.More(); i++ {
			number := strconv.Itoa(i)
			if err := t.value(number, below(names, number)); err != nil {
				return err
			}
		}
	default:
		if shown {
			t.places[at].Value = sources.Shorten(sources.Line(shape.Text(token)), maxCell)
		}
		return nil
	}
	_, err = t.decoder.Token()
	return err
}

// plainName is a name that needs no brackets in a path.
var plainName = regexp.MustCompile(`^[^.$\[\]*?@'"\\\s]+$`)

// spelled returns a path as parsePath reads it.
func spelled(names []string) string {
	if !slices.ContainsFunc(names, func(name string) bool { return !plainName.MatchString(name) }) {
		return strings.Join(names, ".")
	}
	return bracketed(names)
}

// bracketed returns a path from the whole on.
func bracketed(names []string) string {
	var b strings.Builder
	b.WriteByte('$')
	for _, name := range names {
		if _, err := strconv.Atoi(name); err == nil {
			b.WriteString("[" + name + "]")
			continue
		}
		b.WriteString("['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name) + "']")
	}
	return b.String()
}
