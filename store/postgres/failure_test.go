package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"keypull/pull/outside/servertest"
	"keypull/store"
	"keypull/store/postgres"
)

func TestLessThanWasAskedForIsRefused(t *testing.T) {
	url := emptySchema(t)
	_, err := postgres.Open(t.Context(), url, postgres.Options{Options: store.Options{HashKey: make([]byte, 32)}})
	if !errors.Is(err, postgres.ErrDurability) {
		t.Errorf("error %v, want ErrDurability: the server flushes nothing", err)
	}
	open(t, url, postgres.Options{Durable: postgres.Trusted})
}

func TestTablesOfALaterVersionAreRefused(t *testing.T) {
	url := emptySchema(t)
	if err := open(t, url, postgres.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	run(t, url, "update keypull_counter set last = 2 where name = 'schema'")
	_, err := postgres.Open(t.Context(), url, postgres.Options{Options: store.Options{HashKey: make([]byte, 32)}, Durable: postgres.Trusted})
	if !errors.Is(err, postgres.ErrNewer) {
		t.Errorf("error %v, want ErrNewer", err)
	}
}

// A store that was not filled to the end is refused until that is done, from the beginning.
func TestWhatIsHalfFilledIsRefused(t *testing.T) {
	url := emptySchema(t)
	filling := postgres.Options{Filled: true, Alone: true}
	row := store.Row{Kind: store.RowValue, ID: "k", Number: 7, Data: []byte("v")}
	ended := errors.New("ended")
	f := open(t, url, filling)
	_, err := f.Import(t.Context(), func(yield func(store.Row, error) bool) {
		for i := range 3000 {
			if r := (store.Row{Kind: store.RowRecord, Of: "asks", ID: fmt.Sprint(i), Number: uint64(i + 1)}); !yield(r, nil) {
				return
			}
		}
		yield(row, ended)
	})
	if !errors.Is(err, ended) || f.Close() != nil {
		t.Fatal(err)
	}
	for _, o := range []postgres.Options{{}, {Alone: true}, {Waits: func(postgres.Working) error { return nil }}} {
		o.HashKey, o.Durable = make([]byte, 32), postgres.Trusted
		if _, err := postgres.Open(t.Context(), url, o); !errors.Is(err, store.ErrMoving) {
			t.Errorf("half filled: error %v, want ErrMoving", err)
		}
	}
	f = open(t, url, filling)
	one := func(yield func(store.Row, error) bool) { yield(row, nil) }
	for range 2 {
		if there, err := f.Import(t.Context(), one); err != nil || there != 0 {
			t.Fatalf("%d rows were there, error %v", there, err)
		}
		if err := f.ForgetImport(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.Import(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.EndImport(t.Context()), f.Close()); err != nil {
		t.Fatal(err)
	}
	s := open(t, url, postgres.Options{Alone: true})
	got, err := s.Get(t.Context(), "k")
	left, none := s.Log("asks").Read(t.Context(), 0, 1)
	if err != nil || none != nil || got.Revision != 7 || len(left) > 0 {
		t.Errorf("%+v and %+v, errors %v, %v", got, left, err, none)
	}
}

// A handle of a process that was stopped is silent, and another one takes over.
func TestWhoIsAloneTakesOverFromWhoIsSilent(t *testing.T) {
	url := emptySchema(t)
	first := open(t, url, postgres.Options{Alone: true})
	if _, err := first.Queue("inbox").Accept(t.Context(), []store.Entry{{ID: "a"}}); err != nil {
		t.Fatal(err)
	}
	alone := postgres.Options{Options: store.Options{HashKey: make([]byte, 32)}, Durable: postgres.Trusted, Alone: true}
	if _, err := postgres.Open(t.Context(), url, alone); !errors.Is(err, store.ErrInUse) {
		t.Fatalf("beside one that lives: error %v, want ErrInUse", err)
	}
	var second *postgres.Store
	for second == nil { // the first one may say just now that it lives
		run(t, url, "update keypull_node set until = clock_timestamp() - interval '1 s' where not ended")
		second, _ = postgres.Open(t.Context(), url, alone)
	}
	t.Cleanup(func() { _ = second.Close() })
	entries, err := second.Queue("inbox").Claim(t.Context(), 10)
	if err != nil || len(entries) != 1 || entries[0].ID != "a" {
		t.Errorf("claimed %+v, error %v", entries, err)
	}
	if _, err := first.Put(t.Context(), "k", nil, store.Any); !errors.Is(err, store.ErrFenced) {
		t.Errorf("the first one writes: error %v, want ErrFenced", err)
	}
	<-first.Broken()
	if !errors.Is(first.Err(), store.ErrFenced) {
		t.Errorf("it is broken by %v", first.Err())
	}
}

// A handle that can't say that it lives doesn't know after a while whether it was ended.
func TestWhoIsNotHeardOfHoldsNothing(t *testing.T) {
	url := emptySchema(t)
	first := open(t, url, postgres.Options{Alone: true})
	if err := first.AwaitHeld(t.Context()); err != nil {
		t.Fatal(err)
	}
	other, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close(context.Background()) }()
	tx, err := other.Begin(t.Context())
	if err == nil {
		_, err = tx.Exec(t.Context(), "select from keypull_node for update")
	}
	for err == nil {
		soon, end := context.WithTimeout(t.Context(), time.Millisecond)
		err = first.AwaitHeld(soon)
		end()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := first.AwaitHeld(t.Context()); err != nil {
		t.Errorf("once it is heard of: %v", err)
	}
	second := open(t, url, postgres.Options{})
	if err := second.Steal(t.Context(), first.Handle()); err != nil {
		t.Fatal(err)
	}
	<-first.Broken()
	if err := first.AwaitHeld(t.Context()); !errors.Is(err, store.ErrFenced) {
		t.Errorf("once it was ended: %v, want ErrFenced", err)
	}
}

// A second one waits, is told whether the first one lives, and has what it left.
func TestASecondHandleWaitsForTheEndOfTheFirst(t *testing.T) {
	url := emptySchema(t)
	first := open(t, url, postgres.Options{Alone: true})
	if _, err := first.Queue("inbox").Accept(t.Context(), []store.Entry{{ID: "a"}}); err != nil {
		t.Fatal(err)
	}
	gone := errors.New("gone")
	_, err := postgres.Open(t.Context(), url, postgres.Options{Durable: postgres.Trusted, Waits: func(works postgres.Working) error {
		if works.Alive {
			return gone
		}
		return nil
	}})
	if !errors.Is(err, gone) {
		t.Errorf("a wait that is ended: %v", err)
	}
	waits := make(chan struct{})
	ended := make(chan error)
	var once sync.Once
	go func() {
		<-waits
		ended <- first.Close()
	}()
	second := open(t, url, postgres.Options{Waits: func(postgres.Working) error { once.Do(func() { close(waits) }); return nil }})
	if err := <-ended; err != nil {
		t.Error(err)
	}
	entries, err := second.Queue("inbox").Claim(t.Context(), 10)
	if err != nil || len(entries) != 1 || entries[0].ID != "a" {
		t.Errorf("claimed %+v, error %v", entries, err)
	}
}

// One that is silent and known to be alive by something else is not taken over from.
func TestWhoIsSilentAndAliveIsWaitedFor(t *testing.T) {
	url := emptySchema(t)
	first := open(t, url, postgres.Options{Alone: true})
	asked, free := 0, false
	second := open(t, url, postgres.Options{
		Waits: func(postgres.Working) error {
			run(t, url, "update keypull_node set until = clock_timestamp() - interval '1 s' where not ended")
			return nil
		},
		May: func() bool {
			if asked++; asked == 3 {
				if _, err := first.Put(t.Context(), "k", nil, store.Absent); err != nil {
					t.Errorf("the first one was taken over from: %v", err)
				}
				if err := first.Close(); err != nil {
					t.Error(err)
				}
				free = true
			}
			return free
		},
	})
	if _, err := second.Get(t.Context(), "k"); err != nil || asked < 3 {
		t.Errorf("after %d looks: %v", asked, err)
	}
}

// between returns an address of the same database by a way whose next write is intercepted
// by what is sent to it.
func between(t *testing.T, address string) (through string, next chan func(forward, wait func(), cut func())) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	next = make(chan func(forward, wait func(), cut func()), 1)
	var group sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); group.Wait() })
	group.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			group.Go(func() { carry(client, next) })
		}
	})
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = l.Addr().String()
	return u.String(), next
}

