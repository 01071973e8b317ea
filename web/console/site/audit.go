package site

import (
	"encoding/json"
	"strings"

	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/pages"
)

func (s *Site) auditRoutes() {
	s.page("GET "+Root+"/p/{publisher}/audit", (*visit).acts)
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
	What, Thing, Href, By string
	Outcome               *pages.Badge
	Diff                  *pages.Diff
	// Long says that the change is too long for this page.
	Long bool
}

const (
	// actsOfPage is how many acts a page has.
	actsOfPage = 25
	// diffOfPage bounds the bytes of all changes on a page, diffLines the lines
	// of each.
	diffOfPage = 24 << 10
	diffLines  = 40
)

// acts shows those of the publisher at work; the installation's, where there
// is none.
func (v *visit) acts() error {
	page := v.cursor()
	page.Limit = actsOfPage
	b := auditBody{Head: pages.Header{Title: v.t("nav.audit"), Lead: v.t("audit.lead")}, Everywhere: v.publisher == ""}
	var (
		read console.ActPage
		err  error
	)
	if b.Everywhere {
		tabs := v.installationTabs("acts")
		b.Tabs = &tabs
		read, err = do[console.ActAll, console.ActPage](v, "act.all", console.ActAll{Page: page})
	} else {
		read, err = do[console.ActList, console.ActPage](v, "act.list", console.ActList{Of: v.of(), Page: page})
	}
	if err != nil {
		return err
	}
	room := diffOfPage
	for _, a := range read.Acts {
		b.Acts = append(b.Acts, v.actRow(a, &room))
	}
	b.Pager = v.pager(read.Next)
	return v.show("page_audit", pages.Page{Title: v.t("nav.audit"), Body: b})
}

// actRow tells an act; room is how many bytes of changes the page may yet
// show.
func (v *visit) actRow(a people.Act, room *int) actRow {
	r := actRow{Act: a, What: v.actInWords(a.Operation), By: called(a.Name, a.Who)}
	r.Thing, r.Href = v.actTarget(a)
	if a.Outcome != people.Done {
		state := pages.Badge{State: "bad", Text: v.t("audit.refused")}
		if key := "audit.outcome_" + a.Outcome; pages.Has(key) {
			state.Text = v.t(key)
		}
		r.Outcome = &state
	}
	before, after := indented(a.Before), indented(a.After)
	if before == after {
		return r
	}
	diff := changes(pages.NewDiff(v.t("audit.before"), before, v.t("audit.after"), after))
	if diff.Lines, r.Long = diff.Lines[:min(len(diff.Lines), diffLines)], len(diff.Lines) > diffLines; r.Long {
		diff.Lines = append(diff.Lines, pages.DiffLine{Before: "…", After: "…"})
	}
	if *room -= sizeOf(diff); *room < 0 {
		r.Long = true
		return r
	}
	r.Diff = &diff
	return r
}

// changes leaves out the lines that are the same on both sides.
func changes(d pages.Diff) pages.Diff {
	lines := d.Lines[:0]
	for _, l := range d.Lines {
		if l.Gone || l.New {
			lines = append(lines, l)
		}
	}
	d.Lines = lines
	return d
}

func sizeOf(d pages.Diff) (n int) {
	const markup = 80
	for _, l := range d.Lines {
		n += markup + len(l.Before) + len(l.After)
	}
	return n
}

// actInWords tells what an operation does; its name where nobody has said it.
func (v *visit) actInWords(operation string) string {
	if key := "audit." + operation; pages.Has(key) {
		return v.t(key)
	}
	return operation
}

// actTarget names what an act was about, and where that is. What is gone has
// no page any more.
func (v *visit) actTarget(a people.Act) (thing, href string) {
	noun, id, ok := strings.Cut(a.Target, " ")
	if !ok {
		return a.Target, ""
	}
	gone := len(a.After) == 0 || string(a.After) == "null"
	there := a.Outcome == people.Done && !gone && a.Publisher != ""
	room, known := map[string]string{"source": "sources", "keyword": "keywords", "channel": "channels"}[noun]
	switch {
	case known:
		if there {
			href = roomOf(a.Publisher, room, id)
		}
		return id, href
	case noun == "publisher":
		if a.Outcome == people.Done && !gone {
			href = place(id, "settings")
		}
		return id, href
	case strings.HasPrefix(a.Operation, "me.") || a.Operation == "invite.accept":
		return "", ""
	case noun == "person" || noun == "invite" || noun == "token":
		return v.nameIn(a, id), ""
	case noun == "session":
		return "", ""
	case noun == "letter":
		return id, ""
	}
	return a.Target, ""
}

// roomOf is the page of a thing of any publisher.
func roomOf(publisher, room, id string) string {
	other := &visit{publisher: publisher}
	return other.thing(room, id)
}

// nameIn is what the changed thing is called in the record of the change;
// otherwise its id.
func (v *visit) nameIn(a people.Act, id string) string {
	for _, raw := range []json.RawMessage{a.After, a.Before} {
		var d struct{ Name, Email string }
		if len(raw) == 0 || json.Unmarshal(raw, &d) != nil {
			continue
		}
		if name := called(d.Name, d.Email); name != "" {
			return name
		}
	}
	return id
}
