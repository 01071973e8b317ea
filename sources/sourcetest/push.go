package sourcetest

import (
	"slices"
	"strings"
	"testing"

	"keypull/pull"
)

// receives: a push is taken from its sender alone, once, and not long after.
func (c Case) receives(t *testing.T) {
	r := c.start(t)
	source, ok := r.source.(pull.Receiver)
	if !ok {
		return
	}
	last := r.fetch(t)
	receive := func(p pull.Push) (pushed pull.Pushed, taken bool) {
		defer func() {
			if broke := recover(); broke != nil {
				t.Errorf("it breaks down at a push: %v", broke)
			}
		}()
		pushed, err := source.Receive(t.Context(), p, func(string) *pull.Snapshot { return &last })
		if err != nil {
			t.Errorf("a push gives an error, %v: that is for troubles of ours", err)
		}
		changes := len(pushed.Refresh) + len(pushed.Snapshots) + len(pushed.Withdrawn)
		if pushed.Status >= 400 && changes > 0 {
			t.Errorf("a push is answered with %d, and changes something", pushed.Status)
		}
		return pushed, pushed.Status < 400 && changes > 0
	}
	for name, p := range map[string]pull.Push{
		"nothing": {Method: "POST"}, "no JSON": {Method: "POST", Body: []byte("{")}, "binary": {Method: "POST", Body: []byte("\x00\xff")},
		"deep": {Method: "POST", Body: []byte(strings.Repeat("[", 100_000))}, "another method": {Method: "DELETE"},
	} {
		if pushed, taken := receive(p); taken || pushed.Status < 400 {
			t.Errorf("%s is answered with %d although nobody signed it", name, pushed.Status)
		}
	}
	if c.Push == nil {
		t.Fatal("a source that is pushed to needs a good Push in its case")
	}
	good := c.Push(r.settings)
	pushed, taken := receive(good)
	if !taken {
		t.Fatal("the good push is not taken")
	}
	if again, _ := receive(good); pushed.ID == "" || again.ID != pushed.ID {
		t.Errorf("the same push has the id %q and then %q: it is taken twice", pushed.ID, again.ID)
	}
	if next, _ := receive(c.Push(r.settings)); next.ID == pushed.ID {
		t.Errorf("two pushes have the id %q: the second would be taken for the first", pushed.ID)
	}
	r.means(t, pushed, last)
	forged := c.Push(r.settings)
	forged.Body = append([]byte(" "), forged.Body...)
	late := c.Push(r.settings)
	late.At = late.At.Add(replayed)
	early := c.Push(r.settings)
	early.At = early.At.Add(-replayed)
	for name, p := range map[string]pull.Push{"one whose body was changed": forged, "one of an hour ago": late, "one of the future": early} {
		if _, taken := receive(p); taken {
			t.Errorf("%s is taken", name)
		}
	}
}

// means: what a push changes is something that the source has.
func (r rig) means(t *testing.T, p pull.Pushed, last pull.Snapshot) {
	t.Helper()
	own := ids(last.Items)
	if len(p.Withdrawn) > 0 && !slices.ContainsFunc(p.Withdrawn, func(id string) bool { return slices.Contains(own, id) }) {
		t.Errorf("a push withdraws %q, and the source has no item of that id", p.Withdrawn)
	}
	key := r.key(t)
	if len(p.Refresh)+len(p.Snapshots) > 0 && !slices.Contains(p.Refresh, key) && p.Snapshots[key].Fetched.IsZero() {
		t.Errorf("a push about what the query finds renews %q and %d snapshots, but not %q", p.Refresh, len(p.Snapshots), key)
	}
	for key, s := range p.Snapshots {
		if s.Fetched.IsZero() {
			t.Errorf("the snapshot that is pushed for %q does not say of when it is", key)
		}
		Inspect(t, s.Items)
	}
}
