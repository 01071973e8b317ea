package jsonapi

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/jsonpath"
	"keypull/sources/shape"
)

// fetchVerified brings what is somebody's own: only who knows all that must fit gets
// it, and whoever does not learns nothing, not even that it is there. It is
// never fresh: each ask is a request.
func (s *source) fetchVerified(ctx context.Context, a keyParts) (pull.Snapshot, error) {
	number := a.values["number"]
	if !s.guesses.beginTry(number) {
		return pull.Snapshot{}, unknownOrder(time.Time{})
	}
	wrong := false
	defer func() {
		if !wrong {
			s.guesses.takeBack(number)
		}
	}()
	r, err := s.buildRequest(a.values)
	if err != nil {
		return pull.Snapshot{}, err
	}
	r.Header["Cache-Control"] = "no-store"
	res, _, requests, err := s.openingFor(r).Open(ctx, s.env.Client)
	switch {
	case res.Status == http.StatusNotFound:
		wrong = true
		return pull.Snapshot{}, unknownOrder(res.RetryAt)
	case err != nil:
		return pull.Snapshot{}, err
	}
	d, err := s.decodeDocument(ctx, res)
	if err != nil {
		return pull.Snapshot{}, err
	}
	items, err := sources.RunParser(ctx, op, func() ([]what.Item, error) {
		var records []shape.Record
		for _, item := range s.items.Find(d) {
			for _, one := range item.Members() {
				if s.fits(one, a) {
					records = append(records, s.recordOf(one, d))
				}
			}
		}
		return s.From(res.URL).Make(records, res.Fetched, nil).Items, nil
	})
	if err != nil {
		return pull.Snapshot{}, err
	}
	if len(items) != 1 {
		wrong = true
		return pull.Snapshot{}, unknownOrder(res.RetryAt)
	}
	snapshot := sources.SnapshotFrom(res)
	snapshot.Items, snapshot.Requests = items, requests
	snapshot.Expires, snapshot.Validators = snapshot.Fetched, pull.Validators{}
	return snapshot, nil
}

func unknownOrder(retry time.Time) error {
	return &pull.Error{Kind: pull.Unknown, Op: op, Field: "argument", RetryAt: retry, Hint: own.Text("order_unknown", nil)}
}

// fits reports whether an item says all that it must.
func (s *source) fits(item jsonpath.Document, a keyParts) bool {
	lacks := func(m requirement) bool {
		want := bare(a.values[m.Equals])
		return want == "" || !slices.ContainsFunc(m.At, func(at string) bool {
			p, err := jsonpath.Parse(at)
			return err == nil && bare(shape.Text(valueOf(p.Find(item), false))) == want
		})
	}
	return len(s.settings.must) > 0 && !slices.ContainsFunc(s.settings.must, lacks)
}

// bare returns a number or postcode without what people write otherwise.
func bare(text string) string { return strings.Map(unicode.ToUpper, sources.Signless(text)) }

// Limits of guessing: so many wrong answers to one number in that time, and so
// many numbers that are remembered.
const (
	maxGuesses  = 8
	guessTime   = time.Hour
	maxGuessed  = 10_000
	guessedOver = maxGuessed / 2
)

// guesses counts wrong answers by number.
type guesses struct {
	mu    *sync.Mutex
	clock func() time.Time
	wrong map[string][]time.Time
}

func newGuesses(clock func() time.Time) guesses {
	return guesses{mu: &sync.Mutex{}, clock: clock, wrong: map[string][]time.Time{}}
}

// beginTry notes a try as a wrong one until it is taken back, so that tries side by
// side count as well; false if there were too many.
func (g guesses) beginTry(number string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	number = bare(number)
	if g.wrong[number] = g.recent(number); len(g.wrong[number]) >= maxGuesses {
		return false
	}
	if len(g.wrong) >= maxGuessed {
		for old := range g.wrong {
			if g.wrong[old] = g.recent(old); len(g.wrong[old]) == 0 || len(g.wrong) > guessedOver {
				delete(g.wrong, old)
			}
		}
	}
	g.wrong[number] = append(g.wrong[number], g.clock())
	return true
}

// recent returns the tries that count; g.mu is held.
func (g guesses) recent(number string) []time.Time {
	return slices.DeleteFunc(slices.Clone(g.wrong[number]), func(at time.Time) bool { return g.clock().Sub(at) >= guessTime })
}

// takeBack forgets a try that was none.
func (g guesses) takeBack(number string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	number = bare(number)
	if n := len(g.wrong[number]); n > 1 {
		g.wrong[number] = g.wrong[number][:n-1]
	} else {
		delete(g.wrong, number)
	}
}
