package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"

	"keypull/pull"
)

// snapshotVersion stands before every stored snapshot; one of another version
// counts as none, since upstream can bring it again.
const snapshotVersion = 1

// headBytes stand before the data: version, number of values, sum.
const headBytes = 2 + sha256.Size

// maxSnapshotBytes bounds what is unpacked.
const maxSnapshotBytes = 64 << 20

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
	name := "snapshot." + p.Publisher + "." + p.Source + "."
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
	packed, sum, err := pack(snapshot)
	if err != nil {
		return err
	}
	key := snapshotKey(p)
	count, rest := 0, packed
	for ; len(rest) > MaxValueBytes-headBytes; count++ {
		part := rest[:min(len(rest), MaxValueBytes)]
		rest = rest[len(part):]
		if _, err := s.kv.Put(ctx, key+"."+strconv.Itoa(count), part, Any); err != nil {
			return understood("keep snapshot", err)
		}
	}
	head := append(append([]byte{snapshotVersion, byte(count)}, sum[:]...), rest...)
	if _, err := s.kv.Put(ctx, key, head, Any); err != nil {
		return understood("keep snapshot", err)
	}
	return nil
}

func pack(snapshot pull.Snapshot) ([]byte, [sha256.Size]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := gob.NewEncoder(z).Encode(snapshot); err != nil {
		return nil, [sha256.Size]byte{}, fmt.Errorf("encode snapshot: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, [sha256.Size]byte{}, fmt.Errorf("pack snapshot: %w", err)
	}
	if b.Len() > 255*MaxValueBytes {
		return nil, [sha256.Size]byte{}, fmt.Errorf("pack snapshot: %w", ErrTooLarge)
	}
	return b.Bytes(), sha256.Sum256(b.Bytes()), nil
}

// Snapshot returns the kept one, and false where there is none that is whole.
func (s *Snapshots) Snapshot(ctx context.Context, p pull.SnapshotID) (pull.Snapshot, bool, error) {
	key := snapshotKey(p)
	head, err := s.kv.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return pull.Snapshot{}, false, nil
	}
	if err != nil {
		return pull.Snapshot{}, false, understood("read snapshot", err)
	}
	if len(head.Value) < headBytes || head.Value[0] != snapshotVersion {
		return pull.Snapshot{}, false, nil
	}
	var packed []byte
	for i := range int(head.Value[1]) {
		part, err := s.kv.Get(ctx, key+"."+strconv.Itoa(i))
		if errors.Is(err, ErrNotFound) {
			return pull.Snapshot{}, false, nil
		}
		if err != nil {
			return pull.Snapshot{}, false, understood("read snapshot", err)
		}
		packed = append(packed, part.Value...)
	}
	packed = append(packed, head.Value[headBytes:]...)
	if sum := sha256.Sum256(packed); !bytes.Equal(sum[:], head.Value[2:headBytes]) {
		return pull.Snapshot{}, false, nil
	}
	snapshot, ok, err := unpack(packed)
	if err == nil {
		err = s.renewed(ctx, key, head.Value[2:headBytes], &snapshot)
	}
	return snapshot, ok, err
}

func unpack(packed []byte) (pull.Snapshot, bool, error) {
	var snapshot pull.Snapshot
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return snapshot, false, fmt.Errorf("unpack snapshot: %w", err)
	}
	if err := gob.NewDecoder(io.LimitReader(z, maxSnapshotBytes)).Decode(&snapshot); err != nil {
		return snapshot, false, fmt.Errorf("decode snapshot: %w", err)
	}
	return snapshot, true, nil
}
