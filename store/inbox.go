package store

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// asksQueue and asksLog hold asks until they are finished and the records of
// what became of them; sendsLog holds how those ended that were not simply sent.
const (
	asksQueue = "asks"
	asksLog   = "asks"
	sendsLog  = "sends"
)

// Inbox is the queue of entries, sealed with the reader's own key and with that of
// their day.
type Inbox struct {
	queue   Queue
	ledger  *Ledger
	sealer  RecordSealer
	earlier uint64
	logger  *slog.Logger
	kept    entryRetries
}

var _ pipeline.Inbox = (*Inbox)(nil)

// NewInbox returns the inbox of the ledger's back end. The ledger knows the
// readers' keys: there is one to a back end.
func NewInbox(l *Ledger) *Inbox {
	queue := l.backend.Queue(asksQueue)
	return &Inbox{queue: queue, ledger: l, sealer: l.sealer, logger: l.logger, earlier: queue.Last()}
}

// Earlier returns the id of the last ask that was accepted before the inbox was
// opened.
func (i *Inbox) Earlier() uint64 { return i.earlier }

// Accept writes entries durably, each message of a reader once.
func (i *Inbox) Accept(ctx context.Context, entries []pull.Entry) ([]pipeline.Accepted, error) {
	release := i.ledger.own.lockReaders(entries)
	defer release()
	sealed, keys := make([]Entry, 0, len(entries)), make([]heldKey, 0, len(entries))
	for at := range entries {
		e := &entries[at]
		plain, bind, key, err := i.sealEntry(ctx, e)
		if err != nil {
			i.releaseKeys(entries, keys, nil, false)
			return nil, err
		}
		keys = append(keys, key)
		entry := Entry{ID: platformID(&e.Ask), Partition: string(e.Reader), Due: e.Due, At: e.At, Payload: plain, Bind: bind}
		if e.Kind == pull.Asked {
			i.setIdentity(&entry, e)
		}
		sealed = append(sealed, entry)
	}
	accepted, err := i.queue.Accept(ctx, sealed)
	i.releaseKeys(entries, keys, accepted, err != nil)
	if err != nil {
		return nil, backendError("accept", err)
	}
	return accepted, nil
}

// releaseKeys tells the ledger what became of entries. What failed may be written after
// all.
func (i *Inbox) releaseKeys(entries []pull.Entry, keys []heldKey, accepted []pipeline.Accepted, doubtful bool) {
	for at, key := range keys {
		seq := uint64(0)
		if at < len(accepted) && !accepted[at].Duplicate {
			seq = accepted[at].Seq
		}
		i.ledger.own.releaseKey(entries[at].Reader, key, seq, doubtful)
	}
}

// setIdentity says by what a message is known beside its id.
func (i *Inbox) setIdentity(entry *Entry, e *pull.Entry) {
	entry.Scope, entry.Words = Own, e.Text+"\x00"+e.Tap
	if e.OneID {
		entry.Scope = Account
	}
	if at := e.Location; at != nil {
		entry.Words += fmt.Sprintf("\x00%f %f", at.Latitude, at.Longitude)
	}
	for _, key := range e.Aliases {
		entry.Aliases = append(entry.Aliases, string(key))
	}
	reader, aliases := e.Reader, e.Aliases
	entry.Mine = func(seq uint64) bool {
		r, ok, err := i.ledger.Record(context.Background(), seq)
		return err != nil || !ok || r.Reader == "" || r.Reader == reader || slices.Contains(aliases, r.Reader)
	}
}

// platformID returns the platform's id made unique over all channels; an ask
// without one is never a duplicate.
func platformID(a *pull.Ask) string {
	if a.Incoming.ID == "" {
		return ""
	}
	return a.Publisher + "/" + a.Channel + "/" + a.Incoming.ID
}

