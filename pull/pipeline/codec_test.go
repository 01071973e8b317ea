package pipeline_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/compact"
	"keypull/pull/compact/compacttest"
	"keypull/pull/pipeline"
)

func TestWhatIsKeptOfAnAskComesBackWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := compacttest.Draw[pipeline.Record](t)
		back, err := pipeline.DecodeRecord(r.Encode())
		if diff := cmp.Diff(r, back); diff != "" || err != nil {
			t.Fatal(err, diff)
		}
		e := compacttest.Draw[pull.Entry](t)
		entry, err := pipeline.DecodeEntry(pipeline.EncodeEntry(&e))
		if diff := cmp.Diff(e, entry); diff != "" || err != nil {
			t.Fatal(err, diff)
		}
	})
}

// golden reads what an earlier version wrote: its JSON, and the bytes of today's
// form in hex.
func golden(tb testing.TB, name string) (asJSON, compactly []byte) {
	tb.Helper()
	asJSON, err := os.ReadFile(filepath.Join("testdata", name+".json")) //nolint:gosec // of this package
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.TrimSpace(asJSON), readHex(tb, name)
}

func readHex(tb testing.TB, name string) []byte {
	tb.Helper()
	lines, err := os.ReadFile(filepath.Join("testdata", name+".hex")) //nolint:gosec // of this package
	if err != nil {
		tb.Fatal(err)
	}
	b, err := hex.DecodeString(strings.Join(strings.Fields(string(lines)), ""))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestTheFormOfRecordsAndEntriesStays(t *testing.T) {
	t.Parallel()
	old, now := golden(t, "record")
	record, err := pipeline.DecodeRecord(old)
	if err != nil || record.Reply == nil || record.Trace.Ask != 4711 {
		t.Fatalf("%+v, %v", record, err)
	}
	if got := record.Encode(); !bytes.Equal(got, now) {
		t.Errorf("a record is written as\n%x", got)
	}
	if back, err := pipeline.DecodeRecord(now); !cmp.Equal(record, back) || err != nil {
		t.Error(cmp.Diff(record, back), err)
	}
	old, now = golden(t, "entry")
	entry, err := pipeline.DecodeEntry(old)
	if err != nil || entry.Text == "" {
		t.Fatalf("%+v, %v", entry, err)
	}
	if got := pipeline.EncodeEntry(&entry); !bytes.Equal(got, now) {
		t.Errorf("an entry is written as\n%x", got)
	}
	// Ids and addresses were not always written as bytes.
	for _, b := range [][]byte{now, readHex(t, "entry_unpacked")} {
		if back, err := pipeline.DecodeEntry(b); !cmp.Equal(entry, back) || err != nil {
			t.Error(cmp.Diff(entry, back), err)
		}
	}
}

func TestALaterFormIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := pipeline.DecodeRecord([]byte{9, 0}); !errors.Is(err, compact.ErrVersion) {
		t.Error(err)
	}
	if _, err := pipeline.DecodeEntry([]byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}); !errors.Is(err, compact.ErrVersion) {
		t.Error(err)
	}
}

func FuzzDecodeRecord(f *testing.F) {
	for _, name := range []string{"record", "entry"} {
		old, now := golden(f, name)
		f.Add(old)
		f.Add(now)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 0 && b[0] == '{' {
			return
		}
		if r, err := pipeline.DecodeRecord(b); err == nil {
			again, err := pipeline.DecodeRecord(r.Encode())
			if err != nil || again.Trace.Ask != r.Trace.Ask {
				t.Fatal(err)
			}
		}
		if e, err := pipeline.DecodeEntry(b); err == nil {
			if _, err := pipeline.DecodeEntry(pipeline.EncodeEntry(&e)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	old, now := golden(b, "record")
	record, err := pipeline.DecodeRecord(old)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = record.Encode()
		}
		b.ReportMetric(float64(len(now)), "B/record")
	})
	b.Run("encode as JSON", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = json.Marshal(&record)
		}
		b.ReportMetric(float64(len(old)), "B/record")
	})
	for name, kept := range map[string][]byte{"decode": now, "decode JSON": old} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = pipeline.DecodeRecord(kept)
			}
		})
	}
}

func BenchmarkEntry(b *testing.B) {
	old, now := golden(b, "entry")
	entry, err := pipeline.DecodeEntry(old)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = pipeline.EncodeEntry(&entry)
		}
		b.ReportMetric(float64(len(now)), "B/entry")
	})
	b.Run("encode as JSON", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = json.Marshal(&entry)
		}
		b.ReportMetric(float64(len(old)), "B/entry")
	})
	for name, kept := range map[string][]byte{"decode": now, "decode JSON": old} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = pipeline.DecodeEntry(kept)
			}
		})
	}
}
