package postgres_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"keypull/store"
	"keypull/store/postgres"
)

// nodesOf returns who lives, without numbers and times.
func nodesOf(t *testing.T, s *postgres.Store) []store.Node {
	t.Helper()
	nodes, err := s.Nodes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range nodes {
		if n.ID == 0 || n.Since.IsZero() {
			t.Errorf("%+v has no number, or began at no time", n)
		}
		nodes[i].ID = 0
	}
	return nodes
}

func sameNodes(t *testing.T, when string, got []store.Node, want ...store.Node) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(store.Node{}, "Since", "Ahead")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

// Who works and who waits is told with what each says of itself, and the one that waits says
// that its configuration is another one, once for each time that it becomes so.
func TestWhoWorksAndWhoWaitsIsTold(t *testing.T) {
	url, gone := emptySchema(t), errors.New("gone")
	one, two := store.Node{Name: "one", Version: "1.1", Config: "c"}, store.Node{Name: "two", Version: "1.2", Config: "d"}
	first := open(t, url, postgres.Options{Alone: true, Node: one})
	sameNodes(t, "alone", nodesOf(t, first), one)
	waits := two
	waits.Waits = true
	// Rows of those who have been gone for a day, and for less.
	run(t, url, "insert into keypull_node (id, until, ended, waits) values (1001, clock_timestamp() - interval '25 h', true, true), (1002, clock_timestamp() - interval '23 h', true, true)")

	var log bytes.Buffer
	differs := func() int {
		return strings.Count(log.String(), "this node's configuration differs from the one that works")
	}
	seen := 0
	_, err := postgres.Open(t.Context(), url, postgres.Options{Node: two, Durable: postgres.Trusted, Options: store.Options{HashKey: make([]byte, 32), Logger: slog.New(slog.NewTextHandler(&log, nil))}, Waits: func(postgres.Working) error {
		nodes := nodesOf(t, first)
		configs := ""
		for _, n := range nodes {
			configs += n.Config
		}
		switch {
		case seen == 0 && len(nodes) == 2:
			sameNodes(t, "the second one waits", nodes, one, waits)
			if differs() != 1 {
				t.Errorf("the log says\n%s", log.String())
			}
			first.SayConfig("d")
			seen++
		case seen == 1 && configs == "dd":
			first.SayConfig("c")
			seen++
		case seen == 2 && configs == "cd" && differs() == 2:
			return gone
		}
		return nil
	}})
	if !errors.Is(err, gone) {
		t.Fatal(err)
	}
	sameNodes(t, "the second one waits no more", nodesOf(t, first), one)
	var rows []int64
	for conn, err := pgx.Connect(t.Context(), url); len(rows) == 0; {
		if err != nil {
			t.Fatal(err)
		}
		found, err := conn.Query(t.Context(), "select id from keypull_node where id > 1000")
		if err != nil {
			t.Fatal(err)
		}
		if rows, err = pgx.CollectRows(found, pgx.RowTo[int64]); err != nil || len(rows) > 0 {
			_ = conn.Close(t.Context())
		}
	}
	if diff := cmp.Diff([]int64{1002}, rows); diff != "" {
		t.Errorf("rows of those who are gone (-want +got):\n%s", diff)
	}

	var ended bool
	second := open(t, url, postgres.Options{Node: two, Waits: func(postgres.Working) error {
		if ended || len(nodesOf(t, first)) < 2 {
			return nil
		}
		ended = true
		return first.Close()
	}})
	sameNodes(t, "the second one works", nodesOf(t, second), two)
}

// The end of who works is seen at the next look: its death at the end of its lease, which by the
// database's clock is never longer than 2.5 s.
func TestTheEndOfWhoWorksIsSeenAtTheNextLook(t *testing.T) {
	for name, end := range map[string]string{
		"an end that it tells": "update keypull_node set ended = true where id = 1000",
		"its death":            "update keypull_node set until = clock_timestamp() where id = 1000",
	} {
		t.Run(name, func(t *testing.T) {
			url := emptySchema(t)
			if err := open(t, url, postgres.Options{}).Close(); err != nil {
				t.Fatal(err)
			}
			// Nobody speaks for it.
			run(t, url, "insert into keypull_node (id, until) values (1000, clock_timestamp() + interval '1 h')")
			looks := 0
			s := open(t, url, postgres.Options{Alone: true, Waits: func(postgres.Working) error {
				if looks++; looks == 3 {
					run(t, url, end)
				}
				return nil
			}})
			if looks != 3 {
				t.Errorf("it looked %d times behind the end", looks-3)
			}
			conn, err := pgx.Connect(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close(t.Context()) }()
			var least bool
			if err := conn.QueryRow(t.Context(), "select until - clock_timestamp() <= interval '2.5 s' from keypull_node where id = $1", s.Handle()).Scan(&least); err != nil || !least {
				t.Errorf("its own lease is longer, or error %v", err)
			}
		})
	}
}

