package console

import (
	"context"
	"net/http"

	"keypull/pull/catalogue"
)

// SourceNames is the input of "source.names".
type SourceNames struct {
	Of
	Page
}

// SourceName is a source as lists to choose from show it.
type SourceName struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
}

// SourcesNamed is the output of "source.names".
type SourcesNamed struct {
	Sources []SourceName `json:"sources"`
	Next    string       `json:"next,omitempty"`
}

// ListSourceNames is "source.names".
var ListSourceNames = Declare[SourceNames, SourcesNamed](Declaration{
	Name: "source.names", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/source-names",
	Summary: "List the ids and kinds of a publisher's sources alone.",
})

// sourceNames lists sources without their settings and health: forms that
// offer them to choose from need no more.
func (p Publishing) sourceNames() Bound {
	return ListSourceNames.By(func(_ context.Context, in SourceNames) (SourcesNamed, error) {
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
			out.Sources = append(out.Sources, SourceName{ID: id(i), Kind: o.Sources[i].Kind})
		}
		out.Next = l.next(id)
		return out, nil
	})
}
