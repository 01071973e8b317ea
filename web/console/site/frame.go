package site

import (
	"strings"

	"keypull/web/console"
	"keypull/web/console/pages"
)

// frame fills in what stands around every page for who is signed in: the
// publishers to choose from, the way around the one at work, and who this is.
func (v *visit) frame(p *pages.Page) {
	p.Person = &pages.PersonView{Name: v.by.Name, Href: Root + "/me", SignOut: Root + "/sign-out"}
	if v.by.Admin {
		p.Person.Role = pages.T(v.language, "role.admin")
	}
	for _, o := range v.publishers() {
		link := pages.PublisherLink{ID: o.ID, Name: o.Name, Href: place(o.ID, "today"), Current: o.ID == v.publisher}
		p.Publishers = append(p.Publishers, link)
		if link.Current {
			p.Publisher = &link
			p.Person.Role = pages.T(v.language, "role."+string(o.Role))
		}
	}
	if done := v.r.URL.Query().Get("done"); pages.Has("done." + done) {
		p.Toasts = append(p.Toasts, pages.Toast{State: "ok", Text: pages.T(v.language, "done."+done)})
	}
	if p.Publisher == nil {
		p.Nav = v.outside()
		return
	}
	p.Nav = pages.Nav(v.language, place(v.publisher), v.room(), func(place string) bool {
		return v.may(console.Own) || place != "people" && place != "audit" && place != readerRoom
	})
	if v.by.Admin {
		p.Nav = append(p.Nav, v.toInstallation())
	}
}

// outside are the places that belong to no publisher.
func (v *visit) outside() []pages.NavItem {
	items := []pages.NavItem{{Label: pages.T(v.language, "nav.publishers"), Icon: "publisher", Href: Root, Current: v.r.URL.Path == Root}}
	if v.by.Admin {
		items = append(items, v.toInstallation())
	}
	return items
}

func (v *visit) toInstallation() pages.NavItem {
	return pages.NavItem{Label: pages.T(v.language, "nav.installation"), Icon: "lock", Href: installation,
		Current: strings.HasPrefix(v.r.URL.Path, installation)}
}

// publishers are those that the visitor sees, asked for once a visit.
func (v *visit) publishers() []console.PublisherSummary {
	if v.outlets == nil {
		const most = 200
		listed, err := do[console.PublisherList, console.PublisherListed](v, "publisher.list",
			console.PublisherList{Page: console.Page{Limit: most}})
		if err != nil {
			v.Logger.Error("the publishers could not be listed", "error", err)
		}
		v.outlets = append([]console.PublisherSummary{}, listed.Publishers...)
	}
	return v.outlets
}

// summary is the publisher at work, or nil where the visitor sees none of that
// id.
func (v *visit) summary() *console.PublisherSummary {
	for _, o := range v.publishers() {
		if o.ID == v.publisher {
			return &o
		}
	}
	return nil
}

// room is the place of the navigation that a page lies in.
func (v *visit) room() string {
	rest, _ := strings.CutPrefix(v.r.URL.Path, place(v.publisher)+"/")
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// of is the publisher at work, for the inputs of operations.
func (v *visit) of() console.Of { return console.Of{Publisher: v.publisher} }
