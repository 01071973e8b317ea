package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"keypull/pull/journal"
)

// Figures of each day are kept in three documents: those of its keywords and of its sources
// are large, and read where these are told apart alone.
const (
	figurePrefix = "figures"
	figureDays   = journal.FigurePart("day")

	// figureNameDays is for how many days all keywords and sources are told apart; of days
	// before those, keptNames are.
	figureNameDays = 100
	keptNames      = 200
)

func figureKey(publisher string, part journal.FigurePart, day int) string {
	return strings.Join([]string{figurePrefix, keySegment(publisher), string(part), fmt.Sprintf("%08d", day)}, ".")
}

// figureDay is the figures of a publisher's day while asks are folded into them.
type figureDay struct {
	reached reached
	at      Pair
	sums    journal.DayFigures
	named   map[journal.FigurePart]*namedFigures
}

// namedFigures are those of a day's keywords, or of its sources.
type namedFigures struct {
	at   Pair
	rows journal.NamedFigures
}

// figureHead is how many bytes stand before what journal writes: how far it has come.
const figureHead = 16

// foldFigures counts an ask that its day has not counted yet.
func (f *demandFold) foldFigures(ctx context.Context, a foldedAsk, isNew func(reached) bool) error {
	at := dayPlace{a.Publisher, journal.DemandDay(a.Trace.At)}
	day := f.sums[at]
	if day == nil {
		var err error
		if day = f.former.sums[at]; day == nil {
			if day, err = f.readFigureDay(ctx, at); err != nil {
				return err
			}
		}
		f.sums[at] = day
		for _, named := range day.named {
			f.names += len(named.rows)
		}
	}
	f.counted[at] = true
	if !isNew(day.reached) {
		return nil
	}
	day.sums.AddAsk(&a.Trace)
	day.named[journal.KeywordFigures].rows.AddKeywords(&a.Trace)
	day.named[journal.SourceFigures].rows.AddSources(&a.Trace)
	return nil
}

// readFigureDay returns the figures of a day as they are kept.
func (d *Demand) readFigureDay(ctx context.Context, at dayPlace) (*figureDay, error) {
	day := &figureDay{named: map[journal.FigurePart]*namedFigures{}}
	var err error
	if day.at, err = d.figurePair(ctx, figureKey(at.publisher, figureDays, at.day)); err != nil {
		return nil, err
	}
	if b := day.at.Value; len(b) >= figureHead {
		day.reached = reached{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
		if day.sums, err = journal.DecodeDay(b[figureHead:]); err != nil {
			return nil, fmt.Errorf("fold figures of %s: %w", day.at.Key, err)
		}
	}
	for _, part := range []journal.FigurePart{journal.KeywordFigures, journal.SourceFigures} {
		named := &namedFigures{rows: journal.NamedFigures{}}
		if named.at, err = d.figurePair(ctx, figureKey(at.publisher, part, at.day)); err != nil {
			return nil, err
		}
		if err := named.rows.AddNames(named.at.Value, nil); err != nil {
			return nil, fmt.Errorf("fold figures of %s: %w", named.at.Key, err)
		}
		day.named[part] = named
	}
	return day, nil
}

// figurePair returns what stands under a key, without a value where that is nothing.
func (d *Demand) figurePair(ctx context.Context, key string) (Pair, error) {
	pair, err := d.backend.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return Pair{Key: key}, nil
	}
	return pair, backendError("read figures", err)
}

// isWritten says that all documents of a day have been written before.
func (day *figureDay) isWritten() bool {
	for _, named := range day.named {
		if len(named.rows) > 0 && named.at.Revision == Absent {
			return false
		}
	}
	return day.at.Revision != Absent
}

// setRevisions sets at which revisions a day's documents are after they were written.
func (day *figureDay) setRevisions(at map[string]Revision) {
	day.at.Revision, day.at.Value = at[day.at.Key], nil
	for _, named := range day.named {
		named.at.Value = nil
		if revision, written := at[named.at.Key]; written {
			named.at.Revision = revision
		}
	}
}

