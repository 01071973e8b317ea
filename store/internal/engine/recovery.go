package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"keypull/pull/words"
	"keypull/store/internal/wal"
)

// recovery brings the log that a former process left into the file, before anybody reads
// or writes the store.
type recovery struct {
	path       string
	file       *file
	checks     *checks
	quarantine *quarantine
	lineage    *lineage
	layout     Layout
	logger     *slog.Logger
	clock      func() time.Time
	anew       bool                // a log that is another's is set aside
	former     func(copied string) // store.Options.Former
	follows    bool                // no log of its own continues the file
	keep       int64               // store.Options.Keep

	format byte // of the file as it was found
}

// recoverLog reads, or writes into a new file, what the store says of itself, brings what the
// log holds into it, and begins a new log.
func (o *recovery) recoverLog(f *inspection) (*wal.Log, error) {
	if err := o.keepFormer(0); err != nil {
		return nil, err
	}
	found, err := wal.Look(o.path)
	if err != nil {
		return nil, err
	}
	var past []string // of the log, not needed any more
	err = o.file.bolt.Update(func(tx *bbolt.Tx) error {
		past, err = o.readFile(tx, f, found)
		return err
	})
	o.file.tx.endBolt(err == nil)
	if err == nil {
		err = o.takeOver()
	}
	if err != nil {
		return nil, err
	}
	log, err := wal.Begin(o.path, o.lineage.firstHead(), o.file.flushLog)
	if err != nil {
		return nil, err
	}
	log.Keep(o.keep)
	kept := wal.Kept{Prefix: o.path, Most: o.keep}
	if err := kept.Take(append(past, found.Paths()...)); err != nil {
		return nil, err //nolint:wrapcheck // it names the file
	}
	return log, kept.Continue(o.lineage.identity, o.lineage.applied) //nolint:wrapcheck // it names the file
}

// readFile returns the first transaction. It returns what of the log is not needed any more.
func (o *recovery) readFile(tx *bbolt.Tx, f *inspection, log *wal.Found) (past []string, err error) {
	if err := checkNames(tx); err != nil {
		return nil, damagedFile(o.path, words.Said(err))
	}
	t := &o.file.tx
	if err := t.loadTallies(tx, f); err != nil {
		return nil, err
	}
	meta, err := t.Bucket(MetaBucket)
	if err != nil {
		return nil, err
	}
	o.file.committed.Store(txID(tx))
	if err := errors.Join(t.writeNames(), o.readFormat(meta)); err != nil {
		return nil, err
	}
	if !o.checks.headless {
		f.requireHeads()
	}
	if err := o.auditBuckets(meta, f); err != nil {
		return nil, err
	}
	lineage, ok := readLineage(meta)
	if !ok {
		return nil, damagedFile(o.path, words.Text{Key: "store.lineage_damaged"})
	}
	*o.lineage = lineage
	if err := o.layout.Begin(t, len(log.Segments) > 0); err != nil {
		return nil, err
	}
	if !o.follows {
		past, err = o.catchUp(log)
	}
	if err != nil {
		return nil, err
	}
	return past, errors.Join(o.quarantine.countDamaged(tx), t.writeSums())
}

// readFormat finds out which version wrote the file, and makes it one of this.
func (o *recovery) readFormat(meta *FileBucket) error {
	v := meta.Get(formatKey)
	o.format = format
	switch {
	case v == nil:
		return meta.Put(formatKey, []byte{format})
	case len(v) != 1 || v[0] > format:
		return words.Fail(nil, "store.later_version", words.Args{"store": o.path, "format": fmt.Sprintf("%d", v)})
	}
	if o.format = v[0]; o.format == firstFormat {
		if err := meta.Put(headlessKey, []byte{firstFormat}); err != nil {
			return err
		}
	}
	o.checks.headless = meta.Get(headlessKey) != nil
	if o.format >= unnamedLog {
		return nil
	}
	return meta.Put(formatKey, []byte{unnamedLog}) // for the while
}

// takeOver makes a file of a former format one of this. What the log held is in it by
// now.
func (o *recovery) takeOver() error {
	if o.format == format {
		return nil
	}
	if o.format == unnamedLog {
		if err := o.keepFormer(unnamedLog); err != nil {
			return err
		}
	}
	if err := o.file.updateFile(o.layout.TakeOver); err != nil {
		return err
	}
	if err := o.wipeFreed(); err != nil {
		return err
	}
	return o.file.updateFile(func(t *Tx) error {
		meta, err := t.Bucket(MetaBucket)
		if err != nil {
			return err
		}
		return meta.Put(formatKey, []byte{format})
	})
}

// wipeFreed writes zeros over what stood in the file before it was taken over.
func (o *recovery) wipeFreed() error {
	before := o.file.freePages()
	// Both heads of the file lead past what was free before this one.
	if err := o.file.updateFile(o.lineage.writeLineage); err != nil {
		return err
	}
	return o.file.wipePages(slices.DeleteFunc(o.file.freePages(), func(id int) bool {
		_, ok := slices.BinarySearch(before, id)
		return !ok
	}))
}
