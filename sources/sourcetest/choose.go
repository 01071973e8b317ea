package sourcetest

import (
	"bytes"
	"encoding/gob"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
)

// queries returns the case's own, and others that a snapshot may be asked.
func (r rig) queries() []pull.Query {
	all := []pull.Query{r.Query}
	for _, change := range []func(*pull.Query){
		func(q *pull.Query) { q.Argument = "" },
		func(q *pull.Query) { q.Argument = "zqxv" },
		func(q *pull.Query) { q.Count = 50 },
		func(q *pull.Query) { q.Count, q.Offset = 2, 1 },
		func(q *pull.Query) { q.At = q.At.Add(-48 * time.Hour) },
		func(q *pull.Query) { q.Language = "de" },
	} {
		q := r.Query
		change(&q)
		all = append(all, q)
	}
	return all
}

// selected returns what a query is answered, or the failure.
func selected(t *testing.T, source pull.Source, s pull.Snapshot, q pull.Query) string {
	found, err := source.Select(t.Context(), s, q)
	if err != nil {
		return err.Error()
	}
	return frozen(t, found)
}

// clockless: the same ask has the same answer whenever it is answered. In a
// bubble the clock stands still at another time, and is moved on.
func (c Case) clockless(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	for _, q := range r.queries() {
		now := selected(t, r.source, s, q)
		later := []string{}
		synctest.Test(t, func(t *testing.T) {
			for _, wait := range []time.Duration{0, time.Minute, 37*time.Hour + 13*time.Minute, 400 * 24 * time.Hour} {
				time.Sleep(wait) //nolint:forbidigo // the clock of the bubble is what is moved
				later = append(later, selected(t, r.source, s, q))
			}
		})
		if slices.ContainsFunc(later, func(other string) bool { return other != now }) {
			t.Fatalf("select reads the clock: for %+v it answers\n%s\nand at another time\n%s", q, now, later)
		}
	}
}

// asGiven: select answers from the snapshot that it is given, not from what the
// source remembers; also once that has been written down and read again.
func (c Case) asGiven(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	var b bytes.Buffer
	var read pull.Snapshot
	if err := gob.NewEncoder(&b).Encode(s); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewDecoder(&b).Decode(&read); err != nil {
		t.Fatal(err)
	}
	other := r.reopened(t)
	for _, q := range r.queries() {
		if want, got := selected(t, r.source, s, q), selected(t, other, read, q); got != want {
			t.Errorf("in another process %+v is answered by\n%s\ninstead of\n%s", q, got, want)
		}
	}
	for _, it := range r.choose(t, s, r.Query) {
		left := s
		left.Items = slices.DeleteFunc(slices.Clone(s.Items), func(o what.Item) bool { return o.ID == it.ID })
		found, err := r.source.Select(t.Context(), left, r.Query)
		if err == nil && slices.ContainsFunc(found.Items, func(o what.Item) bool { return o.ID == it.ID }) {
			t.Errorf("%q is told, and is not in the snapshot", it.ID)
		}
	}
}

// leavesSnapshot: whatever is asked, the snapshot is what it was.
func (c Case) leavesSnapshot(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	before := frozen(t, s)
	for _, q := range r.queries() {
		selected(t, r.source, s, q)
		if v, ok := r.source.(pull.Vocabulary); ok {
			v.Terms(&s)
		}
		if after := frozen(t, s); after != before {
			t.Fatalf("%+v changes the snapshot from\n%s\nto\n%s", q, before, after)
		}
	}
}

// goesOn: MORE walks everything that a query finds, once, and says where it
// ends.
func (c Case) goesOn(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	for _, argument := range []string{r.Query.Argument, ""} {
		q := r.Query
		q.Argument, q.Began = argument, q.At
		q.Count = 5000
		all, err := r.source.Select(t.Context(), s, q)
		if err != nil {
			continue
		}
		if all.More {
			t.Errorf("%d items were wanted, %d came, and more are said to follow", q.Count, len(all.Items))
		}
		want := frozen(t, ids(all.Items))
		var walked []what.Item
		for q.Count = 2; ; q.Offset = len(walked) {
			page, err := r.source.Select(t.Context(), s, q)
			if err != nil || len(page.Choices) > 0 {
				break // so few of so many: the reader is asked which
			}
			walked = append(walked, page.Items...)
			q.At = q.At.Add(time.Minute)
			if !page.More || len(page.Items) == 0 {
				if page.More {
					t.Errorf("more are said to follow behind %d, and none does", q.Offset)
				}
				break
			}
		}
		if got := frozen(t, ids(walked)); len(walked) > 0 && got != want {
			t.Errorf("MORE walks\n%s\nof\n%s", got, want)
		}
	}
}

func ids(items []what.Item) []string {
	all := make([]string, 0, len(items))
	for _, it := range items {
		all = append(all, it.ID)
	}
	return all
}

// maxLabel is how much may be written on a button, in characters.
const maxLabel = 100

// taps: buttons below an answer are few, say what they are, and do nothing that
// a reader did not ask for; MORE has none, and so has no answer at all.
func (c Case) taps(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	for _, q := range r.queries() {
		found, err := r.source.Select(t.Context(), s, q)
		if err != nil {
			continue
		}
		if len(found.Buttons) > pull.MaxButtons || len(found.Buttons) > 0 && len(found.Items) == 0 {
			t.Errorf("%d buttons stand below %d items", len(found.Buttons), len(found.Items))
		}
		for _, b := range found.Buttons {
			inspectTexts(t, "a button", []string{b.Label, b.Send})
			inspectLinks(t, "a button", []string{b.URL})
			words := strings.HasPrefix(b.Send, "o:") || strings.HasPrefix(b.Send, "c:")
			if (b.URL == "") == (b.Send == "") || words || b.Label == "" && b.Send == "" || utf8.RuneCountInString(b.Label) > maxLabel {
				t.Errorf("the button %+v opens nothing and says nothing that a reader would write", b)
			}
		}
		for i := range found.Buttons {
			found.Buttons[i].Label = "spoiled"
		}
		if again, _ := r.source.Select(t.Context(), s, q); strings.Contains(frozen(t, again.Buttons), "spoiled") {
			t.Error("a button that was changed outside is changed in the next answer")
		}
	}
}
