package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"keypull/pull/outside"
)

const restPrefix = "rest"

// BackOffs keeps until when hosts want to be left alone.
type BackOffs struct{ kv KV }

var _ outside.BackOffs = (*BackOffs)(nil)

// NewBackOffs returns the rests of a back end.
func NewBackOffs(kv KV) *BackOffs { return &BackOffs{kv: kv} }

// rest is one host's.
type rest struct {
	Host  string    `json:"host"`
	Until time.Time `json:"until"`
}

// restKey hashes the host, which may be longer than a key.
func restKey(host string) string {
	sum := sha256.Sum256([]byte(host))
	return restPrefix + "." + hex.EncodeToString(sum[:12])
}

// Load returns the moments by host. What cannot be read is told beside all
// that can.
func (r *BackOffs) Load(ctx context.Context) (map[string]time.Time, error) {
	until := map[string]time.Time{}
	var all error
	for d, err := range documentsBelow[rest](ctx, r.kv, restPrefix, "read rests") {
		if err != nil {
			all = errors.Join(all, err)
			continue
		}
		until[d.value.Host] = d.value.Until
	}
	return until, all
}

// Keep writes one down in place of the host's former one; the zero time
// forgets it.
func (r *BackOffs) Keep(ctx context.Context, host string, until time.Time) error {
	const op = "keep rest"
	if until.IsZero() {
		if err := r.kv.Delete(ctx, restKey(host), Any); err != nil {
			return backendError(op, err)
		}
		return nil
	}
	_, err := writeDocument(ctx, r.kv, restKey(host), op, rest{Host: host, Until: until.UTC()}, uint64(Any))
	return err
}
