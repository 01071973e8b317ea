package accounts

import (
	"context"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
)

// OwnFilters is the output of the operations filter.*.
type OwnFilters struct {
	Filters []people.Filter `json:"filters" doc:"The filters that you saved, by name."`
}

// FilterSave is the input of "filter.save".
type FilterSave struct {
	Publisher string `json:"publisher" required:"true" doc:"The publisher whose list it chooses from."`
	Page      string `json:"page" required:"true" doc:"The page that lists, as its address in the console names it: keywords."`
	Query     string `json:"query" required:"true" doc:"What is chosen, as the query of the page's address: state=failing&group=sport."`
	Name      string `json:"name" required:"true" doc:"What you call it. One of the same name and page is replaced."`
}

// FilterRemove is the input of "filter.remove".
type FilterRemove struct {
	Filter string `json:"filter" path:"filter" doc:"Id of the filter."`
}

// The operations filter.*.
var (
	ListFilters = console.Declare[console.None, OwnFilters](console.Declaration{
		Name: "filter.list", Permission: console.Self, Method: http.MethodGet, Path: "/me/filters",
		Summary: "List the filters of lists that you saved.",
	})

	SaveFilter = console.Declare[FilterSave, OwnFilters](console.Declaration{
		Name: "filter.save", Permission: console.Self, Audit: true, Method: http.MethodPost, Path: "/me/filters",
		Summary: "Save a choice among what a page of the console lists, under a name.",
	})

	RemoveFilter = console.Declare[FilterRemove, OwnFilters](console.Declaration{
		Name: "filter.remove", Permission: console.Self, Audit: true, Method: http.MethodDelete, Path: "/me/filters/{filter}",
		Summary: "Remove a filter that you saved.",
	})
)

func (s own) filterOperations() []console.Bound {
	return []console.Bound{ListFilters.Bind(s.listFilters), SaveFilter.Bind(s.saveFilter), RemoveFilter.Bind(s.removeFilter)}
}

func filtersOf(p people.Person) OwnFilters {
	return OwnFilters{Filters: append([]people.Filter{}, p.Filters...)}
}

func (s own) listFilters(ctx context.Context, _ console.None) (OwnFilters, error) {
	by, _ := console.Caller(ctx)
	p, _, err := s.People.Get(ctx, by.Person)
	if err != nil {
		return OwnFilters{}, turnedAway(err, signInFirst())
	}
	return filtersOf(p), nil
}

func (s own) saveFilter(ctx context.Context, in FilterSave) (OwnFilters, error) {
	by, _ := console.Caller(ctx)
	console.NoteAudit(ctx, "filter "+in.Name, nil, nil)
	f := people.Filter{ID: people.NewID(s.Rand), Publisher: in.Publisher, Page: in.Page, Query: in.Query, Name: strings.TrimSpace(in.Name)}
	_, after, err := s.updatePerson(ctx, by.Person, func(p *people.Person) (err error) {
		if *p, err = p.SaveFilter(f); err != nil {
			return problemsOf(err)
		}
		return nil
	})
	if err != nil {
		return OwnFilters{}, turnedAway(err, signInFirst())
	}
	return filtersOf(after), nil
}

func (s own) removeFilter(ctx context.Context, in FilterRemove) (OwnFilters, error) {
	by, _ := console.Caller(ctx)
	console.NoteAudit(ctx, "filter "+in.Filter, nil, nil)
	none := &pull.Error{Kind: pull.Unknown, Field: "filter", Hint: words.Text{Key: "filter.none"}}
	_, after, err := s.updatePerson(ctx, by.Person, func(p *people.Person) error {
		var dropped bool
		if *p, dropped = p.DropFilter(in.Filter); !dropped {
			return none
		}
		return nil
	})
	if err != nil {
		return OwnFilters{}, turnedAway(err, none)
	}
	return filtersOf(after), nil
}
