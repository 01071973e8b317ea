package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"time"

	"keypull/pull"
)

// renewal is what changes of a snapshot whose content upstream confirmed. It
// stands in a value of its own behind the sum of the snapshot that it is of: a
// feed that says "not modified" once a minute is not written anew each time.
type renewal struct {
	Fetched, Expires, NotBefore time.Time
	Validators                  pull.Validators
}

func renewalKey(snapshot string) string { return snapshot + ".renewed" }

// Renew writes down the times and validators of a snapshot that is kept; where
// none is, the whole of it.
func (s *Snapshots) Renew(ctx context.Context, p pull.Place, snapshot pull.Snapshot) error {
	key := snapshotKey(p)
	head, err := s.kv.Get(ctx, key)
	switch {
	case errors.Is(err, ErrNotFound) || err == nil && len(head.Value) < headBytes:
		return s.Keep(ctx, p, snapshot)
	case err != nil:
		return understood("renew snapshot", err)
	}
	b := bytes.NewBuffer(bytes.Clone(head.Value[2:headBytes]))
	r := renewal{snapshot.Fetched, snapshot.Expires, snapshot.NotBefore, snapshot.Validators}
	if err := gob.NewEncoder(b).Encode(r); err != nil {
		return fmt.Errorf("encode renewal: %w", err)
	}
	if _, err := s.kv.Put(ctx, renewalKey(key), b.Bytes(), Any); err != nil {
		return understood("renew snapshot", err)
	}
	return nil
}

// renewed lays the newest renewal over a snapshot of that sum, where there is
// one.
func (s *Snapshots) renewed(ctx context.Context, key string, sum []byte, snapshot *pull.Snapshot) error {
	kept, err := s.kv.Get(ctx, renewalKey(key))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return understood("read snapshot", err)
	}
	if len(kept.Value) < sha256.Size || !bytes.Equal(kept.Value[:sha256.Size], sum) {
		return nil
	}
	var r renewal
	if err := gob.NewDecoder(bytes.NewReader(kept.Value[sha256.Size:])).Decode(&r); err != nil {
		return fmt.Errorf("decode renewal: %w", err)
	}
	snapshot.Fetched, snapshot.Expires, snapshot.NotBefore, snapshot.Validators = r.Fetched, r.Expires, r.NotBefore, r.Validators
	return nil
}
