package sourcetest

import (
	"slices"
	"testing"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/sources"
)

// keepsItsWord holds a source to what its options promise.
func (c Case) keepsItsWord(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	chosen := r.choose(t, s, r.Query)
	if timed, ok := r.source.(pull.Timed); ok && timed.TimeOfFact() {
		if s.AsOf.IsZero() && slices.ContainsFunc(chosen, func(it what.Item) bool { return it.AsOf.IsZero() }) {
			t.Error("it is said to know the time of the fact, and neither item nor snapshot tells it")
		}
	}
	r.common(t, s)
	opener := r.Kind.New()
	if err := settings.Fill(opener, r.settings); err != nil {
		t.Fatal(err)
	}
	if factual, ok := opener.(sources.Factual); ok && factual.Facts() != nil {
		for _, it := range chosen {
			for _, f := range it.Facts {
				if !slices.Contains(factual.Facts(), f.Name) {
					t.Errorf("an item has the fact %q, which no template may name: Facts lists %q", f.Name, factual.Facts())
				}
			}
		}
	}
}

// common: what publishers share is the same from the source of any of them.
func (r rig) common(t *testing.T, s pull.Snapshot) {
	t.Helper()
	source, ok := r.source.(pull.Common)
	if !ok || !source.SharesSnapshots() {
		return
	}
	env := r.env
	env.ID, env.Folder = "another", t.TempDir()
	other := Open(t, r.Kind, env, r.settings)
	if key, err := other.Key(r.Query); err != nil || key != r.key(t) {
		t.Errorf("it shares snapshots, and the key %q is another publisher's %q, %v", r.key(t), key, err)
	}
	for _, q := range r.queries() {
		if want, got := selected(t, r.source, s, q), selected(t, other, s, q); got != want {
			t.Errorf("it shares snapshots, and another publisher's source answers\n%s\ninstead of\n%s", got, want)
		}
	}
	theirs, err := other.Fetch(t.Context(), r.key(t), nil)
	if err != nil || frozen(t, ids(theirs.Items)) != frozen(t, ids(s.Items)) {
		t.Errorf("it shares snapshots, and another publisher's source fetches\n%s, %v\ninstead of\n%s", frozen(t, ids(theirs.Items)), err, frozen(t, ids(s.Items)))
	}
}
