package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// foldTurn is how many records of each log are folded at a time.
const foldTurn = 500

// Fold takes up every ask that has been settled since the last time.
func (d *Demand) Fold(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	const op = "fold demand"
	for {
		at, err := readDocument[reached](ctx, d.backend, demandReached, op, "")
		if err != nil && pull.KindOf(err) != pull.Unknown {
			return err
		}
		asks, err := d.asks.Read(ctx, at.value.Asks, foldTurn)
		if err != nil {
			return understood(op, err)
		}
		counts, err := d.counts.Read(ctx, at.value.Counts, foldTurn)
		if err != nil {
			return understood(op, err)
		}
		if len(asks) == 0 && len(counts) == 0 {
			return nil
		}
		next := at.value
		if len(asks) > 0 {
			next.Asks = asks[len(asks)-1].Position + 1
		}
		if len(counts) > 0 {
			next.Counts = counts[len(counts)-1].Position + 1
		}
		f := &folding{Demand: d, now: d.clock(), next: next, days: map[string]*document[demandDay]{},
			pages: map[string]*document[demandPage]{}, salts: map[string]salt{}}
		if err := f.fold(ctx, asks, counts); err != nil {
			return err
		}
		if err := f.write(ctx, uint64(at.revision)); err != nil {
			return err
		}
	}
}

// foldedAsk is what is read of a record.
type foldedAsk struct {
	settledAsk
	Reader who.Key `json:"reader,omitempty"`
	// Erased: its reader was, and it is a count alone.
	Erased bool `json:"erased,omitempty"`
}

// foldable reads a record, or what was left of one.
func foldable(plain []byte) (a foldedAsk, err error) {
	if len(plain) > 0 && plain[0] == '{' {
		if err := json.Unmarshal(plain, &a); err != nil {
			return a, fmt.Errorf("decode record: %w", err)
		}
		return a, nil
	}
	r, err := pipeline.DecodeRecord(plain)
	return foldedAsk{settledAsk: settledAsk{Publisher: r.Publisher, Trace: r.Trace}, Reader: r.Reader}, err
}

// counts says that it is counted here: records of readers who have not agreed
// are counted by their note, and versions before these notes wrote no reader.
func (a *foldedAsk) counts() bool { return a.Reader != "" || a.Erased }

// folding is one turn.
type folding struct {
	*Demand
	now   time.Time
	next  reached
	days  map[string]*document[demandDay]
	pages map[string]*document[demandPage]
	salts map[string]salt
}

