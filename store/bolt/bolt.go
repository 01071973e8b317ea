// Package bolt keeps a store in one bbolt file: the default and the reference
// back end. All writes of all callers go through one writer that takes
// everything that waits, commits it as one transaction and starts again; there
// is no timed window, since the flush is the window. Reads go to the file's
// memory map and wait for nobody.
//
// The package leaves alone what the bytes mean; encryption is store/sealed's.
// DESIGN.md beside this file explains the layout and what was measured.
package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"keypull/pull/private"
	"keypull/store"
	"keypull/store/internal/folder"
	"keypull/store/internal/wal"
	"keypull/store/internal/watch"
)

// format is the version of the layout; a file of a later one is refused, and one
// of a former is copied before it is taken over. In one of the first, values have
// no heads: there oldKey says that some may still have none. One of the second has
// no log beside it, and one of the third does not know its log.
const (
	format      = 4
	unnamedLog  = 3
	firstFormat = 1
)

var (
	metaBucket = []byte("meta")
	kvBucket   = []byte("kv")
	formatKey  = []byte("format")
	hashKey    = []byte("hash-key")
	oldKey     = []byte("old")
	bucketsKey = []byte("buckets")
)

// DB is one open file. It is safe for use by many goroutines.
type DB struct {
	bolt    *bbolt.DB
	wal     *wal.Log
	now     func() time.Time
	logger  *slog.Logger
	aging   func() time.Time
	horizon time.Duration
	minFree int64
	disk    func(folder string) (free, whole uint64, ok bool)
	guards  guards
	asides  asides
	ids     hasher
	sums    sums // of whoever writes the file: one checkpoint at a time
	lineage lineage
	inbox   inbox
	hub     watch.Hub

	closing chan struct{} // closed when Close begins
	stopped chan struct{} // closed when the writer has ended
	once    sync.Once

	path      string      // absolute
	file      *os.File    // bbolt's, for what bbolt doesn't do
	identity  os.FileInfo // of file
	beside    func() error
	anew      bool   // a log that is another's is set aside
	format    byte   // of the file as it was found
	flushed   func() // Options.Sync
	committed atomic.Uint64
	ending    ending

	state atomic.Pointer[state]

	// The writer's own.
	revision       uint64 // of the last put
	layers         uint64 // that were frozen
	active, frozen layer
	ended          chan *checkpoint
	maxBytes       int64
	mostIDs        int
	filled         int64 // of the file
	named          bool  // the file names the segment that is written
	looked         time.Time
	tight          bool // it was told that there is no room for another segment

	mu     sync.Mutex
	queues map[string]*queue
	logs   map[string]*log
}

var (
	_ store.Backend        = (*DB)(nil)
	_ store.Committer      = (*DB)(nil)
	_ store.LaterCommitter = (*DB)(nil)
	_ store.Backuper       = (*DB)(nil)
)

// Open opens the file at path and makes it, with mode 0600, when there is
// none. It fails with store.ErrInUse when another process holds the file for
// longer than a second. Without Options.HashKey a key kept in the file is
// used.
func Open(path string, o store.Options) (*DB, error) {
	if n := len(o.HashKey); n != 0 && n != hashKeyBytes {
		return nil, fmt.Errorf("store: the hash key has %d bytes, must have %d", n, hashKeyBytes)
	}
	logger := o.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	found, err := inspect(path, logger)
	if err != nil {
		return nil, err
	}
	file, held, err := openFile(path, o.MaxBytes)
	if err != nil {
		return nil, err
	}
	db := &DB{
		bolt:    file,
		path:    path,
		file:    held,
		now:     o.Clock,
		logger:  logger,
		aging:   o.Aging,
		horizon: o.Horizon,
		anew:    o.Anew,
		minFree: o.MinFree,
		disk:    disk,
		inbox:   inbox{wake: make(chan struct{}, 1)},
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
		queues:  make(map[string]*queue),
		logs:    make(map[string]*log),
		ending:  ending{begun: make(chan struct{})},

		ended:    make(chan *checkpoint, 1),
		maxBytes: o.MaxBytes,
		mostIDs:  usualIDs,
	}
	db.state.Store(new(state))
	opening{db}.defaults(o)
	if db.identity, err = held.Stat(); err == nil {
		err = db.guarded(func() error { return opening{db}.prepare(o, found) })
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", path, err), db.release())
	}
	writer{db}.measure()
	for _, p := range found.spoiled {
		db.spoiled(p.bucket, p.key, func(_ *view, v []byte) bool { _, ok := db.guards.open(p.bucket, p.key, v); return ok })
	}
	go writer{db}.run()
	return db, nil
}

