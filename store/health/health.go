// Package health keeps how sources have been doing over a restart: a value for
// each, written seldom, and together with what is written anyway. It leaves alone
// what a health means, and which sources there are.
package health

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"keypull/pull"
	"keypull/store"
)

const prefix = "health"

// maxBytes bounds what is kept of one source; warnings give way.
const maxBytes = 16 << 10

// DB is what a Keeper writes to.
type DB interface {
	store.KV
	store.Committer
}

// Keeper keeps healths. It is safe for concurrent use.
type Keeper struct {
	db DB
	mu sync.Mutex
	// kept are the values as they stand there, by their keys, once they were read.
	kept map[string]string
}

// New returns the keeper of a store.
func New(db DB) *Keeper { return &Keeper{db: db, kept: map[string]string{}} }

// key names a source, whose ids may be longer than a key.
func key(publisher, source string) string {
	sum := sha256.Sum256([]byte(publisher + "/" + source))
	return prefix + "." + hex.EncodeToString(sum[:12])
}

// Load returns what is kept. What can't be read is told beside all that can.
func (k *Keeper) Load(ctx context.Context) (all []pull.Health, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for pair, scanning := range store.Pairs(ctx, k.db, prefix, "", store.MaxPage) {
		if scanning != nil {
			return all, errors.Join(err, fmt.Errorf("read how sources have been doing: %w", scanning))
		}
		k.kept[pair.Key] = string(pair.Value)
		var h pull.Health
		if decoding := json.Unmarshal(pair.Value, &h); decoding != nil {
			err = errors.Join(err, fmt.Errorf("read %s: %w", pair.Key, decoding))
			continue
		}
		all = append(all, h)
	}
	return all, err
}

// Keep has exactly these be kept; what has not changed since is not written.
// Nothing waits for it: a crash may lose the last of it.
func (k *Keeper) Keep(ctx context.Context, all []pull.Health) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	gone := map[string]bool{}
	for at := range k.kept {
		gone[at] = true
	}
	for _, h := range all {
		at := key(h.Publisher, h.Source)
		value, err := encode(h)
		if err != nil {
			return err
		}
		delete(gone, at)
		if k.kept[at] == string(value) {
			continue
		}
		put := store.Batch{Puts: []store.Pair{{Key: at, Value: value, Revision: store.Any}}}
		if err := k.db.CommitLater(ctx, put); err != nil {
			return fmt.Errorf("keep how sources have been doing: %w", err)
		}
		k.kept[at] = string(value)
	}
	for at := range gone {
		if err := k.db.CommitLater(ctx, store.Batch{Deletes: []string{at}}); err != nil {
			return fmt.Errorf("drop how sources have been doing: %w", err)
		}
		delete(k.kept, at)
	}
	return nil
}

// encode writes one, with as much as there is room for.
func encode(h pull.Health) ([]byte, error) {
	// What stands in memory alone is told by who asks.
	h.Held, h.Breaker, h.Again = false, pull.Closed, time.Time{}
	value, err := json.Marshal(h)
	if err == nil && len(value) > maxBytes {
		h.Warnings = nil
		value, err = json.Marshal(h)
	}
	if err != nil {
		return nil, fmt.Errorf("encode how a source has been doing: %w", err)
	}
	return value, nil
}
