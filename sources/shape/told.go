package shape

import (
	"context"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// Told is what sources have in common whose items a shape makes and words; they embed it.
type Told struct {
	*Maker
	sources.Credited
	// Searched says that upstream has picked by the argument.
	Searched bool
}

var (
	_ pull.Speaker    = Told{}
	_ pull.Timed      = Told{}
	_ pull.Named      = Told{}
	_ pull.Vocabulary = Told{}
	_ pull.Ranking    = Told{}
)

// Say words the items as their shape does.
func (t Told) Say(items []what.Item, v pull.Voice) pull.Reply {
	return t.AddCredit(t.Maker.Say(items, v))
}

// Terms returns the names of what came, where it was not searched for.
func (t Told) Terms(last *pull.Snapshot) []what.Term {
	if last == nil || t.Searched {
		return nil
	}
	return t.Maker.Terms(last.Items)
}

// ByDay says that a day in a message is always an argument of events.
func (t Told) ByDay() bool { return t.Maker.ByDay() && !t.Searched }

// IsMeant reports whether a message asks for events by itself.
func (t Told) IsMeant(text string, at time.Time, languages ...string) bool {
	return !t.Searched && t.Maker.IsMeant(text, at, languages...)
}

// AsksRank returns what a message asks of what came, where it asks for most or least of something.
func (t Told) AsksRank(last *pull.Snapshot, text string, called []string, languages ...string) string {
	if last == nil || t.Searched {
		return ""
	}
	return t.Maker.AsksRank(last.Items, text, called, languages...)
}

// Select picks from what came; what upstream has searched for is not searched again.
func (t Told) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if t.Searched {
		return t.Answered(snapshot.Items, q), nil
	}
	return t.Maker.Select(snapshot.Items, q), nil
}
