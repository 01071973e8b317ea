package shape_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources/shape"
)

// rowsOf makes items of rows, called by the cell of a column.
func rowsOf(key, head string, rows ...string) []what.Item {
	var records []shape.Record
	names := strings.Split(head, "|")
	for _, row := range rows {
		cells := strings.Split(row, "|")
		r := shape.Record{}
		for i, cell := range cells {
			r = append(r, shape.Value{Name: names[i], V: cell})
		}
		records = append(records, append(r, shape.Value{Name: "title", V: cells[slices.Index(names, key)]}))
	}
	return shape.New(shape.Options{Key: key, Untyped: true, Language: "en"}).Make(records, time.Time{}, nil).Items
}

// TestRowsAreOrderedByWhatIsAskedFor asks for a column, and for rows with most or least in one.
func TestRowsAreOrderedByWhatIsAskedFor(t *testing.T) {
	m := shape.New(shape.Options{Key: "Station", Untyped: true, Language: "en"})
	items := rowsOf("Station", "Station|Town|Petrol|Diesel|Wash|Change", "Inver|Tuam|1.729|1.665|€ 12|-2%", "Top Oil|Loughrea|1.719|1.679|€ 9|+1%", "Emo|Clifden|1.819||€ 15|-5%")
	const all = "Inver, Top Oil, Emo"
	for _, c := range []struct{ language, said, asks, want string }{
		{"en", "cheapest petrol", "cheapest petrol", "Top Oil, Inver, Emo"},
		{"en", "most expensive petrol?", "most expensive petrol?", "Emo, Inver, Top Oil"},
		{"de", "billigster diesel", "billigster diesel", "Inver, Top Oil"},
		{"fr", "le moins cher", "", "Top Oil, Inver, Emo"}, // of the only prices
		{"en", "which station fell the most", "which fell the most", "Emo, Inver, Top Oil"},
		{"en", "highest station", "highest", all}, // by what is not clear
		{"en", "best station", "", ""},
		{"en", "diesel", "diesel", "Inver, Top Oil"},
		{"en", "petrol clifden", "", "Emo"},
		{"en", "cheapest flights", "", ""},
		{"en", "giant petals", "", ""},
		{"", "cheapest petrols", "cheapest petrols", "Top Oil, Inver, Emo"},
		{"en", "dieselisation", "", ""},
		{"ja", "最も安いpetrolは?", "最も安いpetrolは?", "Top Oil, Inver, Emo"},
		{"ru", "самая дешевая станций", "самая дешевая", "Top Oil, Inver, Emo"},
	} {
		asks := m.AsksRank(items, c.said, []string{"stations", "станция"}, c.language)
		if asks != c.asks {
			t.Errorf("%q asks %q, want %q", c.said, asks, c.asks)
		}
		if asks == "" {
			asks = c.said
		}
		var got []string
		for _, it := range m.Select(items, pull.Query{Argument: asks, Language: c.language, Count: 5}).Items {
			got = append(got, it.Title)
		}
		if told := strings.Join(got, ", "); told != c.want {
			t.Errorf("%q tells %q, want %q", c.said, told, c.want)
		}
	}
	var kinds []string
	for _, term := range shape.New(shape.Options{Key: "Bank", Untyped: true}).Terms(rowsOf("Bank", "Loan|Bank", "Home loan|Vale", "Home loan|Dunmore", "Car loan|Ferry")) {
		kinds = append(kinds, term.Value)
	}
	if all := strings.Join(kinds, ", "); !strings.HasSuffix(all, "Car loan, Home loan") {
		t.Errorf("rows are known as %s", all)
	}
	if told := m.Say(m.Select(items, pull.Query{Argument: "cheapest petrol", Count: 2}).Items, pull.Voice{Language: "en"}); !strings.Contains(told.Blocks[0].Text, "Top Oil · Petrol 1.719") {
		t.Errorf("it is told as %q", told.Blocks[0].Text)
	}
}
