package console

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/words"
)

// FiguresAsked is the input of "figures.asked".
type FiguresAsked struct {
	Of
	Resource string `json:"noun" query:"noun" doc:"keyword, source or channel."`
	IDs      string `json:"ids" query:"ids" doc:"Their ids, with commas between; at most 200."`
}

// AskedDaily is the output.
type AskedDaily struct {
	From   string           `json:"from" doc:"The first day."`
	Asked  map[string][]int `json:"asked" doc:"By id, how often each was asked on each of the last 30 days, today last; what was never asked is not among them."`
	Clicks map[string]int   `json:"clicks" doc:"By id, how often links in its answers were followed in these days, on channels that count it; what nobody followed is not among them."`
}

// AskedFigures is "figures.asked".
var AskedFigures = Declare[FiguresAsked, AskedDaily](Declaration{
	Name: "figures.asked", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/figures/asked",
	Summary: "Tell how often keywords, sources or channels were asked on each of the last 30 days, and links in their answers followed.",
})

func (f Figures) askedDaily(ctx context.Context, in FiguresAsked) (AskedDaily, error) {
	out := AskedDaily{Asked: map[string][]int{}, Clicks: map[string]int{}}
	pub, err := publisherOf(f.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	ids := strings.Split(in.IDs, ",")
	if len(ids) > mostNames {
		return out, &pull.Error{Kind: pull.Invalid, Field: "ids", Hint: words.Text{Key: "refusal.number", Args: words.Args{"most": mostNames}}}
	}
	sum := figureSum{pub: pub, zone: ZoneOf(pub)}
	if err := sum.setRange(f.Clock()); err != nil {
		return out, err
	}
	out.From = sum.from.Format(time.DateOnly)
	from, until := journal.DemandDay(sum.from), journal.DemandDay(sum.until)
	of, today := []any{out.From, in.Resource, in.IDs}, until-1
	size := func(a AskedDaily) int { return (len(a.Asked) + 1) * usualFigureDays * 8 }
	return f.held.asked.answerOnce(ctx, countsBefore(f.Counts, pub, until), pub, of, size, func() (AskedDaily, error) {
		before, err := f.held.before.answerOnce(ctx, countsBefore(f.Counts, pub, today), pub, of, size, func() (AskedDaily, error) {
			return out, f.collectAsked(ctx, in.Resource, ids, &sum, from, today, &out)
		})
		if err != nil {
			return out, err
		}
		out.Asked, out.Clicks = make(map[string][]int, len(before.Asked)), maps.Clone(before.Clicks)
		for id, days := range before.Asked {
			out.Asked[id] = slices.Clone(days)
		}
		return out, f.collectAsked(ctx, in.Resource, ids, &sum, today, until, &out)
	})
}

// collectAsked adds up what was asked of some things on some days of a sum.
func (f Figures) collectAsked(ctx context.Context, of string, ids []string, sum *figureSum, from, until int, out *AskedDaily) (err error) {
	pub, first := sum.pub, journal.DemandDay(sum.from)
	add := func(day int, id string, s journal.Sums) {
		if out.Asked[id] == nil && s.Asks > 0 {
			out.Asked[id] = make([]int, usualFigureDays)
		}
		if s.Asks > 0 {
			out.Asked[id][day-first] += s.Asks
		}
		if s.Clicks > 0 {
			out.Clicks[id] += s.Clicks
		}
	}
	resource := catalogue.Resource(of)
	named := map[catalogue.Resource]journal.FigurePart{catalogue.ResourceKeyword: journal.KeywordFigures, catalogue.ResourceSource: journal.SourceFigures}
	switch part, there := named[resource]; {
	case there:
		listed := make(map[string]bool, len(ids))
		for _, id := range ids {
			listed[id] = true
		}
		wanted := func(id string) bool { return listed[pub.Now(resource, id)] }
		err = f.Counts.NamedFigures(ctx, pub.ID, part, from, until, func(day int, told journal.NamedDay) error {
			rows := journal.NamedFigures{}
			err := rows.AddDay(told, wanted)
			for id, s := range rows {
				add(day, pub.Now(resource, id), *s)
			}
			return err //nolint:wrapcheck // the store names the day
		})
	case resource == catalogue.ResourceChannel:
		err = f.Counts.Figures(ctx, pub.ID, from, until, func(day int, of journal.DayFigures) {
			for id, s := range of.Channels {
				if slices.Contains(ids, id) {
					add(day, id, s)
				}
			}
		})
	default:
		err = notOneOf("noun", of, string(catalogue.ResourceKeyword), string(catalogue.ResourceSource), string(catalogue.ResourceChannel))
	}
	return err
}
