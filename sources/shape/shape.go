// Package shape makes items of named values: the members of a JSON object, the
// columns of a row, the fields of a page. A shape says what such items behave
// like: an article, a recipe, a quote, a product or an event. It knows which
// names fill which parts of an item, reads numbers, prices and dates as they
// are written, picks what answers a query, and words the reply.
//
// It is for kinds of sources, and none itself.
package shape

import (
	"embed"
	"slices"
	"time"

	"keypull/pull/words"
	"keypull/sources/agenda"
)

// The shapes. None is for items that are like nothing else: all their facts
// are told.
const (
	None    = ""
	Article = "article"
	Recipe  = "recipe"
	Quote   = "quote"
	Product = "product"
	Event   = "event"
)

// Known reports whether there is such a shape.
func Known(name string) bool {
	return slices.Contains([]string{None, Article, Recipe, Quote, Product, Event}, name)
}

// Options are what is known of the values before they are read.
type Options struct {
	// Shape is one of the shapes.
	Shape string
	// Language is that in which numbers and dates are written where they do not
	// show it themselves, as a BCP 47 tag: the publisher's default.
	Language string
	// Zone is the publisher's; nil if it is not known.
	Zone *time.Location
	// Naive is the zone of times that name none; nil if that is not known.
	// The start of an event is always local: Zone takes its place.
	Naive *time.Location
	// Base is the address that relative links count from.
	Base string
	// Untyped says that all values come as text, as those of a CSV file do: what
	// looks like a plain number is one.
	Untyped bool
	// Key names the value by which an item is asked for and told apart; "" is
	// the id, symbol or sku where there is one, else link and title.
	Key string
}

// Maker makes items of one source. It does not change, and any number of
// goroutines may use it.
type Maker struct {
	options Options
	roles   map[string]role
}

// New returns the maker of a source's items. A shape that is not known counts
// as None.
func New(o Options) *Maker {
	if !Known(o.Shape) {
		o.Shape = None
	}
	return &Maker{options: o, roles: rolesOf(o.Shape)}
}

// From returns the maker of items of a document, whose address relative links count from.
func (m *Maker) From(base string) *Maker {
	one := *m
	one.options.Base = base
	return &one
}

// TimeOfFact reports whether AsOf is the time of the fact (see pull.Timed).
func (m *Maker) TimeOfFact() bool { return m.options.Shape == Quote }

// ByName reports whether each item is asked for by its name (see pull.Named).
func (m *Maker) ByName() bool {
	return m.options.Shape == Quote || m.options.Shape == Recipe
}

// ByDay reports whether a day is always an argument (see pull.Daily).
func (m *Maker) ByDay() bool { return m.options.Shape == Event }

// IsMeant reports whether a message asks for the items by itself (see pull.Meant).
func (m *Maker) IsMeant(text string, at time.Time, languages ...string) bool {
	return m.options.Shape == Event && agenda.ReadArgument(text, at, languages...).MeansEvents()
}

//go:embed words
var files embed.FS

// own is what the shapes say to editors and readers. A test finds what is
// wrong with it.
var own = words.Own(files)
