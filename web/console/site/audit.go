package site

import (
	"encoding/json"
	"strings"

	"keypull/pull/people"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// auditPages are those of acts.
type auditPages struct{ *request }

func (s *Site) auditRoutes() {
	s.page("GET "+Root+"/p/{publisher}/audit", on(auditPages.acts))
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
func (r auditPages) acts() error {
	page := r.cursor()
	page.Limit = actsOfPage
	b := auditBody{Head: pages.Header{Title: r.t("nav.audit"), Lead: r.t("audit.lead")}, Everywhere: r.publisher == ""}
	var (
		read accounts.ActPage
		err  error
	)
	if b.Everywhere {
		tabs := installationPages(r).installationTabs("acts")
		b.Tabs = &tabs
		read, err = accounts.ListAllActs.Call(r.context(), accounts.ActAll{Page: page})
	} else {
		read, err = accounts.ListActs.Call(r.context(), accounts.ActList{Of: r.of(), Page: page})
	}
	if err != nil {
		return err
	}
	left := diffOfPage
	for _, a := range read.Acts {
		b.Acts = append(b.Acts, r.actRow(a, &left))
	}
	b.Pager = r.pager(read.Next)
	return r.show("page_audit", pages.Page{Title: r.t("nav.audit"), Body: b})
}

// actRow tells an act; left is how many bytes of changes the page may yet
// show.
func (r auditPages) actRow(a people.Act, left *int) actRow {
	row := actRow{Act: a, What: r.actInWords(a.Operation), By: called(a.Name, a.Who)}
	row.Thing, row.Href = r.actTarget(a)
	if a.Outcome != people.Done {
		state := pages.Badge{State: "bad", Text: r.t("audit.refused")}
		if key := "audit.outcome_" + a.Outcome; pages.Has(key) {
			state.Text = r.t(key)
		}
		row.Outcome = &state
	}
	before, after := indented(a.Before), indented(a.After)
	if before == after {
		return row
	}
	diff := changes(pages.NewDiff(r.t("audit.before"), before, r.t("audit.after"), after))
	if diff.Lines, row.Long = diff.Lines[:min(len(diff.Lines), diffLines)], len(diff.Lines) > diffLines; row.Long {
		diff.Lines = append(diff.Lines, pages.DiffLine{Before: "…", After: "…"})
	}
	if *left -= sizeOf(diff); *left < 0 {
		row.Long = true
		return row
	}
	row.Diff = &diff
	return row
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
func (r auditPages) actInWords(operation string) string {
	if key := "audit." + operation; pages.Has(key) {
		return r.t(key)
	}
	return operation
}

// actTarget names what an act was about, and where that is. What is gone has
// no page any more.
func (r auditPages) actTarget(a people.Act) (thing, href string) {
	noun, id, ok := strings.Cut(a.Target, " ")
	if !ok {
		return a.Target, ""
	}
	gone := len(a.After) == 0 || string(a.After) == "null"
	there := a.Outcome == people.Done && !gone && a.Publisher != ""
	section, known := map[string]string{"source": "sources", "keyword": "keywords", "channel": "channels"}[noun]
	switch {
	case known:
		if there {
			href = pageAt(a.Publisher, section, id)
		}
		return id, href
	case noun == "publisher":
		if a.Outcome == people.Done && !gone {
			href = address(id, "settings")
		}
		return id, href
	case strings.HasPrefix(a.Operation, "me.") || a.Operation == "invite.accept":
		return "", ""
	case noun == "person" || noun == "invite" || noun == "token":
		return r.nameIn(a, id), ""
	case noun == "session":
		return "", ""
	case noun == "letter":
		return id, ""
	}
	return a.Target, ""
}

// pageAt is the page of a thing of any publisher.
func pageAt(publisher, section, id string) string {
	other := &request{publisher: publisher}
	return other.pageOf(section, id)
}

// nameIn is what the changed thing is called in the record of the change;
// otherwise its id.
func (r auditPages) nameIn(a people.Act, id string) string {
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
