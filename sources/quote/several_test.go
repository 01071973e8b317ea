package quote_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources/quote"
	"keypull/sources/sourcetest"
)

var tickers = []any{
	values{"symbol": "WIPRO", "name": "Wipro Limited"}, values{"symbol": "INFY", "name": "Infosys", "aliases": []any{"infosys technologies"}},
	values{"symbol": "TCS", "name": "Tata Consultancy Services"}, values{"symbol": "TATAMOTORS", "name": "Tata Motors"},
}

// exchange answers with a price for each symbol but one.
func exchange(t testing.TB, settings values) pull.Source {
	t.Helper()
	env := sourcetest.Env(t, "testdata")
	env.Zone = time.UTC
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		_, symbol, _ := strings.Cut(r.URL, "s=")
		res := outside.Response{Status: http.StatusOK, URL: r.URL, Header: http.Header{}, Fetched: fetched,
			Body: fmt.Appendf(nil, `{"price": %d.5, "at": "2026-03-02T11:%02d:00Z"}`, len(symbol), 10*len(symbol))}
		if symbol == "TCS" {
			res.Status = http.StatusBadGateway
		}
		return res, nil
	}})
	settings["url"], settings["as_of"] = "https://api.example/q?s={symbol}", "at"
	return sourcetest.Open(t, quote.Kind, env, settings)
}

func TestSeveralSymbolsAreAskedForAtOnce(t *testing.T) {
	listed, free := exchange(t, values{"symbols": tickers}), exchange(t, values{})
	for _, tt := range []struct {
		source   pull.Source
		argument string
		want     string
	}{
		{listed, "WIPRO INFY", "WIPRO INFY"},
		{listed, "wipro and infy", "WIPRO INFY"},
		{listed, "wipro und infosys", "WIPRO INFY"},
		{listed, "infosys technologies, wipro limited & TCS", "INFY WIPRO TCS"},
		{listed, "WIPRO,INFY,TCS", "WIPRO INFY TCS"},
		{listed, "tata motors wipro", "TATAMOTORS WIPRO"},
		{listed, "WIPRO、INFY", "WIPRO INFY"},
		{listed, "wipro wipro", "WIPRO"},
		{listed, "tata motors", "TATAMOTORS"},
		{listed, "wipro infosis", ""},
		{listed, "tata", ""},
		{free, "WIPRO INFY", "WIPRO INFY"},
		{free, "wipro, infy", "WIPRO INFY"},
		{free, "what is it worth", ""},
	} {
		key, err := tt.source.Key(pull.Query{Argument: tt.argument})
		if got := strings.ReplaceAll(key, "\x1f", " "); got != tt.want {
			t.Errorf("%q asks for %q, %v; want %q", tt.argument, got, err, tt.want)
		}
		plural, _ := tt.source.(pull.Plural)
		if n := plural.Entries(pull.Query{Argument: tt.argument}); n != len(strings.Fields(tt.want)) {
			t.Errorf("%q names %d entries", tt.argument, n)
		}
	}
	_, err := listed.Key(pull.Query{Argument: "tata"})
	if pull.KindOf(err) != pull.Several {
		t.Errorf("what fits several is no question: %v", err)
	}
}

