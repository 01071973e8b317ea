// Package safe opens a store together with the keys that belong to it, and keeps
// anybody from serving with one and without the other by mistake.
//
// The store's lock is had before the keys are looked at, and the keys have a lock
// of their own: what the process before wrote in its last moment is seen, and two
// stores never share a key file. The store holds a mark that names its keys.
package safe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"keypull/pull/when"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/postgres"
	"keypull/store/sealed"
)

// ErrUnpaired says that store and keys are not each other's, or that one of them
// is lost.
var ErrUnpaired = errors.New("safe: store and keys do not belong together")

// Options say what is opened.
type Options struct {
	// Store is the file of the store, Keys the key file.
	Store, Keys string
	// Database is the URL of a PostgreSQL database in place of the file, and Durable what it
	// has to promise.
	Database string
	Durable  postgres.Durability
	// KeysInside has readers' and days' keys lie in the database.
	KeysInside bool
	// Waits, where set, has Open wait for the end of who works on the database; it is called again and
	// again meanwhile, with what changes Config of Node, and ends the wait by an error.
	Waits func(works store.Node, sayConfig func(config string)) error
	// Peer, where set, is who works on the database with a folder of its own: no folder has to be common.
	Peer Peer
	// Node is what this process says of itself in the database.
	Node store.Node
	// Anew takes what lies there: what opens is kept, what is missing is made,
	// what cannot be opened is moved aside.
	Anew bool
	// MinFree is that of store.Options.
	MinFree int64
	// Former is that of store.Options.
	Former func(copied string)
	// Keep is that of store.Options.
	Keep int64
	// Horizon is that of store.Options.
	Horizon time.Duration
	// Sync is that of store.Options.
	Sync   func()
	Clock  func() time.Time
	Logger *slog.Logger
}

// Store is a back end with what its operator is told of.
type Store interface {
	store.Backend
	store.Damages
	// Broken is closed when the store can't go on, for the reason that Err tells.
	Broken() <-chan struct{}
	Err() error
	// Room returns store.ErrFull when entries are refused.
	Room() error
	// DiskFree returns what the disk of the store has left, where that is known.
	DiskFree() (bytes int64, ok bool)
	// Release gives memory back that the store can do without.
	Release()
}

// File is a store that is a file, which is copied as one.
type File interface {
	Store
	store.Copied
	store.Backuper
	// Check walks through everything and says what is broken.
	Check(ctx context.Context) error
	// BackupFile writes a copy to a file of mode 0600, complete or not at all; one that
	// is there is kept, and the error fs.ErrExist, unless replace is set.
	BackupFile(ctx context.Context, path string, replace bool) (int64, error)
}

// Safe is an open store with its keys.
type Safe struct {
	Store Store
	// File is the store where that is a file; else nil.
	File File
	Ring *sealed.Ring
	// Moved are the names to which files were moved by Anew.
	Moved []string
	// Strange: the store is one of other keys, and was taken all the same.
	Strange bool
}

// opening is an Open under way.
type opening struct {
	Options
	Safe
	refused error        // what the store must not say in words of its own
	pages   sealed.Pages // nil where keys lie in the folder
	apart   time.Time    // since when the one that works is alive and does not hold these keys; zero where it does
	working uint64       // that one
	peer    peering
}

// Open opens the store and then its keys, and makes both where neither is there.
// The errors are sentences that say what to do: store.ErrInUse, store.ErrDamaged,
// sealed.ErrLost, ErrUnpaired.
func Open(ctx context.Context, o Options) (*Safe, error) {
	folder := filepath.Dir(cmp.Or(o.Store, o.Keys))
	_, missing := os.Stat(folder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the store's folder: %w", err)
	}
	s := &opening{Options: o}
	err := s.openStore(ctx)
	if errors.Is(err, store.ErrDamaged) && o.Anew && o.Store != "" {
		to, moving := sealed.MoveAside(o.Store, time.Second, o.Clock())
		if moving != nil {
			return nil, errors.Join(moving, s.close())
		}
		s.Moved = append(s.Moved, to)
		err = s.openStore(ctx)
	}
	if err == nil {
		err = s.checkPair(ctx)
	}
	if err != nil {
		err = errors.Join(err, s.close())
		if missing != nil {
			_ = os.Remove(folder) // it was made for this, and goes where nothing lies in it
		}
		return nil, err
	}
	return &s.Safe, nil
}

// Filling is the file in which a store is filled from another one, before it is complete.
func Filling(path string) string { return path + ".moving" }

// openStore has the store first. One that is not there has no lock, and nobody who
// holds it: then the keys come first, lest a store is begun in vain.
func (o *opening) openStore(ctx context.Context) error {
	if o.Database != "" {
		return o.openDatabase(ctx)
	}
	info, err := os.Stat(o.Options.Store)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look at the store: %w", err)
	}
	if err != nil {
		if _, missing := os.Stat(Filling(o.Options.Store)); missing == nil {
			return words.Fail(store.ErrMoving, "safe.half_filled", words.Args{"store": o.Options.Store})
		}
	}
	if err != nil || info.Size() == 0 {
		if err := o.keys(true); err != nil {
			return err
		}
	}
	db, err := bolt.Open(o.Options.Store, store.Options{Horizon: o.Horizon, Clock: o.Clock, Aging: o.aging(), Logger: o.Logger, MinFree: o.MinFree, Former: o.Former, Keep: o.Keep, Sync: o.Sync, Beside: o.there, Anew: o.Anew, Keys: o.hashKey})
	if o.refused != nil {
		return o.refused
	}
	if err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	o.Safe.Store, o.File = db, db
	return nil
}

