// Package request holds what a reader asked a publisher to see to: a paper that did not come, an
// appointment, an order, and how it stands.
//
// It stores and sends nothing itself.
package request

import (
	"strings"
	"time"

	"keypull/pull/words"
)

// Limits of what is kept of a reader's requests.
const (
	// MaxOpen is how many a reader may have open, MaxKept how many are kept in all.
	MaxOpen = 5
	MaxKept = 12
	// MaxText is how long what is said of one may be, in characters.
	MaxText = 500
	// Kept is for how long one is kept after it was closed, Forgotten after anything happened to
	// one that nobody closes.
	Kept      = 90 * 24 * time.Hour
	Forgotten = 365 * 24 * time.Hour
)

// State says how a request stands.
type State string

// The states.
const (
	Received  State = "received"
	InWork    State = "in_work"
	Done      State = "done"
	Cancelled State = "cancelled"
)

// States returns them in their order.
func States() []State { return []State{Received, InWork, Done, Cancelled} }

// Field is an answer of the reader's.
type Field struct {
	Question string `json:"question"`
	// Text is the answer as people read it, Value as programs do: a day as 2026-11-24.
	Text  string `json:"text"`
	Value string `json:"value"`
}

// Head is what is known of a request without opening it.
type Head struct {
	// Ask is the one that confirmed it, and tells it from all others.
	Ask uint64    `json:"ask"`
	At  time.Time `json:"at"`
	// State is how it stands, since Changed.
	State   State     `json:"state"`
	Changed time.Time `json:"changed"`
	// Unsent: it is still to be handed to the publisher's own endpoint. Failed: that was given up.
	Unsent bool `json:"unsent,omitempty"`
	Failed bool `json:"failed,omitempty"`
}

// Open reports whether somebody still has to see to it.
func (h *Head) Open() bool { return h.State == Received || h.State == InWork }

// Ends returns until when it is kept.
func (h *Head) Ends() time.Time {
	if h.Open() {
		return h.Changed.Add(Forgotten)
	}
	return h.Changed.Add(Kept)
}

// Request is one.
type Request struct {
	Head

	// Number is by which the reader asks how it stands.
	Number string `json:"number"`
	Kind   string `json:"kind"`
	// Keyword is the id of the keyword, Name what readers call it.
	Keyword  string  `json:"keyword"`
	Name     string  `json:"name"`
	Language string  `json:"language"`
	Fields   []Field `json:"fields,omitempty"`
	// Calendar is the source of which an appointment took the time between From and To.
	Calendar string    `json:"calendar,omitempty"`
	From     time.Time `json:"from,omitzero"`
	To       time.Time `json:"to,omitzero"`
	// Hook is the source that it is handed to; "" for none. Why is what kept it from that.
	Hook string     `json:"hook,omitempty"`
	Why  words.Text `json:"why,omitzero"`
	// Text is what the reader is told beside the state, By who said so.
	Text string `json:"said,omitempty"`
	By   string `json:"by,omitempty"`
}

// Lines returns a request as lines of text.
func (r *Request) Lines() string {
	lines := []string{r.Name}
	for _, f := range r.Fields {
		lines = append(lines, strings.TrimSpace(f.Question+" "+f.Text))
	}
	return strings.Join(lines, "\n")
}
