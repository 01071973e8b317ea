package who

import (
	"slices"
	"time"
)

// Limits of what a reader keeps: saved words, own lists and the words on each, and how long
// the name of a list is, in bytes.
const (
	MaxSaved    = 20
	MaxLists    = 3
	MaxListed   = 10
	MaxListName = 32
)

// Keeping says whether a word could be kept.
type Keeping int

// What keeping a word comes to.
const (
	Kept Keeping = iota
	KeptBefore
	TooManySaved
	TooManyLists
	NoRoom
)

// Keep returns r with a word kept, and as it was where it can't be.
func (r Reader) Keep(s Saved) (Reader, Keeping) {
	switch {
	case r.SavedAt(s.List, s.Keyword, s.Argument) >= 0:
		return r, KeptBefore
	case s.List == "" && len(r.SavedOn("")) >= MaxSaved, s.List != "" && len(r.SavedOn(s.List)) >= MaxListed:
		return r, TooManySaved
	case s.List != "" && !slices.Contains(r.Lists(), s.List) && len(r.Lists()) >= MaxLists:
		return r, TooManyLists
	}
	kept := r
	kept.Saved = append(slices.Clip(r.Saved), s)
	if !kept.Fits() {
		return r, NoRoom
	}
	return kept, Kept
}

// SavedAt returns where a word stands among those kept, or -1.
func (r Reader) SavedAt(list, keyword, argument string) int {
	return slices.IndexFunc(r.Saved, func(s Saved) bool { return s.List == list && s.Keyword == keyword && s.Argument == argument })
}

// SavedOn returns the words of a list, "" for the saved words.
func (r Reader) SavedOn(list string) (all []Saved) {
	for _, s := range r.Saved {
		if s.List == list {
			all = append(all, s)
		}
	}
	return all
}

// Lists returns the names of the reader's own lists, in the order in which they were made.
func (r Reader) Lists() (names []string) {
	for _, s := range r.Saved {
		if s.List != "" && !slices.Contains(names, s.List) {
			names = append(names, s.List)
		}
	}
	return names
}

// Drop returns r without the kept words that are gone, and how many those were.
func (r Reader) Drop(gone func(Saved) bool) (_ Reader, n int) {
	left := slices.DeleteFunc(slices.Clone(r.Saved), gone)
	n = len(r.Saved) - len(left)
	r.Saved = left
	return r, n
}

// Pulled returns r with a note of what was told of the kept words at some places.
func (r Reader) Pulled(places []int, mark string, at time.Time) Reader {
	r.Saved = slices.Clone(r.Saved)
	for _, i := range places {
		r.Saved[i].Mark, r.Saved[i].Pulled = mark, at
	}
	return r
}