// encodePairs writes a day that counts what comes before a place.
func (day *figureDay) encodePairs(next reached) []Pair {
	day.reached = next
	head := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, next.Asks), next.Counts)
	pairs := []Pair{{Key: day.at.Key, Revision: day.at.Revision, Value: append(head, day.sums.EncodeDay()...)}}
	for _, named := range day.named {
		if len(named.rows) > 0 {
			pairs = append(pairs, Pair{Key: named.at.Key, Revision: named.at.Revision, Value: named.rows.EncodeNames()})
		}
	}
	return pairs
}

// Figures tells those of a publisher's days from one until before another, the first day
// first, up to the last ask. What is told stays as it is until tell returns.
func (d *Demand) Figures(ctx context.Context, publisher string, from, until int, tell func(day int, of journal.DayFigures)) error {
	return d.scanFigures(ctx, publisher, figureDays, from, until, func(day int, b []byte) error {
		if d.isToldFrom(func(f *formerFold) bool {
			held := f.sums[dayPlace{publisher, day}]
			if held != nil {
				tell(day, held.sums)
			}
			return held != nil
		}) || len(b) < figureHead {
			return nil
		}
		of, err := journal.DecodeDay(b[figureHead:])
		if err == nil {
			tell(day, of)
		}
		return err //nolint:wrapcheck // scanFigures names the day
	})
}

// NamedFigures tells those of a publisher's days by part, journal.KeywordFigures or journal.SourceFigures. What is told
// stays as it is until tell returns.
func (d *Demand) NamedFigures(ctx context.Context, publisher string, part journal.FigurePart, from, until int, tell func(day int, of journal.NamedDay) error) error {
	return d.scanFigures(ctx, publisher, part, from, until, func(day int, b []byte) (err error) {
		if !d.isToldFrom(func(f *formerFold) bool {
			held := f.sums[dayPlace{publisher, day}]
			if held != nil {
				err = tell(day, journal.NamedDay{Rows: held.named[part].rows})
			}
			return held != nil
		}) {
			err = tell(day, journal.NamedDay{Written: b})
		}
		return err
	})
}

func (d *Demand) scanFigures(ctx context.Context, publisher string, part journal.FigurePart, from, until int, tell func(day int, b []byte) error) error {
	const op = "read figures"
	if err := d.foldForList(ctx); err != nil {
		return err
	}
	prefix := strings.Join([]string{figurePrefix, keySegment(publisher), string(part)}, ".")
	for pair, err := range pagesBelow(ctx, d.backend, prefix, figureKey(publisher, part, from-1), op, demandScan) {
		if err != nil {
			return err
		}
		day := dayOfKey(pair.Key)
		if day >= until {
			return nil
		}
		if err := tell(day, pair.Value); err != nil {
			return fmt.Errorf("%s of %s: %w", op, pair.Key, err)
		}
	}
	return nil
}

// sweepFigures returns the figures that are past their time or of publishers that are not
// there any more, and adds up the rarer keywords of days that are long past.
func (d *Demand) sweepFigures(ctx context.Context, there func(publisher string) bool) (doomed []Pair, err error) {
	const op = "sweep figures"
	today := journal.DemandDay(d.clock())
	for pair, err := range d.scanPairs(ctx, figurePrefix, op) {
		if err != nil {
			return nil, err
		}
		names := strings.Split(pair.Key, ".")
		switch day := dayOfKey(pair.Key); {
		case !there(names[1]), day <= today-journal.FigureDays:
			pair.Value = nil
			doomed = append(doomed, pair)
		case names[2] != string(figureDays) && day <= today-figureNameDays:
			if err := d.trimNames(ctx, pair); err != nil {
				return nil, err
			}
		}
	}
	return doomed, nil
}

// trimNames keeps the keywords or sources of a day that were asked most.
func (d *Demand) trimNames(ctx context.Context, pair Pair) error {
	rows := journal.NamedFigures{}
	if err := rows.AddNames(pair.Value, nil); err != nil || len(rows) <= keptNames+1 {
		return nil //nolint:nilerr // what can't be read stays as it is
	}
	rows.KeepMost(keptNames)
	_, err := d.backend.Put(ctx, pair.Key, rows.EncodeNames(), pair.Revision)
	return backendError("sweep figures", err)
}
