package wal_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/store/internal/wal"
)

func begin(t *testing.T, prefix string, h wal.Head, flush func(*os.File) error) *wal.Log {
	t.Helper()
	l, err := wal.Begin(prefix, h, flush)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close(false) })
	return l
}

func add(t *testing.T, l *wal.Log, records ...string) {
	t.Helper()
	var all [][]byte
	for _, r := range records {
		all = append(all, []byte(r))
	}
	if err := l.Append(all, true); err != nil {
		t.Fatal(err)
	}
}

// records returns what a log holds behind a sequence.
func records(t *testing.T, prefix string, after uint64) (map[uint64]string, wal.Report) {
	t.Helper()
	found, err := wal.Look(prefix)
	if err != nil {
		t.Fatal(err)
	}
	got := map[uint64]string{}
	report, err := found.Read(after, func(seq uint64, record []byte) error {
		got[seq] = string(record)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got, report
}

func TestWhatWasAppendedIsReadInItsOrder(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "keypull.db")
	head := wal.Head{Identity: [16]byte{1, 2}, Generation: 7, First: 5, Backups: []uint64{3, 4}}
	l := begin(t, prefix, head, nil)
	add(t, l, "five", "")
	if err := l.Rotate(head); err != nil {
		t.Fatal(err)
	}
	add(t, l, "seven")
	got, report := records(t, prefix, 0)
	if diff := cmp.Diff(map[uint64]string{5: "five", 6: "", 7: "seven"}, got); diff != "" || report.Last != 7 {
		t.Error(diff, report)
	}
	if got, _ := records(t, prefix, 6); len(got) != 1 {
		t.Errorf("behind 6 there are %v", got)
	}
	found, err := wal.Look(prefix)
	if err != nil {
		t.Fatal(err)
	}
	want := head
	want.First = 7
	if diff := cmp.Diff(want, found.Segments[1].Head); diff != "" {
		t.Error(diff)
	}
	if err := l.Drop(l.Old()); err != nil {
		t.Fatal(err)
	}
	if got, _ := records(t, prefix, 6); len(got) != 1 {
		t.Errorf("without the old segment there are %v", got)
	}
}

// TestASegmentThatIsUsedAgainHoldsNothingOfBefore has short records in front of
// where long ones stood.
func TestASegmentThatIsUsedAgainHoldsNothingOfBefore(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "keypull.db")
	l := begin(t, prefix, wal.Head{First: 1}, nil)
	for range 3 {
		for range 100 {
			add(t, l, string(bytes.Repeat([]byte("x"), 300)))
		}
		if err := errors.Join(l.Rotate(wal.Head{}), l.Drop(l.Old())); err != nil {
			t.Fatal(err)
		}
	}
	add(t, l, "short")
	if got, report := records(t, prefix, 300); len(got) != 1 || got[301] != "short" || report.Lost != nil {
		t.Errorf("%d records, %+v", len(got), report)
	}
}

func TestAFlushThatFailedEndsTheLog(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "keypull.db")
	failing := false
	l := begin(t, prefix, wal.Head{First: 1}, func(*os.File) error {
		if failing {
			return errors.New("the disk does not answer")
		}
		return nil
	})
	add(t, l, "before")
	failing = true
	if err := l.Append([][]byte{[]byte("a")}, true); !errors.Is(err, wal.ErrDoubtful) {
		t.Errorf("error %v, want ErrDoubtful", err)
	}
	failing = false
	if err := l.Append(nil, true); !errors.Is(err, wal.ErrDoubtful) {
		t.Errorf("a second flush: error %v, want ErrDoubtful", err)
	}
}

