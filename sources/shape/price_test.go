package shape_test

import (
	"testing"

	"keypull/sources/shape"
)

func TestALineIsCutAtItsPrice(t *testing.T) {
	for line, want := range map[string][2]string{
		"Haircut – 25 €":                 {"Haircut", "25 €"},
		"Erwachsene 9 €":                 {"Erwachsene", "9 €"},
		"Kinder bis 14 Jahre 4,50 €":     {"Kinder bis 14 Jahre", "4,50 €"},
		"Tageskarte: 12,50 €":            {"Tageskarte", "12,50 €"},
		"Colour – from 60 €":             {"Colour", "from 60 €"},
		"Sauna – 12 € pro Person":        {"Sauna", "12 € pro Person"},
		"Schnitt ........ CHF 45.–":      {"Schnitt", "CHF 45.–"},
		"Wash and blow-dry £18.50":       {"Wash and blow-dry", "£18.50"},
		"Villa 1 250 €":                  {"Villa", "1 250 €"},
		"Espresso 2,20 € / 2,80 €":       {"Espresso", "2,20 € / 2,80 €"},
		"Dospělí 120 Kč":                 {"Dospělí", "120 Kč"},
		"Saisonkarte: 120 Euro":          {"Saisonkarte", "120 Euro"},
		"大人 500円":                        {"大人", "500円"},
		"25 €":                           {},
		"Wash for 2 minutes":             {},
		"Our 12 services":                {},
		"Rathaus kauft Bus für 2 Mio. €": {},
		"Adults 9 €, children 5 €":       {},
		"Mo–Fr 9–18 Uhr":                 {},
		"Halle 2, Platz 12":              {},
		"The city has paid for all of the new buses 200 000 €": {},
		"3 étages": {},
	} {
		name, price, ok := shape.CutPrice(line)
		if name != want[0] || price != want[1] || ok != (want[0] != "") {
			t.Errorf("%q is cut into %q and %q, %v; want %q", line, name, price, ok, want)
		}
	}
}
