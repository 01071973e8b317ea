package engine

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"go.etcd.io/bbolt"

	"keypull/pull/private"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/wal"
)

// file is the bbolt file with its transactions.
type file struct {
	bolt      *bbolt.DB
	held      *os.File // bbolt's, for what bbolt doesn't do
	path      string   // absolute
	identity  os.FileInfo
	beside    func() error // store.Options.Beside
	flushed   func()       // store.Options.Sync
	logger    *slog.Logger
	committed atomic.Uint64 // the last transaction
	failure   failure
	tx        Tx // one at a time: of the opening, then of the checkpoint or writer
}

// openFile opens a file of bbolt as the store does, and makes one that is not there.
// What bbolt says or panics with becomes a sentence.
func openFile(path string, maxBytes int64) (file *bbolt.DB, held *os.File, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(damagedFile(path, panicText(p)), held.Close())
		}
	}()
	o := boltOptions(maxBytes)
	o.OpenFile = func(name string, flag int, _ os.FileMode) (f *os.File, err error) {
		held, err = private.OpenFile(name, flag)
		return held, err
	}
	if err := makeFile(path); err != nil {
		return nil, nil, err
	}
	if file, err = openMapped(path, o); err != nil {
		return nil, nil, openError(path, err)
	}
	file.AllocSize = growStep
	return file, held, nil
}

// makeFile makes a file that is not there. It gets its name when it is whole, so that
// the end of the machine leaves a store or none.
func makeFile(path string) error {
	if !neverWritten(path) {
		return nil
	}
	part := path + ".begun"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("begin store: %w", err)
	}
	file, err := bbolt.Open(part, 0o600, &bbolt.Options{OpenFile: func(name string, flag int, _ os.FileMode) (*os.File, error) {
		return private.OpenFile(name, flag)
	}})
	if err != nil {
		return openError(path, err)
	}
	if err := errors.Join(file.Close(), os.Rename(part, path)); err != nil {
		return fmt.Errorf("begin store: %w", err)
	}
	return private.SyncOf(path)
}

// neverWritten says that a file is not there or holds nothing. The end of the machine
// may have left it as long as bbolt makes a new one.
func neverWritten(path string) bool {
	const pages = 4
	info, err := os.Stat(path)
	if err != nil || info.Size() != 0 && info.Size() != int64(pages*os.Getpagesize()) {
		return errors.Is(err, fs.ErrNotExist)
	}
	content, err := os.ReadFile(path) //nolint:gosec // the operator's store
	return err == nil && len(bytes.Trim(content, "\x00")) == 0
}

// growStep is by how much the file grows.
const growStep = 4 << 20

// A map that must grow waits for every reader, a backup to a slow disk among them, and
// lets no new one in until then. So it has room from the start for what is written
// while the process lives: that costs address space only.
var (
	initialMap = 1 << 30
	mapRoom    = int64(64 << 30)
)

// openMapped opens a file with room in its map, as much as the system gives.
func openMapped(path string, o *bbolt.Options) (*bbolt.DB, error) {
	if strconv.IntSize == 64 && runtime.GOOS != "windows" {
		var size int64
		if info, err := os.Stat(path); err == nil {
			size = info.Size()
		}
		roomy := *o
		roomy.InitialMmapSize = max(o.InitialMmapSize, int(size+mapRoom))
		if file, err := bbolt.Open(path, 0o600, &roomy); !errors.Is(err, syscall.ENOMEM) {
			return file, err
		}
	}
	return bbolt.Open(path, 0o600, o)
}

func boltOptions(maxBytes int64) *bbolt.Options {
	o := &bbolt.Options{
		Timeout: lockTimeout,
		// The default, a sorted array, slows down with every freed page.
		FreelistType: bbolt.FreelistMapType,
		// The list of free pages is found again by a scan at start (0.2 s for
		// half a gigabyte) instead of being written with every commit. Data
		// and meta pages are synced all the same, so nothing is at risk.
		NoFreelistSync:  true,
		InitialMmapSize: initialMap,
		// They are read where the store has a cap; keeping them takes a lock per
		// read.
		NoStatistics: maxBytes == 0,
	}
	if runtime.GOOS == "windows" {
		o.InitialMmapSize = 0 // there the file is made as large as the map
	}
	return o
}

// close closes the file. Where the store failed bbolt may hold locks for ever: then the
// rest is left to the end of the process.
func (f *file) close() error {
	if f.failure.cause() != nil {
		return f.held.Close()
	}
	return f.bolt.Close()
}

// failStore ends the store, and returns why it ended, which may have been before.
func (f *file) failStore(err error) error {
	if f.failure.setCause(err) {
		f.logger.Error("the store can't go on", "error", err)
	}
	return f.failure.cause()
}

// failDoubtful ends the store after a flush that failed: the kernel may show what the
// disk does not hold, and asking it to flush again proves nothing. Only a restart,
// which reads what is there, is safe.
func (f *file) failDoubtful(err error) error {
	return f.failStore(words.Fail(errors.Join(err, store.ErrDamaged), "store.doubtful", words.Args{"store": f.path, "reason": words.Said(err)}))
}

