package messengertest

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/web/messengers"
)

func (c Case) receives(t *testing.T, logs *record) {
	m := c.open(t, "http://127.0.0.1:9", nil, logs)
	t.Run("what the platform sends", func(t *testing.T) { c.genuine(t, m) })
	for _, g := range c.Groups {
		t.Run("in a group, "+g.Name, func(t *testing.T) { c.grouped(t, m, g) })
	}
	t.Run("nothing of a forger", func(t *testing.T) { c.forged(t, m) })
	t.Run("garbage without a failure of its own", func(t *testing.T) { c.garbage(t, m) })
	t.Run("without keeping the delivery's memory", func(t *testing.T) { c.ownership(t, m) })
	t.Run("from many at once", func(t *testing.T) { c.crowd(t, m) })
}

// copied returns a delivery that shares no memory with d.
func copied(d messengers.Delivery) messengers.Delivery {
	d.Body = slices.Clone(d.Body)
	d.Header = cloned(d.Header)
	d.Query = cloned(d.Query)
	if d.At.IsZero() {
		d.At = Now()
	}
	return d
}

func cloned(m map[string][]string) map[string][]string {
	m = maps.Clone(m)
	for name, values := range m {
		m[name] = slices.Clone(values)
	}
	return m
}

func (c Case) receive(t testing.TB, m messengers.Messenger, d messengers.Delivery) messengers.Receipt {
	t.Helper()
	r, err := m.Receive(background(t), d)
	if err != nil {
		t.Fatalf("a delivery is never our failure: %v", err)
	}
	return r
}

func (c Case) genuine(t *testing.T, m messengers.Messenger) {
	for i, d := range c.Deliveries {
		first := c.receive(t, m, copied(d))
		if len(first.Asks) == 0 || first.Status >= http.StatusBadRequest {
			t.Fatalf("delivery %d: status %d, %d asks; want at least one", i, first.Status, len(first.Asks))
		}
		for _, in := range first.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" {
				t.Errorf("delivery %d: an ask without id, reader or address: %+v", i, in)
			}
			c.identifies(t, m, in)
		}
		again := c.receive(t, m, copied(d))
		if diff := cmp.Diff(first.Asks, again.Asks); diff != "" {
			t.Errorf("delivery %d, repeated, means something else: %s", i, diff)
		}
	}
}

// identifies holds a kind that reads ids in other spellings against those that
// it gives itself: a reader who tells one must be found.
func (c Case) identifies(t *testing.T, m messengers.Messenger, in messengers.Incoming) {
	of, ok := m.(messengers.Identifier)
	if !ok {
		return
	}
	if id, ok := of.Identify(in.Reader); !ok || id != in.Reader {
		t.Errorf("the reader %q is identified as %q, %v", in.Reader, id, ok)
	}
	if id, ok := of.Identify(""); ok {
		t.Errorf("nobody is identified as %q", id)
	}
}

// grouped checks that a group is one reader, and not one of its members.
func (c Case) grouped(t *testing.T, m messengers.Messenger, g Group) {
	one := func(d messengers.Delivery) messengers.Incoming {
		asks := c.receive(t, m, copied(d)).Asks
		if len(asks) != 1 {
			t.Fatalf("%d asks, want one", len(asks))
		}
		return asks[0]
	}
	member, other, private := one(g.Member), one(g.Other), one(g.Private)
	if !member.Group || !other.Group || private.Group {
		t.Errorf("group says %v and %v in the group, %v in private", member.Group, other.Group, private.Group)
	}
	if member.Reader != other.Reader || member.Address != other.Address {
		t.Errorf("two members are %q at %q and %q at %q, want the group both times", member.Reader, member.Address, other.Reader, other.Address)
	}
	if member.Reader == private.Reader || member.Address == private.Address {
		t.Errorf("the group is its member %q at %q", private.Reader, private.Address)
	}
	if member.Language != "" || member.Consent != "" {
		t.Errorf("the group has its member's language %q and consent %q", member.Language, member.Consent)
	}
}

func (c Case) forged(t *testing.T, m messengers.Messenger) {
	if c.Forge == nil {
		return
	}
	for i, d := range c.Deliveries {
		r := c.receive(t, m, c.Forge(copied(d)))
		if r.Status != http.StatusUnauthorized || len(r.Asks) > 0 || len(r.Events) > 0 || len(r.Body) > 0 {
			t.Errorf("delivery %d, forged: got %+v, want 401 and nothing else", i, r)
		}
		bare := copied(d)
		bare.Header, bare.Query = nil, nil
		if r := c.receive(t, m, bare); len(r.Asks) > 0 || len(r.Events) > 0 {
			t.Errorf("delivery %d without any header brings asks", i)
		}
	}
}

// garbage is answered 2xx or 4xx, with neither asks nor a failure.
func (c Case) garbage(t *testing.T, m messengers.Messenger) {
	good := copied(c.Deliveries[0])
	bodies := map[string][]byte{
		"an empty body":               {},
		"no JSON":                     []byte("<html>"),
		"half of a body":              good.Body[:len(good.Body)/2],
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
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			d := copied(good)
			d.Body = body
			if c.Sign != nil {
				d = c.Sign(d)
			}
			r := c.receive(t, m, d)
			if r.Status >= http.StatusInternalServerError || len(r.Asks) > 0 {
				t.Errorf("status %d, %d asks", r.Status, len(r.Asks))
			}
		})
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete, "BREW", ""} {
		d := copied(good)
		d.Method, d.Path, d.Body = method, "no/such/../path", nil
		if r := c.receive(t, m, d); r.Status >= http.StatusInternalServerError {
			t.Errorf("method %q: status %d", method, r.Status)
		}
	}
}

// ownership overwrites a delivery after Receive, as servers do.
func (c Case) ownership(t *testing.T, m messengers.Messenger) {
	d := copied(c.Deliveries[0])
	r := c.receive(t, m, d)
	before := fmt.Sprintf("%+v %q", r.Asks, r.Body)
	for i := range d.Body {
		d.Body[i] = 'X'
	}
	for _, values := range d.Header {
		for i := range values {
			values[i] = "X"
		}
	}
	if after := fmt.Sprintf("%+v %q", r.Asks, r.Body); after != before {
		t.Errorf("the receipt changed with the delivery's bytes:\n%s\n%s", before, after)
	}
}

func (c Case) crowd(t *testing.T, m messengers.Messenger) {
	want := c.receive(t, m, copied(c.Deliveries[0])).Asks
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				r, err := m.Receive(t.Context(), copied(c.Deliveries[0]))
				if err != nil || r.Status == 0 && !reflect.DeepEqual(r.Asks, want) {
					t.Errorf("got %+v, %v", r.Asks, err)
					return
				}
			}
		})
	}
	group.Wait()
}