// carry carries one connection. A write is what tells the turn.
func carry(client net.Conn, next chan func(forward, wait func(), cut func())) {
	server, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port()))
	if err != nil {
		_ = client.Close()
		return
	}
	answered := make(chan struct{}, 1)
	var mu sync.Mutex
	mute := false
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 64<<10)
		for {
			n, err := server.Read(buffer)
			mu.Lock()
			if n > 0 && !mute {
				_, _ = client.Write(buffer[:n])
			}
			if n > 0 && mute {
				select {
				case answered <- struct{}{}:
				default:
				}
			}
			mu.Unlock()
			if err != nil {
				_ = client.Close()
				return
			}
		}
	}()
	buffer := make([]byte, 1<<20)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			break
		}
		forward := func() { _, _ = server.Write(buffer[:n]) }
		writes := bytes.Contains(buffer[:n], []byte("set turn = $2")) || bytes.Contains(buffer[:n], []byte("into keypull_key_page"))
		if writes && bytes.Contains(buffer[:n], []byte("commit\x00")) {
			select {
			case intercept := <-next:
				mu.Lock()
				mute = true
				mu.Unlock()
				intercept(forward, func() { <-answered }, func() { _ = client.Close() })
				continue
			default:
			}
		}
		forward()
	}
	_ = server.Close()
	<-done
}

