package site

import (
	"net/http"

	"keypull/pull/settings"
	"keypull/web/console/pages"
)

// renaming gives a thing another id; the pages of a noun may have it.
type renaming interface {
	rename(id, version, to string) error
}

// renamePage asks for the new id.
type renamePage struct {
	Head                              pages.Header
	Action, Cancel, CSRF, Version, To string
	Problems                          []string
}

// renameRoutes adds the page on which a thing of a noun is given another id.
func renameRoutes[E any](s *Site, at string, n noun, of func(*request) editable[E]) {
	if n.rename == nil {
		return
	}
	s.page("GET "+at+"/{id}/rename", gated(n.rename, func(r *request) error { return showRename(of(r), http.StatusOK, "", nil) }))
	s.page("POST "+at+"/{id}/rename", gated(n.rename, func(r *request) error { return rename(of(r)) }))
}

func showRename[E any](p editable[E], status int, to string, problems settings.Problems) error {
	r, n := p.self(), p.noun()
	id := r.id()
	e, err := p.get(id)
	if err != nil {
		return err
	}
	_, standing := p.apart(e)
	body := renamePage{Head: pages.Header{Title: r.t("rename.title", "id", id), Lead: r.t("rename.lead")}, Action: r.pageOf(n.section, id, "rename"),
		Cancel: r.pageOf(n.section, id), CSRF: r.session.CSRF, Version: standing.Version, To: to}
	if status == http.StatusOK {
		body.To = id
	}
	for _, problem := range problems {
		body.Problems = append(body.Problems, problem.Message)
	}
	return r.showAs(status, "page_rename", pages.Page{Title: body.Head.Title, Body: body, Crumbs: r.crumbs(n.section, id)})
}

func rename[E any](p editable[E]) error {
	r, n := p.self(), p.noun()
	to := r.posted("to")
	err := p.(renaming).rename(r.id(), r.posted("version"), to)
	if problems, refused := r.problems(err, ""); refused {
		return showRename(p, http.StatusUnprocessableEntity, to, problems)
	}
	if err != nil {
		return err
	}
	return r.leave(r.pageOf(n.section, to), "renamed")
}
