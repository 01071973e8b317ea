package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"strings"
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
func (s *Snapshots) Renew(ctx context.Context, p pull.SnapshotID, snapshot pull.Snapshot) error {
	key := snapshotKey(p)
	head, err := s.kv.Get(ctx, key)
	switch {
	case errors.Is(err, ErrNotFound) || err == nil && len(head.Value) < headBytes:
		return s.Keep(ctx, p, snapshot)
	case err != nil:
		return backendError("renew snapshot", err)
	}
	b := bytes.NewBuffer(bytes.Clone(head.Value[2:headBytes]))
	r := renewal{snapshot.Fetched, snapshot.Expires, snapshot.NotBefore, snapshot.Validators}
	if err := gob.NewEncoder(b).Encode(r); err != nil {
		return fmt.Errorf("encode renewal: %w", err)
	}
	_, err = s.kv.Put(ctx, renewalKey(key), b.Bytes(), Any)
	return backendError("renew snapshot", err)
}

// applyRenewal lays the newest renewal over a snapshot of that sum, where there is
// one.
func (s *Snapshots) applyRenewal(ctx context.Context, key string, sum []byte, snapshot *pull.Snapshot) error {
	kept, err := s.kv.Get(ctx, renewalKey(key))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return backendError("read snapshot", err)
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

// sweepPage is how many snapshots are looked at at a time, since their values
// are large.
const sweepPage = 16

// Sweep removes the snapshots that nobody asks for any more: those of sources
// that are gone, and those that were fetched by other settings than a source
// has now. keep says whether a source's are kept, and of which mark alone: "" of
// any, where nobody knows which is its own.
func (s *Snapshots) Sweep(ctx context.Context, keep func(publisher, source string) (mark string, kept bool)) (int, error) {
	const op = "sweep snapshots"
	removed, after := 0, ""
	for {
		page, err := s.kv.Scan(ctx, snapshotPrefix, after, sweepPage)
		if err != nil {
			return removed, backendError(op, err)
		}
		var doomed []Pair
		for _, pair := range page {
			if !isSnapshotWanted(pair.Key, keep) {
				doomed = append(doomed, pair)
			}
		}
		n, err := removeAll(ctx, s.kv, op, doomed)
		removed += n
		if err != nil || len(page) < sweepPage {
			return removed, err
		}
		after = page[len(page)-1].Key
	}
}

// isSnapshotWanted says whether a snapshot is of a source as it is now.
func isSnapshotWanted(key string, keep func(publisher, source string) (string, bool)) bool {
	const parts = 4
	names := strings.SplitN(key, ".", parts)
	if len(names) < parts {
		return true
	}
	if names[2] == pull.EverySource {
		return true
	}
	now, kept := keep(names[1], names[2])
	if !kept || now == "" {
		return kept
	}
	if key == snapshotKey(pull.WithdrawnPlace(names[1], names[2])) {
		return true
	}
	at := snapshotKey(pull.SnapshotID{Publisher: names[1], Source: names[2], Mark: now})
	return strings.HasPrefix(key, at[:strings.LastIndexByte(at, '.')+1])
}
