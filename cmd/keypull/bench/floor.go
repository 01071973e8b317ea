package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"keypull/store"
	"keypull/store/bolt"
)

// measureFsync measures appending 4 KiB and flushing it, in milliseconds.
func measureFsync(dir string, d time.Duration) (p50, p99 float64, err error) {
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
		took = append(took, milliseconds(time.Since(at)))
	}
	slices.Sort(took)
	return quantileOf(took, 0.5), quantileOf(took, 0.99), nil
}

// acceptCallers wait for their entry to be durable, all at once.
const acceptCallers = 256

// measureAccept measures Queue.Accept, one entry of 300 bytes a call.
func measureAccept(ctx context.Context, path string, records int) (perSecond float64, err error) {
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
