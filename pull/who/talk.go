package who

import (
	"slices"
	"time"
)

// How long a conversation with a person lasts that nobody ends.
const (
	// PersonSilent is for how long a person may say nothing until the service answers again,
	// WaitingFor for how long a reader waits for one.
	PersonSilent = 24 * time.Hour
	WaitingFor   = 7 * 24 * time.Hour
	// LeaveFor is for how long what a reader writes is taken for the message that they were
	// asked to leave.
	LeaveFor = time.Hour
	// clockStep is by how much a clock may go back without its being taken for set.
	clockStep = 5 * time.Minute
)

// Talk is a reader's conversation with a person of the publisher, the last there was.
type Talk struct {
	// Ask is the one that it goes back to, and the cause of all that the person writes.
	Ask uint64 `json:"a"`
	// Since is when the person was asked for, or took over; Heard is when one wrote last.
	Since time.Time `json:"t"`
	Heard time.Time `json:"h,omitzero"`
	// Unanswered is when the reader wrote last to the person who is in charge.
	Unanswered time.Time `json:"u,omitzero"`
	// Leave is until when the reader may leave a message, where nobody was there.
	Leave time.Time `json:"l,omitzero"`
	// Told: the reader was told that a person answers, and what brings the service back.
	Told bool `json:"w,omitempty"`
	// Over: it has ended.
	Over bool `json:"o,omitempty"`
}

// Turn is what changes who answers a reader.
type Turn string

// The turns.
const (
	// TurnAsked: a person is asked for. TurnLeft: nobody is there, and a message may be left.
	TurnAsked Turn = "asked"
	TurnLeft  Turn = "left"
	// TurnTaken: a person takes over.
	TurnTaken Turn = "taken"
	// TurnReleased: the person is done. TurnBack: the reader wants the service back.
	// TurnLapsed: too long has passed. TurnEnded: the reader wants no messages at all.
	TurnReleased Turn = "released"
	TurnBack     Turn = "back"
	TurnLapsed   Turn = "lapsed"
	TurnEnded    Turn = "ended"
)

// turns is who answers after each turn. What is not in it changes nothing.
var turns = map[Mode]map[Turn]Mode{ //nolint:gochecknoglobals // it does not change
	Bot:     {TurnAsked: Waiting, TurnLeft: Bot, TurnTaken: Human, TurnReleased: Bot, TurnEnded: Bot},
	Waiting: {TurnTaken: Human, TurnReleased: Bot, TurnBack: Bot, TurnLapsed: Bot, TurnEnded: Bot},
	Human:   {TurnTaken: Human, TurnReleased: Bot, TurnBack: Bot, TurnLapsed: Bot, TurnEnded: Bot},
}

// Turn returns r after a turn at a moment, and whether it changed anything. The ask is what a
// conversation goes back to that begins with it.
func (r Reader) Turn(t Turn, at time.Time, ask uint64) (Reader, bool) {
	next, known := turns[r.Mode][t]
	if !known {
		return r, false
	}
	var talk Talk
	if r.Talk != nil {
		talk = *r.Talk
	}
	switch t {
	case TurnAsked, TurnLeft:
		talk = Talk{Ask: ask, Since: at}
		if t == TurnLeft {
			talk.Leave = at.Add(LeaveFor)
		}
	case TurnTaken:
		if talk.Ask == 0 {
			talk = Talk{Ask: ask, Since: at}
		}
		if talk.Over {
			talk.Since, talk.Over, talk.Told = at, false, false
		}
		if at.After(talk.Heard) || isSetBack(talk.Heard, at) {
			talk.Heard = at
		}
		talk.Leave, talk.Unanswered = time.Time{}, time.Time{}
	default:
		if r.Talk == nil || talk.Over {
			return r, false
		}
		talk.Over, talk.Told, talk.Leave, talk.Unanswered = true, false, time.Time{}, time.Time{}
	}
	r.Mode, r.Talk, r.Missed = next, &talk, 0
	return r, true
}

// LapseTalk returns r with the service back where a conversation has lasted too long by a
// moment, and whether it has.
func (r Reader) LapseTalk(at time.Time) (Reader, bool) {
	if !r.Talk.HasLapsed(r.Mode, at) {
		return r, false
	}
	return r.Turn(TurnLapsed, at, 0)
}

// PassOn returns r after a message that the person in charge alone hears of.
func (r Reader) PassOn(at time.Time) Reader {
	if r.Talk == nil || !at.After(r.Talk.Unanswered) {
		return r
	}
	talk := *r.Talk
	talk.Unanswered, r.Talk = at, &talk
	return r
}

// HasLapsed reports whether a conversation has lasted too long by a moment. Where the clock was set
// back since the last word, nobody knows for how long a person has said nothing: then it has.
func (t *Talk) HasLapsed(m Mode, at time.Time) bool {
	switch {
	case t == nil:
	case m == Human:
		return at.Sub(t.Heard) >= PersonSilent || isSetBack(t.Heard, at) || isSetBack(t.Unanswered, at)
	case m == Waiting:
		return at.Sub(t.Since) >= WaitingFor
	}
	return false
}

// Leaves reports whether what the reader writes at a moment is the message that they were asked
// to leave.
func (t *Talk) Leaves(at time.Time) bool {
	return t != nil && !t.Over && at.Before(t.Leave) && !isSetBack(t.Leave.Add(-LeaveFor), at)
}

// isSetBack reports whether the clock that noted a moment was set back before another.
func isSetBack(noted, at time.Time) bool { return noted.Sub(at) > clockStep }

// LastSettled returns the ask that was settled last; 0 if there is none.
func (r Reader) LastSettled() uint64 {
	if len(r.Settled) == 0 {
		return 0
	}
	return slices.Max(r.Settled)
}
