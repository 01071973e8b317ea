package console

import (
	"context"
	"net/http"

	"keypull/pull/catalogue"
)

// SnippetEntry is a snippet as it is answered.
type SnippetEntry struct {
	Snippet Doc `json:"snippet"`
	Standing
}

// SnippetList is the input of "snippet.list".
type SnippetList struct {
	Of
	Page
}

// SnippetListed is the output.
type SnippetListed struct {
	Snippets []SnippetEntry `json:"snippets"`
	Next     string         `json:"next,omitempty"`
}

// SnippetGet is the input of "snippet.get".
type SnippetGet struct {
	Of
	ID string `json:"id" path:"snippet" doc:"Id of the snippet."`
}

// SnippetCreate is the input of "snippet.create".
type SnippetCreate struct {
	Of
	Snippet Doc `json:"snippet" required:"true"`
}

// SnippetUpdate is the input of "snippet.update".
type SnippetUpdate struct {
	SnippetGet
	Guarded
	Snippet Doc `json:"snippet" required:"true"`
}

// SnippetDelete is the input of "snippet.delete".
type SnippetDelete struct {
	SnippetGet
	Guarded
}

// snippets are the operations of the resource.
type snippets struct{ Publishing }

const (
	allSnippets = "/publishers/{publisher}/snippets"
	oneSnippet  = allSnippets + "/{snippet}"
)

// The operations snippet.*.
var (
	ListSnippets = Declare[SnippetList, SnippetListed](Declaration{
		Name: "snippet.list", Permission: Read, Method: http.MethodGet, Path: allSnippets, Summary: "List snippets.",
	})
	GetSnippet = Declare[SnippetGet, SnippetEntry](Declaration{
		Name: "snippet.get", Permission: Read, Method: http.MethodGet, Path: oneSnippet, Summary: "Show a snippet.",
	})
	CreateSnippet = Declare[SnippetCreate, SnippetEntry](Declaration{
		Name: "snippet.create", Permission: Write, Audit: true, Method: http.MethodPost, Path: allSnippets,
		Status: http.StatusCreated, Summary: "Add a snippet.",
	})
	UpdateSnippet = Declare[SnippetUpdate, SnippetEntry](Declaration{
		Name: "snippet.update", Permission: Write, Audit: true, Method: http.MethodPut, Path: oneSnippet, Summary: "Replace a snippet.",
	})
	DeleteSnippet = Declare[SnippetDelete, None](Declaration{
		Name: "snippet.delete", Permission: Write, Audit: true, Method: http.MethodDelete, Path: oneSnippet, Summary: "Remove a snippet.",
	})
)

func (p snippets) collection() collection[catalogue.Snippet, SnippetEntry] {
	return collection[catalogue.Snippet, SnippetEntry]{
		publishing: p.Publishing, resource: catalogue.ResourceSnippet, find: (*catalogue.Setup).Snippet,
		called: func(*catalogue.Setup, Doc) string { return "snippet" },
		judge: func(r *review, _ *catalogue.Setup, d Doc, _ *catalogue.Snippet) (s catalogue.Snippet) {
			r.fillDraft(catalogue.ResourceSnippet, &s, d, p.Checks)
			return s
		},
		entry: p.snippetEntry,
	}
}

func (p snippets) snippetEntry(_ context.Context, pub *catalogue.Setup, id string) (SnippetEntry, error) {
	s, _ := pub.Snippet(id)
	d, err := p.MaskedDoc(catalogue.ResourceSnippet, *s)
	return SnippetEntry{Snippet: d, Standing: standingOf(pub, pub.MetaOf(catalogue.ResourceSnippet, id))}, err
}

func (p snippets) operations() []Bound {
	s := p.collection()
	return []Bound{
		ListSnippets.Bind(p.listSnippets),
		GetSnippet.Bind(func(ctx context.Context, in SnippetGet) (SnippetEntry, error) { return s.get(ctx, in.Publisher, in.ID) }),
		CreateSnippet.Bind(func(ctx context.Context, in SnippetCreate) (SnippetEntry, error) {
			return s.create(ctx, in.Publisher, in.Snippet)
		}),
		UpdateSnippet.Bind(func(ctx context.Context, in SnippetUpdate) (SnippetEntry, error) {
			return s.update(ctx, in.Publisher, in.ID, in.Version, in.Snippet)
		}),
		DeleteSnippet.Bind(func(ctx context.Context, in SnippetDelete) (None, error) {
			return s.remove(ctx, in.Publisher, in.ID, in.Version)
		}),
	}
}

func (p snippets) listSnippets(ctx context.Context, in SnippetList) (out SnippetListed, err error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	out.Snippets, out.Next, err = listPage(in.Page, pub, catalogue.ResourceSnippet, nil, func(i int) (SnippetEntry, error) {
		return p.snippetEntry(ctx, pub, pub.Snippets[i].ID)
	})
	return out, err
}
