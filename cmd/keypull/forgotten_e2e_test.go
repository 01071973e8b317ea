package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/store"
)

// What the readers of these tests write has these signs, which nothing else has, with the
// reader's number behind them.
const (
	leavingMark, stayingMark = "zqxjleaves", "zqxjstays"
	leavingChat, stayingChat = 7_700_550_000_000, 8_800_660_000_000
)

// forgottenReaders are how many leave, and how many others ask beside.
const forgottenReaders = 1000

// lifeOf returns what a reader writes before leaving, by number: preferences, own lists,
// words that are saved, orders, what is owed, what is taken after a miss, proofs.
func lifeOf(mark string, n int) []string {
	m := markOf(mark, n)
	return append([]string{"news"}, [][]string{
		{"my city " + m, "save news", "PROOF"},
		{"my list" + m + " are news", "news"},
		{m + " parade", "let me know when you know"},
		{"news tomorrow at 9", m},
		{m, "news about " + m, "why"},
	}[n%5]...)
}

// markOf returns the sign of a reader, in letters, since figures in what few have written are
// masked.
func markOf(mark string, n int) string {
	for range 3 {
		mark, n = mark+string(rune('a'+n%26)), n/26
	}
	return mark
}

// crowdTells has readers write what each has to say, several at a time.
func (s *service) crowdTells(first int64, readers int, says func(n int) []string) {
	s.t.Helper()
	const parts = 8
	inParallel(parts, func(part int) {
		for n := part; n < readers; n += parts {
			for _, text := range says(n) {
				got, err := tryRequest("POST", s.URL+"/hook/lecker/tg", messageUpdate(newUpdate(), first+int64(n), text), telegramHeader())
				if err != nil || got.status != 200 {
					s.t.Errorf("%q was answered %d, %v", text, got.status, err)
				}
			}
		}
	})
	s.settled()
}

// TestOfAThousandWhoLeaveNothingIsLeft has a thousand say FORGET ME while others ask, and
// looks at every byte that is kept, and at all that opens in a copy of before with the
// newest keys.
func TestOfAThousandWhoLeaveNothingIsLeft(t *testing.T) {
	n := openNewsroom(t, `max_age = "10m"`)
	s := n.service
	n.asks("First edition")
	s.crowdTells(leavingChat, forgottenReaders, func(i int) []string { return lifeOf(leavingMark, i) })
	s.crowdTells(stayingChat, forgottenReaders/10, func(i int) []string { return lifeOf(stayingMark, i) })
	s.demandOf("lecker")
	s.printed(t, "backup "+s.file("before.db"))
	if found := marksOf(leavingMark, s.opensWith(t, "before.db")); len(found) != forgottenReaders {
		t.Fatalf("in the copy %d readers can be read while they are there", len(found))
	}
	before := s.todayFigures(t, "before")
	inParallel(2, func(i int) {
		if i == 0 {
			s.crowdTells(leavingChat, forgottenReaders, func(int) []string { return []string{"FORGET ME", "yes"} })
			return
		}
		s.crowdTells(stayingChat, forgottenReaders, func(int) []string { return []string{"news"} })
	})
	after := s.todayFigures(t, "after")
	before.asks, before.wanted, before.answered, before.commands = before.asks+3*forgottenReaders, before.wanted+forgottenReaders, before.answered+forgottenReaders, before.commands+2*forgottenReaders
	if after != before {
		t.Errorf("counts are %+v, want %+v", after, before)
	}
	for i := range forgottenReaders {
		if got := n.api.sent(leavingChat + int64(i)); !strings.Contains(got[len(got)-1], "has erased all") {
			t.Fatalf("reader %d was told last %q", i, got[len(got)-1])
		}
	}
	s.holdsNoneWhoLeft(t, "beside a server")
	s.restart()
	if again := s.todayFigures(t, "after a restart"); again != after {
		t.Errorf("after a restart counts are %+v, want %+v", again, after)
	}
	if found := marksOf(leavingMark, []byte(s.log.String())); len(found) > 0 {
		t.Errorf("the log names %d readers, such as %s", len(found), found[0])
	}
	s.stop()
	s.holdsNoneWhoLeft(t, "without a server")
	for _, name := range []string{"keypull.db", "before.db"} {
		plain := s.opensWith(t, name)
		if found := marksOf(leavingMark, plain); len(found) > 0 {
			at := bytes.Index(plain, []byte(found[0]))
			t.Errorf("in %s %d readers who left can be read, such as %q in %s", name, len(found), found[:min(len(found), 12)], plain[max(0, at-300):min(len(plain), at+100)])
		}
		if found := marksOf(stayingMark, plain); len(found) < forgottenReaders/10*4/5 {
			t.Errorf("in %s only %d of those who stay can be read", name, len(found))
		}
	}
}

// holdsNoneWhoLeft looks at every byte of every file for readers who left, as they are
// written and as JSON writes bytes.
func (s *service) holdsNoneWhoLeft(t *testing.T, when string) {
	t.Helper()
	for _, path := range filesBelow(t, filepath.Dir(s.path)) {
		if filepath.Base(path) == "before.db" {
			continue
		}
		b, err := os.ReadFile(path) //nolint:gosec // of this test
		if err != nil {
			t.Fatal(err)
		}
		for _, sign := range encodingsOf(leavingMark, fmt.Sprint(leavingChat)[:8]) {
			if at := bytes.Index(b, sign); at >= 0 {
				t.Errorf("%s %s holds %q: %q", when, filepath.Base(path), sign, b[max(0, at-100):min(len(b), at+100)])
			}
		}
	}
}

