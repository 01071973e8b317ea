package bench

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"keypull/cmd/keypull/machine"
)

// job is one load: post Count updates of Telegram to a path, over Conns
// connections, each from the next of Readers.
type job struct {
	Addr string
	// Also are further servers, of which every next connection is to another one.
	Also  []string
	Path  string
	Conns int
	// Readers are so many behind the first Base.
	Readers, Base int
	Count         int
	First         int64
	// Keywords are how many are asked for in turn; the one of the feed where none.
	Keywords int
	Text     string
	Rate     float64
	// Answers makes the job end with the last answer at the stand-in, and
	// times each from when its ask was meant to leave.
	Answers bool
	// Secure has the service send its answers by https.
	Secure bool
}

// outcome is what came of it; milliseconds.
type outcome struct {
	Seconds float64
	Failed  int64
	// Status is that of the last that was refused.
	Status   int64
	P50, P99 float64
	Missing  int
	// Micros is what a request cost this process of the processor.
	Micros float64
	err    error
}

// Err says what went wrong with the load.
func (l outcome) Err() error {
	if l.err != nil || l.Failed > 0 || l.Missing > 0 {
		return fmt.Errorf("load: %d refused (%d), %d unanswered: %w", l.Failed, l.Status, l.Missing, cmp.Or(l.err, errLoad))
	}
	return nil
}

var errLoad = errors.New("not all was answered")

// jobRun is one job under way.
type jobRun struct {
	job
	next   atomic.Int64
	failed atomic.Int64
	// status is that of the last refusal.
	status atomic.Int64
	began  time.Time
	// took holds the milliseconds of each request that was accepted, by its number.
	took []float64
}

func runJob(ctx context.Context, s *standIn, j job) outcome {
	r := &jobRun{job: j, took: make([]float64, j.Count)}
	if j.Answers {
		s.expectReplies(j)
	}
	r.began = time.Now()
	before := machine.CPUTime()
	errs := make(chan error, j.Conns)
	var wait sync.WaitGroup
	for i := range j.Conns {
		at := append([]string{j.Addr}, j.Also...)[i%(1+len(j.Also))]
		wait.Go(func() {
			if err := r.driveConnection(ctx, at); err != nil {
				errs <- err
			}
		})
	}
	wait.Wait()
	load := outcome{Failed: r.failed.Load(), Status: r.status.Load()}
	ended := time.Now()
	if j.Answers {
		var arrived []time.Time
		arrived, load.Missing = s.awaitReplies(ctx)
		for i, at := range arrived {
			r.took[i] = milliseconds(at.Sub(r.intendedTime(i)))
			if at.After(ended) {
				ended = at
			}
		}
	}
	load.Seconds = ended.Sub(r.began).Seconds()
	load.Micros = float64((machine.CPUTime() - before).Microseconds()) / float64(j.Count)
	slices.Sort(r.took)
	load.P50, load.P99 = quantileOf(r.took, 0.5), quantileOf(r.took, 0.99)
	select {
	case load.err = <-errs:
	default:
	}
	return load
}

// intendedTime returns when request i was meant to leave: at once in a closed loop, by
// the clock in an open one.
func (r *jobRun) intendedTime(i int) time.Time {
	if r.Rate == 0 {
		return r.began
	}
	return r.began.Add(time.Duration(float64(i) / r.Rate * float64(time.Second)))
}

// driveConnection returns one connection: it takes the next number, waits for its time, and
// posts it.
func (r *jobRun) driveConnection(ctx context.Context, at string) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", at)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close() }()
	in := bufio.NewReaderSize(conn, 4096)
	var out []byte
	for ctx.Err() == nil {
		i := int(r.next.Add(1)) - 1
		if i >= r.Count {
			return nil
		}
		if wait := time.Until(r.intendedTime(i)); wait > 0 && r.Rate > 0 {
			sleepUntil(r.intendedTime(i))
		}
		sent := time.Now()
		out = r.appendRequest(out[:0], i)
		if _, err := conn.Write(out); err != nil {
			return fmt.Errorf("send: %w", err)
		}
		status, err := readResponse(in)
		if err != nil {
			return fmt.Errorf("read the answer: %w", err)
		}
		if status != 200 {
			r.failed.Add(1)
			r.status.Store(int64(status))
			continue
		}
		if r.Rate > 0 {
			sent = r.intendedTime(i)
		}
		r.took[i] = milliseconds(time.Since(sent))
	}
	return nil
}

// sleepUntil sleeps to within a millisecond of a moment and yields for the
// rest, since a timer alone wakes up too late to measure with.
func sleepUntil(at time.Time) {
	if d := time.Until(at) - time.Millisecond; d > 0 {
		t := time.NewTimer(d)
		<-t.C
	}
	for time.Now().Before(at) {
		t := time.NewTimer(50 * time.Microsecond)
		<-t.C
	}
}

// readerAt returns the chat that request i comes from.
func (j job) readerAt(i int) int64 { return 1_000_000 + int64(j.Base+i%j.Readers) }

// textAt returns what request i asks for.
func (j job) textAt(i int) string {
	if j.Keywords > 0 {
		const stride = 7919 // a prime: few asks are spread over all keywords, too
		return keywordName(i * stride % j.Keywords)
	}
	return j.Text
}

// keywordName returns the word of a keyword among many.
func keywordName(i int) string { return "kw" + strconv.Itoa(100_000+i) }

// appendRequest builds one update as Telegram posts it.
func (r *jobRun) appendRequest(b []byte, i int) []byte {
	reader := strconv.FormatInt(r.readerAt(i), 10)
	body := `{"update_id":` + strconv.FormatInt(r.First+int64(i), 10) +
		`,"message":{"message_id":` + strconv.Itoa(i+1) +
		`,"from":{"id":` + reader + `,"is_bot":false,"first_name":"Ada","last_name":"Lovelace","username":"ada","language_code":"en"}` +
		`,"chat":{"id":` + reader + `,"first_name":"Ada","last_name":"Lovelace","username":"ada","type":"private"}` +
		`,"date":1790000000,"text":"` + r.textAt(i) + `"}}`
	b = append(b, "POST "+r.Path+" HTTP/1.1\r\nHost: "+r.Addr+"\r\nContent-Type: application/json\r\n"+
		"X-Telegram-Bot-Api-Secret-Token: "+secret+"\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len(body)), 10)
	b = append(b, "\r\n\r\n"...)
	return append(b, body...)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// quantileOf reads a sorted list.
func quantileOf(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
