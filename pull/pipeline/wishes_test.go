package pipeline_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
)

// shelf is an echo that has nothing to give for one key.
type shelf struct{ *echo }

func (s shelf) Select(ctx context.Context, kept pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if q.Argument == "nothing" {
		return pull.Selection{}, errors.New("it is gone")
	}
	return s.echo.Select(ctx, kept, q)
}

func TestOneMessageRunsSeveralKeywordsAndIsOneAsk(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
		ran  map[string]journal.Asked
	}{
		"both": {"news and weather in Leeds", []string{"one", "Leeds"}, map[string]journal.Asked{"news": {1, 0, 0}, "weather": {1, 0, 0}}},
		"one that can't be answered": {"strike, news", []string{"strike", "Something went wrong on our side. Please ask again.", "one"},
			map[string]journal.Asked{"strike": {0, 1, 0}, "news": {1, 0, 0}}},
		"one alone": {"news", []string{"one"}, map[string]journal.Asked{"news": {1, 0, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.edition = wishing(t, w.source)
			accepted := w.take(ask("ann", "1", c.text))
			if got := w.courier.await(t, 1); len(got) != 1 {
				t.Fatalf("%q", got)
			}
			record, ok, err := w.ledger.Record(t.Context(), accepted[0].Seq)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			var said []string
			for _, b := range record.Reply.Blocks {
				said = append(said, b.Text)
			}
			if !slices.Equal(said[:len(c.want)], c.want) {
				t.Errorf("%q, want %q", said, c.want)
			}
			var day journal.DayDemand
			day.Add(&record.Trace, false, false)
			tally := journal.NewTally(time.Now)
			tally.Add("p", record.Trace)
			today := tally.Day("p", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
			if day.Outcomes[journal.Answered] != 1 || today.Asks != 1 || today.Answered != 1 || len(today.Keywords.Top) != len(c.ran) {
				t.Errorf("one ask counts as %+v, %+v", day.Outcomes, today)
			}
			for keyword, want := range c.ran {
				if got := day.Keywords[keyword]; got != want {
					t.Errorf("%s counts as %v, want %v", keyword, got, want)
				}
			}
			reader, _, err := w.ledger.Reader(t.Context(), "p.ann")
			if err != nil || !reader.HasSettled(accepted[0].Seq) {
				t.Errorf("%+v, %v", reader, err)
			}
		})
	}
}

// wishing returns a publisher that lets one message run two keywords.
func wishing(t *testing.T, s *echo) *pull.Edition {
	t.Helper()
	keyword := func(id, argument, query string) catalogue.Keyword {
		return catalogue.Keyword{ID: id, Source: "shelf", Phrases: map[string][]string{"en": {id}}, Argument: argument, Query: query, Count: 1}
	}
	e, err := pull.NewEdition(catalogue.Publisher{
		ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC", Wishes: 2,
		Keywords: []catalogue.Keyword{keyword("news", "none", "one"), keyword("weather", "optional", "here"), keyword("strike", "none", "nothing")},
	}, map[string]pull.Opened{"shelf": {Source: shelf{s}}}, map[string]pull.Channel{"c": {}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
