package quote_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/sources/quote"
)

// answered is an answer of a service, in the shape that its documentation shows.
type answered struct {
	preset, argument, answer string
	// asked is the path of the request, facts what the answer comes to.
	asked, facts, asOf string
}

func answers() []answered {
	return []answered{
		{"alphavantage", "IBM", `{"Global Quote":{"01. symbol":"IBM","02. open":"230.0","03. high":"233.5","04. low":"229.1","05. price":"232.41","06. volume":"2764","07. latest trading day":"2026-02-27","08. previous close":"230.12","09. change":"2.29","10. change percent":"0.9951%"}}`,
			"/query?function=GLOBAL_QUOTE&symbol=IBM&apikey=k3y", "price 232.41 change 2.29 change_percent 0.9951 high 233.5 low 229.1 previous 230.12", "2026-02-27"},
		{"binance", "btcusdt", `{"symbol":"BTCUSDT","priceChange":"-94.99","priceChangePercent":"-0.145","lastPrice":"64000.10","highPrice":"65000.00","lowPrice":"63000.50","openTime":1772366400000,"closeTime":1772452740000}`,
			"/api/v3/ticker/24hr?symbol=BTCUSDT", "price 64000.10 change -94.99 change_percent -0.145 high 65000.00 low 63000.50", "2026-03-02"},
		{"coinbase", "BTC-EUR", `{"data":{"amount":"59012.33","base":"BTC","currency":"EUR"}}`, "/v2/prices/BTC-EUR/spot", "price 59012.33 currency EUR", ""},
		{"coingecko", "btc", `{"bitcoin":{"usd":64123,"usd_24h_change":-1.52,"last_updated_at":1772452740}}`,
			"/api/v3/simple/price?ids=bitcoin&vs_currencies=usd&include_24hr_change=true&include_last_updated_at=true", "price 64123 change -1.52 change_unit % currency USD", "2026-03-02"},
		{"eodhd", "AAPL.US", `{"code":"AAPL.US","timestamp":1772452740,"gmtoffset":0,"open":262.1,"high":265.2,"low":261.7,"close":264.58,"volume":4401,"previousClose":260.58,"change":4,"change_p":1.535}`,
			"/api/real-time/AAPL.US?api_token=k3y&fmt=json", "price 264.58 change 4 change_percent 1.535 high 265.2 low 261.7 previous 260.58 delay_minutes 15", "2026-03-02"},
		{"exchangerate", "usd in eur", `{"result":"success","time_last_update_unix":1772409601,"base_code":"USD","rates":{"USD":1,"EUR":0.9221}}`, "/v6/latest/USD", "price 0.9221 currency EUR", "2026-03-02"},
		{"finnhub", "AAPL", `{"c":261.74,"d":2.29,"dp":0.8826,"h":263.31,"l":260.68,"o":261.07,"pc":259.45,"t":1772452740}`,
			"/api/v1/quote?symbol=AAPL&token=k3y", "price 261.74 change 2.29 change_percent 0.8826 high 263.31 low 260.68 previous 259.45", "2026-03-02"},
		{"fmp", "AAPL", `[{"symbol":"AAPL","name":"Apple Inc.","price":228.02,"changesPercentage":-0.21,"change":-0.5,"dayLow":227.1,"dayHigh":230.7,"previousClose":228.52,"timestamp":1772452740}]`,
			"/api/v3/quote/AAPL?apikey=k3y", "price 228.02 change -0.5 change_percent -0.21 high 230.7 low 227.1 previous 228.52 name Apple Inc.", "2026-03-02"},
		{"frankfurter", "EUR/JPY", `{"amount":1.0,"base":"EUR","date":"2026-03-02","rates":{"JPY":162.35}}`, "/v1/latest?base=EUR&symbols=JPY", "price 162.35 currency JPY", "2026-03-02"},
		{"kraken", "XBTUSD", `{"error":[],"result":{"XXBTZUSD":{"a":["30300.10000","1","1.000"],"c":["30303.20000","0.00067643"],"l":["29868.30000","29868.30000"],"h":["31631.00000","31640.00000"],"o":"30502.80000"}}}`,
			"/0/public/Ticker?pair=XBTUSD", "price 30303.20000 high 31640.00000 low 29868.30000", ""},
		{"stooq", "AAPL.US", "Symbol,Date,Time,Open,High,Low,Close,Volume,Name\r\nAAPL.US,2026-02-27,22:00:09,262.1,265.2,261.7,264.58,4401,APPLE\r\n",
			"/q/l/?s=AAPL.US&f=sd2t2ohlcvn&h&e=csv", "price 264.58 high 265.2 low 261.7 name APPLE", "2026-02-27"},
		{"twelvedata", "AAPL", `{"symbol":"AAPL","name":"Apple Inc","exchange":"NASDAQ","currency":"USD","datetime":"2026-03-02","timestamp":1772452740,"open":"148.4","high":"149.0","low":"147.2","close":"148.85","previous_close":"149.28","change":"-0.43","percent_change":"-0.288","is_market_open":false}`,
			"/quote?symbol=AAPL&apikey=k3y", "price 148.85 change -0.43 change_percent -0.288 previous 149.28 high 149.0 low 147.2 currency USD name Apple Inc", "2026-03-02"},
		{"yahoo", "aapl", `{"chart":{"result":[{"meta":{"currency":"USD","symbol":"AAPL","regularMarketTime":1772452740,"regularMarketPrice":264.5,"regularMarketDayHigh":265.2,"regularMarketDayLow":261.7,"longName":"Apple Inc.","chartPreviousClose":260.5}}],"error":null}}`,
			"/v8/finance/chart/AAPL?range=1d&interval=1d", "price 264.5 change 4 change_percent 1.54 previous 260.5 high 265.2 low 261.7 currency USD name Apple Inc. delay_minutes 15", "2026-03-02"},
	}
}

