package jsonapi_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/jsonapi"
	"keypull/sources/sourcetest"
)

func discovered() []sourcetest.Discovered {
	doc := func(address, kind, body string) sources.Document {
		return sources.Document{Address: address, URL: address, Type: kind, Body: []byte(body), Fetched: fetched}
	}
	const site = "https://paper.example"
	return []sourcetest.Discovered{
		{
			Name:     "a list of products",
			Document: doc(site+"/api?limit=3", "application/json", `{"meta":{"count":2},"data":{"products":[{"sku":"1","name":"Boot","price":10,"url":"/b"},{"sku":"2","name":"Shoe","price":11,"url":"/s"}]}}`),
			Settings: values{"url": site + "/api?limit=3", "items": "data.products", "fields": values{"id": "sku", "title": "name", "link": "url", "price": "price"}, "shape": "product"},
		},
		{
			Name:     "prices of many",
			Document: doc(site+"/api/quotes", "application/json", `{"updated":"2026-05-01","quotes":[{"ticker":"ACME","name":"Acme","price":3.5},{"ticker":"CD","name":"Cidade","price":4.5}]}`),
			Settings: values{"url": site + "/api/quotes", "items": "quotes", "fields": values{"symbol": "ticker", "title": "name", "price": "price"}, "shape": "quote"},
		},
		{
			Name:     "a search",
			Document: doc(site+"/s?q=boot%20red", "", `[{"title":{"rendered":"Boot"},"link":"/b","date":"2026-05-01"}]`),
			Settings: values{"url": site + "/s?q={argument}", "fields": values{"title": "title.rendered", "link": "link", "published": "date"}, "shape": "article"},
		},
		{
			Name: "a WordPress API", Document: doc(site+"/wp-json/wp/v2/posts?per_page=3", "application/json", `[{"id":1,"title":{"rendered":"A"},"link":"https://paper.example/a","date_gmt":"2026-05-01T10:00:00"}]`),
			Settings: values{"url": site, "preset": "wordpress"},
		},
		{
			Name: "a WordPress page", Document: doc(site+"/", "text/html", `<html><head><link rel="https://api.w.org/" href="https://paper.example/wp-json/" /></head>`),
			Leads: []string{site + "/wp-json/wp/v2/posts?per_page=3"},
		},
		{
			Name: "a Ghost page", Document: doc(site+"/", "text/html", `<html><head><meta name="generator" content="Ghost 5.80"><script data-key="0123456789abcdef0123456789" defer></script></head>`),
			Settings: values{"url": site, "preset": "ghost", "key": "0123456789abcdef0123456789"},
		},
		{
			Name: "a Drupal page", Document: doc(site+"/x", "text/html", `<html><head><meta name="Generator" content="Drupal 10 (https://www.drupal.org)" /></head>`),
			Leads: []string{site + "/jsonapi/node/article?page[limit]=3"},
		},
		{
			Name: "names that say nothing", Document: doc(site+"/x", "", `{"rows":[{"c1":"a","c2":1}]}`),
			Settings: values{"url": site + "/x", "items": "rows"}, Open: []string{"fields"},
		},
		{
			Name: "one record of what was asked for", Document: doc(site+"/api/weather?city=Mumbai&units=m", "application/json", `{"location":{"city":"Mumbai","lat":19.1},"main":{"temp":31.4,"humidity":70}}`),
			Settings: values{"url": site + "/api/weather?city={argument}&units=m", "fields": values{"title": "location.city", "lat": "location.lat", "temp": "main.temp", "humidity": "main.humidity"}},
		},
		{
			Name: "one record with what it costs", Document: doc(site+"/api/crab.json", "application/json", `{"product":"Dressed crab","price":{"amount":9.8,"currency":"GBP"}}`),
			Settings: values{"url": site + "/api/crab.json", "fields": values{"title": "product", "amount": "price.amount", "currency": "price.currency"}, "shape": "product"},
		},
		{
			Name: "a list whose entries have a name of their own, and more to tell", Document: doc(site+"/api/crew.json", "application/json", `[{"skipper":"Bea Tan","boat":"Kittiwake 2","berth":4,"page":"https://paper.example/bea","crew_id":7},{"skipper":"Jo Rae","boat":"Gannet 1","berth":9,"page":"https://paper.example/jo","crew_id":8}]`),
			Settings: values{"url": site + "/api/crew.json", "fields": values{"title": "skipper", "boat": "boat", "berth": "berth"}},
		},
		{
			Name: "a list with what belongs to its entries beside it", Document: doc(site+"/api/events", "application/json", `{"data":[{"title":"Fair"},{"title":"Ball"},{"title":"Race"}],"included":[{"hall":"Low"}]}`),
			Settings: values{"url": site + "/api/events", "items": "data", "fields": values{"title": "title"}},
		},
		{
			Name: "a list of each day", Document: doc(site+"/api/days", "application/json", `{"2026-05-02":[{"title":"Ball"},{"title":"Race"}],"2026-05-01":[{"title":"Fair"},{"title":"Mass"},{"title":"Walk"}]}`),
			Settings: values{"url": site + "/api/days", "items": "2026-05-01", "fields": values{"title": "title"}},
		},
		{
			Name: "a list whose entries have codes, too", Document: doc(site+"/api/rates.json", "application/json", `[{"iso":"DE","country":"Germany","cases":12},{"iso":"FR","country":"France","cases":9}]`),
			Settings: values{"url": site + "/api/rates.json", "fields": values{"title": "country", "iso": "iso", "cases": "cases"}},
		},
		{Name: "no list", Document: doc(site, "application/json", `{"a":1}`)},
		{Name: "a JSON feed", Document: doc(site, "application/json", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a"}]}`)},
		{Name: "a page", Document: doc(site, "text/html", `<html><p>nothing</p></html>`)},
	}
}

// An answer with several lists is a source for each, called as the list is, and one for what stands beside them.
func TestEachListOfADocumentIsASource(t *testing.T) {
	found := (&jsonapi.Settings{}).Discover(sources.Document{
		Address: "https://paper.example/api/rates", URL: "https://paper.example/api/rates", Type: "application/json", Fetched: fetched,
		Body: []byte(`{"updated":"2026-05-01","homeLoans":[{"lender":"Bank of Trent","from":8.35},{"lender":"Severn Mutual","from":8.5}],
			"savings":{"instant":[{"bank":"Severn Mutual","rate":2.7},{"bank":"Dee Savings","rate":3.05},{"bank":"Bank of Trent","rate":3.1}]},
			"best":[{"bank":"Dee Savings"}],"gold":{"price":9184,"date":"2026-04-30"},"dollar":{"price":1.27,"date":"2026-05-01"},"meta":{"total":3}}`),
	})
	want := []values{
		{"url": "https://paper.example/api/rates", "items": "savings.instant", "fields": values{"title": "bank", "rate": "rate"}},
		{"url": "https://paper.example/api/rates", "items": "homeLoans", "fields": values{"title": "lender", "from": "from"}},
		{"url": "https://paper.example/api/rates", "fields": values{"dollar_date": "dollar.date", "dollar_price": "dollar.price", "gold_price": "gold.price", "gold_date": "gold.date"}},
	}
	var got []values
	var called []string
	for _, f := range found {
		got, called = append(got, f.Settings), append(called, f.Phrase.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want := []string{"instant", "home loans", "rates"}; !slices.Equal(called, want) {
		t.Errorf("called %q, want %q", called, want)
	}
}

// What is listed by days or years, or belongs to the entries of another list, is no source for each.
func TestListsThatAreNoneOfTheirOwn(t *testing.T) {
	for body, want := range map[string]int{
		`{"2026-05-01":[{"title":"Fair"},{"title":"Mass"}],"2026-05-02":[{"title":"Ball"}],"2026-05-03":[{"title":"Race"},{"title":"Walk"}]}`:       1,
		`{"2026":{"items":[{"title":"Fair"},{"title":"Mass"}]},"2025":{"items":[{"title":"Ball"},{"title":"Race"}]}}`:                               1,
		`{"data":[{"title":"Fair"},{"title":"Mass"}],"included":[{"hall":"Low"},{"hall":"High"},{"hall":"New"}]}`:                                   1,
		`{"table":[{"team":"York"},{"team":"Leeds"},{"team":"Hull"}],"2025":[{"team":"York"},{"team":"Bath"}],"games":[{"name":"A"},{"name":"B"}]}`: 2,
		`{"":[{"title":"a"},{"title":"b"}],"events":[{"title":"Fair"},{"title":"Mass"}]}`:                                                           1,
	} {
		found := (&jsonapi.Settings{}).Discover(sources.Document{Address: "https://paper.example/api/x", URL: "https://paper.example/api/x", Type: "application/json", Fetched: fetched, Body: []byte(body)})
		if len(found) != want {
			t.Errorf("%s makes %d sources, want %d", body, len(found), want)
		}
	}
}

func TestTheValuesOfAnAnswerAreNamedAsTheSettingsNameThem(t *testing.T) {
	got := (&jsonapi.Settings{}).Places(sources.Document{Body: []byte(`{"a":[{"it's":1}],"b":"x"}`)})
	want := []settings.Place{{Path: "a", Item: "a", Name: "a"}, {Path: "a.0", Item: "a.0", Name: "0", Depth: 1},
		{Path: `$['a'][0]['it\'s']`, Item: `$['a'][0]['it\'s']`, Name: "it's", Value: "1", Depth: 2}, {Path: "b", Item: "b", Name: "b", Value: "x"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestAClickFillsAFieldOfAnItem(t *testing.T) {
	const answer = `{"meta":{"currency":"EUR"},"data":{"list":[{"id":1,"head line":{"text":"A"},"tags":["x"]},{"id":2,"head line":{"text":"Bridge"},"tags":["y"]}]}}`
	for name, c := range map[string]struct {
		settings values
		body     string
		value    string
		path     string
		item     string
	}{
		"a list by names":         {values{"items": "data.list"}, answer, "Bridge", "$['data']['list'][1]['head line']['text']", "$['head line']['text']"},
		"a list by a path":        {values{"items": "$.data.list[*]"}, answer, "y", "data.list.1.tags.0", "tags.0"},
		"what is in no item":      {values{"items": "data.list"}, answer, "EUR", "meta.currency", "$['meta']['currency']"},
		"no items named, a list":  {values{}, `[{"a":{"b":"x1"}},{"a":{"b":"x2"}}]`, "x2", "1.a.b", "a.b"},
		"no items named, one":     {values{}, `{"a":{"b":"x1"}}`, "x1", "a.b", "a.b"},
		"items that are not here": {values{"items": "news"}, answer, "EUR", "meta.currency", "$['meta']['currency']"},
	} {
		t.Run(name, func(t *testing.T) {
			c.settings["url"] = "https://api.example/x"
			s := jsonapi.Kind.New()
			if err := settings.Fill(s, c.settings); err != nil {
				t.Fatal(err)
			}
			placed, _ := s.(sources.Placed)
			places := placed.Places(sources.Document{Body: []byte(c.body)})
			i := slices.IndexFunc(places, func(p settings.Place) bool { return p.Value == c.value })
			if i < 0 || places[i].Path != c.path || places[i].Item != c.item {
				t.Fatalf("the places are %+v", places)
			}
			c.settings["fields"] = values{"title": places[i].Item}
			if name == "items that are not here" {
				return
			}
			address, _ := upstream(t, always(c.body))
			c.settings["url"] = address
			snapshot, _, err := ask(t, opened(t, c.settings), pull.Query{Count: 5})
			if err != nil || !slices.ContainsFunc(snapshot.Items, func(it what.Item) bool { return it.Title == c.value }) {
				t.Errorf("the items are %+v, %v", snapshot.Items, err)
			}
		})
	}
}