// encodingsOf returns how texts look in a file, wherever in it they begin.
func encodingsOf(texts ...string) (all [][]byte) {
	for _, text := range texts {
		all = append(all, []byte(text), []byte(strings.ToUpper(text)), []byte(hex.EncodeToString([]byte(text))))
		for lead := range 3 {
			coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", lead) + text))
			all = append(all, []byte(coded[(lead*8+5)/6:len(text)*8/6]))
		}
	}
	return all
}

func filesBelow(t *testing.T, folder string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// marksOf returns whose marks stand in what was read, each once.
func marksOf(mark string, plain []byte) []string {
	var all []string
	for _, m := range regexp.MustCompile(mark+`[a-z]{3}`).FindAll(bytes.ToLower(plain), -1) {
		all = append(all, string(m))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// opensWith returns all that opens in a copy of the store with the keys of now.
func (s *service) opensWith(t *testing.T, name string) []byte {
	t.Helper()
	return s.opensOf(t, s.file(name), s.file("keypull.key.slots"))
}

// opensOf returns all that opens in a store with some slots and the key file.
func (s *service) opensOf(t *testing.T, db, slots string) []byte {
	t.Helper()
	folder := t.TempDir()
	for from, to := range map[string]string{db: "keypull.db", s.path: "config.toml", s.file("keypull.key"): "keypull.key", slots: "keypull.key.slots"} {
		b, err := os.ReadFile(from) //nolint:gosec // of this test
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, to), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, _ := config.Load(filepath.Join(folder, "config.toml"), os.LookupEnv, allKinds())
	in, err := openInstallation(t.Context(), c, s.logger, true)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}()
	var all bytes.Buffer
	in.readDocuments(t, &all)
	in.readLogs(t, &all)
	queue, ok := in.store.Queue("asks").(store.Searcher)
	if !ok {
		t.Fatal("the queue can't be looked through")
	}
	err = queue.Each(context.Background(), func(e store.Entry) { in.readSealed(&all, fmt.Sprint("queue/asks/", e.Seq), e.Payload) })
	if err != nil {
		t.Fatal(err)
	}
	return all.Bytes()
}

// readSealed writes down what opens in a place.
func (in *installation) readSealed(out *bytes.Buffer, place string, sealed []byte) {
	if plain, _, err := in.ring.OpenReader(place, sealed); err == nil {
		out.Write(plain)
	}
	if plain, err := store.OpenRecord(in.ring, place, sealed); err == nil {
		out.Write(plain)
	}
	out.WriteByte('\n')
}

// readDocuments writes down all documents, opened where they are sealed.
func (in *installation) readDocuments(t *testing.T, out *bytes.Buffer) {
	t.Helper()
	for _, kind := range []string{"reader", "erasing", "stopped", "dead", "demand", "demand-reached", "leaving", "saved-words", "act", "seen"} {
		for after := ""; ; {
			page, err := in.store.Scan(t.Context(), kind, after, store.MaxPage)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page {
				out.Write(p.Value)
				in.readSealed(out, p.Key, p.Value)
				in.readSealed(out, store.ValuePlace(p.Key, p.Revision), p.Value)
				in.readClusters(out, p)
				after = p.Key + "-"
			}
			if len(page) < store.MaxPage {
				break
			}
		}
	}
}

// readClusters writes down the words of demand that open.
func (in *installation) readClusters(out *bytes.Buffer, p store.Pair) {
	type taken struct {
		Keyword string
		Sealed  []byte
	}
	var page struct {
		Clusters map[string]struct {
			Sealed        []byte
			Taken, Helped []taken
		}
	}
	if json.Unmarshal(p.Value, &page) != nil {
		return
	}
	for id, c := range page.Clusters {
		in.readSealed(out, p.Key+"/"+id, c.Sealed)
		for _, o := range slices.Concat(c.Taken, c.Helped) {
			in.readSealed(out, p.Key+"/"+id+"/"+o.Keyword, o.Sealed)
		}
	}
}

// readLogs writes down all records.
func (in *installation) readLogs(t *testing.T, out *bytes.Buffer) {
	t.Helper()
	for _, name := range []string{"asks", "counts", "sends"} {
		for from := uint64(0); ; {
			page, err := in.store.Log(name).Read(t.Context(), from, store.MaxPage)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page {
				in.readSealed(out, store.LogPlace(name, r.ID), r.Data)
				from = r.Position + 1
			}
			if len(page) < store.MaxPage {
				break
			}
		}
	}
}

// TestACopyOfBeforeKnowsNobodyWhoLeft serves a copy with the newest keys.
func TestACopyOfBeforeKnowsNobodyWhoLeft(t *testing.T) {
	s := askedHouse(t)
	s.says(askingSession, "my city "+leavingMark)
	s.settled()
	s.printed(t, "backup "+s.file("before.db"))
	s.says(askingSession, "forget me")
	s.says(askingSession, "yes")
	s.settled()
	s.stop()
	for _, name := range []string{"keypull.db", "keypull.db.log"} {
		if err := os.RemoveAll(s.file(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(s.file("before.db"), s.file("keypull.db")); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.runs(t, []commandLine{{"another", "reader show" + rightsOf + "session-of-another", cli.Done, "records +1, since", ""}})
	if got := s.says(askingSession, "mydata"); strings.Contains(got, leavingMark) || strings.Contains(got, "gazpacho") {
		t.Errorf("who left is told %s", got)
	}
}
