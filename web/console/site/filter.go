package site

import (
	"net/url"

	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// filterPages save what somebody chose among a list, under a name.
type filterPages struct{ *request }

func (s *Site) filterRoutes() {
	const at = Root + "/p/{publisher}/filters"
	s.route("POST "+at, pageAction(filterPages.saveFilter))
	s.route("POST "+at+"/{filter}/remove", pageAction(filterPages.removeFilter))
}

// savedFilters returns the filters that the visitor saved of a page of the publisher at work,
// and where to save what is chosen now: the parameters of its address that are of these names.
func (r *request) savedFilters(page string, names ...string) *pages.SavedFilters {
	listed, err := accounts.ListFilters.Call(r.callContext(), console.None{})
	if err != nil {
		// A list is shown without them rather than not at all.
		r.Logger.Error("saved filters could not be listed", "error", err)
	}
	chosen := url.Values{}
	for _, name := range names {
		if value := r.URL.Query().Get(name); value != "" {
			chosen.Set(name, value)
		}
	}
	b := &pages.SavedFilters{CSRF: r.session.CSRF}
	if len(chosen) > 0 {
		b.Save, b.Kept = r.pathTo("filters"), []pages.Hidden{{Name: "page", Value: page}, {Name: "query", Value: chosen.Encode()}}
	}
	for _, f := range listed.Filters {
		if f.Publisher != r.publisher || f.Page != page {
			continue
		}
		link := pages.SavedFilter{Name: f.Name, Href: r.filterPath(f), Current: f.Query == chosen.Encode()}
		if link.Current {
			b.Save, b.Remove = "", r.pathTo("filters", f.ID, "remove")
		}
		b.Saved = append(b.Saved, link)
	}
	return b
}

// filterPath returns the address at which a filter is applied.
func (r *request) filterPath(f people.Filter) string { return r.pathTo(f.Page) + "?" + f.Query }

func (r filterPages) saveFilter() error {
	f := people.Filter{Page: r.postedValue("page"), Query: r.postedValue("query")}
	_, err := accounts.SaveFilter.Call(r.callContext(), accounts.FilterSave{Publisher: r.publisher, Page: f.Page, Query: f.Query, Name: r.postedValue("name")})
	if err != nil {
		return err
	}
	return r.redirectDone(r.filterPath(f), "filter_saved")
}

func (r filterPages) removeFilter() error {
	id := r.PathValue("filter")
	listed, err := accounts.ListFilters.Call(r.callContext(), console.None{})
	if err != nil {
		return err
	}
	to := r.pathTo(keywordSection)
	for _, f := range listed.Filters {
		if f.ID == id {
			to = r.filterPath(f)
		}
	}
	if _, err := accounts.RemoveFilter.Call(r.callContext(), accounts.FilterRemove{Filter: id}); err != nil {
		return err
	}
	return r.redirectDone(to, "removed")
}
