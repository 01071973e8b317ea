package site

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
	"keypull/web/desk"
)

// locale words things in the reader's language and time zone.
type locale struct {
	language string
	zone     *time.Location
	clock    func() time.Time
}

// t returns the sentence of a key.
func (l locale) t(key string, args ...any) string { return pages.T(l.language, key, args...) }

// plural returns the sentence of a key for that many.
func (l locale) plural(key string, n int, args ...any) string {
	return pages.Plural(l.language, key, n, args...)
}

// agoText tells how long ago a moment was, in the visitor's language and zone.
func (l locale) agoText(at time.Time) string {
	return pages.Ago(l.language, at, l.clock().In(l.zone))
}

// momentText tells a moment by date and time of day, in the visitor's language and zone.
func (l locale) momentText(at time.Time) string {
	return pages.When(l.language, at, l.clock().In(l.zone))
}

func (l locale) numberText(n int) string {
	text, err := pages.Number(l.language, n)
	if err != nil {
		return strconv.Itoa(n)
	}
	return text
}

// spanText tells milliseconds by the unit that fits, with two figures at least.
func (l locale) spanText(ms journal.Millis) string {
	const second, minute, hour, day = 1e3, 60e3, 3600e3, 86400e3
	value, unit := float64(ms), "ms"
	switch {
	case value >= 2*day:
		value, unit = value/day, "d"
	case value >= 2*hour:
		value, unit = value/hour, "h"
	case value >= 2*minute:
		value, unit = value/minute, "min"
	case value >= second:
		value, unit = value/second, "s"
	}
	if value < 10 {
		value = math.Round(value*10) / 10
	} else {
		value = math.Round(value)
	}
	text, err := pages.Number(l.language, value)
	if err != nil {
		text = strconv.FormatFloat(value, 'f', -1, 64)
	}
	return l.t("unit."+unit, "n", text)
}

// millisText tells a duration as people do.
func (l locale) millisText(m journal.Millis) string {
	const second = 1000
	if m < second {
		return l.t("trial.ms", "n", int(m+.5))
	}
	const tenths = 10
	text, err := pages.Number(l.language, float64(int(float64(m)/second*tenths+.5))/tenths)
	if err != nil {
		return ""
	}
	return l.t("trial.seconds", "n", text)
}

// ageText tells how old an answer was, as readers are told it: nobody is told
// milliseconds.
func (l locale) ageText(ms journal.Millis) string {
	const second = 1e3
	if ms < second {
		return l.t("unit.under", "n", 1)
	}
	return l.spanText(ms)
}

// languageName returns the name of a language in the visitor's.
func (l locale) languageName(tag string) string {
	key := "language." + tag
	if name := l.t(key); name != key {
		return name
	}
	return tag
}

// labelledOption makes one choice with its word.
func (l locale) labelledOption(value, key string) pages.Option {
	return pages.Option{Value: value, Label: l.t(key)}
}

// kindTitle returns what a kind is called in the visitor's language.
func (l locale) kindTitle(kinds []console.Kind, name string) string {
	for _, k := range kinds {
		if k.Name == name {
			title, _ := k.In(l.language)
			return title
		}
	}
	return name
}

// stateBadge tells a state by a sign and a word.
func (l locale) stateBadge(s console.State) pages.Badge {
	switch s {
	case console.OK:
		return pages.Badge{State: "ok", Text: l.t("state.ok")}
	case console.Doubtful:
		return pages.Badge{State: "warning", Text: l.t("state.warning")}
	case console.Bad:
		return pages.Badge{State: "bad", Text: l.t("state.bad")}
	}
	return pages.Badge{State: "idle", Text: l.t("state.idle")}
}

// layout is what stands around every page for who is signed in.
type layout struct{ *request }

// fillPage fills in what stands around every page for who is signed in: the
// publishers to choose from, the way around the one at work, and who this is.
func (r layout) fillPage(p *pages.Page) {
	p.Person = &pages.PersonView{Name: r.by.Name, Href: Root + "/me", SignOut: Root + "/sign-out"}
	if r.by.Admin {
		p.Person.Role = r.t("role.admin")
	}
	linkTo := func(o console.PublisherSummary) pages.PublisherLink {
		return pages.PublisherLink{ID: o.ID, Name: o.Name, Href: publisherPath(o.ID, "today"), Current: o.ID == r.publisher}
	}
	listed := r.listPublishers(console.PublisherList{Page: console.Page{Limit: menuPublishers}})
	for _, o := range listed.Publishers {
		p.Publishers = append(p.Publishers, linkTo(o))
	}
	if o := r.summary(); o != nil {
		link := linkTo(*o)
		p.Publisher, p.Person.Role = &link, r.t("role."+string(o.Role))
		if !slices.Contains(p.Publishers, link) {
			p.Publishers = append([]pages.PublisherLink{link}, p.Publishers...)
		}
	}
	if listed.Next != "" {
		p.AllPublishers = Root
	}
	if r.mayDo(console.CreatePublisher) {
		p.NewPublisher = newPublisherPath
	}
	recent := undoPages(r).recentChanges()
	p.Recent = recent
	if done := r.URL.Query().Get("done"); pages.Has("done." + done) {
		p.Toasts = append(p.Toasts, pages.Toast{State: "ok", Text: r.t("done." + done), Undo: undoPages(r).toastUndo(recent)})
	}
	p.Nav, p.Find = r.navItems(), findPages(r).searchPath()
	p.Keys, p.NoKeys = findPages(r).shortcuts(), r.by.NoKeys
}

