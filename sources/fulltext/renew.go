package fulltext

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
)

// Renew makes an index of another version anew from its own documents and notes, and has that
// serve from then on. Until it is whole the old one serves; where ctx ends before, the next
// call goes on from there. Nobody else may write meanwhile. An index of this version is left as it is.
func (x *Index) Renew(ctx context.Context) error {
	x.mu.RLock()
	outdated := x.outdated
	x.mu.RUnlock()
	if !outdated {
		return nil
	}
	o := x.options
	o.Path, o.Renewed = o.Path+".new", nil
	fresh, err := Open(ctx, o)
	if err == nil {
		err = errors.Join(x.copyTo(ctx, fresh), fresh.Close())
	}
	if err == nil {
		err = x.replaceFile(ctx, o.Path)
	}
	if err != nil && ctx.Err() == nil {
		removeFiles(o.Path, append([]string{""}, beside...))
	}
	if err != nil {
		return fmt.Errorf("renew an index: %w", err)
	}
	return nil
}

// copyTo writes all documents and notes to another index.
func (x *Index) copyTo(ctx context.Context, fresh *Index) error {
	const page = 200
	notes, err := x.Notes(ctx, "", math.MaxInt)
	if err != nil {
		return err
	}
	delete(notes, shapeNote)
	err = fresh.Update(ctx, func(ctx context.Context, b *Batch) error {
		for key, value := range notes {
			if err := b.Note(ctx, key, value); err != nil {
				return err
			}
		}
		return nil
	})
	after := ""
	if err == nil {
		err = fresh.withDB(ctx, "go on", func(db *sql.DB) error {
			return db.QueryRowContext(ctx, "SELECT coalesce(max(id), '') FROM docs").Scan(&after) //nolint:wrapcheck // withDB wraps it
		})
	}
	for more := true; more && err == nil; {
		var hits []Hit
		if hits, err = x.Page(ctx, after, page); err != nil || len(hits) == 0 {
			return err
		}
		after, more = hits[len(hits)-1].ID, len(hits) == page
		err = fresh.Update(ctx, func(ctx context.Context, b *Batch) error {
			for _, h := range hits {
				d, ok := x.options.Renewed(h)
				if !ok {
					continue
				}
				if err := b.Add(ctx, d); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}

// replaceFile has the file of another path take the place of this one.
func (x *Index) replaceFile(ctx context.Context, path string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return ErrClosed
	}
	err := x.closeDB()
	if err == nil {
		removeFiles(x.options.Path, beside)
		err = os.Rename(path, x.options.Path)
	}
	if err == nil {
		err = x.openDB(context.WithoutCancel(ctx))
	}
	if err != nil {
		x.closed = true
		return fmt.Errorf("take its place: %w", err)
	}
	x.outdated = false
	return nil
}
