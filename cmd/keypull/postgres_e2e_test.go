package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/safe"
	"keypull/pull/outside/servertest"
	"keypull/store"
	"keypull/store/postgres"
	"keypull/store/sealed"
)

const databasePassword = "s3cret-that-no-log-may-hold"

// database is a PostgreSQL server.
type database struct {
	*servertest.Server
	t testing.TB
	// keys is a line more of [store].
	keys string
}

// keysInside has the readers' keys stand in the database.
const keysInside = "\nkeys = \"database\""

// whereKeysLie are lines of [store] by what they say.
var whereKeysLie = map[string]string{"keys in the folder": "", "keys in the database": keysInside}

// newDatabase returns a server that is yet to be served.
func newDatabase(t testing.TB, name string) *database {
	t.Helper()
	root, err := os.MkdirTemp("", name) //nolint:usetesting // the server runs as somebody else
	if err == nil {
		err = os.Chmod(root, 0o755) //nolint:gosec // the server runs as somebody else
	}
	if err != nil {
		t.Fatal(err)
	}
	db := &database{&servertest.Server{Name: name, Root: root}, t, ""}
	t.Cleanup(func() { db.Stop(); _ = os.RemoveAll(root) })
	return db
}

func serveDatabase(t testing.TB) *database {
	t.Helper()
	db := newDatabase(t, "postgres")
	if err := db.ServePostgres(databasePassword, db.answers); err != nil {
		t.Fatal(err)
	}
	return db
}

func (db *database) url() string {
	return fmt.Sprintf("postgres://owner:%s@127.0.0.1:%d/postgres?sslmode=disable", databasePassword, db.Port)
}

// open opens the store beside whoever works on it.
func (db *database) open() (*postgres.Store, error) {
	return postgres.Open(db.t.Context(), db.url(), postgres.Options{Durable: postgres.Trusted, Options: store.Options{HashKey: make([]byte, 32)}})
}

func (db *database) answers() (bool, error) {
	s, err := db.open()
	if err != nil {
		return false, err
	}
	return false, s.Close()
}

