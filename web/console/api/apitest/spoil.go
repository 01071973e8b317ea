package apitest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// spoil is a way to make a bad request of a good one.
type spoil struct {
	name string
	// fits says of which requests it can be made.
	fits  func(q *request) bool
	spoil func(t *rapid.T, q *request)
	// want are the statuses one of which must come; any of the document's but
	// those of never where it is empty.
	want, never []int
	// again repeats the request with the same Idempotency-Key.
	again bool
}

func (s spoil) apply(t *rapid.T, q *request) {
	if s.spoil != nil {
		s.spoil(t, q)
	}
}

func always(*request) bool { return true }

func withBody(q *request) bool { return q.body != nil }

func writes(q *request) bool { return q.method != http.MethodGet }

// spoils lists them; the first leaves the request good.
func spoils() []spoil {
	refusedInput := []int{http.StatusBadRequest, http.StatusUnprocessableEntity}
	return slices.Concat([]spoil{
		{name: "none", fits: always, never: []int{
			http.StatusUnauthorized, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusPreconditionRequired,
		}},
		{name: "the same twice", fits: writes, again: true, spoil: func(t *rapid.T, q *request) {
			q.header.Set("Idempotency-Key", rapid.StringMatching(`[!-~]{20,64}`).Draw(t, "key"))
		}},
		{name: "by HEAD", fits: func(q *request) bool { return !writes(q) },
			spoil: func(_ *rapid.T, q *request) { q.method = http.MethodHead }},
		{name: "another method", fits: always, want: []int{http.StatusMethodNotAllowed}, spoil: anotherMethod},
		{name: "no token", fits: always, want: []int{http.StatusUnauthorized},
			spoil: func(_ *rapid.T, q *request) { q.header.Del("Authorization") }},
		{name: "a token that is none", fits: always, want: []int{http.StatusUnauthorized}, spoil: func(t *rapid.T, q *request) {
			q.header.Set("Authorization", rapid.SampledFrom([]string{"Bearer nobody", "Bearer", "Basic YTpi", "Bearer a b"}).Draw(t, "token"))
		}},
		{name: "an unknown parameter", fits: always, want: refusedInput,
			spoil: func(_ *rapid.T, q *request) { q.query.Set("no-such-parameter", "1") }},
		{name: "a parameter twice", fits: func(q *request) bool { return len(q.query) > 0 }, want: refusedInput,
			spoil: func(_ *rapid.T, q *request) { q.raw = strings.Split(q.query.Encode(), "&")[0] }},
		{name: "a query that is no text", fits: always, want: refusedInput, spoil: func(t *rapid.T, q *request) {
			q.raw = rapid.SampledFrom([]string{"q=%ff", "%00=1", "q=%zz", "a;b", "cursor=%00"}).Draw(t, "query")
		}},
		{name: "a zero byte in the path", fits: func(q *request) bool { return len(q.path) > 0 },
			want: append([]int{http.StatusNotFound}, refusedInput...), spoil: zeroInPath},
		{name: "a compressed body", fits: always, want: []int{http.StatusUnsupportedMediaType},
			spoil: func(_ *rapid.T, q *request) { q.header.Set("Content-Encoding", "gzip") }},
		{name: "an Idempotency-Key that is none", fits: writes, want: refusedInput,
			spoil: func(_ *rapid.T, q *request) { q.header.Set("Idempotency-Key", strings.Repeat("k", 65)) }},
	}, bodies(refusedInput))
}

// bodies returns those that spoil the body.
func bodies(refusedInput []int) []spoil {
	return []spoil{
		{name: "a body where there is none", fits: func(q *request) bool { return q.op.body == nil && writes(q) },
			want: []int{http.StatusBadRequest}, spoil: func(_ *rapid.T, q *request) {
				q.bytes = []byte(`{"note":0}`)
				q.header.Set("Content-Type", "application/json")
			}},
		{name: "another content type", fits: withBody, want: []int{http.StatusUnsupportedMediaType}, spoil: func(t *rapid.T, q *request) {
			q.header.Set("Content-Type", rapid.SampledFrom([]string{"text/plain", "application/json; charset=latin1", "application/xml", ""}).Draw(t, "type"))
		}},
		{name: "no JSON", fits: withBody, want: refusedInput, spoil: func(t *rapid.T, q *request) {
			q.bytes = []byte(rapid.SampledFrom([]string{
				"{", "{}{}", "\xff", `{"a":1,"a":2}`, "[]", "null", `"text"`, `{"a":1e999}`, `{"a":"\u0000"}`,
				strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000), strings.Repeat("[", 100000),
			}).Draw(t, "body"))
		}},
		{name: "an unknown field", fits: withBody, want: refusedInput,
			spoil: func(_ *rapid.T, q *request) { q.body["no_such_field"] = json.Number("1") }},
		{name: "a field of another type", fits: func(q *request) bool { return len(typed(q)) > 0 }, want: refusedInput,
			spoil: func(t *rapid.T, q *request) {
				name := rapid.SampledFrom(typed(q)).Draw(t, "field")
				q.body[name] = []any{[]any{object{}}}
			}},
		{name: "a required field left out", fits: func(q *request) bool { return q.body != nil && len(list(q.op.body["required"])) > 0 },
			want: refusedInput, spoil: func(t *rapid.T, q *request) {
				delete(q.body, text(rapid.SampledFrom(list(q.op.body["required"])).Draw(t, "field")))
			}},
	}
}

func anotherMethod(t *rapid.T, q *request) {
	methods := slices.DeleteFunc([]string{http.MethodPatch, http.MethodPut, http.MethodPost, http.MethodDelete, http.MethodGet, http.MethodOptions},
		func(m string) bool { return slices.Contains(q.op.methods, strings.ToLower(m)) })
	q.method = rapid.SampledFrom(methods).Draw(t, "method")
}

func zeroInPath(t *rapid.T, q *request) {
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(q.path))).Draw(t, "place")
	q.path[name] += rapid.SampledFrom([]string{"\x00", "\xff", "\r\n"}).Draw(t, "bytes")
}

// typed returns the fields of the body that are no lists of lists.
func typed(q *request) (names []string) {
	for name, s := range table(q.op.body["properties"]) {
		if kind := text(table(s)["type"]); q.body != nil && kind != "" && kind != "array" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
