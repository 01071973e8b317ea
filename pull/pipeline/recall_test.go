package pipeline_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/withdrawal"
)

func TestALetterThatWaitsDoesNotTellWhatWasWithdrawn(t *testing.T) {
	for name, restart := range map[string]bool{"in the same process": false, "after a restart": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.courier.hold = make(chan struct{})
			w.take(ask("ann", "1", "say first"), ask("ann", "2", "say secret"), ask("ann", "3", "say third"))
			for {
				r, _, err := w.ledger.Reader(t.Context(), "p.ann")
				if err != nil {
					t.Fatal(err)
				}
				if len(r.Settled) == 3 {
					break
				}
				time.Sleep(time.Millisecond)
			}
			if restart {
				w.close(0)
				w.courier.hold = make(chan struct{})
				w.open()
			}
			if _, err := w.cache.Withdraw(t.Context(), "p", withdrawal.Rule{Item: "ksecret"}); err != nil {
				t.Fatal(err)
			}
			close(w.courier.hold)
			got := w.courier.await(t, 3)
			told := strings.Join(got, "|")
			if strings.Contains(told, "secret") || !strings.Contains(told, "withdrawn before it reached you") || !strings.Contains(told, "third") {
				t.Errorf("%q", got)
			}
			record, _, err := w.ledger.Record(t.Context(), 2)
			if err == nil && record.Reply != nil && strings.Contains(record.Reply.Blocks[0].Text, "secret") {
				t.Error("it still stands on disk")
			}
		})
	}
}

func TestAnAnswerThatIsBeingWordedDoesNotTellWhatIsWithdrawn(t *testing.T) {
	w := newWorld(t)
	of := ask("ann", "1", "say slow secret")
	of.InBand = true
	accepted, err := w.Take(t.Context(), []pull.Ask{of})
	if err != nil {
		t.Fatal(err)
	}
	for w.source.waits.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	if _, err := w.cache.Withdraw(t.Context(), "p", withdrawal.Rule{Item: "kslow secret"}); err != nil {
		t.Fatal(err)
	}
	close(w.source.gate)
	reply, ok, err := w.Await(t.Context(), of, accepted[0])
	if err != nil || !ok || reply == nil || strings.Contains(reply.Blocks[0].Text, "secret") && len(reply.Tells) > 0 {
		t.Errorf("%+v %v %v", reply, ok, err)
	}
}

func TestARepeatedRequestIsNotToldWhatWasWithdrawnSince(t *testing.T) {
	w := newWorld(t)
	of := ask("ann", "1", "say secret")
	of.InBand = true
	told := func(duplicate bool) string {
		accepted, err := w.Take(t.Context(), []pull.Ask{of})
		if err != nil || accepted[0].Duplicate != duplicate {
			t.Fatal(accepted, err)
		}
		reply, ok, err := w.Await(t.Context(), of, accepted[0])
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		return reply.Blocks[0].Text
	}
	if got := told(false); got != "secret" {
		t.Fatal(got)
	}
	if _, err := w.cache.Withdraw(t.Context(), "p", withdrawal.Rule{Text: "secret"}); err != nil {
		t.Fatal(err)
	}
	if got := told(true); strings.Contains(got, "secret") {
		t.Error(got)
	}
}
