package fulltext

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"

	"keypull/pull/private"
)

// Field is one text of every document.
type Field struct {
	// Name is made of small letters.
	Name string
	// Weight is how much a word counts there; 1 is usual, 0 not at all.
	Weight float64
}

// Options say what an index holds, and how much.
type Options struct {
	// Path is the file; its folder is made where it is missing. "" is an index in
	// memory that is gone when it is closed.
	Path string
	// Fields are the texts of its documents, at most 16.
	Fields []Field
	// Languages are those of documents that say nothing of theirs, as BCP 47 tags.
	Languages []string
	// Version is that of the caller's payloads and texts: an index of another one,
	// or of other fields, is begun anew.
	Version int
	// Renewed returns the document that a hit of another version was made from. With it such
	// an index, if it has these fields, serves as it is until Renew has made it anew.
	Renewed func(Hit) (Document, bool)
	// MaxBytes is how large the file may grow; 0 means 512 MiB.
	MaxBytes int64
	// Cache is how many bytes each of its connections keeps of the file; 0 means
	// 2 MiB.
	Cache int
	// Logger hears of a file that was set aside; nil is nobody.
	Logger *slog.Logger
}

// Errors of an index.
var (
	// ErrDamaged says that the file could not be read and was set aside: the index
	// is empty now, and goes on.
	ErrDamaged = errors.New("the index was damaged and begins anew")
	// ErrFull says that the index has reached its size, or the disk its end.
	ErrFull = errors.New("there is no more room for the index")
	// ErrClosed says that the index was closed.
	ErrClosed = errors.New("the index is closed")
)

const (
	// schema is this package's own version of its tables and tokens.
	schema          = 1
	defaultMaxBytes = 512 << 20
	defaultCache    = 2 << 20
	pageBytes       = 4096
	maxFields       = 16
	// maxSearches is how many searches run at a time.
	maxSearches = 2
	// maxIdle is how long a connection is kept that nobody uses.
	maxIdle = time.Minute
)

// Index is open on one file. Its methods are safe for concurrent use; writes go
// one after another.
type Index struct {
	options Options
	// languages are the base tags of Options.Languages.
	languages []string
	writing   sync.Mutex

	mu     sync.RWMutex
	db     *sql.DB
	closed bool
	// anchor is a connection that runs nothing, and so is never given up: an index in memory
	// lasts as long as one is open. It is nil where the index is a file.
	anchor *sql.Conn
	// outdated says that the file is of another version, and serves.
	outdated bool
}

// Open opens an index, or makes it. A file that is damaged, or of another
// version, is replaced by an empty one.
func Open(ctx context.Context, o Options) (*Index, error) {
	if len(o.Fields) == 0 || len(o.Fields) > maxFields {
		return nil, fmt.Errorf("open an index: %d fields, not 1 to %d", len(o.Fields), maxFields)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.MaxBytes, o.Cache = cmp.Or(max(o.MaxBytes, 0), defaultMaxBytes), cmp.Or(max(o.Cache, 0), defaultCache)
	x := &Index{options: o, languages: baseTags(o.Languages)}
	if o.Path != "" {
		if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
			return nil, fmt.Errorf("open an index: %w", err)
		}
	}
	err := x.openDB(ctx)
	if isDamaged(err) || errors.Is(err, errOther) {
		err = x.recreate(ctx, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open an index: %w", err)
	}
	return x, nil
}

// Lazy is an index that is opened when it is first needed.
type Lazy struct {
	Options Options
	mu      sync.Mutex
	index   *Index
	closed  bool
}

// Open returns the index.
func (l *Lazy) Open(ctx context.Context) (x *Index, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, ErrClosed
	}
	if l.index == nil {
		l.index, err = Open(ctx, l.Options)
	}
	return l.index, err
}

// Close closes the index, which is not opened any more.
func (l *Lazy) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.index == nil {
		return nil
	}
	return l.index.Close()
}

// errOther says that a file is of another version.
var errOther = errors.New("the index is of another version")

// openDB opens the file and makes what is missing.
func (x *Index) openDB(ctx context.Context) error {
	if x.options.Path != "" {
		f, err := private.OpenFile(x.options.Path, os.O_RDWR|os.O_CREATE)
		if err != nil {
			return err //nolint:wrapcheck // it names the file, and Open wraps it
		}
		_ = f.Close()
	}
	db, err := sql.Open("sqlite", x.dataSourceName())
	if err != nil {
		return fmt.Errorf("open its file: %w", err)
	}
	db.SetMaxOpenConns(maxSearches + 1)
	db.SetMaxIdleConns(1)
	db.SetConnMaxIdleTime(maxIdle)
	x.db = db
	if x.options.Path == "" {
		db.SetMaxOpenConns(2) // the anchor, and one: in memory, what reads would wait for what writes by trying again
		if x.anchor, err = db.Conn(ctx); err != nil {
			_ = x.closeDB()
			return fmt.Errorf("open it: %w", err)
		}
	}
	if err := x.prepareTables(ctx, db); err != nil {
		_ = x.closeDB()
		return err
	}
	return nil
}

// closeDB closes the connections.
func (x *Index) closeDB() error {
	if x.anchor != nil {
		_ = x.anchor.Close()
		x.anchor = nil
	}
	return x.db.Close() //nolint:wrapcheck // its callers say what they closed
}

// inMemory counts the indexes in memory, which are named by it.
var inMemory atomic.Int64

