package shape_test

import (
	"slices"
	"testing"

	"keypull/pull/what"
	"keypull/sources/shape"
)

func TestAnItemThatNamesAnotherThingIsFound(t *testing.T) {
	item := func(id, title string, facts ...string) what.Item {
		it := what.Item{ID: id, Title: title}
		for pair := range slices.Chunk(facts, 2) {
			it.Facts = append(it.Facts, what.Fact{Name: pair[0], Text: pair[1]})
		}
		return it
	}
	for _, tt := range []struct {
		item                  what.Item
		argument, field, want string
	}{
		{item("MSFT", "Microsoft", "symbol", "MSFT"), "IBM", "", "MSFT"},
		{item("MSFT", "Microsoft", "symbol", "MSFT"), "msft", "", ""},
		{item("MSFT", "Microsoft Corporation", "symbol", "MSFT"), "microsoft", "", ""},
		{item("MSFT", "Microsoft", "symbol", "MSFT"), "wipro", "", "MSFT"},
		{item("DTE", "DTE Energy", "symbol", "DTE"), "DTE.DE", "", "DTE"},
		{item("A-17", "Table"), "A-18", "", "A-17"},
		{item("A-17", "Table"), "a table", "", ""},
		{item("4711", "Order"), "4712", "", "4711"},
		{item("https://site.example/a", "Tiramisu"), "tiramissu", "", ""},
		{item("x", "Rain", "place", "Lyon"), "Paris", "place", "Lyon"},
		{item("x", "Rain", "place", "Paris, Île-de-France"), "paris", "place", ""},
		{item("x", "Rain", "place", "Lyon"), "Paris", "", ""},
		{item("x", "Rain"), "Paris", "place", ""},
	} {
		if got := shape.OtherSubject([]what.Item{tt.item}, tt.argument, tt.field); got != tt.want {
			t.Errorf("%q of %q by %q: %v, want %v", tt.argument, tt.item.Title, tt.field, got, tt.want)
		}
	}
	two := []what.Item{item("MSFT", "Microsoft", "symbol", "MSFT"), item("SAP", "SAP", "symbol", "SAP")}
	if got := shape.OtherSubject(two, "IBM", ""); got != "" {
		t.Errorf("what was found by a search is judged: %q", got)
	}
}
