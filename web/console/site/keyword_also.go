package site

import (
	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// alsoView is what a keyword could be called as well.
type alsoView struct {
	Head  pages.Header
	Adopt string
	CSRF  string
	Rows  []alsoRow
}

// alsoRow is one wording; Why says where it was found.
type alsoRow struct {
	console.AlsoWording

	Keyword, Why string
}

// showAlso shows what the keyword could be called as well.
func (r keywordPages) showAlso() error {
	id := r.thingID()
	said, err := console.AlsoKeyword.Call(r.callContext(), console.KeywordAlso{Of: r.publisherInput(), ID: id})
	if err != nil {
		return err
	}
	name := r.nameOf(catalogue.ResourceKeyword, id)
	v := alsoView{Head: pages.Header{Title: r.t("also.title"), Lead: name}, Adopt: r.pathTo(demandSection, "adopt"), CSRF: r.session.CSRF}
	for _, w := range said.Wordings {
		v.Rows = append(v.Rows, alsoRow{AlsoWording: w, Keyword: id, Why: r.t("also." + w.From)})
	}
	if r.wantsPart() {
		return r.showPart("part_also", v)
	}
	return r.showPage("page_also", pages.Page{Title: v.Head.Title, Body: v, Crumbs: r.crumbsTo(keywordSection, name)})
}
