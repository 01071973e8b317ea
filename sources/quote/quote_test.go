package quote_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources/quote"
	"keypull/sources/sourcetest"
)

type values = map[string]any

var symbols = []any{
	values{"symbol": "WIPRO", "name": "Wipro Limited", "aliases": []any{"wipro ltd", "Wípro"}},
	values{"symbol": "M&M", "name": "Mahindra & Mahindra"},
	values{"symbol": "BRK/B", "name": "Berkshire"},
}

func TestQuote(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Lacks: sourcetest.Because("upstream tells one price", sourcetest.Ahead, sourcetest.Twins, sourcetest.Dated),
		Kind:  quote.Kind,
		Settings: func(upstream string) map[string]any {
			return values{
				"url": upstream + "/q?s={symbol}", "price": "quote.last", "change": "quote.pct", "currency": "quote.currency",
				"as_of": "quote.time", "symbols": symbols,
			}
		},
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"quote":{"last":512.30,"pct":"-0.4%","currency":"INR","time":"2026-03-02T09:59:59+05:30"}}`))
		}),
		Query:      pull.Query{Argument: "wipro", Count: 1},
		Discovered: discovered(),
		Zoneless:   `{"quote":{"last":512.30,"time":"2026-03-02 09:59:59 XYZ"}}`,
		Bad: []sourcetest.Bad{
			{Name: "no address", Settings: values{}, Field: "url"},
			{Name: "no place for the symbol", Settings: values{"url": "https://example.org/q"}, Field: "url"},
			{Name: "the symbol as host", Settings: values{"url": "https://{symbol}.example.org/"}, Field: "url"},
			{Name: "no price", Settings: values{"url": "https://example.org/{symbol}", "price": ""}, Field: "price"},
			{Name: "a path that looks at all of it again and again", Settings: values{"url": "https://example.org/{symbol}", "price": "$..*..*..*"}, Field: "price"},
			{Name: "a path that is none", Settings: values{"url": "https://example.org/{symbol}", "price": "$.[["}, Field: "price"},
			{Name: "a zone that is none", Settings: values{"url": "https://example.org/{symbol}", "as_of_zone": "Mars/Olympus"}, Field: "as_of_zone"},
			{Name: "an unknown format", Settings: values{"url": "https://example.org/{symbol}", "format": "xml"}, Field: "format"},
			{Name: "both lists of symbols", Settings: values{"url": "https://example.org/{symbol}", "symbols": symbols, "symbols_file": "x.csv"}, Field: "symbols_file"},
			{Name: "a file that is not there", Settings: values{"url": "https://example.org/{symbol}", "symbols_file": "nowhere.csv"}, Field: "symbols_file"},
			{Name: "a symbol without symbol", Settings: values{"url": "https://example.org/{symbol}", "symbols": []any{values{"name": "x"}}}, Field: "symbols[0].symbol"},
		},
		Hostile: map[string]string{
			"markup for a currency":  `{"quote":{"last":1,"currency":"<script>alert(1)</script>EUR"}}`,
			"a price beyond numbers": `{"quote":{"last":1e999999999}}`,
			"a price of words":       `{"quote":{"last":"<b>free</b>"}}`,
			"a price that is a list": `{"quote":{"last":[1,2]}}`,
			"two documents":          `{"quote":{"last":1}} {"quote":{"last":2}}`,
		},
	})
}

// canned opens a source whose client answers with a document, and notes where
// it was asked.
func canned(t testing.TB, settings values, status int, text string) (source pull.Source, asked *string) {
	t.Helper()
	asked = new(string)
	env := sourcetest.Env(t, "testdata")
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		*asked = r.URL
		return outside.Response{Status: status, URL: r.URL, Header: http.Header{}, Body: []byte(text), Fetched: fetched}, nil
	}})
	if settings["url"] == nil {
		settings["url"] = "https://api.example/quote/{symbol}?key={symbol}"
	}
	return sourcetest.Open(t, quote.Kind, env, settings), asked
}

var fetched = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestTheSymbolIsFoundByAnyOfItsNames(t *testing.T) {
	source, _ := canned(t, values{"symbols": symbols}, 200, "")
	for argument, want := range map[string]string{
		"WIPRO": "WIPRO", "wipro": "WIPRO", "Wipro Limited": "WIPRO", "WIPRO LTD": "WIPRO", "wípro": "WIPRO",
		"m&m": "M&M", "mahindra & mahindra": "M&M", " brk/b ": "BRK/B",
	} {
		if got, err := source.Key(pull.Query{Argument: argument}); got != want {
			t.Errorf("%q gives %q, %v; want %q", argument, got, err, want)
		}
	}
	for argument, kind := range map[string]pull.ErrorKind{"": pull.Invalid, "  ": pull.Invalid, "infosys": pull.Unknown} {
		_, err := source.Key(pull.Query{Argument: argument})
		var e *pull.Error
		if !errors.As(err, &e) || e.Kind != kind || e.Field != "argument" || !strings.Contains(e.Hint.String(), "WIPRO") {
			t.Errorf("%q gives %v", argument, err)
		}
		if strings.Contains(fmt.Sprint(err), "infosys") {
			t.Errorf("the error repeats the reader's words: %v", err)
		}
	}
}

func TestWithoutAListAnySymbolPasses(t *testing.T) {
	source, _ := canned(t, values{}, 200, "")
	for argument, want := range map[string]string{
		"aapl": "AAPL", "^NSEI": "^NSEI", "BTC-USD": "BTC-USD", "EURUSD=X": "EURUSD=X", "RDS.A": "RDS.A",
		"..": "", "a b": "", "a/b": "A/B", "a/../b": "", "RDSa.L": "RDSa.L", "Dte.de": "DTE.DE", "on": "ON", "{symbol}": "", strings.Repeat("a", 21): "", "日経": "",
	} {
		if got, _ := source.Key(pull.Query{Argument: argument}); got != want {
			t.Errorf("%q gives %q; want %q", argument, got, want)
		}
	}
}

func TestTheSymbolIsEscapedWhereItStands(t *testing.T) {
	source, asked := canned(t, values{"symbols": symbols}, 200, `{"price":1}`)
	for symbol, want := range map[string]string{
		"M&M":   "https://api.example/quote/M&M?key=M%26M",
		"BRK/B": "https://api.example/quote/BRK%2FB?key=BRK%2FB",
	} {
		if _, err := source.Fetch(t.Context(), symbol, nil); err != nil {
			t.Fatal(err)
		}
		if *asked != want {
			t.Errorf("%s asked for %s", symbol, *asked)
		}
	}
}

func TestPricesKeepTheirDigits(t *testing.T) {
	cases := map[string]string{
		`512.30`: "512.30", `"512.30"`: "512.30", `0.10000000000000000001`: "0.10000000000000000001", `12345678901234567890.5`: "12345678901234567890.5",
		`1e3`: "1000", `5.12e-2`: "0.0512", `"1,234.50"`: "1234.50", `"1.234,50"`: "1234.50", `"512,30"`: "512.30", `" 1 234,5 "`: "1234.5",
		`"+7"`: "7", `"007.50"`: "7.50", `0`: "0", `"1,234,567"`: "1234567", `".5"`: "0.5", `0.00`: "0.00",
		`-37.63`: "-37.63", `"-0.5"`: "-0.5", `"-.5"`: "-0.5", `"\u22123,20"`: "-3.20", `"\u20133.20"`: "-3.20", `"\uff0d3.20"`: "-3.20",
		`"- 3.20"`: "-3.20", `"3.20-"`: "-3.20", `"(3.20)"`: "-3.20", `"(1,234.50)"`: "-1234.50", `"-1.234,50"`: "-1234.50",
		`"\u22123,20\u00a0€"`: "-3.20", `"-$3.20"`: "-3.20", `"$-3.20"`: "-3.20", `"€ 3,20-"`: "-3.20", `"($3.20)"`: "-3.20", `"3,20 €"`: "3.20",
		`-1e3`: "-1000", `"-5.12e-2"`: "-0.0512", `-0.0000001`: "-0.0000001",
	}
	for written, want := range cases {
		source, _ := canned(t, values{}, 200, `{"price":`+written+`}`)
		s, err := source.Fetch(t.Context(), "X", nil)
		if err != nil {
			t.Errorf("%s: %v", written, err)
			continue
		}
		if got := s.Items[0].Facts.Text("price"); got != want {
			t.Errorf("%s became %q; want %q", written, got, want)
		}
	}
}

func TestAPriceThatIsNoneIsAnErrorThatSaysWhatWasThere(t *testing.T) {
	for written, want := range map[string]string{
		`{}`: "there is nothing", `{"price":null}`: "null", `{"price":"N/A"}`: "“N/A”", `{"price":true}`: "true", `{"price":{}}`: "an object",
		`{"price":"--5"}`: "not a number", `{"price":"(-5)"}`: "not a number", `{"price":"-5-"}`: "not a number", `{"price":"(5"}`: "not a number",
		`{"price":"\u2014"}`: "not a number", `{"price":"-"}`: "not a number", `{"price":"-1,234"}`: "thousand", `{"price":"5%"}`: "not a number",
		`{"price":"€5€"}`: "not a number", `{"price":"."}`: "not a number", `{"price":"5-3"}`: "not a number",
		`{"price":"1,234"}`: "thousand", `{"price":"12 EUR"}`: "not a number", `{"price":"NaN"}`: "not a number",
		`{"price":1e999}`: "not a number", `[]`: "nothing", `oops`: "no JSON", ``: "empty",
	} {
		source, _ := canned(t, values{}, 200, written)
		_, err := source.Fetch(t.Context(), "X", nil)
		var e *pull.Error
		if !errors.As(err, &e) || e.Kind != pull.Unusable || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v; want %q", written, err, want)
		}
	}
}

func TestPathsFindWhatTheyName(t *testing.T) {
	const text = `{"quotes":[{"s":"A","p":"1.5"},{"s":"B","p":2.50}],"Global Quote":{"05. price":"9.9"},"data":{"a-b":{"0":"7"}}}`
	for path, want := range map[string]string{
		"quotes.1.p": "2.50", "$.quotes[0].p": "1.5", "$.quotes[-1].p": "2.50", "$..p": "1.5", "$['Global Quote']['05. price']": "9.9",
		"data.a-b.0": "7", "$.quotes[?(@.s == 'B')].p": "2.50",
	} {
		source, _ := canned(t, values{"price": path}, 200, text)
		s, err := source.Fetch(t.Context(), "X", nil)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if got := s.Items[0].Facts.Text("price"); got != want {
			t.Errorf("%s finds %q; want %q", path, got, want)
		}
	}
}

func TestChangesKeepTheirSignAndUnit(t *testing.T) {
	for written, want := range map[string][2]string{
		`"-0.4%"`: {"-0.4", "%"}, `"\u22120,4 %"`: {"-0.4", "%"}, `"(0.4%)"`: {"-0.4", "%"}, `"0.4%-"`: {"-0.4", "%"}, `"0.4-%"`: {"-0.4", "%"},
		`"%-0,4"`: {"-0.4", "%"}, `"+0.4 %"`: {"0.4", "%"}, `-0.4`: {"-0.4", ""}, `"-0,40 €"`: {"-0.40", "€"}, `"\u20110.4"`: {"-0.4", ""}, `0`: {"0", ""},
	} {
		source, _ := canned(t, values{"change": "c"}, 200, `{"price":1,"c":`+written+`}`)
		s, err := source.Fetch(t.Context(), "X", nil)
		if err != nil {
			t.Fatal(err)
		}
		facts := s.Items[0].Facts
		if got := [2]string{facts.Text("change"), facts.Text("change_unit")}; got != want {
			t.Errorf("%s became %q; want %q", written, got, want)
		}
	}
}

func TestCSVByTheNamesOfItsColumns(t *testing.T) {
	settings := func() values {
		return values{"format": "csv", "price": "Close", "change": "Chg %", "currency": "ccy", "as_of": "time"}
	}
	for name, text := range map[string]string{
		"commas":              "Symbol,Close,Chg %,ccy,time\nX,512.30,-0.4,INR,2026-03-02 09:59:59\n",
		"semicolons":          "\xEF\xBB\xBFsymbol;close;chg %;CCY;time\r\nY;1,0;1;USD;\r\nx;512,30;-0,4;INR;2026-03-02 09:59:59\r\n",
		"tabs without symbol": "close\tchg %\tccy\ttime\n512.30\t-0.4%\tINR\t1772445599\n",
	} {
		source, _ := canned(t, settings(), 200, text)
		s, err := source.Fetch(t.Context(), "X", nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := what.Facts{{Name: "price", Kind: what.Decimal, Text: "512.30"}, {Name: "change", Kind: what.Decimal, Text: "-0.4"}, {Name: "change_unit", Text: "%"}, {Name: "currency", Text: "INR"}, {Name: "symbol", Text: "X"}}
		if diff := cmp.Diff(want, s.Items[0].Facts); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", name, diff)
		}
	}
	for text, want := range map[string]string{"": "empty", "a,b\n1,2\n": "no column “Close”", "symbol,close\nY,1\n": "no row", "<html>": "no column “Close”"} {
		source, _ := canned(t, settings(), 200, text)
		if _, err := source.Fetch(t.Context(), "X", nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v; want %q", text, err, want)
		}
	}
}

func TestASymbolTheServiceDoesNotKnow(t *testing.T) {
	free, _ := canned(t, values{}, 404, "")
	_, err := free.Fetch(t.Context(), "X", nil)
	if got := pull.KindOf(err); got != pull.Unknown {
		t.Errorf("without a list it is %q", got)
	}
	listed, _ := canned(t, values{"symbols": symbols}, 404, "")
	_, err = listed.Fetch(t.Context(), "WIPRO", nil)
	if got := pull.KindOf(err); got != pull.Unknown {
		t.Errorf("with a list it is %q", got)
	}
	whole, _ := canned(t, values{"url": "https://example.org/all.json", "price": "{symbol}.price"}, 404, "")
	_, err = whole.Fetch(t.Context(), "X", nil)
	if got := pull.KindOf(err); got != pull.Unusable {
		t.Errorf("where one address has them all it is %q", got)
	}
}

func TestSymbolsFiles(t *testing.T) {
	want := []what.Term{
		{Value: "WIPRO", Names: []string{"Wipro Limited", "WIPRO", "wipro ltd"}},
		{Value: "TCS", Names: []string{"TCS"}},
	}
	for _, name := range []string{"symbols.csv", "symbols.json"} {
		source, _ := canned(t, values{"symbols_file": name}, 200, "")
		if diff := cmp.Diff(want, source.(pull.Vocabulary).Terms(nil)); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", name, diff)
		}
	}
	for text, hint := range map[string]string{"": "no first row", "name\nx\n": "no column named symbol", "symbol\n": "holds no symbol", "[{}]": "entry 1", "[1]": "no JSON list"} {
		path := filepath.Join(t.TempDir(), "s")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := (&quote.Settings{URL: "https://x/{symbol}", Price: "p", SymbolsFile: path}).Open(sourcetest.Env(t, "testdata"))
		if err == nil || !strings.Contains(err.Error(), hint) || !strings.Contains(err.Error(), "symbols_file") {
			t.Errorf("%q gives %v; want %q", text, err, hint)
		}
	}
}

func TestReplies(t *testing.T) {
	source, _ := canned(t, values{"symbols": symbols, "change": "c", "currency": "cur"}, 200, `{"price":1234512.30,"c":"0.4%","cur":"INR"}`)
	s, err := source.Fetch(t.Context(), "WIPRO", nil)
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{
		"en":    "WIPRO 1,234,512.30 INR (+0.4 %)",
		"fr":    "WIPRO 1\u202F234\u202F512,30 INR (+0,4 %)",
		"de-AT": "WIPRO 1.234.512,30 INR (+0,4 %)",
		"sv":    "WIPRO 1,234,512.30 INR (+0.4 %)",
	} {
		reply := source.(pull.Speaker).Say(s.Items, pull.Voice{Language: language})
		if reply.Blocks[0].Text != want || reply.Blocks[1].Text != "Wipro Limited" {
			t.Errorf("in %s: %q, %q", language, reply.Blocks[0].Text, reply.Blocks[1].Text)
		}
	}
}

func TestPricesBelowZeroAreToldAsThat(t *testing.T) {
	source, _ := canned(t, values{"change": "c"}, 200, `{"price":"\u22121.234,50 €","c":"\u2212250 %"}`)
	s, err := source.Fetch(t.Context(), "POWER", nil)
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{
		"en": "POWER -1,234.50 € (-250 %)", "fr": "POWER -1\u202F234,50 € (-250 %)", "de": "POWER -1.234,50 € (-250 %)",
	} {
		if got := source.(pull.Speaker).Say(s.Items, pull.Voice{Language: language}).Blocks[0].Text; got != want {
			t.Errorf("in %s: %q", language, got)
		}
	}
}

func TestDocumentsOfTooManyValuesAreRefusedUnread(t *testing.T) {
	const size, most = 1<<20 - 64, 32 << 20
	fill := func(text string) string { return strings.Repeat(text, size/len(text)) }
	for name, c := range map[string]struct{ format, text string }{
		"numbers": {"json", "[" + fill("0,") + "0]"}, "objects": {"json", "[" + fill("{},") + "{}]"}, "lists": {"json", "[" + fill("[],") + "[]]"},
		"objects with a member": {"json", "[" + fill(`{"":0},`) + "{}]"}, "texts": {"json", "[" + fill(`"",`) + "0]"},
		"columns": {"csv", "price" + fill(",")}, "columns by semicolons": {"csv", "price" + fill(";")}, "lines": {"csv", "price\n" + fill("\n")},
	} {
		source, _ := canned(t, values{"format": c.format}, 200, c.text)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := source.Fetch(t.Context(), "X", nil)
		runtime.ReadMemStats(&after)
		if pull.KindOf(err) != pull.Unusable || !strings.Contains(err.Error(), "too many values") {
			t.Errorf("%s: %.200v", name, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > most {
			t.Errorf("%s took %d bytes of memory", name, took)
		}
	}
	many := make([]string, 10_000)
	for i := range many {
		many[i] = fmt.Sprintf(`{"symbol":"SYMBOL%d","last":"%d.50","currency":"INR"}`, i, i)
	}
	source, _ := canned(t, values{"price": "9999.last"}, 200, "["+strings.Join(many, ",")+"]")
	if s, err := source.Fetch(t.Context(), "SYMBOL9999", nil); err != nil || s.Items[0].Facts.Text("price") != "9999.50" {
		t.Errorf("the prices of ten thousand symbols: %v", err)
	}
}
