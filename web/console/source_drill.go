package console

import (
	"context"
	"net/http"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
	"keypull/pull/what"
)

// mostDrilled is how many keywords of a source a drill asks.
const mostDrilled = 20

// drillMoments are how long a source is pretended to be down.
func drillMoments() []time.Duration { return []time.Duration{time.Minute, time.Hour, 24 * time.Hour} }

// SourceDrilled is the output of "source.drill".
type SourceDrilled struct {
	// Upstream says whether there is anything that could be down.
	Upstream bool             `json:"upstream" doc:"Whether the source asks anybody; one that does not can't be down."`
	Keywords []KeywordDrilled `json:"keywords" doc:"At most 20."`
	More     int              `json:"more" doc:"How many keywords of the source are left out."`
}

// KeywordDrilled is what readers of a keyword would be told.
type KeywordDrilled struct {
	ID      string         `json:"id"`
	Text    string         `json:"text" doc:"What is asked."`
	Moments []MomentOfDown `json:"moments"`
}

// MomentOfDown is what they would be told after a time.
type MomentOfDown struct {
	Seconds  int             `json:"seconds" doc:"How long the source has been down."`
	Outcome  journal.Outcome `json:"outcome"`
	AsOf     time.Time       `json:"as_of,omitzero" doc:"Of when what is told is; not given where nothing is."`
	Told     bool            `json:"told" doc:"Something of the source is told, with its age where it is old."`
	Previews []Preview       `json:"previews" doc:"The answer on each channel of the publisher."`
}

// DrillSource is "source.drill".
var DrillSource = Declare[SourceGet, SourceDrilled](Declaration{
	Name: "source.drill", Permission: Read, Slow: true, Method: http.MethodGet, Path: "/publishers/{publisher}/sources/{source}/drill",
	Summary: "Pretend that a source is down: tell what each of its keywords would answer after a minute, an hour and a day.",
	Help:    "The answers are made as readers' are, upon what is held of the source now. Nobody is asked, sent or told anything, and nothing is kept.",
})

func (p sources) drillSource(ctx context.Context, in SourceGet) (SourceDrilled, error) {
	out := SourceDrilled{Keywords: []KeywordDrilled{}}
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	id := pub.Now(catalogue.ResourceSource, in.ID)
	s, ok := pub.Source(id)
	if !ok {
		return out, NoThing(catalogue.ResourceSource, in.ID)
	}
	if out.Upstream = p.asksUpstream(pub, s); !out.Upstream {
		return out, nil
	}
	example := p.exampleOf(ctx, pub.ID, id)
	for i := range pub.Keywords {
		k := pub.Keywords[i]
		switch {
		case k.Source != id:
		case len(out.Keywords) == mostDrilled:
			out.More++
		default:
			drilled, err := p.drillKeyword(ctx, pub, k, example)
			if err != nil {
				return out, err
			}
			out.Keywords = append(out.Keywords, drilled)
		}
	}
	return out, nil
}

// asksUpstream reports whether a source has an address, or has asked somebody.
func (p sources) asksUpstream(pub *catalogue.Setup, s *catalogue.Source) bool {
	if k, ok := p.Kinds.Source(s.Kind); ok {
		// A test makes sure that the structs of kinds are understood.
		fields, _ := settings.Fields(k.New())
		if len(settings.Told(fields, s.Settings, settings.Address)) > 0 {
			return true
		}
	}
	return p.Snapshots.HealthOf(pub.ID)[s.ID].Requests > 0
}

// exampleOf returns something that a source may be asked for and has been, as far as that
// is so of the first names that it has; "" if it names nothing.
func (p sources) exampleOf(ctx context.Context, publisher, id string) string {
	stage, err := p.Trials.Rehearse(publisher)
	if err != nil {
		return ""
	}
	defer func() { _ = stage.Close() }() // nothing of it lasts
	const most = 20
	names := stage.Source(ctx, id, "").names()
	for _, name := range names[:min(len(names), most)] {
		if len(stage.Source(ctx, id, name).Items) > 0 {
			return name
		}
	}
	if len(names) > 0 {
		return names[0]
	}
	return ""
}

func (p sources) drillKeyword(ctx context.Context, pub *catalogue.Setup, k catalogue.Keyword, example string) (KeywordDrilled, error) {
	in := KeywordPreview{At: p.Clock()}
	if k.Query == "" && what.Argument(k.Argument) != what.ArgumentNone {
		in.Text = example
	}
	a := keywords(p).trialAsk(pub, k, in)
	out := KeywordDrilled{ID: k.ID, Text: a.Text}
	for _, after := range drillMoments() {
		a.At = in.At.Add(after)
		o, err := p.Trials.Outage(ctx, pub.ID, k, a)
		if err != nil {
			return out, err
		}
		m := MomentOfDown{Seconds: int(after.Seconds()), Outcome: o.Trace.Outcome, AsOf: o.Trace.When.AsOf, Previews: []Preview{}}
		if m.Told = o.Trace.Outcome == journal.Answered; m.Told && m.AsOf.IsZero() {
			m.AsOf = o.Trace.When.Fetched
		}
		if o.Reply != nil {
			m.Previews = channelPreviews(keywords(p).previewAll(pub, *o.Reply, ""))
		}
		out.Moments = append(out.Moments, m)
	}
	return out, nil
}

// channelPreviews returns those of the publisher's own channels, of all kinds where it
// has none.
func channelPreviews(all []Preview) []Preview {
	own := []Preview{}
	for _, v := range all {
		if v.Channel != "" {
			own = append(own, v)
		}
	}
	if len(own) == 0 {
		return all
	}
	return own
}