// defaults fills in what the options leave open.
func (db opening) defaults(o store.Options) {
	if db.now == nil {
		db.now = time.Now
	}
	if db.minFree == 0 {
		db.minFree = store.DefaultMinFree
	}
	if db.aging == nil {
		db.aging = db.now
	}
	if db.horizon == 0 {
		db.horizon = store.DefaultHorizon
	}
	if db.beside = o.Beside; db.beside == nil {
		db.beside = func() error { return nil }
	}
	if db.flushed = o.Sync; db.flushed == nil {
		db.flushed = func() {}
	}
}

// openFile turns what bbolt says or panics with into a sentence.
func openFile(path string, maxBytes int64) (file *bbolt.DB, held *os.File, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(damagedFile(path, why(p)), held.Close())
		}
	}()
	o := options(maxBytes)
	o.OpenFile = func(name string, flag int, _ os.FileMode) (f *os.File, err error) {
		held, err = private.OpenFile(name, flag)
		return held, err
	}
	if err := begin(path); err != nil {
		return nil, nil, err
	}
	if file, err = openMapped(path, o); err != nil {
		return nil, nil, unopened(path, err)
	}
	file.AllocSize = growStep
	return file, held, nil
}

// begin makes a file that is not there. It gets its name when it is whole: what the
// end of the machine leaves is a store, or none.
func begin(path string) error {
	if !unbegun(path) {
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
		return unopened(path, err)
	}
	if err := errors.Join(file.Close(), os.Rename(part, path)); err != nil {
		return fmt.Errorf("begin store: %w", err)
	}
	return folder.SyncOf(path)
}

// unbegun says that nothing was ever written into a file. The end of the machine may
// have left it as long as bbolt makes a new one, and nothing in it.
func unbegun(path string) bool {
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

// release closes the file. Where the store is broken bbolt may hold locks for
// ever: then the rest is left to the end of the process.
func (db *DB) release() error {
	if db.Err() != nil {
		return db.file.Close()
	}
	return db.bolt.Close()
}

// A map that must grow waits for every reader, a backup to a slow disk among
// them, and lets no new one in until then. So it has room from the start for what
// is written while the process lives: address space only, which costs nothing
// where there is plenty of it.
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

// options are chosen one by one; the yardstick in bare.go runs on the same.
func options(maxBytes int64) *bbolt.Options {
	o := &bbolt.Options{
		Timeout: holdTimeout,
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

// Queue implements store.Backend. A name that breaks the rules gives a queue
// whose every call fails with store.ErrKey.
func (db *DB) Queue(name string) store.Queue { return db.queue(name) }

// Log implements store.Backend. A name that breaks the rules gives a log whose
// every call fails with store.ErrKey.
func (db *DB) Log(name string) store.Log { return db.log(name) }

// Close writes what waits, ends every Claim, Watch and Backup, and closes the
// file. A second call does nothing.
func (db *DB) Close() error {
	var err error
	db.once.Do(func() {
		close(db.closing)
		db.inbox.close()
		<-db.stopped
		db.hub.Close()
		db.mu.Lock()
		for _, q := range db.queues {
			q.line.Close()
		}
		db.mu.Unlock()
		err = db.release()
	})
	return err
}

// Check walks through the whole file and says what is broken in it. It reads
// every page, beside the work of others; a checkpoint waits, since what it frees
// meanwhile would be told as broken.
func (db *DB) Check(ctx context.Context) error {
	if err := db.serves(ctx); err != nil {
		return err
	}
	return db.guarded(func() error {
		tx, err := db.bolt.Begin(true)
		if err != nil {
			return fmt.Errorf("check the store: %w", err)
		}
		defer func() { _ = tx.Rollback() }()
		var errs []error
		for err := range tx.Check() {
			errs = append(errs, err)
		}
		if len(errs) > 0 {
			return fmt.Errorf("the store %s is damaged, restore it from a backup: %w", db.path, errors.Join(errs...))
		}
		return nil
	})
}

// serves says why nothing can be read.
func (db *DB) serves(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-db.closing:
		return store.ErrClosed
	default:
		return db.Err()
	}
}

// view reads. What fn takes out of tx it must copy.
func (db *DB) view(ctx context.Context, fn func(*view) error) error {
	if err := db.serves(ctx); err != nil {
		return err
	}
	err := db.guarded(func() error {
		// What is written from here on need not be seen. What leaves the state
		// is in the file before it does.
		seen, committed := db.state.Load(), db.committed.Load()
		return db.bolt.View(func(tx *bbolt.Tx) error {
			if err := db.fresh(tx, committed); err != nil {
				return err
			}
			return fn(&view{tx: tx, active: seen.active, frozen: seen.frozen})
		})
	})
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return store.ErrClosed
	}
	return err
}
