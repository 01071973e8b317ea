package quote_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/sources/quote"
	"keypull/sources/sourcetest"
)

func FuzzNumbers(f *testing.F) {
	for _, text := range []string{"-3.20", "(1,234.50)", "\u22123,20 €", "3-", "-1e3", "%-0,4"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		source, _ := canned(t, values{}, 200, `{"price":`+string(quoted)+`}`)
		s, err := source.Fetch(context.Background(), "X", nil)
		if err != nil {
			return
		}
		price := s.Items[0].Facts.Text("price")
		minus := strings.ContainsAny(text, "-(\u2010\u2011\u2012\u2013\u2212\u207b\ufe58\ufe63\uff0d")
		if scientific := strings.ContainsAny(text, "eE"); !scientific && minus != strings.HasPrefix(price, "-") {
			t.Errorf("%q became %q", text, price)
		}
		if _, err := json.Marshal(json.Number(price)); err != nil {
			t.Errorf("%q became %q: %v", text, price, err)
		}
	})
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"price":"1,234.50","c":"-1%","t":1772445599}`), "price")
	f.Add([]byte(`[{"a":[1,2,{"price":1e5}]}]`), "$..price")
	f.Fuzz(func(t *testing.T, text []byte, path string) {
		s := &quote.Settings{URL: "https://x.example/{symbol}", Format: "json", Price: path, Change: "c", AsOf: "t", Currency: "$.*"}
		if len(s.Check()) > 0 {
			return
		}
		env := sourcetest.Env(t, "")
		env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
			return outside.Response{Status: 200, URL: r.URL, Header: http.Header{}, Body: text, Fetched: fetched}, nil
		}})
		source, err := s.Open(env)
		if err != nil {
			t.Fatal(err)
		}
		checkFuzzed(t, source)
	})
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("symbol;price;c;t\nX;1.234,50;1%;2026-03-02\n"))
	f.Add([]byte("price,c\n\"1,2\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		source, _ := canned(t, values{"format": "csv", "change": "c", "as_of": "t"}, 200, string(text))
		checkFuzzed(t, source)
	})
}

// checkFuzzed fetches: either an error that says what is wrong, or a price
// that is a number.
func checkFuzzed(t *testing.T, source pull.Source) {
	t.Helper()
	s, err := source.Fetch(context.Background(), "X", nil)
	if err != nil {
		var e *pull.Error
		if !errors.As(err, &e) || e.Hint.IsZero() || strings.Contains(err.Error(), "panic") {
			t.Errorf("the error is %v", err)
		}
		return
	}
	price := s.Items[0].Facts.Text("price")
	if price == "" {
		t.Error("there is no price")
	}
	if _, err := json.Marshal(json.Number(price)); err != nil {
		t.Errorf("the price is %q: %v", price, err)
	}
	sourcetest.Inspect(t, s.Items)
}