func TestEachOfSeveralHasItsOwnTime(t *testing.T) {
	source := exchange(t, values{"symbols": tickers, "delay": "15m"})
	key, err := source.Key(pull.Query{Argument: "WIPRO INFY TCS"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := source.Fetch(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Requests != 3 || !s.AsOf.Equal(time.Date(2026, 3, 2, 11, 40, 0, 0, time.UTC)) || len(s.Warnings) != 1 {
		t.Errorf("%d requests, as of %v, warnings %v", s.Requests, s.AsOf, s.Warnings)
	}
	found, err := source.Select(t.Context(), s, pull.Query{Argument: "WIPRO INFY TCS", Count: 3, At: fetched})
	if err != nil {
		t.Fatal(err)
	}
	speaker, _ := source.(pull.Speaker)
	v := pull.Voice{Language: "en", Zone: time.UTC, At: fetched}
	var said []string
	for _, b := range speaker.Say(found.Items, v).Blocks {
		said = append(said, b.Text)
	}
	want := []string{"WIPRO 5.5", "Wipro Limited", "today, 11:50", "INFY 4.5", "Infosys", "today, 11:40", "TCS: no price at the moment", "Tata Consultancy Services"}
	if !slices.Equal(said, want) {
		t.Errorf("it is said %q\nwant %q", said, want)
	}
	noted, _ := source.(pull.Noted)
	if got := noted.Note(found.Items, v); got != "15 min delayed" {
		t.Errorf("the delay is told as %q", got)
	}
	last := s
	last.Items = slices.Clone(s.Items)
	last.Items[2].Facts = append(slices.Clone(last.Items[2].Facts), what.Fact{Name: "price", Kind: what.Decimal, Text: "3.5"})
	last.Items[2].AsOf = fetched.Add(-time.Hour)
	again, err := source.Fetch(t.Context(), key, &last)
	if err != nil {
		t.Fatal(err)
	}
	if missing := again.Items[2:]; missing[0].Facts.Text("price") != "3.5" || !missing[0].AsOf.Equal(fetched.Add(-time.Hour)) {
		t.Errorf("what was there before is told as %v", missing)
	}
	if _, err := source.Fetch(t.Context(), "TCS\x1fTCS", nil); pull.KindOf(err) != pull.Unavailable {
		t.Errorf("where none can be had: %v", err)
	}
}

func TestAMarketIsToldAsClosed(t *testing.T) {
	market := values{"hours": []any{"mon-fri 09:15-15:30"}, "zone": "Asia/Kolkata", "holidays": []any{"2026-03-03"}}
	source := exchange(t, values{"symbols": tickers, "calendar": market})
	s, err := source.Fetch(t.Context(), "WIPRO", nil)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{
		"2026-03-02T06:00:00Z": "open  ",
		"2026-03-02T12:00:00Z": "closed 2026-03-02T15:30:00+05:30 2026-03-04T09:15:00+05:30",
		"2026-03-03T06:00:00Z": "closed 2026-03-02T15:30:00+05:30 2026-03-04T09:15:00+05:30",
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		found, err := source.Select(t.Context(), s, pull.Query{Argument: "WIPRO", Count: 1, At: moment})
		if err != nil {
			t.Fatal(err)
		}
		f := found.Items[0].Facts
		if got := f.Text("market") + " " + f.Text("closed") + " " + f.Text("opens"); got != want {
			t.Errorf("at %s the market is %q, want %q", at, got, want)
		}
	}
	found, err := source.Select(t.Context(), s, pull.Query{Argument: "WIPRO", Count: 1, At: fetched})
	if err != nil {
		t.Fatal(err)
	}
	speaker, _ := source.(pull.Speaker)
	blocks := speaker.Say(found.Items, pull.Voice{Language: "de", Zone: time.UTC, At: fetched}).Blocks
	if got := blocks[len(blocks)-1].Text; !strings.HasPrefix(got, "Markt geschlossen · letzter Schluss ") || !strings.Contains(got, "4. März 2026") {
		t.Errorf("it is said %q", got)
	}
}

func TestACommonTimeIsNotToldWithEachPrice(t *testing.T) {
	source, _ := canned(t, values{"price": "p", "as_of": "at"}, 200, `{"p": 5, "at": "2026-03-02T11:40:00Z"}`)
	s, err := source.Fetch(t.Context(), "WIPRO", nil)
	if err != nil {
		t.Fatal(err)
	}
	one, other := s.Items[0], s.Items[0]
	other.ID, other.Title = "INFY", ""
	speaker, _ := source.(pull.Speaker)
	for name, tt := range map[string]struct {
		later time.Duration
		want  []string
	}{
		"of one time":     {0, []string{"WIPRO 5", "INFY 5"}},
		"of one minute":   {20 * time.Second, []string{"WIPRO 5", "INFY 5"}},
		"of another time": {time.Minute, []string{"WIPRO 5", "today, 11:40", "INFY 5", "today, 11:41"}},
	} {
		other.AsOf = one.AsOf.Add(tt.later)
		var said []string
		for _, b := range speaker.Say([]what.Item{one, other}, pull.Voice{Language: "en", Zone: time.UTC, At: fetched}).Blocks {
			said = append(said, b.Text)
		}
		if !slices.Equal(said, tt.want) {
			t.Errorf("two prices %s are told as %q, want %q", name, said, tt.want)
		}
	}
}

func TestChangesAreCountedFromThePriceBefore(t *testing.T) {
	source, _ := canned(t, values{"price": "p", "previous": "before", "high": "h", "low": "l", "currency": "=EUR", "unit": "MWh"}, 200,
		`{"p": -12.50, "before": 10.00, "h": 14.2, "l": -20}`)
	s, err := source.Fetch(t.Context(), "POWER", nil)
	if err != nil {
		t.Fatal(err)
	}
	speaker, _ := source.(pull.Speaker)
	var said []string
	for _, b := range speaker.Say(s.Items, pull.Voice{Language: "en", Zone: time.UTC, At: fetched}).Blocks {
		said = append(said, b.Text)
	}
	want := []string{"POWER -12.50 EUR/MWh (-22.5, -225.00 %)", "Day: -20 – 14.2"}
	if !slices.Equal(said, want) {
		t.Errorf("it is said %q, want %q", said, want)
	}
}

func TestPairsOfCurrencies(t *testing.T) {
	source, asked := canned(t, values{"preset": "frankfurter", "url": "https://rates.example"}, 200, `{"date":"2026-03-02","base":"EUR","quote":"USD","rate":1.0845}`)
	for _, argument := range []string{"EUR/USD", "eurusd", "euro to dollar", "eur in usd", "100 eur in usd", "€100 in dollars"} {
		key, err := source.Key(pull.Query{Argument: argument, Language: "en"})
		if err != nil || key != "EUR/USD" {
			t.Errorf("%q asks for %q, %v", argument, key, err)
		}
	}
	if _, err := source.Key(pull.Query{Argument: "EUR", Language: "en"}); err == nil {
		t.Error("one currency alone has a rate")
	}
	s, err := source.Fetch(t.Context(), "EUR/USD", nil)
	if err != nil {
		t.Fatal(err)
	}
	if *asked != "https://rates.example/v2/rate/EUR/USD" {
		t.Errorf("asked for %s", *asked)
	}
	found, err := source.Select(t.Context(), s, pull.Query{Argument: "100 eur in usd", Language: "en", Count: 1, At: fetched})
	if err != nil {
		t.Fatal(err)
	}
	speaker, _ := source.(pull.Speaker)
	if got := speaker.Say(found.Items, pull.Voice{Language: "en", At: fetched}).Blocks[0].Text; got != "100 EUR = 108.45 USD (1 EUR = 1.0845 USD)" {
		t.Errorf("it is said %q", got)
	}
}
