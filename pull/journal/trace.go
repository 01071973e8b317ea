// Package journal holds what is written down of each ask: the trace of how it
// was understood, whose it was, how fresh the answer is, and what each part
// cost. Demand and statistics are folds of it.
//
// It decides nothing and stores nothing itself.
package journal

import "time"

// Trace is the record of one ask. It holds neither the reader's words nor an
// address: Unknown counts as the reader's words and is dropped with them.
type Trace struct {
	Ask     uint64    `json:"ask"`
	At      time.Time `json:"at"`
	Channel string    `json:"channel"`
	// Kind is what it was where it was no ask, and Cause the ask that caused it.
	Kind    string  `json:"kind,omitempty"`
	Cause   uint64  `json:"cause,omitempty"`
	Outcome Outcome `json:"outcome"`
	What    What    `json:"what"`
	// Wishes are the keywords of an ask that ran several, in its order; empty for
	// any other. What and When tell of the first that was answered.
	Wishes []Wish `json:"wishes,omitempty"`
	Who    Who    `json:"who"`
	When   When   `json:"when"`
	Took   Took   `json:"took"`
	// Error is one English sentence where something went wrong.
	Error string `json:"error,omitempty"`
	// Wrong is the keyword whose answer the reader says is not right; Cause is the ask that
	// was answered so.
	Wrong string `json:"wrong,omitempty"`
	// Thumb is 1 where the reader thinks well of an answer, -1 where not: of the keyword Rated,
	// and of the item whose mark is Item; Cause is the ask that was answered so. Where nothing
	// was said besides, the outcome is Told.
	Thumb int    `json:"thumb,omitempty"`
	Rated string `json:"rated,omitempty"`
	Item  string `json:"item,omitempty"`
	// Uncaused says of a trace that was made bare that it was no ask and named none that can
	// have caused it.
	Uncaused bool `json:"uncaused,omitempty"`
}

// IsUncaused reports whether an entry of that number was no ask, and names none that came
// before it.
func (t *Trace) IsUncaused(number uint64) bool {
	return t.Kind != "" && (t.Cause == 0 || t.Cause >= number)
}

// Bare returns what may be counted of an ask of which nothing else may be kept:
// neither words nor anything of the reader, nor which other ask is the same reader's.
func (t *Trace) Bare() Trace {
	bare := Trace{
		At: t.At, Channel: t.Channel, Kind: t.Kind, Outcome: t.Outcome, Wrong: t.Wrong, Thumb: t.Thumb, Rated: t.Rated, Item: t.Item,
		What: What{Keyword: t.What.Keyword, Command: t.What.Command, Tier: t.What.Tier, Offered: t.What.Offered},
		Who:  Who{First: t.Who.First, Visit: t.Who.Visit},
		When: t.When.bareWhen(),
		Took: Took{Total: t.Took.Total}, Uncaused: t.Uncaused || t.IsUncaused(t.Ask),
	}
	for _, w := range t.Wishes {
		bare.Wishes = append(bare.Wishes, Wish{
			Outcome: w.Outcome, Keyword: w.Keyword, When: w.When.bareWhen(),
		})
	}
	return bare
}

// Outcome is how an ask ended.
type Outcome string

// The outcomes.
const (
	Answered Outcome = "answered"
	// Refused: the keyword was understood, but there was no honest answer.
	Refused Outcome = "refused"
	Offered Outcome = "offered"
	Missed  Outcome = "missed"
	// Ordered: a command was carried out.
	Ordered Outcome = "ordered"
	// Ended: it was given up, since the process ended each time it was resolved.
	Ended Outcome = "ended"
	// Silent: nothing may be said, as after STOP.
	Silent Outcome = "silent"
	// Told: nothing was asked; what was to be told was there already.
	Told Outcome = "told"
	// Clicked: nobody asked; a link of an answer was followed. No trace of an ask has it.
	Clicked Outcome = "clicked"
	// Helped is as what an ask is counted that no keyword was meant by, and that was answered
	// or offered what a source was found to hold. No trace has it: see Counted.
	Helped Outcome = "helped"
)

// TierInside is the tier of what was found among the items of sources.
const TierInside = "inside"

// Counted returns as what an ask is counted.
func (t *Trace) Counted() Outcome {
	if t.What.Tier == TierInside && len(t.Wishes) == 0 && (t.Outcome == Answered || t.Outcome == Offered) {
		return Helped
	}
	return t.Outcome
}

