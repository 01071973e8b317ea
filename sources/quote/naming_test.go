package quote_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/sources/quote"
	"keypull/sources/sourcetest"
)

// unnamed are the services whose answers do not say what they are about, and those
// whose values are found by the symbol.
var unnamed = map[string]bool{"finnhub": true, "coingecko": true}

// TestAnAnswerOfAServiceIsAboutWhatWasAsked has each service answer in full what was
// asked for, which is told, and the same to somebody who asked for another symbol.
func TestAnAnswerOfAServiceIsAboutWhatWasAsked(t *testing.T) {
	for name, s := range sourcetest.Documented[service](t, "testdata/services/*.json") {
		source := at(t, name, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, sourcetest.Sent(s.Answer)) })
		for argument, want := range map[string]bool{s.Argument: true, other(name): unnamed[name]} {
			key, err := source.Key(pull.Query{Argument: argument, Language: "en"})
			if err != nil {
				t.Fatalf("%s: %q: %v", name, argument, err)
			}
			if _, err = source.Fetch(t.Context(), key, nil); (err == nil) != want && name != "coingecko" || err != nil && pull.KindOf(err) != pull.Unusable && name != "coingecko" {
				t.Errorf("%s asked for %q: %v", name, argument, err)
			}
		}
	}
}

// other is something else to ask a service for.
func other(service string) string {
	switch service {
	case "frankfurter":
		return "USD/CHF"
	case "exchangerate":
		return "GBP/EUR"
	case "kraken":
		return "ETHUSD"
	case "coinbase":
		return "ETH-EUR"
	case "coingecko":
		return "ETH"
	case "eodhd", "stooq":
		return "MSFT.US"
	}
	return "MSFT"
}

