package site

import (
	"keypull/pull"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// routes lists every page. Those of one noun stand in the file of its name.
func (s *Site) routes() {
	s.page("GET "+Root, (*visit).home)
	s.page("GET "+Root+"/{$}", (*visit).home)
	s.page("GET "+Root+"/p/{publisher}", (*visit).lobby)
	s.page("GET "+Root+"/p/{publisher}/{$}", (*visit).lobby)
	s.accessRoutes()
	s.publisherRoutes()
	s.todayRoutes()
	s.peopleRoutes()
	s.meRoutes()
	s.auditRoutes()
	s.sourceRoutes()
	s.keywordRoutes()
	s.channelRoutes()
	s.deadRoutes()
	s.demandRoutes()
	s.readerRoutes()
	s.askRoutes()
	s.page(Root+"/", func(*visit) error { return &pull.Error{Kind: pull.Unknown} })
}

// lobby leads to a publisher's first page.
func (v *visit) lobby() error { return v.leave(v.at("today"), "") }

// home leads to the only publisher, shows the choice of many, and has an
// admin make the first.
func (v *visit) home() error {
	all := v.publishers()
	switch {
	case len(all) == 1:
		return v.leave(place(all[0].ID, "today"), "")
	case len(all) == 0 && v.by.Admin:
		return v.leave(Root+"/new", "")
	}
	return v.show("page_home", pages.Page{Title: pages.T(v.language, "home.title"), Body: home{Publishers: all, Admin: v.by.Admin}})
}

// home is what the choice of publishers shows.
type home struct {
	Publishers []console.PublisherSummary
	Admin      bool
}
