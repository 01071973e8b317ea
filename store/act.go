package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
)

const (
	actPrefix   = "act"
	actOfPrefix = "act-of"
)

// Acts keeps the record of who did what. Keys begin with the time counted
// backwards, so that a scan gives the latest first. Each act stands under a key
// of its own, written first, and its publisher's index names it; a crash in
// between leaves an act that is listed for the installation alone.
type Acts struct {
	kv     KV
	random io.Reader
}

// NewActs returns the record of a back end; ids are drawn from random.
func NewActs(kv KV, random io.Reader) *Acts { return &Acts{kv: kv, random: random} }

// Append writes an act as far as it fits, with a new id where it has none.
func (a *Acts) Append(ctx context.Context, act people.Act) error {
	const op = "write act"
	if act.ID == "" {
		act.ID = people.NewID(a.random)
	}
	act = act.Fit()
	place := descendingTime(act.At) + "-" + keySegment(act.ID)
	if _, err := writeDocument(ctx, a.kv, actPrefix+"."+place, op, act, 0); err != nil {
		return err
	}
	if act.Publisher == "" {
		return nil
	}
	_, err := a.kv.Put(ctx, actOfKey(act.Publisher)+"."+place, nil, Any)
	return backendError(op, err)
}

func actOfKey(publisher string) string { return actOfPrefix + "." + keySegment(publisher) }

// descendingTime writes a time, from 1970 on, in 20 digits that sort the latest
// first.
func descendingTime(at time.Time) string {
	return fmt.Sprintf("%020d", math.MaxInt64-max(0, at.UnixNano()))
}

// Page returns up to limit (1 to MaxPage) acts, the latest first: those of a
// publisher or, where that is "", all of the installation and every publisher.
// It begins behind the cursor after, which is "" at first; next is the cursor
// for the following page, or "".
func (a *Acts) Page(ctx context.Context, publisher, after string, limit int) (acts []people.Act, next string, err error) {
	const op = "list acts"
	prefix := actPrefix
	if publisher != "" {
		prefix = actOfKey(publisher)
	}
	if after != "" {
		after = prefix + "." + after
	}
	if limit < 1 || limit > MaxPage || after != "" && CheckKey(after) != nil {
		return nil, "", &pull.Error{Kind: pull.Invalid, Op: op, Hint: words.Text{Key: "store.ask_for_acts", Args: words.Args{"max": MaxPage}}}
	}
	// One more than asked for tells whether another page follows.
	for {
		pairs, err := a.kv.Scan(ctx, prefix, after, min(limit-len(acts)+1, MaxPage))
		if err != nil {
			return nil, "", backendError(op, err)
		}
		for _, pair := range pairs {
			if len(acts) == limit {
				return acts, strings.TrimPrefix(after, prefix+"."), nil
			}
			if acts, err = a.appendAct(ctx, acts, pair, prefix); err != nil {
				return nil, "", err
			}
			after = pair.Key
		}
		if len(pairs) == 0 {
			return acts, "", nil
		}
	}
}

// appendAct adds the act of a pair, which stands in it or is named by it.
func (a *Acts) appendAct(ctx context.Context, acts []people.Act, pair Pair, prefix string) ([]people.Act, error) {
	const op = "read act"
	if prefix != actPrefix {
		named, err := a.kv.Get(ctx, actPrefix+strings.TrimPrefix(pair.Key, prefix))
		if errors.Is(err, ErrNotFound) {
			return acts, nil // trimmed meanwhile
		}
		if err != nil {
			return nil, backendError(op, err)
		}
		pair = named
	}
	d, err := decodeDocument[people.Act](pair, op)
	if err != nil {
		return nil, err
	}
	return append(acts, d.value), nil
}

// Trim removes the acts that are older than before, and returns how many. An
// act goes after its place in the index, so that after a crash the next Trim
// finds both.
func (a *Acts) Trim(ctx context.Context, before time.Time) (int, error) {
	const op = "trim acts"
	total := 0
	for {
		page, err := a.kv.Scan(ctx, actPrefix, actPrefix+"."+descendingTime(before.Add(-1)), MaxPage)
		if err != nil || len(page) == 0 {
			return total, backendError(op, err)
		}
		var index []Pair
		for _, pair := range page {
			d, err := decodeDocument[people.Act](pair, op)
			if err != nil {
				return total, err
			}
			if d.value.Publisher != "" {
				key := actOfKey(d.value.Publisher) + strings.TrimPrefix(pair.Key, actPrefix)
				index = append(index, Pair{Key: key, Revision: Any})
			}
		}
		if _, err := removeAll(ctx, a.kv, op, index); err != nil {
			return total, err
		}
		n, err := removeAll(ctx, a.kv, op, page)
		total += n
		if err != nil {
			return total, err
		}
	}
}
