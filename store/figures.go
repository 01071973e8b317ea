package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"keypull/pull/journal"
)

// Figures are kept in two documents of each day: that of its keywords is large, and read
// where keywords are told apart alone.
const (
	figurePrefix = "figures"
	figureDays   = "day"
	figureWords  = "words"

	// figureWordDays is for how many days all keywords are told apart; of days before
	// those, keptWords are.
	figureWordDays = 100
	keptWords      = 200
)

func figureKey(publisher, part string, day int) string {
	return strings.Join([]string{figurePrefix, keySegment(publisher), part, fmt.Sprintf("%08d", day)}, ".")
}

// figureDay is the figures of a publisher's day while asks are folded into them.
type figureDay struct {
	reached reached
	sums    journal.DayFigures
	words   journal.WordFigures
	dayAt   Pair
	wordsAt Pair
}

// figureHead is how many bytes stand before what journal writes: how far it has come.
const figureHead = 16

// foldFigures counts an ask that its day has not counted yet.
func (f *demandFold) foldFigures(ctx context.Context, a foldedAsk, isNew func(reached) bool) error {
	at := dayPlace{a.Publisher, journal.DemandDay(a.Trace.At)}
	day := f.sums[at]
	if day == nil {
		var err error
		if day, err = f.readFigureDay(ctx, at); err != nil {
			return err
		}
		f.sums[at] = day
	}
	if !isNew(day.reached) {
		return nil
	}
	day.sums.AddAsk(&a.Trace)
	day.words.AddAsk(&a.Trace)
	return nil
}

// readFigureDay returns the figures of a day as they are kept.
func (f *demandFold) readFigureDay(ctx context.Context, at dayPlace) (*figureDay, error) {
	day := &figureDay{words: journal.WordFigures{}}
	var err error
	if day.dayAt, err = f.figurePair(ctx, figureKey(at.publisher, figureDays, at.day)); err != nil {
		return nil, err
	}
	if day.wordsAt, err = f.figurePair(ctx, figureKey(at.publisher, figureWords, at.day)); err != nil {
		return nil, err
	}
	if b := day.dayAt.Value; len(b) >= figureHead {
		day.reached = reached{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
		if day.sums, err = journal.DecodeDay(b[figureHead:]); err != nil {
			return nil, fmt.Errorf("fold figures of %s: %w", day.dayAt.Key, err)
		}
	}
	if b := day.wordsAt.Value; len(b) >= figureHead {
		if err := day.words.AddWords(b[figureHead:], nil); err != nil {
			return nil, fmt.Errorf("fold figures of %s: %w", day.wordsAt.Key, err)
		}
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

// encodePairs writes a day that counts what comes before a place.
func (day *figureDay) encodePairs(next reached) []Pair {
	head := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, next.Asks), next.Counts)
	pairs := []Pair{{Key: day.dayAt.Key, Revision: day.dayAt.Revision, Value: append(head[:figureHead:figureHead], day.sums.EncodeDay()...)}}
	if len(day.words) > 0 {
		pairs = append(pairs, Pair{Key: day.wordsAt.Key, Revision: day.wordsAt.Revision, Value: append(head[:figureHead:figureHead], day.words.EncodeWords()...)})
	}
	return pairs
}

// Figures tells those of a publisher's days from one until before another, the first day
// first, up to the last ask.
func (d *Demand) Figures(ctx context.Context, publisher string, from, until int, tell func(day int, of journal.DayFigures)) error {
	return d.scanFigures(ctx, publisher, figureDays, from, until, func(day int, b []byte) error {
		of, err := journal.DecodeDay(b)
		if err == nil {
			tell(day, of)
		}
		return err
	})
}

// WordFigures tells what keywords were asked in a publisher's days, as WordFigures.AddWords
// reads it.
func (d *Demand) WordFigures(ctx context.Context, publisher string, from, until int, tell func(day int, written []byte) error) error {
	return d.scanFigures(ctx, publisher, figureWords, from, until, tell)
}

func (d *Demand) scanFigures(ctx context.Context, publisher, part string, from, until int, tell func(day int, b []byte) error) error {
	const op = "read figures"
	if err := d.Fold(ctx); err != nil {
		if ctx.Err() != nil {
			return err
		}
		d.logger.Warn("the last asks could not be counted; figures are told without them", "error", err)
	}
	prefix := strings.Join([]string{figurePrefix, keySegment(publisher), part}, ".")
	for pair, err := range pagesBelow(ctx, d.backend, prefix, figureKey(publisher, part, from-1), op, demandScan) {
		if err != nil {
			return err
		}
		day := dayOfKey(pair.Key)
		if day >= until {
			return nil
		}
		if len(pair.Value) < figureHead {
			continue
		}
		if err := tell(day, pair.Value[figureHead:]); err != nil {
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
		case names[2] == figureWords && day <= today-figureWordDays:
			if err := d.trimWords(ctx, pair); err != nil {
				return nil, err
			}
		}
	}
	return doomed, nil
}

// trimWords keeps the keywords of a day that were asked most.
func (d *Demand) trimWords(ctx context.Context, pair Pair) error {
	words := journal.WordFigures{}
	if len(pair.Value) < figureHead || words.AddWords(pair.Value[figureHead:], nil) != nil || len(words) <= keptWords+1 {
		return nil //nolint:nilerr // what can't be read stays as it is
	}
	words.Keep(keptWords)
	_, err := d.backend.Put(ctx, pair.Key, append(pair.Value[:figureHead:figureHead], words.EncodeWords()...), pair.Revision)
	return backendError("sweep figures", err)
}