// What tells how the words were understood.
type What struct {
	Keyword  string `json:"keyword,omitempty"`
	Argument string `json:"argument,omitempty"`
	Command  string `json:"command,omitempty"`
	Tier     string `json:"tier,omitempty"`
	Phrase   string `json:"phrase,omitempty"`
	// Offered are the keywords that were offered.
	Offered []string `json:"offered,omitempty"`
	Unknown string   `json:"unknown,omitempty"`
	// Reason says why it was offered or missed; Runners are the keywords that
	// came near beside those offered.
	Reason  string   `json:"reason,omitempty"`
	Runners []string `json:"runners,omitempty"`
	// Corrected: the answer named the keyword, since it was spelt otherwise.
	Corrected bool `json:"corrected,omitempty"`
	// Core is what was asked; like Unknown it counts as the reader's words. It is there for offers and misses, in
	// normal form without words that only ask, and for what a keyword has nothing of: the keyword's phrase and
	// what stood beside it as it was written.
	Core string `json:"core,omitempty"`
	// Accepted tells, in the ask that answered an offer or came within a minute
	// after a miss and was answered, what the former ask was: its core, by which
	// an alias can be proposed.
	Accepted string `json:"accepted,omitempty"`
	// AcceptedArgument is what the keyword was asked for then, beside its own query.
	AcceptedArgument string `json:"accepted_argument,omitempty"`
	Probes           int    `json:"probes"`
	// Said is what the reader wrote where that was understood otherwise than by its
	// letters; it counts as the reader's words too.
	Said string `json:"said,omitempty"`
	// Inside tells of the item that was offered where no keyword was meant, or of the passage
	// that a source found.
	Inside *Inside `json:"inside,omitempty"`
	// Variants are the keyword that answered and those that share a phrase with it, the most
	// specific first, where some of them are not for everybody.
	Variants []Variant `json:"variants,omitempty"`
	// Certainty is how sure it was what was asked, up to 1, and Terms what each
	// piece of evidence weighed: of asks that are tried alone.
	Certainty float64            `json:"certainty,omitempty"`
	Terms     map[string]float64 `json:"terms,omitempty"`
}

// Inside is how sure it was that a message is about an item: as a whole, which share of
// the message the item covers, and how far the next one was behind.
type Inside struct {
	Certainty float64 `json:"certainty"`
	Coverage  float64 `json:"coverage"`
	Gap       float64 `json:"gap"`
}

// Who tells which facts of the reader were used.
type Who struct {
	Language string `json:"language"`
	// From says where the language came from: reader, platform, phrase, publisher.
	From  string `json:"from"`
	Zone  string `json:"zone"`
	First bool   `json:"first,omitempty"`
	State string `json:"state,omitempty"`
	// Via is which of the channel's own keys brought the ask.
	Via string `json:"via,omitempty"`
	// Remembered are the names of what the reader had told to remember and that was used.
	Remembered []string `json:"remembered,omitempty"`
	// Visit tells whether it was the reader's first ask of a day or a month.
	Visit Visit `json:"visit,omitempty"`
}

// Visit is what is counted of when a reader asked before.
type Visit int

// What a Visit tells, as bits.
const (
	FirstOfDay Visit = 1 << iota
	// BackOnDay: there was an ask on a day before.
	BackOnDay
	FirstOfMonth
	// BackInMonth: there was an ask in a month before.
	BackInMonth
)

// When tells how fresh the answer is and why that was good enough.
type When struct {
	Source  string    `json:"source,omitempty"`
	Verdict string    `json:"verdict,omitempty"`
	AsOf    time.Time `json:"as_of,omitzero"`
	Fetched time.Time `json:"fetched,omitzero"`
	MaxAge  Millis    `json:"max_age_ms,omitempty"`
	// Asked says what was done upstream: no, fetched, joined (another ask's
	// fetch), behind (refreshed after the answer), failed, deadline.
	Asked string `json:"asked,omitempty"`
	// Requests counts the requests sent upstream on this ask's account.
	Requests int  `json:"requests"`
	Stale    bool `json:"stale,omitempty"`
	// Closed: it is the last answer before the keyword's hours ended.
	Closed bool `json:"closed,omitempty"`
	// Amended: it was told with a correction.
	Amended bool `json:"amended,omitempty"`
}

// bareWhen returns what may be counted of it.
func (w *When) bareWhen() When {
	return When{Source: w.Source, AsOf: w.AsOf, Fetched: w.Fetched, Stale: w.Stale, Amended: w.Amended}
}

// Took is what each part cost.
type Took struct {
	// Queue is from arrival to the start of the work.
	Queue Millis `json:"queue_ms"`
	What  Millis `json:"what_ms"`
	Who   Millis `json:"who_ms"`
	When  Millis `json:"when_ms"`
	// Say is for wording the reply.
	Say   Millis `json:"say_ms"`
	Total Millis `json:"total_ms"`
}

// Millis is a duration in milliseconds, with fractions.
type Millis float64

// Since returns d as Millis.
func Since(d time.Duration) Millis { return Millis(float64(d) / float64(time.Millisecond)) }

// Variant is a keyword beside which others share a phrase, or that is not for everybody.
type Variant struct {
	Keyword string `json:"keyword"`
	// By is what its audience is told by; none is everybody. Stand is open, teaser or
	// hidden, and Lacks is what of it did not hold of who asked.
	By    []string `json:"by,omitempty"`
	Stand string   `json:"stand"`
	Lacks string   `json:"lacks,omitempty"`
}
