package wal

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"keypull/pull/private"
)

// beginPlain begins a log, and has it written through the system's cache where plain
// is set.
func beginPlain(t testing.TB, plain bool, flush func(*os.File) error) *Log {
	t.Helper()
	l, err := Begin(filepath.Join(t.TempDir(), "keypull.db"), Head{First: 1}, flush)
	if err == nil {
		err = l.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close(false) })
	if plain {
		l.makePlain(t)
	}
	return l
}

func (l *Log) makePlain(t testing.TB) {
	t.Helper()
	if l.block == 0 {
		return
	}
	f, err := private.OpenFile(l.Path(), os.O_RDWR)
	if err != nil {
		t.Fatal(err)
	}
	// The head of a segment that was made ahead stands in what is to be written first.
	if _, err := f.WriteAt(l.tail, l.at-int64(len(l.tail))); err != nil {
		t.Fatal(err)
	}
	if err := l.file.Close(); err != nil {
		t.Fatal(err)
	}
	l.file, l.block, l.tail = f, 0, nil
}

func (l *Log) readAll(t *testing.T) (all []string) {
	t.Helper()
	found, err := Look(l.prefix)
	if err != nil {
		t.Fatal(err)
	}
	report, err := found.Read(0, func(_ uint64, record []byte) error {
		all = append(all, string(record))
		return nil
	})
	if err != nil || report.Last != uint64(len(all)) || len(report.Lost) > 0 {
		t.Fatalf("%+v of %d records, %v", report, len(all), err)
	}
	return all
}

// TestBlocksHoldWhatPlainWritesDo writes 10,000 random batches past the system's cache
// and through it: what is read again is the same.
func TestBlocksHoldWhatPlainWritesDo(t *testing.T) {
	const cases = 10_000
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // which bytes is no secret
	noFlush := func(*os.File) error { return nil }
	direct, plain := beginPlain(t, false, noFlush), beginPlain(t, true, noFlush)
	var want []string
	for n := range cases {
		var batch [][]byte
		for range 1 + random.IntN(2) {
			record := make([]byte, []int{40, 600, 5000}[random.IntN(3)]*random.IntN(100)/100)
			for i := range record {
				record[i] = byte(random.Uint32() & 0xff)
			}
			batch, want = append(batch, record), append(want, string(record))
		}
		for _, l := range []*Log{direct, plain} {
			if err := l.Append(batch, n%3 > 0); err != nil {
				t.Fatal(err)
			}
			if random := n % 1000; random == 500 {
				l.Ahead()
			} else if random == 999 {
				if err := l.Rotate(Head{}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n%1000 == 999 {
			plain.makePlain(t)
		}
	}
	for name, l := range map[string]*Log{"direct": direct, "plain": plain} {
		if err := l.Close(false); err != nil {
			t.Fatal(err)
		}
		if got := l.readAll(t); !slices.Equal(got, want) {
			t.Errorf("%s: %d records, want %d", name, len(got), len(want))
		}
	}
}

// BenchmarkAppend makes records durable past the system's cache and through it.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1200, 3000, 8000} {
		for name, plain := range map[string]bool{"direct": false, "plain": true} {
			b.Run(name+"/"+strconv.Itoa(size), func(b *testing.B) {
				l := beginPlain(b, plain, nil)
				batch := [][]byte{make([]byte, size)}
				for b.Loop() {
					if err := l.Append(batch, true); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
