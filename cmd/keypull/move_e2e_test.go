package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"keypull/cmd/keypull/cli"
	"keypull/store"
)

const withdrawnLink = "https://news.example/withdrawn"

// movingHouse is an installation that is moved from store to store.
type movingHouse struct {
	*service
	db  *database
	api *botAPI
	// stays has said something that is kept, and orders is one who waits for a later time.
	stays, orders, leaves int64
	delivered             string
}

// heldUp has a move wait at a table, by a lock of that mode, and kills it.
func (h *movingHouse) heldUp(from, to, table, mode string) {
	h.t.Helper()
	conn, err := pgx.Connect(h.t.Context(), h.db.url())
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for _, sql := range []string{"begin", "lock table " + table + " in " + mode + " mode"} {
		if _, err := conn.Exec(h.t.Context(), sql); err != nil {
			h.t.Fatal(err)
		}
	}
	moving := exec.Command(os.Args[0], "move", from, to, "-c", h.path) //nolint:gosec // the test binary itself
	moving.Env = append(os.Environ(), asProcess+"=1")
	if err := moving.Start(); err != nil {
		h.t.Fatal(err)
	}
	eventually(h.t, "the move waits at "+table, func() bool {
		var waits bool
		h.db.ask(`select exists (select from pg_locks join pg_stat_activity using (pid) where not granted and relation = '`+table+`'::regclass
			and (query ilike 'copy%' or query like 'select log, position%'))`, &waits)
		return waits
	})
	_ = moving.Process.Kill()
	_ = moving.Wait()
}

// moves moves, and returns what is told of it. What an ended move had brought are all rows of these kinds, at least.
func (h *movingHouse) moves(from, to string, kept ...store.RowKind) (told moved) {
	h.t.Helper()
	code, out, errs := command(h.t.Context(), "move", from, to, "-c", h.path, "--json")
	if code != cli.Done {
		h.t.Fatalf("%d %s%s", code, out, errs)
	}
	if strings.Contains(out+errs, databasePassword) {
		h.t.Error("it tells the password")
	}
	if err := json.Unmarshal([]byte(out), &told); err != nil {
		h.t.Fatal(err)
	}
	rows := map[store.RowKind]int64{}
	for _, p := range told.Parts {
		rows[p.Kind] += p.To
		if p.From != p.To || p.Other != "" {
			h.t.Errorf("it differs in %+v", p)
		}
	}
	least := int64(0)
	for _, kind := range kept {
		least += rows[kind]
	}
	if told.Kept < least || len(kept) > 0 && least == 0 {
		h.t.Errorf("%d rows were there, want %d", told.Kept, least)
	}
	for _, file := range told.Files { // all of them are there, and what is withdrawn came along
		text, err := os.ReadFile(file) //nolint:gosec // of this test
		if err != nil || strings.HasSuffix(file, ".withdrawn") && !strings.Contains(string(text), withdrawnLink) {
			h.t.Errorf("%s is named, and holds %q, error %v", file, text, err)
		}
	}
	if len(told.Files) != 3 {
		h.t.Errorf("%q are named", told.Files)
	}
	if !told.Complete || rows[store.RowValue] == 0 || rows[store.RowEntry] == 0 || rows[store.RowID] == 0 || rows[store.RowRecord] == 0 || rows[store.RowCounter] == 0 {
		h.t.Errorf("it moved %+v", rows)
	}
	return told
}

// refuses has a command end with a sentence.
func (h *movingHouse) refuses(says string, args ...string) {
	h.t.Helper()
	code, out, errs := command(h.t.Context(), append(args, "-c", h.path)...)
	if code == cli.Done || !strings.Contains(errs, says) || strings.Contains(out+errs, databasePassword) {
		h.t.Errorf("%s: %d %s%s, want %q", args, code, out, errs, says)
	}
}

