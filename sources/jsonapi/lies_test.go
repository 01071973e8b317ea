package jsonapi_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/sources/jsonapi"
	"keypull/sources/sourcetest"
)

// leaf returns a page of a list, which says where the next one is.
func leaf(next string, titles ...string) string {
	var items []string
	for _, title := range titles {
		items = append(items, fmt.Sprintf(`{"id":%q,"title":%q}`, title, title))
	}
	return `{"items":[` + strings.Join(items, ",") + `],"next":` + next + `}`
}

func TestJSONByPages(t *testing.T) {
	hostile := map[string]string{}
	for name, next := range map[string]string{
		"itself": `"/list"`, "itself, by a query": `"?"`, "itself, by nothing but a fragment": `"#x"`, "a path above": `"/../../list"`,
		"a place inside": `"http://127.0.0.3/inside"`, "a cloud's own": `"http://169.254.169.254/latest/"`, "a stranger": `"https://news.example/list"`,
		"a stranger without a scheme": `"//news.example/list"`, "a stranger behind somebody": `"http://127.0.0.1@news.example/"`,
		"a file": `"file:///etc/passwd"`, "a script": `"javascript:alert(1)"`, "a bad escape": `"/%zz"`, "controls": `"/a\r\nX-B: c"`,
		"a cursor that is always the same": `"abc"`, "a cursor beyond measure": `"` + strings.Repeat("c", 100_000) + `"`, "an address beyond measure": `"/` + strings.Repeat("a", 100_000) + `"`,
		"a number that is none": `1e999`, "a number below nought": `-1`, "a list": `[["/list"]]`, "an object in an object": `{"href":{"href":"/list"}}`, "always more": `true`,
	} {
		hostile["a next page that is "+name] = leaf(next, "Bridge closed")
	}
	sourcetest.Run(t, sourcetest.Case{
		Lacks: sourcetest.Because("as in the case of articles", sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Dated),
		Kind:  jsonapi.Kind,
		Settings: func(upstream string) values {
			return values{"url": upstream + "/list", "items": "items", "next": "next", "shape": "article"}
		},
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			page := leaf(`"/list?page=2"`, "Bridge closed", "Ferry is late")
			if r.URL.Query().Get("page") == "2" {
				page = leaf("null", "Tram runs again")
			}
			_, _ = io.WriteString(w, page)
		}),
		Query: pull.Query{Count: 1, Argument: "bridge"}, Other: "tram", Hostile: hostile, Discovered: discovered()[:1],
	})
}

func TestJSONByTokens(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Lacks: sourcetest.Because("as in the case of articles", sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Dated),
		Kind:  jsonapi.Kind,
		Settings: func(upstream string) values {
			v := tokened(upstream, "")
			v["shape"] = "article"
			return v
		},
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/token" {
				_, _ = io.WriteString(w, `{"access_token":"a-token","token_type":"bearer","expires_in":3600}`)
				return
			}
			_, _ = io.WriteString(w, `[{"id":1,"title":"Bridge closed"},{"id":2,"title":"Tram runs again"}]`)
		}),
		Query: pull.Query{Count: 1, Argument: "bridge"}, Other: "tram", Discovered: discovered()[:1],
		Hostile: map[string]string{
			"a token that is none":         `{"access_token":null}`,
			"a token that is empty":        `{"access_token":""}`,
			"a token of another type":      `{"access_token":["a"]}`,
			"a token of two lines":         `{"access_token":"a\r\nX-B: c"}`,
			"a token beyond measure":       `{"access_token":"` + strings.Repeat("a", 40_000) + `"}`,
			"a token that never counts":    `{"access_token":"a","expires_in":-1}`,
			"a token that ends at no time": `{"access_token":"a","expires_in":1e400}`,
			"a token of any life":          `{"access_token":"a","expires_in":{"a":[]}}`,
			"a token to renew of no kind":  `{"access_token":"a","refresh_token":{}}`,
			"an error with markup":         `{"error":"<script>alert(1)</script>\u202e"}`,
			"an error of any kind":         `{"error":{"code":1},"access_token":"a"}`,
		},
	})
}

// A list that has always one more page comes to an end.
func TestNextPagesWithoutEndComeToAnEnd(t *testing.T) {
	for name, next := range map[string]func(uri string, n int) string{
		"always another address": func(_ string, n int) string { return fmt.Sprintf(`"/list?page=%d"`, n) },
		"an address that grows":  func(uri string, _ int) string { return fmt.Sprintf("%q", uri+"/list") },
		"to and fro": func(uri string, _ int) string {
			return map[bool]string{true: `"/fro"`, false: `"/list"`}[uri == "/list"]
		},
		"always another cursor": func(_ string, n int) string { return fmt.Sprintf(`"c%d"`, n) },
		"always more":           func(string, int) string { return "true" },
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			address, calls := upstream(t, func(asked call) (int, string) {
				n++
				return 200, leaf(next(asked.uri, n), fmt.Sprint("Bridge ", n))
			})
			const most = 7
			source := opened(t, values{"url": address + "/list", "items": "items", "next": "next", "shape": "article", "pages": most})
			s, _, err := ask(t, source, pull.Query{Argument: "bridge"})
			for err == nil && s.Unfinished && len(*calls) <= most {
				s, err = source.Fetch(t.Context(), "p=1", &s)
			}
			if err != nil || s.Unfinished || len(*calls) != most || len(s.Items) != most {
				t.Errorf("%d pages were asked for, and brought %d items, %v; want %d", len(*calls), len(s.Items), err, most)
			}
		})
	}
}
