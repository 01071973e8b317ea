package console

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/sheet"
	"keypull/pull/words"
)

// Sheet is an output that is a table for a spreadsheet; the API answers it as such.
type Sheet struct {
	CSV string `json:"csv" doc:"The table: the first line names the columns, a column for each field, of what is told by language one for each language."`
}

// Raw returns the body of its answer.
func (s Sheet) Raw() (contentType string, body []byte) {
	return "text/csv; charset=utf-8; header=present", []byte(s.CSV)
}

// KeywordImport is the input of "keyword.import".
type KeywordImport struct {
	Of
	CSV string `json:"csv" required:"true" doc:"The table, as keyword.export gives it, or with the labels of the console at the heads of its columns, such as Phrases (German): commas, semicolons or tabs. A row whose id is there changes that keyword in the columns that the table has, an empty cell meaning as usual; any other adds one."`
	Bulk
}

// KeywordsImported is the output.
type KeywordsImported struct {
	Created   int            `json:"created"`
	Updated   int            `json:"updated"`
	Unchanged int            `json:"unchanged"`
	Wrong     int            `json:"wrong" doc:"How many rows are wrong and are not carried out."`
	DryRun    bool           `json:"dry_run,omitempty" doc:"Nothing was changed."`
	Rows      []LineDone     `json:"rows" doc:"What becomes of the rows that are right."`
	Problems  []SheetProblem `json:"problems" doc:"What is wrong, at most 1000 problems."`
}

// LineDone is what becomes of a row of a table.
type LineDone struct {
	Line int    `json:"line" doc:"The line of the file; the first is 1."`
	Do   string `json:"do" enum:"create,merge,none"`
	ID   string `json:"id"`
}

// SheetProblem is what is wrong with one cell or line of a table.
type SheetProblem struct {
	Line    int    `json:"line" doc:"The line of the file; the first is 1."`
	Column  string `json:"column,omitempty" doc:"The name at the column's head."`
	Message string `json:"message"`
	Key     string `json:"key,omitempty" doc:"Names the sentence."`
}

// The operations on keywords as a table.
var (
	ExportKeywords = Declare[Of, Sheet](Declaration{
		Name: "keyword.export", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/csv/keywords",
		Summary: "Write the keywords of a publisher as a table for a spreadsheet (CSV).",
	})

	ImportKeywords = Declare[KeywordImport, KeywordsImported](Declaration{
		Name: "keyword.import", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/csv/keywords",
		Large: true, Summary: "Add and change keywords by a table from a spreadsheet (CSV), as one.",
		Help: "What is wrong is told by line and column, all at once. Nothing is changed while anything is wrong, unless partial is true; " +
			"nothing is removed. dry_run tells what would become of each row.",
	})
)

func keywordFields() ([]settings.Field, error) {
	blank := &catalogue.Keyword{}
	blank.Defaults()
	fields, err := settings.Fields(blank)
	if err != nil {
		return nil, fmt.Errorf("the columns of keywords: %w", err)
	}
	return fields, nil
}

func (p keywords) exportKeywords(_ context.Context, in Of) (Sheet, error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return Sheet{}, err
	}
	all := make([]*catalogue.Keyword, len(pub.Keywords))
	for i := range pub.Keywords {
		all[i] = &pub.Keywords[i]
	}
	docs, err := keywordDocs(all)
	if err != nil {
		return Sheet{}, err
	}
	fields, err := keywordFields()
	if err != nil {
		return Sheet{}, err
	}
	rows := make([]map[string]any, len(docs))
	for i, d := range docs {
		rows[i] = d
	}
	b, err := sheet.Write(fields, rows, pub.Languages)
	return Sheet{CSV: string(b)}, err //nolint:wrapcheck // it says what failed
}