func (f *folding) fold(ctx context.Context, asks, counts []Record) error {
	for _, r := range asks {
		a, ok, err := f.opened(asksLog, r)
		if err != nil {
			return err
		}
		if ok && a.counts() {
			if err := f.ask(ctx, r.Position, a); err != nil {
				return err
			}
		}
	}
	for _, r := range counts {
		a, ok, err := f.opened(countsLog, r)
		if err != nil {
			return err
		}
		if ok {
			if err := f.bare(ctx, r.Position, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// opened reads a record; false where nothing of it is kept or can be read any
// more, or where it is too old.
func (f *folding) opened(log string, r Record) (a foldedAsk, ok bool, err error) {
	if len(r.Data) == 0 {
		return a, false, nil
	}
	plain, err := OpenRecord(f.sealer, LogPlace(log, r.ID), r.Data)
	if errors.Is(err, ErrUnreadable) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("open record: %w", err)
	}
	if a, err = foldable(plain); err != nil {
		f.logger.Warn("a record could not be read and is not counted", "record", r.ID, "error", err)
		return a, false, nil
	}
	// A clock that was set back leaves asks of a time to come.
	if a.Trace.At.After(f.now) {
		a.Trace.At = f.now
	}
	a.Trace.At = a.Trace.At.In(f.zone(a.Publisher))
	return a, a.Publisher != "" && journal.DemandDay(a.Trace.At) > f.oldest(), nil
}

func (f *folding) oldest() int { return journal.DemandDay(f.now) - journal.DemandDays }

// ask folds an ask of which everything may be kept.
func (f *folding) ask(ctx context.Context, position uint64, a foldedAsk) error {
	tells, withheld := journal.Tells(&a.Trace)
	day, err := f.day(ctx, a)
	if err != nil {
		return err
	}
	if position >= day.value.Reached.Asks {
		day.value.Add(&a.Trace, withheld, false)
	}
	for _, t := range tells {
		if err := f.tell(ctx, position, a, t); err != nil {
			return err
		}
	}
	return nil
}

func (f *folding) tell(ctx context.Context, position uint64, a foldedAsk, t journal.Tell) error {
	id := f.name(demandPrefix, a.Publisher, journal.DemandKey(t.Text))
	page, err := opened[demandPage](ctx, f.Demand, f.pages, demandKey(a.Publisher, demandTexts, id[:1]))
	if err != nil {
		return err
	}
	if position < page.value.Reached.Asks {
		return nil
	}
	s, there := f.salts[a.Publisher]
	if !there {
		if s, err = f.salt(ctx, a.Publisher); err != nil {
			return err
		}
		f.salts[a.Publisher] = s
	}
	if page.value.Clusters == nil {
		page.value.Clusters = map[string]*keptCluster{}
	}
	c := page.value.Clusters[id]
	if c == nil {
		c = &keptCluster{}
		page.value.Clusters[id] = c
	}
	if c.touched.IsZero() {
		c.open(f.sealer, textPlace(page.key, id))
	}
	c.Tell(t, s.serial, s.hash(id, a.Reader))
	c.touched = c.Last
	return nil
}

// bare counts an ask of which nothing else may be kept.
func (f *folding) bare(ctx context.Context, position uint64, a foldedAsk) error {
	day, err := f.day(ctx, a)
	if err == nil && position >= day.value.Reached.Counts {
		day.value.Add(&a.Trace, false, true)
	}
	return err
}

func (f *folding) day(ctx context.Context, a foldedAsk) (*document[demandDay], error) {
	return opened[demandDay](ctx, f.Demand, f.days, dayKey(a.Publisher, journal.DemandDay(a.Trace.At)))
}

// opened returns a document of this turn, a new one where there is none. It
// shows where it stood when the turn began until the turn is written.
func opened[T any](ctx context.Context, d *Demand, all map[string]*document[T], key string) (*document[T], error) {
	if d, ok := all[key]; ok {
		return d, nil
	}
	read, err := readDocument[T](ctx, d.backend, key, "fold demand", "")
	if err != nil && pull.KindOf(err) != pull.Unknown {
		return nil, err
	}
	read.key = key
	all[key] = &read
	return &read, nil
}

// write writes the turn: as one where the back end can, else what it counted
// first and how far it has come last.
func (f *folding) write(ctx context.Context, revision uint64) error {
	const op = "write demand"
	pairs, err := f.pairs(Revision(revision))
	if err != nil {
		return err
	}
	_, err = commit(ctx, f.backend, Batch{Puts: pairs})
	return understoodIf(op, err)
}

func (f *folding) pairs(revision Revision) ([]Pair, error) {
	var pairs []Pair
	for key, day := range f.days {
		day.value.Reached = f.next
		b, err := json.Marshal(day.value)
		if err != nil {
			return nil, fmt.Errorf("encode demand: %w", err)
		}
		pairs = append(pairs, Pair{Key: key, Value: b, Revision: day.revision})
	}
	for key, page := range f.pages {
		page.value.Reached = f.next
		b, err := page.value.encode(f.sealer, key)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, Pair{Key: key, Value: b, Revision: page.revision})
	}
	b, err := json.Marshal(f.next)
	if err != nil {
		return nil, fmt.Errorf("encode demand: %w", err)
	}
	return append(pairs, Pair{Key: demandReached, Value: b, Revision: revision}), nil
}
