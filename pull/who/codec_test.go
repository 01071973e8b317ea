package who_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull/compact"
	"keypull/pull/compact/compacttest"
	"keypull/pull/who"
)

func TestADocumentComesBackWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := compacttest.Draw[who.Reader](t)
		b, err := r.Encode()
		if errors.Is(err, who.ErrTooLarge) {
			// It does not get in: what can't be forgotten is too much by itself.
			r.Recent, r.Choices, r.Cursor, r.Question = nil, nil, nil, nil
			if b, err := r.Encode(); !errors.Is(err, who.ErrTooLarge) {
				t.Fatalf("%d bytes, error %v", len(b), err)
			}
			return
		}
		back, err := who.Decode(b)
		if kept := len(back.Recent); kept < len(r.Recent) { // the oldest went, so that it fits
			if r.Recent = r.Recent[:kept:kept]; kept == 0 {
				r.Recent, r.Cursor = nil, back.Cursor
				if back.Question == nil {
					r.Question = nil
				}
				if r.Choices = r.Choices[:len(back.Choices):len(back.Choices)]; len(back.Choices) == 0 {
					r.Choices = nil
				}
			}
		}
		if diff := cmp.Diff(r, back); diff != "" || err != nil {
			t.Fatal(err, diff)
		}
	})
}

// golden returns what an earlier version wrote, and the bytes of today's form.
func golden(tb testing.TB) (old, now []byte) {
	tb.Helper()
	old, err := os.ReadFile("testdata/reader.json")
	if err != nil {
		tb.Fatal(err)
	}
	lines, err := os.ReadFile("testdata/reader.hex")
	if err != nil {
		tb.Fatal(err)
	}
	now, err = hex.DecodeString(strings.Join(strings.Fields(string(lines)), ""))
	if err != nil {
		tb.Fatal(err)
	}
	return append([]byte{1}, bytes.TrimSpace(old)...), now
}

func TestTheFormOfDocumentsStays(t *testing.T) {
	t.Parallel()
	old, now := golden(t)
	r, err := who.Decode(old)
	if err != nil || len(r.Recent) != 3 || len(r.Settled) != 5 {
		t.Fatalf("%+v, %v", r, err)
	}
	if got, err := r.Encode(); !bytes.Equal(got, now) || err != nil {
		t.Errorf("a document is written as\n%x, %v", got, err)
	}
	if back, err := who.Decode(now); !cmp.Equal(r, back) || err != nil {
		t.Error(cmp.Diff(r, back), err)
	}
	if _, err := who.Decode([]byte{2, 0xff, 0xff, 0xff, 0xff, 0x7f}); !errors.Is(err, compact.ErrVersion) {
		t.Errorf("a later form: %v", err)
	}
}

func BenchmarkReader(b *testing.B) {
	old, now := golden(b)
	r, err := who.Decode(old)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = r.Encode()
		}
		b.ReportMetric(float64(len(now)), "B/document")
	})
	b.Run("encode as JSON", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = json.Marshal(&r)
		}
		b.ReportMetric(float64(len(old)), "B/document")
	})
	for name, kept := range map[string][]byte{"decode": now, "decode JSON": old} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = who.Decode(kept)
			}
		})
	}
}
