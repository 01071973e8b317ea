package jsonapi

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/places"
	"keypull/sources/shape"
)

// The names of what a key holds.
const (
	keyArgument = "a"
	keyLanguage = "l"
	keyAll      = "p"
	keyFact     = "r."
)

// Key holds what fills the places, and whether pages beyond the first are
// wanted.
func (s *source) Key(q pull.Query) (string, error) {
	values := url.Values{}
	argument := strings.Join(strings.Fields(sources.Clean(q.Argument)), " ")
	if len(argument) > maxArgument {
		return "", oddArgument()
	}
	if s.isPrivate() {
		if s.settings.argument.FindString(argument) == "" {
			return "", &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: own.Text("order_needed", nil)}
		}
		return pull.PassingKey(url.Values{keyArgument: {argument}}.Encode()), nil
	}
	if s.hasPlace(places.Argument) && argument != "" {
		values.Set(keyArgument, argument)
	}
	if s.hasPlace(places.Language) && q.Language != "" {
		values.Set(keyLanguage, q.Language)
	}
	if s.settings.Next != "" && (q.Offset > 0 || !s.hasPlace(places.Argument) && (argument != "" || s.Maker.ByName() || s.settings.Shape == shape.Product)) {
		values.Set(keyAll, "1")
	}
	for _, name := range s.wants {
		if fact := strings.Join(strings.Fields(sources.Clean(q.Reader[name])), " "); fact != "" && len(fact) <= maxFact {
			values.Set(keyFact+name, fact)
		}
	}
	key := cmp.Or(values.Encode(), "-")
	filled, err := s.parseKey(key)
	if err == nil {
		// What cannot be asked for is told before anybody is asked.
		_, err = s.url.Address(filled.values)
		err = explainMissing(err)
	}
	switch {
	case err != nil:
		return "", err
	case len(key) >= pull.MaxKeyBytes:
		return "", oddArgument()
	case len(filled.facts) > 0:
		return pull.PrivateKey(key), nil
	}
	return key, nil
}

// explainMissing returns the error for a place that cannot be filled, or nil.
func explainMissing(err error) error {
	var missing *places.MissingError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &missing):
		return oddArgument()
	}
	e := &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: own.Text("argument_needed", nil)}
	if fact, ok := strings.CutPrefix(missing.Place, places.Reader); ok {
		e.Hint = own.Text("fact_needed", words.Args{"fact": fact})
	}
	return e
}

func oddArgument() error {
	return &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: own.Text("argument_odd", nil)}
}

// keyParts is what a key holds.
type keyParts struct {
	// values fill the places; facts are those of a reader.
	values map[string]string
	facts  []string
	// all says that pages beyond the first are wanted.
	all bool
}

func (s *source) parseKey(key string) (keyParts, error) {
	held, err := url.ParseQuery(strings.TrimPrefix(strings.TrimLeft(key, pull.PrivateKey("")), "-"))
	if err != nil {
		return keyParts{}, oddArgument()
	}
	a := keyParts{values: map[string]string{places.Key: s.settings.Key.Reveal()}, all: held.Has(keyAll)}
	a.values[places.Argument], a.values[places.Language] = held.Get(keyArgument), held.Get(keyLanguage)
	for name := range held {
		if fact, ok := strings.CutPrefix(name, keyFact); ok {
			a.values[places.Reader+fact] = held.Get(name)
			a.facts = append(a.facts, held.Get(name))
		}
	}
	if p := s.settings.argument; p != nil {
		m := p.FindStringSubmatch(a.values[places.Argument])
		if m == nil {
			return keyParts{}, oddArgument()
		}
		for i, name := range p.SubexpNames() {
			if name != "" {
				a.values[name] = m[i]
			}
		}
	}
	return a, nil
}
