package store_test

import (
	"slices"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
)

// sentMessage is a message as it is settled, and what is to be told of it.
type sentMessage struct {
	what      string
	ask       uint64
	publisher string
	reader    who.Key
	kind      pull.EntryKind
	cause     uint64
	silent    bool
	want      string
}

const (
	orphaned    = "an orphan"
	ownCause    = "its own cause"
	causeKept   = "its cause is kept"
	causePast   = "its cause is kept no longer"
	notListed   = "no message"
	countedOnly = "only counted"
)

// judged says what an audit tells of a message.
func judged(m pipeline.Outgoing) string {
	switch {
	case m.Orphan:
		return orphaned
	case m.Cause == m.Ask:
		return ownCause
	case m.CauseKept:
		return causeKept
	case m.Cause == 0:
		return countedOnly
	}
	return causePast
}

// send settles a message and ends it; of a reader who has not agreed a count stays.
func (r *erasureRig) send(m sentMessage) {
	r.Helper()
	e := r.erasure()
	anonymous := m.reader == "p.ben"
	ledger := e.Demand.Counting(e.Ledger, func(pipeline.Settlement) bool { return anonymous })
	reader, revision, err := e.Ledger.Reader(r.Context(), m.reader)
	must(r, err)
	a := pull.Ask{ID: m.ask, Publisher: m.publisher, Channel: "c", Reader: m.reader, At: noon}
	record := pipeline.Record{Trace: journal.Trace{Ask: m.ask, At: noon, Channel: "c", Kind: string(m.kind), Cause: m.cause, Outcome: journal.Silent}}
	if !m.silent {
		record.Reply, record.Trace.Outcome = &pull.Reply{Blocks: []pull.Block{{Text: "told"}}}, journal.Answered
	}
	_, err = ledger.Settle(r.Context(), pipeline.Settlement{Ask: a, Reader: reader.Settle(m.ask, !m.silent), Revision: revision, Record: record})
	must(r, err)
	ledger.Finish(r.Context(), pipeline.Finish{Ask: a, Fate: pipeline.Sent, Forget: anonymous})
}

// audit goes through all messages of a publisher from a place on, so many at a time.
func (r *erasureRig) audit(publisher string, from pipeline.OutgoingPlace, limit int) (all []pipeline.Outgoing) {
	r.Helper()
	page := pipeline.OutgoingPage{More: true, Next: from}
	for page.More {
		var err error
		page, err = r.erasure().Ledger.Outgoing(r.Context(), publisher, page.Next, limit, noon.Add(-30*24*time.Hour))
		must(r, err)
		if len(page.Messages) > limit {
			r.Fatalf("a page of %d has %d", limit, len(page.Messages))
		}
		all = append(all, page.Messages...)
	}
	return all
}

