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

// logged returns how much stands in the log of a store that has begun one.
func logged(b *testing.B, path string) (n int) {
	b.Helper()
	segments, err := filepath.Glob(path + ".wal.[0-9]*")
	must(b, err)
	for _, s := range segments {
		content, err := os.ReadFile(s) //nolint:gosec // of this test
		must(b, err)
		n += len(bytes.TrimRight(content, "\x00"))
	}
	return n
}

// Asks that are written down, and of how many readers.
const writtenAsks, writtenReaders = 10_000, 2_000

// writing is a store that typical asks are written to.
type writing struct {
	*testing.B
	path     string
	was      int // what stood in the log before the step
	ledger   *store.Ledger
	inbox    *store.Inbox
	record   pipeline.Record
	entry    pull.Entry
	document [writtenReaders]who.Reader
	revision [writtenReaders]uint64
	ids      [writtenAsks]uint64
}

func (w *writing) ask(i int) pull.Ask {
	a := w.entry.Ask
	a.ID, a.Reader = w.ids[i], who.Key(fmt.Sprintf("lecker.q7Zp3vKXn0yB1sT4%06d", i%writtenReaders))
	a.Incoming.ID = fmt.Sprint(881200341 + i)
	a.At = a.At.Add(time.Duration(i) * 3_141_593)
	return a
}

// step does one thing for every ask, each reader's in their order, and reports what
// it took in the log.
func (w *writing) step(name string, do func(i int)) {
	const workers = 50
	for from := 0; from < writtenAsks; from += writtenReaders {
		var group sync.WaitGroup
		for worker := range workers {
			group.Go(func() {
				for i := from + worker; i < from+writtenReaders; i += workers {
					do(i)
				}
			})
		}
		group.Wait()
	}
	time.Sleep(50 * time.Millisecond) // what nobody waits for is written within 10 ms
	is := logged(w.B, w.path)
	w.ReportMetric(float64(is-w.was)/writtenAsks, name+"-B/ask")
	w.was = is
}

func (w *writing) accept(i int) {
	accepted, err := w.inbox.Accept(w.Context(), []pull.Entry{{Ask: w.ask(i)}})
	must(w, err)
	w.ids[i] = accepted[0].Seq
}

func (w *writing) settle(i int) {
	a, of, record := w.ask(i), i%writtenReaders, w.record
	record.Reader, record.Trace.Ask, record.Trace.At = a.Reader, a.ID, a.At
	var ended []uint64
	if i >= writtenReaders {
		ended = []uint64{w.ids[i-writtenReaders]}
	}
	w.document[of] = w.document[of].Settle(a.ID, true, ended...)
	var err error
	w.revision[of], err = w.ledger.Settle(w.Context(), pipeline.Settlement{Ask: a, Reader: w.document[of], Revision: w.revision[of], Record: record})
	must(w, err)
}

// BenchmarkWritten is what stands in the log of each step of typical asks before any
// checkpoint.
func BenchmarkWritten(b *testing.B) {
	for b.Loop() {
		folder := b.TempDir()
		w := &writing{B: b, path: filepath.Join(folder, "keypull.db"), was: 4096}
		ring, err := sealed.Open(sealed.Options{Path: filepath.Join(folder, "keypull.key"), Fresh: true})
		must(b, err)
		db, err := bolt.Open(w.path, store.Options{})
		must(b, err)
		read(b, "pipeline/testdata/record.json", &w.record)
		read(b, "pipeline/testdata/entry.json", &w.entry)
		for i := range w.document {
			read(b, "who/testdata/reader.json", &w.document[i])
			w.document[i].Settled, w.document[i].Unsent = nil, nil
		}
		w.ledger = store.NewLedger(db, ring, time.Now, slog.New(slog.DiscardHandler))
		w.inbox = store.NewInbox(w.ledger)
		w.step("accept", w.accept)
		w.step("settle", w.settle)
		w.step("finish", func(i int) {
			w.ledger.Finish(b.Context(), pipeline.Finish{Ask: w.ask(i), Fate: pipeline.Sent})
		})
		must(b, db.Close())
		must(b, ring.Close())
	}
}
