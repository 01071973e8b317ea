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
