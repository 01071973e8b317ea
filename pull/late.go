package pull

import (
	"slices"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/when"
)

// Told is how an answer tells its age: by what passed since, as it was settled,
// and by the clock, as it is told where it leaves later than that.
type Told struct {
	// Stamp stands in the text of the blocks; "" where the answer needed none.
	Stamp string `json:"stamp,omitempty"`
	// Clock says the same without what has passed, Dated with the day besides,
	// for telling it from Midnight on, the reader's.
	Clock    string    `json:"clock"`
	Dated    string    `json:"dated"`
	Midnight time.Time `json:"midnight"`
	// Aged is from when on an answer without a stamp needs one, and Until when
	// it is too old to be told at all; zero where neither ever comes.
	Aged  time.Time `json:"aged,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// told makes both forms of a stamp; stands is its text where that is in the
// answer.
func told(s when.Stamp, stands string) *Told {
	t := Told{Stamp: stands}
	zone := s.Zone
	if zone == nil {
		zone = time.UTC
	}
	year, month, day := s.Now.In(zone).Date()
	t.Midnight = time.Date(year, month, day+1, 0, 0, 0, 0, zone)
	s.ByClock = true
	t.Clock = s.String()
	s.Now = t.Midnight
	t.Dated = s.String()
	return &t
}

// Late returns the answer as it is told at a later moment than it was settled
// for: its age by the clock, and told also where it needed none before.
func (r Reply) Late(at time.Time) Reply {
	if len(r.Answers) > 0 {
		return r.rewritten(func(_ string, one Reply) Reply { return one.Late(at) })
	}
	if r.Told == nil {
		return r
	}
	stamp := r.Told.Clock
	if !at.Before(r.Told.Midnight) {
		stamp = r.Told.Dated
	}
	r.Blocks = slices.Clone(r.Blocks)
	if r.Told.Stamp == "" {
		if !r.Told.Aged.IsZero() && at.After(r.Told.Aged) {
			r.Blocks = append(r.Blocks, Block{Kind: Stamp, Text: stamp})
		}
		return r
	}
	for i := range r.Blocks {
		r.Blocks[i].Text = strings.ReplaceAll(r.Blocks[i].Text, r.Told.Stamp, stamp)
	}
	return r
}

// TooOld reports whether the answer must not be told any more.
func (r Reply) TooOld(at time.Time) bool {
	for _, a := range r.Answers {
		if (Reply{Told: a.Told}).TooOld(at) {
			return true
		}
	}
	return r.Told != nil && !r.Told.Until.IsZero() && at.After(r.Told.Until)
}

// Earlier returns the reply with a line above it: so many answers before it
// could not be brought in time, and were given up.
func (r Reply) Earlier(answers int) Reply {
	if answers == 0 {
		return r
	}
	line := Block{Kind: Note, Text: wordEarlier.in(r.Language, "n", answers)}
	r.Blocks = slices.Insert(slices.Clone(r.Blocks), 0, line)
	if len(r.Answers) > 0 {
		r.Answers = slices.Clone(r.Answers)
		r.Answers[0].Blocks++
	}
	return r
}

// Overdue is the refusal that takes the place of an answer which could not be
// brought before it was too old to be told at a moment; of several in one reply
// it takes the place of those that are.
func (e *Edition) Overdue(r Reply, t journal.Trace, at time.Time) (Reply, journal.Trace) {
	if len(r.Answers) > 0 {
		return e.overdue(r, t, at)
	}
	name := e.Name
	if k := e.keywords[t.What.Keyword]; k != nil {
		if own := e.name(k, r.Language); own != "" {
			name = own
		}
	}
	stamp := r.Told.Dated
	t.Outcome, t.Error = journal.Refused, "the answer could not be brought to the reader before it was too old"
	return Reply{Language: r.Language, Blocks: []Block{{
		Kind: Paragraph, Text: wordOverdue.in(r.Language, "keyword", name, "stamp", stamp),
	}}}, t
}
