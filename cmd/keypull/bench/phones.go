package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// phones are telephones in front of Kannel: they speak the line protocol of its
// stand-in for an operator, each message from a number of its own, and count
// what comes back.
type phones struct {
	conn net.Conn
	// base is the number of the first telephone.
	base int
	// left counts what is still out.
	slots chan struct{}
	rate  float64
	began time.Time

	mu    sync.Mutex
	took  []float64
	count atomic.Int64
	done  chan struct{}
}

// sendMessages sends so many messages, no more than inFlight of them unanswered, or at a
// rate, and returns when all are answered.
func (k *kannel) sendMessages(ctx context.Context, j job, inFlight int) (p pace, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", k.phones)
	if err != nil {
		return p, fmt.Errorf("kannel: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	t := &phones{conn: conn, base: 100_000_000, slots: make(chan struct{}, inFlight), rate: j.Rate, took: make([]float64, j.Count), done: make(chan struct{})}
	t.began = time.Now()
	go t.listen()
	if err := t.send(ctx, j); err != nil {
		return p, err
	}
	return t.awaitAnswers(ctx, j.Count)
}

// send writes the messages.
func (t *phones) send(ctx context.Context, j job) error {
	out := bufio.NewWriter(t.conn)
	patience := time.NewTimer(answerPatience)
	defer patience.Stop()
	for i := range j.Count {
		if t.rate > 0 {
			sleepUntil(t.intended(i))
		}
		select {
		case t.slots <- struct{}{}:
		default:
			// Nothing is left lying where an answer is waited for.
			if err := out.Flush(); err != nil {
				return fmt.Errorf("kannel: %w", err)
			}
			patience.Reset(answerPatience)
			select {
			case t.slots <- struct{}{}:
			case <-patience.C:
				return fmt.Errorf("kannel: %w: %d of %d", errUnanswered, t.count.Load(), j.Count)
			case <-ctx.Done():
				return fmt.Errorf("kannel: %w", ctx.Err())
			}
		}
		if t.rate == 0 {
			t.mu.Lock()
			t.took[i] = milliseconds(time.Since(t.began))
			t.mu.Unlock()
		}
		_, err := fmt.Fprintf(out, "+%d 13013 text %s\n", t.base+i, j.textAt(i))
		if t.rate > 0 || i == j.Count-1 {
			err = errors.Join(err, out.Flush())
		}
		if err != nil {
			return fmt.Errorf("kannel: %w", err)
		}
	}
	return nil
}

// intended returns when message i was meant to leave.
func (t *phones) intended(i int) time.Time {
	return t.began.Add(time.Duration(float64(i) / t.rate * float64(time.Second)))
}

// listen takes answers: who sends one, to whom, what kind, and what it says.
func (t *phones) listen() {
	seen := make([]bool, len(t.took))
	for lines := bufio.NewScanner(t.conn); lines.Scan(); {
		i, ok := t.addressee(lines.Text())
		if !ok || seen[i] {
			continue
		}
		seen[i] = true
		at := milliseconds(time.Since(t.began))
		t.mu.Lock()
		if t.rate > 0 {
			t.took[i] = milliseconds(time.Since(t.intended(i)))
		} else {
			t.took[i] = at - t.took[i]
		}
		t.mu.Unlock()
		<-t.slots
		if t.count.Add(1) == int64(len(t.took)) {
			close(t.done)
			return
		}
	}
}

// addressee returns the message that a line answers.
func (t *phones) addressee(line string) (int, bool) {
	fields := strings.SplitN(line, " ", 4)
	if len(fields) < 4 || !strings.Contains(fields[3], standInSays) {
		return 0, false
	}
	number, err := strconv.Atoi(strings.TrimPrefix(fields[1], "+"))
	i := number - t.base
	return i, err == nil && i >= 0 && i < len(t.took)
}

// awaitAnswers returns when all is answered, unless nothing comes for long.
func (t *phones) awaitAnswers(ctx context.Context, count int) (p pace, err error) {
	for last := int64(-1); ; {
		timer := time.NewTimer(answerPatience)
		select {
		case <-t.done:
			timer.Stop()
			seconds := time.Since(t.began).Seconds()
			slices.Sort(t.took)
			return pace{rate: float64(count) / seconds, p50: quantileOf(t.took, 0.5), p99: quantileOf(t.took, 0.99)}, nil
		case <-ctx.Done():
			timer.Stop()
			return p, fmt.Errorf("kannel: %w", ctx.Err())
		case <-timer.C:
			if now := t.count.Load(); now == last {
				return p, fmt.Errorf("kannel: %w: %d of %d", errUnanswered, now, count)
			}
			last = t.count.Load()
		}
	}
}
