package quote_test

import (
	"testing"

	"keypull/sources/quote"
	"keypull/sources/sourcetest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, quote.Kind)
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	sourcetest.Complaints(t, quote.Kind, map[string]sourcetest.Complaint{
		"an address without symbol":    {Values: map[string]any{"url": "https://example.org/"}, Want: []string{"url: Schreiben Sie {symbol} an die Stelle des Symbols, etwa https://api.example.org/quote?s={symbol}."}},
		"a symbol outside of the path": {Values: map[string]any{"url": "https://example.org#{symbol}"}, Want: []string{"url: {symbol} darf im Pfad oder hinter dem Fragezeichen stehen, nicht im Namen des Servers."}},
		"symbols twice":                {Values: map[string]any{"url": "https://example.org/{symbol}", "symbols_file": "a", "symbols": []any{map[string]any{"symbol": "A"}}}, Want: []string{"symbols_file: Geben Sie entweder Symbole oder eine Symboldatei an, nicht beides."}},
		"no path":                      {Values: map[string]any{"url": "https://example.org/{symbol}", "price": "$["}, Want: []string{"price: Das ist kein JSON-Pfad; schreiben Sie Namen mit Punkten dazwischen, etwa data.items, oder einen Pfad, der mit $ beginnt."}},
	})
}