// Tables that an earlier version made get what was added since, and what an earlier version
// writes goes on: it takes nobody who waits for one who works.
func TestTablesOfAnEarlierVersionGetWhatWasAdded(t *testing.T) {
	url := emptySchema(t)
	if err := open(t, url, postgres.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	run(t, url, "alter table keypull_node drop since, drop waits, drop name, drop version, drop config, drop keys, drop url, drop pass, drop ahead",
		"insert into keypull_node (id, until) values (1000, clock_timestamp() + interval '1 h')")
	self := store.Node{Name: "new", Version: "1.2", Config: "c"}
	s := open(t, url, postgres.Options{Node: self})
	sameNodes(t, "beside an earlier version", nodesOf(t, s), store.Node{}, self)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	looks := 0
	open(t, url, postgres.Options{Node: self, Alone: true, Waits: func(postgres.Working) error {
		if looks++; looks < 3 {
			return nil
		}
		var living int
		const look = "select count(*) from keypull_node where not ended and until > clock_timestamp()"
		run(t, url, "update keypull_node set ended = true where id = 1000")
		if err := conn.QueryRow(t.Context(), look).Scan(&living); err != nil || living != 0 {
			t.Errorf("an earlier version counts %d, error %v", living, err)
		}
		return nil
	}})
}

// A dump reads all tables for long. What has to be added doesn't wait for it, with all others
// behind.
func TestAnUpgradeOfTheTablesDoesNotWaitForADump(t *testing.T) {
	url := emptySchema(t)
	if err := open(t, url, postgres.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	run(t, url, "alter table keypull_node drop keys")
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for _, sql := range []string{"begin", "lock table keypull_node in access share mode"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := postgres.Open(t.Context(), url, postgres.Options{Options: store.Options{HashKey: make([]byte, 32)}, Durable: postgres.Trusted}); !errors.Is(err, postgres.ErrAway) {
		t.Errorf("error %v, want ErrAway", err)
	}
	if _, err := conn.Exec(t.Context(), "rollback"); err != nil {
		t.Fatal(err)
	}
	open(t, url, postgres.Options{})
}

// One that waits knows where the one that works takes what is forwarded, until that one leaves.
func TestWhoLeavesIsForwardedNothing(t *testing.T) {
	url, gone := emptySchema(t), errors.New("gone")
	first := open(t, url, postgres.Options{Alone: true, Node: store.Node{Name: "one", URL: "http://one", Pass: "pass"}})
	if err := first.SayLeaving(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	first = open(t, url, postgres.Options{Alone: true, Node: store.Node{Name: "one", URL: "http://one", Pass: "pass"}})
	said := make(chan error, 1)
	known := false
	_, err := postgres.Open(t.Context(), url, postgres.Options{Durable: postgres.Trusted, Options: store.Options{HashKey: make([]byte, 32)}, Waits: func(works postgres.Working) error {
		switch {
		case works.ID != first.Handle() || works.Name != "one":
			t.Errorf("%+v works", works)
		case works.URL == "http://one" && works.Pass == "pass" && !known:
			known = true
			go func() { said <- first.SayLeaving(t.Context()) }()
		case works.URL == "":
			return gone
		}
		return nil
	}})
	if !errors.Is(err, gone) || !known {
		t.Fatalf("error %v, and where it is reached was known: %v", err, known)
	}
	if err := <-said; err != nil {
		t.Error(err)
	}
}

// lockedBuffer is a log that a handle may write while it is read.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// A clock that is not the database's is told of; one that is far away works on nothing, and whoever works
// with it ends.
func TestAClockThatIsNotTheDatabasesIsToldOf(t *testing.T) {
	const far = store.ClockTaken + 10*time.Second
	told := func(log *lockedBuffer) int { return strings.Count(log.String(), "the clock of this machine is wrong") }
	for by, want := range map[time.Duration]struct {
		works bool
		told  int
	}{0: {true, 0}, 10 * time.Second: {true, 1}, -10 * time.Second: {true, 1}, far: {false, 1}, -far: {false, 1}} {
		t.Run(by.String(), func(t *testing.T) {
			url, log := emptySchema(t), &lockedBuffer{}
			o := postgres.Options{Durable: postgres.Trusted, Alone: true, Options: store.Options{HashKey: make([]byte, 32), Logger: slog.New(slog.NewTextHandler(log, nil))}, Machine: func() time.Time { return time.Now().Add(by) }}
			s, err := postgres.Open(t.Context(), url, o)
			if (err == nil) != want.works || err != nil && !errors.Is(err, postgres.ErrClock) || told(log) != want.told {
				t.Fatalf("error %v, and the log says\n%s", err, log)
			}
			if err != nil {
				return
			}
			for {
				nodes, err := s.Nodes(t.Context())
				if err != nil || len(nodes) != 1 {
					t.Fatalf("told as %+v, error %v", nodes, err)
				}
				if nodes[0].Ahead.Round(5*time.Second) == by {
					break
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("while it works", func(t *testing.T) {
		url, log := emptySchema(t), &lockedBuffer{}
		var wrong atomic.Bool
		s, err := postgres.Open(t.Context(), url, postgres.Options{Durable: postgres.Trusted, Alone: true, Options: store.Options{HashKey: make([]byte, 32), Logger: slog.New(slog.NewTextHandler(log, nil))}, Machine: func() time.Time {
			if wrong.Load() {
				return time.Now().Add(far)
			}
			return time.Now()
		}})
		if err != nil {
			t.Fatal(err)
		}
		wrong.Store(true)
		<-s.Broken()
		if _, err := s.Put(t.Context(), "k", nil, store.Any); !errors.Is(err, postgres.ErrClock) {
			t.Errorf("it goes on writing: %v", err)
		}
		looks := 0
		second := open(t, url, postgres.Options{Waits: func(postgres.Working) error { looks++; return nil }})
		if _, err := second.Put(t.Context(), "k", nil, store.Any); err != nil {
			t.Errorf("another one after %d looks: %v", looks, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("while it waits", func(t *testing.T) {
		url, looks := emptySchema(t), 0
		var right atomic.Bool
		s := open(t, url, postgres.Options{Machine: func() time.Time {
			if right.Load() {
				return time.Now()
			}
			return time.Now().Add(far)
		}, Waits: func(postgres.Working) error {
			looks++
			right.Store(looks == 5)
			return nil
		}})
		if looks != 5 {
			t.Errorf("it works after %d looks", looks)
		}
		if nodes, err := s.Nodes(t.Context()); err != nil || len(nodes) != 1 {
			t.Errorf("told as %+v, error %v", nodes, err)
		}
	})
}
