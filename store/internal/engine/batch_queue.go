package engine

import (
	"slices"
	"sync"
	"time"

	"keypull/store"
)

// Limits of one transaction: beyond a few thousand keys a large one takes
// longer than two halves, since pages are split at its end only.
const (
	maxBatchWorks = 4096
	maxBatchBytes = 16 << 20
	// maxBatches is how many may wait before work for later waits as well.
	maxBatches = 4
)

// laterDelay is how long a write that nobody waits for may wait for another
// one to ride with.
const laterDelay = 10 * time.Millisecond

// batchQueue is where callers leave their work and the writer takes it.
type batchQueue struct {
	wake chan struct{}

	mu      sync.Mutex
	closed  bool
	batches []*Batch // only the last one still fills
	timer   *time.Timer
	asked   []*copyRequest
}

// askForCopy asks the writer for a file that may be copied.
func (q *batchQueue) askForCopy() (*copyRequest, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, store.ErrClosed
	}
	r := &copyRequest{done: make(chan struct{})}
	q.asked = append(q.asked, r)
	q.wakeWriter()
	return r, nil
}

// copyRequests takes the requests that wait.
func (q *batchQueue) copyRequests() (asked []*copyRequest) {
	q.mu.Lock()
	defer q.mu.Unlock()
	asked, q.asked = q.asked, nil
	return asked
}

// addWork puts work into the batch that fills and returns that batch. Work for later
// does not wake the writer at once.
func (q *batchQueue) addWork(w Work, later bool) (*Batch, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, store.ErrClosed
	}
	t := q.fillingBatch()
	t.works = append(t.works, w)
	t.bytes += w.Size()
	if later && len(t.works) < maxBatchWorks {
		q.takeWithin(t, laterDelay)
		return t, nil
	}
	t.urgent = true
	q.wakeWriter()
	return t, nil
}

// isCrowded says that so much waits that nobody may leave without waiting.
func (q *batchQueue) isCrowded() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.batches) > maxBatches
}

// addAgain takes work that has to be tried again after a while.
func (q *batchQueue) addAgain(works []Work, after time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.fillingBatch()
	t.works = append(works, t.works...)
	q.takeWithin(t, after)
}

func (q *batchQueue) fillingBatch() *Batch {
	if n := len(q.batches); n > 0 {
		if t := q.batches[n-1]; len(t.works) < maxBatchWorks && t.bytes < maxBatchBytes {
			return t
		}
	}
	t := &Batch{done: make(chan struct{})}
	q.batches = append(q.batches, t)
	return t
}

// nextBatch takes the oldest batch, or returns nil; over means that no more will come.
func (q *batchQueue) nextBatch() (t *Batch, over bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.batches) == 0 {
		return nil, q.closed
	}
	if !q.isDue() {
		q.setTimer()
		return nil, false
	}
	t = q.batches[0]
	q.batches[0] = nil
	q.batches = q.batches[1:]
	return t, false
}

// isDue says that a batch must not wait any longer: it or one behind it, since
// they go in order.
func (q *batchQueue) isDue() bool {
	now := time.Now()
	return q.closed || slices.ContainsFunc(q.batches, func(t *Batch) bool { return t.urgent || !now.Before(t.by) })
}

// takeWithin has a batch that nobody waits for taken in a while at the latest.
func (q *batchQueue) takeWithin(t *Batch, after time.Duration) {
	if by := time.Now().Add(after); t.by.IsZero() || by.Before(t.by) {
		t.by = by
		q.setTimer()
	}
}

// setTimer sets the timer to the batch that must be taken first.
func (q *batchQueue) setTimer() {
	first := slices.MinFunc(q.batches, func(a, b *Batch) int { return a.by.Compare(b.by) })
	wait := max(time.Until(first.by), 0)
	if q.timer == nil {
		q.timer = time.AfterFunc(wait, q.wakeWriter)
		return
	}
	q.timer.Reset(wait)
}

func (q *batchQueue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if q.timer != nil {
		q.timer.Stop()
	}
	q.wakeWriter()
}

func (q *batchQueue) wakeWriter() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}
