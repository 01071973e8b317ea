package site

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/what"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// findPages find all that the console has a page for, and what can be done: as
// a page, and as the list of the palette.
type findPages struct{ *request }

func (s *Site) findRoutes() {
	s.route("GET "+Root+"/search", pageAction(findPages.showFound))
	s.route("GET "+Root+"/p/{publisher}/search", pageAction(findPages.showFound))
}

// searchPath returns where this publisher's things are looked for.
func (r findPages) searchPath() string {
	if r.summary() == nil {
		return Root + "/search"
	}
	return r.pathTo("search")
}

// Keys that lead to the pages beside those of the navigation, and the one that
// begins a new thing.
const (
	keyGo, keyNew = "g", "n"
	keyAsk, keyMe = "a", "m"
)

// findBody is what the search shows.
type findBody struct {
	Head   pages.Header
	Search pages.Search
	Groups []pages.FoundGroup
	// Said tells how much was found.
	Said  string
	Empty pages.Empty
}

// foundGroup is a group with how well its best fits.
type foundGroup struct {
	pages.FoundGroup
	fit what.Fit
}

// showFound shows what a text finds; without one, where to go and what to do.
func (r findPages) showFound() error {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	groups, err := r.findThings(q)
	if err != nil {
		return err
	}
	groups = append(groups, r.matchItems("pages", r.t("find.pages"), q, append(r.findablePages(), r.findablePublishers(q)...)), r.matchItems("acts", r.t("find.acts"), q, r.findableActs()))
	slices.SortStableFunc(groups, func(a, b foundGroup) int { return cmp.Compare(a.fit, b.fit) })
	body := findBody{Head: pages.Header{Title: r.t("find.title"), Lead: r.t("find.lead")},
		Search: pages.Search{Action: r.searchPath(), Query: q, Label: r.t("find.label")}}
	n := 0
	for _, g := range append(groups, r.askOffer(q)) {
		if len(g.Items) == 0 {
			continue
		}
		for i := range g.Items {
			n++
			g.Items[i].ID = "found-" + strconv.Itoa(n)
		}
		body.Groups = append(body.Groups, g.FoundGroup)
	}
	body.Said = r.plural("find.results", n)
	if n == 0 {
		body.Said = r.t("find.nothing", "q", q)
	}
	if r.wantsPart() {
		return r.showPart("part_found", body)
	}
	body.Empty = pages.Empty{Icon: "search", Title: r.t("list.nothing"), Text: body.Said}
	return r.showPage("page_find", pages.Page{Title: body.Head.Title, Body: body, Live: body.Said})
}

// findThings returns the publisher's own, by resource.
func (r findPages) findThings(q string) ([]foundGroup, error) {
	if r.publisher == "" || q == "" {
		return nil, nil
	}
	found, err := console.FindThings.Call(r.callContext(), console.ThingFind{Of: r.publisherInput(), Q: q})
	if err != nil {
		return nil, err
	}
	var groups []foundGroup
	for _, t := range found.Things {
		n, ok := r.resourceOf(t.Resource)
		if !ok {
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].ID != n.section {
			groups = append(groups, foundGroup{pages.FoundGroup{ID: n.section, Label: r.t("nav." + n.section)}, what.Fit(t.Fit)})
		}
		g := &groups[len(groups)-1]
		item := pages.FoundItem{Title: t.Name, Note: strings.Join(noted(t), " · "), Icon: n.icon, Href: r.pageOf(n.section, t.ID)}
		if t.Kind != "" {
			item.Note = r.kindTitle(n.kinds, t.Kind)
		}
		g.Items = append(g.Items, item)
	}
	return groups, nil
}

// noted returns the names of a thing beside what it is called.
func noted(t console.Thing) []string {
	var others []string
	for _, name := range append(slices.Clone(t.Names), t.ID) {
		if name != t.Name {
			others = append(others, name)
		}
	}
	return others
}

// resourceOf returns the resource of that name, among those whose things have pages.
func (r findPages) resourceOf(name string) (resource, bool) {
	i := slices.IndexFunc(r.edited, func(n resource) bool { return string(n.name) == name })
	if i < 0 {
		return resource{}, false
	}
	return r.edited[i], true
}

// matchItems returns the pages or acts that a text finds; all where there is none.
func (r findPages) matchItems(id, label, q string, all []pages.FoundItem) foundGroup {
	g := foundGroup{pages.FoundGroup{ID: id, Label: label, Items: all}, what.FitWithin}
	if q == "" {
		return g
	}
	names := make([]what.Names, len(all))
	for i, item := range all {
		names[i] = what.NewNames(item.Title, item.Note)
	}
	g.Items = nil
	for _, f := range what.Find(names, q, len(all)) {
		if len(g.Items) == 0 {
			g.fit = f.Fit
		}
		g.Items = append(g.Items, all[f.Place])
	}
	return g
}