// lastAsk returns the number of the last ask that was accepted, while nobody works.
func (db *database) lastAsk() uint64 {
	db.t.Helper()
	s, err := db.open()
	if err != nil {
		db.t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	return s.Queue("asks").Last()
}

// config moves a configuration to the database; a second one of the same folder is named so.
func (db *database) config(path, name string) string {
	db.t.Helper()
	text, err := os.ReadFile(path) //nolint:gosec // of this test
	to := filepath.Join(filepath.Dir(path), name)
	if err == nil {
		err = os.WriteFile(to, []byte(strings.NewReplacer("durable = \"trusted\"\n", "", `url = "bolt:keypull.db"`, fmt.Sprintf("url = %q\ndurable = \"trusted\"%s", db.url(), db.keys)).Replace(string(text))), 0o600)
	}
	if err != nil {
		db.t.Fatal(err)
	}
	return to
}

// TestTheServiceWorksOnPostgreSQL: readers are answered, commands answer or say why they can't, and what is
// kept is there at the next start.
func TestTheServiceWorksOnPostgreSQL(t *testing.T) {
	db, api := serveDatabase(t), newBotAPI(t)
	s := newService(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), telegramBlock(api.URL), chatBlock())
	s.log.keepOut(databasePassword)
	file := s.path
	s.path = db.config(file, "folder.toml")
	s.start()
	defer s.stop()
	chat := newChat()
	if got := s.reply(api, chat, "hours"); !strings.Contains(got, "Open from 9 to 17.") {
		t.Errorf("answered %q", got)
	}
	s.reply(api, chat, "language fr")
	// From here on the keys stand in the database: they are taken over.
	db.keys = keysInside
	s.path = db.config(file, "config.toml")
	s.restart()
	if slots, err := os.Stat(sealed.SlotsOf(filepath.Join(filepath.Dir(file), "keypull.key"))); err != nil || slots.Size() > 0 {
		t.Errorf("the slot file: %v, %v", slots, err)
	}
	if got := s.reply(api, chat, "xyzzy"); !strings.Contains(got, "Je ne connais pas") {
		t.Errorf("the reader's language is lost: %q", got)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	serving := []struct {
		line string
		code int
		says string
	}{
		{"status", cli.Done, "The disk is the database's."},
		{"ask hours", cli.Done, "Open from 9 to 17."},
		{"figures --publisher lecker", cli.Done, "NOT FOUND"},
		{fmt.Sprintf("reader show --publisher lecker --channel tg --id %d", chat), cli.Done, "fr"},
		{"backup", cli.Findings, "pg_basebackup"},
		{"backup " + copied, cli.Findings, "pg_basebackup"},
		{"backup --keys " + copied, cli.Done, copied},
		{"standby --of http://127.0.0.1:1", cli.Findings, "replicate the database"},
		{"standby promote", cli.Findings, "replicate the database"},
		{"check", cli.Done, ""},
		{"doctor", cli.Done, ""},
	}
	tell := func(when string) {
		for _, c := range serving {
			code, out, errs := command(t.Context(), append(strings.Fields(c.line), "-c", s.path)...)
			if when != "while it serves" && c.line == "status" {
				c.code, c.says = cli.Unreachable, "No server runs"
			}
			if code != c.code || !strings.Contains(out+errs, c.says) {
				t.Errorf("%s: %s ends with %d: %s%s", when, c.line, code, out, errs)
			}
			if strings.Contains(out+errs, databasePassword) {
				t.Errorf("%s tells the password", c.line)
			}
		}
	}
	tell("while it serves")
	s.stop()
	tell("while nobody serves")
	db.Stop()
	if code, _, errs := command(t.Context(), "ask", "hours", "-c", s.path); code == cli.Done || !strings.Contains(errs, "can't be reached") || strings.Contains(errs, databasePassword) {
		t.Errorf("without the database: %d %s", code, errs)
	}
}

// TestLessDurabilityThanWasAskedForIsRefused in one sentence, and so is what needs a file.
func TestLessDurabilityThanWasAskedForIsRefused(t *testing.T) {
	db := serveDatabase(t)
	path := db.config(writeConfig(t, chatBlock()), "config.toml")
	text, err := os.ReadFile(path) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	for old, c := range map[string]struct{ to, says string }{
		`durable = "trusted"`: {"", "synchronous_standby_names = ''"},
		"[secrets]":           {"[standby]\nsecret = \"a secret of both machines\"\n[secrets]", "replicate the database"},
		"[fetch]":             {"[backup]\nto = \"copies\"\npassphrase = \"sixteen letters or more\"\n[fetch]", "pg_basebackup"},
		"url = \"postgres://": {"url = \"mysql://", "postgres:// and a database"},
	} {
		if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, c.to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, errs := command(t.Context(), "serve", "-c", path); code == cli.Done || !strings.Contains(errs, c.says) {
			t.Errorf("%s: %d %s", old, code, errs)
		}
	}
}

// TestASecondKeypullTakesOver: it waits, and works once the first one is killed or ends. What was told to
// be accepted is known to it, and every reader has the answer; some twice, whose sending was under way.
func TestASecondKeypullTakesOver(t *testing.T) {
	t.Parallel()
	for name, keys := range whereKeysLie {
		t.Run(name, func(t *testing.T) { takeOver(t, keys) })
	}
}

func takeOver(t *testing.T, keys string) {
	db, api, book := serveDatabase(t), newBotAPI(t), newLogBook(t)
	db.keys = keys
	feed := newNewsSite(t).feed("feed.xml", "")
	feed.each = func(request int) string { return fmt.Sprintf("Edition %d", request) }
	path := writeConfig(t, feedBlock("news", feed.url(), `max_age = "0s"`), keywordBlock("news", "news"), telegramBlock(api.URL), chatBlock())
	one, two := db.config(path, "one.toml"), db.config(path, "two.toml")
	first := startProcess(t, book, one)
	waiting := func(config string) *process {
		p := launch(t, book, "serve", "-c", config)
		eventually(t, "it waits, and takes what comes", func() bool { return isReady(p) && isWaiting(p) })
		return p
	}
	second := waiting(two)
	nodes := func(config string, want ...nodeStatus) {
		t.Helper()
		eventually(t, "who works and who waits is told", func() bool {
			var told serviceStatus
			code, out, _ := command(t.Context(), "status", "--json", "-c", config)
			if err := json.Unmarshal([]byte(out), &told); err != nil || code != cli.Done || len(told.Nodes) != len(want) {
				return false
			}
			for i, n := range told.Nodes {
				if n.ID == 0 || n.Since.IsZero() || n.Version != releaseVersion() || !strings.Contains(n.Name, "127.0.0.1:") {
					t.Fatalf("it is told as %+v", n)
				}
				if n.State != want[i].State || n.Differs != want[i].Differs {
					return false
				}
			}
			return true
		})
	}
	nodes(one, nodeStatus{State: nodeWorks}, nodeStatus{State: nodeWaits})
	takesOver := func(p *process, ended time.Time) time.Duration {
		eventually(t, "the waiting one works", func() bool { return works(p) })
		return time.Since(ended)
	}

	over := make(chan struct{})
	c, l := &chatters{url: first.url, over: over}, &hookLoad{url: first.url, asks: "news", over: over}
	c.start(2)
	l.start(2)
	eventually(t, "the load goes on", func() bool { return l.count() >= 100 && c.count() >= 10 })
	// By the database's clock: now, and when the one that works began to.
	moment := func(sql string) (at time.Time) {
		t.Helper()
		if err := db.connect().QueryRow(t.Context(), sql).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	const now, began = "select clock_timestamp()", "select max(since) from keypull_node where not waits"
	first.kill()
	killed, death := time.Now(), moment(now)
	close(over)
	l.wait.Wait()
	c.wait.Wait()
	took := takesOver(second, killed)
	entered := moment(began).Sub(death)
	eventually(t, "every reader has the answer", func() bool {
		arrived := api.arrived()
		return !slices.ContainsFunc(l.chats, func(chat int64) bool { return len(arrived[chat]) == 0 })
	})
	settles(t, second.url)
	arrived, twice := api.arrived(), 0
	for _, chat := range l.chats {
		if len(arrived[chat]) > 1 {
			twice++
		}
		if len(slices.Compact(arrived[chat])) > 1 {
			t.Errorf("the reader %d has different answers", chat)
		}
	}

	const differs = "this node's configuration differs from the one that works"
	if strings.Contains(book.String(), differs) {
		t.Error("the same configuration differs")
	}
	if text, err := os.ReadFile(one); err != nil || os.WriteFile(one, append(text, "\n[send]\nkeep = \"11h\"\n"...), 0o600) != nil { //nolint:gosec // of this test
		t.Fatal(err)
	}
	third := waiting(one)
	nodes(two, nodeStatus{State: nodeWorks}, nodeStatus{State: nodeWaits, Differs: true})
	if code, out, _ := command(t.Context(), "status", "-c", two); code != cli.Done || strings.Count(out, differs) != 1 || strings.Count(book.String(), differs) != 1 {
		t.Errorf("%d %s", code, out)
	}
	ending := moment(now)
	code, _ := second.end()
	if code != cli.Done {
		t.Errorf("the second one ended with %d", code)
	}
	orderly := takesOver(third, time.Now())
	next := moment(began).Sub(ending)
	if code, _ := third.end(); code != cli.Done {
		t.Errorf("the third one ended with %d", code)
	}
	before := db.lastAsk()
	again := startProcess(t, book, one)
	for _, body := range l.updates {
		request(t, http.MethodPost, again.url+"/hook/lecker/tg", body, telegramHeader())
	}
	for _, body := range c.told {
		request(t, http.MethodPost, again.url+"/chat/lecker/web/messages", body, jsonHeader)
	}
	settles(t, again.url)
	stranger := db.strangerOf(one)
	if code := launch(t, book, "serve", "-c", stranger).wait(); code == cli.Done || !strings.Contains(book.String(), "uses other key slots") {
		t.Errorf("one with a copy of the keys waits: %d", code)
	}
	if code, _ := again.end(); code != cli.Done {
		t.Errorf("the last one ended with %d", code)
	}
	if lost := db.lastAsk() - before; lost > 0 {
		t.Errorf("of %d and %d asks that were told to be accepted %d are not known to the one that took over", len(l.updates), c.count(), lost)
	}
	t.Logf("%d asks over a hook and %d over the web chat, none lost, %d answers twice; ready %s after the kill, %s after an orderly end; by the database's clock it works %s after the kill, %s after the end began",
		len(l.updates), c.count(), twice, took.Round(time.Millisecond), orderly.Round(time.Millisecond), entered.Round(time.Millisecond), next.Round(time.Millisecond))
}

// TestThePrimaryChangesWhileAKeypullServes: it is killed under load and its synchronous standby promoted. What was told to be
// accepted is known and answered once, by the process that served before.
func TestThePrimaryChangesWhileAKeypullServes(t *testing.T) {
	t.Parallel()
	primary, standby, api := newDatabase(t, "primary"), newDatabase(t, "standby"), newBotAPI(t)
	primary.Kill = true
	if err := primary.ServePostgres(databasePassword, primary.answers, "fsync=on", "full_page_writes=on"); err != nil {
		t.Fatal(err)
	}
	primary.hasStandby(standby)
	s := newService(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), telegramBlock(api.URL))
	s.log.keepOut(databasePassword)
	s.path = primary.config(s.path, "both.toml")
	text, err := os.ReadFile(s.path)
	if err == nil {
		at := fmt.Sprintf("127.0.0.1:%d", primary.Port)
		both := strings.Replace(string(text), at, fmt.Sprintf("%s,127.0.0.1:%d", at, standby.Port), 1)
		err = os.WriteFile(s.path, []byte(strings.Replace(both, `durable = "trusted"`, `durable = "sync"`, 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.start()
	defer s.stop()
	l := &hookLoad{url: s.URL, asks: "hours", over: make(chan struct{})}
	l.start(4)
	eventually(t, "the load goes on", func() bool { return l.count() >= 100 })
	primary.Stop()
	died, before := time.Now(), l.count()
	if _, err := standby.connect().Exec(t.Context(), "select pg_promote()"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "asks are accepted again", func() bool { return l.count() > before+4 }) // four may have been told just before
	paused := time.Since(died)
	eventually(t, "the load goes on", func() bool { return l.count() >= before+100 })
	close(l.over)
	l.wait.Wait()
	s.settled()
	last := s.store.Queue("asks").Last()
	for _, body := range l.updates {
		if got := request(t, http.MethodPost, s.URL+"/hook/lecker/tg", body, telegramHeader()); got.status != http.StatusOK {
			t.Fatal(got.status)
		}
	}
	s.settled()
	if lost := s.store.Queue("asks").Last() - last; lost > 0 {
		t.Errorf("of %d asks that were told to be accepted %d are not known", len(l.updates), lost)
	}
	arrived := api.arrived()
	for _, chat := range l.chats {
		if len(arrived[chat]) != 1 || !strings.Contains(arrived[chat][0], "Open from 9 to 17.") {
			t.Errorf("the reader %d has %q", chat, arrived[chat])
		}
	}
	t.Logf("%d asks, none lost or answered twice; none was accepted for %s", len(l.updates), paused.Round(time.Millisecond))
}

// TestAKeypullThatWaitsReadsItsConfigurationAgain on SIGHUP, tells what is wrong with it, and goes on waiting.
func TestAKeypullThatWaitsReadsItsConfigurationAgain(t *testing.T) {
	t.Parallel()
	db, api, book := serveDatabase(t), newBotAPI(t), newLogBook(t)
	path := writeConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), telegramBlock(api.URL), chatBlock())
	one, two := db.config(path, "one.toml"), db.config(path, "two.toml")
	first := startProcess(t, book, one)
	second := launch(t, book, "serve", "-c", two)
	same, err := os.ReadFile(two) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	hangUp := func(text, says string) {
		t.Helper()
		said := strings.Count(book.String(), says)
		if err := os.WriteFile(two, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := second.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the log says: "+says, func() bool { return strings.Count(book.String(), says) > said })
		if !isWaiting(second) {
			t.Error("it does not wait any more")
		}
	}
	differs := func(want bool) {
		t.Helper()
		eventually(t, "whether it differs is told", func() bool {
			var told serviceStatus
			_, out, _ := command(t.Context(), "status", "--json", "-c", one)
			return json.Unmarshal([]byte(out), &told) == nil && len(told.Nodes) == 2 && told.Nodes[1].Differs == want
		})
	}
	const read, refused = "read the configuration again, and goes on waiting", "the configuration was read again and is not taken"
	differs(false)
	other := strings.ReplaceAll(string(same), "Open from 9 to 17.", "Open from 10 to 18.")
	hangUp(other, read)
	differs(true)
	hangUp(string(same), read)
	differs(false)
	hangUp("[[publisher", refused)
	hangUp(string(same)+"\n[send]\nkeep = \"11h\"\n", refused)
	differs(false)
	hangUp(other, read)
	first.kill()
	eventually(t, "the waiting one works", func() bool {
		got, err := tryRequest(http.MethodGet, second.url+"/readyz", "", nil)
		return err == nil && got.status == http.StatusOK
	})
	chat := newChat()
	request(t, http.MethodPost, second.url+"/hook/lecker/tg", messageUpdate(newUpdate(), chat, "hours"), telegramHeader())
	if got := replyAt(t, api, chat, 0); !strings.Contains(got, "Open from 10 to 18.") {
		t.Errorf("answered %q", got)
	}
}

// strangerOf copies a configuration with its keys into another folder.
func (db *database) strangerOf(path string) string {
	db.t.Helper()
	to := db.t.TempDir()
	for _, name := range []string{filepath.Base(path), "keypull.key", "keypull.key.slots"} {
		b, err := os.ReadFile(filepath.Join(filepath.Dir(path), name)) //nolint:gosec // of this test
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), b, 0o600)
		}
		if err != nil {
			db.t.Fatal(err)
		}
	}
	return filepath.Join(to, filepath.Base(path))
}

// TestABackupOfTheDatabaseOpensNothingOfWhoWasErasedSince: the keys are in none.
func TestABackupOfTheDatabaseOpensNothingOfWhoWasErasedSince(t *testing.T) {
	t.Parallel()
	db, api := serveDatabase(t), newBotAPI(t)
	s := newService(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), telegramBlock(api.URL))
	path := s.path
	s.path = db.config(path, "original.toml")
	s.start()
	defer s.stop()
	leaves, stays := newChat(), newChat()
	for _, chat := range []int64{leaves, stays} {
		s.reply(api, chat, "language fr")
	}
	s.settled()
	copied := newDatabase(t, "copied")
	if err := copied.CopyPostgres(db.url()); err != nil {
		t.Fatal(err)
	}
	s.reply(api, leaves, "forget me")
	s.reply(api, leaves, "oui")
	s.settled()
	s.stop()
	db.Stop()
	if err := copied.ServeCopy(copied.answers); err != nil {
		t.Fatal(err)
	}
	s.path = copied.config(path, "copied.toml")
	for chat, want := range map[int64]bool{leaves: false, stays: true} {
		code, out, errs := command(t.Context(), "reader", "show", "--publisher", "lecker", "--channel", "tg", "--id", fmt.Sprint(chat), "-c", s.path)
		if known := code == cli.Done && strings.Contains(out, "fr"); known != want {
			t.Errorf("reader %d: %d %s%s", chat, code, out, errs)
		}
	}
}

