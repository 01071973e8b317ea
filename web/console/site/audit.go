package site

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
	"keypull/web/console/undo"
)

// auditPages are those of acts.
type auditPages struct{ *request }

func (s *Site) auditRoutes() {
	s.route("GET "+Root+"/p/{publisher}/audit", pageAction(auditPages.showActs))
}

// auditBody is what the page of acts shows.
type auditBody struct {
	Head  pages.Header
	Tabs  *pages.Tabs
	Acts  []actRow
	Pager pages.Pager
	// Everywhere says that acts of all publishers stand in the list.
	Everywhere bool
}

// actRow is one act in words.
type actRow struct {
	people.Act
	What, Thing, ID, Href, By string
	Outcome                   *pages.Badge
	Changed                   *pages.FieldChanges
	// Long says that the change is too long for this page.
	Long bool
	// Restore is where what was before can be brought back; "" if it can't.
	Restore string
}

const (
	// actsOfPage is how many acts a page has.
	actsOfPage = 25
	// changesOfPage bounds the bytes of all changes on a page, fieldsOfAct the
	// fields of each.
	changesOfPage = 24 << 10
	fieldsOfAct   = 40
)

// showActs shows those of the publisher at work; the installation's, where there
// is none.
func (r auditPages) showActs() error {
	page := r.pageAsked()
	page.Limit = actsOfPage
	b := auditBody{Head: pages.Header{Title: r.t("nav.audit"), Lead: r.t("audit.lead")}, Everywhere: r.publisher == ""}
	var (
		read accounts.ActPage
		err  error
	)
	if b.Everywhere {
		tabs := installationPages(r).installationTabs("acts")
		b.Tabs = &tabs
		read, err = accounts.ListAllActs.Call(r.callContext(), accounts.ActAll{Page: page})
	} else {
		b.Tabs = sendPages(r).auditTabs("")
		read, err = accounts.ListActs.Call(r.callContext(), accounts.ActList{Of: r.publisherInput(), Page: page})
	}
	if err != nil {
		return err
	}
	left := changesOfPage
	for _, a := range read.Acts {
		b.Acts = append(b.Acts, r.actRow(a, &left))
	}
	b.Pager = r.pagerTo(read.Next)
	return r.showPage("page_audit", pages.Page{Title: r.t("nav.audit"), Body: b})
}

// actRow tells an act; left is how many bytes of changes the page may yet
// show.
func (r auditPages) actRow(a people.Act, left *int) actRow {
	row := actRow{Act: a, What: r.actInWords(a.Operation), By: cmp.Or(a.Name, a.Who)}
	row.Thing, row.Href = r.actTarget(a)
	if resource, id, _ := strings.Cut(a.Target, " "); id != row.Thing && slices.Contains(catalogue.Parts(), catalogue.Resource(resource)) {
		row.ID = id
	}
	if a.Outcome != people.Done {
		state := pages.Badge{State: "bad", Text: r.t("audit.refused")}
		if key := "audit.outcome_" + a.Outcome; pages.Has(key) {
			state.Text = r.t(key)
		}
		row.Outcome = &state
	}
	if a.Change != "" && r.clock().Before(a.At.Add(people.ChangeKept)) && undo.RestoreChange.Allowed(r.callContext(), a.Publisher) {
		row.Restore = publisherPath(a.Publisher, "changes", a.Change)
	}
	resource, _, _ := strings.Cut(a.Target, " ")
	list := fieldPages(r).changedFields(resource, decoded(a.Before), decoded(a.After), a.Secrets)
	if len(list) == 0 {
		return row
	}
	if row.Long = len(list) > fieldsOfAct; row.Long {
		list = list[:fieldsOfAct]
	}
	if *left -= sizeOf(list); *left < 0 {
		row.Long = true
		return row
	}
	row.Changed = &pages.FieldChanges{Before: r.t("audit.before"), After: r.t("audit.after"), List: list}
	return row
}

func decoded(raw json.RawMessage) (doc map[string]any) {
	if len(raw) > 0 && json.Unmarshal(raw, &doc) != nil {
		return nil
	}
	return doc
}

func sizeOf(list []pages.FieldChange) (n int) {
	const markup = 80
	for _, f := range list {
		n += markup + len(f.Label) + len(f.Before) + len(f.After)
	}
	return n
}

