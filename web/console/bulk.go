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

// judge judges every row by itself, then all of them by the outcome.
func (b *bulk) judge(in KeywordBulk) error {
	b.meant = make(map[string]int, len(in.Rows))
	before, err := b.before(in.Rows)
	if err != nil {
		return err
	}
	for i, given := range in.Rows {
		row := &bulkRow{do: given.Do}
		b.rows = append(b.rows, row)
		b.row(i, given, before[given.ID])
		if row.mistake != nil {
			return row.mistake
		}
	}
	b.beside(func(*bulkRow) bool { return true })
	// A row may lean on another that is not carried out: what is left is judged
	// again until it is right by itself.
	for range attempts {
		wrong := b.wrong()
		if wrong > 0 {
			b.beside(func(row *bulkRow) bool { return len(row.problems) == 0 })
		}
		if b.wrong() == wrong {
			b.numbered()
			return nil
		}
	}
	return errors.New("bulk: what is left of the rows is never right")
}

// before returns the documents of the keywords that rows change.
func (b *bulk) before(rows []KeywordRow) (map[string]Doc, error) {
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

// row judges one row by itself.
func (b *bulk) row(i int, given KeywordRow, before Doc) {
	row := b.rows[i]
	if given.Do == DoCreate {
		d := row.plain(catalogue.ResourceKeyword, given.Keyword)
		if given.ID != "" {
			d = d.with("id", given.ID)
		}
		d, _ = b.identified(d)
		id := d.text("id")
		row.problems = append(row.problems, b.collection().untaken(b.pub, id).problems...)
		b.draft(i, id, d)
		return
	}
	var there bool
	if row.was, there = b.pub.Keyword(given.ID); !there {
		row.problems = append(row.problems, settings.Wrong("id", words.Text{Key: "refusal.no_thing", Args: words.Args{"noun": resourceOf("keyword"), "id": given.ID}}))
		return
	}
	b.version(row, given)
	if given.Do == DoDelete {
		b.claim(i, given.ID)
		row.change = b.changeOf(given.ID, nil, row.was)
		return
	}
	d := row.plain(catalogue.ResourceKeyword, given.Keyword)
	if given.Do == DoMerge {
		d, _ = patched(map[string]any(before), map[string]any(d)).(map[string]any)
	}
	b.draft(i, given.ID, b.collection().sameID(&row.review, d, given.ID))
}

// version refuses a row that would replace what others have changed.
func (b *bulk) version(row *bulkRow, given KeywordRow) {
	switch given.Version {
	case anyVersion, b.pub.MetaOf(catalogue.ResourceKeyword, given.ID).ETag():
	case "":
		row.problems = append(row.problems, settings.Wrong("version", words.Text{Key: "refusal.version"}))
	default:
		row.problems = append(row.problems, settings.Wrong("version", words.Text{Key: "hint.stale"}))
	}
}

// draft makes the keyword of a row as far as its document is good.
func (b *bulk) draft(i int, id string, d Doc) {
	row := b.rows[i]
	b.claim(i, id)
	d = b.collection().former(&row.review, b.pub, id, d, row.was)
	k := b.keywords.draft(&row.review, b.pub, d)
	row.change = b.changeOf(id, k, row.was)
	for _, was := range k.Formerly {
		b.claim(i, was)
	}
	row.same = row.was != nil && b.collection().same(b.pub, id, row.was, &k)
}

func (b *bulk) changeOf(id string, value any, was *catalogue.Keyword) catalogue.Change {
	c := catalogue.Change{Publisher: b.pub.ID, Resource: catalogue.ResourceKeyword, ID: id, Value: value, By: byName(b.ctx)}
	if was != nil {
		c.When = b.pub.MetaOf(c.Resource, id).Version
	}
	return c
}

// claim refuses a second row about one keyword.
func (b *bulk) claim(i int, id string) {
	if first, twice := b.meant[id]; twice && id != "" && first != i {
		row := b.rows[i]
		row.problems = append(row.problems, settings.Wrong("id", words.Text{Key: "document.twice", Args: words.Args{"got": id, "row": strconv.Itoa(first)}}))
		return
	}
	b.meant[id] = i
}

// identified is collection.identified among the rows as well.
func (b *bulk) identified(d Doc) (Doc, bool) {
	return b.collection().identifiedBut(b.pub, d, func(id string) bool {
		_, taken := b.meant[id]
		return taken
	})
}

// beside has the linter judge rows by the outcome of all that may count.
func (b *bulk) beside(counts func(*bulkRow) bool) {
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
		judged[i].found(found)
	}
}

func (b *bulk) wrong() (n int) {
	for _, row := range b.rows {
		if len(row.problems) > 0 {
			n++
		}
	}
	return n
}

// numbered has every problem begin with its row.
func (b *bulk) numbered() {
	for i, row := range b.rows {
		for j := range row.problems {
			row.problems[j].Field = "rows[" + strconv.Itoa(i) + "]." + row.problems[j].Field
		}
	}
}

// patched returns a document with what was given in place of what was there (RFC 7396):
// tables by name, null takes away.
func patched(was, given any) any {
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
		next[name] = patched(next[name], table[name])
	}
	return next
}
