package what

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// FactKind is the type of a fact's value.
type FactKind uint8

// The kinds of facts. A Decimal keeps the digits that the source wrote: it is
// never turned into a binary floating point number.
const (
	Text FactKind = iota
	Decimal
	Integer
	List
)

// Fact is one named, typed value of an item: price, minutes, ingredients.
type Fact struct {
	Name string
	Kind FactKind
	// Text holds the value of every kind but List in its canonical form: a
	// decimal with a point and without grouping ("-1234.50"), an integer in
	// base ten.
	Text string
	// List holds the entries of a List.
	List []string
}

// Facts by which it is read when something is: an event's first and last moment, and whether
// a place is open ("yes", "no", "always") and when it opens next. Moments are RFC 3339, days of
// events that last all day are dates.
const (
	FactStart = "start"
	FactEnd   = "end"
	FactOpen  = "open"
	FactOpens = "opens"
)

// Facts are the facts of an item in the order in which they are told.
type Facts []Fact

// Find returns the fact of that name.
func (fs Facts) Find(name string) (Fact, bool) {
	for _, f := range fs {
		if f.Name == name {
			return f, true
		}
	}
	return Fact{}, false
}

// Text returns the canonical text of the fact of that name, or "".
func (fs Facts) Text(name string) string {
	f, _ := fs.Find(name)
	return f.Text
}

// MarshalJSON writes an object in the facts' own order: text and decimals as
// strings, integers as numbers, lists as arrays.
func (fs Facts) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range fs {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := json.Marshal(f.value())
		if err != nil {
			return nil, fmt.Errorf("fact %s: %w", f.Name, err)
		}
		b.WriteString(strconv.Quote(f.Name))
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (f Fact) value() any {
	switch f.Kind {
	case Integer:
		return json.Number(f.Text)
	case List:
		return f.List
	default:
		return f.Text
	}
}
