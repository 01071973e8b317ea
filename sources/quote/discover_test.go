package quote_test

import (
	"reflect"
	"testing"

	"keypull/pull/settings"
	"keypull/sources"
	"keypull/sources/quote"
	"keypull/sources/sourcetest"
)

// discovered returns the documents of the suite.
func discovered() []sourcetest.Discovered {
	doc := func(address, kind, body string) sources.Document {
		return sources.Document{Address: address, URL: address, Type: kind, Body: []byte(body)}
	}
	const api = "https://api.example/"
	return []sourcetest.Discovered{
		{
			Name:     "nested JSON, the symbol in the query",
			Document: doc(api+"q?lang=en&s=ACME", "application/json", `{"data":{"symbol":"ACME","quote":{"last":12.40,"currency":"EUR","change_percent":"-0.4","time":"2026-03-02T09:59:59Z"}}}`),
			Settings: values{
				"url": api + "q?lang=en&s={symbol}", "format": "json", "price": "data.quote.last", "currency": "data.quote.currency",
				"change": "data.quote.change_percent", "as_of": "data.quote.time",
			},
		},
		{
			Name: "the symbol in the path", Document: doc(api+"v1/ACME.json", "application/json", `[{"ticker":"acme","price":3}]`),
			Settings: values{"url": api + "v1/{symbol}.json", "format": "json", "price": "0.price"},
		},
		{
			Name: "names of its own", Document: doc(api+"{symbol}", "", `{"kurs":{"wert":7}}`),
			Settings: values{"url": api + "{symbol}", "format": "json"}, Open: []string{"price"},
		},
		{
			Name: "no symbol anywhere", Document: doc(api+"gold", "", `{"price":1}`),
			Settings: values{"url": api + "gold", "format": "json", "price": "price"}, Open: []string{"url"},
		},
		{
			Name: "CSV", Document: doc(api+"csv?ticker=ACME", "text/csv", "symbol;price;currency\nOTHER;1,5;EUR\nACME;2,5;EUR\n"),
			Settings: values{"url": api + "csv?ticker={symbol}", "format": "csv", "price": "price", "currency": "currency"},
		},
		{Name: "prices of many", Document: doc(api+"quotes", "application/json", `{"quotes":[{"ticker":"ACME","price":3},{"ticker":"CD","price":4}]}`)},
		{Name: "the shares of an index", Document: doc(api+"DAX", "application/json", `{"DAX":[{"ticker":"SAP","price":250},{"ticker":"BMW","price":80}]}`)},
		{Name: "prices of many that have names alone", Document: doc(api+"rates", "application/json", `{"rates":[{"name":"Oil","price":3},{"name":"Gold","price":4}]}`)},
		{
			Name: "a symbol's days", Document: doc(api+"ACME", "application/json", `{"ACME":[{"date":"2026-05-02","price":3.5},{"date":"2026-05-01","price":3.4}]}`),
			Settings: values{"url": api + "{symbol}", "format": "json", "price": "{symbol}.0.price", "as_of": "{symbol}.0.date"},
		},
		{Name: "JSON without a number", Document: doc(api, "application/json", `{"name":"x"}`)},
		{Name: "the weather", Document: doc(api+"weather?q=Pune", "application/json", `{"city":"Pune","temp":{"value":31.2},"rate":4}`)},
		{Name: "a page", Document: doc(api, "text/html", `<html><p>price: 3</p></html>`)},
		{Name: "a feed", Document: doc(api, "application/json", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","price":1}]}`)},
	}
}

func TestOneAnswerMayHoldAllPrices(t *testing.T) {
	source, _ := canned(t, values{"url": "https://api.example/all", "price": "prices.{symbol}.last"}, 200, `{"prices":{"AB":{"last":1.5},"CD":{"last":2.5}}}`)
	s, err := source.Fetch(t.Context(), "CD", nil)
	if err != nil || s.Items[0].Facts.Text("price") != "2.5" {
		t.Errorf("%v, %v; want 2.5", s.Items, err)
	}
}

func TestTheValuesOfAnAnswerAreNamedAsTheSettingsNameThem(t *testing.T) {
	const body = `{"all":{"CD":{"last":2.5}},"a.b":[{"it's":1}],"as of":"now","none":null,"yes":true}`
	got := (&quote.Settings{Format: "json"}).Places(sources.Document{Body: []byte(body), Argument: "CD"})
	want := []settings.Place{
		{Name: "all"},
		{Name: "CD", Depth: 1},
		{Path: "all.{symbol}.last", Name: "last", Value: "2.5", Depth: 2},
		{Name: "a.b"},
		{Name: "0", Depth: 1},
		{Path: `$['a.b'][0]['it\'s']`, Name: "it's", Value: "1", Depth: 2},
		{Path: "$['as of']", Name: "as of", Value: "now"},
		{Path: "none", Name: "none", Value: "null"},
		{Path: "yes", Name: "yes", Value: "true"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	for _, p := range want {
		if p.Path == "" || p.Value == "null" || p.Value == "true" || p.Value == "now" {
			continue
		}
		source, _ := canned(t, values{"price": p.Path}, 200, body)
		s, err := source.Fetch(t.Context(), "CD", nil)
		if err != nil || s.Items[0].Facts.Text("price") != p.Value {
			t.Errorf("%s finds %v, %v; want %s", p.Path, s.Items, err, p.Value)
		}
	}
}

func TestTheColumnsOfATableAreNamedWithTheRowOfTheSymbol(t *testing.T) {
	for body, want := range map[string][]settings.Place{
		"symbol,price\nAB,1\nCD,2\n": {{Path: "symbol", Name: "symbol", Value: "CD"}, {Path: "price", Name: "price", Value: "2"}},
		"name;kurs\nx;1,5\n":         {{Path: "name", Name: "name", Value: "x"}, {Path: "kurs", Name: "kurs", Value: "1,5"}},
		"symbol,price\nAB,1\n":       {{Path: "symbol", Name: "symbol", Value: "AB"}, {Path: "price", Name: "price", Value: "1"}},
	} {
		if got := (&quote.Settings{Format: "csv"}).Places(sources.Document{Body: []byte(body), Argument: "CD"}); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v", body, got)
		}
	}
}