// navItems returns the places of the publisher at work, or those that belong to none; they are made once a visit.
func (r layout) navItems() []pages.NavItem {
	if r.nav == nil {
		r.nav = r.makeNav()
	}
	return r.nav
}

func (r layout) makeNav() []pages.NavItem {
	if r.summary() == nil {
		return r.commonItems()
	}
	items := pages.Nav(r.language, publisherPath(r.publisher), r.sectionName(), func(section string) bool {
		op, gated := map[string]permitted{"people": accounts.ListPersons, "audit": accounts.ListActs, readerSection: console.ShowReader, conversationSection: desk.ListConversations}[section]
		return !gated || r.mayDo(op)
	})
	for n := range items {
		if items[n].Icon == "today" {
			items[n].Count = r.countFailing()
		}
	}
	for _, n := range r.edited {
		if !slices.Contains(pages.NavNames(), n.section) {
			items = append(items, pages.NavItem{Label: r.t("nav." + n.section), Icon: n.icon, Href: r.pathTo(n.section), Current: n.section == r.sectionName()})
		}
	}
	if r.atInstallation() {
		items = append(items, r.toInstallation())
	}
	return items
}

// countFailing returns how many things of the publisher fail now.
func (r layout) countFailing() int {
	if !r.mayDo(console.ListFailures) {
		return 0
	}
	// A page is shown all the same where that is not known.
	out, _ := console.ListFailures.Call(r.callContext(), r.publisherInput())
	return len(out.Failures)
}

// commonItems returns the places that belong to no publisher.
func (r layout) commonItems() []pages.NavItem {
	items := []pages.NavItem{{Label: r.t("nav.publishers"), Icon: "publisher", Key: pages.NavKey("publishers"), Href: Root, Current: r.URL.Path == Root}}
	if r.atInstallation() {
		items = append(items, r.toInstallation())
	}
	return items
}

// atInstallation reports whether the pages of the installation are open.
func (r layout) atInstallation() bool { return accounts.ListAllPersons.Allowed(r.callContext(), "") }

func (r layout) toInstallation() pages.NavItem {
	return pages.NavItem{Label: r.t("nav.installation"), Icon: "lock", Href: installation, Key: pages.NavKey("installation"),
		Current: strings.HasPrefix(r.URL.Path, installation)}
}

// How many publishers the menu of every page leads to, and a form has to choose from.
const menuPublishers, formPublishers = 12, 200

// listPublishers returns those that the visitor sees.
func (r *request) listPublishers(in console.PublisherList) console.PublisherListed {
	listed, err := console.ListPublishers.Call(r.callContext(), in)
	if err != nil {
		r.Logger.Error("the publishers could not be listed", "error", err)
	}
	return listed
}

// publishersToChoose returns those that a form lets the visitor choose from, and a search beside it where these
// are not all.
func (r *request) publishersToChoose() (all []console.PublisherSummary, search *pages.Search) {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	listed := r.listPublishers(console.PublisherList{Page: console.Page{Limit: formPublishers}, Q: q})
	if q != "" || listed.Next != "" {
		search = &pages.Search{Action: r.URL.Path, Query: q, Label: r.t("home.search")}
	}
	return listed.Publishers, search
}

// summary returns the publisher at work, asked for once a visit, or nil where the visitor
// sees none of that id.
func (r *request) summary() *console.PublisherSummary {
	if r.publisher == "" {
		return nil
	}
	if r.seen == nil {
		listed := r.listPublishers(console.PublisherList{Publisher: r.publisher})
		r.seen = &listed
	}
	if len(r.seen.Publishers) == 0 {
		return nil
	}
	return &r.seen.Publishers[0]
}

// sectionName returns the place of the navigation that a page lies in.
func (r layout) sectionName() string {
	rest, _ := strings.CutPrefix(r.URL.Path, publisherPath(r.publisher)+"/")
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// publisherInput returns the publisher at work, for the inputs of operations.
func (r *request) publisherInput() console.Of { return console.Of{Publisher: r.publisher} }
