package bolt

import (
	"bytes"
	"context"
	"time"

	"keypull/store/internal/engine"
	"keypull/store/internal/order"
)

const (
	// trimStep is how many records one commit removes, so that others get in
	// between.
	trimStep = 1000
	// trimWindow is how many young records in a row end the look for old ones.
	trimWindow = 10_000
	// trimSamples is how many records are looked at to learn what is past by
	// order.
	trimSamples = 1024
)

// Trim implements store.Log. It ends behind some ten thousand records in a row
// that stay.
func (l *log) Trim(ctx context.Context, before time.Time) (int, error) {
	past, err := l.pastPosition(ctx, before)
	if err != nil {
		return 0, err
	}
	look := trimLook{before: before, past: past}
	for gone := 0; ; {
		step, err := l.collectAged(ctx, &look)
		if err != nil {
			return gone, err
		}
		if len(step.keys) > 0 {
			if err := l.engine.Do(ctx, step); err != nil {
				return gone, err
			}
		}
		gone += step.gone
		if look.over {
			return gone, nil
		}
	}
}

// pastPosition returns the last position of which the records around it show that it was
// written before a moment, whatever its date says.
func (l *log) pastPosition(ctx context.Context, before time.Time) (position uint64, err error) {
	err = l.viewBuckets(ctx, func(records, _ *engine.Bucket) error {
		position = lastPast(records.Cursor(), trimSamples, before, func(k, v []byte) (time.Time, bool) {
			r, ok := l.openRecord(k, v)
			return r.At, ok
		})
		return nil
	})
	return position, err
}

// lastPast looks at the first records of a bucket, whose keys are numbers in the
// order of writing, and at as many of the others; 0 if nothing is past.
func lastPast(c engine.FileCursor, samples uint64, before time.Time, date func(k, v []byte) (time.Time, bool)) uint64 {
	var looked []uint64
	var dates []time.Time
	look := func(k, v []byte) {
		if at, ok := date(k, v); ok {
			looked, dates = append(looked, engine.Number(k)), append(dates, at)
		}
	}
	k, v := c.First()
	for ; k != nil && uint64(len(looked)) < samples; k, v = c.Next() {
		look(k, v)
	}
	if k != nil {
		next := engine.Number(k)
		last, _ := c.Last()
		count, place := order.Samples(engine.Number(last)-next+1, samples)
		for i := range count {
			if k, v := c.Seek(engine.Key(next + place(i))); k != nil && engine.Number(k) > looked[len(looked)-1] {
				look(k, v)
			}
		}
	}
	at := func(i int) (time.Time, bool) { return dates[i], true }
	if i := order.Past(len(dates), at, before); i >= 0 {
		return looked[i]
	}
	return 0
}

// trimLook is how far the look for old records has come.
type trimLook struct {
	before time.Time
	past   uint64
	from   uint64
	young  int // records in a row that stay
	over   bool
}

// collectAged collects the records that one commit may remove.
func (l *log) collectAged(ctx context.Context, look *trimLook) (*trimming, error) {
	w := &trimming{Outcome: engine.Outcome{Shrinks: true}, l: l}
	look.over = true
	err := l.viewBuckets(ctx, func(records, _ *engine.Bucket) error {
		c := records.Cursor()
		seen := 0
		for k, v := c.Seek(engine.Key(look.from)); k != nil && look.young < trimWindow; k, v = c.Next() {
			look.from = engine.Number(k)
			if seen++; len(w.keys) == trimStep || seen > 10*trimStep {
				look.over = false
				return nil
			}
			r, ok := l.openRecord(k, v)
			if !ok {
				continue
			}
			if !r.At.Before(look.before) && r.Position > look.past {
				look.young++
				continue
			}
			look.young = 0
			w.keys = append(w.keys, bytes.Clone(k))
			w.ids = append(w.ids, []byte(r.ID))
		}
		return nil
	})
	return w, err
}

// trimming is the work of one step of Trim.
type trimming struct {
	engine.Outcome
	l    *log
	keys [][]byte
	ids  [][]byte
	gone int
}

// Size implements engine.Work.
func (w *trimming) Size() int { return 0 }

// Check implements engine.Work.
func (w *trimming) Check(*engine.Batch) error { return nil }

func (w *trimming) Write(t *engine.Batch) error {
	records, ids := w.l.bucketsIn(t)
	w.gone = 0
	for i := range w.keys {
		if records.Get(w.keys[i]) == nil {
			continue // somebody else trims as well
		}
		w.gone++
		r, ok := w.l.findRecord(records, ids, w.ids[i])
		records.Remove(w.keys[i])
		if ok && r.Position != engine.Number(w.keys[i]) {
			continue // the id was used again
		}
		ids.Remove(w.ids[i])
	}
	return nil
}
