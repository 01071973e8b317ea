package who_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

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
	return append([]byte{1}, bytes.TrimSpace(old)...), readHex(tb, "testdata/reader.hex")
}

func readHex(tb testing.TB, name string) []byte {
	tb.Helper()
	lines, err := os.ReadFile(name) //nolint:gosec // of this package
	if err != nil {
		tb.Fatal(err)
	}
	b, err := hex.DecodeString(strings.Join(strings.Fields(string(lines)), ""))
	if err != nil {
		tb.Fatal(err)
	}
	return b
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
	// Marks and ids were not always written as bytes.
	for _, b := range [][]byte{now, readHex(t, "testdata/reader_unpacked.hex")} {
		if back, err := who.Decode(b); !cmp.Equal(r, back) || err != nil {
			t.Error(cmp.Diff(r, back), err)
		}
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

func TestADocumentTellsUnreadWhoLeaves(t *testing.T) {
	t.Parallel()
	old, now := golden(t)
	leaving, err := who.Reader{First: time.Unix(1, 0), Leaves: time.Unix(2, 0)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		document      []byte
		leaves, fails bool
	}{
		"stays": {now, false, false}, "of an earlier version": {old, false, false}, "leaves": {leaving, true, false},
		"cut": {leaving[:1], false, true}, "empty": {nil, false, true}, "of a later version": {[]byte{3, 1}, false, true},
	} {
		if leaves, err := who.Leaving(c.document); leaves != c.leaves || (err != nil) != c.fails {
			t.Errorf("%s: %v, %v", name, leaves, err)
		}
	}
}