// TestPresetsReadTheAnswersOfTheirServices reads an answer of each service.
func TestPresetsReadTheAnswersOfTheirServices(t *testing.T) {
	var tested []string
	for _, tt := range answers() {
		tested = append(tested, tt.preset)
		t.Run(tt.preset, func(t *testing.T) {
			source, asked := canned(t, values{"preset": tt.preset, "url": "https://other.example", "key": "k3y"}, 200, tt.answer)
			q := pull.Query{Argument: tt.argument, Language: "en", Count: 1, At: fetched}
			key, err := source.Key(q)
			if err != nil {
				t.Fatal(err)
			}
			s, err := source.Fetch(t.Context(), key, nil)
			if err != nil {
				t.Fatal(err)
			}
			if *asked != "https://other.example"+tt.asked {
				t.Errorf("asked for %s", *asked)
			}
			found, err := source.Select(t.Context(), s, q)
			if err != nil || len(s.Warnings) > 0 {
				t.Fatal(err, s.Warnings)
			}
			told := map[string]bool{}
			for _, f := range found.Items[0].Facts {
				told[f.Name+" "+f.Text] = true
			}
			want := facts(tt.facts)
			for _, f := range want {
				if !told[f] {
					t.Errorf("%q is not told, but %v", f, told)
				}
			}
			if at := found.Items[0].AsOf; tt.asOf != "" && at.Format("2006-01-02") != tt.asOf || tt.asOf == "" && !at.IsZero() {
				t.Errorf("as of %v, want %q", at, tt.asOf)
			}
		})
	}
	files, err := filepath.Glob("presets/*.json")
	if err != nil {
		t.Fatal(err)
	}
	fields, err := settings.Fields(quote.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, name := range files {
		named = append(named, strings.TrimSuffix(filepath.Base(name), ".json"))
	}
	if i := slices.IndexFunc(fields, func(f settings.Field) bool { return f.Name == "preset" }); !slices.Equal(fields[i].Choices, named) || !slices.Equal(tested, named) {
		t.Errorf("there are files of %q, choices of %q, and answers of %q", named, fields[i].Choices, tested)
	}
}

// facts parts "price 1 name Apple Inc." at the names of facts.
func facts(text string) []string {
	s, _ := quote.Kind.New().(interface{ Facts() []string })
	var all []string
	for word := range strings.FieldsSeq(text) {
		if slices.Contains(s.Facts(), word) {
			all = append(all, word)
			continue
		}
		all[len(all)-1] += " " + word
	}
	return all
}

func TestAKeyStaysWithItsService(t *testing.T) {
	if err := settings.Fill(quote.Kind.New(), values{"preset": "finnhub"}); err == nil || !strings.Contains(err.Error(), "key") {
		t.Errorf("without its key the service is taken: %v", err)
	}
	source, asked := canned(t, values{"preset": "finnhub", "url": "https://other.example", "key": "k3y/&"}, 500, "")
	_, err := source.Fetch(t.Context(), "AAPL", nil)
	if err == nil || strings.Contains(err.Error(), "k3y") {
		t.Errorf("the error is %v", err)
	}
	if !strings.HasSuffix(*asked, "token=k3y%2F%26") {
		t.Errorf("asked for %s", *asked)
	}
}

func TestAClickOnAValueFillsItsPath(t *testing.T) {
	for _, tt := range []struct{ name, format, body, value, path string }{
		{"an entry of a list by the symbol", "json", `{"data":[{"sym":"INFY","last":1},{"sym":"WIPRO","last":512.3},{"sym":"TCS","last":3}]}`, "512.3", "$['data'][?(@['sym'] == '{symbol}')]['last']"},
		{"a list within the entry", "json", `[{"code":"WIPRO","prices":[1,2.5]},{"code":"X","prices":[3]}]`, "2.5", "$[?(@['code'] == '{symbol}')]['prices'][1]"},
		{"a list that says no symbol", "json", `{"bars":[{"c":1},{"c":2.5}]}`, "2.5", "bars.1.c"},
		{"two entries with it", "json", `[{"s":"WIPRO","p":1},{"s":"WIPRO","p":2.5}]`, "2.5", "1.p"},
		{"a name of an object", "json", `{"WIPRO":{"usd":2.5},"INFY":{"usd":1}}`, "2.5", "{symbol}.usd"},
		{"names with points and blanks", "json", `{"Global Quote":{"05. price":"2.5"}}`, "2.5", "$['Global Quote']['05. price']"},
		{"names with quotes", "json", `{"it's":{"a\\b":2.5}}`, "2.5", `$['it\'s']['a\\b']`},
		{"a column", "csv", "Ticker;Last Price;Time\nINFY;1;x\nWIPRO;2.5;y\n", "2.5", "Last Price"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &quote.Settings{Format: tt.format}
			var path string
			for _, p := range s.Places([]byte(tt.body), "WIPRO") {
				if p.Value == tt.value {
					path = p.Path
				}
			}
			if path != tt.path {
				t.Fatalf("the path is %q, want %q", path, tt.path)
			}
			source, _ := canned(t, values{"format": tt.format, "price": path}, 200, tt.body)
			got, err := source.Fetch(t.Context(), "WIPRO", nil)
			if err != nil {
				t.Fatal(err)
			}
			if price := got.Items[0].Facts.Text("price"); price != tt.value {
				t.Errorf("the path leads to %q", price)
			}
		})
	}
	// A symbol is data: it closes no quotes.
	source, _ := canned(t, values{"price": "$[?(@.s == '{symbol}')].p", "symbols": []any{values{"symbol": "a' || @.p > 0 || 'a", "name": "Odd"}}}, 200, `[{"s":"x","p":7}]`)
	if s, err := source.Fetch(t.Context(), "a' || @.p > 0 || 'a", nil); err == nil {
		t.Errorf("a symbol is read as a condition: %v", s.Items)
	}
}

