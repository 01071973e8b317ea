package jsonapi_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources/jsonapi"
	"keypull/sources/sourcetest"
)

func TestMORELeadsToFurtherPages(t *testing.T) {
	page := func(n int, next string) string {
		return fmt.Sprintf(`{"items":[{"id":%d,"title":"a%d"},{"id":%d,"title":"b%d"}],"meta":{"next":%s,"has_more":%t}}`, 2*n, n, 2*n+1, n, next, next != "null")
	}
	for name, c := range map[string]struct {
		settings values
		answer   func(uri string) string
		want     []string
	}{
		"an address": {values{"next": "meta.next"}, func(uri string) string {
			return map[string]string{"/": page(0, `"/?page=2"`), "/?page=2": page(1, `"?page=3"`), "/?page=3": page(2, "null")}[uri]
		}, []string{"/", "/?page=2", "/?page=3"}},
		"a cursor for its place": {values{"url": "/?c={next}&n=2", "next": "meta.next"}, func(uri string) string {
			return map[string]string{"/?n=2": page(0, `"x y="`), "/?c=x+y%3D&n=2": page(1, `""`)}[uri]
		}, []string{"/?n=2", "/?c=x+y%3D&n=2"}},
		"a number": {values{"url": "/?p={next}", "next": "$.meta.next"}, func(uri string) string {
			return map[string]string{"/": page(0, "2"), "/?p=2": page(1, "null")}[uri]
		}, []string{"/", "/?p=2"}},
		"whether there are more": {values{"url": "/?page={next}", "next": "meta.has_more"}, func(uri string) string {
			return map[string]string{"/": page(0, "1"), "/?page=2": page(1, "null")}[uri]
		}, []string{"/", "/?page=2"}},
		"a header": {values{"next": "header"}, func(uri string) string {
			return map[string]string{"/": `</?p=1>; rel="prev", </?p=2>; rel="next"` + "\n--\n" + page(0, "1"), "/?p=2": page(1, "1")}[uri]
		}, []string{"/", "/?p=2"}},
		"counted": {values{"url": "/?page={next}", "next": "number"}, func(uri string) string {
			return map[string]string{"/": page(0, "1"), "/?page=2": page(1, "1"), "/?page=3": `{"items":[]}`}[uri]
		}, []string{"/", "/?page=2", "/?page=3"}},
		"a page that leads to itself": {values{"next": "meta.next"}, func(string) string { return page(0, `"/"`) }, []string{"/", "/"}},
		"another host":                {values{"next": "meta.next"}, func(string) string { return page(0, `"http://127.0.0.9:1/"`) }, []string{"/"}},
		"no more than so many":        {values{"url": "/?page={next}", "next": "number", "pages": 2}, func(uri string) string { return page(len(uri), "1") }, []string{"/", "/?page=2"}},
	} {
		t.Run(name, func(t *testing.T) {
			address, calls := upstream(t, func(asked call) (int, string) { return 200, c.answer(asked.uri) })
			own := values{"url": "/", "items": "items", "shape": "article"}
			maps.Copy(own, c.settings)
			own["url"] = address + own["url"].(string)
			source := opened(t, own)
			_, first, err := ask(t, source, pull.Query{Count: 2})
			if err != nil || len(*calls) != 1 || len(first.Items) != 2 || first.More != (name != "another host") {
				t.Fatalf("the first page: %d calls, %+v, %v", len(*calls), first, err)
			}
			*calls = nil
			s, _, err := ask(t, source, pull.Query{Count: 2, Offset: 2})
			if err != nil {
				t.Fatal(err)
			}
			if s.Unfinished {
				t.Error("it is unfinished")
			}
			var got []string
			for _, c := range *calls {
				got = append(got, c.uri)
			}
			if !slices.Equal(got, c.want) && (name != "another host" || len(got) != 1) {
				t.Errorf("asked for %q, want %q", got, c.want)
			}
		})
	}
}

func TestAFetchGoesOnWhereItWasBroughtToAnEnd(t *testing.T) {
	now := fetched
	env := sourcetest.Env(t, "")
	env.Clock = func() time.Time { now = now.Add(time.Second); return now }
	address, calls := upstream(t, func(c call) (int, string) {
		return 200, fmt.Sprintf(`[{"id":%q,"title":"x"}]`, c.uri)
	})
	source := sourcetest.Open(t, jsonapi.Kind, env, values{"url": address + "/?page={next}", "next": "number", "pages": 6})
	key, _ := source.Key(pull.Query{Offset: 1})
	s, err := source.Fetch(t.Context(), key, nil)
	if err != nil || !s.Unfinished || len(s.Items) == 6 {
		t.Fatalf("%d items, unfinished: %v, %v", len(s.Items), s.Unfinished, err)
	}
	for n := 0; s.Unfinished && n < 9; n++ {
		last := s
		if s, err = source.Fetch(t.Context(), key, &last); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.Items) != 6 || len(*calls) != 6 || s.Unfinished {
		t.Errorf("%d items by %d requests", len(s.Items), len(*calls))
	}
}
