// Package stops is the source kind for the stops of buses, which are often
// called alike. It asks nobody.
package stops

import (
	"context"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:  "stops",
	Title: "Bus stops",
	Help:  "Which lines leave from a stop.",
	New:   func() sources.Opener { return &Settings{} },
}

// Settings list the stops.
type Settings struct {
	Stops []Stop `name:"stops" label:"Stops" help:"The stops." check:"required,max=2000" example:"[{ name = \"Main Street\", town = \"Springfield\", lines = \"4, 12\" }]"`
}

// Stop is one of them.
type Stop struct {
	Name  string `name:"name" label:"Name" help:"As it stands on the sign." check:"required,max=80"`
	Town  string `name:"town" label:"Town" help:"Where it is." check:"required,max=80"`
	Lines string `name:"lines" label:"Lines" help:"What leaves from there." check:"required,max=200"`
}

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	return &source{stops: s.Stops, clock: env.Clock}, nil
}

type source struct {
	stops []Stop
	clock func() time.Time
}

var (
	_ pull.Source     = (*source)(nil)
	_ pull.Vocabulary = (*source)(nil)
)

// Key returns the same for every query: there is one snapshot.
func (*source) Key(pull.Query) (string, error) { return "stops", nil }

// Fetch brings the stops. The id of each is what it is asked for by.
func (s *source) Fetch(ctx context.Context, _ string, _ *pull.Snapshot) (pull.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable, Op: "list stops", Hint: words.Text{Key: "source.given_up"}, Err: err}
	}
	snapshot := pull.Snapshot{Fetched: s.clock()}
	for _, stop := range s.stops {
		name := sources.Line(stop.Name + ", " + stop.Town)
		snapshot.Items = append(snapshot.Items, what.Item{ID: name, Title: name, Summary: sources.Line(stop.Lines)})
	}
	return snapshot, nil
}

// Select finds the one stop of that name, else those with all of its words: if
// they are more than the reply takes, the reader is asked which. Without an
// argument it lists them, and MORE goes on.
func (*source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	search := sources.NewSearch(q.Argument)
	var found []what.Item
	var choices []what.Term
	for _, it := range snapshot.Items {
		if strings.EqualFold(it.ID, strings.TrimSpace(q.Argument)) {
			return sources.Page([]what.Item{it}, q), nil
		}
		if search.Finds(it.Title) {
			found = append(found, it)
			choices = append(choices, what.Term{Value: it.ID, Names: []string{it.Title}})
		}
	}
	if !search.Empty() && len(found) > max(q.Count, 1) {
		return pull.Selection{Choices: choices}, nil
	}
	return sources.Page(found, q), nil
}

// Terms lets readers be understood who misspell a stop.
func (s *source) Terms(*pull.Snapshot) []what.Term {
	terms := make([]what.Term, 0, len(s.stops))
	for _, stop := range s.stops {
		name := sources.Line(stop.Name + ", " + stop.Town)
		terms = append(terms, what.Term{Value: name, Names: []string{name}})
	}
	return terms
}
