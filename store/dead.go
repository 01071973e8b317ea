package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
)

// MaxDead is how many dead letters of one channel are kept.
const MaxDead = 10000

const (
	deadPrefix = "dead"

	noLetter   = "hint.dead_none"
	lostLetter = "hint.dead_lost"
	sayStopped = "hint.dead_stopped"
	sayEnded   = "hint.dead_ended"
	sayGone    = "hint.dead_gone"
)

// DeadLetter is an ask or its reply that could not be brought to the reader.
type DeadLetter = pipeline.DeadLetter

// Dead keeps dead letters, a document each, until they are sent again or are
// past the retention of what readers wrote.
type Dead struct {
	kv     KV
	sealer RecordSealer
	ledger *Ledger
	// Limit is how many of one channel are kept, MaxDead by default; set it
	// before Bound is called.
	Limit int

	mu      sync.Mutex
	dropped map[deadChannel]int
}

// deadChannel is a channel whose letters are counted together.
type deadChannel struct{ publisher, channel string }

// NewDead returns the dead letters of a back end; what readers were to be told
// is read from the ledger.
func NewDead(b Backend, s RecordSealer, l *Ledger) *Dead {
	return &Dead{kv: b, sealer: s, ledger: l, Limit: MaxDead, dropped: map[deadChannel]int{}}
}

// deadDocument is a letter as it is written: what has to be found without a key
// stands beside what is sealed.
type deadDocument struct {
	Channel string    `json:"channel"`
	Reader  who.Key   `json:"reader"`
	At      time.Time `json:"at"`
	Since   time.Time `json:"since"`
	Queued  bool      `json:"queued,omitempty"`
	Sealed  []byte    `json:"sealed"`
}

// deadInside is what is sealed. It names its place, so that a document that was
// put elsewhere is known.
type deadInside struct {
	Publisher string         `json:"publisher"`
	Number    uint64         `json:"number"`
	Why       words.Text     `json:"why"`
	Ended     bool           `json:"ended,omitempty"`
	Ask       *pull.Ask      `json:"ask,omitempty"`
	Trace     *journal.Trace `json:"trace,omitempty"`
}

func deadKey(publisher string, ask uint64) string { return deadBelow(publisher) + "." + recordID(ask) }

// deadBelow returns the prefix of a publisher's letters, of all where it is "".
func deadBelow(publisher string) string {
	if publisher == "" {
		return deadPrefix
	}
	return deadPrefix + "." + keySegment(publisher)
}

// deadPair returns a letter as it is written in the batch that finishes the ask, in
// place of what stood there: an ask that fails again is a dead letter again. It is
// sealed with the key of its day, and unless slot is 0 with the reader's own as well.
// Without an ask (its ID is 0) it is listed and can't be sent again: that is for
// readers who have not agreed that anything is kept.
func deadPair(s RecordSealer, slot Slot, d DeadLetter, a pull.Ask) (Pair, error) {
	inside := deadInside{Publisher: d.Publisher, Number: d.Ask, Why: d.Why, Ended: d.Ended, Trace: d.Trace}
	if a.ID != 0 {
		inside.Ask = &a
	}
	key := deadKey(d.Publisher, d.Ask)
	sealed, err := sealLetter(s, slot, key, d.At, inside)
	if err != nil {
		return Pair{}, err
	}
	value, err := json.Marshal(deadDocument{
		Channel: d.Channel, Reader: d.Reader, At: d.At.UTC(), Since: d.Since.UTC(), Queued: d.Queued, Sealed: sealed,
	})
	if err != nil {
		return Pair{}, fmt.Errorf("encode dead letter: %w", err)
	}
	return Pair{Key: key, Value: value, Revision: Any}, nil
}

// addDeadLetter adds a dead letter to the batch that ends its ask. Of a reader who has
// not agreed that anything is kept it holds no more than that there is one.
func (l *Ledger) addDeadLetter(ctx context.Context, b *Batch, f pipeline.Finish) {
	a := f.Ask
	letter := DeadLetter{Ask: a.ID, Publisher: a.Publisher, Channel: a.Channel, Reader: a.Reader, At: a.At, Since: l.clock(),
		Why: f.Why, Ended: f.Ended, Trace: f.Trace, Queued: f.Queued && !f.Forget}
	if f.Forget {
		a = pull.Ask{}
	}
	h, err := l.own.documentKey(ctx, letter.Reader)
	if err != nil && !errors.Is(err, ErrUnreadable) {
		l.logger.Warn("a dead letter is sealed with the key of its day alone", "ask", letter.Ask, "error", err)
	}
	pair, err := deadPair(l.sealer, h.slot, letter, a)
	if err != nil {
		l.logger.Error("a dead letter could not be sealed, and is counted alone", "ask", letter.Ask, "error", err)
		return
	}
	key := pair.Key
	b.Deletes = slices.DeleteFunc(b.Deletes, func(other string) bool { return other == key })
	b.Puts = append(b.Puts, pair)
}

// sealLetter and openLetter are the one way in and out.
func sealLetter(s RecordSealer, slot Slot, key string, at time.Time, inside deadInside) ([]byte, error) {
	plain, err := json.Marshal(inside)
	if err != nil {
		return nil, fmt.Errorf("encode dead letter: %w", err)
	}
	sealed, err := sealRecord(s, slot, at, key, plain)
	if err != nil {
		return nil, fmt.Errorf("seal dead letter: %w", err)
	}
	return sealed, nil
}

