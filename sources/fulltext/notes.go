package fulltext

import (
	"context"
	"database/sql"
	"errors"
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

// Notes goes through the notes whose keys begin with a prefix, in the order of
// the keys, until f returns false. f must not use the index.
func (x *Index) Notes(ctx context.Context, prefix string, f func(key string, value []byte) bool) error {
	return x.withDB(ctx, "read notes", func(db *sql.DB) error {
		rows, err := db.QueryContext(ctx, "SELECT key, value FROM notes WHERE key >= ? AND key < ? ORDER BY key", prefix, prefix+"\U0010FFFF")
		if err != nil {
			return err //nolint:wrapcheck // withDB wraps it
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var key string
			var value []byte
			if err := rows.Scan(&key, &value); err != nil {
				return err //nolint:wrapcheck // withDB wraps it
			}
			if !f(key, value) {
				return nil
			}
		}
		return rows.Err() //nolint:wrapcheck // withDB wraps it
	})
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
