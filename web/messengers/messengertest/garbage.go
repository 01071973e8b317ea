package messengertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/web/messengers"
)

// garbage is answered 2xx or 4xx, with neither asks nor a failure.
func (c Case) garbage(t T, m messengers.Messenger) {
	good := copied(c.Deliveries[0])
	if len(good.Body) > 0 {
		c.bodies(t, m, good)
	}
	c.queries(t, m, good)
	for _, d := range c.Deliveries {
		c.mangled(t, m, d)
	}
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodDelete, "BREW", ""} {
		d := copied(good)
		d.Method, d.Path, d.Body = method, "no/such/../path", nil
		if r := c.receive(t, m, d); r.Status >= http.StatusInternalServerError {
			t.Errorf("method %q: status %d", method, r.Status)
		}
	}
}

// bodies are what no platform sends.
func (c Case) bodies(t T, m messengers.Messenger, good messengers.Delivery) {
	for name, body := range hostileBodies(good.Body) {
		t.Run(name, func(t T) {
			d := copied(good)
			d.Body = body
			d = c.signedAnew(d)
			// A form, or plain text, may end anywhere.
			half := name == "half of a body" && good.Body[0] != '{' && good.Body[0] != '<'
			r := c.receive(t, m, d)
			if r.Status >= http.StatusInternalServerError || len(answered(r)) > 0 && !half && good.Body[0] == '{' {
				t.Errorf("status %d, %d asks", r.Status, len(r.Asks))
			}
		})
	}
}

// hostileBodies returns what no platform sends, or half of what it did.
func hostileBodies(good []byte) map[string][]byte {
	return map[string][]byte{
		"an empty body":               {},
		"no JSON":                     []byte("<html>"),
		"half of a body":              good[:len(good)/2],
		"null":                        []byte("null"),
		"a list":                      []byte("[]"),
		"a number":                    []byte("1e999999"),
		"an unknown event":            []byte(`{"update_id":1,"object":"x","type":"unheard_of","event":{"type":"new"}}`),
		"deep nesting":                []byte(strings.Repeat(`{"a":[`, 50_000)),
		"closed deep nesting":         []byte(strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)),
		"bytes that are no text":      bytes.Repeat([]byte{0xff, 0xfe, 0x00}, 100),
		"a body beyond all limits":    bytes.Repeat([]byte("a"), 2<<20),
		"a huge text beyond limits":   []byte(`{"text":"` + strings.Repeat("x", 2<<20) + `"}`),
		"wrong types in every place":  []byte(`{"update_id":"x","message":[],"text":{},"entry":7}`),
		"numbers beyond all integers": []byte(`{"update_id":123456789012345678901234567890}`),
	}
}

// queries leaves out and spoils each value of a query, where a reader's words
// may stand.
func (c Case) queries(t T, m messengers.Messenger, good messengers.Delivery) {
	spoilt := []string{"", "\xff\xfe\x00", strings.Repeat("x", 1<<16), "-1", "123456789012345678901234567890", "%", "../../etc"}
	for _, name := range slices.Sorted(maps.Keys(good.Query)) {
		for _, value := range append(spoilt, "gone") {
			d := copied(good)
			if d.Query[name] = []string{value}; value == "gone" {
				delete(d.Query, name)
			}
			r := c.receive(t, m, d)
			if r.Status >= http.StatusInternalServerError {
				t.Errorf("status %d for %s=%q", r.Status, name, value)
			}
			for _, in := range r.Asks {
				if in.Reader == "" || in.Address == "" {
					t.Errorf("an ask of nobody for %s=%q: %+v", name, value, in)
				}
			}
		}
	}
}

// mangled takes out, or replaces, each part of a genuine JSON body in turn: no
// part of it may be relied on.
func (c Case) mangled(t T, m messengers.Messenger, d messengers.Delivery) {
	for _, body := range mangledBodies(d.Body) {
		changed := copied(d)
		changed.Body = body
		r := c.receive(t, m, c.signedAnew(changed))
		if r.Status >= http.StatusInternalServerError {
			t.Errorf("status %d for %s", r.Status, shortened(body))
		}
		for _, in := range r.Asks {
			if in.Reader == "" || in.Address == "" {
				t.Errorf("an ask of nobody for %s: %+v", shortened(body), in)
			}
		}
	}
}

// mangledBodies returns a JSON body with each part of it replaced in turn; none
// where it is no JSON.
func mangledBodies(good []byte) (all [][]byte) {
	whole := parsed(good)
	for _, path := range paths(whole, nil) {
		for _, other := range []any{nil, "x", -1.5, []any{}, map[string]any{}, true} {
			all = append(all, marshalled(replaced(whole, path, other)))
		}
	}
	return all
}

// parsed returns a text as a JSON value, its numbers as they stand, or nil if it is none.
func parsed(text []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// marshalled returns a JSON value as text.
func marshalled(v any) []byte {
	body, _ := json.Marshal(v) // it came from JSON
	return body
}

// paths returns the places of a JSON value, the keys and indexes to each.
func paths(v any, to []any) [][]any {
	var all [][]any
	if len(to) > 0 {
		all = append(all, slices.Clone(to))
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, paths(v[key], append(to, key))...)
		}
	case []any:
		for i := range v {
			all = append(all, paths(v[i], append(to, i))...)
		}
	}
	return all
}

// replaced returns a copy of a value with another one at a place.
func replaced(v any, path []any, other any) any {
	if len(path) == 0 {
		return other
	}
	switch v := v.(type) {
	case map[string]any:
		next := maps.Clone(v)
		key := fmt.Sprint(path[0])
		next[key] = replaced(v[key], path[1:], other)
		return next
	case []any:
		next := slices.Clone(v)
		i, _ := path[0].(int)
		next[i] = replaced(v[i], path[1:], other)
		return next
	}
	return other
}
