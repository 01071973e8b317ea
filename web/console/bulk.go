package console

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// bulk is many changes of keywords on their way: judged as a whole, by what the
// publisher would be after all of them.
type bulk struct {
	keywords
	ctx context.Context //nolint:containedctx // it lives as long as one call
	pub *catalogue.Setup
	// rows are in the order in which they were given.
	rows []*bulkRow
	// meant are the rows by the id of their keyword.
	meant map[string]int
	out   KeywordsDone
}

// bulkRow is one of them.
type bulkRow struct {
	review
	do     string
	change catalogue.Change
	was    *catalogue.Keyword
	// same: the keyword is as it would be.
	same bool
}

// judgeRows judges every row by itself, then all of them by the outcome.
func (b *bulk) judgeRows(in KeywordBulk) error {
	b.meant = make(map[string]int, len(in.Rows))
	before, err := b.docsBefore(in.Rows)
	if err != nil {
		return err
	}
	for i, given := range in.Rows {
		row := &bulkRow{do: given.Do}
		b.rows = append(b.rows, row)
		b.judgeRow(i, given, before[given.ID])
		if row.mistake != nil {
			return row.mistake
		}
	}
	b.lintRows(func(*bulkRow) bool { return true })
	// A row may lean on another that is not carried out: what is left is judged
	// again until it is right by itself.
	for range attempts {
		wrong := b.countWrong()
		if wrong > 0 {
			b.lintRows(func(row *bulkRow) bool { return len(row.problems) == 0 })
		}
		if b.countWrong() == wrong {
			b.numberProblems()
			return nil
		}
	}
	return errors.New("bulk: what is left of the rows is never right")
}

// docsBefore returns the documents of the keywords that rows change.
func (b *bulk) docsBefore(rows []KeywordRow) (map[string]Doc, error) {
	var there []*catalogue.Keyword
	for _, row := range rows {
		if k, ok := b.pub.Keyword(row.ID); ok && row.Do == DoMerge {
			there = append(there, k)
		}
	}
	docs, err := keywordDocs(there)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Doc, len(docs))
	for i, d := range docs {
		all[there[i].ID] = d
	}
	return all, nil
}

// judgeRow judges one row by itself.
func (b *bulk) judgeRow(i int, given KeywordRow, before Doc) {
	row := b.rows[i]
	if given.Do == DoCreate {
		d := row.plainDoc(catalogue.ResourceKeyword, given.Keyword)
		if given.ID != "" {
			d = d.withField("id", given.ID)
		}
		d, _ = b.withID(d)
		id := d.Text("id")
		row.problems = append(row.problems, b.collection().checkNewID(b.pub, id).problems...)
		b.draftRow(i, id, d)
		return
	}
	var there bool
	if row.was, there = b.pub.Keyword(given.ID); !there {
		row.problems = append(row.problems, settings.Wrong("id", words.Text{Key: "refusal.no_thing", Args: words.Args{"noun": resourceOf("keyword"), "id": given.ID}}))
		return
	}
	b.checkVersion(row, given)
	if given.Do == DoDelete {
		b.claimID(i, given.ID)
		row.change = b.changeOf(given.ID, nil, row.was)
		return
	}
	d := row.plainDoc(catalogue.ResourceKeyword, given.Keyword)
	if given.Do == DoMerge {
		d, _ = mergePatch(map[string]any(before), map[string]any(d)).(map[string]any)
	}
	b.draftRow(i, given.ID, b.collection().sameID(&row.review, d, given.ID))
}

// checkVersion refuses a row that would replace what others have changed.
func (b *bulk) checkVersion(row *bulkRow, given KeywordRow) {
	switch given.Version {
	case anyVersion, b.pub.MetaOf(catalogue.ResourceKeyword, given.ID).ETag():
	case "":
		row.problems = append(row.problems, settings.Wrong("version", words.Text{Key: "refusal.version"}))
	default:
		row.problems = append(row.problems, settings.Wrong("version", words.Text{Key: "hint.stale"}))
	}
}

// draftRow makes the keyword of a row as far as its document is good.
func (b *bulk) draftRow(i int, id string, d Doc) {
	row := b.rows[i]
	b.claimID(i, id)
	d = b.collection().withFormerIDs(&row.review, b.pub, id, d, row.was)
	k := b.draftKeyword(&row.review, b.pub, d)
	row.change = b.changeOf(id, k, row.was)
	for _, was := range k.Formerly {
		b.claimID(i, was)
	}
	row.same = row.was != nil && b.collection().unchanged(b.pub, id, row.was, &k)
}

func (b *bulk) changeOf(id string, value any, was *catalogue.Keyword) catalogue.Change {
	c := catalogue.Change{Publisher: b.pub.ID, Resource: catalogue.ResourceKeyword, ID: id, Value: value, By: byName(b.ctx)}
	if was != nil {
		c.When = b.pub.MetaOf(c.Resource, id).Version
	}
	return c
}

// rowTwice is the key of what is said of a second row about one keyword.
const rowTwice = "document.twice"

// claimID refuses a second row about one keyword.
func (b *bulk) claimID(i int, id string) {
	if first, twice := b.meant[id]; twice && id != "" && first != i {
		row := b.rows[i]
		row.problems = append(row.problems, settings.Wrong("id", words.Text{Key: rowTwice, Args: words.Args{"got": id, "row": strconv.Itoa(first)}}))
		return
	}
	b.meant[id] = i
}

// withID is collection.identified among the rows as well.
func (b *bulk) withID(d Doc) (Doc, bool) {
	return b.collection().withIDExcept(b.pub, d, func(id string) bool {
		_, taken := b.meant[id]
		return taken
	})
}

// lintRows has the linter judge rows by the outcome of all that may count.
func (b *bulk) lintRows(counts func(*bulkRow) bool) {
	var (
		changes []catalogue.Change
		judged  []*bulkRow
	)
	for i, row := range b.rows {
		if row.change.ID != "" && b.meant[row.change.ID] == i && !row.same && counts(row) {
			changes, judged = append(changes, row.change), append(judged, row)
		}
	}
	if b.pub.Linter == nil || len(changes) == 0 {
		return
	}
	for i, found := range b.pub.Linter.Judge(changes) {
		judged[i].addFindings(found)
	}
}

func (b *bulk) countWrong() (n int) {
	for _, row := range b.rows {
		if len(row.problems) > 0 {
			n++
		}
	}
	return n
}

// numberProblems has every problem begin with its row.
func (b *bulk) numberProblems() {
	for i, row := range b.rows {
		for j := range row.problems {
			row.problems[j].Field = "rows[" + strconv.Itoa(i) + "]." + row.problems[j].Field
		}
	}
}

// mergePatch returns a document with what was given in place of what was there (RFC 7396):
// tables by name, null takes away.
func mergePatch(was, given any) any {
	table, ok := given.(map[string]any)
	if !ok {
		return given
	}
	next, _ := was.(map[string]any)
	if next = maps.Clone(next); next == nil {
		next = map[string]any{}
	}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if table[name] == nil {
			delete(next, name)
			continue
		}
		next[name] = mergePatch(next[name], table[name])
	}
	return next
}
