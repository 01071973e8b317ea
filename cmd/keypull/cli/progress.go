package cli

import (
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull/words"
)

const (
	// patient is how long work goes on before it is told of.
	patient = time.Second
	// turn is how often the line is written anew.
	turn = 200 * time.Millisecond
)

// spinner are the faces of the line, one after another.
const spinner = `|/-\`

// Progress is a line at a terminal that tells how far long work is. It shows
// once a second has passed, and is gone when the work is done.
type Progress struct {
	out   io.Writer
	began time.Time
	what  string
	stop  func()

	done, all atomic.Int64
	end       chan struct{}
	ended     sync.WaitGroup
}

// Working tells of work whose name is a sentence's key; nothing where out is no
// terminal. End must be called.
func Working(out io.Writer, key string) *Progress {
	if !IsTerminal(out) {
		return nil
	}
	ticker := time.NewTicker(turn)
	p := newProgress(out, Say(key, nil), time.Now(), ticker.C)
	p.stop = ticker.Stop
	return p
}

// newProgress goes by the ticks of a clock, and by nothing else.
func newProgress(out io.Writer, what string, began time.Time, ticks <-chan time.Time) *Progress {
	p := &Progress{out: out, began: began, what: what, stop: func() {}, end: make(chan struct{})}
	p.ended.Go(func() { p.run(ticks) })
	return p
}

// Tell says how much is done, of how much. It may be called at any time, by
// anybody, and on nil.
func (p *Progress) Tell(done, all int) {
	if p != nil {
		p.done.Store(int64(done))
		p.all.Store(int64(all))
	}
}

// End takes the line away; on nil it does nothing.
func (p *Progress) End() {
	if p != nil {
		close(p.end)
		p.ended.Wait()
		p.stop()
	}
}

func (p *Progress) run(ticks <-chan time.Time) {
	const away = "\r\x1b[K"
	for n := 0; ; {
		select {
		case <-p.end:
			if n > 0 {
				_, _ = io.WriteString(p.out, away)
			}
			return
		case now := <-ticks:
			if now.Sub(p.began) >= patient {
				_, _ = io.WriteString(p.out, away+p.line(n, now))
				n++
			}
		}
	}
}

func (p *Progress) line(n int, now time.Time) string {
	said := fmt.Sprintf("%c %s", spinner[n%len(spinner)], p.what)
	if all := p.all.Load(); all > 0 {
		said += " " + Say("cli.progress", words.Args{"done": p.done.Load(), "all": all})
	}
	return said + " (" + strconv.Itoa(int(now.Sub(p.began)/time.Second)) + " s)"
}