// sealEntry gives what binds an entry to the sequence that it gets, and the key.
func (i *Inbox) sealEntry(ctx context.Context, e *pull.Entry) ([]byte, func([]byte, uint64) []byte, heldKey, error) {
	plain := pipeline.EncodeEntry(e)
	seal, key, err := i.ledger.own.acquireSeal(ctx, e.Reader, e.At)
	if err != nil {
		return nil, nil, heldKey{}, fmt.Errorf("seal entry: %w", err)
	}
	return plain, func(plain []byte, seq uint64) []byte { return seal(queuePlace(asksQueue, seq), plain) }, key, nil
}

func (i *Inbox) openEntry(e *Entry) (*pull.Entry, error) {
	plain, err := OpenRecord(i.sealer, queuePlace(asksQueue, e.Seq), e.Payload)
	if err != nil {
		return nil, fmt.Errorf("open ask: %w", err)
	}
	opened, err := pipeline.DecodeEntry(plain)
	if err != nil {
		return nil, fmt.Errorf("open ask: %w: %w", errNoAsk, err)
	}
	// What was sealed before places were bound tells its reader all the same.
	a := &opened
	if string(a.Reader) != e.Partition {
		return nil, fmt.Errorf("open ask %d: it is another reader's: %w", e.Seq, ErrUnreadable)
	}
	a.ID = e.Seq
	if a.Kind.Ordered() {
		a.At = a.Due
	}
	return a, nil
}

// Waiting returns the entries of a reader that nobody has finished yet, the
// oldest first.
func (i *Inbox) Waiting(ctx context.Context, reader who.Key) ([]pull.Entry, error) {
	entries, err := i.entriesOf(ctx, reader)
	if err != nil {
		return nil, err
	}
	waiting := make([]pull.Entry, 0, len(entries))
	for at := range entries {
		// What can't be opened any more is not held.
		if a, err := i.openEntry(&entries[at]); err == nil {
			waiting = append(waiting, *a)
		}
	}
	return waiting, nil
}

// EachOrdered calls f for every entry that waits for its time and can be opened.
func (i *Inbox) EachOrdered(ctx context.Context, f func(pull.Entry)) error {
	queue, ok := i.queue.(Searcher)
	if !ok {
		return nil
	}
	err := queue.Each(ctx, func(e Entry) {
		if e.Due.IsZero() {
			return
		}
		if a, err := i.openEntry(&e); err == nil && a.Kind.Ordered() {
			f(*a)
		}
	})
	return backendError("look for orders", err)
}

// Drop removes the entries of a reader that nobody has finished, where no server
// runs that would, and returns how many there were. It comes before Erase, with
// which the key goes that sealed them.
func (i *Inbox) Drop(ctx context.Context, reader who.Key) (int, error) {
	seqs, err := i.dropOf(ctx, reader, func(Entry) bool { return true })
	return len(seqs), err
}

// DropLater removes what a reader ordered for a time that has not come.
func (i *Inbox) DropLater(ctx context.Context, reader who.Key) error {
	seqs, err := i.dropOf(ctx, reader, func(e Entry) bool { return e.Due.After(e.At) })
	if err == nil {
		i.ledger.own.forgetEntries(reader, seqs...)
	}
	return err
}

func (i *Inbox) dropOf(ctx context.Context, reader who.Key, which func(Entry) bool) ([]uint64, error) {
	entries, err := i.entriesOf(ctx, reader)
	if err != nil {
		return nil, err
	}
	var seqs []uint64
	for _, e := range entries {
		if which(e) {
			seqs = append(seqs, e.Seq)
		}
	}
	if len(seqs) == 0 {
		return nil, nil
	}
	if err := i.queue.Ack(ctx, seqs...); err != nil {
		return nil, backendError("drop entries", err)
	}
	return seqs, nil
}

// entriesOf looks for a reader's entries, where the queue can be looked through.
func (i *Inbox) entriesOf(ctx context.Context, reader who.Key) ([]Entry, error) {
	queue, ok := i.queue.(Searcher)
	if !ok {
		return nil, nil
	}
	entries, err := queue.Of(ctx, string(reader))
	return entries, backendError("look for asks", err)
}