// fieldPages tell documents by the labels of their forms.
type fieldPages struct{ *request }

// changedFields returns the fields in which two documents of a resource differ; secrets are
// those that do and are not shown.
func (r fieldPages) changedFields(resource string, before, after map[string]any, secrets []string) []pages.FieldChange {
	c := pages.Comparison{Language: r.language, Zone: r.zone, Secrets: secrets}
	if example := catalogue.Resource(resource).Example(); example != nil {
		// A test makes sure that the structs of resources and kinds are understood.
		fields, _ := settings.Fields(example)
		for _, f := range settings.Translate(fields, catalogue.Words(), r.language, resource+".") {
			if f.Name != belowKind {
				c.Fields = append(c.Fields, r.inPlainWords(f))
			}
		}
		kind, _ := after["kind"].(string)
		if kind == "" {
			kind, _ = before["kind"].(string)
		}
		c.Below = map[string][]settings.Field{belowKind: r.kindFields(catalogue.Resource(resource), kind)}
	}
	return c.Changes(before, after)
}

// kindFields returns those of a kind in the visitor's language; none where there is
// no such kind.
func (r fieldPages) kindFields(n catalogue.Resource, kind string) []settings.Field {
	find := r.Kinds.Messenger
	if n == catalogue.ResourceSource {
		find = r.Kinds.Source
	}
	k, ok := find(kind)
	if !ok {
		return []settings.Field{}
	}
	fields, _ := settings.Fields(k.New())
	return settings.Translate(fields, k.Words, r.language, "")
}

// actInWords tells what an operation does; its name where nobody has said it.
func (r auditPages) actInWords(operation string) string {
	if key := "audit." + operation; pages.Has(key) {
		return r.t(key)
	}
	return operation
}

// actTarget names what an act was about, and where that is. What is gone has
// no page any more.
func (r auditPages) actTarget(a people.Act) (thing, href string) {
	resource, id, ok := strings.Cut(a.Target, " ")
	if !ok {
		return r.manyTarget(a)
	}
	gone := len(a.After) == 0 || string(a.After) == "null"
	there := a.Outcome == people.Done && !gone && a.Publisher != ""
	section := sectionOf(resource)
	known := slices.Contains(catalogue.Parts(), catalogue.Resource(resource))
	switch {
	case known:
		if there {
			href = pageAt(a.Publisher, section, id)
		}
		return r.nameThen(a, catalogue.Resource(resource), id), href
	case resource == "publisher":
		if a.Outcome == people.Done && !gone {
			href = publisherPath(id, "settings")
		}
		return id, href
	case strings.HasPrefix(a.Operation, "me.") || a.Operation == "invite.accept":
		return "", ""
	case resource == "person" || resource == "invite" || resource == "token":
		return r.personIn(a, id), ""
	case resource == "session":
		return "", ""
	case resource == "letter":
		return id, ""
	}
	return a.Target, ""
}

// manyTarget names what an act was about that concerned many things of a resource:
// the section that they live in.
func (r auditPages) manyTarget(a people.Act) (section, href string) {
	for _, n := range catalogue.Parts() {
		if own := sectionOf(string(n)); own == a.Target {
			return r.t("nav." + own), publisherPath(a.Publisher, own)
		}
	}
	return a.Target, ""
}

// pageAt returns the page of a thing of any publisher.
func pageAt(publisher, section, id string) string {
	other := &request{publisher: publisher}
	return other.pageOf(section, id)
}

// nameThen returns what a thing is called today, or was when it was changed or removed.
func (r auditPages) nameThen(a people.Act, resource catalogue.Resource, id string) string {
	if name := r.nameAt(a.Publisher, resource, id); name != id {
		return name
	}
	for _, raw := range []json.RawMessage{a.After, a.Before} {
		if d := decoded(raw); d != nil {
			d["id"] = id
			return r.nameIn(resource, d)
		}
	}
	return id
}

// personIn returns what the changed thing is called in the record of the change;
// otherwise its id.
func (r auditPages) personIn(a people.Act, id string) string {
	for _, raw := range []json.RawMessage{a.After, a.Before} {
		var d struct{ Name, Email string }
		if len(raw) == 0 || json.Unmarshal(raw, &d) != nil {
			continue
		}
		if name := cmp.Or(d.Name, d.Email); name != "" {
			return name
		}
	}
	return id
}
