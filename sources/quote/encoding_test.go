package quote_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources/quote"
	"keypull/sources/sourcetest"
)

// TestTheEditorIsToldOnceThatTheEncodingOfSymbolsIsAGuess reads a list of symbols in
// an encoding that nothing names; a fetch that brings nothing new says it once.
func TestTheEditorIsToldOnceThatTheEncodingOfSymbolsIsAGuess(t *testing.T) {
	body, err := charmap.Windows1251.NewEncoder().String("symbol,name\nSBER,Сбербанк России\nGAZP,Газпром\n")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "symbols.csv"), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	env := sourcetest.Env(t, folder)
	env.Languages = []string{"ru"}
	status := http.StatusOK
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		return outside.Response{Status: status, URL: r.URL, Header: http.Header{}, Body: []byte(`{"price":1}`), Fetched: fetched}, nil
	}})
	source := sourcetest.Open(t, quote.Kind, env, values{"url": "https://api.example/{symbol}", "price": "price", "symbols_file": "symbols.csv"})
	s, err := source.Fetch(t.Context(), "SBER", nil)
	if err != nil || s.Items[0].Title != "Сбербанк России" {
		t.Fatalf("%+v, %v", s.Items, err)
	}
	status = http.StatusNotModified
	again, err := source.Fetch(t.Context(), "SBER", &s)
	if err != nil {
		t.Fatal(err)
	}
	for _, all := range [][]string{saidOf(s.Warnings), saidOf(again.Warnings)} {
		if len(all) != 1 {
			t.Errorf("the editor is told %q", all)
		}
	}
}

func saidOf(all []words.Text) (said []string) {
	for _, w := range all {
		said = append(said, w.Key)
	}
	return said
}
