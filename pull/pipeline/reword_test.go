package pipeline_test

import (
	"slices"
	"testing"
	"time"

	"keypull/pull"
)

// written returns a message as it reads now.
func written(text string) *pull.Incoming { return &pull.Incoming{Text: text} }

func TestACorrectionIsAnsweredInPlaceOfWhatWasNotAnsweredYet(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "say slow"), ask("ann", "2", "say tow"), ask("ann", "3", "say three"), ask("bob", "b1", "say bob"))
	w.courier.await(t, 1)
	for w.source.waits.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	for _, c := range []struct {
		id   string
		now  *pull.Incoming
		want bool
	}{
		{"1", written("say sooner"), true},
		{"2", written("say twu"), true},
		{"2", written("say two"), true},
		{"3", nil, true},
		{"4", written("say four"), false},
		{"", written("say nothing"), false},
	} {
		if got := w.Reword("p.ann", c.id, c.now); got != c.want {
			t.Errorf("message %q was waiting: %v", c.id, got)
		}
	}
	if w.Reword("p.bob", "b1", written("say late")) || w.Reword("p.cleo", "1", written("say who")) {
		t.Error("what is answered, or was never asked, was waiting")
	}
	close(w.source.gate)
	w.idle()
	if got, want := w.courier.messages(), []string{"bob bob", "ann sooner", "ann two"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	w.restart()
	w.take(ask("ann", "3", "say three"), ask("ann", "5", "say five"))
	w.idle()
	if got := w.courier.messages(); got[len(got)-1] != "ann five" || len(got) != 4 {
		t.Errorf("what was taken back, repeated: %q", got)
	}
}
