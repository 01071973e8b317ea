package itemindex_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources/itemindex"
)

// shelf holds the snapshots that an index reads.
type shelf struct {
	mu  sync.Mutex
	all map[pull.SnapshotID]*pull.Snapshot
}

func (s *shelf) Last(_ context.Context, p pull.SnapshotID) *pull.Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[p]
}

func (s *shelf) put(p pull.SnapshotID, items ...what.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[pull.SnapshotID]*pull.Snapshot{}
	}
	s.all[p] = &pull.Snapshot{Items: items}
}

func (s *shelf) drop(p pull.SnapshotID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, p)
}

var (
	languages = []string{"en", "de", "fr"}
	news      = pull.SnapshotID{Publisher: "paper", Source: "news", Mark: "m", Key: "feed"}
	events    = pull.SnapshotID{Publisher: "paper", Source: "events", Key: "calendar"}
	others    = pull.SnapshotID{Publisher: "other", Source: "news", Mark: "m", Key: "feed"}
)

func item(id, title, text string, facts ...what.Fact) what.Item {
	return what.Item{ID: id, Title: title, Summary: text, Facts: facts}
}

func opened(t *testing.T, s *shelf, folder string) *itemindex.Index {
	t.Helper()
	x := itemindex.New(itemindex.Options{Folder: folder, Read: s.Last, MaxBytes: 64 << 20, MaxPublisher: 16 << 20})
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func flush(t *testing.T, x *itemindex.Index) {
	t.Helper()
	if err := x.Flush(t.Context(), "paper"); err != nil {
		t.Fatal(err)
	}
}

func words(all ...string) (w []pull.ItemWord) {
	for _, text := range all {
		w = append(w, pull.ItemWord{Text: text, Weight: 1})
	}
	return w
}

// found returns the ids of what is found at places by words.
func found(t *testing.T, x *itemindex.Index, places []pull.SnapshotID, said ...string) []string {
	t.Helper()
	ids := []string{}
	if len(places) == 0 {
		return ids
	}
	hits, err := x.Search(t.Context(), places[0].Publisher, pull.ItemQuery{Words: words(said...), Places: places, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hits {
		ids = append(ids, h.Item)
	}
	return ids
}

func wantFound(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestItemsAreFoundInWhateverScript(t *testing.T) {
	s := &shelf{}
	s.put(news, item("bridge", "Old bridge closed until spring", "Drivers must take the ring road."), item("museum", "Le musée rouvre ses portes", ""),
		item("market", "Adventsmarkt am Rathaus", ""), item("ja", "市立美術館で新しい展覧会", ""), item("th", "พิพิธภัณฑ์เปิดใหม่", ""), item("zh", "图书馆周末开放", ""))
	x := opened(t, s, t.TempDir())
	x.Follow("paper", languages, []pull.SnapshotID{news})
	flush(t, x)
	for said, want := range map[string]string{"bridges": "bridge", "musees": "museum", "märkte": "market", "rathaus": "market", "美術館": "ja", "พิพิธภัณฑ์": "th", "图书馆": "zh"} {
		wantFound(t, found(t, x, []pull.SnapshotID{news}, said), want)
	}
	wantFound(t, found(t, x, []pull.SnapshotID{news}, "ring"))
	hits, err := x.Search(t.Context(), "paper", pull.ItemQuery{Words: words("ring", "road"), Places: []pull.SnapshotID{news}, Deep: true, Limit: 1})
	if err != nil || len(hits) != 1 || hits[0].Item != "bridge" || hits[0].Place != news {
		t.Errorf("paragraphs: %+v, %v", hits, err)
	}
}

func TestTheNearestIsFirst(t *testing.T) {
	s := &shelf{}
	s.put(events, item("1", "Christmas market", ""), item("2", "Market hall reopens", ""), item("3", "Concert", "", what.Fact{Name: "place", Text: "Market hall"}))
	x := opened(t, s, "")
	x.Follow("paper", languages, []pull.SnapshotID{events})
	flush(t, x)
	wantFound(t, found(t, x, []pull.SnapshotID{events}, "market", "hall"), "2", "3", "1")
	hits, err := x.Search(t.Context(), "paper", pull.ItemQuery{Words: words("christmas", "market"), Places: []pull.SnapshotID{events}, Limit: 1})
	if err != nil || len(hits) != 1 || hits[0].Item != "1" || hits[0].Coverage < 0.99 || hits[0].Certainty < 0.9 {
		t.Errorf("got %+v, %v", hits, err)
	}
}

func TestOnlyWhatIsFollowedIsFound(t *testing.T) {
	s := &shelf{}
	s.put(news, item("n", "Bridge closed", ""))
	s.put(events, item("e", "Bridge festival", ""))
	s.put(others, item("o", "Bridge of another publisher", ""))
	folder := t.TempDir()
	x := opened(t, s, folder)
	x.Changed(news) // nobody follows it yet
	x.Follow("paper", languages, []pull.SnapshotID{news, events})
	x.Follow("other", languages, []pull.SnapshotID{others})
	flush(t, x)
	both := []pull.SnapshotID{news, events}
	got := found(t, x, both, "bridge")
	slices.Sort(got)
	wantFound(t, got, "e", "n")
	wantFound(t, found(t, x, []pull.SnapshotID{events}, "bridge"), "e")
	x.Follow("paper", languages, []pull.SnapshotID{events})
	wantFound(t, found(t, x, both, "bridge"), "e") // at once, before anything is written
	flush(t, x)
	wantFound(t, found(t, x, both, "bridge"), "e")
	x.Follow("paper", nil, nil)
	wantFound(t, found(t, x, both, "bridge"))
	flush(t, x)
	if _, err := os.Stat(filepath.Join(folder, "paper.db")); !os.IsNotExist(err) {
		t.Errorf("the file of a publisher that is gone: %v", err)
	}
	wantFound(t, found(t, x, []pull.SnapshotID{others}, "bridge"), "o")
}

func TestSnapshotsAreFollowed(t *testing.T) {
	s := &shelf{}
	s.put(news, item("1", "Bridge closed", ""))
	folder := t.TempDir()
	x := opened(t, s, folder)
	at := []pull.SnapshotID{news}
	x.Follow("paper", languages, at)
	flush(t, x)
	s.put(news, item("2", "Tunnel closed", ""))
	for range 3 {
		x.Changed(news)
	}
	flush(t, x)
	wantFound(t, found(t, x, at, "bridge"))
	wantFound(t, found(t, x, at, "tunnel"), "2")
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = opened(t, s, folder)
	x.Follow("paper", languages, at)
	flush(t, x)
	wantFound(t, found(t, x, at, "tunnel"), "2")
	s.drop(news)
	x.Changed(news)
	flush(t, x)
	wantFound(t, found(t, x, at, "tunnel"))
}

func TestAFileThatIsLostOrDamagedIsReadAnew(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"lost": os.Remove,
		"damaged": func(path string) error {
			return os.WriteFile(path, slices.Repeat([]byte("spoilt!!"), 4096), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &shelf{}
			for n := range 20 {
				s.put(pull.SnapshotID{Publisher: "paper", Source: "news", Key: fmt.Sprint(n)}, item(fmt.Sprint(n), "Bridge closed", ""))
			}
			var places []pull.SnapshotID
			for p := range s.all {
				places = append(places, p)
			}
			folder := t.TempDir()
			x := opened(t, s, folder)
			x.Follow("paper", languages, places)
			flush(t, x)
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			if err := spoil(filepath.Join(folder, "paper.db")); err != nil {
				t.Fatal(err)
			}
			x = opened(t, s, folder)
			x.Follow("paper", languages, places)
			flush(t, x)
			if got := found(t, x, places, "bridge"); len(got) != 10 {
				t.Errorf("found %q", got)
			}
		})
	}
}

// TestAFileOfNobodyIsRemovedAtTheStart has a publisher go while nothing runs.
func TestAFileOfNobodyIsRemovedAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		s := &shelf{}
		s.put(news, item("bridge", "Old bridge closed", ""))
		s.put(others, item("tram", "Tram stops", ""))
		before := opened(t, s, folder)
		before.Follow("paper", languages, []pull.SnapshotID{news})
		before.Follow("other", languages, []pull.SnapshotID{others})
		flush(t, before)
		if err := before.Close(); err != nil {
			t.Fatal(err)
		}
		x := opened(t, s, folder)
		x.Follow("paper", languages, []pull.SnapshotID{news})
		ctx, cancel := context.WithCancel(t.Context())
		go x.Run(ctx)
		synctest.Wait()
		cancel()
		synctest.Wait()
		left, err := filepath.Glob(filepath.Join(folder, "*.db"))
		if err != nil || len(left) != 1 || filepath.Base(left[0]) != "paper.db" {
			t.Errorf("%q are left, error %v", left, err)
		}
		wantFound(t, found(t, x, []pull.SnapshotID{news}, "bridge"), "bridge")
	})
}

