package engine

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"slices"

	"keypull/store/internal/wal"
)

// lineageKey is where the meta bucket says which log continues the file, firstKey with
// which segment it begins.
var (
	lineageKey = []byte("log")
	firstKey   = []byte("segment")
)

// lineage says which log continues the file, and from where on.
type lineage struct {
	identity [16]byte
	// generation is another one with each start, and once the file was copied.
	generation uint64
	// applied is the last sequence of the log that is in the file.
	applied uint64
	backups []uint64 // generations that were copied
	// first is the segment with which the log goes on from the file, none where none
	// is needed: it ended cleanly. It is written before the first record of a segment
	// is told to be durable; each segment says whether there is another one, and which.
	first wal.SegmentID
}

// segmentHead returns what a segment of the log begins with.
func (l *lineage) segmentHead() wal.Head {
	return wal.Head{Identity: l.identity, Generation: l.generation, Backups: slices.Clone(l.backups)}
}

// firstHead returns that of the first segment of this process.
func (l *lineage) firstHead() wal.Head {
	h := l.segmentHead()
	h.First = l.applied + 1
	return h
}

// setCopied notes that the file is copied as it is, and goes on as another one.
func (l *lineage) setCopied() {
	l.backups = append(slices.Clip(l.backups), l.generation)
	l.backups = l.backups[max(0, len(l.backups)-wal.MaxBackups):]
	l.generation++
}

func (l *lineage) encodeLineage() []byte {
	b := append(make([]byte, HeadBytes), l.identity[:]...)
	b = binary.AppendUvarint(b, l.generation)
	b = binary.AppendUvarint(b, l.applied)
	for _, g := range l.backups {
		b = binary.AppendUvarint(b, g)
	}
	AddSum(MetaBucket, lineageKey, b)
	return b
}

func decodeLineage(v []byte) (l lineage, ok bool) {
	body, ok := checks{}.verifyValue(MetaBucket, lineageKey, v)
	if !ok || len(body) < len(l.identity) {
		return l, false
	}
	r := Reader{Rest: body[copy(l.identity[:], body):]}
	l.generation, l.applied = r.Uvarint(), r.Uvarint()
	for len(r.Rest) > 0 {
		l.backups = append(l.backups, r.Uvarint())
	}
	return l, !r.Bad
}

// writeLineage writes the lineage into the transaction under way.
func (l *lineage) writeLineage(t *Tx) error {
	meta, err := t.Bucket(MetaBucket)
	if err != nil {
		return err
	}
	first := binary.AppendUvarint(make([]byte, HeadBytes), l.first.Number)
	first = binary.AppendUvarint(first, uint64(l.first.Salt))
	AddSum(MetaBucket, firstKey, first)
	return errors.Join(meta.Put(firstKey, first), meta.Put(lineageKey, l.encodeLineage()))
}

// readLineage reads what the file says of its log; a new identity where it says nothing.
func readLineage(meta *FileBucket) (l lineage, ok bool) {
	v := meta.Get(lineageKey)
	if v == nil {
		_, _ = rand.Read(l.identity[:]) // never fails
		return l, true
	}
	if l, ok = decodeLineage(v); !ok {
		return l, false
	}
	if v = meta.Get(firstKey); v == nil {
		return l, true
	}
	body, ok := checks{}.verifyValue(MetaBucket, firstKey, v)
	r := Reader{Rest: body}
	l.first.Number = r.Uvarint()
	if len(r.Rest) > 0 { // an earlier version wrote the number alone
		l.first.Salt = uint32(r.Uvarint()) //nolint:gosec // written the same way
	}
	return l, ok && !r.Bad
}
