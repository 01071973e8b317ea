package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"keypull/pull"
	"keypull/pull/pipeline"
)

// departurePrefix is where is noted what is known of replies that wait.
const departurePrefix = "leaving"

var _ pipeline.Dispatches = (*Ledger)(nil)

func departureKey(ask uint64) string { return departurePrefix + "." + recordID(ask) }

// Dispatch returns what PutDispatch wrote, or false if there is nothing.
func (l *Ledger) Dispatch(ctx context.Context, ask uint64) (pipeline.Dispatch, bool, error) {
	d, err := findDocument[pipeline.Dispatch](ctx, l.backend, departureKey(ask), "read what is known of a sending")
	return d.value, d.revision != Absent, err
}

// PutDispatch writes what is known of a sending, and the reader's document with it
// where there is one.
func (l *Ledger) PutDispatch(ctx context.Context, ask uint64, d pipeline.Dispatch, of *pipeline.Document) error {
	const op = "note a sending"
	value, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	note := Pair{Key: departureKey(ask), Value: value, Revision: Any}
	if of == nil {
		_, err := l.backend.Commit(ctx, Batch{Puts: []Pair{note}})
		return backendError(op, err)
	}
	b, h, err := l.readerBatch(ctx, of.Key, of.Reader, of.Revision)
	if err != nil {
		return err
	}
	b.Puts = append(b.Puts, note)
	_, err = l.own.commitDocument(ctx, of.Key, h, b)
	return backendError(op, err)
}

// Rewrite puts another record in the place of one that Settle wrote.
func (l *Ledger) Rewrite(ctx context.Context, a pull.Ask, r pipeline.Record) error {
	l.own.stripeOf(a.Reader).asking.RLock()
	defer l.own.stripeOf(a.Reader).asking.RUnlock()
	h, err := l.own.documentKey(ctx, a.Reader)
	if err == nil && h.slot == 0 {
		return nil // erased, and the record with the reader
	}
	if err != nil && !errors.Is(err, ErrUnreadable) {
		return err
	}
	record, err := l.sealRecordOf(&pipeline.Settlement{Ask: a, Record: r}, h.slot)
	if err != nil {
		return err
	}
	return backendError("settle anew", l.log.Reduce(ctx, record.ID, record.Data))
}

// Finish notes how sending ended and takes the ask out of the inbox, with the
// next commit where the back end can put it off.
func (l *Ledger) Finish(ctx context.Context, f pipeline.Finish) {
	var b Batch
	l.addFinish(ctx, &b, f)
	if err := l.backend.CommitLater(context.WithoutCancel(ctx), b); err != nil {
		l.logger.Error("the end of an ask could not be written; its reply may be sent again", "ask", f.Ask.ID, "error", err)
		return
	}
	l.own.forgetEntries(f.Ask.Reader, f.Ask.ID)
}

// Bury is Finish of which the platform will tell nobody again.
func (l *Ledger) Bury(ctx context.Context, f pipeline.Finish) error {
	var b Batch
	l.addFinish(ctx, &b, f)
	_, err := l.backend.Commit(ctx, b)
	return backendError("keep a dead letter", err)
}

// addFinish adds to a batch what ends an ask: its mark, and what need not be kept of it
// any more. The usual end has no mark: see Records.
func (l *Ledger) addFinish(ctx context.Context, b *Batch, f pipeline.Finish) {
	id := recordID(f.Ask.ID)
	mark := Append{Log: sendsLog, Record: Record{ID: id, At: l.clock(), Data: []byte(f.Fate)}}
	if f.Resent || f.Fate != pipeline.Sent {
		b.Appends = append(b.Appends, mark)
	}
	if f.Resent {
		// It was marked when it became a dead letter.
		b.Reduces = append(b.Reduces, mark)
		b.Deletes = append(b.Deletes, deadKey(f.Ask.Publisher, f.Ask.ID))
	}
	if f.Fate == pipeline.Dead {
		l.addDeadLetter(ctx, b, f)
	}
	if f.Forget {
		b.Reduces = append(b.Reduces, Append{Log: asksLog, Record: Record{ID: id}})
	}
	if f.Noted {
		b.Deletes = append(b.Deletes, departureKey(f.Ask.ID))
	}
	b.Acks = append(b.Acks, Acked{Queue: asksQueue, Seqs: []uint64{f.Ask.ID}})
}