func port() int { return server.Port }

// A connection that is cut while a transaction is written leaves open whether it was. All of
// it is there once, with the numbers that were told.
func TestAWriteOfUnknownOutcomeIsMadeOnce(t *testing.T) {
	for name, intercept := range map[string]func(forward, wait, cut func()){
		"it was written": func(forward, wait, cut func()) { forward(); wait(); cut() },
		"it was not":     func(_, _, cut func()) { cut() },
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			address := emptySchema(t)
			through, next := between(t, address)
			s := open(t, through, postgres.Options{})
			if _, err := s.Put(ctx, "before", nil, store.Absent); err != nil {
				t.Fatal(err)
			}
			next <- intercept
			rev, err := s.Put(ctx, "key", []byte("v"), store.Absent)
			if err != nil {
				t.Fatal(err)
			}
			next <- intercept
			accepted, err := s.Queue("inbox").Accept(ctx, []store.Entry{{ID: "a"}, {}})
			if err != nil || accepted[0].Duplicate {
				t.Fatalf("%+v, error %v", accepted, err)
			}
			next <- intercept
			at, err := s.Log("journal").Append(ctx, store.Record{ID: "r"})
			if err != nil {
				t.Fatal(err)
			}
			if len(next) != 0 {
				t.Error("nothing was cut")
			}
			got, err := s.Get(ctx, "key")
			if err != nil || got.Revision != rev {
				t.Errorf("%+v, error %v, want revision %d", got, err, rev)
			}
			found, err := s.Log("journal").Find(ctx, "r")
			if err != nil || found.Position != at {
				t.Errorf("%+v, error %v, want position %d", found, err, at)
			}
			entries, err := s.Queue("inbox").Claim(ctx, 10)
			if err != nil || len(entries) != 2 || entries[0].Seq != accepted[0].Seq || entries[1].Seq != accepted[1].Seq {
				t.Errorf("%+v, error %v, want %+v", entries, err, accepted)
			}
			if last := s.Queue("inbox").Last(); last != accepted[1].Seq {
				t.Errorf("%d were accepted, want two", last)
			}
		})
	}
}

