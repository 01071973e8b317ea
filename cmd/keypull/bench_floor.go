package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"keypull/pull/what"
	"keypull/store"
	"keypull/store/bolt"
)

// benchFsync measures appending 4 KiB and flushing it, in milliseconds.
func benchFsync(dir string, d time.Duration) (p50, p99 float64, err error) {
	f, err := os.Create(filepath.Join(dir, "fsync")) //nolint:gosec // a folder of our own
	if err != nil {
		return 0, 0, fmt.Errorf("fsync: %w", err)
	}
	defer func() { _ = f.Close() }()
	page := make([]byte, 4096)
	var took []float64
	for began := time.Now(); time.Since(began) < d; {
		at := time.Now()
		if _, err := f.Write(page); err != nil {
			return 0, 0, fmt.Errorf("fsync: %w", err)
		}
		if err := f.Sync(); err != nil {
			return 0, 0, fmt.Errorf("fsync: %w", err)
		}
		took = append(took, ms(time.Since(at)))
	}
	slices.Sort(took)
	return quantile(took, 0.5), quantile(took, 0.99), nil
}

// acceptCallers wait for their entry to be durable, all at once.
const acceptCallers = 256

// benchAccept measures Queue.Accept, one entry of 300 bytes a call.
func benchAccept(ctx context.Context, path string, records int) (perSecond float64, err error) {
	db, err := bolt.Open(path, store.Options{HashKey: make([]byte, 32), Clock: time.Now})
	if err != nil {
		return 0, fmt.Errorf("accept: %w", err)
	}
	defer func() { _ = db.Close() }()
	q := db.Queue("asks")
	var wait sync.WaitGroup
	errs := make(chan error, acceptCallers)
	began := time.Now()
	for caller := range acceptCallers {
		wait.Go(func() {
			payload := make([]byte, 240)
			for i := range records / acceptCallers {
				id := strconv.Itoa(caller) + "/" + strconv.Itoa(i)
				if _, err := q.Accept(ctx, []store.Entry{{ID: id, Partition: "p." + id, At: began, Payload: payload}}); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wait.Wait()
	took := time.Since(began)
	select {
	case err := <-errs:
		return 0, fmt.Errorf("accept: %w", err)
	default:
	}
	return float64(records/acceptCallers*acceptCallers) / took.Seconds(), nil
}

// lookUp is the cost of understanding one message.
type lookUp struct {
	Keywords int     `json:"keywords"`
	Nanos    float64 `json:"ns"`
	Probes   float64 `json:"probes"`
}

// benchIndexes measures look-ups in indexes of several sizes, batch by batch
// in turn: messages drawn evenly over all keywords, the median over batches.
func benchIndexes(sizes ...int) []lookUp {
	const batches = 61
	runs := make([]*indexRun, len(sizes))
	for i, n := range sizes {
		runs[i] = newIndexRun(n)
	}
	// What building left behind must not be collected while look-ups are timed.
	runtime.GC()
	for range batches {
		for _, r := range runs {
			r.batch()
		}
	}
	out := make([]lookUp, len(sizes))
	for i, r := range runs {
		slices.Sort(r.took)
		out[i] = lookUp{Keywords: r.keywords, Nanos: quantile(r.took, 0.5), Probes: float64(r.probes) / float64(batches*len(r.messages))}
	}
	return out
}

// indexRun is one index under measurement.
type indexRun struct {
	keywords int
	index    *what.Index
	random   *rand.Rand
	messages []string
	took     []float64
	probes   int
}

func newIndexRun(n int) *indexRun {
	const perBatch = 2000
	keywords := make([]what.Keyword, n)
	for i := range keywords {
		keywords[i] = what.Keyword{ID: "k" + strconv.Itoa(i), Phrases: map[string][]string{"en": {benchPhrase(i)}}}
	}
	return &indexRun{
		keywords: n, index: what.NewIndex(keywords, what.Options{}), messages: make([]string, perBatch),
		random: rand.New(rand.NewPCG(1, 2)), //nolint:gosec // draws messages, guards nothing
	}
}

func (r *indexRun) batch() {
	for i := range r.messages {
		r.messages[i] = benchPhrase(r.random.IntN(r.keywords))
	}
	began := time.Now()
	for _, m := range r.messages {
		r.probes += r.index.Match(m, "en").Probes
	}
	r.took = append(r.took, float64(time.Since(began).Nanoseconds())/float64(len(r.messages)))
}

// benchPhrase is a phrase of two words that no other number shares.
func benchPhrase(i int) string {
	return "topic" + strconv.FormatInt(int64(i)*7919+100000, 36) + " daily"
}
