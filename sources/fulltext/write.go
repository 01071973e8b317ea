package fulltext

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"keypull/pull/what/languages"
)

// Document is one entry of an index.
type Document struct {
	// ID is its own, at most 2 KiB; a document of the same one is replaced.
	ID string
	// Part is what it belongs to, and is replaced with: the page of a recipe, the
	// article of a paragraph.
	Part string
	// Language is a BCP 47 tag; "" is any of the index's.
	Language string
	// At is when it came out; zero if that is not known.
	At time.Time
	// Texts are by name of field what it is found by. They are not kept.
	Texts map[string]string
	// Names are what it goes by as a whole: Index.Named finds it by them, letter
	// for letter.
	Names []string
	// Tags are what it can be filtered by.
	Tags []string
	// Payload is the caller's own.
	Payload []byte
}

// Batch is what Update changes, as one.
type Batch struct {
	x  *Index
	tx *sql.Tx
	// err is the first that went wrong; what follows does nothing.
	err error
}

// Update changes the index: all that f does through the batch, or nothing. f
// must not call the index itself. An error of f ends it.
func (x *Index) Update(ctx context.Context, f func(ctx context.Context, b *Batch) error) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	return x.withDB(ctx, "write to an index", func(db *sql.DB) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err //nolint:wrapcheck // withDB wraps it
		}
		defer func() { _ = tx.Rollback() }()
		b := &Batch{x: x, tx: tx}
		if err := f(ctx, b); err != nil {
			return err
		}
		if b.err != nil {
			return b.err
		}
		return tx.Commit() //nolint:wrapcheck // withDB wraps it
	})
}

// Purge removes the words of documents that are gone from the file: until then those that no
// other document has lie there, though they find nothing. It writes the words of all that
// stay anew.
func (x *Index) Purge(ctx context.Context) error {
	return x.Update(ctx, func(ctx context.Context, b *Batch) error {
		_, err := b.execStatement(ctx, "INSERT INTO texts (texts) VALUES ('optimize')")
		return err
	})
}

// Put replaces all documents of a part by these, which need not name it.
func (x *Index) Put(ctx context.Context, part string, docs ...Document) error {
	return x.Update(ctx, func(ctx context.Context, b *Batch) error { return b.Put(ctx, part, docs...) })
}

// Delete removes documents by their ids.
func (x *Index) Delete(ctx context.Context, ids ...string) error {
	return x.Update(ctx, func(ctx context.Context, b *Batch) error { return b.Delete(ctx, ids...) })
}

// Put is Index.Put.
func (b *Batch) Put(ctx context.Context, part string, docs ...Document) error {
	if err := b.Drop(ctx, part); err != nil {
		return err
	}
	for _, d := range docs {
		d.Part = part
		if err := b.Add(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// Add puts one document beside the others of its part, in place of any of its
// id.
func (b *Batch) Add(ctx context.Context, d Document) error {
	if err := b.Delete(ctx, d.ID); err != nil {
		return err
	}
	at := int64(0)
	if !d.At.IsZero() {
		at = d.At.Unix()
	}
	done, err := b.execStatement(ctx, "INSERT INTO docs (id, part, language, at) VALUES (?, ?, ?, ?)", d.ID, d.Part, d.Language, at)
	if err != nil {
		return err
	}
	n, err := done.LastInsertId()
	if err != nil {
		return fmt.Errorf("number a document: %w", err)
	}
	tags := b.x.languages
	if d.Language != "" {
		tags = []string{languages.Base(d.Language)}
	}
	args := []any{n}
	for _, f := range b.x.options.Fields {
		args = append(args, indexTokens(d.Texts[f.Name], tags))
	}
	columns := append([]string{"rowid"}, b.x.fieldNames()...)
	if _, err := b.execStatement(ctx, "INSERT INTO texts ("+strings.Join(columns, ", ")+") VALUES ("+placeholders(len(columns))+")", args...); err != nil {
		return err
	}
	payload := d.Payload
	if payload == nil {
		payload = []byte{}
	}
	if _, err := b.execStatement(ctx, "INSERT INTO payloads (n, payload) VALUES (?, ?)", n, payload); err != nil {
		return err
	}
	if err := b.insertEach(ctx, "names (name, n)", n, d.Names); err != nil {
		return err
	}
	return b.insertEach(ctx, "tags (tag, n)", n, d.Tags)
}

// atOnce is how many rows one statement writes.
const atOnce = 100

// insertEach inserts what a document goes by, many at once: each statement is parsed anew.
func (b *Batch) insertEach(ctx context.Context, into string, n int64, values []string) error {
	for some := range slices.Chunk(values, atOnce) {
		args := make([]any, 0, 2*len(some))
		for _, v := range some {
			args = append(args, v, n)
		}
		if _, err := b.execStatement(ctx, "INSERT OR IGNORE INTO "+into+" VALUES (?, ?)"+strings.Repeat(", (?, ?)", len(some)-1), args...); err != nil {
			return err
		}
	}
	return nil
}

// Drop removes the documents of some parts.
func (b *Batch) Drop(ctx context.Context, parts ...string) error {
	return b.removeSelected(ctx, "SELECT n FROM docs WHERE part = ?", parts)
}

// Delete is Index.Delete.
func (b *Batch) Delete(ctx context.Context, ids ...string) error {
	return b.removeSelected(ctx, "SELECT n FROM docs WHERE id = ?", ids)
}

// removeSelected deletes the documents whose numbers a query gives for some values.
func (b *Batch) removeSelected(ctx context.Context, which string, values []string) error {
	var numbers []int64
	var n int64
	for _, value := range values {
		rows, err := b.tx.QueryContext(ctx, which, value)
		if err := scanRows(rows, err, func() { numbers = append(numbers, n) }, &n); err != nil {
			return b.keepError(err)
		}
	}
	for some := range slices.Chunk(numbers, atOnce) {
		args := make([]any, len(some))
		for i, n := range some {
			args[i] = n
		}
		for _, table := range []string{"texts WHERE rowid", "payloads WHERE n", "names WHERE n", "tags WHERE n", "docs WHERE n"} {
			if _, err := b.execStatement(ctx, "DELETE FROM "+table+" IN ("+placeholders(len(some))+")", args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// Trim removes the documents that came out first, so that at most keep stay, and
// returns the parts that lost some.
func (b *Batch) Trim(ctx context.Context, keep int) (parts []string, err error) {
	rows, err := b.tx.QueryContext(ctx, "SELECT id, part FROM docs ORDER BY at DESC, id LIMIT -1 OFFSET ?1", keep)
	var ids []string
	var id, part string
	if err := scanRows(rows, err, func() {
		ids = append(ids, id)
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}, &id, &part); err != nil {
		return nil, b.keepError(err)
	}
	return parts, b.Delete(ctx, ids...)
}

// execStatement executes a statement, unless one before it has failed.
func (b *Batch) execStatement(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	if b.err != nil {
		return nil, b.err
	}
	done, err := b.tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return nil, b.keepError(err)
	}
	return done, nil
}

// keepError keeps the first error of the database: a caller that passes over it must not
// commit half of what it meant.
func (b *Batch) keepError(err error) error {
	if b.err == nil {
		b.err = fmt.Errorf("change an index: %w", err)
	}
	return b.err
}
