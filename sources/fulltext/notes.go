package fulltext

import (
	"context"
	"database/sql"
	"errors"
	"slices"
)

// Note returns what was noted under a key, or nil if nothing was.
func (x *Index) Note(ctx context.Context, key string) ([]byte, error) {
	var value []byte
	err := x.withDB(ctx, "read a note", func(db *sql.DB) error {
		err := db.QueryRowContext(ctx, "SELECT value FROM notes WHERE key = ?", key).Scan(&value)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err //nolint:wrapcheck // withDB wraps it
	})
	return value, err
}

// Notes returns the notes whose keys begin with a prefix, the first by key, at most so
// many.
func (x *Index) Notes(ctx context.Context, prefix string, most int) (map[string][]byte, error) {
	notes := map[string][]byte{}
	err := x.withDB(ctx, "read notes", func(db *sql.DB) error {
		var key string
		var value []byte
		rows, err := db.QueryContext(ctx, "SELECT key, value FROM notes WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3", prefix, prefix+"\U0010FFFF", most)
		return scanRows(rows, err, func() { notes[key] = slices.Clone(value) }, &key, &value)
	})
	return notes, err
}

// Note keeps a value of the caller's under a key, in the same commit as all else
// of the batch; nil removes it.
func (b *Batch) Note(ctx context.Context, key string, value []byte) error {
	if value == nil {
		_, err := b.execStatement(ctx, "DELETE FROM notes WHERE key = ?", key)
		return err
	}
	_, err := b.execStatement(ctx, "INSERT INTO notes (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)
	return err
}
