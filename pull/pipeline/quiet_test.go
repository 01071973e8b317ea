package pipeline_test

import (
	"testing"
	"time"
)

// A saved word is no order: for thirty days, over a restart each day, nobody who keeps words
// and does not ask is sent anything.
func TestSavedWordsSendNothingByThemselves(t *testing.T) {
	w := newWorld(t)
	w.edition = wishing(t, w.source)
	w.take(ask("ann", "1", "news"), ask("ann", "2", "save"), ask("ann", "3", "save weather"))
	sent := len(w.courier.await(t, 3))
	for range 30 {
		w.close(time.Second)
		w.pass(24 * time.Hour)
		w.open()
		time.Sleep(5 * time.Millisecond)
	}
	reader, _, err := w.ledger.Reader(t.Context(), "p.ann")
	if err != nil || len(reader.Saved) != 2 {
		t.Fatalf("%+v, %v", reader, err)
	}
	if got := w.courier.messages(); len(got) != sent {
		t.Errorf("%d messages left unasked: %q", len(got)-sent, got)
	}
	// The first ask after that is answered, and is all that is sent.
	w.take(ask("ann", "4", "my"))
	if got := len(w.courier.await(t, 1)); got < 1 {
		t.Errorf("%d are sent", got)
	}
}