// TestAServiceMayWriteASymbolInItsOwnWay holds the rules that stand beside presets.
func TestAServiceMayWriteASymbolInItsOwnWay(t *testing.T) {
	golden := sourcetest.Documented[service](t, "testdata/services/*.json")
	for _, tt := range []struct{ preset, was, asked, called string }{
		{"kraken", "XORBZUSD", "BTCUSD", "XXBTZUSD"},
		{"kraken", "XORBZUSD", "SOL/USD", "SOLUSD"},
		{"kraken", "XORBZUSD", "ETHXBT", "XETHXXBT"},
		{"eodhd", "LGTN.US", "AAPL", "AAPL.US"},
		{"binance", "ORBUSDT", "BTCUSDT", "BTCUSDT"},
		{"yahoo", `"symbol": "LGTN"`, "btc-usd", `"symbol": "BTC-USD"`},
		{"yahoo", `"symbol": "LGTN"`, "^GSPC", `"symbol": "^GSPC"`},
	} {
		body := []byte(sourcetest.Sent(golden[tt.preset].Answer))
		was, called := strings.ReplaceAll(tt.was, `": "`, `":"`), strings.ReplaceAll(tt.called, `": "`, `":"`)
		body = bytes.ReplaceAll(bytes.ReplaceAll(body, []byte(tt.was), []byte(tt.called)), []byte(was), []byte(called))
		source := at(t, tt.preset, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
		key, err := source.Key(pull.Query{Argument: tt.asked, Language: "en"})
		if err != nil {
			t.Errorf("%s: %q: %v", tt.preset, tt.asked, err)
			continue
		}
		if _, err := source.Fetch(t.Context(), key, nil); err != nil {
			t.Errorf("%s asked for %q: %v", tt.preset, tt.asked, err)
		}
	}
}

func TestWhatComesBackIsHeldAgainstWhatWasAsked(t *testing.T) {
	ibm := []any{values{"symbol": "IBM", "name": "IBM"}, values{"symbol": "WIPRO", "aliases": []any{"WIPRO.NS"}}, values{"symbol": "BTC-USD"}, values{"symbol": "DTE.DE"}}
	for _, tt := range []struct {
		asked, body string
		settings    values
		say         string
	}{
		{"IBM", `{"symbol":"IBM","price":10}`, values{}, ""},
		{"IBM", `{"symbol":"ibm","price":10}`, values{}, ""},
		{"IBM", `{"price":10}`, values{}, ""},
		{"IBM", `{"symbol":"$","price":10}`, values{}, ""},
		{"IBM", `{"symbol":"MSFT","price":10}`, values{}, "MSFT"},
		{"IBM", `{"data":{"meta":{"ticker":"MSFT"},"q":{"last":10}}}`, values{"price": "data.q.last"}, "MSFT"},
		{"IBM", `{"quotes":[{"Symbol":"MSFT","last":10}]}`, values{"price": "$.quotes[0].last"}, "MSFT"},
		{"IBM", `{"q":{"id":"MSFT"},"price":10}`, values{"naming": "q.id"}, "MSFT"},
		{"WIPRO", `{"symbol":"WIPRO.NS","price":10}`, values{}, ""},
		{"BTC-USD", `{"symbol":"BTCUSD","price":10}`, values{}, "{letters}"},
		{"BTC-USD", `{"symbol":"BTCUSD","price":10}`, values{"spelling": "{letters}"}, ""},
		{"IBM", `{"symbol":"NYSE:IBM","price":10}`, values{}, "NYSE:{symbol}"},
		{"IBM", `{"symbol":"NYSE:IBM","price":10}`, values{"spelling": "NYSE:{symbol}"}, ""},
		{"IBM", `{"symbol":"NYSE:MSFT","price":10}`, values{"spelling": "NYSE:{symbol}"}, "MSFT"},
		{"DTE.DE", `{"symbol":"DTE","price":10}`, values{}, "DTE"},
		{"DTE.DE", `{"symbol":"DTE","price":10}`, values{"spelling": "{letters}"}, "DTE"},
		{"IBM", "ticker,price\nMSFT,10\n", values{"format": "csv"}, "symbol"},
		{"IBM", "id,price\nMSFT,10\n", values{"format": "csv", "naming": "id"}, "MSFT"},
	} {
		tt.settings["symbols"] = ibm
		source, _ := canned(t, tt.settings, 200, tt.body)
		_, err := source.Fetch(t.Context(), tt.asked, nil)
		switch {
		case tt.say == "" && err != nil, tt.say != "" && (pull.KindOf(err) != pull.Unusable || !strings.Contains(err.Error(), tt.say)):
			t.Errorf("%s asked for, %s answered with %v: %v", tt.asked, tt.body, tt.settings, err)
		}
	}
	if err := (&quote.Settings{URL: "https://api.example/{symbol}", Price: "p", Spelling: "DTE"}).Check(); len(err) == 0 {
		t.Error("a spelling without the symbol is taken")
	}
}

func TestPricesThatNoneCanHaveAreOdd(t *testing.T) {
	for body, odd := range map[string]bool{
		`{"price":0,"previous":12.5}`:                        true,
		`{"price":0,"change":-12.5}`:                         true,
		`{"price":0}`:                                        false,
		`{"price":12,"pct":-100}`:                            true,
		`{"price":12,"change":-1800000000}`:                  true,
		`{"price":12,"change":-1.5,"pct":-11.1}`:             false,
		`{"price":0.0001,"change":0.00002,"pct":25}`:         false,
		`{"price":-12.5,"change":-20,"previous":7.5}`:        false,
		`{"price":41000,"change":400,"pct":0.98}`:            false,
		`{"price":12,"previous":12,"change":0,"pct":0}`:      false,
		`{"price":9,"previous":0.5,"pct":1700,"change":8.5}`: false,
	} {
		source, _ := canned(t, values{"previous": "previous", "change": "change", "change_percent": "pct"}, 200, body)
		s, err := source.Fetch(t.Context(), "IBM", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := !pull.Odd(s.Items).IsZero(); got != odd {
			t.Errorf("%s is odd: %v", body, got)
		}
	}
}
