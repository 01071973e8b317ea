package pipeline_test

import (
	"strings"
	"testing"
	"time"
)

// TestWithoutConsentAWishGoesOnWhereItWasAsked answers what was asked back, and keeps what was
// answered before, of a reader of whom nothing is kept until then.
func TestWithoutConsentAWishGoesOnWhereItWasAsked(t *testing.T) {
	w := newWorld(t)
	say := func(text, want string) {
		t.Helper()
		a := ask("ann", text, text)
		a.Channel = "shy"
		w.take(a)
		sent := len(w.courier.await(t, 1))
		if got := w.courier.messages()[sent-1]; !strings.HasPrefix(got, "ann "+want) {
			t.Fatalf("%s: %q", text, got)
		}
	}
	say("say", "Send “say” and what")
	say("roses", "roses")
	say("save", "For that I have to keep it.")
	r, _, err := w.ledger.Reader(t.Context(), "p.ann")
	if err != nil || len(r.Recent)+len(r.Saved) > 0 {
		t.Fatalf("%+v is kept, %v", r, err)
	}
	w.close(5 * time.Second)
	w.open() // the question stands in the document
	say("yes", "Saved")
	r, _, err = w.ledger.Reader(t.Context(), "p.ann")
	if err != nil || len(r.Saved) != 1 || r.Saved[0].Argument != "roses" {
		t.Fatalf("%+v is kept, %v", r, err)
	}
}

// TestWhatIsPassingEnds has what was asked back forgotten with its reader, and after its time.
func TestWhatIsPassingEnds(t *testing.T) {
	for name, ends := range map[string]func(*world){
		"after ten minutes": func(w *world) { w.pass(11 * time.Minute) },
		"at a restart":      func(w *world) { w.close(5 * time.Second); w.open() },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for i, text := range []string{"say", "roses"} {
				if i > 0 {
					ends(w)
				}
				a := ask("ann", text, text)
				a.Channel, a.At = "shy", w.now()
				w.take(a)
				w.courier.await(t, 1)
			}
			if got := w.courier.messages()[1]; strings.HasPrefix(got, "ann roses") {
				t.Errorf("%q", got)
			}
		})
	}
}
