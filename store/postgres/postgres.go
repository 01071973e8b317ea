// Package postgres keeps a store in a PostgreSQL database, of which several processes may
// have handles: tables of keys with revisions, of queues with the ids of what they accepted,
// and of logs.
//
// Each handle has one writer, which gathers what waits and writes it as one transaction in two
// round trips: a look, which locks the counters that are needed and reads what the writes depend
// on, and a write. Numbers are in the order of commits over all handles, since the counters
// stay locked. Nothing else than plain SQL is used, so that poolers work.
//
// The package leaves alone what the bytes mean; encryption is store/sealed's.
package postgres

import (
	"context"
	_ "embed" // the schema
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/watch"
)

// Durability is what has to hold before anything is told to be durable.
type Durability string

// The durabilities.
const (
	// Sync: a commit is on the disk of the primary and of a synchronous standby.
	Sync Durability = "sync"
	// Trusted: whatever the server calls durable.
	Trusted Durability = "trusted"
)

// Options are those of a handle. Of store.Options it reads Horizon, HashKey, Keys, Beside,
// Clock, Aging and Logger.
type Options struct {
	store.Options
	// Durable is Sync where it is empty.
	Durable Durability
	// Alone refuses to open beside another handle that lives, with store.ErrInUse.
	Alone bool
	// Waits, where set, has Open wait until no other handle lives, in place of store.ErrInUse. It
	// is called again and again meanwhile, with what is known of the other one, and ends the wait
	// by an error.
	Waits func(works Working) error
	// May, where set, says whether to open where no other handle has said for a while that it
	// lives: one that is only stopped, or cut off, may be known by something else.
	May func() bool
	// Begun, where set, is called with the handle before May, Waits and Keys are: it may be read from, and
	// is not written to yet.
	Begun func(*Store)
	// Filled opens a store that Import fills, also one that an earlier Import left half filled:
	// that is refused otherwise, with store.ErrMoving.
	Filled bool
	// Machine is this machine's clock, which is held against the database's; time.Now where nil.
	Machine func() time.Time
	// Node is what this process says of itself: its Name, Version, Config, Keys, URL and Pass.
	Node store.Node
}

// Working is what one that waits knows of the handle that it waits for.
type Working struct {
	// Node is the newest of those that live, zero where none does.
	store.Node
	// Alive: it has said since it was looked at last that it lives.
	Alive bool
}

// The errors of Open.
var (
	// ErrDurability says that the server promises less than was asked for.
	ErrDurability = errors.New("postgres: the database promises less than was asked for")
	// ErrAway says that the database can't be reached, or refuses who asks.
	ErrAway = errors.New("postgres: the database is away")
	// ErrNewer says that a later version of the program has made the tables.
	ErrNewer = errors.New("postgres: the tables are of a later version")
	// ErrClock says that this machine's clock is further than store.ClockTaken from the database's.
	ErrClock = errors.New("postgres: the clock is not the database's")
)

// version is that of the tables.
const version = 1

// lease is how long a handle counts as alive that says nothing; beat is how often it
// says so, and poll how often it looks for entries that others accepted for it, or for the
// end of another one.
const (
	lease = 2500 * time.Millisecond
	beat  = 700 * time.Millisecond
	poll  = 50 * time.Millisecond
)

// Limits of calls to the database.
const (
	connectTimeout = 10 * time.Second
	turnTimeout    = 30 * time.Second
	readTimeout    = 30 * time.Second
	maxReaders     = 4
)

//go:embed schema.sql
var schema string

// Store is one handle. It is safe for use by many goroutines.
type Store struct {
	config     *pgx.ConnConfig
	pool       *pgxpool.Pool
	logger     *slog.Logger
	clock      func() time.Time
	machine    func() time.Time
	aging      func() time.Time
	horizon    time.Duration
	hashKey    []byte
	beside     func() error
	durable    Durability
	node       uint64
	says       atomic.Pointer[store.Node] // of this process
	hub        watch.Hub
	aside      atomic.Int64
	single     bool // no other handle works beside it
	clockAhead clockCheck
	unsure     atomic.Bool // a wait for the standby was cancelled
	full       atomic.Bool // the last write found no room
	wake       chan struct{}
	ended      chan struct{}
	broken     chan struct{}

	mu      sync.Mutex
	why     error         // why nothing is written any more
	held    time.Time     // until when no other handle may have ended this one
	renewed chan struct{} // closed when held moves on
	closing bool
	pending []*work
	bytes   int
	queues  map[string]*queue
	logs    map[string]*log
}

