package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"keypull/cmd/keypull/cli"
)

// copiedHouse is a service whose backups go to two folders, with who reads them.
type copiedHouse struct {
	*newsroomUnderTest
	reader *age.X25519Identity
}

// openCopiedHouse serves a newsroom with backups.
func openCopiedHouse(t *testing.T) *copiedHouse {
	t.Helper()
	return openHouseCopiedTo(t, "to = \"archives\"\nnewest = \"newest\"\n", "")
}

// openHouseCopiedTo serves a newsroom whose backups go to these places.
func openHouseCopiedTo(t *testing.T, places, s3 string) *copiedHouse {
	t.Helper()
	reader, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	n := &newsroomUnderTest{api: newBotAPI(t), site: newNewsSite(t)}
	n.feed = n.site.feed("feed.xml", "First edition")
	n.service = serveConfig(t, feedBlock("news", n.feed.url(), `max_age = "10m"`), keywordBlock("news", "news"), telegramBlock(n.api.URL),
		fmt.Sprintf("\n[backup]\n%srecipient = %q\n%s", places, reader.Recipient(), s3))
	return newCopiedHouse(t, n, reader)
}

// newCopiedHouse writes down who reads the backups of a newsroom, and its recovery sheet.
func newCopiedHouse(t *testing.T, n *newsroomUnderTest, reader *age.X25519Identity) *copiedHouse {
	t.Helper()
	for name, text := range map[string]string{"age.txt": reader.String(), "sheet.txt": n.printed(t, "backup --recovery-sheet")} {
		if err := os.WriteFile(n.file(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &copiedHouse{n, reader}
}

// halvesMade are what "keypull backup --json" prints.
type halvesMade struct{ Archive, Newest string }

// backsUp makes both halves, and returns copies of them that nothing replaces.
func (h *copiedHouse) backsUp(t *testing.T) halvesMade {
	t.Helper()
	h.settled()
	var made halvesMade
	if err := json.Unmarshal([]byte(h.printed(t, "backup --json")), &made); err != nil {
		t.Fatal(err)
	}
	// The server makes archives by itself, and of an hour the last one stays.
	all, err := filepath.Glob(filepath.Join(filepath.Dir(made.Archive), "*.archive"))
	if err != nil || len(all) == 0 {
		t.Fatalf("there are no archives beside %s, %v", made.Archive, err)
	}
	made.Archive = slices.Max(all)
	kept := halvesMade{filepath.Join(t.TempDir(), "archive"), filepath.Join(t.TempDir(), "newest")}
	for from, to := range map[string]string{made.Archive: kept.Archive, made.Newest: kept.Newest} {
		b, err := os.ReadFile(from) //nolint:gosec // of this test
		if err == nil {
			err = os.WriteFile(to, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return kept
}

// member returns a member of a half, as it was before it was encrypted.
func (h *copiedHouse) member(t *testing.T, half, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(half) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	plain, size, err := age.DecryptReaderAt(bytes.NewReader(b), int64(len(b)), h.reader)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(plain, size)
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// restoreLine is the command line that puts two halves back.
func (h *copiedHouse) restoreLine(halves halvesMade, into string) string {
	return "restore " + halves.Archive + " --newest " + halves.Newest + " --into " + into +
		" --identity " + h.file("age.txt") + " --sheet " + h.file("sheet.txt")
}

// puttingBack is what "keypull restore --json" prints.
type puttingBack struct {
	Files                               []string
	Rehearsed                           bool
	Readers, Forgotten, Stops, Departed int
	LostAsks                            int `json:"lost_asks"`
	SetAside                            []struct {
		Part, What string
	} `json:"set_aside"`
}

// restores puts two halves back and returns the service that is served from there.
func (h *copiedHouse) restores(t *testing.T, halves halvesMade) (*service, puttingBack) {
	t.Helper()
	into := filepath.Join(t.TempDir(), "again")
	code, stdout, stderr := command(t.Context(), strings.Fields(h.restoreLine(halves, into)+" --json")...)
	var told puttingBack
	if err := json.Unmarshal([]byte(stdout), &told); code != cli.Done || err != nil {
		t.Fatalf("restore ended with %d, printed %q and said %q", code, stdout, stderr)
	}
	config, err := os.ReadFile(h.path)
	if err != nil {
		t.Fatal(err)
	}
	again := &service{t: t, path: filepath.Join(into, "config.toml"), clock: h.clock, log: newLogBook(t)}
	if err := os.WriteFile(again.path, config, 0o600); err != nil {
		t.Fatal(err)
	}
	return again, told
}

// Readers of these tests, by their chats.
const leavingReader, stoppingReader, stayingReader = leavingChat, 7_700_560_000_000, stayingChat

func TestAnOldArchiveWithTheNewestHalfKnowsNobodyWhoLeftAndEverySTOP(t *testing.T) {
	h := openCopiedHouse(t)
	s := h.service
	for chat, mark := range map[int64]string{leavingReader: leavingMark, stoppingReader: "stopper", stayingReader: stayingMark} {
		s.reply(h.api, chat, "my city "+mark+"aaa")
		s.reply(h.api, chat, mark+"aaa parade")
	}
	before := h.backsUp(t)
	if found := marksOf(leavingMark, s.opensOf(t, keep(t, h.member(t, before.Archive, "store")), keep(t, h.member(t, before.Newest, "slots")))); len(found) != 1 {
		t.Fatalf("while the reader is there the halves open %q", found)
	}
	s.reply(h.api, leavingReader, "FORGET ME")
	s.reply(h.api, leavingReader, "yes")
	s.reply(h.api, stoppingReader, "STOP")
	s.printed(t, "item withdraw --publisher lecker --link https://news.example/withdrawn-since")
	late := newUpdate()
	request(t, "POST", s.URL+"/hook/lecker/tg", messageUpdate(late, stayingReader, "news"), telegramHeader())
	after := h.backsUp(t)
	s.stop()

	old := halvesMade{before.Archive, after.Newest}
	for _, half := range []string{old.Archive, old.Newest} {
		if b, err := os.ReadFile(half); err != nil || bytes.Contains(b, []byte(leavingMark)) { //nolint:gosec // of this test
			t.Errorf("%s: %v, or it names who left", half, err)
		}
	}
	key, err := os.ReadFile(s.file("keypull.key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, half := range []string{old.Archive, old.Newest} {
		if slices.ContainsFunc([]string{"store", "slots", "marks"}, func(name string) bool {
			return (name == "store") == (half == old.Archive) && bytes.Contains(h.member(t, half, name), bytes.TrimSpace(key))
		}) {
			t.Errorf("the key file stands in %s", half)
		}
	}
	plain := s.opensOf(t, keep(t, h.member(t, old.Archive, "store")), keep(t, h.member(t, old.Newest, "slots")))
	if found := marksOf(leavingMark, plain); len(found) > 0 {
		t.Errorf("the old archive and the newest half open %q", found)
	}
	if found := marksOf(stayingMark, plain); len(found) != 1 {
		t.Errorf("of who stays they open %q", found)
	}

	again, told := h.restores(t, old)
	if told.Forgotten != 1 || told.Stops != 1 || told.LostAsks != 4 || told.Readers != 2 || len(told.SetAside) > 0 {
		t.Errorf("restore told %+v", told)
	}
	again.start()
	t.Cleanup(again.stop)
	if reader, _, err := again.ledger.Reader(t.Context(), again.readerKey("lecker", "tg", fmt.Sprint(int64(stoppingReader)))); err != nil || reader.State != "stopped" {
		t.Errorf("who said STOP is %q, %v", reader.State, err)
	}
	if rules, err := again.withdrawn.Rules("lecker"); err != nil || len(rules) != 1 {
		t.Errorf("withdrawn is %v, %v", rules, err)
	}
	sent := len(h.api.sent(stayingReader))
	request(t, "POST", again.URL+"/hook/lecker/tg", messageUpdate(late, stayingReader, "news"), telegramHeader())
	again.settled()
	if got := h.api.sent(stayingReader)[sent:]; len(got) > 0 {
		t.Errorf("what was answered before the loss is answered again: %q", got)
	}
	if got := again.reply(h.api, stayingReader, "news"); !strings.Contains(got, "First edition") {
		t.Errorf("who stays is told %q", got)
	}
	if got := again.reply(h.api, leavingReader, "mydata"); strings.Contains(got, leavingMark) {
		t.Errorf("who left is told %q", got)
	}
	again.stop()
	if found := marksOf(leavingMark, again.opensWith(t, "keypull.db")); len(found) > 0 {
		t.Errorf("what was put back opens %q", found)
	}
	if found := marksOf(leavingMark, s.opensOf(t, keep(t, h.member(t, before.Archive, "store")), again.file("keypull.key.slots"))); len(found) > 0 {
		t.Errorf("the old archive and the keys that were put back open %q", found)
	}
}

// keep writes a text to a file of the test.
func keep(t *testing.T, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kept")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRestoreRefusesWhatItCannotPutBackWhole(t *testing.T) {
	h, other := openCopiedHouse(t), openCopiedHouse(t)
	h.reply(h.api, stayingReader, "news")
	good, strange := h.backsUp(t), other.backsUp(t)
	h.stop()
	spoil := func(path string, f func([]byte) []byte) string {
		b, err := os.ReadFile(path) //nolint:gosec // of this test
		if err != nil {
			t.Fatal(err)
		}
		return keep(t, f(b))
	}
	flip := func(b []byte) []byte { b[len(b)/2] ^= 1; return b }
	cut := func(b []byte) []byte { return b[:len(b)-1] }
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "note"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ofOther := strings.Replace(h.restoreLine(good, "INTO"), h.file("sheet.txt"), other.file("sheet.txt"), 1)
	locked := strings.Replace(h.restoreLine(good, "INTO"), h.file("age.txt"), other.file("age.txt"), 1)
	nobody := strings.Replace(h.restoreLine(good, "INTO"), " --identity "+h.file("age.txt"), "", 1)
	for name, c := range map[string]struct {
		line string
		code int
		said string
	}{
		"a byte of the archive":      {h.restoreLine(halvesMade{spoil(good.Archive, flip), good.Newest}, "INTO"), cli.Damaged, "nothing was put back"},
		"a short archive":            {h.restoreLine(halvesMade{spoil(good.Archive, cut), good.Newest}, "INTO"), cli.Damaged, "nothing was put back"},
		"a short newest half":        {h.restoreLine(halvesMade{good.Archive, spoil(good.Newest, cut)}, "INTO"), cli.Damaged, "nothing was put back"},
		"a folder that is not empty": {h.restoreLine(good, full), cli.Findings, "Something lies in"},
		"two archives":               {h.restoreLine(halvesMade{good.Archive, good.Archive}, "INTO"), cli.Findings, "is an archive"},
		"two newest halves":          {h.restoreLine(halvesMade{good.Newest, good.Newest}, "INTO"), cli.Findings, "is the newest half"},
		"another installation":       {h.restoreLine(halvesMade{good.Archive, other.reencrypted(t, h, strange.Newest)}, "INTO"), cli.Damaged, "two installations"},
		"another's recovery sheet":   {ofOther, cli.Damaged, "of another installation"},
		"another's age key":          {locked, cli.Findings, "somebody else"},
		"nobody who reads":           {nobody, cli.Usage, "who reads the backup"},
		"a later version":            {h.restoreLine(halvesMade{h.ofVersion(t, good.Archive, "9.1.0"), good.Newest}, "INTO"), cli.Findings, "9.1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			into := filepath.Join(t.TempDir(), "again")
			code, stdout, stderr := command(t.Context(), strings.Fields(strings.Replace(c.line, "INTO", into, 1))...)
			if code != c.code || stdout != "" || !strings.Contains(stderr, c.said) {
				t.Errorf("restore ended with %d, printed %q and said %q", code, stdout, stderr)
			}
			if left, err := os.ReadDir(into); err == nil {
				t.Errorf("it left %v", left)
			}
		})
	}
}

// reencrypted returns a half of this house as if it were one of another's recipient.
func (h *copiedHouse) reencrypted(t *testing.T, to *copiedHouse, half string) string {
	t.Helper()
	b, err := os.ReadFile(half) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	plain, err := age.Decrypt(bytes.NewReader(b), h.reader)
	if err != nil {
		t.Fatal(err)
	}
	return to.encrypted(t, func(w io.Writer) error { _, err := io.Copy(w, plain); return err })
}

func (h *copiedHouse) encrypted(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	w, err := age.Encrypt(&out, h.reader.Recipient())
	if err == nil {
		err = write(w)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return keep(t, out.Bytes())
}

// ofVersion returns a half as another version would have written it.
func (h *copiedHouse) ofVersion(t *testing.T, half, version string) string {
	t.Helper()
	manifest := map[string]any{}
	if err := json.Unmarshal(h.member(t, half, "manifest.json"), &manifest); err != nil {
		t.Fatal(err)
	}
	manifest["version"] = version
	return h.encrypted(t, func(w io.Writer) error {
		z := zip.NewWriter(w)
		f, err := z.Create("manifest.json")
		if err == nil {
			err = json.NewEncoder(f).Encode(manifest)
		}
		if err != nil {
			return err
		}
		return z.Close()
	})
}

func TestARehearsalLeavesNothingBehind(t *testing.T) {
	h := openCopiedHouse(t)
	h.reply(h.api, stayingReader, "news")
	halves := h.backsUp(t)
	into := filepath.Join(t.TempDir(), "again")
	code, stdout, stderr := command(t.Context(), strings.Fields(h.restoreLine(halves, into)+" --rehearse --json")...)
	var told puttingBack
	if err := json.Unmarshal([]byte(stdout), &told); code != cli.Done || err != nil || !told.Rehearsed || told.Readers != 1 {
		t.Errorf("a rehearsal ended with %d, printed %q and said %q", code, stdout, stderr)
	}
	if _, err := os.Stat(into); err == nil {
		t.Error("it left its folder")
	}
}
