package site

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// What the forms of many keywords send beside fields.
const (
	pickedID  = "id"
	pickedAll = "all"
	setField  = "set."
	carryOn   = "carry"
)

// manyKeywords are the pages on which many keywords are changed at once.
type manyKeywords struct{ *request }

// pickedKeywords are the keywords that were ticked in the list, or all that its
// search finds.
type pickedKeywords struct {
	// IDs and Names are those of the first, Count is of all.
	IDs, Names []string
	Count      int
	// Hidden sends the same choice again.
	Hidden []pages.Hidden
}

// listInput returns the search and filters of the list, as its form sends them along.
func (r keywordPages) listInput(get func(string) string) console.KeywordList {
	return console.KeywordList{Of: r.publisherInput(), Q: strings.TrimSpace(get("q")), Source: get("source"), Language: get("language"), State: get("state"), Group: get("group"), Sort: get("sort")}
}

// readPicked reads which keywords were ticked.
func (r manyKeywords) readPicked() (pickedKeywords, error) {
	var p pickedKeywords
	if r.postedValue(pickedAll) == "" {
		for _, id := range r.PostForm[pickedID] {
			if slices.Contains(p.IDs, id) || len(p.IDs) == console.MostRows {
				continue
			}
			e, err := keywordPages(r).get(id)
			if err != nil {
				return p, err
			}
			p.IDs, p.Names = append(p.IDs, id), append(p.Names, r.nameIn(catalogue.ResourceKeyword, e.Keyword))
			p.Hidden = append(p.Hidden, pages.Hidden{Name: pickedID, Value: id})
		}
		p.Count = len(p.IDs)
		return p, nil
	}
	in := keywordPages(r).listInput(r.postedValue)
	in.Limit = 200
	for len(p.IDs) < console.MostRows {
		listed, err := console.ListKeywords.Call(r.callContext(), in)
		if err != nil {
			return p, err
		}
		for _, e := range listed.Keywords {
			p.IDs, p.Names = append(p.IDs, e.Keyword.Text("id")), append(p.Names, r.nameIn(catalogue.ResourceKeyword, e.Keyword))
		}
		if in.Cursor = listed.Next; in.Cursor == "" {
			break
		}
	}
	p.Count = len(p.IDs)
	for _, name := range []string{pickedAll, "q", "source", "language", "state", "group"} {
		if value := r.postedValue(name); value != "" {
			p.Hidden = append(p.Hidden, pages.Hidden{Name: name, Value: value})
		}
	}
	return p, nil
}

// bulkPage is the form that changes many keywords.
type bulkPage struct {
	Head           pages.Header
	Action, Cancel string
	Names          string
	Hidden         []pages.Hidden
	Fields         []bulkField
	Problems       []string
}

// bulkField is a field that is changed where it is ticked.
type bulkField struct {
	Name, Set string
	On        bool
	Field     pages.Field
}

// bulkNames returns the fields of which one value can be meant for many keywords: those
// of a single value that does not name the thing. The tags say which.
func bulkNames() ([]settings.Field, error) {
	blank := &catalogue.Keyword{}
	blank.Defaults()
	all, err := settings.Fields(blank)
	if err != nil {
		return nil, err //nolint:wrapcheck // a test makes sure that there is none
	}
	alike := []settings.Type{settings.Choice, settings.Toggle, settings.Number, settings.Duration, settings.Time, settings.Lines}
	return slices.DeleteFunc(all, func(f settings.Field) bool {
		named := f.Name == "source"
		return strings.Contains(f.Check, "id") || !named && !slices.Contains(alike, f.Type)
	}), nil
}