// TestWhatIsRemovedWhileNothingRunsIsOffTheDisk has a source go between two starts: its words
// stand in no byte of the file, and the rest is found at once.
func TestWhatIsRemovedWhileNothingRunsIsOffTheDisk(t *testing.T) {
	s, folder := &shelf{}, t.TempDir()
	s.put(news, item("bridge", "Old bridge closed", ""))
	s.put(events, item("secret", "Zanzibar merger", "Signed in Quollport."))
	x := opened(t, s, folder)
	x.Follow("paper", languages, []pull.SnapshotID{news, events})
	flush(t, x)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	onDisk := func() (text string) {
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			bytes, err := os.ReadFile(name) //nolint:gosec // of this test
			if err != nil {
				t.Fatal(err)
			}
			text += string(bytes)
		}
		return text
	}
	if !strings.Contains(onDisk(), "quollport") {
		t.Fatal("it never was on the disk")
	}
	x = opened(t, s, folder)
	x.Follow("paper", languages, []pull.SnapshotID{news})
	wantFound(t, found(t, x, []pull.SnapshotID{news}, "bridge"), "bridge")
	flush(t, x)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if text := onDisk(); strings.Contains(text, "quollport") || strings.Contains(text, "zanzibar") {
		t.Error("it is on the disk")
	}
}

