package console

import (
	"context"
	"net/http"

	"keypull/pull/catalogue"
)

// SourceAccept is the input of "source.accept".
type SourceAccept struct {
	Of
	ID string `json:"id" path:"source" doc:"Id of the source."`
}

// SourceAccepted is the output.
type SourceAccepted struct {
	Accepted int `json:"accepted" doc:"How many answers were held back and are told now."`
}

// AcceptSource is "source.accept".
var AcceptSource = Declare[SourceAccept, SourceAccepted](Declaration{
	Name: "source.accept", Permission: Write, Audit: true, Method: http.MethodPost, Path: "/publishers/{publisher}/sources/{source}/accept",
	Summary: "Believe what a source brought and what is held back as doubtful.",
	Help:    "Such as an empty list, or a price that moved by more than half. Without it, what three fetches agree on is believed.",
})

func (p Publishing) sourceAccept() Bound {
	return AcceptSource.By(func(_ context.Context, in SourceAccept) (SourceAccepted, error) {
		o, err := publisherOf(p.Catalogue, in.Publisher)
		if err != nil {
			return SourceAccepted{}, err
		}
		if _, ok := o.Source(in.ID); !ok {
			return SourceAccepted{}, missing(catalogue.NounSource, in.ID)
		}
		return SourceAccepted{p.Keeper.Accept(o.ID, in.ID)}, nil
	})
}
