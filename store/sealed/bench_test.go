package sealed_test

import (
	"testing"

	"keypull/store"
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

// BenchmarkNewReader has 128 callers that share syncs.
func BenchmarkNewReader(b *testing.B) {
	r, _ := fresh(b)
	b.SetParallelism(64)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := r.NewReader(); err != nil {
				b.Error(err)
			}
		}
	})
}