// dataSourceName returns the path of the file with the settings of every connection.
func (x *Index) dataSourceName() string {
	path := filepath.ToSlash(x.options.Path)
	if path == "" {
		path = fmt.Sprintf("/index-%d", inMemory.Add(1))
	}
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)", fmt.Sprintf("cache_size(-%d)", x.options.Cache>>10), "temp_store(MEMORY)", "foreign_keys(OFF)",
		"secure_delete(ON)", "trusted_schema(OFF)", "wal_autocheckpoint(512)", "journal_size_limit(4194304)",
		fmt.Sprintf("max_page_count(%d)", x.options.MaxBytes/pageBytes),
	}}
	if x.options.Path == "" {
		q.Set("vfs", "memdb") // which all connections of the name share
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// prepareTables makes the tables of an empty file, and checks the version of any other.
func (x *Index) prepareTables(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	made := 0
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&made); err != nil {
		return fmt.Errorf("look at its tables: %w", err)
	}
	if made > 0 {
		was := ""
		if err := tx.QueryRowContext(ctx, "SELECT value FROM notes WHERE key = ?", shapeNote).Scan(&was); err != nil || was != x.shape() {
			if err != nil && isDamaged(err) {
				return fmt.Errorf("read its version: %w", err)
			}
			if x.outdated = err == nil && x.options.Renewed != nil && strings.HasSuffix(was, fmt.Sprint(" ", x.fieldNames())); x.outdated {
				return nil
			}
			return errOther
		}
		return nil
	}
	for _, statement := range x.tableStatements() {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("make its tables: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO notes (key, value) VALUES (?, ?)", shapeNote, x.shape()); err != nil {
		return fmt.Errorf("note its version: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// shapeNote is the note that says what an index is made for; no caller's key
// begins so.
const shapeNote = "\x00shape"

// shape returns what the index is made for: its versions and fields.
func (x *Index) shape() string {
	return fmt.Sprintf("%d %d %v", schema, x.options.Version, x.fieldNames())
}

func (x *Index) fieldNames() []string {
	names := make([]string, 0, len(x.options.Fields))
	for _, f := range x.options.Fields {
		names = append(names, f.Name)
	}
	return names
}

// tableStatements returns the statements that make the tables: n is the number of a document in all of them. The words
// stand in texts alone, which keeps no text; what callers want back is in
// payloads, apart, so that a search that ranks thousands reads none of them.
func (x *Index) tableStatements() []string {
	return []string{
		`CREATE TABLE notes (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID`,
		`CREATE TABLE docs (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, part TEXT NOT NULL, language TEXT NOT NULL, at INTEGER NOT NULL)`,
		`CREATE INDEX docs_part ON docs (part)`,
		`CREATE INDEX docs_at ON docs (at, id)`,
		`CREATE TABLE payloads (n INTEGER PRIMARY KEY, payload BLOB NOT NULL)`,
		`CREATE TABLE names (name TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (name, n)) WITHOUT ROWID`,
		`CREATE INDEX names_n ON names (n)`,
		`CREATE TABLE tags (tag TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (tag, n)) WITHOUT ROWID`,
		`CREATE INDEX tags_n ON tags (n)`,
		fmt.Sprintf(`CREATE VIRTUAL TABLE texts USING fts5 (%s, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '%s'")`,
			strings.Join(x.fieldNames(), ", "), marks),
		`CREATE VIRTUAL TABLE vocabulary USING fts5vocab (texts, 'row')`,
	}
}

// recreate sets the file aside, in place of any before it, and makes an empty one.
func (x *Index) recreate(ctx context.Context, why error) error {
	if x.db != nil {
		_ = x.closeDB()
	}
	if path := x.options.Path; path != "" {
		aside := path + ".damaged"
		x.options.Logger.Warn("an index is begun anew", "path", path, "error", why)
		if errors.Is(why, errOther) {
			_ = os.Remove(path)
		} else if err := os.Rename(path, aside); err != nil {
			return fmt.Errorf("set a damaged index aside: %w", err)
		}
		removeFiles(path, beside)
	}
	return x.openDB(ctx)
}

// beside are the endings of the files that SQLite keeps beside its own.
var beside = []string{"-wal", "-shm", "-journal"}

func removeFiles(path string, endings []string) {
	for _, end := range endings {
		_ = os.Remove(path + end)
	}
}

// codeFull is SQLite's for a file that has no more room.
const codeFull = 13

// isDamaged reports whether an error says that the file is no whole database.
func isDamaged(err error) bool { return hasCode(err, 11, 26) }

// hasCode reports whether an error is one of SQLite's with such a primary code.
func hasCode(err error, codes ...int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && slices.Contains(codes, e.Code()&0xff)
}

// withDB calls f with the database. If its file turns out to be damaged, the index is
// made anew and the error is ErrDamaged.
func (x *Index) withDB(ctx context.Context, what string, f func(db *sql.DB) error) error {
	x.mu.RLock()
	db, closed := x.db, x.closed
	err := ErrClosed
	if !closed {
		err = f(db)
	}
	x.mu.RUnlock()
	switch {
	case err == nil:
		return nil
	case hasCode(err, codeFull):
		err = ErrFull
	case isDamaged(err):
		x.replaceDamaged(ctx, db, err)
		err = ErrDamaged
	}
	return fmt.Errorf("%s: %w", what, err)
}

// replaceDamaged makes the index anew, unless another call has done so meanwhile.
func (x *Index) replaceDamaged(ctx context.Context, was *sql.DB, why error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed || x.db != was {
		return
	}
	if err := x.recreate(context.WithoutCancel(ctx), why); err != nil {
		x.options.Logger.Error("a damaged index cannot be replaced", "path", x.options.Path, "error", err)
		x.closed = true
	}
}

// Close ends all that runs and closes the file. Closing again is no error.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	if err := x.closeDB(); err != nil {
		return fmt.Errorf("close an index: %w", err)
	}
	return nil
}