// lives serves, and looks whether readers find all as it was.
func (h *movingHouse) lives(asked uint64) {
	h.t.Helper()
	h.start()
	defer h.stop()
	if last := h.service.store.Queue("asks").Last(); last != asked {
		h.t.Errorf("the last ask is %d, want %d", last, asked)
	}
	if got := request(h.t, http.MethodPost, h.URL+"/hook/lecker/tg", h.delivered, telegramHeader()); got.status != http.StatusOK {
		h.t.Errorf("delivered again: %d", got.status)
	}
	h.settled()
	if last := h.service.store.Queue("asks").Last(); last != asked {
		h.t.Error("what was delivered again is asked once more")
	}
	if got := h.reply(h.api, h.stays, "xyzzy"); !strings.Contains(got, "Je ne connais pas") {
		h.t.Errorf("who stays is answered %q", got)
	}
	if got := h.reply(h.api, h.leaves, "xyzzy"); strings.Contains(got, "Je ne connais pas") {
		h.t.Errorf("who was forgotten is answered %q", got)
	}
	if got := h.reply(h.api, h.stays, "hours"); !strings.Contains(got, "Open from 9 to 17.") {
		h.t.Errorf("answered %q", got)
	}
	if code, out, errs := command(h.t.Context(), "demand", "--publisher", "lecker", "-c", h.path); code != cli.Done || !strings.Contains(out, "hours") {
		h.t.Errorf("demand: %d %s%s", code, out, errs)
	}
	if code, out, errs := command(h.t.Context(), "reader", "show", "--publisher", "lecker", "--channel", "tg", "--id", fmt.Sprint(h.orders), "-c", h.path); code != cli.Done || !strings.Contains(out, "hours") {
		h.t.Errorf("who ordered: %d %s%s", code, out, errs)
	}
	h.settled()
}

func (h *movingHouse) lastAsk() uint64 {
	h.t.Helper()
	h.start()
	defer h.stop()
	return h.service.store.Queue("asks").Last()
}

// TestAnInstallationMovesToPostgreSQLAndBack by commands that are killed in between, with all that its readers
// said, and what only a part of it holds is not served.
func TestAnInstallationMovesToPostgreSQLAndBack(t *testing.T) {
	t.Parallel()
	for name, keys := range whereKeysLie {
		t.Run(name, func(t *testing.T) { moveThereAndBack(t, keys) })
	}
}

