package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"keypull/pull"
	packing "keypull/store/internal/snapshot"
)

// headBytes stand before the data: version, number of values, sum. A version that
// is not known counts as none, since upstream can bring it again.
const headBytes = 2 + sha256.Size

const snapshotPrefix = "snapshot"

// Snapshots keeps the last good snapshots, compressed, in as many values as
// they need.
type Snapshots struct{ kv KV }

var _ pull.Snapshots = (*Snapshots)(nil)

// NewSnapshots returns the snapshots of a back end.
func NewSnapshots(kv KV) *Snapshots { return &Snapshots{kv: kv} }

// snapshotKey names a place. Its key and its mark may hold any bytes, so they
// are hashed; a place without a mark has no segment for it. The lengths of the
// hashes keep a mark, a key and the number of a further value apart.
func snapshotKey(p pull.SnapshotID) string {
	name := snapshotPrefix + "." + p.Publisher + "." + p.Source + "."
	if p.Mark != "" {
		mark := sha256.Sum256([]byte(p.Mark))
		name += hex.EncodeToString(mark[:8]) + "."
	}
	sum := sha256.Sum256([]byte(p.Key))
	return name + hex.EncodeToString(sum[:12])
}

// Keep writes a snapshot in place of the last one: as one value where it fits,
// as nearly all do. The value that says how many follow is written last, with
// their sum, so that half a snapshot is never read as a whole.
func (s *Snapshots) Keep(ctx context.Context, p pull.SnapshotID, snapshot pull.Snapshot) error {
	packed, sum, err := packSnapshot(snapshot)
	if err != nil {
		return err
	}
	key := snapshotKey(p)
	count, rest := 0, packed
	for ; len(rest) > MaxValueBytes-headBytes; count++ {
		part := rest[:min(len(rest), MaxValueBytes)]
		rest = rest[len(part):]
		if _, err := s.kv.Put(ctx, key+"."+strconv.Itoa(count), part, Any); err != nil {
			return backendError("keep snapshot", err)
		}
	}
	head := append(append([]byte{packing.Version, byte(count)}, sum[:]...), rest...)
	_, err = s.kv.Put(ctx, key, head, Any)
	return backendError("keep snapshot", err)
}

func packSnapshot(snapshot pull.Snapshot) (packed []byte, sum [sha256.Size]byte, err error) {
	if packed, err = packing.Pack(snapshot); err != nil {
		return nil, sum, fmt.Errorf("keep snapshot: %w", err)
	}
	if len(packed) > 255*MaxValueBytes {
		return nil, sum, fmt.Errorf("pack snapshot: %w", ErrTooLarge)
	}
	return packed, sha256.Sum256(packed), nil
}

// Snapshot returns the kept one, or false if none is whole.
func (s *Snapshots) Snapshot(ctx context.Context, p pull.SnapshotID) (pull.Snapshot, bool, error) {
	key := snapshotKey(p)
	head, err := s.kv.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return pull.Snapshot{}, false, nil
	}
	if err != nil {
		return pull.Snapshot{}, false, backendError("read snapshot", err)
	}
	if len(head.Value) < headBytes || !packing.Known(head.Value[0]) {
		return pull.Snapshot{}, false, nil
	}
	var packed []byte
	for i := range int(head.Value[1]) {
		part, err := s.kv.Get(ctx, key+"."+strconv.Itoa(i))
		if errors.Is(err, ErrNotFound) {
			return pull.Snapshot{}, false, nil
		}
		if err != nil {
			return pull.Snapshot{}, false, backendError("read snapshot", err)
		}
		packed = append(packed, part.Value...)
	}
	packed = append(packed, head.Value[headBytes:]...)
	if sum := sha256.Sum256(packed); !bytes.Equal(sum[:], head.Value[2:headBytes]) {
		return pull.Snapshot{}, false, nil
	}
	snapshot, err := packing.Unpack(head.Value[0], packed)
	if err != nil {
		return pull.Snapshot{}, false, fmt.Errorf("read snapshot: %w", err)
	}
	return snapshot, true, s.applyRenewal(ctx, key, head.Value[2:headBytes], &snapshot)
}
