package site

import (
	"net/http"
	"net/url"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/withdrawal"
	"keypull/web/console"
	"keypull/web/console/corrections"
	"keypull/web/console/pages"
)

// withdrawAt returns where an item that is shown is taken back, which shows first what
// that would hit; "" for who may not, and where nothing names the item. Its id names it
// best, where its source is known.
func (r *request) withdrawAt(source, id, link string) string {
	q := url.Values{}
	switch {
	case !r.mayDo(corrections.WithdrawItem):
		return ""
	case source != "" && id != "":
		q.Set("source", source)
		q.Set("item", id)
	case withdrawal.Link(link) != "":
		q.Set("link", link)
	default:
		return ""
	}
	return r.pathTo(sourceSection, withdrawnPlace) + "?" + q.Encode()
}

// toldItem is an item that an answer told, and where it is taken back.
type toldItem struct{ Name, Href string }

// toldItems returns the items that an answer tells, each once.
func (r *request) toldItems(reply *pull.Reply) []toldItem {
	if reply == nil {
		return nil
	}
	var all []toldItem
	shown := map[string]bool{}
	answers, _ := reply.Apart()
	for _, one := range append(answers, *reply) {
		titles := toldTitles(&one)
		for i, t := range one.Tells {
			href := r.withdrawAt(t.Source, t.ID, t.Link)
			if href == "" || shown[href] {
				continue
			}
			shown[href] = true
			name := strings.TrimPrefix(strings.TrimPrefix(t.Link, "https://"), "http://")
			switch {
			case titles != nil:
				name = titles[i]
			case name == "":
				name = r.heldTitle(t)
			}
			all = append(all, toldItem{Name: name, Href: href})
		}
	}
	return all
}

// toldTitles returns what the items of an answer are called in it, which it tells also of what is held no more; nil where it
// does not call each.
func toldTitles(one *pull.Reply) (titles []string) {
	for _, b := range one.Blocks {
		if b.Kind == pull.Title && b.Text != "" {
			titles = append(titles, b.Text)
		}
	}
	if len(titles) != len(one.Tells) {
		return nil
	}
	return titles
}

// heldTitle returns what an item is called as it is held now, else its id.
func (r *request) heldTitle(t withdrawal.Told) string {
	held, err := corrections.FindItems.Call(r.callContext(), corrections.ItemFind{Of: r.publisherInput(), ID: t.ID, Source: t.Source})
	if err != nil || len(held.Items) == 0 {
		return t.ID
	}
	return held.Items[0].ShownName()
}

// hits are what a withdrawal would be about.
type hits struct {
	Title    string
	Items    []hitItem
	Keywords []pages.Crumb
}

// hitItem is one of the items.
type hitItem struct{ Title, Source, Link string }

// findHits asks what a withdrawal would be about; nil where nothing is named yet.
func (r correctionPages) findHits(b withdrawnPage) (*hits, error) {
	if b.Link == "" && b.Item == "" && b.Text == "" {
		return nil, nil
	}
	found, err := corrections.FindItems.Call(r.callContext(), corrections.ItemFind{Of: r.publisherInput(), Link: b.Link, ID: b.Item, Text: b.Text, Source: b.Source})
	if err != nil {
		return nil, err
	}
	h := &hits{Title: r.plural("withdrawn.hits", len(found.Items))}
	for _, it := range found.Items {
		h.Items = append(h.Items, hitItem{Title: it.ShownName(), Source: r.nameOf(catalogue.ResourceSource, it.Source), Link: webAddress(it.Link)})
	}
	for _, id := range found.Keywords {
		h.Keywords = append(h.Keywords, pages.Crumb{Label: r.nameOf(catalogue.ResourceKeyword, id), Href: r.pageOf(keywordSection, id)})
	}
	return h, nil
}

// showNamed shows what would be withdrawn of what the address, or the form, names.
func (r correctionPages) showNamed(body withdrawnPage) error {
	var err error
	if body.Hits, err = r.findHits(body); err != nil {
		message, ok := r.sayRefusal(err)
		if !ok {
			return err
		}
		body.Message = message
		return r.showWithdrawn(console.StatusOf(err), body)
	}
	return r.showWithdrawn(http.StatusOK, body)
}
