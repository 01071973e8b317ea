// Package engine keeps byte keys and values in the buckets of one bbolt file. All
// writes of all callers go through one writer that takes everything that waits, appends
// it to a log (store/internal/wal), flushes once and starts again; there is no timed
// window, since the flush is the window. What the log holds stands in memtables too,
// until a checkpoint brings it into the file. Readers see the file with the memtables
// laid over it, and wait for nobody.
//
// What keys and values mean is left to a Layout. store/bolt/DESIGN.md explains the
// files and what was measured.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	berrors "go.etcd.io/bbolt/errors"

	"keypull/store"
	"keypull/store/internal/wal"
)

// format is the version of the files; one of a later version is refused, and one of a
// former is copied before it is taken over. Values of the first have no heads: there
// headlessKey says that some may still have none. The second has no log, and the third
// does not know its log.
const (
	format      = 4
	unnamedLog  = 3
	firstFormat = 1
)

// MetaBucket holds what the store says of itself.
var MetaBucket = []byte("meta")

var (
	formatKey   = []byte("format")
	headlessKey = []byte("old")
	bucketsKey  = []byte("buckets")
)

// Engine is one open file with its log. It is safe for use by many goroutines.
type Engine struct {
	file       file
	checks     checks
	quarantine quarantine
	queue      batchQueue
	room       diskRoom
	shown      atomic.Pointer[tables]
	writer     writer
	feed       *feed // nil where nobody follows

	once    sync.Once
	closing chan struct{} // closed when Close begins
}

// Open opens the file at path, or makes it with mode 0600. It fails with store.ErrInUse
// when another process holds the file for longer than a second. Nothing is written
// before Start.
func Open(path string, o store.Options, layout Layout) (*Engine, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return openEngine(path, withDefaults(o), layout, false)
}

// openEngine opens the file; follows: as one that is told what another one's log appends.
func openEngine(path string, o store.Options, layout Layout, follows bool) (*Engine, error) {
	found, err := inspectFile(path, o.Logger)
	if err != nil {
		return nil, err
	}
	opened, held, err := openFile(path, o.MaxBytes)
	if err != nil {
		return nil, err
	}
	e := newEngine(path, o, layout)
	e.file.bolt, e.file.held = opened, held
	if e.file.identity, err = held.Stat(); err == nil {
		begin := &recovery{
			path: path, file: &e.file, checks: &e.checks, quarantine: &e.quarantine, lineage: &e.writer.lineage,
			layout: layout, logger: o.Logger, clock: e.writer.clock, anew: o.Anew, former: o.Former, follows: follows, keep: o.Keep,
		}
		err = e.file.guardRead(func() (err error) { e.writer.log, err = begin.recoverLog(found); return err })
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", path, err), e.file.close())
	}
	for _, at := range found.damaged {
		e.Quarantine(at.bucket, at.key, func(_ *Snapshot, v []byte) bool { _, ok := e.Verified(at.bucket, at.key, v); return ok })
	}
	return e, nil
}

// withDefaults fills in what the options leave open.
func withDefaults(o store.Options) store.Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.MinFree == 0 {
		o.MinFree = store.DefaultMinFree
	}
	if o.Beside == nil {
		o.Beside = func() error { return nil }
	}
	if o.Sync == nil {
		o.Sync = func() {}
	}
	return o
}

func newEngine(path string, o store.Options, layout Layout) *Engine {
	e := &Engine{
		file:    file{path: path, beside: o.Beside, flushed: o.Sync, logger: o.Logger, failure: failure{begun: make(chan struct{})}},
		queue:   batchQueue{wake: make(chan struct{}, 1)},
		room:    diskRoom{path: path, minFree: o.MinFree, disk: diskFree},
		closing: make(chan struct{}),
	}
	e.shown.Store(new(tables))
	e.file.tx = Tx{layout: layout, checks: &e.checks, quarantine: &e.quarantine, clock: o.Clock}
	e.writer = writer{
		file: &e.file, layout: layout, queue: &e.queue, room: &e.room, quarantine: &e.quarantine, shown: &e.shown,
		logger: o.Logger, clock: o.Clock, closing: e.closing, stopped: make(chan struct{}),
		ended: make(chan *checkpoint, 1), maxBytes: o.MaxBytes,
	}
	if o.Keep > 0 {
		e.feed = newFeed(wal.Kept{Prefix: path, Most: o.Keep})
		e.writer.feed = e.feed
	}
	return e
}

// Start begins to write.
func (e *Engine) Start() {
	e.feed.begin(e.writer.lineage.applied)
	e.writer.filled = e.file.bytesInUse()
	go e.writer.run()
}

// Close writes what waits, ends every Backup, and closes the file. A second call does
// nothing.
func (e *Engine) Close() (err error) {
	e.once.Do(func() {
		close(e.closing)
		e.queue.close()
		<-e.writer.stopped
		err = e.file.close()
	})
	return err
}

// Broken is closed when the store can't go on: its file is damaged, gone or replaced,
// or nobody knows whether a write is in it. The process then has to end with Err; every
// call fails with it from there on.
func (e *Engine) Broken() <-chan struct{} { return e.file.failure.begun }

// Err returns why the store is broken, or nil.
func (e *Engine) Err() error { return e.file.failure.cause() }

// Room returns store.ErrFull when entries are refused, since too little of the disk is
// left.
func (e *Engine) Room() error { return e.room.checkFree() }

// Check walks through the whole file and says what is broken in it. It reads every
// page, beside the work of others; a checkpoint waits, since what it frees meanwhile
// would be told as broken.
func (e *Engine) Check(ctx context.Context) error {
	if err := e.serves(ctx); err != nil {
		return err
	}
	return e.file.checkPages()
}

// serves returns why nothing can be read, or nil.
func (e *Engine) serves(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-e.closing:
		return store.ErrClosed
	default:
		return e.Err()
	}
}

// View calls read with the store as it is now. What read takes out of it must be
// copied.
func (e *Engine) View(ctx context.Context, read func(*Snapshot) error) error {
	if err := e.serves(ctx); err != nil {
		return err
	}
	err := e.file.guardRead(func() error {
		// What leaves the memtables is in the file before it does.
		shown := e.shown.Load()
		tx, err := e.file.beginRead()
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		return read(&Snapshot{tx: tx, tables: *shown})
	})
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return store.ErrClosed
	}
	return err
}

// Verified returns what follows the head of a value, and whether that is what was
// written.
func (e *Engine) Verified(bucket, key, v []byte) (body []byte, ok bool) {
	return e.checks.verifyValue(bucket, key, v)
}

// Do writes and waits until the work is durable or refused.
func (e *Engine) Do(ctx context.Context, w Work) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t, err := e.queue.addWork(w, false)
	if err != nil {
		return err
	}
	select {
	case <-t.done:
		return w.Result().err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// DoLater writes with one of the next batches and does not wait, unless very much is
// waiting already. The work is tried again where its batch fails.
func (e *Engine) DoLater(ctx context.Context, w Work) error {
	if e.queue.isCrowded() {
		return e.Do(ctx, w)
	}
	w.Result().later = true
	_, err := e.queue.addWork(w, true)
	return err
}
