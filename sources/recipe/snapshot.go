package recipe

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
)

const maxWarnings = 50

// finishSnapshot returns the snapshot of a fetch, or the first failure if every request
// failed.
func (b *collector) finishSnapshot(now time.Time) (pull.Snapshot, error) {
	b.Lock()
	defer b.Unlock()
	if b.Good == 0 && len(b.Failures) > 0 {
		return pull.Snapshot{}, b.Failures[0]
	}
	s, err := b.makeSnapshot(now)
	if err != nil {
		return pull.Snapshot{}, err
	}
	s.Unchanged = b.former != nil && !b.Changed && len(b.Failures) == 0 && len(b.Pages) > 0 && b.sameItems(s.Items)
	if len(b.Pages) == 1 && b.Good == 1 && b.last != nil && !b.last.Response.Fetched.IsZero() {
		// A snapshot of one page has that page's own times. A larger one counts from
		// when it was gone through, or one slow cache would have every page asked
		// for at every turn.
		s.Fetched, s.Expires = b.last.Response.Fetched, b.last.Response.Expires
	}
	return s, nil
}

// sameItems reports whether the recipes are those of the last snapshot.
func (b *collector) sameItems(items []what.Item) bool {
	return len(items) == len(b.former) && !slices.ContainsFunc(items, func(it what.Item) bool { return !b.former[it.ID] })
}

// makeSnapshot returns the recipes collected so far as a snapshot.
func (b *collector) makeSnapshot(now time.Time) (pull.Snapshot, error) {
	items := b.sortAndTrim()
	told, partial := b.describeExtent(len(items))
	x, err := json.Marshal(extra{Pages: b.Pages, Partial: partial})
	if err != nil {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Internal, Op: op, Err: err}
	}
	s := pull.Snapshot{Items: items, Fetched: now, Requests: b.Asked, NotBefore: b.NotBefore, Extra: x, Unfinished: partial, Read: len(b.Pages) - b.Unread(), Listed: len(b.Pages)}
	s.Warnings = b.allWarnings(told)
	return s, nil
}

// describeExtent tells how much of the site is held, where that is not all.
func (b *collector) describeExtent(held int) (told []words.Text, partial bool) {
	due, left := b.Unread(), 0
	for _, r := range b.Pages {
		left += r.Left
		partial = partial || r.NeedsReading()
	}
	all := held + left + due + b.Over
	switch {
	case b.Unlisted || due > 0:
		partial = true
		key := "held_on"
		if b.Unlisted {
			key = "held_on_more"
		}
		told = append(told, own.Text(key, words.Args{"held": held, "all": all}))
	case left > 0 || b.Over > 0:
		told = append(told, own.Text("held_newest", words.Args{"held": held, "all": all, "most": pull.MaxSnapshotItems, "size": maxSnapshotBytes >> 20}))
	}
	if b.Over > 0 {
		told = append(told, own.Text("pages_many", words.Args{"count": b.Over, "max": maxPages}))
	}
	if held == 0 && !partial {
		told = append(told, own.Text("none_found", nil))
	}
	return told, partial
}

// sortAndTrim returns the recipes, the newest first, and drops those that there is no
// room for.
func (b *collector) sortAndTrim() []what.Item {
	items := slices.SortedFunc(maps.Values(b.items), func(a, c what.Item) int {
		return cmp.Or(c.Published.Compare(a.Published), strings.Compare(a.Title, c.Title), strings.Compare(a.ID, c.ID))
	})
	kept, bytes := 0, 0
	for kept < min(len(items), pull.MaxSnapshotItems) {
		if bytes += itemBytes(items[kept]); bytes > maxSnapshotBytes {
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
		b.removeItems([]string{it.ID})
	}
	for page, r := range b.Pages {
		all := len(r.Items)
		r.Items = slices.DeleteFunc(slices.Clone(r.Items), func(id string) bool { return gone[id] })
		if r.Left += all - len(r.Items); all > len(r.Items) {
			b.Pages[page] = r
		}
	}
	return items[:kept:kept]
}
