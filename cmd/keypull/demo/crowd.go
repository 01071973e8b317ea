package demo

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"keypull/pull/journal"
)

// Crowd is many readers who ask the same thing at once.
type Crowd interface {
	// Ask returns when each of them has an answer, or when ctx ends: those who
	// wait then are answered all the same. It fails where they were turned away.
	Ask(ctx context.Context, readers int, text string) error
	// Asked tells how far the crowd that asked last has come.
	Asked() CrowdResult
}

// CrowdResult is what became of a crowd until now.
type CrowdResult struct {
	Asks    int
	Answers int
	Took    time.Duration
}

// The limits of a crowd.
const (
	MaxCrowd     = 10_000
	crowdText    = "WIPRO"
	maxCrowdText = 64
	// crowdPatience is how long one request waits for the whole crowd. A machine
	// that needs longer is asked again how far it is.
	crowdPatience = 20 * time.Second
	// crowdDeadline is when a crowd that was not answered makes room for another.
	crowdDeadline = 5 * time.Minute
)

// crowd is the one that asked last.
type crowd struct {
	mu    sync.Mutex
	text  string
	began time.Time
	// before is how often upstream had been asked when it began, after how often
	// when the last one was answered; until then 0.
	before, after int
	// arriving is set until those who ask have been taken, or turned away.
	arriving bool
}

// crowdOrder is the body of POST crowd; what is left out is 10,000 readers who
// ask for WIPRO.
type crowdOrder struct {
	Readers int    `json:"readers"`
	Text    string `json:"text"`
}

// crowdReport is what the page shows of a crowd.
type crowdReport struct {
	Text    string `json:"text"`
	Asks    int    `json:"asks"`
	Answers int    `json:"answers"`
	// Upstream is counted by the world, not by keypull.
	Upstream int            `json:"upstream"`
	Took     journal.Millis `json:"took_ms"`
	// Asking is set while some of them wait.
	Asking bool `json:"asking"`
}

func (d *Demo) askAtOnce(rw http.ResponseWriter, r *http.Request) {
	order, err := readOrder(http.MaxBytesReader(rw, r.Body, 1024))
	if err != nil {
		writeProblem(rw, http.StatusBadRequest, err.Error())
		return
	}
	if !d.begin(order.Text) {
		writeProblem(rw, http.StatusConflict, "A crowd is asking already; wait until it is answered.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), crowdPatience)
	defer cancel()
	err = d.parts.Crowd.Ask(ctx, order.Readers, order.Text)
	d.arrived()
	if err != nil {
		writeProblem(rw, http.StatusServiceUnavailable, "The crowd could not be answered: "+err.Error())
		return
	}
	d.askedAtOnce(rw, r)
}

// begin lets a crowd in, one at a time.
func (d *Demo) begin(text string) bool {
	c := &d.crowd
	c.mu.Lock()
	defer c.mu.Unlock()
	asked, now := d.parts.Crowd.Asked(), d.parts.World.clock()
	if c.arriving || asked.Answers < asked.Asks && now.Sub(c.began) < crowdDeadline {
		return false
	}
	c.text, c.began, c.before, c.after, c.arriving = text, now, d.parts.World.visits.countAsked(), 0, true
	return true
}

func (d *Demo) arrived() {
	d.crowd.mu.Lock()
	defer d.crowd.mu.Unlock()
	d.crowd.arriving = false
}

func (d *Demo) askedAtOnce(rw http.ResponseWriter, _ *http.Request) {
	c := &d.crowd
	c.mu.Lock()
	defer c.mu.Unlock()
	asked, upstream := d.parts.Crowd.Asked(), d.parts.World.visits.countAsked()
	asking := c.arriving || asked.Answers < asked.Asks
	if c.after > 0 {
		upstream = c.after
	} else if !asking {
		c.after = upstream
	}
	writeJSON(rw, crowdReport{
		Text: c.text, Asks: asked.Asks, Answers: asked.Answers,
		Upstream: upstream - c.before, Took: journal.Since(asked.Took), Asking: asking,
	})
}

func readOrder(body io.Reader) (crowdOrder, error) {
	order := crowdOrder{Readers: MaxCrowd, Text: crowdText}
	if err := json.NewDecoder(body).Decode(&order); err != nil && !errors.Is(err, io.EOF) {
		return order, errors.New(`the body must be JSON like {"readers": 10000, "text": "WIPRO"}`)
	}
	if order.Readers < 1 || order.Readers > MaxCrowd {
		return order, errors.New("readers must be from 1 to 10000")
	}
	if order.Text == "" || len(order.Text) > maxCrowdText {
		return order, errors.New("text must be from 1 to 64 bytes")
	}
	return order, nil
}
