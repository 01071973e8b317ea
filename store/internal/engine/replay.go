package engine

import (
	"bytes"
	"errors"
	"slices"

	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/wal"
)

// catchUp brings what the log holds into the file, in the transaction under way.
// A log that does not continue the file is set aside where a backup was put in its
// place, and refused where nothing explains it, or a part of it is missing. It
// returns what is not needed any more, beside what stays in log.
func (o *recovery) catchUp(log *wal.Found) (past []string, err error) {
	l := o.lineage
	if o.format == format {
		past = log.Without(func(s wal.Segment) bool {
			return s.Former && s.Err == nil && s.Head.Identity == l.identity
		})
		log.Without(func(s wal.Segment) bool { return s.Former })
	}
	next, sound := wal.Head{}, false
	for _, s := range log.Segments {
		if s.Err == nil {
			next, sound = s.Head, true
		}
	}
	switch own := next.Identity == l.identity && next.Generation <= l.generation; {
	case len(log.Segments) > 0 && !own && (sound || l.first == wal.SegmentID{}):
		err = o.setLogAside(log, next)
	case l.first != wal.SegmentID{}:
		err = o.checkSegments(log)
		past = append(past, log.Without(func(s wal.Segment) bool { return s.Number < l.first.Number })...)
	}
	if err == nil && len(log.Segments) > 0 {
		if o.continuesFile(log) {
			err = o.replayLog(log)
		} else {
			err = o.setLogAside(log, next)
		}
	}
	if err != nil {
		return nil, err
	}
	l.generation++
	l.first = wal.SegmentID{}
	return past, l.writeLineage(&o.file.tx)
}

// checkSegments says that all segments are there that the file needs, as they were.
func (o *recovery) checkSegments(log *wal.Found) error {
	missing, cut, err := log.Missing(o.lineage.first)
	switch {
	case err != nil || missing == "":
		return err
	case !o.anew && cut:
		return words.Fail(store.ErrDamaged, "store.log_cut", words.Args{"store": o.path, "log": missing})
	case !o.anew:
		return words.Fail(store.ErrDamaged, "store.log_missing", words.Args{"store": o.path, "log": missing})
	case cut:
		o.logger.Warn("the store's log was cut; the store goes on with what is there", "store", o.path, "log", missing)
		return nil
	}
	paths, err := log.Aside(o.clock())
	o.logger.Warn("a part of the store's log is missing; the store goes on without it", "store", o.path, "missing", missing, "log", paths)
	return err
}

// continuesFile says that the log begins where the file ends, or before.
func (o *recovery) continuesFile(log *wal.Found) bool {
	for _, s := range log.Segments {
		if s.Err == nil {
			return s.Head.First <= o.lineage.applied+1
		}
	}
	return true
}

// setLogAside sets a log aside that does not continue the file, or refuses it.
func (o *recovery) setLogAside(log *wal.Found, next wal.Head) error {
	l := o.lineage
	same := next.Identity == l.identity
	report, err := log.Read(0, func(uint64, []byte) error { return nil })
	switch {
	case err != nil:
		return err
	case report.Records == 0: // it was begun, and no more, or can't be read
	case !o.anew:
		if !same || l.first != (wal.SegmentID{}) || next.Generation <= l.generation || !slices.Contains(next.Backups, l.generation) {
			return words.Fail(store.ErrDamaged, "store.other_log", words.Args{"store": o.path, "log": log.Segments[0].Path})
		}
	}
	if same {
		l.backups, l.generation = next.Backups, max(l.generation, next.Generation)
	}
	if report.Records == 0 && !log.Unread() {
		return nil
	}
	paths, err := log.Aside(o.clock())
	if err != nil {
		return err
	}
	o.logger.Warn("the store is not the one that was written last; what was written since is set aside", "store", o.path, "log", paths)
	return nil
}

// replayLog writes what is in the log and not in the file.
func (o *recovery) replayLog(log *wal.Found) error {
	tx := &o.file.tx
	heard := o.layout.Replay(tx)
	report, err := log.Read(o.lineage.applied, func(_ uint64, record []byte) error {
		return readOperations(record, func(op operation) error { return redoOperation(tx, op, heard) })
	})
	if errors.Is(err, ErrDamaged) { // sound, and none of this version's
		return damagedFile(o.path, words.Said(err))
	}
	if err == nil {
		err = heard.End()
	}
	if err != nil {
		return err
	}
	o.lineage.applied = report.Last
	return o.tellLost(report)
}

// redoOperation writes one operation into the file.
func redoOperation(t *Tx, o operation, heard Replay) error {
	b, err := t.Bucket(o.bucket)
	if err != nil {
		return err
	}
	switch o.op {
	case opPut:
		if err := t.Write(b, bytes.Clone(o.key), bytes.Clone(o.value)); err != nil {
			return err
		}
		if err := heard.Put(o.bucket, o.key, o.value, o.appended); err != nil {
			return err
		}
		kind := t.layout.Kind(o.bucket)
		o.number = kind.impliedSequence(o.key, o.value)
	case opRemove:
		return t.Write(b, o.key, nil)
	}
	return b.raiseSequence(o.number)
}

// tellLost tells what of the log could not be read.
func (o *recovery) tellLost(report wal.Report) error {
	if report.Torn {
		o.logger.Info("the log of the store ends with what was being written, and was told to nobody", "store", o.path, "behind", report.Last)
	}
	for _, s := range report.Lost {
		o.logger.Error("a record of the store's log was damaged and is lost; those behind it are served",
			"store", o.path, "lost", s.First, "lost_to", s.Last, "served_to", report.Last)
		if err := o.file.tx.SetAside(append([]byte("wal\x00"), Key(s.First)...), Key(s.Last)); err != nil {
			return err
		}
	}
	return nil
}
