package sourcetest

import (
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
)

// bring fetches a document in place of what the healthy upstream sends.
func (r rig) bring(t *testing.T, document string, last *pull.Snapshot) pull.Snapshot {
	t.Helper()
	key := r.key(t)
	r.upstream.turn(send("", document))
	s, err := r.source.Fetch(t.Context(), key, last)
	if err != nil {
		t.Fatal(err)
	}
	Inspect(t, s.Items)
	if len(s.Items) == 0 {
		t.Fatal("the document brings nothing")
	}
	return s
}

// zoneless wants no time of a zone that nobody can know, and what was first
// seen at some time to stay so.
func (c overHTTP) zoneless(t *testing.T) {
	r := c.start(t)
	first := r.bring(t, c.Zoneless, nil)
	for _, it := range first.Items {
		if !it.Published.IsZero() || !it.AsOf.IsZero() || !first.AsOf.IsZero() {
			t.Errorf("%q is of %v, as of %v and %v; its zone cannot be known", it.Title, it.Published, it.AsOf, first.AsOf)
		}
		if it.Seen.IsZero() {
			t.Errorf("%q has no time at all, not even that at which it was first seen", it.Title)
		}
	}
	for i := range first.Items {
		if !first.Items[i].Seen.IsZero() {
			first.Items[i].Seen = first.Items[i].Seen.Add(-36 * time.Hour)
		}
	}
	seen := map[string]time.Time{}
	for _, it := range first.Items {
		seen[it.ID] = it.Seen
	}
	for _, it := range r.bring(t, c.Zoneless, &first).Items {
		if !it.Seen.Equal(seen[it.ID]) {
			t.Errorf("%q was first seen %v, and is now first seen %v", it.Title, seen[it.ID], it.Seen)
		}
	}
}

// ahead wants what is out before what is still to come, and this with its
// date.
func (c overHTTP) ahead(t *testing.T) {
	r := c.start(t)
	s := r.bring(t, c.Ahead, nil)
	q := r.Query
	q.Count = len(s.Items)
	items := r.choose(t, s, q)
	var coming []what.Item
	for _, it := range items {
		switch {
		case it.Published.After(q.At.Add(time.Hour)):
			coming = append(coming, it)
		case len(coming) > 0:
			t.Errorf("%q of %v stands behind %q of %v", it.Title, it.Published, coming[0].Title, coming[0].Published)
		}
	}
	if len(coming) == 0 || len(coming) == len(items) {
		t.Fatalf("%d of %d items are still to come; want one of each at least", len(coming), len(items))
	}
	speaker, ok := r.source.(pull.Speaker)
	if !ok {
		return
	}
	for _, language := range []string{"en", "fr", "de"} {
		at := coming[0].Published.Add(-time.Hour)
		for _, b := range speaker.Say(coming[:1], pull.Voice{Language: language, Zone: time.UTC, At: at}).Blocks {
			for _, word := range []string{"today", "heute", "aujourd"} {
				if strings.Contains(b.Text, word) {
					t.Errorf("what is to come in an hour is told as %q", b.Text)
				}
			}
		}
	}
}

// twins wants two pieces of one id, with ids that stay the same.
func (c overHTTP) twins(t *testing.T) {
	r := c.start(t)
	first := r.bring(t, c.Twins, nil)
	if len(first.Items) != 2 {
		t.Fatalf("%d pieces are there; want two", len(first.Items))
	}
	second := r.bring(t, c.Twins, &first)
	for i, it := range second.Items {
		if it.ID != first.Items[i].ID {
			t.Errorf("%q had the id %q, and has now %q", it.Title, first.Items[i].ID, it.ID)
		}
	}
}
