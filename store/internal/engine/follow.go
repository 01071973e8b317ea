package engine

import (
	"encoding/binary"
	"errors"
	"fmt"

	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/wal"
)

// followedKey is where the meta bucket of a store that follows another says in which segment of
// that one's log its last record was.
var followedKey = []byte("followed")

// Follower is a copy of a store that is told what the store appends to its log, and brings it into
// its file at once: it has no log of its own. It is for one caller at a time.
type Follower struct {
	e  *Engine
	at LogPosition
}

// Follow opens a copy that Backup made, as a Follower. Nobody else may have it open.
func Follow(path string, o store.Options, layout Layout) (*Follower, error) {
	e, err := openEngine(path, withDefaults(o), layout, true)
	if err != nil {
		return nil, err
	}
	f := &Follower{e: e, at: LogPosition{Sequence: e.writer.lineage.applied}}
	err = e.file.updateFile(func(t *Tx) error {
		meta, err := t.Bucket(MetaBucket)
		if err != nil {
			return err
		}
		body, ok := checks{}.verifyValue(MetaBucket, followedKey, meta.Get(followedKey))
		r := Reader{Rest: body}
		if sequence, salt := r.Uvarint(), r.Uvarint(); ok && !r.Bad && sequence == f.at.Sequence {
			f.at.Salt = uint32(salt) //nolint:gosec // written the same way
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Position returns the last record that it has.
func (f *Follower) Position() LogPosition { return f.at }

// Apply brings records into the file; all of them are durable when it returns, or none is there. An
// error of records that don't follow is wal.ErrGone.
func (f *Follower) Apply(runs []wal.Run) error {
	lineage, at := f.e.writer.lineage, f.at
	err := f.e.file.guardRead(func() error {
		return f.e.file.updateFile(func(t *Tx) error {
			heard := t.layout.Replay(t)
			for _, run := range runs {
				if run.First != at.Sequence+1 {
					return wal.ErrGone
				}
				for _, record := range run.Records {
					if err := readOperations(record, func(op operation) error { return redoOperation(t, op, heard) }); err != nil {
						return err
					}
				}
				at = LogPosition{Sequence: run.Last(), Salt: run.Salt}
			}
			lineage.applied = at.Sequence
			meta, err := t.Bucket(MetaBucket)
			if err != nil {
				return err
			}
			return errors.Join(heard.End(), lineage.writeLineage(t), meta.Put(followedKey, at.encode()))
		})
	})
	if err == nil {
		f.e.writer.lineage, f.at = lineage, at
		err = f.e.file.checkThere()
	}
	if errors.Is(err, ErrDamaged) {
		return damagedFile(f.e.file.path, words.Said(err))
	}
	if err != nil {
		return fmt.Errorf("follow: %w", err)
	}
	return nil
}

func (p LogPosition) encode() []byte {
	b := binary.AppendUvarint(make([]byte, HeadBytes), p.Sequence)
	b = binary.AppendUvarint(b, uint64(p.Salt))
	AddSum(MetaBucket, followedKey, b)
	return b
}

// Close closes the file, which is a store like any other then.
func (f *Follower) Close() error { return f.e.file.close() }
