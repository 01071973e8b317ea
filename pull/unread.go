package pull

import (
	"context"
	"slices"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
)

// Local is the option of a source whose vocabulary lies on this machine: it is
// read before anybody is told that the server is ready.
type Local interface {
	// ReadsHere reports whether that is so: nobody is asked for it.
	ReadsHere() bool
}

// listSources notes of each source whose vocabulary readers are understood by one
// keyword, a bare one where there is one.
func (e *Edition) listSources() {
	at := map[string]int{}
	for _, k := range e.order {
		if !k.usesVocabulary() || k.source.Problem != nil {
			continue
		}
		i, seen := at[k.Source]
		switch {
		case !seen:
			at[k.Source] = len(e.lists)
			e.lists = append(e.lists, k)
		case k.Bare && !e.lists[i].Bare:
			e.lists[i] = k
		}
	}
}

// usesVocabulary reports whether what readers write of a keyword is held against the
// vocabulary of its source.
func (k *keyword) usesVocabulary() bool {
	return k.Bare || k.takesArgument() || what.Argument(k.Argument) == what.ArgumentRequired
}

// unreadVocabulary reports whether the vocabulary of a keyword's source has not been read
// yet, or only in part, with the last snapshot of it. One that upstream refuses for
// good, or that breaks down, is not waited for.
func (c *Cache) unreadVocabulary(ctx context.Context, e *Edition, k *keyword) (last *Snapshot, unread bool) {
	defer func() {
		if recover() != nil {
			unread = false
		}
	}()
	place := e.vocabularyPlace(k)
	if place == (SnapshotID{}) {
		return nil, false
	}
	last = c.Last(ctx, place)
	switch _, paged := k.source.Source.(Paged); {
	case last == nil && len(k.terms.Terms()) > 0:
		return nil, false // it stands in the settings
	case last != nil && (!last.Unfinished || paged && last.Read == 0):
		return last, false
	}
	switch KindOf(c.flights.lastFailure(place)) {
	case Unusable, Invalid, Unknown, Denied:
		return last, false
	}
	return last, true
}

// lastFailure returns what the last fetch of a place failed with, or nil.
func (k *flights) lastFailure(p SnapshotID) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r := k.backOffs[p]; r != nil && r.failures > 0 {
		return r.err
	}
	return nil
}

// Unread is a source whose vocabulary is not there yet, or not all of it.
type Unread struct {
	Source string
	// Read is how much of it was: see Snapshot.
	Read int
	// Wait is how long its readers wait for it.
	Wait time.Duration
}

// Unread lists the sources of an edition of which readers are not understood yet.
func (r *Resolver) Unread(ctx context.Context, e *Edition) (all []Unread) {
	for _, k := range e.everything().lists {
		if last, unread := r.Cache.unreadVocabulary(ctx, e, k); unread {
			u := Unread{Source: k.Source, Wait: k.freshness.Wait()}
			if last != nil {
				u.Read = last.Read
			}
			all = append(all, u)
		}
	}
	return all
}

// Wanting lists those of them that a message needs: that of the keyword which it
// runs, or all of them where it runs none for sure.
func (r *Resolver) Wanting(ctx context.Context, e *Edition, text string) []Unread {
	all := r.Unread(ctx, e)
	e = e.everything()
	m := e.index.Match(text, e.Languages...)
	if m.Decision != what.Run || m.Corrected {
		return all
	}
	return slices.DeleteFunc(all, func(u Unread) bool {
		return !slices.ContainsFunc(m.Candidates, func(c what.Candidate) bool {
			k := e.keywordByID(c.Keyword)
			return k != nil && k.Source == u.Source
		})
	})
}

// refuseUnread answers a message that no keyword knows while the list of one that is
// asked by its entries alone is still being read: nobody can say yet that it is
// not known. It is nil where all are there.
func (w conversation) refuseUnread() *Reply {
	for _, k := range w.edition.lists {
		if last, unread := w.cache.unreadVocabulary(context.Background(), w.edition, k); unread && k.Bare && k.isAvailable(w.ask.At, w.edition.Zone) {
			return w.refuseReading(k, last)
		}
	}
	return nil
}

// refuseUnread answers for a keyword that has nothing of what was asked, where its
// source is still being read; it is nil where that is all there is.
func (w answering) refuseUnread(k *keyword, held *Snapshot) *Reply {
	if held == nil || !held.Unfinished {
		last, unread := w.cache.unreadVocabulary(context.Background(), w.edition, k)
		if !unread {
			return nil
		}
		held = last
	}
	return w.withMenu(w.refuseReading(k, held))
}

// refuseReading returns a reply that says how far a source is read.
func (w *work) refuseReading(k *keyword, last *Snapshot) *Reply {
	w.trace.Outcome, w.trace.When.Source = journal.Refused, k.Source
	return &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Text: w.local.readingProgress(k, last)}}}
}
