package console

import (
	"context"
	"net/http"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

// MostRows is how many things one operation changes at most.
const MostRows = 10_000

// What a row of a bulk does.
const (
	DoCreate = "create"
	DoUpdate = "update"
	DoMerge  = "merge"
	DoDelete = "delete"
)

// KeywordBulk is the input of "keyword.bulk".
type KeywordBulk struct {
	Of
	Rows []KeywordRow `json:"rows" required:"true" max:"10000"`
	Bulk
}

// Bulk is embedded in the input of what changes many things at once.
type Bulk struct {
	DryRun  bool `json:"dry_run,omitempty" doc:"Judge the rows and change nothing; what is wrong is told in problems."`
	Partial bool `json:"partial,omitempty" doc:"Carry out the rows that are right although others are wrong; these are told in problems. Without it one wrong row keeps all from being carried out."`
}

// KeywordRow is one change of a bulk.
type KeywordRow struct {
	Do      string `json:"do" required:"true" enum:"create,update,merge,delete" doc:"Add a keyword, replace it, replace the fields that are given (null: as usual; within tables, by name), or remove it."`
	ID      string `json:"id,omitempty" doc:"Id of the keyword; of one that is added it may be left out."`
	Version string `json:"version,omitempty" doc:"The version that is to be replaced or removed, as it was read; * for any. Needed but for create."`
	Keyword Doc    `json:"keyword,omitempty"`
}

// KeywordsDone is the output.
type KeywordsDone struct {
	Created   int `json:"created"`
	Updated   int `json:"updated" doc:"How many were replaced or merged; those that stay as they were are left out."`
	Deleted   int `json:"deleted"`
	Unchanged int `json:"unchanged"`
	// Wrong is how many rows are wrong, of which problems tell.
	Wrong    int               `json:"wrong" doc:"How many rows are wrong and are not carried out."`
	DryRun   bool              `json:"dry_run,omitempty" doc:"Nothing was changed."`
	Rows     []RowDone         `json:"rows" doc:"What became of the rows that are right, in their order."`
	Problems settings.Problems `json:"problems" doc:"What is wrong, at most 1000 problems; fields begin with the row."`
}

// RowDone is what became of one row.
type RowDone struct {
	Row     int    `json:"row" doc:"Its number in rows; the first is 0."`
	Do      string `json:"do" enum:"create,update,merge,delete,none" doc:"What was done; none where the keyword is as it was."`
	ID      string `json:"id"`
	Version string `json:"version,omitempty" doc:"The version that is there now; empty where nothing was changed or nothing is there."`
}

// BulkKeywords is "keyword.bulk".
var BulkKeywords = Declare[KeywordBulk, KeywordsDone](Declaration{
	Name: "keyword.bulk", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/bulk/keywords",
	Large: true, Summary: "Add, replace and remove up to 10,000 keywords as one.",
	Help: "The rows are judged together, by the outcome: all that is wrong is told at once, with the row and the field. " +
		"Readers are answered by all of them from one moment on; after a crash all are there, or none.",
})

func (p keywords) bulkKeywords(ctx context.Context, in KeywordBulk) (KeywordsDone, error) {
	for range attempts {
		pub, err := p.collection().openPublisher(in.Publisher)
		if err != nil {
			return KeywordsDone{}, err
		}
		b := &bulk{keywords: p, pub: pub, ctx: ctx, rows: make([]*bulkRow, 0, len(in.Rows))}
		if err := b.judgeRows(in); err != nil {
			return KeywordsDone{}, err
		}
		out, err := b.carryOut(in)
		if pull.KindOf(err) == pull.Conflict {
			continue
		}
		return out, err
	}
	return KeywordsDone{}, p.collection().busyError()
}

// carryOut makes the changes of the rows that are right, and tells of all.
func (b *bulk) carryOut(in KeywordBulk) (KeywordsDone, error) {
	b.summarize()
	if len(b.out.Problems) > 0 && !in.DryRun && !in.Partial {
		return KeywordsDone{}, b.out.Problems
	}
	if b.out.DryRun = in.DryRun; !in.DryRun {
		if err := b.saveChanges(); err != nil {
			return KeywordsDone{}, err
		}
		b.noteBulk()
	}
	b.out.Problems = append(settings.Problems{}, b.out.Problems.In(CallerLanguage(b.ctx))...)
	return b.out, nil
}

// saveChanges makes the changes as one.
func (b *bulk) saveChanges() error {
	var (
		changes []catalogue.Change
		changed []int
	)
	for i, done := range b.out.Rows {
		if done.Do != doNone {
			changes, changed = append(changes, b.rows[done.Row].change), append(changed, i)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	metas, err := b.Catalogue.SaveAll(b.ctx, changes)
	if err != nil {
		return err //nolint:wrapcheck // the catalogue's own sentence
	}
	for n, i := range changed {
		if done := &b.out.Rows[i]; done.Do != DoDelete {
			done.Version = metas[n].ETag()
		}
	}
	return nil
}

// doNone is what becomes of a row that changes nothing.
const doNone = "none"

// mostProblems is how many problems are told, noted how many ids are written down.
const (
	mostProblems = 1000
	notedIDs     = 100
)

// summarize sums up what becomes of the rows.
func (b *bulk) summarize() {
	b.out.Rows = make([]RowDone, 0, len(b.rows))
	for i, row := range b.rows {
		if len(row.problems) > 0 {
			b.out.Wrong++
			b.out.Problems = append(b.out.Problems, row.problems[:min(len(row.problems), mostProblems-len(b.out.Problems))]...)
			continue
		}
		done := RowDone{Row: i, Do: row.do, ID: row.change.ID}
		switch {
		case row.same:
			done.Do, done.Version = doNone, b.pub.MetaOf(catalogue.ResourceKeyword, done.ID).ETag()
			b.out.Unchanged++
		case row.do == DoCreate:
			b.out.Created++
		case row.do == DoDelete:
			b.out.Deleted++
		default:
			b.out.Updated++
		}
		b.out.Rows = append(b.out.Rows, done)
	}
}

// noteBulk writes the bulk down as one act: how many, and which were the first.
func (b *bulk) noteBulk() {
	type noted struct {
		Created int                 `json:"created,omitempty"`
		Updated int                 `json:"updated,omitempty"`
		Deleted int                 `json:"deleted,omitempty"`
		Wrong   int                 `json:"wrong,omitempty"`
		IDs     map[string][]string `json:"ids,omitempty"`
	}
	ids := map[string][]string{}
	for n, done := range b.out.Rows {
		if n < notedIDs && done.Do != doNone {
			ids[done.Do] = append(ids[done.Do], done.ID)
		}
	}
	NoteAudit(b.ctx, "keywords", nil, noted{b.out.Created, b.out.Updated, b.out.Deleted, b.out.Wrong, ids})
}
