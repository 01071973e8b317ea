package console

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/words"
)

// TraceStore holds the records of settled asks.
type TraceStore interface {
	// Record returns what is kept of an ask, or false if nothing is.
	Record(ctx context.Context, ask uint64) (pipeline.Record, bool, error)
	// Fate tells what became of a reply; empty where it is not known, or has not left.
	Fate(ctx context.Context, ask uint64, r pipeline.Record) (pipeline.Fate, error)
}

// Traces is what "trace.show" works with.
type Traces struct {
	Catalogue Catalogue
	Held      TraceStore
	// Kept is for how long records are.
	Kept time.Duration
}

// TraceOf names an ask.
type TraceOf struct {
	Of
	Ask string `json:"ask" path:"ask" doc:"Number of the ask, as traces, dead letters and the reader's file tell it."`
}

// TraceShown is what is kept of an ask, without its reader.
type TraceShown struct {
	Publisher string `json:"publisher"`
	Ask       uint64 `json:"ask"`
	Trace
	Sent  TraceSent   `json:"sent"`
	Reply *pull.Reply `json:"reply,omitempty" doc:"What a keyword told, as it was recorded; for owners alone, since it may name what the reader asked for."`
	Until time.Time   `json:"until" doc:"Until when it is kept."`
}

// Trace is a trace as the operation tells it: what, who, when and how long.
type Trace struct {
	At      time.Time       `json:"at"`
	Channel string          `json:"channel"`
	Kind    string          `json:"kind,omitempty" doc:"What it was where it was no ask."`
	Cause   uint64          `json:"cause,omitempty" doc:"The ask that caused it, where it was none itself."`
	Outcome journal.Outcome `json:"outcome"`
	What    journal.What    `json:"what" doc:"How the words were understood, without the words."`
	Wishes  []journal.Wish  `json:"wishes,omitempty"`
	Who     journal.Who     `json:"who" doc:"Which facts of the reader were used; not whose."`
	When    journal.When    `json:"when" doc:"How fresh the answer is, and why that was good enough."`
	Took    journal.Took    `json:"took"`
	Error   string          `json:"error,omitempty"`
}

// TraceSent is what became of the reply.
type TraceSent struct {
	Fate pipeline.Fate `json:"fate,omitempty" doc:"sent, handed, gone, dead, discarded or folded; empty where it has not left, or nobody knows."`
}

// ShowTrace is the operation "trace.show".
var ShowTrace = Declare[TraceOf, TraceShown](Declaration{
	Name: "trace.show", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/traces/{ask}",
	Summary: "Show how one ask was answered: what was understood, whose facts were used, how fresh it was, and whether it was sent.",
	Help:    "Traces are kept for 30 days. Of readers who have not agreed that anything is kept, and of those who were erased, there is none.",
})

// Operation returns it.
func (t Traces) Operation() Bound { return ShowTrace.Bind(t.showTrace) }

// findRecord returns what is kept of an ask.
func (t Traces) findRecord(ctx context.Context, in TraceOf) (record pipeline.Record, err error) {
	if _, err := publisherOf(t.Catalogue, in.Publisher); err != nil {
		return record, err
	}
	ask, err := strconv.ParseUint(in.Ask, 10, 64)
	if err != nil {
		return record, noTrace()
	}
	record, ok, err := t.Held.Record(ctx, ask)
	if err == nil && (!ok || record.Reduced || record.Publisher != in.Publisher || record.Trace.Ask != ask) {
		err = noTrace()
	}
	return record, err
}

func (t Traces) showTrace(ctx context.Context, in TraceOf) (TraceShown, error) {
	record, err := t.findRecord(ctx, in)
	if err != nil {
		return TraceShown{}, err
	}
	ask := record.Trace.Ask
	fate, err := t.Held.Fate(ctx, ask, record)
	if err != nil {
		return TraceShown{}, err
	}
	bare := record.Trace.Wordless()
	out := TraceShown{Publisher: in.Publisher, Ask: ask, Sent: TraceSent{Fate: fate}, Until: bare.At.Add(t.Kept).UTC(), Trace: Trace{
		At: bare.At.UTC(), Channel: bare.Channel, Kind: bare.Kind, Cause: bare.Cause, Outcome: bare.Outcome, What: bare.What, Wishes: bare.Wishes,
		Who: bare.Who, When: bare.When, Took: bare.Took, Error: bare.Error,
	}}
	// Of a reader's own things and words only the reader is told.
	if p, _ := Caller(ctx); p.May(in.Publisher, Own) && bare.Outcome == journal.Answered && bare.What.Keyword != "" && bare.What.Command == "" {
		out.Reply = record.Reply
	}
	return out, nil
}

func noTrace() error {
	return &pull.Error{Kind: pull.Unknown, Field: "ask", Hint: words.Text{Key: "hint.no_trace"}}
}

// Journal returns it as the journal has it.
func (t TraceShown) Journal() journal.Trace {
	return journal.Trace{
		Ask: t.Ask, At: t.At, Channel: t.Channel, Kind: t.Kind, Cause: t.Cause, Outcome: t.Outcome, What: t.What, Wishes: t.Wishes,
		Who: t.Who, When: t.When, Took: t.Took, Error: t.Error,
	}
}
