package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"go.etcd.io/bbolt"

	"keypull/pull/private"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/wal"
)

// Backup implements store.Backuper. The copy is of one moment; others read and
// write meanwhile, and the file may grow by what they write. It keeps to store.CopyPace.
func (e *Engine) Backup(ctx context.Context, w io.Writer) (int64, error) {
	var n int64
	c := &copying{ctx: ctx, closing: e.closing, w: w}
	tx, err := e.checkpointToCopy(ctx)
	if err == nil {
		err = e.file.guardRead(func() error { n, err = tx.WriteTo(c); return err })
		err = errors.Join(err, tx.Rollback())
	}
	if c.err != nil {
		err = c.err // bbolt keeps it in words only
	}
	if err != nil {
		return n, fmt.Errorf("back up the store: %w", err)
	}
	return n, nil
}

// Checkpoint brings everything that was written into the file.
func (e *Engine) Checkpoint(ctx context.Context) error {
	tx, err := e.checkpointToCopy(ctx)
	if err != nil {
		return fmt.Errorf("checkpoint the store: %w", err)
	}
	return tx.Rollback() //nolint:wrapcheck // it only read
}

// checkpointToCopy returns the file as it is once everything that was written is in it. The log
// goes on as that of another file from then on: when the copy is put in its place,
// what was written since is not taken for what follows it.
func (e *Engine) checkpointToCopy(ctx context.Context) (*bbolt.Tx, error) {
	if err := errors.Join(ctx.Err(), e.Err()); err != nil {
		return nil, err
	}
	r, err := e.queue.askForCopy()
	if err != nil {
		return nil, err
	}
	select {
	case <-r.done:
		return r.tx, r.err
	case <-e.Broken():
		return nil, e.Err()
	}
}

// copying keeps a copy to its pace, and ends it when nobody wants it any more.
type copying struct {
	ctx     context.Context
	closing <-chan struct{}
	w       io.Writer
	pace    store.Pace
	err     error
}

// Write implements io.Writer.
func (c *copying) Write(b []byte) (n int, err error) {
	select {
	case <-c.ctx.Done():
		c.err = c.ctx.Err()
	case <-c.closing:
		c.err = store.ErrClosed
	default:
		n, c.err = c.w.Write(b)
		c.pace.Wait(c.ctx, n)
	}
	return n, c.err
}

// BackupFile writes a copy to a file of mode 0600, complete or not at all: it
// appears under its name only when it is on the disk. A file that is there is
// kept, and the error is fs.ErrExist, unless replace is set.
func (e *Engine) BackupFile(ctx context.Context, path string, replace bool) (int64, error) {
	if _, err := os.Lstat(path); err == nil && !replace {
		return 0, words.Fail(fs.ErrExist, "store.copy_there", words.Args{"path": path})
	}
	if at, err := os.Stat(path); err == nil && os.SameFile(at, e.file.identity) {
		return 0, words.Fail(fs.ErrExist, "store.copy_itself", words.Args{"path": path})
	}
	part, n, err := e.backupPart(ctx, path)
	if err != nil {
		return n, err
	}
	if err := os.Rename(part, path); err != nil {
		return n, errors.Join(fmt.Errorf("back up the store: %w", err), os.Remove(part))
	}
	if err := private.SyncOf(path); err != nil {
		return n, fmt.Errorf("back up the store: %w", err)
	}
	return n, nil
}

// backupPart writes and syncs a copy beside path, under a name of its own.
func (e *Engine) backupPart(ctx context.Context, path string) (part string, n int64, err error) {
	part, err = private.WriteBeside(path, func(w io.Writer) (err error) { n, err = e.Backup(ctx, w); return err })
	if err != nil {
		return "", n, fmt.Errorf("back up the store: %w", err)
	}
	return part, n, nil
}

// keepFormer copies a file of a former format before it is taken over: an earlier
// version opens the copy, and nothing else. One of unnamedLog is copied once it holds
// what its log did, all others before.
func (o *recovery) keepFormer(of byte) error {
	return o.file.bolt.View(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(MetaBucket)
		if meta == nil {
			return nil
		}
		if v := meta.Get(formatKey); len(v) != 1 || v[0] != of && (of == unnamedLog || v[0] > unnamedLog-1) {
			return nil
		}
		part, err := private.WriteBeside(o.path, func(w io.Writer) error { _, err := tx.WriteTo(w); return err })
		if err != nil {
			return err
		}
		path := o.path + wal.BeforeSuffix(o.clock())
		if err := os.Rename(part, path); err != nil {
			return errors.Join(fmt.Errorf("keep the store as it was: %w", err), os.Remove(part))
		}
		if err := private.SyncOf(path); err != nil {
			return err //nolint:wrapcheck // it names the file
		}
		o.logger.Info("the store is taken over from an earlier version; a copy of what it was is kept", "store", o.path, "copy", path)
		if o.former != nil {
			o.former(path)
		}
		return nil
	})
}
