package sealed_test

import (
	"path/filepath"
	"testing"
	"time"

	"keypull/store"
	"keypull/store/sealed"
)

func BenchmarkSealReader(b *testing.B) {
	r, _ := fresh(b)
	reader := must[store.Slot](b)(r.NewReader())
	plain := make([]byte, 600)
	b.ReportAllocs()
	for b.Loop() {
		seal, err := r.SealReader(reader)
		if err != nil {
			b.Fatal(err)
		}
		seal(here, plain)
	}
}

func BenchmarkOpenReader(b *testing.B) {
	r, _ := fresh(b)
	sealed := ofReader(b, r, must[store.Slot](b)(r.NewReader()), string(make([]byte, 600)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := r.OpenReader(here, sealed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealDay(b *testing.B) {
	r, _ := fresh(b)
	plain := make([]byte, 300)
	b.ReportAllocs()
	for b.Loop() {
		seal, err := r.SealDay(noon)
		if err != nil {
			b.Fatal(err)
		}
		seal(here, plain)
	}
}

func BenchmarkPseudonym(b *testing.B) {
	r, _ := fresh(b)
	b.ReportAllocs()
	for b.Loop() {
		_ = r.Pseudonym("lecker", "tg", "1234567890")
	}
}

func BenchmarkSealBoth(b *testing.B) {
	r, _ := fresh(b)
	reader := must[store.Slot](b)(r.NewReader())
	plain := make([]byte, 300)
	b.ReportAllocs()
	for b.Loop() {
		seal, err := r.SealBoth(reader, noon)
		if err != nil {
			b.Fatal(err)
		}
		seal(here, plain)
	}
}

// BenchmarkNewReader has 128 callers that share syncs, or keys made ahead.
func BenchmarkNewReader(b *testing.B) {
	for name, c := range map[string]struct {
		sync time.Duration
		make func(*sealed.Ring) error
	}{
		"ahead":      {0, func(r *sealed.Ring) error { _, err := r.NewReader(); return err }},
		"alone":      {0, (*sealed.Ring).MakeAlone},
		"ahead, 8ms": {8 * time.Millisecond, func(r *sealed.Ring) error { _, err := r.NewReader(); return err }},
		"alone, 8ms": {8 * time.Millisecond, (*sealed.Ring).MakeAlone},
	} {
		b.Run(name, func(b *testing.B) {
			r := must[*sealed.Ring](b)(sealed.Open(sealed.Options{Path: filepath.Join(b.TempDir(), "keypull.key"), Fresh: true}))
			defer r.Close() //nolint:errcheck // a benchmark
			r.SlowSync(c.sync)
			b.SetParallelism(64)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := c.make(r); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// BenchmarkManyReaders goes round more readers than have a cipher ready.
func BenchmarkManyReaders(b *testing.B) {
	r := must[*sealed.Ring](b)(sealed.Open(sealed.Options{Path: filepath.Join(b.TempDir(), "keypull.key"), Fresh: true}))
	defer r.Close() //nolint:errcheck // a benchmark
	readers := make([]store.Slot, 45_000)
	for i := range readers {
		readers[i] = must[store.Slot](b)(r.NewReader())
	}
	plain := make([]byte, 600)
	b.ResetTimer()
	b.ReportAllocs()
	for i := range b.N {
		seal, err := r.SealReader(readers[i*7919%len(readers)])
		if err != nil {
			b.Fatal(err)
		}
		seal(here, plain)
	}
}