// bulkForm returns the form of those fields.
func (r manyKeywords) bulkForm() (*form, error) {
	fields, err := bulkNames()
	if err != nil {
		return nil, err
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	blank := &catalogue.Keyword{}
	blank.Defaults()
	return r.newForm(keywordPages(r).resource(), blank, "keyword.", names...)
}

// changePicked shows the form that changes the keywords that were ticked, and carries
// it out once it is sent.
func (r manyKeywords) changePicked() error {
	p, err := r.readPicked()
	if err != nil {
		return err
	}
	if p.Count == 0 {
		return r.redirectDone(r.pathTo(keywordSection), "keyword_none_picked")
	}
	f, err := r.bulkForm()
	if err != nil {
		return err
	}
	if r.postedValue(carryOn) == "" {
		return r.showBulk(http.StatusOK, f, p, nil)
	}
	given := f.own.Values(r.PostForm)
	set := console.Doc{}
	for _, field := range f.own.Fields {
		if r.postedValue(setField+field.Name) != "" {
			set[field.Name] = given[field.Name]
		}
	}
	rows := make([]console.KeywordRow, len(p.IDs))
	for i, id := range p.IDs {
		rows[i] = console.KeywordRow{Do: console.DoMerge, ID: id, Version: "*", Keyword: set}
	}
	return r.saveRows(rows, "keyword_changed_many", func(problems []string) error {
		return r.showBulk(http.StatusUnprocessableEntity, f, p, problems)
	})
}

// saveRows carries rows out, or shows what is wrong with them.
func (r manyKeywords) saveRows(rows []console.KeywordRow, done string, wrong func([]string) error) error {
	_, err := console.BulkKeywords.Call(r.callContext(), console.KeywordBulk{Of: r.publisherInput(), Rows: rows})
	if err == nil {
		return r.redirectDone(r.pathTo(keywordSection), done)
	}
	problems, ok := r.problemsOf(err, "")
	if !ok {
		return err
	}
	var told []string
	const most = 20
	for _, p := range problems[:min(len(problems), most)] {
		row, _, _ := strings.Cut(strings.TrimPrefix(p.Field, "rows["), "]")
		line := p.Message
		if n, err := strconv.Atoi(row); err == nil && n < len(rows) {
			line = r.nameOf(catalogue.ResourceKeyword, rows[n].ID) + ": " + line
		}
		if !slices.Contains(told, line) {
			told = append(told, line)
		}
	}
	return wrong(told)
}

func (r manyKeywords) showBulk(status int, f *form, p pickedKeywords, problems []string) error {
	title := r.plural("keyword.change_many", p.Count)
	body := bulkPage{Head: pages.Header{Title: title, Lead: r.t("keyword.change_many_lead")}, Action: r.pathTo(keywordSection, "change"), Cancel: r.pathTo(keywordSection),
		Names: namesOf(p.Names), Problems: problems, Hidden: append(p.Hidden, pages.Hidden{Name: carryOn, Value: "1"})}
	values := f.own.Posted(console.Doc{})
	if status != http.StatusOK {
		values = f.typedValues(r.PostForm)
	}
	named, _, err := sourcePages(r).sourceNames()
	if err != nil {
		return err
	}
	ids, labels := make([]string, len(named)), map[string]string{}
	for i, s := range named {
		ids[i], labels[s.ID] = s.ID, s.Name
	}
	for _, field := range f.fieldList(shown{values: values}) {
		if field.Name == "source" {
			field.Type, field.Choices, field.ChoiceLabels, field.Required = settings.Choice, ids, labels, false
		}
		body.Fields = append(body.Fields, bulkField{Name: field.Label, Set: setField + field.Path, On: r.postedValue(setField+field.Path) != "", Field: field})
	}
	return r.showAs(status, "page_bulk", pages.Page{Title: title, Body: body, Crumbs: r.crumbsTo(keywordSection, title)})
}

// namesOf names the first of many.
func namesOf(names []string) string {
	const most = 12
	line := strings.Join(names[:min(len(names), most)], ", ")
	if len(names) > most {
		line += ", …"
	}
	return line
}

// dropMany asks before the keywords that were ticked are deleted, and deletes them
// once that is confirmed.
func (r manyKeywords) dropMany() error {
	p, err := r.readPicked()
	if err != nil {
		return err
	}
	if p.Count == 0 {
		return r.redirectDone(r.pathTo(keywordSection), "keyword_none_picked")
	}
	ask := func(problems []string) error {
		title := r.plural("keyword.delete_many", p.Count)
		body := deletePage{Back: r.pathTo(keywordSection), Text: strings.Join(problems, " "), Confirm: pages.Confirm{
			Title: title, Text: r.t("keyword.delete_many_text"), Action: r.pathTo(keywordSection, "drop"), Yes: r.t("keyword.delete"),
			Cancel: r.pathTo(keywordSection), CSRF: r.session.CSRF, Danger: true, Hidden: append(p.Hidden, pages.Hidden{Name: carryOn, Value: "1"}),
			Facts: []pages.Fact{{Label: r.t("nav.keywords"), Value: namesOf(p.Names)}},
		}}
		return r.showPage("page_delete", pages.Page{Title: title, Body: body, Crumbs: r.crumbsTo(keywordSection, title)})
	}
	if r.postedValue(carryOn) == "" {
		return ask(nil)
	}
	rows := make([]console.KeywordRow, len(p.IDs))
	for i, id := range p.IDs {
		rows[i] = console.KeywordRow{Do: console.DoDelete, ID: id, Version: "*"}
	}
	return r.saveRows(rows, "keyword_deleted_many", ask)
}

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

// exportKeywords returns the table of all keywords.
func (r sheetPages) exportKeywords() error {
	out, err := console.ExportKeywords.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return err
	}
	r.sendSheet(out, keywordSection)
	return nil
}

