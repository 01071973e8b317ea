package readercache_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"keypull/store/internal/readercache"
)

// document returns that of reader i at revision n.
func document(i, n int) []byte { return []byte(strings.Repeat(string(rune('a'+i%26)), n)) }

func reader(i, n int) readercache.Reader {
	return readercache.Reader{Slot: uint64(i) + 1, Revision: uint64(n), Document: document(i, n)} //nolint:gosec // both are small
}

func name(i int) string { return fmt.Sprintf("bench.reader%d", i) }

func keep(s *readercache.Cache, i, n int) {
	s.Keep(s.Now(name(i)), name(i), reader(i, n))
}

// Many more come than there is room for: who is found is told what was kept last.
func TestWhatIsFoundIsWhatWasKeptLast(t *testing.T) {
	const readers, most = 30_000, 2 << 20
	s := readercache.New(most)
	last := map[int]int{}
	source := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same ones each time
	for range 200_000 {
		i := source.IntN(readers)
		switch source.IntN(10) {
		case 0:
			s.Drop(name(i))
			delete(last, i)
		case 1, 2, 3:
			last[i] += 1 + source.IntN(40)
			keep(s, i, last[i])
		}
		r, ok := s.Read(name(i))
		if !ok {
			continue
		}
		want := reader(i, last[i])
		if r.Slot != want.Slot || r.Revision != want.Revision || !bytes.Equal(r.Document, want.Document) {
			t.Fatalf("reader %d: %+v, want %+v", i, r, want)
		}
		if found, ok := s.Find(name(i)); !ok || found.Slot != want.Slot || found.Document != nil {
			t.Fatalf("reader %d: %+v", i, found)
		}
	}
}

func TestAsManyStayAsThereIsRoomFor(t *testing.T) {
	const readers = 20_000
	s := readercache.New(readers * 256)
	for i := range readers {
		keep(s, i, 130)
	}
	found := 0
	for i := range readers {
		if _, ok := s.Find(name(i)); ok {
			found++
		}
	}
	if found < readers*9/10 {
		t.Errorf("%d of %d readers stay in 256 bytes each", found, readers)
	}
}

func TestWhoComesOftenStays(t *testing.T) {
	const often, once = 1_000, 100_000
	s := readercache.New(3 << 20)
	for i := range once {
		keep(s, i, 100)
		if i >= often && i%10 == 0 {
			if _, ok := s.Find(name(i / 10 % often)); !ok {
				t.Fatalf("reader %d is forgotten after %d others", i/10%often, i)
			}
		}
	}
	if _, ok := s.Find(name(often)); ok {
		t.Error("who came once, long ago, has not left")
	}
}

// Somebody has read or written a document, and another one drops or changes it before
// it is kept.
func TestWhatIsKeptLateIsNotTheOlder(t *testing.T) {
	for _, c := range []struct {
		name      string
		meanwhile func(*readercache.Cache)
		want      uint64
	}{
		{"nothing came between", func(*readercache.Cache) {}, 5},
		{"it was dropped", func(s *readercache.Cache) { s.Drop("a") }, 0},
		{"it was, and an earlier one was kept", func(s *readercache.Cache) {
			s.Drop("a")
			s.Keep(s.Now("a"), "a", readercache.Reader{Slot: 1, Revision: 3})
		}, 0},
		{"everybody was", func(s *readercache.Cache) { s.Clear() }, 0},
		{"a later one was kept", func(s *readercache.Cache) { s.Keep(s.Now("a"), "a", readercache.Reader{Slot: 1, Revision: 7}) }, 7},
		{"an earlier one was kept", func(s *readercache.Cache) { s.Keep(s.Now("a"), "a", readercache.Reader{Slot: 1, Revision: 3}) }, 5},
	} {
		s := readercache.New(1 << 20)
		since := s.Now("a")
		c.meanwhile(s)
		s.Keep(since, "a", readercache.Reader{Slot: 1, Revision: 5})
		if r, ok := s.Find("a"); r.Revision != c.want || ok != (c.want != 0) {
			t.Errorf("%s: revision %d, want %d", c.name, r.Revision, c.want)
		}
	}
}

func TestAMarkStaysWithTheReader(t *testing.T) {
	s := readercache.New(1 << 20)
	s.Mark("a")
	keep(s, 1, 10)
	if r, _ := s.Find(name(1)); r.Marked {
		t.Error("a mark from nowhere")
	}
	s.Mark(name(1))
	if r, _ := s.Read(name(1)); !r.Marked || len(r.Document) != 10 {
		t.Errorf("%+v", r)
	}
}

func TestWhatHasNoRoomIsNotKept(t *testing.T) {
	s := readercache.New(0)
	long := strings.Repeat("k", 300)
	for key, r := range map[string]readercache.Reader{
		long: {Slot: 1, Revision: 1}, "large": {Slot: 1, Revision: 1, Document: make([]byte, 64<<10)}, "none": {Slot: 1},
	} {
		if s.Keep(s.Now(key), key, r); len(key) > 0 {
			if _, ok := s.Find(key); ok {
				t.Errorf("%.10s was kept", key)
			}
		}
	}
	if keep(s, 1, 4<<10); !bytes.Equal(read(s, 1), document(1, 4<<10)) {
		t.Error("the largest document has no room in the smallest cache")
	}
}

func read(s *readercache.Cache, i int) []byte {
	r, _ := s.Read(name(i))
	return r.Document
}

func TestManyAtOnce(t *testing.T) {
	s := readercache.New(1 << 20)
	var wait sync.WaitGroup
	for worker := range 8 {
		wait.Go(func() {
			for n := range 5_000 {
				i := n*8 + worker
				keep(s, i, 100+n%50)
				if b := read(s, i); b != nil && !bytes.Equal(b, document(i, 100+n%50)) {
					t.Errorf("reader %d: %d bytes", i, len(b))
				}
				if n%1_000 == 0 {
					s.Bound(1 << 20)
				}
			}
		})
	}
	wait.Wait()
}