// guardRead runs what reads the map of the file. bbolt panics at a page that it does not
// understand, and the system faults where the file has become shorter than its map:
// both are damage.
func (f *file) guardRead(read func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			f.logger.Debug("reading the store failed", "with", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = f.failStore(damagedFile(f.path, panicText(p)))
		}
	}()
	return read()
}

// checkFresh says that a transaction sees everything that was committed before it
// began. One of the two pages that say where the data is may have been damaged in
// between, and then bbolt takes the older one without a word.
func (f *file) checkFresh(tx *bbolt.Tx, committed uint64) error {
	if seen := txID(tx); !tx.Writable() && seen < committed || tx.Writable() && seen != committed+1 {
		return f.failStore(damagedFile(f.path, words.Text{Key: "store.head_changed"}))
	}
	return nil
}

// beginRead begins a transaction that only reads, and that the caller ends. What was
// committed is looked up before it begins, since a checkpoint commits at any moment.
func (f *file) beginRead() (*bbolt.Tx, error) {
	committed := f.committed.Load()
	tx, err := f.bolt.Begin(false)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := f.checkFresh(tx, committed); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
}

// checkThere says that the file at the store's path is the one that is written. What is
// written into another one is gone with this process.
func (f *file) checkThere() error {
	at, err := os.Stat(f.path)
	if err != nil || !os.SameFile(at, f.identity) {
		return f.failStore(words.Fail(store.ErrDamaged, "store.moved", words.Args{"store": f.path}))
	}
	if err := f.beside(); err != nil {
		return f.failStore(err)
	}
	return nil
}

// boltFlushes is how often bbolt flushes the file in a commit: its pages, then its
// head.
const boltFlushes = 2

// flushLog flushes a segment of the log.
func (f *file) flushLog(segment *os.File) error {
	defer f.flushed()
	return wal.Flush(segment)
}

// updateFile makes one transaction of the file.
func (f *file) updateFile(write func(*Tx) error) error {
	tx, err := f.bolt.Begin(true)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	committed := false
	f.tx.beginBolt(tx)
	defer func() { f.tx.endBolt(committed) }()
	id := txID(tx)
	if err = f.checkFresh(tx, f.committed.Load()); err == nil {
		if err = write(&f.tx); err == nil {
			err = f.tx.writeSums()
		}
	}
	if err != nil {
		_ = tx.Rollback()
		return markFull(err)
	}
	if err := tx.Commit(); err != nil {
		return f.uncommitted(id, markFull(err))
	}
	for range boltFlushes {
		f.flushed()
	}
	committed = true
	f.committed.Store(id)
	return nil
}

// uncommitted tells a commit that surely is not in the file from one that may be: only
// the flush of the last page can have failed then.
func (f *file) uncommitted(id uint64, err error) error {
	visible := uint64(0)
	_ = f.bolt.View(func(tx *bbolt.Tx) error {
		visible = txID(tx)
		return nil
	})
	if visible < id {
		return err
	}
	return f.failDoubtful(err)
}

func txID(tx *bbolt.Tx) uint64 { return uint64(tx.ID()) } //nolint:gosec // positive

// checkPages reads every page and returns what is broken.
func (f *file) checkPages() error {
	return f.guardRead(func() error {
		tx, err := f.bolt.Begin(true)
		if err != nil {
			return fmt.Errorf("check the store: %w", err)
		}
		defer func() { _ = tx.Rollback() }()
		var errs []error
		for err := range tx.Check() {
			errs = append(errs, err)
		}
		if len(errs) > 0 {
			return fmt.Errorf("the store %s is damaged, restore it from a backup: %w", f.path, errors.Join(errs...))
		}
		return nil
	})
}

// bytesInUse returns how much of the file is in use: where there is no cap, with what
// is free in it.
func (f *file) bytesInUse() (n int64) {
	_ = f.bolt.View(func(tx *bbolt.Tx) error {
		stats := f.bolt.Stats()
		n = tx.Size() - int64(stats.FreePageN+stats.PendingPageN)*int64(f.bolt.Info().PageSize)
		return nil
	})
	return n
}

// freePages returns the pages that nothing leads to, in their order.
func (f *file) freePages() (ids []int) {
	_ = f.bolt.View(func(tx *bbolt.Tx) error {
		for id := 0; ; id++ {
			switch p, err := tx.Page(id); {
			case err != nil || p == nil:
				return err
			case p.Type == "free":
				ids = append(ids, id)
			}
		}
	})
	return ids
}

// wipePages writes zeros over pages.
func (f *file) wipePages(ids []int) error {
	size := f.bolt.Info().PageSize
	zeros := make([]byte, size)
	for _, id := range ids {
		if _, err := f.held.WriteAt(zeros, int64(id)*int64(size)); err != nil {
			return markFull(err)
		}
	}
	if err := f.held.Sync(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// markFull marks the errors of a disk or a quota that is used up. bbolt keeps the cause
// of some of them in words only.
func markFull(err error) error {
	if err == nil {
		return nil
	}
	for _, cause := range diskFull() {
		if errors.Is(err, cause) || strings.Contains(err.Error(), cause.Error()) {
			return fmt.Errorf("%w: %w", store.ErrFull, err)
		}
	}
	return fmt.Errorf("store: %w", err)
}