func TestSymbolsComeFromAnAddressByPage(t *testing.T) {
	for name, list := range map[string]string{
		"a list":          `[{"symbol":"WIPRO","name":"Wipro Limited"},{"symbol":"INFY","description":"Infosys","aliases":["infy ltd"]}]`,
		"within":          `{"count":2,"data":[{"ticker":"WIPRO","name":"Wipro Limited"},{"ticker":"INFY","name":"Infosys"},{"ticker":"INFY","name":"Twice"}]}`,
		"names by symbol": `{"WIPRO":"Wipro Limited","INFY":"Infosys"}`,
		"a table":         "code;name\nWIPRO;Wipro Limited\nINFY;Infosys\n",
	} {
		t.Run(name, func(t *testing.T) {
			source, _ := canned(t, values{"symbols_url": "https://api.example/symbols"}, 200, list)
			p, ok := source.(pull.Paged)
			if !ok {
				t.Fatal("the symbols come at once")
			}
			page, err := p.TermsPage(t.Context(), "")
			if err != nil || len(page.Terms) != 2 || page.Next != "" || page.Requests != 1 {
				t.Fatalf("%v, %v", page, err)
			}
			if !slices.ContainsFunc(page.Terms, func(term what.Term) bool { return term.Value == "INFY" && term.Names[0] == "Infosys" }) {
				t.Errorf("the names are %v", page.Terms)
			}
			if key, err := source.Key(pull.Query{Argument: "infosys"}); key != "INFY" {
				t.Errorf("infosys is %q, %v", key, err)
			}
		})
	}
	source, _ := canned(t, values{"symbols_url": "https://api.example/symbols"}, 503, "")
	p, _ := source.(pull.Paged)
	if _, err := p.TermsPage(t.Context(), ""); pull.KindOf(err) != pull.Unavailable {
		t.Errorf("an address that is away gives %v", err)
	}
	folder := t.TempDir()
	var rows strings.Builder
	rows.WriteString("symbol,name\n")
	for i := range 20_500 {
		rows.WriteString("S" + string(rune('A'+i%26)) + strings.Repeat("x", i%3) + "-" + strconv.Itoa(i) + ",Company number " + strconv.Itoa(i) + "\n")
	}
	path := filepath.Join(folder, "symbols.csv")
	if err := os.WriteFile(path, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	source, _ = canned(t, values{"symbols_file": path}, 200, "")
	p, ok := source.(pull.Paged)
	if !ok {
		t.Fatal("a long list comes at once")
	}
	first, err := p.TermsPage(t.Context(), "")
	if err != nil || len(first.Terms) != pull.MaxPageTerms || first.Next == "" || first.Requests != 0 {
		t.Errorf("the first page has %d terms, %v", len(first.Terms), err)
	}
	if key, err := source.Key(pull.Query{Argument: "20499 company"}); !strings.HasSuffix(key, "-20499") {
		t.Errorf("by its words it is %q, %v", key, err)
	}
}