var (
	_ store.Backend  = (*Store)(nil)
	_ store.Shared   = (*Store)(nil)
	_ store.Leased   = (*Store)(nil)
	_ store.Attended = (*Store)(nil)
	_ store.Damages  = (*Store)(nil)
)

// Open opens a handle of the store in the database of a URL, and makes the tables where
// there are none. Errors are ErrDurability, ErrNewer, store.ErrInUse, store.ErrMoving,
// ErrAway, or those of the options.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, awayError(err)
	}
	s := &Store{
		config: config.ConnConfig, logger: o.Logger, clock: o.Clock, aging: o.Aging, horizon: o.Horizon, hashKey: o.HashKey, beside: o.Beside, durable: o.Durable,
		single: o.Alone || o.Waits != nil, machine: o.Machine,
		wake: make(chan struct{}, 1), ended: make(chan struct{}), broken: make(chan struct{}), renewed: make(chan struct{}),
		queues: make(map[string]*queue), logs: make(map[string]*log),
	}
	s.setDefaults()
	s.says.Store(&o.Node)
	config.MaxConns = maxReaders
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, awayError(err)
	}
	conn, err := s.begin(ctx, o)
	if err != nil {
		s.pool.Close()
		return nil, err
	}
	go (&writer{Store: s, conn: conn, counters: make(map[string]bool)}).run() //nolint:gosec // until Close
	// First the keys: by their lock those that wait know who works.
	if err := s.openKeys(ctx, o.Keys); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.forgetIDs(ctx)
	return s, nil
}

// openKeys has the key of ids, while the others are told that this handle lives.
func (s *Store) openKeys(ctx context.Context, keys func(fresh bool) ([]byte, error)) error {
	if keys != nil {
		written, err := read(ctx, s, pgx.RowTo[int64], `select last from keypull_counter where name = 'kv'`)
		if err == nil {
			s.hashKey, err = keys(len(written) == 0 || written[0] == 0)
		}
		if err != nil {
			return err
		}
	}
	if len(s.hashKey) != 32 {
		return fmt.Errorf("store: the hash key has %d bytes, must have 32", len(s.hashKey))
	}
	return nil
}

func (s *Store) setDefaults() {
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.machine == nil {
		s.machine = time.Now
	}
	if s.aging == nil {
		s.aging = s.clock
	}
	if s.horizon == 0 {
		s.horizon = store.DefaultHorizon
	}
	c := s.config
	// Of prepared statements poolers know nothing.
	c.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	c.ConnectTimeout = connectTimeout
	// Of several hosts, the one that takes writes.
	c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	c.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		// Such as that a wait for the standby was cancelled: the commit itself looks like
		// any other.
		if n.SeverityUnlocalized == "WARNING" && n.Code == "01000" {
			s.unsure.Store(true)
		}
	}
}

