package site

import (
	"keypull/pull"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// homePages lead to the publishers.
type homePages struct{ *request }

// routes lists every page. Those of one noun stand in the file of its name.
func (s *Site) routes() {
	s.page("GET "+Root, on(homePages.home))
	s.page("GET "+Root+"/{$}", on(homePages.home))
	s.page("GET "+Root+"/p/{publisher}", on(homePages.lobby))
	s.page("GET "+Root+"/p/{publisher}/{$}", on(homePages.lobby))
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
	s.page(Root+"/", func(*request) error { return &pull.Error{Kind: pull.Unknown} })
}

// lobby leads to a publisher's first page.
func (r homePages) lobby() error { return r.leave(r.at("today"), "") }

// home leads to the only publisher, shows the choice of many, and has an
// admin make the first.
func (r homePages) home() error {
	all := r.publishers()
	switch {
	case len(all) == 1:
		return r.leave(address(all[0].ID, "today"), "")
	case len(all) == 0 && r.by.Admin:
		return r.leave(Root+"/new", "")
	}
	return r.show("page_home", pages.Page{Title: r.t("home.title"), Body: home{Publishers: all, Admin: r.by.Admin}})
}

// home is what the choice of publishers shows.
type home struct {
	Publishers []console.PublisherSummary
	Admin      bool
}
