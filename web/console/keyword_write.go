package console

import (
	"context"
	"net/http"
)

// KeywordGet is the input of "keyword.get".
type KeywordGet struct {
	Of
	ID string `json:"id" path:"keyword" doc:"Id of the keyword."`
}

// KeywordCreate is the input of "keyword.create".
type KeywordCreate struct {
	Of
	Keyword Doc `json:"keyword" required:"true"`
}

// KeywordUpdate is the input of "keyword.update".
type KeywordUpdate struct {
	Of
	ID string `json:"id" path:"keyword" doc:"Id of the keyword."`
	Guarded
	Keyword Doc `json:"keyword" required:"true"`
}

// KeywordDelete is the input of "keyword.delete".
type KeywordDelete struct {
	Of
	ID string `json:"id" path:"keyword" doc:"Id of the keyword."`
	Guarded
}

func (p Publishing) keywordOperations() []Operation {
	const list, one = "/publishers/{publisher}/keywords", "/publishers/{publisher}/keywords/{keyword}"
	s := p.keywords()
	return []Operation{
		Declare(Operation{
			Name: "keyword.list", Permission: Read, Method: http.MethodGet, Path: list,
			Summary: "List the keywords of a publisher, by words, source, language or state.",
		}, p.listKeywords),
		Declare(Operation{
			Name: "keyword.get", Permission: Read, Method: http.MethodGet, Path: one,
			Summary: "Show a keyword and what is doubtful about it.",
		}, func(_ context.Context, in KeywordGet) (KeywordEntry, error) {
			return s.get(in.Publisher, in.ID)
		}),
		Declare(Operation{
			Name: "keyword.create", Permission: Write, Audit: true, Method: http.MethodPost, Path: list,
			Status: http.StatusCreated, Summary: "Add a keyword; readers are answered by it at once. Without an id it gets one.",
		}, func(ctx context.Context, in KeywordCreate) (KeywordEntry, error) {
			return s.create(ctx, in.Publisher, in.Keyword)
		}),
		Declare(Operation{
			Name: "keyword.update", Permission: Write, Audit: true, Method: http.MethodPut, Path: one,
			Summary: "Replace a keyword; readers are answered by the new one at once.",
		}, func(ctx context.Context, in KeywordUpdate) (KeywordEntry, error) {
			return s.update(ctx, in.Publisher, in.ID, in.Version, in.Keyword)
		}),
		Declare(Operation{
			Name: "keyword.delete", Permission: Write, Audit: true, Method: http.MethodDelete, Path: one,
			Summary: "Remove a keyword; nobody is answered by it any more.",
		}, func(ctx context.Context, in KeywordDelete) (None, error) {
			return s.remove(ctx, in.Publisher, in.ID, in.Version)
		}),
		p.keywordCheck(), p.keywordPreview(),
	}
}
