package sqldb

import (
	"encoding/json"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources/places"
)

// maxPlaceBytes is the most bytes of the name of what a query takes from an ask.
const maxPlaceBytes = 40

func isPlace(text string) bool {
	if text == places.Argument || text == places.Language {
		return true
	}
	fact, ok := strings.CutPrefix(text, places.Reader)
	if !ok || fact == "" || len(fact) > maxPlaceBytes {
		return false
	}
	return strings.Trim(fact, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// statement is a query that was found to read alone: its text for the database,
// without comments, and what is bound to its parameters in their order.
type statement struct {
	text   string
	places []string
	// facts are the reader's that it takes.
	facts []string
}

// prepareStatement checks a query and makes the statement of it.
func prepareStatement(d *dialect, query string, functions []string) (statement, error) {
	tokens, err := scanTokens(d, query)
	if err != nil {
		return statement{}, err
	}
	if err := checkReadsOnly(d, tokens, functions); err != nil {
		return statement{}, err
	}
	var s statement
	var text strings.Builder
	for i, t := range tokens {
		if i > 0 && (t.gap || tokens[i-1].class == place) { // no digit may add to the number of a parameter
			text.WriteByte(' ')
		}
		switch {
		case t.class == place:
			s.places = append(s.places, t.text)
			if fact, ok := strings.CutPrefix(t.text, places.Reader); ok && !slices.Contains(s.facts, fact) {
				s.facts = append(s.facts, fact)
			}
			text.WriteString(d.bind(len(s.places)))
		case t.is(";"):
		default:
			text.WriteString(t.raw)
		}
	}
	s.text = strings.TrimSpace(text.String())
	return s, nil
}

func (s statement) hasPlace(place string) bool { return slices.Contains(s.places, place) }

// snapshotKey holds what is bound, by its place; whatever the query does not take is
// not in it. One with facts of a reader is private.
func (s statement) snapshotKey(q pull.Query) (string, error) {
	bound := map[string]string{}
	for _, p := range s.places {
		switch fact, isFact := strings.CutPrefix(p, places.Reader); {
		case isFact:
			if value := q.Reader[fact]; value != "" {
				bound[p] = value
			}
		case p == places.Argument:
			bound[p] = strings.TrimSpace(q.Argument)
		case p == places.Language:
			bound[p] = q.Language
		}
	}
	for _, value := range bound {
		if strings.ToValidUTF8(value, "") != value || strings.ContainsRune(value, 0) {
			return "", &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: own.Text("argument_odd", nil)}
		}
	}
	text, err := json.Marshal(bound)
	if err != nil || len(text) >= pull.MaxKeyBytes {
		return "", &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: own.Text("argument_long", nil), Err: err}
	}
	if len(s.facts) > 0 && slices.ContainsFunc(s.facts, func(fact string) bool { return bound[places.Reader+fact] != "" }) {
		return pull.PrivateKey(string(text)), nil
	}
	return string(text), nil
}

// boundValues returns what is bound for a key, in the order of the parameters. What a
// reader has not said is NULL.
func (s statement) boundValues(key string) ([]any, error) {
	bound := map[string]string{}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(key, pull.PrivateKey(""))), &bound); err != nil {
		return nil, &pull.Error{Kind: pull.Internal, Op: op, Hint: words.Text{Key: "source.given_up"}, Err: err}
	}
	values := make([]any, len(s.places))
	for i, p := range s.places {
		if value, ok := bound[p]; ok {
			values[i] = value
		}
	}
	return values, nil
}