func openLetter(s RecordSealer, publisher string, ask uint64, sealed []byte) (deadInside, error) {
	var inside deadInside
	plain, err := OpenRecord(s, deadKey(publisher, ask), sealed)
	if err != nil {
		return inside, fmt.Errorf("open dead letter: %w", err)
	}
	if err := json.Unmarshal(plain, &inside); err != nil {
		return inside, fmt.Errorf("decode dead letter: %w", err)
	}
	if inside.Publisher != publisher || inside.Number != ask {
		return inside, errors.New("open dead letter: it is that of another place")
	}
	return inside, nil
}

// deadPlace returns the publisher and the ask that a key names, or false.
func deadPlace(key string) (publisher string, ask uint64, ok bool) {
	parts := strings.Split(key, ".")
	const segments, hex = 3, 16
	if len(parts) != segments || len(parts[2]) != hex {
		return "", 0, false
	}
	ask, err := strconv.ParseUint(parts[2], hex, 64)
	// Ids of publishers are segments as they are.
	return parts[1], ask, err == nil
}

// List returns up to limit (1 to MaxPage) letters of a publisher, the oldest ask
// first, those of one channel unless that is ""; it begins behind the ask after,
// 0 at first. more says that others follow. One that can't be read any more is
// among them as Lost.
func (d *Dead) List(ctx context.Context, publisher, channel string, after uint64, limit int) (letters []DeadLetter, more bool, err error) {
	const op = "list dead letters"
	if limit < 1 || limit > MaxPage {
		return nil, false, &pull.Error{Kind: pull.Invalid, Op: op, Hint: words.Text{Key: "store.ask_for", Args: words.Args{"max": MaxPage}}}
	}
	behind := ""
	if after > 0 {
		behind = deadKey(publisher, after)
	}
	for pair, err := range pairsBelow(ctx, d.kv, deadBelow(publisher), behind, op) {
		if err != nil {
			return nil, false, err
		}
		document, err := decodeDocument[deadDocument](pair, op)
		if err == nil && channel != "" && document.value.Channel != channel {
			continue
		}
		if len(letters) == limit {
			return letters, true, nil
		}
		if letter, _, ok := d.openLetterIn(ctx, document.value, pair.Key, err); ok {
			letters = append(letters, letter)
		}
	}
	return letters, false, nil
}

// Get returns a letter and the ask in it, whose ID is 0 where the letter is
// Lost; or pull.Unknown.
func (d *Dead) Get(ctx context.Context, publisher string, ask uint64) (DeadLetter, pull.Ask, error) {
	found, err := d.findLetter(ctx, publisher, ask)
	if err != nil {
		return DeadLetter{}, pull.Ask{}, err
	}
	letter, a, _ := d.openLetterIn(ctx, found.value, found.key, nil)
	return letter, a, nil
}

func (d *Dead) findLetter(ctx context.Context, publisher string, ask uint64) (document[deadDocument], error) {
	return readDocument[deadDocument](ctx, d.kv, deadKey(publisher, ask), "read dead letter", noLetter)
}

// openLetterIn makes a letter of a document, which is damaged where broken is set; false
// where nothing names it.
func (d *Dead) openLetterIn(ctx context.Context, of deadDocument, key string, broken error) (DeadLetter, pull.Ask, bool) {
	publisher, ask, ok := deadPlace(key)
	if !ok {
		return DeadLetter{}, pull.Ask{}, false
	}
	letter := DeadLetter{
		Ask: ask, Publisher: publisher, Channel: of.Channel, Reader: of.Reader, At: of.At, Since: of.Since, Queued: of.Queued,
	}
	inside, err := openLetter(d.sealer, publisher, ask, of.Sealed)
	if broken != nil || err != nil {
		d.ledger.logger.Warn("a dead letter can't be read", "publisher", publisher, "ask", ask, "error", errors.Join(broken, err))
		letter.Lost, letter.Why = true, words.Text{Key: "store.letter_unreadable"}
		return letter, pull.Ask{}, true
	}
	letter.Why, letter.Trace, letter.Ended, letter.Lost = inside.Why, inside.Trace, inside.Ended, inside.Ask == nil
	if letter.Lost {
		return letter, pull.Ask{}, true
	}
	d.addRecordText(ctx, &letter)
	return letter, *inside.Ask, true
}

// addRecordText fills in what the record knows.
func (d *Dead) addRecordText(ctx context.Context, letter *DeadLetter) {
	record, there, err := d.ledger.Record(ctx, letter.Ask)
	if err != nil || !there {
		return
	}
	letter.Text = plainText(record.Reply)
	if letter.Trace == nil && !record.Trace.At.IsZero() {
		letter.Trace = &record.Trace
	}
}

// plainText returns a reply as lines of text.
func plainText(r *pull.Reply) string {
	if r == nil {
		return ""
	}
	var lines []string
	add := func(text string) {
		if text != "" {
			lines = append(lines, text)
		}
	}
	for _, b := range r.Blocks {
		add(b.Text)
		for _, line := range b.Lines {
			add(line)
		}
		for _, f := range b.Facts {
			add(f.Label + ": " + f.Value)
		}
		add(b.URL)
	}
	return strings.Join(lines, "\n")
}
