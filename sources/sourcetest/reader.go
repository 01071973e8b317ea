package sourcetest

import (
	"fmt"
	"strings"
	"testing"

	"keypull/pull"
)

// personal: what a source is told of a reader makes a key that is private, and
// another one for another reader, or else another answer; and stands in no
// error, warning or log.
func (c Case) personal(t *testing.T) {
	r := c.start(t)
	source, ok := r.source.(pull.Personal)
	if !ok {
		return
	}
	if len(source.Wants()) == 0 {
		t.Fatal("a personal source wants to know nothing")
	}
	told := map[string]string{}
	for _, of := range []string{"Zqxville", "Zqxbury"} {
		q := r.Query
		q.Reader = map[string]string{}
		for _, name := range source.Wants() {
			q.Reader[name] = of
		}
		key, err := r.source.Key(q)
		if err != nil {
			t.Fatal(err)
		}
		if bare, err := r.source.Key(r.Query); (err != nil || bare != key) && !strings.HasPrefix(key, pull.PrivateKey("")) {
			t.Errorf("the key %q holds facts of a reader and is not private", key)
		}
		s, err := r.safely(t, key, nil)
		if err != nil {
			t.Fatal(err)
		}
		told[frozen(t, s.Items)+selected(t, r.source, s, q)] = of
		if strings.Contains(fmt.Sprint(s.Warnings)+r.log.String(), of) {
			t.Errorf("what is known of a reader stands in a warning or the log")
		}
	}
	if len(told) < 2 {
		t.Error("two readers of whom it knows other facts have the same answer")
	}
}

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

// paged walks a vocabulary that comes by page: it ends, names nothing twice, and
// what it names can be asked for.
func (c Case) paged(t *testing.T) {
	r := c.start(t)
	source, ok := r.source.(pull.Paged)
	if !ok {
		return
	}
	from, seen := "", map[string]bool{}
	for n := 0; ; n++ {
		page, err := source.TermsPage(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		if n > pull.MaxTerms || len(page.Terms) > pull.MaxPageTerms || len(page.Terms) == 0 && page.Next != "" {
			t.Fatalf("the vocabulary comes to no end: page %d has %d entries", n, len(page.Terms))
		}
		for _, term := range page.Terms {
			if term.Value == "" || seen[term.Value] {
				t.Fatalf("the term %q has no value, or comes once more", term.Value)
			}
			seen[term.Value] = true
			if _, err := r.source.Key(pull.Query{Argument: term.Value, Count: 1}); err != nil {
				t.Errorf("the term %q cannot be asked for: %v", term.Value, err)
			}
		}
		if from = page.Next; from == "" {
			return
		}
	}
}
