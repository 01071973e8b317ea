package fulltext

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"keypull/pull/what/textform"
)

// Term is a text that is looked for: all of its words.
type Term struct {
	Text string
	// In are the fields to look in; nil is all of them.
	In []string
}

// Query is what Search looks for.
type Query struct {
	// All must be found, of Any at least one where there are some and All has
	// none; those that are found beside All count.
	All, Any []Term
	// Languages are those that the words may be of, as BCP 47 tags; nil is the
	// index's own.
	Languages []string
	// Tags are what a document must have, all of them.
	Tags []string
	// Parts are those that a document may belong to; none are all.
	Parts []string
	// Language is what a document must be written in, by its base tag; "" any. One
	// that says nothing of its language is of every one.
	Language string
	// Before bounds when it came out; zero is no bound.
	Before time.Time
	// Limit is how many are returned at most, 10 where it is 0; Offset how many
	// before them are passed over.
	Limit, Offset int
	// Ranked is how many of the documents that fit are ranked, those put in last;
	// 3000 where it is 0. It bounds how long a word takes that stands everywhere.
	Ranked int
}

// Hit is a document that was found.
type Hit struct {
	// Number is its own within the index.
	Number             int64
	ID, Part, Language string
	At                 time.Time
	Payload            []byte
	// Score is by BM25 how well it fits: more is better. Only the scores of one
	// search compare; it is 0 where no words were looked for.
	Score float64
}

const (
	defaultLimit  = 10
	defaultRanked = 3000
	// maxTerms is how many terms of a query are looked for.
	maxTerms = 32
	// searchTime bounds one search, whatever its caller would wait for.
	searchTime = 5 * time.Second
)

// Search returns the documents that fit, the best first; without words the
// newest first.
func (x *Index) Search(ctx context.Context, q Query) ([]Hit, error) {
	match, some := x.buildMatch(q)
	where, filters := q.buildFilter()
	var inner string
	var args []any
	switch {
	case match != "":
		joined := ""
		if where != "" {
			joined = " JOIN docs ON docs.n = texts.rowid"
		}
		inner = "SELECT n, score FROM (SELECT texts.rowid AS n, -bm25(texts" + x.columnWeights() + ") AS score FROM texts" + joined +
			" WHERE texts MATCH ?" + where + " ORDER BY texts.rowid DESC LIMIT ?) ORDER BY score DESC, n DESC"
		args = append(append(append(args, match), filters...), cmp.Or(max(q.Ranked, 0), defaultRanked))
	case some:
		return nil, nil
	default:
		inner = "SELECT docs.n AS n, 0.0 AS score FROM docs WHERE 1" + where + " ORDER BY docs.at DESC, docs.id"
		args = append(args, filters...)
	}
	args = append(args, cmp.Or(max(q.Limit, 0), defaultLimit), max(q.Offset, 0))
	return x.queryHits(ctx, "search an index", "SELECT d.n, d.id, d.part, d.language, d.at, p.payload, f.score FROM ("+inner+
		" LIMIT ? OFFSET ?) AS f JOIN docs AS d ON d.n = f.n JOIN payloads AS p ON p.n = f.n ORDER BY f.score DESC, d.at DESC, d.id", args...)
}

// buildMatch returns the expression of FTS5 for a query; some says that it has words, or
// would have.
func (x *Index) buildMatch(q Query) (expression string, some bool) {
	tags := x.languages
	if q.Languages != nil {
		tags = baseTags(q.Languages)
	}
	each := func(terms []Term) (all []string) {
		for _, t := range terms[:min(len(terms), maxTerms)] {
			if e := matchExpression(t.Text, tags); e != "" {
				all = append(all, x.columnFilter(t.In)+"("+e+")")
			}
		}
		return all
	}
	all, anyOf := each(q.All), each(q.Any)
	some = len(q.All)+len(q.Any) > 0
	if len(all) == 0 && len(anyOf) == 0 {
		return "", some
	}
	must := strings.Join(all, " AND ")
	switch may := strings.Join(anyOf, " OR "); {
	case must == "":
		expression = may
	case may == "":
		expression = must
	default:
		// FTS5 has no word for what may be there: with it or without.
		expression = "((" + must + ") AND (" + may + ")) OR (" + must + ")"
	}
	return expression, some
}

// columnFilter returns the filter of FTS5 for some fields.
func (x *Index) columnFilter(fields []string) string {
	ours := slices.DeleteFunc(slices.Clone(fields), func(name string) bool { return !slices.Contains(x.fieldNames(), name) })
	if len(ours) == 0 {
		return ""
	}
	return "{" + strings.Join(ours, " ") + "} : "
}

