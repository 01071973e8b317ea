package pipeline_test

import (
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
)

// said asks in band and returns the text of the answer.
func (w *world) said(a pull.Ask) (string, pipeline.Accepted) {
	w.t.Helper()
	a.InBand = true
	accepted := w.take(a)
	reply, ok, err := w.Await(w.t.Context(), a, accepted[0])
	if err != nil || !ok || reply == nil {
		w.t.Fatalf("%s: %+v, %v, %v", a.Text, reply, ok, err)
	}
	return reply.Blocks[0].Text, accepted[0]
}

// TestTwoReadersWhoseMessagesHaveOneIDAreAnsweredEach is for gateways that count by
// themselves, or from 1 again.
func TestTwoReadersWhoseMessagesHaveOneIDAreAnsweredEach(t *testing.T) {
	for _, one := range []bool{false, true} {
		w := newWorld(t)
		of := func(reader, text string) pull.Ask {
			a := ask(reader, "1", text)
			a.OneID = one
			return a
		}
		for restarted := range 2 {
			for _, c := range []struct{ reader, text, want string }{{"ann", "say one", "one"}, {"bob", "say two", "two"}, {"cid", "say one", "one"}} {
				got, as := w.said(of(c.reader, c.text))
				if got != c.want || as.Duplicate != (restarted > 0) || as.Anew != (one && restarted == 0 && c.reader != "ann") {
					t.Errorf("%s asks %q and gets %q: %+v", c.reader, c.text, got, as)
				}
			}
			w.close(5 * time.Second)
			w.open()
		}
		// Other words soon after are a repeated delivery.
		if got, as := w.said(of("ann", "say three")); got != "one" || !as.Duplicate {
			t.Errorf("ann gets %q for other words: %+v", got, as)
		}
	}
}

func TestAMessageIsTheSameUnderTheReadersOtherName(t *testing.T) {
	for _, one := range []bool{false, true} {
		w := newWorld(t)
		of := func(reader, id string) pull.Ask {
			a := ask(reader, id, "say "+id)
			a.OneID = one
			return a
		}
		_, first := w.said(of("phone", "1"))
		if err := w.Move(t.Context(), "p.phone", "p.account"); err != nil {
			t.Fatal(err)
		}
		_, second := w.said(of("account", "2"))
		w.close(5 * time.Second)
		w.open()
		for _, again := range []struct {
			of   pull.Ask
			want uint64
		}{{of("account", "1"), first.Seq}, {of("phone", "1"), first.Seq}, {of("phone", "2"), second.Seq}} {
			if _, as := w.said(again.of); !as.Duplicate || as.Seq != again.want {
				t.Errorf("%s of %s: %+v, want %d", again.of.Incoming.ID, again.of.Reader, as, again.want)
			}
		}
		// After a week it is of no use any more.
		late := of("account", "1")
		late.At = late.At.Add(8 * 24 * time.Hour)
		if _, as := w.said(late); as.Duplicate {
			t.Errorf("a week later: %+v", as)
		}
	}
}
