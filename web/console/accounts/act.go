package accounts

import (
	"context"
	"net/http"

	"keypull/pull/people"
	"keypull/web/console"
)

// ActPage is the output of "act.list" and "act.all": who did what, the latest
// first, with secrets masked.
type ActPage struct {
	Acts []people.Act `json:"acts"`
	Next string       `json:"next,omitempty"`
}

// ActList is the input of "act.list".
type ActList struct {
	console.Of
	console.Page
}

// ActAll is the input of "act.all".
type ActAll struct{ console.Page }

// The operations act.*.
var (
	ListActs = console.Declare[ActList, ActPage](console.Declaration{
		Name: "act.list", Permission: console.Own, Method: http.MethodGet, Path: "/publishers/{publisher}/acts",
		Summary: "List who did what at a publisher, the latest first.",
	})

	ListAllActs = console.Declare[ActAll, ActPage](console.Declaration{
		Name: "act.all", Permission: console.Admin, Method: http.MethodGet, Path: "/acts",
		Summary: "List who did what on the whole installation, the latest first.",
	})
)

func (s *Staff) actOperations() []console.Bound {
	return []console.Bound{
		ListActs.Bind(ifPublisherExists(s, func(ctx context.Context, in ActList) (ActPage, error) { return s.listActs(ctx, in.Publisher, in.Page) })),
		ListAllActs.Bind(func(ctx context.Context, in ActAll) (ActPage, error) { return s.listActs(ctx, "", in.Page) }),
	}
}

func (s *Staff) listActs(ctx context.Context, publisher string, p console.Page) (ActPage, error) {
	limit, err := p.Count()
	if err != nil {
		return ActPage{}, err
	}
	acts, next, err := s.AuditLog.Page(ctx, publisher, p.Cursor, limit)
	if err != nil {
		return ActPage{}, err
	}
	if acts == nil {
		acts = []people.Act{}
	}
	return ActPage{Acts: acts, Next: next}, nil
}