func (p keywords) importKeywords(ctx context.Context, in KeywordImport) (KeywordsImported, error) {
	pub, err := p.collection().openPublisher(in.Publisher)
	if err != nil {
		return KeywordsImported{}, err
	}
	fields, err := keywordFields()
	if err != nil {
		return KeywordsImported{}, err
	}
	table := sheet.Read(in.CSV, fields, MostRows, newHeadings(fields, pub.Languages).column)
	bad := map[int]bool{}
	for _, p := range table.Problems {
		bad[p.Line] = true
	}
	bulk := KeywordBulk{Of: in.Of, Bulk: Bulk{Partial: in.Partial}}
	for _, row := range table.Rows {
		bulk.Rows = append(bulk.Rows, sheetRow(pub, row))
	}
	judged := bulk
	judged.DryRun = true
	done, err := p.bulkKeywords(ctx, judged)
	if err != nil {
		return KeywordsImported{}, err
	}
	out := imported(ctx, table, done)
	if len(out.Problems) > 0 && !in.DryRun && !in.Partial {
		return KeywordsImported{}, refusedCells(out.Problems)
	}
	if out.DryRun = in.DryRun; in.DryRun {
		noteLook(ctx)
		return out, nil
	}
	bulk.Rows, table.Rows = withoutLines(bulk.Rows, table.Rows, bad)
	if done, err = p.bulkKeywords(ctx, bulk); err != nil {
		return KeywordsImported{}, err
	}
	carried := imported(ctx, table, done)
	carried.Problems, carried.Wrong = out.Problems, out.Wrong
	return carried, nil
}

// sheetRow returns a row of a table as one of a bulk.
func sheetRow(pub *catalogue.Setup, row sheet.Row) KeywordRow {
	id, _ := row.Values["id"].(string)
	if id = pub.Now(catalogue.ResourceKeyword, strings.TrimSpace(id)); id != "" {
		row.Values["id"] = id
	}
	if _, there := pub.Keyword(id); there {
		return KeywordRow{Do: DoMerge, ID: id, Version: anyVersion, Keyword: row.Values}
	}
	given, _ := mergePatch(map[string]any{}, row.Values).(map[string]any)
	return KeywordRow{Do: DoCreate, Keyword: given}
}

// withoutLines leaves out the rows of lines that could not be read.
func withoutLines(rows []KeywordRow, lines []sheet.Row, bad map[int]bool) (kept []KeywordRow, of []sheet.Row) {
	for i, line := range lines {
		if !bad[line.Line] {
			kept, of = append(kept, rows[i]), append(of, line)
		}
	}
	return kept, of
}

// imported tells what becomes of the rows of a table by its lines and columns.
func imported(ctx context.Context, table sheet.Table, done KeywordsDone) KeywordsImported {
	out := KeywordsImported{
		Created: done.Created, Updated: done.Updated, Unchanged: done.Unchanged, DryRun: done.DryRun,
		Rows: make([]LineDone, len(done.Rows)), Problems: []SheetProblem{},
	}
	for i, row := range done.Rows {
		out.Rows[i] = LineDone{table.Rows[row.Row].Line, row.Do, row.ID}
	}
	for _, p := range table.Problems {
		out.Problems = append(out.Problems, SheetProblem{p.Line, p.Column, p.Said.In(CallerLanguage(ctx)), p.Said.Key})
	}
	for _, p := range done.Problems {
		rest, _ := strings.CutPrefix(p.Field, "rows[")
		number, field, _ := strings.Cut(rest, "].")
		n, err := strconv.Atoi(number)
		if err != nil || n >= len(table.Rows) {
			continue
		}
		if first, err := strconv.Atoi(p.Args["row"]); err == nil && p.Key == rowTwice && first < len(table.Rows) {
			p = settings.Wrong(p.Field, words.Text{Key: "sheet.row_twice", Args: words.Args{"got": p.Args["got"], "row": strconv.Itoa(table.Rows[first].Line)}})
		}
		field = strings.TrimPrefix(field, "keyword.")
		out.Problems = append(out.Problems, SheetProblem{table.Rows[n].Line, table.Head(columnOf(table.Columns, field)), p.In(CallerLanguage(ctx)), p.Key})
	}
	lines := map[int]bool{}
	for _, p := range out.Problems {
		lines[p.Line] = true
	}
	out.Wrong = max(len(lines), done.Wrong)
	return out
}

// columnOf returns the column that a field of a keyword, or a part of one, stands in:
// the longest that leads to it.
func columnOf(columns []string, field string) (best string) {
	for _, c := range columns {
		if pathWithin(field, c) && len(c) > len(best) {
			best = c
		}
	}
	if best == "" {
		best, _, _ = strings.Cut(field, "[")
	}
	return best
}

// refusedCells refuses a table: each problem is told with its line and column.
func refusedCells(all []SheetProblem) error {
	problems := make(settings.Problems, len(all))
	for i, p := range all {
		key := "sheet.line"
		if p.Column != "" {
			key = "sheet.cell"
		}
		problems[i] = settings.Wrong("csv", words.Text{Key: key, Args: words.Args{"line": p.Line, "column": p.Column, "reason": p.Message}})
	}
	return problems
}
