package store

import (
	"context"
	"fmt"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
)

// deadTries is how often a mark is written against others who write it.
const deadTries = 5

// Queue marks a letter to be sent again, and says whether it was not marked
// already: of many who ask for the same one, one is told true. It refuses
// letters that are lost or ended the process, and those of readers who have said
// STOP or are gone (pull.Invalid), and those that are not there (pull.Unknown).
func (d *Dead) Queue(ctx context.Context, publisher string, ask uint64) (newly bool, err error) {
	found, err := d.findLetter(ctx, publisher, ask)
	if err != nil {
		return false, err
	}
	if err := d.sendable(ctx, found.value, publisher, ask); err != nil {
		return false, err
	}
	return d.setQueued(ctx, publisher, ask, true)
}

// Unqueue takes the mark back, where it could not be sent; the letter is listed
// as before. One that is not there has left.
func (d *Dead) Unqueue(ctx context.Context, publisher string, ask uint64) error {
	_, err := d.setQueued(ctx, publisher, ask, false)
	if pull.KindOf(err) == pull.Unknown {
		return nil
	}
	return err
}

// setQueued sets the mark and says whether that changed it.
func (d *Dead) setQueued(ctx context.Context, publisher string, ask uint64, queued bool) (changed bool, err error) {
	const op = "mark dead letter"
	for range deadTries {
		found, err := d.findLetter(ctx, publisher, ask)
		if err != nil {
			return false, err
		}
		if found.value.Queued == queued {
			return false, nil
		}
		found.value.Queued = queued
		_, err = writeDocument(ctx, d.kv, found.key, op, found.value, uint64(found.revision))
		if pull.KindOf(err) != pull.Conflict {
			return err == nil, err
		}
	}
	return false, &pull.Error{Kind: pull.Conflict, Op: op, Hint: words.Text{Key: "store.letter_busy"}}
}

// sendable returns nil for a letter that may be sent, else why it may not.
func (d *Dead) sendable(ctx context.Context, of deadDocument, publisher string, ask uint64) error {
	const op = "send dead letter"
	inside, err := openLetter(d.sealer, publisher, ask, of.Sealed)
	if err != nil || inside.Ask == nil {
		return &pull.Error{Kind: pull.Invalid, Op: op, Field: "ask", Hint: words.Text{Key: lostLetter}, Err: err}
	}
	if inside.Ended {
		return &pull.Error{Kind: pull.Invalid, Op: op, Field: "ask", Hint: words.Text{Key: sayEnded}}
	}
	reader, _, err := d.ledger.Reader(ctx, inside.Ask.Reader)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	switch reader.State {
	case who.Stopped:
		return &pull.Error{Kind: pull.Invalid, Op: op, Field: "ask", Hint: words.Text{Key: sayStopped}}
	case who.Gone:
		return &pull.Error{Kind: pull.Invalid, Op: op, Field: "ask", Hint: words.Text{Key: sayGone}}
	}
	return nil
}

// Queued calls f for every letter that is marked to be sent again, the oldest
// ask of each publisher first: what an earlier process was told to send and did
// not. Those of readers who have said STOP meanwhile, and those that can't be
// read any more, lose their mark instead. The first error of f ends it and is
// returned.
func (d *Dead) Queued(ctx context.Context, f func(DeadLetter, pull.Ask) error) error {
	const op = "look for queued dead letters"
	for pair, err := range pairsBelow(ctx, d.kv, deadPrefix, "", op) {
		if err != nil {
			return err
		}
		of, err := decodeDocument[deadDocument](pair, op)
		publisher, ask, named := deadPlace(pair.Key)
		if err != nil || !named || !of.value.Queued {
			continue
		}
		if err := d.handQueued(ctx, of, publisher, ask, f); err != nil {
			return err
		}
	}
	return nil
}

// handQueued hands a queued letter over, or takes its mark back.
func (d *Dead) handQueued(ctx context.Context, of document[deadDocument], publisher string, ask uint64, f func(DeadLetter, pull.Ask) error) error {
	err := d.sendable(ctx, of.value, publisher, ask)
	if pull.KindOf(err) == pull.Invalid {
		return d.Unqueue(ctx, publisher, ask)
	}
	if err != nil {
		return err
	}
	letter, a, _ := d.openLetterIn(ctx, of.value, of.key, nil)
	return f(letter, a)
}

// Remove takes a letter away that has been sent. One that is not there is no
// error.
func (d *Dead) Remove(ctx context.Context, publisher string, ask uint64) error {
	return backendError("remove dead letter", d.kv.Delete(ctx, deadKey(publisher, ask), Any))
}

// Counts tells how many letters there are of each channel of a publisher.
func (d *Dead) Counts(ctx context.Context, publisher string) (map[string]int, error) {
	const op = "count dead letters"
	counts := map[string]int{}
	for pair, err := range pairsBelow(ctx, d.kv, deadBelow(publisher), "", op) {
		if err != nil {
			return nil, err
		}
		// One that is damaged is no channel's, and is told where they are listed.
		if of, err := decodeDocument[deadMark](pair, op); err == nil {
			counts[of.value.Channel]++
		}
	}
	return counts, nil
}

// deadMark is as much of a document as counting needs.
type deadMark struct {
	Channel string    `json:"channel"`
	Reader  who.Key   `json:"reader"`
	At      time.Time `json:"at"`
	Queued  bool      `json:"queued"`
}
