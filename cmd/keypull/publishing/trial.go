package publishing

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/web/console"
	"keypull/web/messengers"
)

// trialTimeout bounds what somebody waits for in front of a page; shownTerms
// is how much of a vocabulary is shown.
const (
	trialTimeout = 20 * time.Second
	shownTerms   = 20
)

var _ console.Trials = trials{}

// trials try what has not been saved.
type trials struct{ *Publishers }

// Trials returns what tries sources, keywords and channels of these publishers.
func (n *Publishers) Trials() console.Trials { return trials{n} }

// Source fetches once, past everything that is kept.
func (t trials) Source(ctx context.Context, publisher string, s catalogue.Source, q pull.Query) console.Trial {
	began := time.Now()
	var trial console.Trial
	trial.Err = t.source(ctx, publisher, s, q, &trial)
	trial.Took = time.Since(began)
	return trial
}

func (t trials) source(ctx context.Context, publisher string, s catalogue.Source, q pull.Query, trial *console.Trial) error {
	ed := t.currentEdition(publisher)
	if ed == nil {
		return console.NoPublisher(publisher)
	}
	folder, err := os.MkdirTemp("", "keypull-trial-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	source, err := opener(t).openSource(ed.publisher, s, folder, nil)
	if err != nil {
		return err
	}
	if c, ok := source.(pull.Closer); ok {
		defer func() { _ = c.Close() }()
	}
	key, snapshot, answer, err := fetchOnce(ctx, source, q, trial)
	answer.Argument, answer.Fetched = key, q.At
	trial.Places = t.places(s, answer)
	if left, _ := os.ReadDir(folder); err == nil && len(left) == 0 && pull.Odd(snapshot.Items).IsZero() {
		// What stands in a folder that goes with the trial cannot be kept.
		t.keepTrial(ctx, publisher, sourceMark(s), key, snapshot)
	}
	return err
}

// Asked returns what a source that somebody opened brings for a query, by the very
// way of a trial. The source is not closed.
func Asked(ctx context.Context, source pull.Source, q pull.Query) (trial console.Trial) {
	began := time.Now()
	_, _, _, trial.Err = fetchOnce(ctx, source, q, &trial)
	trial.Took = time.Since(began)
	return trial
}

// fetchOnce asks a source in the time that a trial has, and notes what was asked
// of whom; answer is the last document that came.
func fetchOnce(ctx context.Context, source pull.Source, q pull.Query, trial *console.Trial) (key string, s pull.Snapshot, answer sources.Document, err error) {
	ctx, cancel := context.WithTimeout(ctx, trialTimeout)
	defer cancel()
	bodies := &outside.HeldBodies{}
	defer bodies.Release()
	ctx = outside.WithErrand(ctx, outside.Errand{Bodies: bodies})
	key, s, err = fetch(outside.Record(ctx, func(e outside.Exchange) {
		answer = sources.Document{Address: e.URL, URL: e.URL, Type: e.Type, Body: e.Body}
		trial.Requests = append(trial.Requests, console.Exchange{
			Method: e.Method, URL: e.URL, Status: e.Status, Bytes: e.Bytes,
			Millis: float64(e.Took) / float64(time.Millisecond), Error: e.Err,
		})
	}), source, q, trial)
	return key, s, answer, err
}

// places returns the values of an answer, where the kind's settings name such.
func (t trials) places(s catalogue.Source, answer sources.Document) []settings.Place {
	i := slices.IndexFunc(t.Sources, func(k sources.Kind) bool { return k.Name == s.Kind })
	if i < 0 || len(answer.Body) == 0 {
		return nil
	}
	filled := t.Sources[i].New()
	if placed, ok := filled.(sources.Placed); ok && settings.FillWith(filled, s.Settings, t.Checks) == nil {
		return placed.Places(answer)
	}
	return nil
}

// Discover asks every kind of source what an address is good for.
func (t trials) Discover(ctx context.Context, address, argument string) (console.Discovery, error) {
	found, err := sources.Discover(ctx, t.Client, t.Sources, address, argument)
	out := console.Discovery{Address: found.Address, System: found.System, Language: found.Language, Site: found.Site}
	if found.Answer != nil {
		out.Rehearse = func(ctx context.Context, p catalogue.Publisher) (console.Rehearsal, error) {
			return t.rehearse(ctx, p, found.Answer)
		}
	}
	for _, o := range found.Offers {
		out.Found = append(out.Found, console.Found{
			Kind: o.Kind, Settings: o.Settings, Title: o.Title, Form: o.Form, Shows: o.Shows, Open: o.Open, Phrase: o.Phrase, Needs: o.Needs, Alone: o.Alone, Guess: o.Guess && len(o.Samples) == 0, Listed: o.Listed, Paged: len(o.Samples) > 0 && !o.Articles, Also: o.Also, Names: o.Names, Usually: o.Usually, Called: o.Called, Rows: o.Rows, Symbols: o.Symbols, Subject: o.Subject, Part: o.Part, Prices: o.Prices, Argument: o.Argument,
			Topics: o.Topics, Count: o.Count, Reply: o.Reply, StaleIfError: t.staleIfError(o.Kind),
		})
	}
	return out, err
}

// staleIfError returns for how long the last good answers of a kind may be told.
func (t trials) staleIfError(kind string) time.Duration {
	i := slices.IndexFunc(t.Sources, func(k sources.Kind) bool { return k.Name == kind })
	if i < 0 {
		return 0
	}
	return t.Sources[i].StaleIfError
}

// fetch asks a source; one that answers arguments alone is asked for the
// first of its vocabulary, and so is one that asks back without one.
func fetch(ctx context.Context, source pull.Source, q pull.Query, trial *console.Trial) (key string, snapshot pull.Snapshot, err error) {
	v, knows := source.(pull.Vocabulary)
	if knows {
		show(trial, v.Terms(nil))
	}
	key, err = source.Key(q)
	if err != nil && q.Argument == "" && len(trial.Terms) > 0 {
		q.Argument = trial.Terms[0].Value
		key, err = source.Key(q)
	}
	if paged, ok := source.(pull.Paged); ok && pull.KindOf(err) == pull.Gathering {
		if _, err = paged.TermsPage(ctx, ""); err == nil {
			key, err = source.Key(q)
		}
	}
	if err != nil {
		return key, snapshot, err //nolint:wrapcheck // the source's own sentence
	}
	snapshot, err = source.Fetch(ctx, key, nil)
	if err != nil {
		return key, snapshot, err //nolint:wrapcheck // the source's own sentence
	}
	trial.AsOf, trial.Fetched, trial.Warnings = snapshot.AsOf, snapshot.Fetched, snapshot.Warnings
	if why := pull.Odd(snapshot.Items); !why.IsZero() {
		trial.Warnings = append(slices.Clone(trial.Warnings), words.Text{Key: "fetch.held_back", Args: words.Args{"reason": why}})
	}
	if knows {
		show(trial, v.Terms(&snapshot))
	}
	found, err := source.Select(ctx, snapshot, q)
	if err == nil && len(found.Choices) > 0 && q.Argument == "" && len(trial.Terms) > 0 {
		// Nobody asked for one of them: the first shows what is answered.
		q.Argument = trial.Terms[0].Value
		if one, err := source.Select(ctx, snapshot, q); err == nil && len(one.Choices) == 0 {
			found = one
		}
	}
	trial.Items = found.Items
	if err == nil && len(found.Choices) > 0 {
		err = &pull.Error{Kind: pull.Several, Field: "argument", Hint: words.Text{Key: "pull.several"}, Choices: found.Choices}
	}
	return key, snapshot, err //nolint:wrapcheck // the source's own sentence
}

func show(trial *console.Trial, terms []what.Term) {
	trial.Terms, trial.AllTerms = terms[:min(len(terms), shownTerms)], len(terms)
}

// Keyword answers by a draft of one keyword. The snapshots are those that
// readers get.
func (t trials) Keyword(ctx context.Context, publisher string, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error) {
	return t.askKeyword(ctx, t.Resolver, publisher, nil, k, a)
}

// Crisis answers by one keyword as if a crisis text stood.
func (t trials) Crisis(ctx context.Context, publisher string, text catalogue.Crisis, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error) {
	return t.askKeyword(ctx, t.Resolver, publisher, &text, k, a)
}

// Outage answers by one keyword, upon what is held of its source.
func (t trials) Outage(ctx context.Context, publisher string, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error) {
	clock := func() time.Time { return a.At }
	return t.askKeyword(ctx, &pull.Resolver{Cache: t.Cache.Down(clock), Clock: clock}, publisher, nil, k, a)
}

// askKeyword has a resolver answer by one keyword alone, under a crisis text where one is
// given.
func (t trials) askKeyword(ctx context.Context, by *pull.Resolver, publisher string, crisis *catalogue.Crisis, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error) {
	ed := t.currentEdition(publisher)
	if ed == nil {
		return pull.Resolved{}, console.NoPublisher(publisher)
	}
	p := ed.publisher.Publisher
	p.Keywords = []catalogue.Keyword{k}
	if crisis != nil {
		p.Crisis = *crisis
	}
	e, err := pull.NewEdition(p, ed.sources, ed.channels, map[string]*what.Vocabulary{k.Source: ed.terms[k.Source]}, nil)
	if err != nil {
		return pull.Resolved{}, &pull.Error{Kind: pull.Invalid, Op: "try keyword " + k.ID, Hint: words.Said(err)}
	}
	ctx, cancel := context.WithTimeout(ctx, trialTimeout)
	defer cancel()
	// Somebody who has been here before: the first answer alone says who speaks.
	reader := who.Reader{First: a.At.Add(-time.Hour), Language: a.Language}
	return by.Resolve(ctx, pull.Request{Edition: e, Ask: a, Reader: reader, Like: k.ID}), nil
}

// Channel opens a channel; the caller asks it and lets it go.
func (t trials) Channel(publisher string, c catalogue.Channel) (messengers.Messenger, error) {
	return opener(t).openChannel(publisher, c)
}
