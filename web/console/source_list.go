package console

import (
	"context"
	"net/http"

	"keypull/pull/catalogue"
)

// SourceList is the input of "source.list".
type SourceList struct {
	Of
	Page
	Q string `json:"q,omitempty" query:"q" doc:"What the id or the kind holds or nearly is."`
}

// SourceListed is the output.
type SourceListed struct {
	Sources []SourceEntry `json:"sources"`
	Next    string        `json:"next,omitempty"`
}

func (p sources) list(ctx context.Context, in SourceList) (SourceListed, error) {
	out := SourceListed{Sources: []SourceEntry{}}
	o, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	id := func(i int) string { return o.Sources[i].ID }
	l, err := in.list(behind(o, catalogue.NounSource, len(o.Sources), id))
	if err != nil {
		return out, err
	}
	shown := searched(in.Q, len(o.Sources), func(i int) []string { return []string{id(i), o.Sources[i].Kind} })
	for i := range o.Sources {
		if shown(i) {
			l.add(i)
		}
	}
	health, keywords := p.Snapshots.HealthOf(o.ID), o.Counts()
	for _, i := range l.places {
		e, err := p.entry(o, id(i), keywords[id(i)], health[id(i)], spoken(ctx))
		if err != nil {
			return out, err
		}
		out.Sources = append(out.Sources, e)
	}
	out.Next = l.next(id)
	return out, nil
}

// SourceNames is the input of "source.names".
type SourceNames struct {
	Of
	Page
}

// SourceName is a source as lists to choose from show it.
type SourceName struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Title string `json:"title,omitempty" doc:"What it is called, else where it fetches."`
}

// SourcesNamed is the output of "source.names".
type SourcesNamed struct {
	Sources []SourceName `json:"sources"`
	Next    string       `json:"next,omitempty"`
}

// ListSourceNames is "source.names".
var ListSourceNames = Declare[SourceNames, SourcesNamed](Declaration{
	Name: "source.names", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/source-names",
	Summary: "List the ids, kinds and titles of a publisher's sources alone.",
})

// names lists sources without their settings and health: forms that
// offer them to choose from need no more.
func (p sources) names(_ context.Context, in SourceNames) (SourcesNamed, error) {
	out := SourcesNamed{Sources: []SourceName{}}
	o, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	id := func(i int) string { return o.Sources[i].ID }
	l, err := in.list(behind(o, catalogue.NounSource, len(o.Sources), id))
	if err != nil {
		return out, err
	}
	for i := range o.Sources {
		l.add(i)
	}
	for _, i := range l.places {
		out.Sources = append(out.Sources, SourceName{ID: id(i), Kind: o.Sources[i].Kind, Title: p.titleOf(&o.Sources[i])})
	}
	out.Next = l.next(id)
	return out, nil
}