// TestWhateverIsAppendedIsReadAgain has records of all sizes, one at a time and
// many at once, flushed and not.
func TestWhateverIsAppendedIsReadAgain(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // no secret
		prefix := filepath.Join(t.TempDir(), "keypull.db")
		l := begin(t, prefix, wal.Head{First: 1}, nil)
		want := map[uint64]string{}
		for range 60 {
			var batch [][]byte
			for range 1 + r.IntN(4) {
				text := bytes.Repeat([]byte{byte(r.IntN(256))}, r.IntN(3000)) //nolint:gosec // below 256
				want[l.Next()+uint64(len(batch))] = string(text)
				batch = append(batch, text)
			}
			if err := l.Append(batch, r.IntN(2) == 0); err != nil {
				t.Fatal(err)
			}
			if r.IntN(20) == 0 {
				if err := l.Rotate(wal.Head{}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got, report := records(t, prefix, 0); !cmp.Equal(want, got) || report.Lost != nil || report.Torn {
			t.Errorf("seed %d: %d records of %d, %+v", seed, len(got), len(want), report)
		}
	}
}

func TestSegmentsAreSetAsideUnderAnotherName(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "keypull.db")
	add(t, begin(t, prefix, wal.Head{First: 1}, nil), "a")
	found, err := wal.Look(prefix)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := found.Aside(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	if want := []string{prefix + ".wal.1.before-20261120T120000Z"}; err != nil || !cmp.Equal(want, paths) {
		t.Errorf("%q, error %v; want %q", paths, err, want)
	}
	if found, err := wal.Look(prefix); err != nil || len(found.Segments) != 0 {
		t.Errorf("%+v, error %v; want no log", found, err)
	}
}

// FuzzRead has a log damaged at some places: what is read is what was written, in
// its order, and what is missing is told.
func FuzzRead(f *testing.F) {
	f.Add(uint64(1), uint16(1), uint32(4200), false)
	f.Add(uint64(2), uint16(3), uint32(100), false)
	f.Add(uint64(3), uint16(1), uint32(5000), true)
	f.Fuzz(func(t *testing.T, seed uint64, spots uint16, at uint32, cut bool) {
		r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // no secret
		prefix := filepath.Join(t.TempDir(), "keypull.db")
		l := begin(t, prefix, wal.Head{First: 1}, func(*os.File) error { return nil })
		var want []string
		for i := range 1 + r.IntN(60) {
			text := fmt.Sprint(i, string(bytes.Repeat([]byte{byte(r.IntN(256))}, r.IntN(900)))) //nolint:gosec // below 256
			want = append(want, text)
			add(t, l, text)
		}
		path := l.Path()
		content, err := os.ReadFile(path) //nolint:gosec // of this test
		if err != nil {
			t.Fatal(err)
		}
		end := int(l.Size()) + 4096
		for range spots % 20 {
			content[int(at)%end] ^= byte(1 + r.IntN(255)) //nolint:gosec // below 256
			at = r.Uint32()
		}
		if cut {
			content = content[:int(at)%end]
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		checkRead(t, prefix, want)
	})
}

func checkRead(t *testing.T, prefix string, want []string) {
	t.Helper()
	got, report := records(t, prefix, 0)
	lost := map[uint64]bool{}
	for _, s := range report.Lost {
		for seq := s.First; seq <= s.Last; seq++ {
			lost[seq] = true
		}
	}
	for seq, text := range got {
		if seq == 0 || seq > uint64(len(want)) || want[seq-1] != text {
			t.Fatalf("record %d is %q", seq, text)
		}
	}
	for seq := uint64(1); seq <= report.Last; seq++ {
		if _, ok := got[seq]; ok == lost[seq] {
			t.Errorf("record %d is there: %v, and told as lost: %v", seq, ok, lost[seq])
		}
	}
}

// TestWhatWasNeverFlushedIsNoDamage has the end of a machine leave out a record in
// the midst of the last ones, and one before them be damaged.
func TestWhatWasNeverFlushedIsNoDamage(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "keypull.db")
	l := begin(t, prefix, wal.Head{First: 1}, nil)
	add(t, l, "one")
	add(t, l, "two", "three", "four")
	add(t, l, "five", "six", "seven")
	whole, err := os.ReadFile(l.Path())
	if err != nil {
		t.Fatal(err)
	}
	for text, c := range map[string]struct {
		lost []wal.Span
		torn bool
	}{
		"one": {lost: []wal.Span{{First: 1, Last: 1}}}, "three": {lost: []wal.Span{{First: 3, Last: 3}}},
		"five": {torn: true}, "six": {torn: true}, "seven": {torn: true},
	} {
		content := bytes.Replace(whole, []byte(text), make([]byte, len(text)), 1)
		if err := os.WriteFile(l.Path(), content, 0o600); err != nil {
			t.Fatal(err)
		}
		got, report := records(t, prefix, 0)
		if len(got) != 6 || !slices.Equal(c.lost, report.Lost) || c.torn != report.Torn {
			t.Errorf("without %s there are %v, and it tells %+v", text, got, report)
		}
	}
}

// TestASegmentThatIsMissingIsKnown by the one before, or by who needs the first.
func TestASegmentThatIsMissingIsKnown(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "keypull.db")
	l := begin(t, prefix, wal.Head{First: 1}, nil)
	add(t, l, "one")
	places := []wal.SegmentID{l.Segment()}
	for _, text := range []string{"two", "three"} {
		if text == "three" {
			l.Ahead()
		}
		if err := l.Rotate(wal.Head{}); err != nil {
			t.Fatal(err)
		}
		places = append(places, l.Segment())
		add(t, l, text)
	}
	paths := append(l.Old(), l.Path())
	if got, report := records(t, prefix, 0); len(got) != 3 || report.Torn || report.Lost != nil {
		t.Errorf("%v, %+v", got, report)
	}
	for i, path := range paths {
		whole, err := os.ReadFile(path) //nolint:gosec // of this test
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			content []byte // nil: it is not there
			cut     bool
		}{
			"removed":               {},
			"emptied":               {content: []byte{}},
			"another":               {content: segmentOfAnother(t)},
			"cut":                   {content: whole[:4096+20], cut: true},
			"cut to its head":       {content: whole[:4096], cut: true},
			"all but its head gone": {content: append(slices.Clone(whole[:4096]), make([]byte, len(whole)-4096)...), cut: true},
		} {
			if l.There() != "" {
				t.Fatalf("%s is said to be missing", l.There())
			}
			if err := os.Rename(path, path+".away"); err != nil {
				t.Fatal(err)
			}
			if c.content != nil {
				if err := os.WriteFile(path, c.content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			found, err := wal.Look(prefix)
			if err != nil {
				t.Fatal(err)
			}
			for first, place := range places {
				missing, cut, err := found.Missing(place)
				if want := i >= first; err != nil || (missing == path) != want || cut != (want && c.cut) {
					t.Errorf("%s %s, from %d on: %q, cut %v, %v", path, name, first, missing, cut, err)
				}
			}
			if l.There() != path {
				t.Errorf("while it is written %q is missing, not %s", l.There(), path)
			}
			if err := os.Rename(path+".away", path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// segmentOfAnother returns a segment of a log that had the same name once.
func segmentOfAnother(t *testing.T) []byte {
	t.Helper()
	l := begin(t, filepath.Join(t.TempDir(), "keypull.db"), wal.Head{First: 1}, nil)
	add(t, l, "one")
	content, err := os.ReadFile(l.Path())
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestWhatWasOnlyBeingWrittenIsNotMissing has a machine end: what was not flushed is
// gone, and what says up to where the log goes is of a while before, or not there.
func TestWhatWasOnlyBeingWrittenIsNotMissing(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "keypull.db")
	l := begin(t, prefix, wal.Head{First: 1}, nil)
	add(t, l, "one")
	read := func(path string) []byte {
		content, err := os.ReadFile(path) //nolint:gosec // of this test
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	early := read(prefix + ".wal.end")
	add(t, l, "two")
	end := read(prefix + ".wal.end")
	if err := l.Append([][]byte{[]byte("later")}, false); err != nil {
		t.Fatal(err)
	}
	whole := read(l.Path())
	without := func(text string) []byte { return bytes.Replace(whole, []byte(text), make([]byte, len(text)), 1) }
	for name, c := range map[string]struct {
		content, end []byte
		cut          bool
	}{
		"later":                    {content: without("later"), end: end},
		"later, an early end":      {content: without("later"), end: early},
		"two":                      {content: without("two")[:4096+60], end: end, cut: true},
		"two, an early end":        {content: without("two")[:4096+60], end: early},
		"two, an end that is torn": {content: without("two")[:4096+60], end: end[:7]},
		"one, an early end":        {content: whole[:4096+8], end: early, cut: true},
	} {
		if err := errors.Join(os.WriteFile(prefix+".wal.end", c.end, 0o600), os.WriteFile(l.Path(), c.content, 0o600)); err != nil {
			t.Fatal(err)
		}
		found, err := wal.Look(prefix)
		if err != nil {
			t.Fatal(err)
		}
		if _, cut, err := found.Missing(l.Segment()); err != nil || cut != c.cut {
			t.Errorf("without %s: cut %v, %v", name, cut, err)
		}
	}
}

// TestWhoFollowsReadsEveryRecordOnce reads with and without what is known of where the last
// reading ended, in parts of all sizes, over segments that are kept and the one that is written.
func TestWhoFollowsReadsEveryRecordOnce(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 3)) //nolint:gosec // no secret
		prefix := filepath.Join(t.TempDir(), "keypull.db")
		l := begin(t, prefix, wal.Head{First: 1}, nil)
		l.Keep(1 << 30)
		kept := &wal.Kept{Prefix: prefix, Most: 1 << 30}
		var want []string
		for last := uint64(0); len(want) < 300; {
			for range r.IntN(40) {
				size := r.IntN(600)
				if r.IntN(60) == 0 {
					size = 300_000 + r.IntN(300_000) // more than is read ahead
				}
				want = append(want, fmt.Sprintf("%d %s", len(want), bytes.Repeat([]byte("x"), size)))
				add(t, l, want[len(want)-1])
			}
			if r.IntN(4) == 0 {
				if err := errors.Join(l.Rotate(wal.Head{}), l.Drop(l.Old())); err != nil {
					t.Fatal(err)
				}
			}
			for until := last + uint64(r.IntN(40)); last < min(until, uint64(len(want))); { //nolint:gosec // not negative
				if r.IntN(8) == 0 {
					kept = &wal.Kept{Prefix: prefix, Most: 1 << 30}
				}
				run, err := kept.ReadAfter(last, uint64(len(want)), 1+r.IntN(2_000))
				if err != nil || run.First != last+1 {
					t.Fatalf("seed %d, after %d of %d: from %d, error %v", seed, last, len(want), run.First, err)
				}
				for _, record := range run.Records {
					if last++; string(record) != want[last-1] {
						t.Fatalf("seed %d: record %d is another", seed, last)
					}
				}
			}
		}
		if _, err := kept.ReadAfter(uint64(len(want)), ^uint64(0), 1); !errors.Is(err, wal.ErrGone) {
			t.Errorf("behind the last record: error %v, want ErrGone", err)
		}
	}
}