// Of pages of keys whose write was cut off, the one that was to be written last is there.
func TestKeyPagesOfUnknownOutcomeAreWritten(t *testing.T) {
	for name, intercept := range map[string]func(forward, wait, cut func()){
		"they were written": func(forward, wait, cut func()) { forward(); wait(); cut() },
		"they were not":     func(_, _, cut func()) { cut() },
	} {
		t.Run(name, func(t *testing.T) {
			through, next := between(t, emptySchema(t))
			k := open(t, through, postgres.Options{}).KeyPages()
			for version := range uint64(3) {
				next <- intercept
				want := store.KeyPage{Number: 1, Version: version, Wrapper: "a", Sealed: []byte{byte(version)}}
				if err := k.WritePages(t.Context(), []store.KeyPage{want}); err != nil || len(next) != 0 {
					t.Fatalf("error %v, %d to be cut", err, len(next))
				}
				var got []store.KeyPage
				if err := k.ReadPages(t.Context(), func(p store.KeyPage) error { got = append(got, p); return nil }); err != nil || len(got) != 1 || got[0].Version != version || !bytes.Equal(got[0].Sealed, want.Sealed) {
					t.Errorf("%+v, error %v, want %+v", got, err, want)
				}
			}
		})
	}
}

// A process that is paused between its look and its write holds the counters. Others wait
// for a moment, and what it had to write is written when it goes on.
func TestWhoIsPausedDoesNotStopTheOthers(t *testing.T) {
	ctx, address := t.Context(), emptySchema(t)
	through, next := between(t, address)
	paused, other := open(t, through, postgres.Options{}), open(t, address, postgres.Options{})
	pausing, goOn := make(chan struct{}), make(chan struct{})
	next <- func(forward, _, cut func()) { close(pausing); <-goOn; forward(); cut() }
	done := make(chan error)
	go func() {
		_, err := paused.Queue("inbox").Accept(ctx, []store.Entry{{ID: "a"}})
		done <- err
	}()
	<-pausing
	got, err := other.Queue("inbox").Accept(ctx, []store.Entry{{ID: "b"}})
	if err != nil || got[0].Seq != 1 {
		t.Errorf("%+v, error %v: want it to be the first", got, err)
	}
	close(goOn)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if last := other.Queue("inbox").Last(); last != 2 {
		t.Errorf("%d were accepted, want both", last)
	}
}