// TestNoOlderDatabaseOpensOnceKeysAreWrapped: neither a base backup nor what is restored by its WAL to
// before an erasure opens a thing with all files of keys that are left; a copy of the keys does, but
// for who was erased.
func TestNoOlderDatabaseOpensOnceKeysAreWrapped(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, "postgres")
	wal := filepath.Join(db.Root, "wal")
	err := os.Mkdir(wal, 0o700)
	if err == nil {
		err = os.Chmod(wal, 0o777) //nolint:gosec // the server runs as somebody else
	}
	if err == nil {
		err = db.ServePostgres(databasePassword, db.answers, "archive_mode=on", "archive_command=cp %p "+wal+"/%f")
	}
	if err != nil {
		t.Fatal(err)
	}
	keys, now := filepath.Join(t.TempDir(), "keypull.key"), time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	opened := func(db *database, keys string) (*safe.Safe, error) {
		return safe.Open(t.Context(), safe.Options{Keys: keys, Database: db.url(), Durable: postgres.Trusted, KeysInside: true, Clock: func() time.Time { return now }})
	}
	s, err := opened(db, keys)
	if err != nil {
		t.Fatal(err)
	}
	const place = "here"
	var slots []store.Slot
	var texts [][]byte
	for range 2 {
		slot, err := s.Ring.NewReader()
		if err != nil {
			t.Fatal(err)
		}
		s.Ring.Keep(slot)
		seal, err := s.Ring.SealReader(slot)
		if err != nil {
			t.Fatal(err)
		}
		slots, texts = append(slots, slot), append(texts, seal(place, []byte("document")))
	}
	copied := newDatabase(t, "copied")
	if err := copied.CopyPostgres(db.url()); err != nil {
		t.Fatal(err)
	}
	db.exec("select pg_create_restore_point('before')")
	if err := s.Ring.EraseReaders(slots[0]); err != nil {
		t.Fatal(err)
	}
	for _, later := range []time.Duration{23 * time.Hour, 2 * time.Hour} {
		now = now.Add(later)
		if _, err := s.Ring.WrapPages(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	spare := filepath.Join(t.TempDir(), "keypull.key")
	if err := errors.Join(s.Ring.BackupFiles(spare), s.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err = opened(db, keys); err != nil {
		t.Fatal(err)
	}
	opens := func(s *safe.Safe, when string) {
		t.Helper()
		for i, text := range texts {
			if _, _, err := s.Ring.OpenReader(place, text); (err == nil) != (i == 1) {
				t.Errorf("%s: reader %d: %v", when, i, err)
			}
		}
	}
	opens(s, "at the next start")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var last string
	db.ask("select pg_walfile_name(pg_switch_wal())", &last)
	eventually(t, "the WAL is archived", func() bool {
		var done bool
		db.ask("select coalesce(last_archived_wal, '') >= '"+last+"' from pg_stat_archiver", &done)
		return done
	})
	db.Stop()
	settings := filepath.Join(copied.Folder, "data", "postgresql.auto.conf")
	f, err := os.OpenFile(settings, os.O_APPEND|os.O_WRONLY, 0) //nolint:gosec // of this test
	if err == nil {
		_, err = fmt.Fprintf(f, "restore_command = 'cp %s/%%f %%p'\nrecovery_target_name = 'before'\nrecovery_target_action = 'promote'\n", wal)
		err = errors.Join(err, f.Close(), os.WriteFile(filepath.Join(copied.Folder, "data", "recovery.signal"), nil, 0o600))
	}
	if err == nil {
		err = copied.ServeCopy(copied.answers)
	}
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	copied.ask("select count(*) from keypull_key_page", &pages)
	if pages == 0 {
		t.Fatal("the restored database has no keys")
	}
	if _, err := opened(copied, keys); !errors.Is(err, sealed.ErrLost) {
		t.Errorf("restored to before the erasure: error %v, want ErrLost", err)
	}
	// As docs/operators.md says.
	copied.exec("truncate keypull_key_page")
	if s, err = opened(copied, spare); err != nil {
		t.Fatal(err)
	}
	opens(s, "with a copy of the keys")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// ask reads what a statement returns.
func (db *database) ask(sql string, into any) {
	db.t.Helper()
	conn, err := pgx.Connect(db.t.Context(), db.url())
	if err == nil {
		err = errors.Join(conn.QueryRow(db.t.Context(), sql).Scan(into), conn.Close(db.t.Context()))
	}
	if err != nil {
		db.t.Fatal(err)
	}
}

// exec runs a statement.
func (db *database) exec(sql string) {
	db.t.Helper()
	conn, err := pgx.Connect(db.t.Context(), db.url())
	if err == nil {
		_, err = conn.Exec(db.t.Context(), sql)
		err = errors.Join(err, conn.Close(db.t.Context()))
	}
	if err != nil {
		db.t.Fatal(err)
	}
}
