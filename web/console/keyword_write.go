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

// The operations keyword.*.
var (
	ListKeywords = Declare[KeywordList, KeywordListed](Declaration{
		Name: "keyword.list", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/keywords",
		Summary: "List the keywords of a publisher, by words, source, language or state.",
	})

	GetKeyword = Declare[KeywordGet, KeywordEntry](Declaration{
		Name: "keyword.get", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/keywords/{keyword}",
		Summary: "Show a keyword and what is doubtful about it.",
	})

	CreateKeyword = Declare[KeywordCreate, KeywordEntry](Declaration{
		Name: "keyword.create", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/keywords",
		Status: http.StatusCreated, Summary: "Add a keyword; readers are answered by it at once. Without an id it gets one.",
	})

	UpdateKeyword = Declare[KeywordUpdate, KeywordEntry](Declaration{
		Name: "keyword.update", Permission: Write, Audit: true, Undo: true, Method: http.MethodPut, Path: "/publishers/{publisher}/keywords/{keyword}",
		Summary: "Replace a keyword; readers are answered by the new one at once.",
	})

	DeleteKeyword = Declare[KeywordDelete, None](Declaration{
		Name: "keyword.delete", Permission: Write, Audit: true, Undo: true, Method: http.MethodDelete, Path: "/publishers/{publisher}/keywords/{keyword}",
		Summary: "Remove a keyword; nobody is answered by it any more.",
	})
)

func (p keywords) operations() []Bound {
	s := p.collection()
	return []Bound{
		ListKeywords.By(p.list),
		GetKeyword.By(func(ctx context.Context, in KeywordGet) (KeywordEntry, error) {
			return s.get(ctx, in.Publisher, in.ID)
		}),
		CreateKeyword.By(func(ctx context.Context, in KeywordCreate) (KeywordEntry, error) {
			return s.create(ctx, in.Publisher, in.Keyword)
		}),
		UpdateKeyword.By(func(ctx context.Context, in KeywordUpdate) (KeywordEntry, error) {
			return s.update(ctx, in.Publisher, in.ID, in.Version, in.Keyword)
		}),
		DeleteKeyword.By(func(ctx context.Context, in KeywordDelete) (None, error) {
			return s.remove(ctx, in.Publisher, in.ID, in.Version)
		}),
		CheckKeyword.By(p.check), PreviewKeyword.By(p.preview),
	}
}
