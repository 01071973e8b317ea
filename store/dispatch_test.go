package store_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/mem"
)

// departures returns a ledger in which one ask of Ann's is settled, and not sent.
func departures(t *testing.T) (*store.Ledger, store.Backend, pull.Ask) {
	t.Helper()
	backend := mem.Open(store.Options{})
	ledger := store.NewLedger(backend, plain{}, time.Now, slog.New(slog.DiscardHandler))
	inbox := store.NewInbox(ledger)
	a := pull.Ask{Publisher: "p", Channel: "c", Reader: "p.ann", At: time.Now(), Incoming: pull.Incoming{Address: "ann", Text: "news"}}
	accepted, err := inbox.Accept(t.Context(), []pull.Entry{{Ask: a}})
	must(t, err)
	a.ID = accepted[0].Seq
	_, err = ledger.Settle(t.Context(), pipeline.Settlement{Ask: a, Reader: who.Reader{Earlier: 3}.Settle(a.ID, true), Record: pipeline.Record{
		Reply: &pull.Reply{Blocks: []pull.Block{{Text: "old"}}}, Trace: journal.Trace{Ask: a.ID},
	}})
	must(t, err)
	return ledger, backend, a
}

func TestWhatIsKnownOfASendingIsWrittenWithTheReaderOrNotAtAll(t *testing.T) {
	ledger, _, a := departures(t)
	if _, there, err := ledger.Dispatch(t.Context(), a.ID); there || err != nil {
		t.Fatal(there, err)
	}
	r, revision, err := ledger.Reader(t.Context(), a.Reader)
	must(t, err)
	d := pipeline.Dispatch{Left: true, Doubtful: true, Late: time.Now().UTC(), Earlier: 3}
	r.Earlier = 0
	stale := &pipeline.Document{Key: a.Reader, Reader: r, Revision: revision + 7}
	if err := ledger.PutDispatch(t.Context(), a.ID, d, stale); pull.KindOf(err) != pull.Conflict {
		t.Fatal(err)
	}
	if _, there, err := ledger.Dispatch(t.Context(), a.ID); there || err != nil {
		t.Fatal("noted without the reader", err)
	}
	must(t, ledger.PutDispatch(t.Context(), a.ID, d, &pipeline.Document{Key: a.Reader, Reader: r, Revision: revision}))
	got, there, err := ledger.Dispatch(t.Context(), a.ID)
	if err != nil || !there || !got.Late.Equal(d.Late) || got.Earlier != 3 || !got.Doubtful {
		t.Fatalf("%+v, %v, %v", got, there, err)
	}
	if r, _, err := ledger.Reader(t.Context(), a.Reader); err != nil || r.Earlier != 0 {
		t.Fatal(r.Earlier, err)
	}
}

func TestTheEndOfAnAskTakesWhatWasKnownOfItsSending(t *testing.T) {
	ledger, _, a := departures(t)
	must(t, ledger.PutDispatch(t.Context(), a.ID, pipeline.Dispatch{Left: true}, nil))
	ledger.Finish(t.Context(), pipeline.Finish{Ask: a, Fate: pipeline.Sent, Noted: true, Forget: true})
	if _, there, err := ledger.Dispatch(t.Context(), a.ID); there || err != nil {
		t.Error("it is there still", err)
	}
	if record, found, err := ledger.Record(t.Context(), a.ID); !found || !record.Reduced || err != nil {
		t.Errorf("%+v, %v", record, err)
	}
	if waiting, err := store.NewInbox(ledger).Waiting(t.Context(), a.Reader); len(waiting) > 0 || err != nil {
		t.Error(waiting, err)
	}
}

func TestARecordIsRewrittenInItsPlace(t *testing.T) {
	ledger, _, a := departures(t)
	must(t, ledger.Rewrite(t.Context(), a, pipeline.Record{Reply: &pull.Reply{Blocks: []pull.Block{{Text: "new"}}}, Trace: journal.Trace{Ask: a.ID}}))
	record, found, err := ledger.Record(t.Context(), a.ID)
	if err != nil || !found || record.Reply.Blocks[0].Text != "new" {
		t.Fatalf("%+v, %v", record, err)
	}
}

