package site

import (
	"slices"
	"strings"

	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// layout is what stands around every page for who is signed in.
type layout struct{ *request }

// fill fills in what stands around every page for who is signed in: the
// publishers to choose from, the way around the one at work, and who this is.
func (r layout) fill(p *pages.Page) {
	p.Person = &pages.PersonView{Name: r.by.Name, Href: Root + "/me", SignOut: Root + "/sign-out"}
	if r.by.Admin {
		p.Person.Role = r.t("role.admin")
	}
	for _, o := range r.publishers() {
		link := pages.PublisherLink{ID: o.ID, Name: o.Name, Href: address(o.ID, "today"), Current: o.ID == r.publisher}
		p.Publishers = append(p.Publishers, link)
		if link.Current {
			p.Publisher = &link
			p.Person.Role = r.t("role." + string(o.Role))
		}
	}
	recent := undoPages(r).recent()
	p.Recent = recent
	if done := r.URL.Query().Get("done"); pages.Has("done." + done) {
		p.Toasts = append(p.Toasts, pages.Toast{State: "ok", Text: r.t("done." + done), Undo: undoPages(r).toast(recent)})
	}
	p.Nav, p.Find = r.nav(), findPages(r).address()
	p.Keys, p.NoKeys = findPages(r).keys(), r.by.NoKeys
}

// nav are the places of the publisher at work, or those that belong to none.
func (r layout) nav() []pages.NavItem {
	if r.summary() == nil {
		return r.common()
	}
	items := pages.Nav(r.language, address(r.publisher), r.section(), func(section string) bool {
		op, gated := map[string]permitted{"people": accounts.ListPersons, "audit": accounts.ListActs, readerSection: console.ShowReader}[section]
		return !gated || r.may(op)
	})
	for _, n := range r.edited {
		if !slices.Contains(pages.Places(), n.section) {
			items = append(items, pages.NavItem{Label: r.t("nav." + n.section), Icon: n.icon, Href: r.at(n.section), Current: n.section == r.section()})
		}
	}
	if r.atInstallation() {
		items = append(items, r.toInstallation())
	}
	return items
}

// common are the places that belong to no publisher.
func (r layout) common() []pages.NavItem {
	items := []pages.NavItem{{Label: r.t("nav.publishers"), Icon: "publisher", Key: pages.KeyOf("publishers"), Href: Root, Current: r.URL.Path == Root}}
	if r.atInstallation() {
		items = append(items, r.toInstallation())
	}
	return items
}

// atInstallation says whether the pages of the installation are open.
func (r layout) atInstallation() bool { return accounts.ListAllPersons.Allowed(r.context(), "") }

func (r layout) toInstallation() pages.NavItem {
	return pages.NavItem{Label: r.t("nav.installation"), Icon: "lock", Href: installation, Key: pages.KeyOf("installation"),
		Current: strings.HasPrefix(r.URL.Path, installation)}
}

// publishers are those that the visitor sees, asked for once a visit.
func (r *request) publishers() []console.PublisherSummary {
	if r.seen == nil {
		const most = 200
		listed, err := console.ListPublishers.Call(r.context(), console.PublisherList{Page: console.Page{Limit: most}})
		if err != nil {
			r.Logger.Error("the publishers could not be listed", "error", err)
		}
		r.seen = append([]console.PublisherSummary{}, listed.Publishers...)
	}
	return r.seen
}

// summary is the publisher at work, or nil where the visitor sees none of that
// id.
func (r *request) summary() *console.PublisherSummary {
	for _, o := range r.publishers() {
		if o.ID == r.publisher {
			return &o
		}
	}
	return nil
}

// section is the place of the navigation that a page lies in.
func (r layout) section() string {
	rest, _ := strings.CutPrefix(r.URL.Path, address(r.publisher)+"/")
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// of is the publisher at work, for the inputs of operations.
func (r *request) of() console.Of { return console.Of{Publisher: r.publisher} }
