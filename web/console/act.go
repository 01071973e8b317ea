package console

import (
	"context"
	"net/http"
	"strconv"

	"keypull/pull"
	"keypull/pull/people"
)

// ActPage is the output of "act.list" and "act.all": who did what, the latest
// first, with secrets masked.
type ActPage struct {
	Acts []people.Act `json:"acts"`
	Next string       `json:"next,omitempty"`
}

// ActList is the input of "act.list".
type ActList struct {
	Of
	Page
}

// ActAll is the input of "act.all".
type ActAll struct{ Page }

// The operations act.*.
var (
	ListActs = Declare[ActList, ActPage](Declaration{
		Name: "act.list", Permission: Own, Method: http.MethodGet, Path: "/publishers/{publisher}/acts",
		Summary: "List who did what at a publisher, the latest first.",
	})

	ListAllActs = Declare[ActAll, ActPage](Declaration{
		Name: "act.all", Permission: Admin, Method: http.MethodGet, Path: "/acts",
		Summary: "List who did what on the whole installation, the latest first.",
	})
)

func (s *Staff) actOperations() []Bound {
	return []Bound{
		ListActs.By(present(s, func(ctx context.Context, in ActList) (ActPage, error) { return s.acts(ctx, in.Publisher, in.Page) })),
		ListAllActs.By(func(ctx context.Context, in ActAll) (ActPage, error) { return s.acts(ctx, "", in.Page) }),
	}
}

func (s *Staff) acts(ctx context.Context, publisher string, p Page) (ActPage, error) {
	limit := p.Limit
	if limit == 0 {
		limit = usualPage
	}
	if limit < 1 || limit > longestPage {
		return ActPage{}, &pull.Error{Kind: pull.Invalid, Field: "limit", Hint: "write a number from 1 to " + strconv.Itoa(longestPage)}
	}
	acts, next, err := s.Record.Page(ctx, publisher, p.Cursor, limit)
	if err != nil {
		return ActPage{}, err
	}
	if acts == nil {
		acts = []people.Act{}
	}
	return ActPage{Acts: acts, Next: next}, nil
}
