package site

import (
	"net/http"
	"strconv"

	"keypull/web/console"
	"keypull/web/console/pages"
)

// sheetPages bring keywords in and out as a table.
type sheetPages struct{ *request }

// sheetPage is the form that takes a table, with what would become of it.
type sheetPage struct {
	Head                  pages.Header
	Action, Cancel, CSRF  string
	Table, Would          string
	Problems              []string
	Judged, Right, Useful bool
}

// export is the table of all keywords.
func (r sheetPages) export() error {
	out, err := console.ExportKeywords.Call(r.context(), console.KeywordExport{Of: r.of()})
	if err != nil {
		return err
	}
	kind, body := out.Raw()
	r.w.Header().Set("Content-Type", kind)
	r.w.Header().Set("Content-Disposition", `attachment; filename="keywords.csv"`)
	// Who went away needs no table.
	_, _ = r.w.Write(body)
	return nil
}

// form asks for a table.
func (r sheetPages) form() error { return r.table(http.StatusOK, sheetPage{}) }

func (r sheetPages) table(status int, body sheetPage) error {
	title := r.t("keyword.import")
	body.Head = pages.Header{Title: title, Lead: r.t("keyword.import_lead")}
	body.Action, body.Cancel, body.CSRF = r.at(keywordSection, "import"), r.at(keywordSection), r.session.CSRF
	return r.showAs(status, "page_sheet", pages.Page{Title: title, Body: body, Crumbs: r.crumbs(keywordSection, title)})
}

// take judges the table that was pasted, or imports it: all of it, or the lines
// that are right.
func (r sheetPages) take() error {
	in := console.KeywordImport{Of: r.of(), CSV: r.posted("csv")}
	do := r.posted("do")
	in.DryRun, in.Partial = do == "", do == "right"
	out, err := console.ImportKeywords.Call(r.context(), in)
	if problems, refused := r.problems(err, ""); refused {
		body := sheetPage{Table: in.CSV, Judged: true}
		const most = 100
		for _, p := range problems[:min(len(problems), most)] {
			body.Problems = append(body.Problems, p.Message)
		}
		return r.table(http.StatusUnprocessableEntity, body)
	}
	if err != nil {
		return err
	}
	if !in.DryRun {
		return r.leave(r.at(keywordSection), "keyword_imported")
	}
	body := sheetPage{Table: in.CSV, Judged: true, Right: out.Wrong == 0, Useful: out.Created+out.Updated > 0}
	body.Would = r.t("keyword.import_would", "created", strconv.Itoa(out.Created), "updated", strconv.Itoa(out.Updated),
		"unchanged", strconv.Itoa(out.Unchanged), "wrong", strconv.Itoa(out.Wrong))
	const most = 100
	for _, p := range out.Problems[:min(len(out.Problems), most)] {
		key := "sheet.line"
		if p.Column != "" {
			key = "sheet.cell"
		}
		body.Problems = append(body.Problems, r.t(key, "line", strconv.Itoa(p.Line), "column", p.Column, "reason", p.Message))
	}
	return r.table(http.StatusOK, body)
}
