package recipe

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
)

const maxWarnings = 50

// close makes a snapshot of the book. If nothing that was asked for brought
// anything, the first failure is the book's.
func (b *book) close(now time.Time) (pull.Snapshot, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.good == 0 && len(b.failures) > 0 {
		return pull.Snapshot{}, b.failures[0]
	}
	s, err := b.snapshot(now)
	if err != nil {
		return pull.Snapshot{}, err
	}
	s.Unchanged = b.former != nil && !b.changed && len(b.failures) == 0 && len(b.pages) > 0 && b.same(s.Items)
	if len(b.pages) == 1 && b.good == 1 && !b.last.fetched.IsZero() {
		// A book of one page has that page's own times. A larger one counts from
		// when it was gone through, or one slow cache would have every page asked
		// for at every turn.
		s.Fetched, s.Expires = b.last.fetched, b.last.expires
	}
	return s, nil
}

// same reports whether the recipes are those of the last snapshot.
func (b *book) same(items []what.Item) bool {
	return len(items) == len(b.former) && !slices.ContainsFunc(items, func(it what.Item) bool { return !b.former[it.ID] })
}

// snapshot returns the book as it stands.
func (b *book) snapshot(now time.Time) (pull.Snapshot, error) {
	items := b.hold()
	told, partial := b.extent(len(items))
	x, err := json.Marshal(extra{Pages: b.pages, Partial: partial})
	if err != nil {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Internal, Op: op, Err: err}
	}
	s := pull.Snapshot{Items: items, Fetched: now, Requests: b.asked, NotBefore: b.notBefore, Extra: x, Unfinished: partial, Read: len(b.pages) - b.due(), Listed: len(b.pages)}
	s.Warnings = b.warned(told)
	return s, nil
}

// extent tells how much of the site the book holds, where that is not all.
func (b *book) extent(held int) (told []words.Text, partial bool) {
	due, left := b.due(), 0
	for _, r := range b.pages {
		left += r.Left
		partial = partial || r.due()
	}
	all := held + left + due + b.over
	switch {
	case b.unlisted || due > 0:
		partial = true
		key := "held_on"
		if b.unlisted {
			key = "held_on_more"
		}
		told = append(told, own.Text(key, words.Args{"held": held, "all": all}))
	case left > 0 || b.over > 0:
		told = append(told, own.Text("held_newest", words.Args{"held": held, "all": all, "most": pull.MaxSnapshotItems, "size": maxBookBytes >> 20}))
	}
	if b.over > 0 {
		told = append(told, own.Text("pages_many", words.Args{"count": b.over, "max": maxPages}))
	}
	if held == 0 && !partial {
		told = append(told, own.Text("none_found", nil))
	}
	return told, partial
}

// hold puts the recipes in order, the newest first, and lets go of those that
// there is no room for.
func (b *book) hold() []what.Item {
	items := make([]what.Item, 0, len(b.items))
	for _, it := range b.items {
		items = append(items, it)
	}
	slices.SortFunc(items, func(a, c what.Item) int {
		return cmp.Or(c.Published.Compare(a.Published), strings.Compare(a.Title, c.Title), strings.Compare(a.ID, c.ID))
	})
	kept, bytes := 0, 0
	for kept < min(len(items), pull.MaxSnapshotItems) {
		if bytes += weight(items[kept]); bytes > maxBookBytes {
			break
		}
		kept++
	}
	if kept == len(items) {
		return items
	}
	gone := make(map[string]bool, len(items)-kept)
	for _, it := range items[kept:] {
		gone[it.ID] = true
		b.remove(it.ID)
	}
	for page, r := range b.pages {
		all := len(r.Items)
		r.Items = slices.DeleteFunc(slices.Clone(r.Items), func(id string) bool { return gone[id] })
		if r.Left += all - len(r.Items); all > len(r.Items) {
			b.pages[page] = r
		}
	}
	return items[:kept:kept]
}
