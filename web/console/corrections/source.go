package corrections

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/console"
)

// Sources fetch anew.
type Sources interface {
	// Refresh fetches a source whatever the age of what is held; the error is why
	// it brought nothing.
	Refresh(ctx context.Context, publisher, source string) error
}

// Snapshots know how sources have been doing, and what is held back of them.
type Snapshots interface {
	HealthOf(publisher string) map[string]pull.Health
	Doubts(ctx context.Context, publisher, source string) ([]pull.Doubtful, error)
	// Refuse says of what is held back that it is wrong.
	Refuse(publisher, source string) int
}

// Health is how a source has been doing since its settings were last changed.
type Health struct {
	Publisher string    `json:"publisher"`
	Source    string    `json:"source"`
	Good      time.Time `json:"good,omitzero" doc:"When it last brought something."`
	Bad       time.Time `json:"bad,omitzero" doc:"When it last failed."`
	Error     string    `json:"error,omitempty" doc:"Why, and what to do, in a sentence; empty while all is well."`
	Warnings  []string  `json:"warnings,omitempty"`
	// Took and Bytes are those of the last fetch.
	Took     journal.Millis `json:"took_ms" doc:"How long the last fetch took."`
	Bytes    int64          `json:"bytes" doc:"How much the last fetch read."`
	AllBytes int64          `json:"all_bytes" doc:"How much all fetches read."`
	Requests int            `json:"requests" doc:"How many requests were sent upstream."`
	Asks     int            `json:"asks" doc:"How often readers asked."`
	HitRatio float64        `json:"hit_ratio" doc:"The part of these that was answered without asking upstream, from 0 to 1."`
	Items    int            `json:"items" doc:"How many items the last good fetch brought."`
	Before   int            `json:"items_before" doc:"How many were held before it."`
	Breaker  string         `json:"breaker" enum:"closed,open,half-open" doc:"Open: upstream is left alone after a failure. Half-open: the next question is the probe."`
	Again    time.Time      `json:"again,omitzero" doc:"When upstream is asked again."`
	Doubts   []Doubt        `json:"doubts" doc:"What it brought that is hard to believe, and is held back."`
}

// Doubt is what is held back of one answer, beside what is told.
type Doubt struct {
	Why     string    `json:"why"`
	Since   time.Time `json:"since"`
	Count   int       `json:"count" doc:"How many fetches have brought the same."`
	Needed  int       `json:"needed" doc:"How many make it believed, where nobody decides; 0 where nothing is told in its place, and only somebody does."`
	Refused bool      `json:"refused,omitempty" doc:"Somebody refused it: no number of fetches makes it believed."`
	Before  int       `json:"before" doc:"How many items are told."`
	Now     int       `json:"now" doc:"How many would be."`
	// Differences are what differs, at most 50.
	Differences []Difference `json:"differences" doc:"What differs, at most 50 items."`
}

// Difference is an item that is told otherwise than it would be.
type Difference struct {
	State  string `json:"state" enum:"gone,new,changed"`
	ID     string `json:"id"`
	Before string `json:"before,omitempty" doc:"Its title, and its price where it has one, as told."`
	Now    string `json:"now,omitempty" doc:"The same as it would be told."`
}

// Refused is the output of "source.refuse".
type Refused struct {
	Refused int `json:"refused" doc:"How many answers are held back from now on, whatever upstream keeps to."`
}

// The operations on sources.
var (
	RefreshSource = console.Declare[console.SourceGet, Health](console.Declaration{
		Name: "source.refresh", Permission: console.Write, Audit: true, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/sources/{source}/refresh",
		Summary: "Fetch a source now, whatever the age of what is held; the answer tells how it went.",
		Help:    "An upstream that asked to be left alone, or that is resting after a failure, is left alone: again says until when.",
	})

	SourceHealth = console.Declare[console.SourceGet, Health](console.Declaration{
		Name: "source.health", Permission: console.Read, Method: http.MethodGet, Path: "/publishers/{publisher}/sources/{source}/health",
		Summary: "Tell how a source has been doing since its settings were last changed, with what is held back as doubtful.",
	})

	RefuseSource = console.Declare[console.SourceGet, Refused](console.Declaration{
		Name: "source.refuse", Permission: console.Write, Audit: true, Method: http.MethodPost, Path: "/publishers/{publisher}/sources/{source}/refuse",
		Summary: "Say that what is held back as doubtful is wrong: it is not believed by itself while upstream keeps to it.",
		Help:    "source.accept still believes it; what upstream brings that is not doubtful is told at once.",
	})
)

