package store_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
)

// read decodes an example of what is kept of a typical ask.
func read(b *testing.B, name string, into any) {
	b.Helper()
	content, err := os.ReadFile(filepath.Join("..", "pull", name)) //nolint:gosec // of this repository
	if err == nil {
		err = json.Unmarshal(content, into)
	}
	must(b, err)
}

// logged is how much stands in the log of a store that has begun one.
func logged(b *testing.B, path string) (n int) {
	b.Helper()
	segments, err := filepath.Glob(path + ".log.[0-9]*")
	must(b, err)
	for _, s := range segments {
		content, err := os.ReadFile(s) //nolint:gosec // of this test
		must(b, err)
		n += len(bytes.TrimRight(content, "\x00"))
	}
	return n
}

// BenchmarkWritten is what stands in the log of each step of 10,000 typical asks of
// 2,000 readers, before any checkpoint.
func BenchmarkWritten(b *testing.B) {
	const asks, readers = 10_000, 2_000
	for b.Loop() {
		folder := b.TempDir()
		path := filepath.Join(folder, "keypull.db")
		ring, err := sealed.OpenKeyFile(filepath.Join(folder, "keypull.key"))
		must(b, err)
		db, err := bolt.Open(path, store.Options{})
		must(b, err)
		var record pipeline.Record
		var entry pull.Entry
		document := make([]who.Reader, readers)
		read(b, "pipeline/testdata/record.json", &record)
		read(b, "pipeline/testdata/entry.json", &entry)
		for i := range document {
			read(b, "who/testdata/reader.json", &document[i])
			document[i].Settled, document[i].Unsent = nil, nil
		}
		ledger := store.NewLedger(db, ring, time.Now, slog.New(slog.DiscardHandler))
		inbox := store.NewInbox(ledger)
		revisions := make([]uint64, readers)
		ask := func(i int) pull.Ask {
			a := entry.Ask
			a.Reader = who.Key(fmt.Sprintf("lecker.q7Zp3vKXn0yB1sT4%06d", i%readers))
			a.Incoming.ID = fmt.Sprint(881200341 + i)
			a.At = a.At.Add(time.Duration(i) * 3_141_593)
			return a
		}
		ids := make([]uint64, asks)
		was := 4096
		step := func(name string, do func(i int)) {
			for from := 0; from < asks; from += readers {
				var group sync.WaitGroup
				for worker := range 50 {
					group.Go(func() {
						for i := from + worker; i < from+readers; i += 50 {
							do(i)
						}
					})
				}
				group.Wait()
			}
			time.Sleep(50 * time.Millisecond) // what nobody waits for is written within 10 ms
			is := logged(b, path)
			b.ReportMetric(float64(is-was)/asks, name+"-B/ask")
			was = is
		}
		step("accept", func(i int) {
			accepted, err := inbox.Accept(b.Context(), []pull.Entry{{Ask: ask(i)}})
			must(b, err)
			ids[i] = accepted[0].Seq
		})
		step("settle", func(i int) {
			a, of := ask(i), i%readers
			a.ID = ids[i]
			record := record
			record.Reader, record.Trace.Ask, record.Trace.At = a.Reader, a.ID, a.At
			var ended []uint64
			if i >= readers {
				ended = []uint64{ids[i-readers]}
			}
			document[of] = document[of].Settle(a.ID, true, ended...)
			var err error
			revisions[of], err = ledger.Settle(b.Context(), pipeline.Settlement{Ask: a, Reader: document[of], Revision: revisions[of], Record: record})
			must(b, err)
		})
		step("finish", func(i int) {
			a := ask(i)
			a.ID = ids[i]
			ledger.Finish(b.Context(), pipeline.Finish{Ask: a, Fate: pipeline.Sent})
		})
		must(b, db.Close())
		info, err := os.Stat(path)
		must(b, err)
		b.ReportMetric(float64(info.Size())/asks, "file-B/ask")
		must(b, ring.Close())
	}
}