func TestEveryMessageNamesWhatCausedItAndAnOrphanIsFound(t *testing.T) {
	sent := []sentMessage{
		{"an answer", 10, "p", "p.ann", pull.Asked, 0, false, ownCause},
		{"what she ordered with it", 11, "p", "p.ann", pull.Later, 10, false, causeKept},
		{"what follows that late", 12, "p", "p.ann", pull.LateAnswer, 11, false, causeKept},
		{"silence after STOP", 13, "p", "p.ann", pull.Asked, 0, true, notListed},
		{"an order that was silent", 14, "p", "p.ann", pull.Later, 13, false, causeKept},
		{"an order of before all that is kept", 15, "p", "p.ann", pull.Later, 3, false, causePast},
		{"an answer without consent", 16, "p", "p.ben", pull.Asked, 0, false, ownCause},
		{"what follows that", 17, "p", "p.ben", pull.LateAnswer, 16, false, countedOnly},
		{"silence without consent", 18, "p", "p.ben", pull.Asked, 0, true, notListed},
		{"an order that somebody without consent caused", 19, "p", "p.ann", pull.Human, 16, false, causeKept},
		{"of nobody", 20, "p", "p.ann", pull.Later, 0, false, orphaned},
		{"of what came after it", 21, "p", "p.ann", pull.Human, 22, false, orphaned},
		{"of what never was", 24, "p", "p.ann", pull.LateAnswer, 23, false, orphaned},
		{"of another publisher's ask", 26, "p", "p.ann", pull.Human, 5, false, orphaned},
		{"of no kind that there is", 27, "p", "p.ann", "broadcast", 10, false, orphaned},
		{"of nobody, without consent", 28, "p", "p.ben", pull.Later, 0, false, orphaned},
		{"another answer", 29, "p", "p.ann", pull.Asked, 0, false, ownCause},
	}
	r := newErasureRig(t)
	r.send(sentMessage{ask: 5, publisher: "q", reader: "q.eve"})
	for _, m := range sent {
		r.send(m)
	}
	check := func(when string, want map[uint64]string) {
		t.Helper()
		all := r.audit("p", pipeline.OutgoingPlace{}, 200)
		told := map[uint64]string{}
		for _, m := range all {
			told[m.Ask] = judged(m)
			if m.Fate != pipeline.Sent || m.Channel != "c" || !m.At.Equal(noon) {
				t.Errorf("%s: %+v", when, m)
			}
		}
		for _, m := range sent {
			got, listed := told[m.ask]
			if !listed {
				got = notListed
			}
			if got != want[m.ask] {
				t.Errorf("%s, %s is %s, want %s", when, m.what, got, want[m.ask])
			}
		}
		if len(told) != len(all) {
			t.Errorf("%s: %d are told as %d", when, len(told), len(all))
		}
		if pieces := r.audit("p", pipeline.OutgoingPlace{}, 2); !slices.Equal(pieces, all) {
			t.Errorf("%s, by twos: %+v", when, pieces)
		}
		// Counts come behind the rest, whichever way one goes.
		counts := 1
		for counts < len(all) && all[counts-1].Ask < all[counts].Ask {
			counts++
		}
		slices.Reverse(all[:counts])
		slices.Reverse(all[counts:])
		for _, limit := range []int{200, 2} {
			if back := r.audit("p", pipeline.LastOutgoing(), limit); !slices.Equal(back, all) {
				t.Errorf("%s, back by %d: %+v", when, limit, back)
			}
		}
	}
	want := map[uint64]string{}
	for _, m := range sent {
		want[m.ask] = m.want
	}
	check("as they were sent", want)
	if of := r.audit("q", pipeline.OutgoingPlace{}, 200); len(of) != 1 || judged(of[0]) != ownCause {
		t.Errorf("of the other publisher: %+v", of)
	}

	must(t, r.erasure().Erase(t.Context(), "p", "p.ann"))
	for ask, told := range want {
		// Which other ask was hers is known no more, and neither is whether there was one.
		if told == causePast || told == causeKept || ask == 24 || ask == 26 {
			want[ask] = countedOnly
		}
	}
	check("of an erased reader", want)
}

func TestWhatHasNotLeftIsNoSentMessage(t *testing.T) {
	r := newOwnRig(t, t.TempDir())
	for _, text := range []string{"one", "two", "three"} {
		r.accept("p.ann", text, text)
	}
	asks := r.claim(3)
	for _, a := range asks {
		r.settle(a)
	}
	r.ledger.Finish(t.Context(), pipeline.Finish{Ask: asks[0], Fate: pipeline.Sent})
	r.ledger.Finish(t.Context(), pipeline.Finish{Ask: asks[1], Fate: pipeline.Handed})
	_, err := r.db.Put(t.Context(), "flushed", nil, store.Any)
	must(t, err)
	page, err := r.ledger.Outgoing(t.Context(), "p", pipeline.OutgoingPlace{}, 10, noon)
	must(t, err)
	var fates []pipeline.Fate
	for _, m := range page.Messages {
		fates = append(fates, m.Fate)
	}
	if want := []pipeline.Fate{pipeline.Sent, pipeline.Handed, ""}; !slices.Equal(fates, want) {
		t.Errorf("%q, want %q", fates, want)
	}
}
