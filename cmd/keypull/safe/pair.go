package safe

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"

	"keypull/store"
)

// pairKey is where the store names its keys.
const pairKey = "pair"

// checkPair holds store and keys against each other, and marks those that have no mark
// yet.
func (o *opening) checkPair(ctx context.Context) error {
	kept, err := o.Safe.Store.Get(ctx, pairKey)
	switch {
	case errors.Is(err, store.ErrNotFound):
		err = o.acquainted(ctx)
	case err != nil:
		return fmt.Errorf("read which keys the store has: %w", err)
	case string(kept.Value) != o.Ring.Pair():
		err = o.strange()
	default:
		return o.belong()
	}
	if err != nil {
		return err
	}
	if _, err := o.Safe.Store.Put(ctx, pairKey, []byte(o.Ring.Pair()), store.Any); err != nil {
		return fmt.Errorf("note which keys the store has: %w", err)
	}
	return o.belong()
}

func (o *opening) belong() error {
	if err := o.Ring.Belong(); err != nil {
		return fmt.Errorf("note that the keys have a store: %w", err)
	}
	return nil
}

func (o *opening) strange() error {
	if o.Anew {
		o.Strange = true
		return nil
	}
	return o.unpairedError("safe.strange")
}

// acquainted decides about a store without a mark, as versions before this one
// left it: one sealed thing that opens is enough, and so it is where there is
// none at all and the keys have no other store.
func (o *opening) acquainted(ctx context.Context) error {
	sealed, opens, err := o.tryAll(ctx)
	switch {
	case err != nil:
		return err
	case opens, !sealed && !o.Ring.Used():
		return nil
	case !sealed && o.Anew:
		return nil
	}
	return o.strange()
}

// tried is how many things of a kind are tried; one would do, but it may be the
// one that is damaged.
const tried = 1000

// tryAll looks for what is sealed, and whether any of it opens.
func (o *opening) tryAll(ctx context.Context) (sealed, opens bool, err error) {
	for _, try := range []func(context.Context) (int, bool, error){o.tryDocuments, o.tryRecords, o.trySecrets} {
		n, opened, err := try(ctx)
		if err != nil || opened {
			return true, opened, err
		}
		sealed = sealed || n > 0
	}
	return sealed, false, nil
}

// tryDocuments tries the documents of readers.
func (o *opening) tryDocuments(ctx context.Context) (int, bool, error) {
	pairs, err := o.Safe.Store.Scan(ctx, "reader", "", tried)
	if err != nil {
		return 0, false, fmt.Errorf("look at the readers: %w", err)
	}
	for _, p := range pairs {
		if _, _, err := o.Ring.OpenReader(store.ValuePlace(p.Key, p.Revision), p.Value); !errors.Is(err, store.ErrUnreadable) {
			return len(pairs), err == nil, err
		}
	}
	return len(pairs), false, nil
}

// tryRecords tries the records of asks.
func (o *opening) tryRecords(ctx context.Context) (n int, opens bool, err error) {
	for _, log := range []string{"asks", "counts"} {
		records, err := o.Safe.Store.Log(log).Read(ctx, 0, tried)
		if err != nil {
			return n, false, fmt.Errorf("look at the records: %w", err)
		}
		for _, r := range records {
			if len(r.Data) == 0 {
				continue
			}
			n++
			if _, err := store.OpenRecord(o.Ring, store.LogPlace(log, r.ID), r.Data); !errors.Is(err, store.ErrUnreadable) {
				return n, err == nil, err
			}
		}
	}
	return n, false, nil
}

// secrets finds sealed secrets in what was set up in the console.
var secrets = regexp.MustCompile(`"sealed:([A-Za-z0-9+/=]+)"`)

// trySecrets looks with which keys the secrets of sources and channels were
// sealed.
func (o *opening) trySecrets(ctx context.Context) (n int, opens bool, err error) {
	for _, resource := range []string{"source", "channel"} {
		pairs, err := o.Safe.Store.Scan(ctx, resource, "", tried)
		if err != nil {
			return n, false, fmt.Errorf("look at the secrets: %w", err)
		}
		for _, p := range pairs {
			for _, found := range secrets.FindAllSubmatch(p.Value, -1) {
				b, err := base64.StdEncoding.DecodeString(string(found[1]))
				n++
				if err == nil && o.Ring.Sealed(b) {
					return n, true, nil
				}
			}
		}
	}
	return n, false, nil
}
