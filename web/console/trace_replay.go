package console

import (
	"context"
	"net/http"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// Replays is what "trace.replay" works with.
type Replays struct {
	Traces
	Resolver *pull.Resolver
	Editions pipeline.Editions
}

// TraceReplay is the output of "trace.replay".
type TraceReplay struct {
	Publisher string `json:"publisher"`
	Ask       uint64 `json:"ask"`
	Same      bool   `json:"same" doc:"The same keyword, asked the same as of that moment, tells the same words."`
	Why       Replay `json:"why,omitempty" enum:"own,several,unrecorded,gone,outcome,facts,words" doc:"Why it does not: own: it was no keyword that was answered, but something of the reader's own; several: it was several keywords in one; unrecorded: no reply is recorded; gone: the keyword is not there any more; outcome: it is not answered any more; facts: the source has brought other facts since; words: the facts are of the same moment, and keyword, item or wording have changed."`
	Recorded  string `json:"recorded" doc:"What was told, as it was recorded, without greeting, notes and buttons."`
	Replayed  string `json:"replayed" doc:"What is told today."`
	// Then and Now are when the facts were fetched.
	Then    time.Time       `json:"then,omitzero" doc:"When the facts were fetched that were told."`
	Now     time.Time       `json:"now,omitzero" doc:"When those were that are told today."`
	Outcome journal.Outcome `json:"outcome,omitempty" doc:"What comes of it today."`
}

// Replay is why an ask of before is not answered in the same words.
type Replay string

// Why it is not.
const (
	ReplayOwn        Replay = "own"
	ReplaySeveral    Replay = "several"
	ReplayUnrecorded Replay = "unrecorded"
	ReplayGone       Replay = "gone"
	ReplayOutcome    Replay = "outcome"
	ReplayFacts      Replay = "facts"
	ReplayWords      Replay = "words"
)

// ReplayTrace is the operation "trace.replay".
var ReplayTrace = Declare[TraceOf, TraceReplay](Declaration{
	Name: "trace.replay", Permission: Own, Slow: true, Method: http.MethodGet, Path: "/publishers/{publisher}/traces/{ask}/replay",
	Summary: "Answer the keyword of an ask of before once more, as of its moment, and compare that with the recorded reply.",
	Help:    "Nothing is sent, kept or counted. Where what is held of the source is too old for the keyword, it is fetched.",
})

// Operation returns it.
func (r Replays) Operation() Bound { return ReplayTrace.Bind(r.replayTrace) }

func (r Replays) replayTrace(ctx context.Context, in TraceOf) (TraceReplay, error) {
	record, err := r.findRecord(ctx, in)
	if err != nil {
		return TraceReplay{}, err
	}
	e := r.Editions.Edition(in.Publisher)
	if e == nil {
		return TraceReplay{}, NoPublisher(in.Publisher)
	}
	t := record.Trace
	out := TraceReplay{Publisher: in.Publisher, Ask: t.Ask, Then: t.When.Fetched.UTC(), Recorded: toldWords(record.Reply)}
	switch {
	case len(t.Wishes) > 0:
		out.Why = ReplaySeveral
	case t.Outcome != journal.Answered || t.What.Keyword == "" || t.What.Command != "":
		out.Why = ReplayOwn
	case out.Recorded == "":
		out.Why = ReplayUnrecorded
	}
	if out.Why != "" {
		return out, nil
	}
	payload, there := payloadOf(e, t)
	if !there {
		out.Why = ReplayGone
		return out, nil
	}
	o := r.Resolver.Resolve(ctx, pull.Request{
		Edition: e, Tried: true, Like: t.What.Keyword, Reader: who.Reader{Language: t.Who.Language, TimeZone: t.Who.Zone, First: t.At, Greeted: true},
		Ask: pull.Ask{ID: t.Ask, Publisher: in.Publisher, Channel: t.Channel, At: t.At, Incoming: pull.Incoming{Tap: payload, Text: payload, Language: t.Who.Language}},
	})
	out.Replayed, out.Now, out.Outcome = toldWords(o.Reply), o.Trace.When.Fetched.UTC(), o.Trace.Outcome
	switch out.Same = out.Replayed == out.Recorded; {
	case out.Same:
	case o.Trace.Outcome != journal.Answered:
		out.Why = ReplayOutcome
	case !out.Now.Equal(out.Then):
		out.Why = ReplayFacts
	default:
		out.Why = ReplayWords
	}
	return out, nil
}

// payloadOf returns what a tap sends that asks what was asked; false where the keyword is
// not there any more.
func payloadOf(e *pull.Edition, t journal.Trace) (string, bool) {
	a, there := e.AskableByID(t.What.Keyword, t.Who.Language)
	if !there {
		return "", false
	}
	return a.Asking(t.What.Argument)
}

// toldWords returns what a reply tells, without what the service says beside it.
func toldWords(reply *pull.Reply) string {
	if reply == nil {
		return ""
	}
	var all []string
	for _, b := range reply.Blocks {
		if b.Own || b.Kind == pull.Note {
			continue
		}
		all = append(append(all, b.Text), b.Lines...)
		for _, f := range b.Facts {
			all = append(all, f.Label+": "+f.Value)
		}
		all = append(all, b.URL)
	}
	return strings.Join(strings.FieldsFunc(strings.Join(all, "\n"), func(r rune) bool { return r == '\n' }), "\n")
}