// sendSheet sends a table as a file of that name.
func (r *request) sendSheet(table console.Sheet, name string) {
	kind, body := table.Raw()
	r.w.Header().Set("Content-Type", kind)
	r.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	// Who went away needs no table.
	_, _ = r.w.Write(body)
}

// showImport asks for a table.
func (r sheetPages) showImport() error { return r.showTable(http.StatusOK, sheetPage{}) }

func (r sheetPages) showTable(status int, body sheetPage) error {
	title := r.t("keyword.import")
	body.Head = pages.Header{Title: title, Lead: r.t("keyword.import_lead")}
	body.Action, body.Cancel, body.CSRF = r.pathTo(keywordSection, "import"), r.pathTo(keywordSection), r.session.CSRF
	return r.showAs(status, "page_sheet", pages.Page{Title: title, Body: body, Crumbs: r.crumbsTo(keywordSection, title)})
}

// importKeywords judges the table that was pasted, or imports it: all of it, or the lines
// that are right.
func (r sheetPages) importKeywords() error {
	in := console.KeywordImport{Of: r.publisherInput(), CSV: r.postedValue("csv")}
	do := r.postedValue("do")
	in.DryRun, in.Partial = do == "", do == "right"
	out, err := console.ImportKeywords.Call(r.callContext(), in)
	if problems, refused := r.problemsOf(err, ""); refused {
		body := sheetPage{Table: in.CSV, Judged: true}
		const most = 100
		for _, p := range problems[:min(len(problems), most)] {
			body.Problems = append(body.Problems, p.Message)
		}
		return r.showTable(http.StatusUnprocessableEntity, body)
	}
	if err != nil {
		return err
	}
	if !in.DryRun {
		return r.redirectDone(r.pathTo(keywordSection), "keyword_imported")
	}
	body := sheetPage{Table: in.CSV, Judged: true, Right: out.Wrong == 0, Useful: out.Created+out.Updated > 0}
	body.Would = r.plural("keyword.import_would", out.Wrong, "created", strconv.Itoa(out.Created), "updated", strconv.Itoa(out.Updated),
		"unchanged", strconv.Itoa(out.Unchanged))
	const most = 100
	for _, p := range out.Problems[:min(len(out.Problems), most)] {
		key := "sheet.line"
		if p.Column != "" {
			key = "sheet.cell"
		}
		body.Problems = append(body.Problems, r.t(key, "line", strconv.Itoa(p.Line), "column", p.Column, "reason", p.Message))
	}
	return r.showTable(http.StatusOK, body)
}
