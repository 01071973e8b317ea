package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"iter"
	"math"
	"slices"
	"time"
)

// Errors of a move.
var (
	// ErrHolds says that a store which is to be filled holds something already.
	ErrHolds = errors.New("store: it holds something already")
	// ErrMoving says that a move into the store has not come to its end.
	ErrMoving = errors.New("store: it was not filled to the end")
)

// Movable is the option of a back end whose contents can be moved to another one, number by
// number: what is sealed is bound to them.
type Movable interface {
	// Export yields everything that is kept, kind by kind, each in its order; what was deleted
	// and acknowledged is not. What it yields is the caller's.
	Export(ctx context.Context) iter.Seq2[Row, error]
	// Import fills a store that holds nothing, or fails with ErrHolds. Where an earlier one of the
	// same rows was ended, it goes on behind those that are there, and returns how many these
	// are; where the rows are others, it begins anew, or fails with ErrMoving where it can't. What it
	// writes is there for who opens the store after EndImport.
	Import(ctx context.Context, rows iter.Seq2[Row, error]) (there int64, err error)
	// EndImport says that the store is complete.
	EndImport(ctx context.Context) error
}

// How many rows, and bytes of what they hold, a back end reads or writes at once.
const (
	MoveRows  = 1000
	MoveBytes = 4 << 20
)

// MoveMark says how far an Import has come: how many rows are there, and what tells them from others.
type MoveMark struct {
	Rows int64
	Sum  uint64
}

// WriteParts hands rows on that stand behind a mark: some at a time, of one kind, as many as one
// transaction of an Import takes, with the mark to be set by it. Where the rows before are not those
// of the mark, it calls anew, and hands all of them on. It ends with the first error.
func WriteParts(rows iter.Seq2[Row, error], from MoveMark, anew func() error, write func(part []Row, to MoveMark) error) (there int64, err error) {
	same, err := writeBehind(rows, from, write)
	if err != nil || same {
		return from.Rows, err
	}
	if err = anew(); err == nil {
		_, err = writeBehind(rows, MoveMark{}, write)
	}
	return 0, err
}

// writeBehind is WriteParts for rows that begin with those of a mark; else it says so, and hands none on.
func writeBehind(rows iter.Seq2[Row, error], from MoveMark, write func(part []Row, to MoveMark) error) (same bool, err error) {
	var (
		part []Row
		size int
		to   MoveMark
		sum  = sha256.New()
	)
	sumOf := func() uint64 { return binary.BigEndian.Uint64(sum.Sum(nil)) }
	flush := func() error {
		if len(part) == 0 {
			return nil
		}
		to.Sum = sumOf()
		err := write(part, to)
		part, size = nil, 0
		return err
	}
	same = from.Rows == 0
	for r, err := range rows {
		if err != nil {
			return same, err
		}
		if len(part) > 0 && part[0].Kind != r.Kind {
			if err := flush(); err != nil {
				return same, err
			}
		}
		_, _ = sum.Write(r.digested()) // never fails
		if to.Rows++; !same {
			if same = to.Rows == from.Rows; same && sumOf() != from.Sum {
				return false, nil
			}
			continue
		}
		part, size = append(part, r), size+len(r.Data)
		if len(part) == MoveRows || size > MoveBytes {
			if err := flush(); err != nil {
				return same, err
			}
		}
	}
	return same, flush()
}

// RowKind is what a Row is of.
type RowKind string

// The kinds of rows.
const (
	// RowValue is what a key holds.
	RowValue RowKind = "value"
	// RowEntry is an entry that is not acknowledged, RowAside one that was set aside.
	RowEntry RowKind = "entry"
	RowAside RowKind = "aside"
	// RowID is an id by which a repeated delivery is known.
	RowID RowKind = "id"
	// RowRecord is a record of a log.
	RowRecord RowKind = "record"
	// RowCounter is the last number that was given.
	RowCounter RowKind = "counter"
)

// What CounterOf is of.
const (
	CounterKV    = "kv"
	CounterQueue = "queue."
	CounterLog   = "log."
)

// Row is one thing that a store keeps, as it lies there.
type Row struct {
	Kind RowKind
	// Of is the queue or log that it is of; of a counter CounterKV, or one of the others with
	// the name behind it.
	Of string
	// Number is the revision, the sequence or the position, or where the counter stands.
	Number uint64
	// ID is the key, or the id of the entry or record.
	ID        string
	Partition string
	// Hash is all that is known of an id. Its time may be that of ids close by.
	Hash    [16]byte
	Due, At time.Time
	Data    []byte
}

// Tally counts rows, and adds up what they hold.
type Tally struct{ parts map[tallied]*Tallied }

type tallied struct {
	kind RowKind
	of   string
}

// Tallied is what there is of a kind.
type Tallied struct {
	Kind RowKind `json:"kind"`
	Of   string  `json:"of,omitempty"`
	Rows int64   `json:"rows"`
	sum  hash.Hash
}

// Digest is the same where the rows are.
func (t *Tallied) Digest() string {
	if t.sum == nil {
		return ""
	}
	return hex.EncodeToString(t.sum.Sum(nil)[:8])
}

// Add counts a row.
func (t *Tally) Add(r *Row) {
	at := tallied{r.Kind, r.Of}
	if r.Kind == RowCounter {
		at.of = ""
	}
	p := t.parts[at]
	if p == nil {
		p = &Tallied{Kind: at.kind, Of: at.of, sum: sha256.New()}
		if t.parts == nil {
			t.parts = make(map[tallied]*Tallied)
		}
		t.parts[at] = p
	}
	p.Rows++
	_, _ = p.sum.Write(r.digested()) // never fails
}

// digested is all that has to be the same.
func (r *Row) digested() []byte {
	b := make([]byte, 0, 100+len(r.Data))
	for _, text := range []string{r.Of, r.ID, r.Partition, string(r.Hash[:])} {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	b = binary.AppendUvarint(b, r.Number)
	if r.Kind == RowEntry || r.Kind == RowAside || r.Kind == RowRecord {
		b = binary.AppendVarint(binary.AppendVarint(b, nanosOf(r.Due)), nanosOf(r.At))
	}
	return append(binary.AppendUvarint(b, uint64(len(r.Data))), r.Data...)
}

func nanosOf(at time.Time) int64 {
	if at.IsZero() {
		return math.MinInt64
	}
	return at.UnixNano()
}

// Parts are all kinds, in order.
func (t *Tally) Parts() []*Tallied {
	var all []*Tallied
	for _, p := range t.parts {
		all = append(all, p)
	}
	order := []RowKind{RowValue, RowEntry, RowAside, RowID, RowRecord, RowCounter}
	slices.SortFunc(all, func(a, b *Tallied) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)), cmp.Compare(a.Of, b.Of))
	})
	return all
}

// Part is what there is of a kind, which may be nothing.
func (t *Tally) Part(kind RowKind, of string) *Tallied {
	if p := t.parts[tallied{kind, of}]; p != nil {
		return p
	}
	return &Tallied{Kind: kind, Of: of}
}
