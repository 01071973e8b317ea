package site

import (
	"time"

	"keypull/web/console"
	"keypull/web/console/pages"
)

// sendPages tell what was sent, and what caused it.
type sendPages struct{ *request }

// auditSection is where owners read who did what, sendsPlace what was sent, below it.
const (
	auditSection = "audit"
	sendsPlace   = "sends"
)

func (s *Site) sendRoutes() {
	s.route("GET "+Root+"/p/{publisher}/"+auditSection+"/"+sendsPlace, gatedFor(console.ListSends, pageAction(sendPages.showSends)))
}

// auditTabs are the pages of the audit.
func (r sendPages) auditTabs(current string) *pages.Tabs {
	return &pages.Tabs{Label: r.t("nav.audit"), Items: []pages.Tab{
		{Label: r.t("nav.audit"), Href: r.pathTo(auditSection), Current: current == ""},
		{Label: r.t("sends.title"), Href: r.pathTo(auditSection, sendsPlace), Current: current == sendsPlace},
	}}
}

// sendsBody is what the page of messages shows.
type sendsBody struct {
	Head  pages.Header
	Tabs  *pages.Tabs
	Rows  []sendRow
	Pager pages.Pager
	Empty pages.Empty
}

// sendRow is one message.
type sendRow struct {
	Ask, Href, Kind, Channel string
	Cause, CauseHref         string
	At                       time.Time
	Fate                     string
	Orphan                   *pages.Badge
}

func (r sendPages) showSends() error {
	listed, err := console.ListSends.Call(r.callContext(), console.SendList{Of: r.publisherInput(), Page: r.pageAsked(), Latest: true})
	if err != nil {
		return err
	}
	b := sendsBody{
		Head: pages.Header{Title: r.t("sends.title"), Lead: r.t("sends.lead")}, Tabs: r.auditTabs(sendsPlace), Pager: r.pagerTo(listed.Next),
		Empty: pages.Empty{Icon: "audit", Title: r.t("sends.none"), Text: r.t("sends.none_text")},
	}
	if b.Pager != (pages.Pager{}) {
		b.Empty = pages.Empty{Icon: "audit", Title: r.t("sends.none_here")}
	}
	for i := range listed.Sends {
		b.Rows = append(b.Rows, r.sendRow(&listed.Sends[i]))
	}
	return r.showPage("page_sends", pages.Page{Title: b.Head.Title, Body: b})
}

func (r sendPages) sendRow(e *console.SendEntry) sendRow {
	row := sendRow{Ask: traceNumber(e.Ask), Kind: r.kindInWords(e.Kind), Channel: e.Channel, At: e.At, Fate: r.t("sends.fate_" + string(e.Fate))}
	if e.Cause != 0 {
		row.Href = r.traceAt(e.Ask)
	}
	switch {
	case e.Orphan:
		row.Orphan = &pages.Badge{State: "bad", Text: r.t("sends.orphan")}
	case e.Cause == 0:
		row.Cause = r.t("sends.counted")
	case e.Cause == e.Ask:
		row.Cause = r.t("sends.itself")
	case e.CauseKept:
		row.Cause, row.CauseHref = traceNumber(e.Cause), r.traceAt(e.Cause)
	default:
		row.Cause = traceNumber(e.Cause) + ", " + r.t("sends.past")
	}
	return row
}

// kindInWords tells what an entry was; its name where nobody has said it.
func (r sendPages) kindInWords(kind string) string {
	if key := "sends.kind_" + kind; pages.Has(key) {
		return r.t(key)
	}
	return kind
}
