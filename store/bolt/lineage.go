package bolt

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"keypull/pull/words"
	"keypull/store"
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
	first wal.Place
}

// head is what a segment of the log begins with.
func (l *lineage) head() wal.Head {
	return wal.Head{Identity: l.identity, Generation: l.generation, Backups: slices.Clone(l.backups)}
}

// nextHead is that of the first segment of this process.
func (db opening) nextHead() wal.Head {
	h := db.lineage.head()
	h.First = db.lineage.applied + 1
	return h
}

// copied: the file is copied as it is, and goes on as another one.
func (l *lineage) copied() {
	l.backups = append(slices.Clip(l.backups), l.generation)
	l.backups = l.backups[max(0, len(l.backups)-wal.MaxBackups):]
	l.generation++
}

func (l *lineage) encode() []byte {
	b := append(make([]byte, headBytes), l.identity[:]...)
	b = binary.AppendUvarint(b, l.generation)
	b = binary.AppendUvarint(b, l.applied)
	for _, g := range l.backups {
		b = binary.AppendUvarint(b, g)
	}
	guard(metaBucket, lineageKey, b)
	return b
}

func decodeLineage(v []byte) (l lineage, ok bool) {
	body, ok := guards{}.open(metaBucket, lineageKey, v)
	if !ok || len(body) < len(l.identity) {
		return l, false
	}
	r := reader{b: body[copy(l.identity[:], body):]}
	l.generation, l.applied = r.uvarint(), r.uvarint()
	for len(r.b) > 0 {
		l.backups = append(l.backups, r.uvarint())
	}
	return l, !r.bad
}

// writeLineage writes it into the transaction under way.
func (db *DB) writeLineage() error {
	meta, err := db.sums.bucket(metaBucket)
	if err != nil {
		return err
	}
	first := binary.AppendUvarint(make([]byte, headBytes), db.lineage.first.Number)
	first = binary.AppendUvarint(first, uint64(db.lineage.first.Salt))
	guard(metaBucket, firstKey, first)
	return errors.Join(meta.put(firstKey, first), meta.put(lineageKey, db.lineage.encode()))
}

// continued reads what the file says of its log; a file that says nothing had
// none.
func (db opening) continued(meta *filed) error {
	v := meta.Get(lineageKey)
	if v == nil {
		_, _ = rand.Read(db.lineage.identity[:]) // never fails
		return nil
	}
	l, ok := decodeLineage(v)
	if !ok {
		return damagedFile(db.path, words.Text{Key: "store.lineage_damaged"})
	}
	db.lineage = l
	if v := meta.Get(firstKey); v != nil {
		body, ok := guards{}.open(metaBucket, firstKey, v)
		r := reader{b: body}
		db.lineage.first.Number = r.uvarint()
		if len(r.b) > 0 { // an earlier version wrote the number alone
			db.lineage.first.Salt = uint32(r.uvarint()) //nolint:gosec // written the same way
		}
		if !ok || r.bad {
			return damagedFile(db.path, words.Text{Key: "store.lineage_damaged"})
		}
	}
	return nil
}

// catchUp brings what the log holds into the file, in the transaction under way.
// A log that does not continue the file is set aside where a backup was put in its
// place, and refused where nothing explains it, or a part of it is missing. It
// returns what is not needed any more, beside what stays in log.
func (db opening) catchUp(log *wal.Found) (past []string, err error) {
	l := &db.lineage
	if db.format == format {
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
	case len(log.Segments) > 0 && !own && (sound || l.first == wal.Place{}):
		err = db.stray(log, next)
	case l.first != wal.Place{}:
		err = db.whole(log)
		past = append(past, log.Without(func(s wal.Segment) bool { return s.Number < l.first.Number })...)
	}
	if err == nil && len(log.Segments) > 0 {
		if db.meets(log) {
			err = db.replay(log)
		} else {
			err = db.stray(log, next)
		}
	}
	if err != nil {
		return nil, err
	}
	l.generation++
	l.first = wal.Place{}
	return past, db.writeLineage()
}

// whole says that all segments are there that the file needs, as they were.
func (db opening) whole(log *wal.Found) error {
	missing, cut, err := log.Missing(db.lineage.first)
	switch {
	case err != nil || missing == "":
		return err
	case !db.anew && cut:
		return words.Fail(store.ErrDamaged, "store.log_cut", words.Args{"store": db.path, "log": missing})
	case !db.anew:
		return words.Fail(store.ErrDamaged, "store.log_missing", words.Args{"store": db.path, "log": missing})
	case cut:
		db.logger.Warn("the store's log was cut; the store goes on with what is there", "store", db.path, "log", missing)
		return nil
	}
	paths, err := log.Aside(db.now())
	db.logger.Warn("a part of the store's log is missing; the store goes on without it", "store", db.path, "missing", missing, "log", paths)
	return err
}

// meets says that the log begins where the file ends, or before.
func (db opening) meets(log *wal.Found) bool {
	for _, s := range log.Segments {
		if s.Err == nil {
			return s.Head.First <= db.lineage.applied+1
		}
	}
	return true
}

