package pull

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"

	"keypull/pull/what"
	"keypull/pull/words"
)

// Limits of a vocabulary that comes by page.
const (
	MaxTerms     = 200_000
	MaxPageTerms = 1000
	// pagesAtOnce is how many pages are gone through before what there is is kept,
	// where somebody is asked for them.
	pagesAtOnce = 25
)

// Paged is the option of a source whose vocabulary is too large to come with a
// snapshot: it brings it page by page, from an index of its own or from
// upstream. It stands in place of Vocabulary.
type Paged interface {
	// TermsPage brings the page that begins at a place: "" is the first, and any
	// other what the page before called Next.
	TermsPage(ctx context.Context, from string) (TermsPage, error)
}

// TermsPage is one page of a vocabulary.
type TermsPage struct {
	// Terms are at most MaxPageTerms; those beyond MaxTerms in all are left out.
	Terms []what.Term
	// Next is where the next page begins; "" after the last.
	Next string
	// Requests counts the requests that were sent upstream for it.
	Requests int
}

// termsKey is the key under which a vocabulary is kept that came by page.
const termsKey = "\x00terms"

// VocabularyPlace returns where the snapshot lies that a source's vocabulary is taken
// from; false if it needs none.
func (o *Opened) VocabularyPlace(publisher, source string, languages []string) (SnapshotID, bool) {
	switch o.Source.(type) {
	case Paged:
		return o.SnapshotID(publisher, source, termsKey), true
	case Vocabulary:
	default:
		return SnapshotID{}, false
	}
	key, err := o.Key(Query{Count: 1, Language: languages[0]})
	if err != nil {
		return SnapshotID{}, false
	}
	return o.SnapshotID(publisher, source, key), true
}

// Terms lists what a source answers, by the snapshot of its VocabularyPlace.
func (o *Opened) Terms(last *Snapshot) []what.Term {
	switch v := o.Source.(type) {
	case Paged:
		return decodeVocabulary(last).knownTerms()
	case Vocabulary:
		return v.Terms(last)
	}
	return nil
}

// vocabulary is what is kept of one that comes by page.
type vocabulary struct {
	Terms []what.Term
	Next  string
	// Before is the whole one that this takes the place of when it is whole.
	Before []what.Term
}

// knownTerms returns the entries to understand readers by.
func (v vocabulary) knownTerms() []what.Term {
	if len(v.Before) > 0 {
		return v.Before
	}
	return v.Terms
}

func decodeVocabulary(s *Snapshot) (v vocabulary) {
	if s == nil {
		return v
	}
	// One that cannot be read is brought anew.
	_ = gob.NewDecoder(bytes.NewReader(s.Extra)).Decode(&v)
	return v
}

// pages fetches a vocabulary as if it were a snapshot: kept on disk, one fetch
// at a time, gone on with where it is unfinished.
type pages struct{ Paged }

// Key returns that of the one vocabulary.
func (pages) Key(Query) (string, error) { return termsKey, nil }

// Fetch goes through some pages, behind those of an unfinished one.
func (p pages) Fetch(ctx context.Context, _ string, last *Snapshot) (Snapshot, error) {
	var v vocabulary
	if last != nil && last.Unfinished {
		v = decodeVocabulary(last)
	} else {
		v.Before = decodeVocabulary(last).Terms
	}
	s := Snapshot{}
	local, ok := p.Paged.(Local)
	for n := 0; n < pagesAtOnce || ok && local.ReadsHere(); n++ {
		page, err := p.TermsPage(ctx, v.Next)
		if err != nil {
			return s, err //nolint:wrapcheck // the source's own
		}
		s.Requests += page.Requests
		again := page.Next == v.Next
		v.Terms, v.Next = append(v.Terms, page.Terms...), page.Next
		if len(v.Terms) > MaxTerms {
			v.Terms, v.Next = v.Terms[:MaxTerms], ""
			s.Warnings = []words.Text{{Key: "fetch.many_terms", Args: words.Args{"max": MaxTerms}}}
		}
		if again || v.Next == "" {
			v.Next = ""
			break
		}
	}
	if v.Next == "" {
		v.Before = nil
	} else if len(v.Before) == 0 {
		s.Read = len(v.Terms)
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		return s, fmt.Errorf("write a vocabulary: %w", err)
	}
	// The digest tells it from another one.
	sum := sha256.Sum256(b.Bytes())
	s.Items = []what.Item{{ID: "vocabulary", Title: hex.EncodeToString(sum[:])}}
	s.Extra, s.Unfinished = b.Bytes(), v.Next != ""
	return s, nil
}

// Select finds nothing: a vocabulary is no answer.
func (pages) Select(context.Context, Snapshot, Query) (Selection, error) { return Selection{}, nil }
