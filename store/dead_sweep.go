package store

import (
	"context"
	"maps"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// boundEvery is after how many changes the letters are counted again.
const boundEvery = 500

// boundPause is how long is waited after the store could not be read.
const boundPause = time.Second

// Sweep removes letters of asks that are older than before, which is when the
// key goes that they are sealed with, and those that can't be read as
// documents. It returns how many.
func (d *Dead) Sweep(ctx context.Context, before time.Time) (int, error) {
	return d.removeLetters(ctx, "sweep dead letters", "", func(of deadMark, broken bool) bool { return broken || of.At.Before(before) })
}

// Forget removes the letters of a reader, and returns how many.
func (d *Dead) Forget(ctx context.Context, publisher string, reader who.Key) (int, error) {
	return d.removeLetters(ctx, "erase dead letters", publisher, func(of deadMark, broken bool) bool { return !broken && of.Reader == reader })
}

// OfReader calls f for every letter of a reader and the ask in it, the oldest
// first.
func (d *Dead) OfReader(ctx context.Context, publisher string, reader who.Key, f func(DeadLetter, pull.Ask) error) error {
	const op = "read dead letters of a reader"
	for pair, err := range pairsBelow(ctx, d.kv, deadBelow(publisher), "", op) {
		if err != nil {
			return err
		}
		of, err := decodeDocument[deadDocument](pair, op)
		if err != nil || of.value.Reader != reader {
			continue
		}
		letter, ask, named := d.openLetterIn(ctx, of.value, pair.Key, nil)
		if !named {
			continue
		}
		if err := f(letter, ask); err != nil {
			return err
		}
	}
	return nil
}

// removeLetters takes away the letters that are doomed, of a publisher or of all, but
// for those that change meanwhile. A document that is damaged is one more, never
// the end of it.
func (d *Dead) removeLetters(ctx context.Context, op, publisher string, doomed func(of deadMark, broken bool) bool) (int, error) {
	var all []Pair
	for pair, err := range pairsBelow(ctx, d.kv, deadBelow(publisher), "", op) {
		if err != nil {
			return 0, err
		}
		of, err := decodeDocument[deadMark](pair, op)
		if doomed(of.value, err != nil) {
			all = append(all, Pair{Key: pair.Key, Revision: pair.Revision})
		}
	}
	return removeAll(ctx, d.kv, op, all)
}

// Bound keeps at most Limit letters of each channel until ctx ends: beyond it
// those of the oldest asks go, and are counted. It looks when it begins and
// after every so many changes.
func (d *Dead) Bound(ctx context.Context) {
	for ctx.Err() == nil {
		err := d.boundOnce(ctx)
		if err == nil || ctx.Err() != nil {
			continue
		}
		d.ledger.logger.Warn("dead letters could not be counted; trying again", "error", err)
		pull.Sleep(ctx, boundPause)
	}
}

// boundOnce drops what is too much, and returns when it is time to look again.
func (d *Dead) boundOnce(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	changes, err := d.kv.Watch(ctx, deadPrefix)
	if err != nil {
		return backendError("watch dead letters", err)
	}
	if err := d.dropSurplus(ctx); err != nil {
		return err
	}
	for range min(boundEvery, d.Limit) {
		if _, open := <-changes; !open {
			return nil
		}
	}
	return nil
}

// dropSurplus drops the oldest of each channel that has too many. What somebody wants
// sent again counts, and stays.
func (d *Dead) dropSurplus(ctx context.Context) error {
	const op = "bound dead letters"
	surplus := map[deadChannel]int{}
	for pair, err := range pairsBelow(ctx, d.kv, deadPrefix, "", op) {
		if err != nil {
			return err
		}
		if room, _, ok := deadChannelOf(pair, op); ok {
			surplus[room]++
		}
	}
	maps.DeleteFunc(surplus, func(_ deadChannel, n int) bool { return n <= d.Limit })
	if len(surplus) == 0 {
		return nil
	}
	for room := range surplus {
		surplus[room] -= d.Limit
	}
	_, err := d.dropOldest(ctx, op, surplus)
	return err
}

// dropOldest removes so many of the oldest of each channel.
func (d *Dead) dropOldest(ctx context.Context, op string, surplus map[deadChannel]int) (int, error) {
	var all []Pair
	dropped := map[deadChannel]int{}
	for pair, err := range pairsBelow(ctx, d.kv, deadPrefix, "", op) {
		if err != nil {
			return 0, err
		}
		room, queued, ok := deadChannelOf(pair, op)
		if !ok || queued || dropped[room] >= surplus[room] {
			continue
		}
		dropped[room]++
		all = append(all, Pair{Key: pair.Key, Revision: pair.Revision})
	}
	d.mu.Lock()
	for room, n := range dropped {
		d.dropped[room] += n
		d.ledger.logger.Warn("the oldest dead letters of a channel were dropped; there is a limit to how many are kept",
			"publisher", room.publisher, "channel", room.channel, "dropped", n, "limit", d.Limit)
	}
	d.mu.Unlock()
	return removeAll(ctx, d.kv, op, all)
}

// deadChannelOf tells whose letter a pair is.
func deadChannelOf(pair Pair, op string) (room deadChannel, queued, ok bool) {
	publisher, _, named := deadPlace(pair.Key)
	of, err := decodeDocument[deadMark](pair, op)
	return deadChannel{publisher, of.value.Channel}, of.value.Queued, named && err == nil
}

// Dropped tells how many letters of a publisher were dropped since the start,
// because there were too many of their channel.
func (d *Dead) Dropped(publisher string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	total := 0
	for room, n := range d.dropped {
		if room.publisher == publisher {
			total += n
		}
	}
	return total
}