// hashKey opens the keys, and returns that of ids.
func (o *opening) hashKey(fresh bool) ([]byte, error) {
	if o.refused = o.keys(fresh); o.refused != nil {
		return nil, o.refused
	}
	return o.Ring.HashKey(), nil
}

// openDatabase opens a database, alone.
func (o *opening) openDatabase(ctx context.Context) error {
	asking, end := context.WithCancel(ctx)
	defer o.peer.end()
	defer end()
	options := postgres.Options{Durable: o.Durable, Alone: true, May: func() bool { return o.keysFree(asking) }, Node: o.Node, Options: store.Options{Horizon: o.Horizon, Clock: o.Clock, Aging: o.aging(), Logger: o.Logger, Beside: o.there, Keys: o.hashKey}}
	if o.Peer != nil {
		options.Node.Keys = store.NoKeys // until it is known
	}
	if o.Waits != nil {
		options.Waits = func(works postgres.Working) error { return o.awaitOther(asking, works) }
	}
	options.Begun = func(db *postgres.Store) {
		if o.peer.db = db; o.KeysInside {
			o.pages = db.KeyPages()
		}
	}
	db, err := postgres.Open(ctx, o.Database, options)
	if err != nil {
		return err //nolint:wrapcheck // it is a sentence
	}
	o.Safe.Store = db
	return nil
}

// keysFree says that no process holds the keys: one that does is not dead, and goes on once the
// database hears of it again. Who waits for a key that wraps them leaves others the turn.
func (o *opening) keysFree(ctx context.Context) bool {
	held, err := sealed.Held(o.Keys)
	return (err != nil || !held) && (o.Peer == nil || o.Waits == nil || o.hasWrapping(ctx))
}

// awaitOther refuses to wait with other key slots than those that the working process holds: a
// copy of them lacks the keys that were made since.
func (o *opening) awaitOther(ctx context.Context, works postgres.Working) error {
	const surely = 5 * time.Second // it may end between its last word and this look, or be about to open them
	if o.Peer != nil {
		o.askPeer(ctx)
	} else if works.Alive {
		held, err := sealed.Held(o.Keys)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return words.Fail(ErrUnpaired, "database.no_slots", words.Args{"file": sealed.SlotsOf(o.Keys)})
		case err != nil:
			return fmt.Errorf("look at the key slots: %w", err)
		case held || works.ID != o.working:
			o.apart, o.working = time.Time{}, works.ID
		case o.apart.IsZero():
			o.apart = time.Now()
		}
		if !o.apart.IsZero() && time.Since(o.apart) >= surely {
			return words.Fail(ErrUnpaired, "database.elsewhere", words.Args{"file": sealed.SlotsOf(o.Keys)})
		}
	}
	return o.Waits(works.Node, o.peer.db.SayConfig)
}

// keys opens the keys, for a store that is fresh or not.
func (o *opening) keys(fresh bool) (err error) {
	if o.Ring != nil {
		return nil
	}
	if fresh && !o.Anew && sealed.Halved(o.Keys) {
		return o.unpairedError("safe.both_missing")
	}
	options := sealed.Options{Path: o.Keys, Fresh: fresh, Pages: o.pages, Clock: o.Clock, Logger: o.Logger}
	if o.Peer != nil {
		options.Have = o.othersHave
	}
	if o.Anew {
		var moved []string
		o.Ring, moved, err = sealed.OpenAnew(options, o.Clock())
		o.Moved = append(o.Moved, moved...)
	} else {
		o.Ring, err = sealed.Open(options)
	}
	if err != nil {
		return fmt.Errorf("open the key file: %w", err)
	}
	if fresh && o.Ring.Used() && !o.Anew {
		return o.unpairedError("safe.store_missing")
	}
	return nil
}

// there says that the keys are where they were; before they are had, nothing is
// missing.
func (o *opening) there() error {
	if o.Ring == nil {
		return nil
	}
	return o.Ring.There() //nolint:wrapcheck // it is a sentence
}

func (o *opening) close() error {
	var err error
	if o.Ring != nil && o.Safe.Store != nil {
		err = o.Ring.Rest()
	}
	if o.Safe.Store != nil {
		err = errors.Join(err, o.Safe.Store.Close())
	}
	if o.Ring != nil {
		err = errors.Join(err, o.Ring.Close())
	}
	return err
}

// Close closes the store first, so that whoever waits for it finds the keys as
// they are; only keys that lie in it come to rest before.
func (s *Safe) Close() error { return errors.Join(s.Ring.Rest(), s.Store.Close(), s.Ring.Close()) }

// unpairedError says by a sentence's key what is not each other's, and what to do.
func (o *opening) unpairedError(what string) error {
	return words.Fail(ErrUnpaired, "safe.unpaired", words.Args{
		"what": words.Text{Key: what, Args: words.Args{"store": cmp.Or(o.Options.Store, "postgres://"), "keys": o.Keys}},
	})
}

// aging is by when the store forgets what may come again: by the time that
// passes, where the clock was set.
func (o *opening) aging() func() time.Time {
	if o.Clock == nil {
		return nil
	}
	began := time.Now()
	return when.Steady(o.Clock, func() time.Duration { return time.Since(began) })
}