func TestWhatBecameOfAReplyIsToldToItsReader(t *testing.T) {
	r := newOwnRig(t, t.TempDir())
	for _, text := range []string{"one", "two", "three", "four", "five"} {
		r.accept("p.ann", text, text)
	}
	asks := r.claim(5)
	for _, a := range asks {
		r.settle(a)
	}
	r.ledger.Finish(t.Context(), pipeline.Finish{Ask: asks[0], Fate: pipeline.Sent})
	r.ledger.Finish(t.Context(), pipeline.Finish{Ask: asks[1], Fate: pipeline.Dead, Why: words.Verbatim("no")})
	r.ledger.Finish(t.Context(), pipeline.Finish{Ask: asks[2], Fate: pipeline.Discarded})
	r.ledger.Finish(t.Context(), pipeline.Finish{Ask: asks[3], Fate: pipeline.Dead, Why: words.Verbatim("no")})
	r.ledger.Finish(t.Context(), pipeline.Finish{Ask: asks[3], Fate: pipeline.Sent, Resent: true})
	_, err := r.db.Put(t.Context(), "flushed", nil, store.Any) // with what nobody waits for
	must(t, err)
	want := []pipeline.Fate{pipeline.Sent, pipeline.Dead, pipeline.Discarded, pipeline.Sent, ""}
	for _, after := range []string{"now", "after a crash"} {
		var got []pipeline.Fate
		must(t, r.ledger.Records(t.Context(), "p.ann", func(_ pipeline.Record, fate pipeline.Fate) error {
			got = append(got, fate)
			return nil
		}))
		if !slices.Equal(got, want) {
			t.Errorf("%s %q, want %q", after, got, want)
		}
		r = r.crashed()
	}
}

// putOff is a back end that says which batches were written before the caller went
// on, and can fail at them.
type putOff struct {
	store.Backend
	written, later int
	broken         error
}

func (p *putOff) Commit(ctx context.Context, b store.Batch) ([]store.Revision, error) {
	if p.written++; p.broken != nil {
		return nil, p.broken
	}
	return p.Backend.Commit(ctx, b)
}

func (p *putOff) CommitLater(ctx context.Context, b store.Batch) error {
	p.later++
	return p.Backend.CommitLater(ctx, b)
}

// A platform that has its 2xx tells nobody again that a message did not arrive.
func TestADeadLetterOfALateFailureIsWrittenWhenItIsSaidToBe(t *testing.T) {
	backend := &putOff{Backend: mem.Open(store.Options{})}
	ledger := store.NewLedger(backend, plain{}, time.Now, slog.New(slog.DiscardHandler))
	a := pull.Ask{ID: 7, Publisher: "p", Channel: "c", Reader: "p.ann", At: time.Now(), Incoming: pull.Incoming{Address: "ann"}}
	backend.broken = &pull.Error{Kind: pull.Unavailable, Op: "write"}
	if err := ledger.Bury(t.Context(), pipeline.Finish{Ask: a, Fate: pipeline.Dead, Queued: true}); pull.KindOf(err) != pull.Unavailable {
		t.Errorf("nothing can be written, and it says %v", err)
	}
	backend.broken = nil
	must(t, ledger.Bury(t.Context(), pipeline.Finish{Ask: a, Fate: pipeline.Dead, Queued: true}))
	if backend.later != 0 || backend.written != 2 {
		t.Errorf("%d batches were written, %d put off", backend.written, backend.later)
	}
	if letters, _, err := store.NewDead(backend, plain{}, ledger).List(t.Context(), "p", "c", 0, 10); err != nil || len(letters) != 1 || !letters[0].Queued {
		t.Errorf("%+v, %v", letters, err)
	}
}
