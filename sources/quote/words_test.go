package quote_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/sources/quote"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	set, err := settings.Load(os.DirFS("."), quote.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}, Built: settings.Keys(quote.Kind.New())})
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]any
		want   []string
	}{
		{"an address without symbol", map[string]any{"url": "https://example.org/"},
			[]string{"url: Schreiben Sie {symbol} an die Stelle des Symbols, etwa https://api.example.org/quote?s={symbol}."}},
		{"a symbol outside of the path", map[string]any{"url": "https://example.org#{symbol}"},
			[]string{"url: {symbol} darf im Pfad oder hinter dem Fragezeichen stehen, nicht im Namen des Servers."}},
		{"symbols twice", map[string]any{"url": "https://example.org/{symbol}", "symbols_file": "a", "symbols": []any{map[string]any{"symbol": "A"}}},
			[]string{"symbols_file: Geben Sie entweder Symbole oder eine Symboldatei an, nicht beides."}},
		{"no path", map[string]any{"url": "https://example.org/{symbol}", "price": "$["},
			[]string{"price: Das ist kein JSON-Pfad; schreiben Sie Namen mit Punkten dazwischen, etwa quote.last, oder einen Pfad, der mit $ beginnt."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var problems settings.Problems
			if err := settings.Fill(quote.Kind.New(), tt.values); !errors.As(err, &problems) {
				t.Fatalf("got %v, want Problems", err)
			}
			var got []string
			for _, p := range problems.In("de") {
				got = append(got, p.Field+": "+p.Message)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