func moveThereAndBack(t *testing.T, keys string) {
	h := &movingHouse{db: serveDatabase(t), api: newBotAPI(t), stays: newChat(), orders: newChat(), leaves: newChat()}
	h.service = newService(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), telegramBlock(h.api.URL), chatBlock())
	h.log.keepOut(databasePassword)
	h.start()
	defer h.stop()
	for _, chat := range []int64{h.stays, h.leaves} {
		h.reply(h.api, chat, "hours")
		h.reply(h.api, chat, "language fr")
	}
	h.reply(h.api, h.leaves, "forget me")
	h.reply(h.api, h.leaves, "oui")
	h.reply(h.api, h.orders, "hours tomorrow at 8")
	h.delivered = messageUpdate(newUpdate(), h.stays, "hours")
	before := len(h.api.sent(h.stays))
	if got := request(t, http.MethodPost, h.URL+"/hook/lecker/tg", h.delivered, telegramHeader()); got.status != http.StatusOK {
		t.Fatal(got.status)
	}
	h.replies(h.api, h.stays, before+1)
	h.printed(t, "item withdraw --publisher lecker --link "+withdrawnLink)
	h.settled()
	asked := h.service.store.Queue("asks").Last()
	file, database := "bolt:"+filepath.Join(filepath.Dir(h.path), "keypull.db"), h.db.url()
	h.refuses("is in use", "move", file, database)
	h.stop()

	h.refuses("are the same store", "move", file, "config")
	h.refuses("is no store", "move", file, "mysql://x")
	inFile := h.path
	h.db.keys = keys
	h.path = h.db.config(inFile, "database.toml")
	for _, table := range []string{"keypull_id", "keypull_record"} {
		h.heldUp(file, database, table, "share")
		h.refuses("did not come to its end", "ask", "hours")
	}
	h.moves(file, "config", store.RowValue, store.RowEntry, store.RowAside, store.RowID)
	h.refuses("holds something already", "move", file, database)
	h.lives(asked)

	asked = h.lastAsk()
	h.refuses("holds something already", "move", database, file)
	back := "bolt:" + filepath.Join(filepath.Dir(h.path), "back.db")
	h.heldUp(database, back, "keypull_record", "access exclusive")
	inDatabase := h.path
	text, err := os.ReadFile(inFile) //nolint:gosec // of this test
	if err == nil {
		h.path = filepath.Join(filepath.Dir(inFile), "back.toml")
		err = os.WriteFile(h.path, []byte(strings.Replace(string(text), "bolt:keypull.db", "bolt:back.db", 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	h.refuses("did not come to its end", "ask", "hours")
	h.path = inDatabase
	h.moves("config", back, store.RowValue, store.RowEntry)
	h.path = filepath.Join(filepath.Dir(inFile), "back.toml")
	h.lives(asked)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	other := "bolt:" + filepath.Join(t.TempDir(), "other.db")
	if code, _, errs := command(ended, "move", "config", other, "-c", h.path); code == cli.Done || !strings.Contains(errs, "it goes on") {
		t.Errorf("one that is ended: %d %s", code, errs)
	}
	if code, out, errs := command(t.Context(), "move", "config", other, "-c", h.path); code != cli.Done || !strings.Contains(out, "records: asks") || !strings.Contains(out, "keypull.key.slots") {
		t.Errorf("from file to file: %d %s%s", code, out, errs)
	}
	// One that was killed while it was copied is whole, and is compared; one of other asks is not taken.
	left := func(name, from string) (to string) {
		path := filepath.Join(t.TempDir(), name)
		b, err := os.ReadFile(filepath.Join(filepath.Dir(h.path), from)) //nolint:gosec // of this test
		if err == nil {
			err = os.WriteFile(path+".moving", b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return "bolt:" + path
	}
	h.moves("config", left("whole.db", "back.db"), store.RowValue, store.RowEntry, store.RowID, store.RowRecord)
	other = left("others.db", "keypull.db")
	h.refuses("is not the same as what was read", "move", "config", other)
	if told := h.moves("config", other); told.Kept > 0 {
		t.Errorf("%d rows of others are kept", told.Kept)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(h.path), "*.moving*")); err != nil || len(left) > 0 {
		t.Errorf("%q are left, error %v", left, err)
	}
}

// TestAnInstallationMovesOntoASynchronousStandby: less than that is refused, and once the move is done the standby has
// all of it, whatever becomes of the primary.
func TestAnInstallationMovesOntoASynchronousStandby(t *testing.T) {
	t.Parallel()
	primary, standby := newDatabase(t, "primary"), newDatabase(t, "standby")
	if err := primary.ServePostgres(databasePassword, primary.answers, "fsync=on", "full_page_writes=on"); err != nil {
		t.Fatal(err)
	}
	api, chat := newBotAPI(t), newChat()
	h := &movingHouse{db: primary, api: api, stays: chat}
	h.service = newService(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), telegramBlock(api.URL))
	h.log.keepOut(databasePassword)
	h.start()
	defer h.stop()
	h.reply(api, chat, "language fr")
	h.reply(api, newChat(), "hours")
	h.reply(api, newChat(), "hours tomorrow at 8")
	h.printed(t, "item withdraw --publisher lecker --link "+withdrawnLink)
	h.stop()
	file := "bolt:" + filepath.Join(filepath.Dir(h.path), "keypull.db")
	h.refuses("synchronous_standby_names = ''", "move", file, primary.url())
	primary.hasStandby(standby)
	h.heldUp(file, primary.url(), "keypull_record", "share")
	h.moves(file, primary.url(), store.RowValue, store.RowEntry, store.RowID)
	primary.Stop()
	if _, err := standby.connect().Exec(t.Context(), "select pg_promote()"); err != nil {
		t.Fatal(err)
	}
	h.path = standby.config(h.path, "standby.toml")
	h.start()
	if got := h.reply(api, chat, "xyzzy"); !strings.Contains(got, "Je ne connais pas") {
		t.Errorf("the reader is answered %q", got)
	}
}

// hasStandby has a database be followed by a synchronous standby.
func (db *database) hasStandby(standby *database) {
	db.t.Helper()
	if err := standby.FollowPostgres(db.url(), func() (bool, error) { return false, standby.dial() }); err != nil {
		db.t.Fatal(err)
	}
	db.exec("alter system set synchronous_standby_names = '*'")
	db.exec("select pg_reload_conf()")
	eventually(db.t, "the standby is one", func() bool {
		var is bool
		db.ask("select exists (select from pg_stat_replication where sync_state = 'sync')", &is)
		return is
	})
}

// connect connects to the database itself.
func (db *database) connect() *pgx.Conn {
	db.t.Helper()
	conn, err := pgx.Connect(db.t.Context(), db.url())
	if err != nil {
		db.t.Fatal(err)
	}
	db.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// dial says whether the database answers, which may take no writes.
func (db *database) dial() error {
	conn, err := pgx.Connect(db.t.Context(), db.url())
	if err != nil {
		return err
	}
	return conn.Close(db.t.Context())
}