// connect connects, and looks at what the server promises. A handle that works already goes on
// with a primary that promises less, such as a standby that was promoted, and tells of it.
func (s *Store) connect(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, turnTimeout)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, s.config)
	if err != nil {
		return nil, awayError(err)
	}
	err = s.checkDurability(ctx, conn)
	if errors.Is(err, ErrDurability) && s.node != 0 {
		s.logger.Error("the database promises less than was asked for, and is used since it was lately more", "error", err)
		err = nil
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// begin connects, looks at what is there, and writes down that this handle lives.
func (s *Store) begin(ctx context.Context, o Options) (*pgx.Conn, error) {
	conn, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err = makeTables(ctx, conn); err == nil {
		if o.Begun != nil {
			o.Begun(s)
		}
		conn, err = s.enterOnceAlone(ctx, conn, o)
	}
	if err != nil && conn != nil {
		err = errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	return conn, err
}

// checkDurability reads what the server promises.
func (s *Store) checkDurability(ctx context.Context, conn *pgx.Conn) error {
	var fsync, pages, commit, standbys string
	err := conn.QueryRow(ctx, `select current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'), current_setting('synchronous_standby_names')`).
		Scan(&fsync, &pages, &commit, &standbys)
	if err != nil {
		return awayError(err)
	}
	s.logger.Info("the database promises", "fsync", fsync, "full_page_writes", pages, "synchronous_commit", commit, "synchronous_standby_names", standbys)
	flushed := fsync == "on" && pages == "on" && (commit == "on" || commit == "remote_apply") && standbys != ""
	if s.durable != Trusted && !flushed {
		return words.Fail(ErrDurability, "database.promises", words.Args{"fsync": fsync, "pages": pages, "commit": commit, "standbys": standbys})
	}
	return nil
}

// awayError says that the database can't be reached or asked.
func awayError(err error) error {
	return words.Fail(&pull.Error{Kind: pull.Unavailable, Op: "reach the database", Err: fmt.Errorf("%w: %w", ErrAway, err)}, "database.away", words.Args{"reason": words.Verbatim(err.Error())})
}

// makeTables makes what is not there. Two who do so at once may be in each other's way,
// and the slower one finds it done.
func makeTables(ctx context.Context, conn *pgx.Conn) error {
	if whole, err := lookTables(ctx, conn); whole || errors.Is(err, ErrNewer) {
		return err
	}
	_, err := conn.PgConn().Exec(ctx, "begin;"+schema+"commit;").ReadAll()
	if err != nil {
		_, _ = conn.Exec(ctx, "rollback")
	}
	whole, again := lookTables(ctx, conn)
	if !whole && !errors.Is(again, ErrNewer) {
		again = awayError(errors.Join(err, again))
	}
	return again
}

// lookTables says whether the tables are there, with what was added last.
func lookTables(ctx context.Context, conn *pgx.Conn) (whole bool, err error) {
	var there int64
	if err := conn.QueryRow(ctx, `select last from keypull_counter where name = 'schema'`).Scan(&there); err != nil {
		return false, err
	}
	if there > version {
		return false, words.Fail(ErrNewer, "database.newer", words.Args{"version": int(there), "own": version})
	}
	var none int64
	if err := conn.QueryRow(ctx, `select (select count(config) + count(keys) + count(ahead) from keypull_node where false) + (select count(wrapper) from keypull_key_page where false)`).Scan(&none); err != nil {
		return false, err
	}
	return true, nil
}

// Damaged implements store.Damages: how many entries were set aside.
func (s *Store) Damaged() int { return int(s.aside.Load()) }

// Room returns store.ErrFull when the database has no room left.
func (s *Store) Room() error {
	if s.full.Load() {
		return store.ErrFull
	}
	return nil
}

// DiskFree tells nothing: the disk is the database's.
func (*Store) DiskFree() (bytes int64, ok bool) { return 0, false }

// Release has nothing to give back.
func (*Store) Release() {}

// Broken is closed when the store can't go on, for the reason that Err tells.
func (s *Store) Broken() <-chan struct{} { return s.broken }

// Err returns why nothing is written any more, or nil.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(s.why, store.ErrClosed) {
		return nil
	}
	return s.why
}

// Close writes what waits, as long as the database takes it, and ends every Claim and Watch.
// A second call does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	s.stir()
	<-s.ended
	s.end(store.ErrClosed)
	s.pool.Close()
	return nil
}

// end lets nothing be written any more.
func (s *Store) end(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(s.why, store.ErrClosed) {
		return
	}
	if s.why == nil && !errors.Is(why, store.ErrClosed) {
		close(s.broken)
	}
	s.why = why
	s.hub.Close()
	for _, q := range s.queues {
		q.ready.Close()
	}
}

// checkOpen says with store.ErrClosed that the handle was closed, or that the call is over
// before it began.
func (s *Store) checkOpen(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(s.why, store.ErrClosed) {
		return s.why
	}
	return nil
}

// read queries by one of the readers' connections, again where that was cut.
func read[T any](ctx context.Context, s *Store, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	if err := s.checkOpen(ctx); err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		rows, err := s.pool.Query(within, sql, args...)
		var out []T
		if err == nil {
			out, err = pgx.CollectRows(rows, scan)
		}
		if err == nil {
			return out, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !passes(err) || within.Err() != nil {
			return nil, fmt.Errorf("read from the database: %w", err)
		}
		select {
		case <-time.After(wait):
		case <-within.Done():
		}
	}
}

// passes says that an error is of the connection, of the server or of who was faster, and that
// the same may succeed when it is tried again.
func passes(err error) bool {
	var told *pgconn.PgError
	if !errors.As(err, &told) {
		return true
	}
	switch told.Code {
	case "40001", "40P01", // who was faster
		"57P01", "57P02", "57P03", "57014", "53300", // ends, starts, is full
		"25P03", "25006": // we were too slow, or it is no primary any more
		return true
	}
	return len(told.Code) == 5 && told.Code[:2] == "08"
}

// fullOr names what a full disk says.
func fullOr(err error) error {
	var told *pgconn.PgError
	if errors.As(err, &told) && told.Code == "53100" {
		return fmt.Errorf("%w: %s", store.ErrFull, told.Message)
	}
	return fmt.Errorf("write to the database: %w", err)
}
