package people

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of the filters that a person saves.
const (
	MaxFilters = 50
	// MaxFilterQuery is the length of a filter's query in bytes.
	MaxFilterQuery = 1000
)

// Filter is a choice among what a page of the console lists, saved under a name.
type Filter struct {
	// ID is 16 characters, as NewID gives them.
	ID        string `json:"id"`
	Publisher string `json:"publisher"`
	// Page is the page's name in the publisher's console, Query that of its address.
	Page  string `json:"page"`
	Query string `json:"query"`
	Name  string `json:"name"`
}

// isSamePlace reports whether two filters would stand beside each other under one name.
func (f Filter) isSamePlace(o Filter) bool {
	return f.Publisher == o.Publisher && f.Page == o.Page && f.Name == o.Name
}

// SaveFilter returns the person with a filter more, or with it in the place of the one of
// the same page and name. What can't be kept is refused by field.
func (p Person) SaveFilter(f Filter) (Person, error) {
	found := checkName(f.Name, false)
	if !isPublisher(f.Publisher) {
		found = append(found, newRefusal("publisher", "publisher", "got", shownText(f.Publisher)))
	}
	if n := len(f.Query); n > MaxFilterQuery {
		found = append(found, newRefusal("query", "filter_long", "max", strconv.Itoa(MaxFilterQuery), "got", strconv.Itoa(n)))
	}
	if !isLine(f.Query) || !isLine(f.Page) || utf8.RuneCountInString(f.Page) > MaxName {
		found = append(found, newRefusal("query", "characters"))
	}
	others := slices.DeleteFunc(slices.Clone(p.Filters), f.isSamePlace)
	if len(others) >= MaxFilters {
		found = append(found, newRefusal("name", "filters_full", "max", strconv.Itoa(MaxFilters)))
	}
	if len(found) > 0 {
		return p, found
	}
	p.Filters = slices.SortedStableFunc(slices.Values(append(others, f)), func(a, b Filter) int { return strings.Compare(a.Name, b.Name) })
	return p, nil
}

// DropFilter returns the person without a filter, and whether there was one of that id.
func (p Person) DropFilter(id string) (Person, bool) {
	rest := slices.DeleteFunc(slices.Clone(p.Filters), func(f Filter) bool { return f.ID == id })
	dropped := len(rest) < len(p.Filters)
	p.Filters = rest
	return p, dropped
}