func TestTheOldestGiveWayWhereThereIsNoRoom(t *testing.T) {
	s := &shelf{}
	var full []string
	folder := t.TempDir()
	open := func() *itemindex.Index {
		return itemindex.New(itemindex.Options{Folder: folder, Read: s.Last, MaxBytes: 1 << 20, MaxPublisher: 1 << 20, Full: func(_ string, sources []string) { full = sources }})
	}
	x := open()
	var places []pull.SnapshotID
	for n := range 12 {
		p := pull.SnapshotID{Publisher: "paper", Source: "news", Key: fmt.Sprint(n)}
		var items []what.Item
		for m := range 40 {
			it := item(fmt.Sprint(n, m), fmt.Sprintf("Story%d part%d", n, m), fmt.Sprint(slices.Repeat([]string{fmt.Sprintf("word%d", m)}, 300)))
			it.Published = time.Unix(int64(1000*n+m), 0)
			items = append(items, it)
		}
		s.put(p, items...)
		places = append(places, p)
		x.Follow("paper", languages, places)
		flush(t, x)
	}
	if got := found(t, x, places, "story11"); len(got) == 0 {
		t.Error("the newest is not found")
	}
	if got := found(t, x, places, "story0"); len(got) != 0 {
		t.Errorf("the oldest is found: %q", got)
	}
	if !slices.Equal(full, []string{"news"}) {
		t.Errorf("%q are said to have no room", full)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	full = nil
	x = open()
	defer func() { _ = x.Close() }()
	x.Follow("paper", languages, places)
	flush(t, x)
	if !slices.Equal(full, []string{"news"}) {
		t.Errorf("%q are said to have no room after a restart", full)
	}
	x.Follow("paper", languages, places[11:])
	flush(t, x)
	if len(full) > 0 {
		t.Errorf("%q are said to have no room where all is there", full)
	}
}

// TestAFileThatIsBeingOpenedKeepsNobodyElseWaiting has the file of one publisher be locked, so
// that whoever opens it waits.
func TestAFileThatIsBeingOpenedKeepsNobodyElseWaiting(t *testing.T) {
	s, folder := &shelf{}, t.TempDir()
	s.put(news, item("bridge", "Old bridge closed", ""))
	s.put(others, item("tram", "Tram stops", ""))
	x := opened(t, s, folder)
	x.Follow("paper", languages, []pull.SnapshotID{news})
	x.Follow("other", languages, []pull.SnapshotID{others})
	flush(t, x)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(folder, "other.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	wait.Go(func() { wantFound(t, found(t, x, []pull.SnapshotID{others}, "tram"), "tram") })
	wantFound(t, found(t, x, []pull.SnapshotID{news}, "bridge"), "bridge")
	if _, err := db.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Error(err)
	}
	wait.Wait()
}

func TestManyPublishersShareTheFilesThatAreOpen(t *testing.T) {
	s := &shelf{}
	x := opened(t, s, t.TempDir())
	var wait sync.WaitGroup
	for n := range 40 {
		p := pull.SnapshotID{Publisher: fmt.Sprintf("paper%d", n), Source: "news"}
		s.put(p, item("i", "Bridge closed", ""))
		x.Follow(p.Publisher, languages, []pull.SnapshotID{p})
	}
	flush(t, x)
	for n := range 40 {
		wait.Go(func() {
			p := pull.SnapshotID{Publisher: fmt.Sprintf("paper%d", n), Source: "news"}
			hits, err := x.Search(t.Context(), p.Publisher, pull.ItemQuery{Words: words("bridge"), Places: []pull.SnapshotID{p}, Limit: 3})
			if err != nil || len(hits) != 1 {
				t.Errorf("%s: %v, %v", p.Publisher, hits, err)
			}
		})
	}
	wait.Wait()
}

func TestASearchEndsWithItsCaller(t *testing.T) {
	s := &shelf{}
	s.put(news, item("1", "Bridge", ""))
	x := opened(t, s, "")
	x.Follow("paper", languages, []pull.SnapshotID{news})
	flush(t, x)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Search(ctx, "paper", pull.ItemQuery{Words: words("bridge"), Places: []pull.SnapshotID{news}}); err == nil {
		t.Error("it goes on")
	}
}

func BenchmarkSearch(b *testing.B) {
	s := &shelf{}
	common := []string{"city", "council", "opens", "school", "road", "river", "market", "night", "summer", "police"}
	var places []pull.SnapshotID
	for n := range 10 {
		p := pull.SnapshotID{Publisher: "paper", Source: "news", Key: fmt.Sprint(n)}
		var items []what.Item
		for m := range 1000 {
			i := n*1000 + m
			items = append(items, item(fmt.Sprint(i), fmt.Sprintf("%s %s name%d of%d", common[i%10], common[i/10%10], i, i%500), fmt.Sprintf("%s and %s were seen in place%d", common[i/100%10], common[i%7], i%900)))
		}
		s.put(p, items...)
		places = append(places, p)
	}
	x := itemindex.New(itemindex.Options{Folder: b.TempDir(), Read: s.Last, MaxBytes: 1 << 30, MaxPublisher: 512 << 20})
	defer func() { _ = x.Close() }()
	x.Follow("paper", languages, places)
	if err := x.Flush(b.Context(), "paper"); err != nil {
		b.Fatal(err)
	}
	for name, said := range map[string]string{
		"rare":   "name4711 river",
		"common": "city council school",
		"absent": "how much does somebody else ask",
		"joined": "was kostet die schwimmbadeintrittskarte",
		"deep":   "when was place77 seen at the river by night",
	} {
		q := pull.ItemQuery{Words: words(strings.Fields(said)...), Text: said, Deep: name == "deep", Places: places, Limit: 8}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := x.Search(b.Context(), "paper", q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