// findablePages returns the pages of the console.
func (r findPages) findablePages() []pages.FoundItem {
	var all []pages.FoundItem
	for _, n := range layout(r).navItems() {
		item := pages.FoundItem{Title: n.Label, Icon: n.Icon, Href: n.Href}
		if n.Key != "" {
			item.Keys = []string{keyGo, n.Key}
		}
		all = append(all, item)
	}
	return append(all, pages.FoundItem{Title: r.t("me.title"), Note: r.by.Name, Icon: "people", Href: Root + "/me", Keys: []string{keyGo, keyMe}})
}

// findablePublishers returns the publishers that a text finds, beside the one at work.
func (r findPages) findablePublishers(q string) (all []pages.FoundItem) {
	for _, o := range r.listPublishers(console.PublisherList{Page: console.Page{Limit: menuPublishers}, Q: q}).Publishers {
		if o.ID != r.publisher {
			all = append(all, pages.FoundItem{Title: o.Name, Note: r.t("layout.publisher"), Icon: "publisher", Href: publisherPath(o.ID, "today")})
		}
	}
	return all
}

// findableActs returns what the visitor may begin.
func (r findPages) findableActs() []pages.FoundItem {
	var all []pages.FoundItem
	if r.mayDo(console.CreatePublisher) {
		all = append(all, pages.FoundItem{Title: r.t("publisher.new"), Icon: "plus", Href: newPublisherPath})
	}
	if r.summary() == nil {
		return append(all, r.helpItem())
	}
	for _, n := range r.edited {
		if r.mayChange(n.add) {
			item := pages.FoundItem{Title: r.t(string(n.name) + ".new"), Icon: "plus", Href: r.pathTo(n.section, "new")}
			if key := pages.NavKey(n.section); key != "" {
				item.Keys = []string{keyNew, key}
			}
			all = append(all, item)
		}
	}
	if r.mayDo(console.RunAsk) {
		all = append(all, pages.FoundItem{Title: r.t("ask.title"), Icon: "phone", Href: r.pathTo("ask"), Keys: []string{keyGo, keyAsk}})
	}
	if r.mayDo(accounts.InvitePerson) {
		all = append(all, pages.FoundItem{Title: r.t("invite.title"), Icon: "people", Href: r.pathTo("people") + "#invites"})
	}
	return append(all, r.helpItem())
}

// helpItem opens the list of shortcuts, of which there is none without a script.
func (r findPages) helpItem() pages.FoundItem {
	return pages.FoundItem{Title: r.t("keys.title"), Icon: "key", Href: "#keys", Keys: []string{"?"}}
}

// askOffer offers to ask what was typed as a reader would.
func (r findPages) askOffer(q string) foundGroup {
	g := foundGroup{FoundGroup: pages.FoundGroup{ID: "ask", Label: r.t("ask.title")}}
	if q != "" && r.summary() != nil && r.mayDo(console.RunAsk) {
		g.Items = []pages.FoundItem{{Title: r.t("find.ask", "q", q), Icon: "phone", Href: r.pathTo("ask") + "?" + url.Values{"q": {q}}.Encode()}}
	}
	return g
}

// shortcuts returns the shortcuts of the console on every page.
func (r findPages) shortcuts() []pages.KeyGroup {
	everywhere := []pages.Shortcut{
		{Keys: []string{"K"}, Label: r.t("keys.find"), Ctrl: true}, {Keys: []string{"S"}, Label: r.t("keys.save"), Ctrl: true},
		{Keys: []string{"/"}, Label: r.t("keys.search")}, {Keys: []string{"j"}, Label: r.t("keys.next")},
		{Keys: []string{"k"}, Label: r.t("keys.previous")}, {Keys: []string{"?"}, Label: r.t("keys.help")},
	}
	groups := []pages.KeyGroup{{Label: r.t("keys.everywhere"), Keys: everywhere}, {Label: r.t("keys.go")}, {Label: r.t("find.acts")}}
	for i, items := range [][]pages.FoundItem{r.findablePages(), r.findableActs()} {
		for _, item := range items {
			if len(item.Keys) > 1 {
				g := &groups[i+1]
				g.Keys = append(g.Keys, pages.Shortcut{Keys: item.Keys, Label: item.Title, Href: item.Href})
			}
		}
	}
	return slices.DeleteFunc(groups, func(g pages.KeyGroup) bool { return len(g.Keys) == 0 })
}