// columnWeights returns the weights of the fields as arguments of bm25.
func (x *Index) columnWeights() string {
	var b strings.Builder
	for _, f := range x.options.Fields {
		b.WriteString(", " + strconv.FormatFloat(f.Weight, 'f', -1, 64))
	}
	return b.String()
}

// buildFilter returns the part of a condition that does not depend on words.
func (q Query) buildFilter() (where string, args []any) {
	for _, tag := range q.Tags {
		where += " AND EXISTS (SELECT 1 FROM tags WHERE tags.tag = ? AND tags.n = docs.n)"
		args = append(args, tag)
	}
	if len(q.Parts) > 0 {
		where += " AND docs.part IN (" + placeholders(len(q.Parts)) + ")"
		for _, part := range q.Parts {
			args = append(args, part)
		}
	}
	if base := baseTags([]string{q.Language}); len(base) > 0 {
		where += " AND (docs.language = '' OR docs.language = ? OR docs.language LIKE ? || '-%')"
		args = append(args, base[0], base[0])
	}
	if !q.Before.IsZero() {
		where += " AND docs.at < ?"
		args = append(args, q.Before.Unix())
	}
	return where, args
}

// placeholders returns the placeholders of a list of n values.
func placeholders(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// Queries whose rows are documents.
const (
	selectHit = "SELECT d.n, d.id, d.part, d.language, d.at, p.payload, 0.0 FROM docs AS d JOIN payloads AS p ON p.n = d.n "
	namedHits = selectHit + "WHERE d.n IN (SELECT n FROM names WHERE name = ?) ORDER BY d.at DESC, d.id LIMIT ?"
	// Each of a JSON list of names with the numbers of the documents that go by it.
	namedWhole = "SELECT key, (SELECT json_group_array(n) FROM (SELECT n FROM names WHERE name = value ORDER BY n DESC LIMIT ?2)) FROM json_each(?1)"
	namedBegun = "SELECT key, (SELECT json_group_array(n) FROM (SELECT n FROM names WHERE name >= value AND name < value || char(0x10FFFF) LIMIT ?2)) FROM json_each(?1)"
)

// Get returns the document of an id.
func (x *Index) Get(ctx context.Context, id string) (Hit, bool, error) {
	all, err := x.queryHits(ctx, "read a document", selectHit+"WHERE d.id = ?", id)
	if err != nil || len(all) == 0 {
		return Hit{}, false, err
	}
	return all[0], true, nil
}

// Named returns at most limit documents that go by a name, the newest first.
func (x *Index) Named(ctx context.Context, name string, limit int) ([]Hit, error) {
	return x.queryHits(ctx, "look up a name", namedHits, name, limit)
}

// Page returns at most limit documents whose ids come after one, by id: "" is
// before the first.
func (x *Index) Page(ctx context.Context, after string, limit int) ([]Hit, error) {
	return x.queryHits(ctx, "read documents", selectHit+"WHERE d.id > ? ORDER BY d.id LIMIT ?", after, limit)
}

// Count returns how many documents there are.
func (x *Index) Count(ctx context.Context) (n int, err error) {
	err = x.withDB(ctx, "count documents", func(db *sql.DB) error {
		return db.QueryRowContext(ctx, "SELECT count(*) FROM docs").Scan(&n) //nolint:wrapcheck // withDB wraps it
	})
	return n, err
}

// Postings returns for each name the numbers of the documents that go by it, those put
// in last, at most so many. A name that ends in AnyEnd stands for all that begin so.
func (x *Index) Postings(ctx context.Context, names []string, most int) ([][]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	var whole, begun namedList
	for i, name := range names {
		if begin, ok := strings.CutSuffix(name, AnyEnd); ok {
			begun.addName(i, begin)
		} else {
			whole.addName(i, name)
		}
	}
	all := make([][]int64, len(names))
	err := x.withDB(ctx, "look up words", func(db *sql.DB) error {
		return errors.Join(whole.lookUp(ctx, db, namedWhole, most, all), begun.lookUp(ctx, db, namedBegun, most, all))
	})
	return all, err
}

// namedList is some names with their places among those that are looked up.
type namedList struct {
	names  []string
	places []int
}

func (l *namedList) addName(place int, name string) {
	l.names, l.places = append(l.names, name), append(l.places, place)
}

// lookUp puts the numbers of the documents of each name into its place, all by one query.
func (l *namedList) lookUp(ctx context.Context, db *sql.DB, query string, most int, into [][]int64) error {
	if len(l.names) == 0 {
		return nil
	}
	list, err := json.Marshal(l.names)
	if err != nil {
		return fmt.Errorf("write names: %w", err)
	}
	var i int
	var numbers []byte
	rows, failed := db.QueryContext(ctx, query, string(list), most)
	failed = scanRows(rows, failed, func() { err = errors.Join(err, json.Unmarshal(numbers, &into[l.places[i]])) }, &i, &numbers)
	return errors.Join(failed, err)
}

// AnyEnd ends a name of which only the beginning is known.
const AnyEnd = "*"

// Numbered returns the documents of some numbers.
func (x *Index) Numbered(ctx context.Context, numbers []int64) ([]Hit, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	args := make([]any, len(numbers))
	for i, n := range numbers {
		args[i] = n
	}
	return x.queryHits(ctx, "read documents", selectHit+"WHERE d.n IN ("+placeholders(len(numbers))+")", args...)
}

// UsedBytes returns how many bytes of its file the index fills.
func (x *Index) UsedBytes(ctx context.Context) (bytes int64, err error) {
	err = x.withDB(ctx, "measure an index", func(db *sql.DB) error {
		return db.QueryRowContext(ctx, "SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count)").Scan(&bytes) //nolint:wrapcheck // withDB wraps it
	})
	return bytes * pageBytes, err
}

// Frequencies returns in how many documents each of some folded words stands as it is
// written, or, where that is more, the stem of it in one of some languages.
func (x *Index) Frequencies(ctx context.Context, folded, tags []string) ([]int, error) {
	most := make([]int, len(folded))
	of := map[string][]int{}
	var tokens []any
	add := func(token string, i int) {
		if of[token] == nil {
			tokens = append(tokens, token)
		}
		of[token] = append(of[token], i)
	}
	for i, w := range folded {
		add(w, i)
		for _, tag := range baseTags(tags) {
			for _, s := range Stems(w, []string{tag}) {
				add(stemMark+tag+stemMark+s, i)
			}
		}
	}
	if len(tokens) == 0 {
		return most, nil
	}
	err := x.withDB(ctx, "count words", func(db *sql.DB) error {
		var token string
		var n int
		rows, err := db.QueryContext(ctx, "SELECT term, doc FROM vocabulary WHERE term IN ("+placeholders(len(tokens))+")", tokens...) //nolint:gosec // place holders alone
		return scanRows(rows, err, func() {
			for _, i := range of[token] {
				most[i] = max(most[i], n)
			}
		}, &token, &n)
	})
	return most, err
}

// Meant returns the word of the index that a folded one is a slip of one letter for, that of the most documents, or "". Both
// begin with the same two letters, and have six or more; numbers mean themselves.
func (x *Index) Meant(ctx context.Context, folded string) (meant string, err error) {
	const fewest, begin = 6, 2
	letters := []rune(folded)
	if len(letters) < fewest || textform.BeginsSpaceless(folded) || strings.ContainsFunc(folded, unicode.IsDigit) {
		return "", nil
	}
	first := string(letters[:begin])
	err = x.withDB(ctx, "look for a word", func(db *sql.DB) error {
		var term string
		var n, most int
		rows, err := db.QueryContext(ctx, "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ? || char(0x10FFFF)", first, first)
		return scanRows(rows, err, func() {
			if other := []rune(term); n > most && len(other) >= fewest && textform.OneError(letters, other) {
				meant, most = term, n
			}
		}, &term, &n)
	})
	return meant, err
}

// queryHits runs a query whose rows are documents.
func (x *Index) queryHits(ctx context.Context, what, query string, args ...any) (all []Hit, err error) {
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	err = x.withDB(ctx, what, func(db *sql.DB) error {
		var h Hit
		var at int64
		rows, err := db.QueryContext(ctx, query, args...)
		return scanRows(rows, err, func() {
			one := h
			if one.Payload = slices.Clone(h.Payload); at != 0 {
				one.At = time.Unix(at, 0).UTC()
			}
			all = append(all, one)
		}, &h.Number, &h.ID, &h.Part, &h.Language, &at, &h.Payload, &h.Score)
	})
	return all, err
}

// scanRows reads the rows of a query, or says why it has none: it calls each whenever a row
// stands where into points to.
func scanRows(rows *sql.Rows, failed error, each func(), into ...any) error {
	if failed != nil {
		return fmt.Errorf("ask: %w", failed)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read: %w", err)
		}
		each()
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}