// The server ends connections as when it restarts.
func TestEndedConnectionsLoseNothing(t *testing.T) {
	const many = 200
	address := emptySchema(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("application_name", "ended")
	u.RawQuery = q.Encode()
	s := open(t, u.String(), postgres.Options{})
	for i := range many {
		if i%20 == 10 {
			run(t, address, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ended'")
		}
		got, err := s.Queue("inbox").Accept(t.Context(), []store.Entry{{ID: fmt.Sprint(i)}})
		if err != nil || got[0].Duplicate || got[0].Seq != uint64(i+1) {
			t.Fatalf("%d: %+v, error %v", i, got, err)
		}
	}
}

// A wait for the synchronous standby that is cancelled looks like a commit, and is none that
// anybody is told of.
func TestACancelledWaitForTheStandbyIsNoCommit(t *testing.T) {
	root, err := os.MkdirTemp("", "standby") //nolint:usetesting // the server runs as somebody else
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	_ = os.Chmod(root, 0o755) //nolint:gosec // the server runs as somebody else
	db := &servertest.Server{Name: "primary", Root: root}
	of := func(commit string) string {
		return fmt.Sprintf("postgres://owner:%s@127.0.0.1:%d/postgres?sslmode=disable&synchronous_commit=%s", password, db.Port, commit)
	}
	t.Cleanup(db.Stop)
	if err := db.ServePostgres(password, func() (bool, error) { return false, answers(of("local")) }, "fsync=on", "full_page_writes=on"); err != nil {
		t.Fatal(err)
	}
	admin, err := pgx.Connect(t.Context(), of("local"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = admin.Close(context.Background()) }()
	setStandbys := func(names string) {
		for _, sql := range []string{"alter system set synchronous_standby_names = '" + names + "'", "select pg_reload_conf()"} {
			if _, err := admin.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
	}
	setStandbys("nobody")
	cancelled := func() (n int) {
		const sql = `select count(pg_cancel_backend(pid)) from pg_stat_activity where wait_event = 'SyncRep'`
		if err := admin.QueryRow(t.Context(), sql).Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	opening := make(chan *postgres.Store)
	go func() {
		for { // until the server has read it; and what is cancelled may be more than the wait
			s, err := postgres.Open(t.Context(), of("on"), postgres.Options{Options: store.Options{HashKey: make([]byte, 32)}})
			if err == nil {
				opening <- s
				return
			}
		}
	}()
	var s *postgres.Store
	for s == nil {
		select {
		case s = <-opening:
		case <-again.C:
			cancelled()
		}
	}
	put := make(chan error, 1)
	go func() {
		_, err := s.Put(t.Context(), "key", nil, store.Absent)
		put <- err
	}()
	for waits := 0; waits < 5; {
		select {
		case err := <-put:
			t.Fatalf("the put was told as done, with error %v, while no standby had it", err)
		case <-again.C:
			waits += cancelled()
		}
	}
	setStandbys("")
	if err := <-put; err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func answers(url string) error {
	conn, err := pgx.Connect(context.Background(), url)
	if err == nil {
		err = conn.Close(context.Background())
	}
	return err
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	url := emptySchema(t)
	before := goleak.IgnoreCurrent()
	s := open(t, url, postgres.Options{})
	if _, err := s.Watch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if err := s.CommitLater(t.Context(), store.Batch{Puts: []store.Pair{{Key: "k", Revision: store.Any}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	goleak.VerifyNone(t, before)
	if got, err := open(t, url, postgres.Options{}).Get(t.Context(), "k"); err != nil {
		t.Errorf("%+v, error %v", got, err)
	}
}

// kept is a log that is read by a test.
type kept struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (k *kept) Write(b []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.text.Write(b)
}

func (k *kept) holds(text string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return bytes.Contains(k.text.Bytes(), []byte(text))
}

// TestWhatTheServerBreaksOffIsWrittenOnce: where somebody else was faster, where two wait for one another, and where
// the server ends the connection of who waits.
func TestWhatTheServerBreaksOffIsWrittenOnce(t *testing.T) {
	for code, c := range map[string]struct{ setting, value, then string }{
		"40001": {"default_transaction_isolation", "serializable", "select"},
		"40P01": {"deadlock_timeout", "3s", "select from keypull_node for update"},
		"57P01": {"statement_timeout", "0", "select pg_terminate_backend(pid) from pg_stat_activity where application_name = '57P01' and wait_event_type = 'Lock'"},
	} {
		t.Run(code, func(t *testing.T) {
			ctx, address, log := t.Context(), emptySchema(t), new(kept)
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			q.Set("application_name", code)
			q.Set(c.setting, c.value)
			u.RawQuery = q.Encode()
			s := open(t, u.String(), postgres.Options{Options: store.Options{Logger: slog.New(slog.NewTextHandler(log, nil))}})
			before, err := s.Put(ctx, "before", nil, store.Absent)
			if err != nil {
				t.Fatal(err)
			}
			other, err := pgx.Connect(ctx, address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = other.Close(context.Background()) }()
			do := func(sql string) {
				t.Helper()
				if _, err := other.Exec(ctx, sql); err != nil {
					t.Fatal(err)
				}
			}
			do("set deadlock_timeout = '1h'") // it is never who gives way
			do("begin")
			do("update keypull_counter set last = last where name in ('kv', 'queue.inbox', 'log.asks')")
			put := make(chan error, 1)
			var at store.Revision
			go func() {
				var err error
				at, err = s.Put(ctx, "key", []byte("v"), store.Absent)
				put <- err
			}()
			awaitLocked(t, address, code)
			do(c.then)
			do("commit")
			if err := <-put; err != nil || at != before+1 {
				t.Errorf("revision %d behind %d, error %v", at, before, err)
			}
			if !log.holds("SQLSTATE " + code) {
				t.Errorf("the server did not say %s", code)
			}
			accepted, err := s.Queue("inbox").Accept(ctx, []store.Entry{{ID: "a"}})
			if err != nil || accepted[0].Seq != 1 || accepted[0].Duplicate {
				t.Errorf("%+v, error %v", accepted, err)
			}
			if got, err := s.Get(ctx, "key"); err != nil || got.Revision != at || string(got.Value) != "v" {
				t.Errorf("%+v, error %v", got, err)
			}
		})
	}
}

// awaitLocked waits until a connection of that name waits for a lock.
func awaitLocked(t *testing.T, address, name string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for waits := false; !waits; {
		if err := conn.QueryRow(t.Context(), "select exists (select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock')", name).Scan(&waits); err != nil {
			t.Fatal(err)
		}
		<-again.C
	}
}
