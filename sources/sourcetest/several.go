package sourcetest

import (
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// telling are the checks of what sources tell beside a single item.
type telling struct{ Case }

// plural holds a source that answers several entries in one reply against its own
// vocabulary: two that are named are two, and both are told.
func (c telling) plural(t *testing.T) {
	r := c.start(t)
	source, ok := r.source.(pull.Plural)
	if !ok {
		return
	}
	vocabulary, ok := r.source.(pull.Vocabulary)
	if !ok {
		return
	}
	s := r.fetch(t)
	terms := vocabulary.Terms(&s)
	ask := func(argument string) pull.Query {
		q := r.Query
		q.Argument, q.Count = argument, 1
		return q
	}
	for _, term := range terms[:min(len(terms), 5)] {
		if n := source.Entries(ask(term.Value)); n > 1 {
			t.Errorf("%q, which is one entry, counts as %d", term.Value, n)
		}
	}
	if len(terms) < 2 {
		return
	}
	q := ask(terms[0].Value + ", " + terms[1].Value)
	if q.Count = source.Entries(q); q.Count < 2 {
		return
	}
	key, err := r.source.Key(q)
	if err != nil {
		t.Fatalf("two entries cannot be asked for: %v", err)
	}
	both, err := r.source.Fetch(t.Context(), key, nil)
	if err != nil {
		t.Fatalf("two entries cannot be fetched: %v", err)
	}
	found, err := r.source.Select(t.Context(), both, q)
	if err != nil || len(found.Items) != q.Count || found.Items[0].ID == found.Items[1].ID {
		t.Errorf("two entries that are named find %+v, %v", found.Items, err)
	}
}

// notes checks what a source has told with every answer: in every language or in
// none, in one line, and filled in.
func (c telling) notes(t *testing.T) {
	r := c.start(t)
	source, ok := r.source.(pull.Noted)
	if !ok {
		return
	}
	s := r.fetch(t)
	found, err := r.source.Select(t.Context(), s, r.Query)
	if err != nil || len(found.Items) == 0 {
		t.Fatalf("the query finds %d items, %v", len(found.Items), err)
	}
	said := 0
	for _, language := range words.Readers() {
		v := pull.Voice{Language: language, Zone: time.UTC, At: r.Query.At, Argument: r.Query.Argument}
		note := source.Note(found.Items, v)
		if note != "" {
			said++
		}
		if strings.ContainsAny(note, "\n\r{}") || note != source.Note(found.Items, v) {
			t.Errorf("in %s it notes %q", language, note)
		}
	}
	if all := len(words.Readers()); said != 0 && said != all {
		t.Errorf("its note is said in %d languages of %d", said, all)
	}
}