func (u Corrections) refreshSource(ctx context.Context, in console.SourceGet) (Health, error) {
	console.NoteAudit(ctx, string(catalogue.ResourceSource)+" "+in.ID, nil, nil)
	pub, id, err := u.findSource(in)
	if err != nil {
		return Health{}, err
	}
	failed := u.Sources.Refresh(ctx, pub.ID, id)
	h, err := u.healthOf(ctx, pub, id)
	if failed != nil && h.Error == "" {
		h.Error = words.Said(failed).In(console.CallerLanguage(ctx))
	}
	return h, err
}

func (u Corrections) sourceHealth(ctx context.Context, in console.SourceGet) (Health, error) {
	pub, id, err := u.findSource(in)
	if err != nil {
		return Health{}, err
	}
	return u.healthOf(ctx, pub, id)
}

func (u Corrections) refuseSource(ctx context.Context, in console.SourceGet) (Refused, error) {
	console.NoteAudit(ctx, string(catalogue.ResourceSource)+" "+in.ID, nil, nil)
	pub, id, err := u.findSource(in)
	if err != nil {
		return Refused{}, err
	}
	return Refused{u.Snapshots.Refuse(pub.ID, id)}, nil
}

func (u Corrections) healthOf(ctx context.Context, pub *catalogue.Setup, id string) (Health, error) {
	language := console.CallerLanguage(ctx)
	h := u.Snapshots.HealthOf(pub.ID)[id]
	out := Health{
		Publisher: pub.ID, Source: id, Good: h.Good, Bad: h.Bad, Error: h.Error.In(language), Took: journal.Since(h.Took), Bytes: h.LastBytes, AllBytes: h.Bytes,
		Requests: h.Requests, Asks: h.Asks, Items: h.Items, Before: h.Before, Breaker: "closed", Again: h.Again, Doubts: []Doubt{},
	}
	if broken := pub.Broken[catalogue.ResourceSource][id]; !broken.IsZero() {
		out.Error = broken.In(language)
	}
	if h.Asks > 0 {
		out.HitRatio = float64(h.Hits) / float64(h.Asks)
	}
	if h.Breaker != pull.Closed {
		out.Breaker = string(h.Breaker)
	}
	for _, w := range h.Warnings {
		out.Warnings = append(out.Warnings, w.In(language))
	}
	doubts, err := u.Snapshots.Doubts(ctx, pub.ID, id)
	for _, d := range doubts {
		out.Doubts = append(out.Doubts, Doubt{
			Why: d.Why.In(language), Since: d.Since, Count: d.Count, Needed: d.Needed, Refused: d.Refused,
			Before: len(d.Before), Now: len(d.Now), Differences: differences(d.Before, d.Now),
		})
	}
	return out, err //nolint:wrapcheck // it says what it is about
}

// maxDifferences bounds how many items a doubt shows.
const maxDifferences = 50

// differences returns the items that are told otherwise, in the order in which they
// are told, new ones last.
func differences(before, now []what.Item) []Difference {
	all := []Difference{}
	add := func(d Difference) {
		if len(all) < maxDifferences {
			all = append(all, d)
		}
	}
	later, was := byID(now), byID(before)
	for i := range before {
		it := &before[i]
		other, there := later[it.ID]
		switch {
		case !there:
			add(Difference{State: "gone", ID: it.ID, Before: itemInBrief(it)})
		case itemInBrief(it) != itemInBrief(other):
			add(Difference{State: "changed", ID: it.ID, Before: itemInBrief(it), Now: itemInBrief(other)})
		}
	}
	for i := range now {
		if _, there := was[now[i].ID]; !there {
			add(Difference{State: "new", ID: now[i].ID, Now: itemInBrief(&now[i])})
		}
	}
	return all
}

func byID(items []what.Item) map[string]*what.Item {
	all := make(map[string]*what.Item, len(items))
	for i := range items {
		all[items[i].ID] = &items[i]
	}
	return all
}

// itemInBrief returns an item in a few words: its title, and its price where it has one.
func itemInBrief(it *what.Item) string {
	const most = 120
	text := words.Shorten(cmp.Or(it.Heading(), it.Link, it.ID), most)
	if price := it.Facts.Text("price"); price != "" {
		text += " " + price
		if currency := it.Facts.Text("currency"); currency != "" {
			text += " " + currency
		}
	}
	return text
}
