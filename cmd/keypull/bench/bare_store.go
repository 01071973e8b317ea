package bench

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
)

const (
	// bareRecordBytes is about what an entry of the queue takes on file.
	bareRecordBytes = 300
	// bareGrowStep is by how much its file grows, and bareFill how full its pages
	// are, as the store's.
	bareGrowStep = 4 << 20
	bareFill     = 0.9
)

// bareGroupCommit returns the yardstick for the store's write path: how many
// records a second bbolt takes when a given number of callers each wait for
// their record to be durable, with nothing around it. It makes a file at path,
// which must not exist, on the options of the store and with the same kind of
// writer: one loop that takes everything that waits and commits it, one Put of
// 300 bytes per record under growing keys of 8 bytes. Removing the file is up
// to the caller.
func bareGroupCommit(ctx context.Context, path string, callers, records int) (perSecond float64, err error) {
	if callers < 1 || records < 1 {
		return 0, fmt.Errorf("bare group commit: %d callers and %d records, both must be at least 1", callers, records)
	}
	file, err := bbolt.Open(path, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoFreelistSync: true, NoStatistics: true})
	if err != nil {
		return 0, fmt.Errorf("bare group commit: %w", err)
	}
	file.AllocSize = bareGrowStep
	defer func() { err = errors.Join(err, file.Close()) }()
	w := &bareWriter{file: file, wake: make(chan struct{}, 1), bucket: []byte("bare")}
	if err := file.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket(w.bucket)
		return err
	}); err != nil {
		return 0, fmt.Errorf("bare group commit: %w", err)
	}
	started := time.Now()
	if err := w.drive(ctx, callers, records); err != nil {
		return 0, fmt.Errorf("bare group commit: %w", err)
	}
	return float64(records) / time.Since(started).Seconds(), nil
}

// bareWriter is the one loop.
type bareWriter struct {
	file   *bbolt.DB
	bucket []byte
	wake   chan struct{}
	key    uint64

	mu      sync.Mutex
	waiting *bareBatch
}

type bareBatch struct {
	values [][]byte
	done   chan struct{}
	err    error
}

// drive runs the callers and the writer until all records are in.
func (w *bareWriter) drive(ctx context.Context, callers, records int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan struct{})
	go func() { defer close(ended); w.run(ctx) }()
	var left atomic.Int64
	left.Store(int64(records))
	var group sync.WaitGroup
	errs := make([]error, callers)
	for i := range callers {
		group.Go(func() {
			value := make([]byte, bareRecordBytes)
			_, _ = rand.Read(value)
			for left.Add(-1) >= 0 && errs[i] == nil {
				errs[i] = w.put(ctx, value)
			}
		})
	}
	group.Wait()
	cancel()
	<-ended
	return errors.Join(errs...)
}

func (w *bareWriter) put(ctx context.Context, value []byte) error {
	w.mu.Lock()
	if w.waiting == nil {
		w.waiting = &bareBatch{done: make(chan struct{})}
	}
	t := w.waiting
	t.values = append(t.values, value)
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *bareWriter) run(ctx context.Context) {
	for {
		w.mu.Lock()
		t := w.waiting
		w.waiting = nil
		w.mu.Unlock()
		if t != nil {
			t.err = w.file.Update(func(tx *bbolt.Tx) error { return w.write(tx, t.values) })
			close(t.done)
			continue
		}
		select {
		case <-w.wake:
			runtime.Gosched() // as the store's writer does
		case <-ctx.Done():
			return
		}
	}
}

func (w *bareWriter) write(tx *bbolt.Tx, values [][]byte) error {
	b := tx.Bucket(w.bucket)
	b.FillPercent = bareFill
	for _, v := range values {
		w.key++
		if err := b.Put(binary.BigEndian.AppendUint64(nil, w.key), v); err != nil {
			return err
		}
	}
	return nil
}