// stray is a log that does not continue the file.
func (db opening) stray(log *wal.Found, next wal.Head) error {
	l := &db.lineage
	same := next.Identity == l.identity
	report, err := log.Read(0, func(uint64, []byte) error { return nil })
	switch {
	case err != nil:
		return err
	case report.Records == 0: // it was begun, and no more, or can't be read
	case !db.anew:
		if !same || l.first != (wal.Place{}) || next.Generation <= l.generation || !slices.Contains(next.Backups, l.generation) {
			return words.Fail(store.ErrDamaged, "store.other_log", words.Args{"store": db.path, "log": log.Segments[0].Path})
		}
	}
	if same {
		l.backups, l.generation = next.Backups, max(l.generation, next.Generation)
	}
	if report.Records == 0 && !log.Unread() {
		return nil
	}
	paths, err := log.Aside(db.now())
	if err != nil {
		return err
	}
	db.logger.Warn("the store is not the one that was written last; what was written since is set aside", "store", db.path, "log", paths)
	return nil
}

// replay writes what is in the log and not in the file.
func (db opening) replay(log *wal.Found) error {
	ids := make(map[string]*idRuns)
	report, err := log.Read(db.lineage.applied, func(_ uint64, record []byte) error {
		return operations(record, func(o operation) error { return db.redo(o, ids) })
	})
	if errors.Is(err, errDamaged) { // sound, and none of this version's
		return damagedFile(db.path, words.Said(err))
	}
	if err != nil {
		return err
	}
	for name, runs := range ids {
		b, err := db.sums.bucket([]byte(queueIDsPrefix + name))
		if err != nil {
			return err
		}
		for _, r := range *runs {
			if err := r.put(b); err != nil {
				return err
			}
		}
	}
	db.lineage.applied = report.Last
	return db.missed(report)
}

// redo writes one operation into the file.
func (db opening) redo(o operation, ids map[string]*idRuns) error {
	b, err := db.sums.bucket(o.bucket)
	if err != nil {
		return err
	}
	switch o.kind {
	case opPut:
		db.accepted(o, ids)
		if err := db.restore(b, bytes.Clone(o.key), bytes.Clone(o.value)); err != nil {
			return err
		}
		if o.indexed {
			if err := db.reindex(o); err != nil {
				return err
			}
		}
		o.number = implied(o.bucket, o.key, o.value)
	case opRemove:
		return db.restore(b, o.key, nil)
	}
	if o.number > b.Sequence() {
		return b.SetSequence(o.number)
	}
	return nil
}

// reindex writes the index of a record of a log, which stands nowhere else.
func (db opening) reindex(o operation) error {
	name, ok := bytes.CutPrefix(o.bucket, []byte(logPrefix))
	body, sound := guards{}.open(o.bucket, o.key, o.value)
	if !ok || !sound {
		return errDamaged
	}
	r, err := decodeRecord(number(o.key), body)
	if err != nil {
		return err
	}
	ids := append([]byte(logIDsPrefix), name...)
	b, err := db.sums.bucket(ids)
	if err != nil {
		return err
	}
	return db.restore(b, []byte(r.ID), indexed(ids, []byte(r.ID), r.Position))
}

// restore writes a value, or removes it where it is nil.
func (db opening) restore(b *filed, key, value []byte) error {
	if !isIndex(b.name) {
		return b.write(key, value)
	}
	x := &indexing{filed: b, db: db.DB}
	return errors.Join(x.write(key, value), x.end())
}

// accepted notes the id of an entry, which stands nowhere else.
func (db opening) accepted(o operation, ids map[string]*idRuns) {
	name, ok := bytes.CutPrefix(o.bucket, []byte(queuePrefix))
	body, sound := guards{}.open(o.bucket, o.key, o.value)
	if !ok || !sound || len(o.key) != 8 {
		return
	}
	e, err := decodeEntry(number(o.key), body)
	if err != nil {
		return
	}
	runs := ids[string(name)]
	if runs == nil {
		runs = new(idRuns)
		ids[string(name)] = runs
	}
	h, ok := hashOf(e.ID)
	if !ok && e.ID != "" {
		h = db.ids.sum(e.ID)
	}
	at := db.now()
	if age := at.Sub(e.At); age > 0 && age < time.Hour { // no clock was set meanwhile
		at = e.At
	}
	runs.add(e.Seq, h, at)
}

// missed tells what of the log could not be read.
func (db opening) missed(report wal.Report) error {
	if report.Torn {
		db.logger.Info("the log of the store ends with what was being written, and was told to nobody", "store", db.path, "behind", report.Last)
	}
	for _, s := range report.Lost {
		db.logger.Error("a record of the store's log was damaged and is lost; those behind it are served",
			"store", db.path, "lost", s.First, "lost_to", s.Last, "served_to", report.Last)
		if err := db.sums.aside(db.now(), append([]byte("wal\x00"), key8(s.First)...), key8(s.Last)); err != nil {
			return err
		}
	}
	return nil
}
