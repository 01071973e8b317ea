package jsonapi_test

import (
	"slices"
	"testing"

	"keypull/pull/settings"
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
		{Name: "no list", Document: doc(site, "application/json", `{"a":1}`)},
		{Name: "a JSON feed", Document: doc(site, "application/json", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a"}]}`)},
		{Name: "a page", Document: doc(site, "text/html", `<html><p>nothing</p></html>`)},
	}
}

func TestTheValuesOfAnAnswerAreNamedAsTheSettingsNameThem(t *testing.T) {
	got := (&jsonapi.Settings{}).Places([]byte(`{"a":[{"it's":1}],"b":"x"}`), "")
	want := []settings.Place{{Path: "a", Name: "a"}, {Path: "a.0", Name: "0", Depth: 1}, {Path: `$['a'][0]['it\'s']`, Name: "it's", Value: "1", Depth: 2}, {Path: "b", Name: "b", Value: "x"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}
