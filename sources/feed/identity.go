package feed

import (
	"crypto/sha256"
	"encoding/hex"

	"keypull/pull/what"
)

// pageKey returns what a reader would tell two pieces apart by.
func pageKey(it what.Item) string { return it.Link + "\x00" + it.Title }

// hashedID returns the id of a piece that shares its guid with others.
func hashedID(it what.Item) string {
	sum := sha256.Sum256([]byte(it.ID + "\x00" + pageKey(it)))
	return it.ID[:min(len(it.ID), maxIDBytes-20)] + "#" + hex.EncodeToString(sum[:8])
}

// assignIDs leaves out duplicates, and gives each of the other items an id
// of its own: the guid, or, where several have it, the guid and a hash that
// link and title have a part in. A piece that was there before keeps the id that it had.
func assignIDs(items, last []what.Item) []what.Item {
	before := make(map[string]string, len(last))
	for _, it := range last {
		before[pageKey(it)] = it.ID
	}
	items = withoutDuplicates(items)
	sharing := make(map[string]int, len(items))
	for _, it := range items {
		sharing[it.ID]++
	}
	taken := make(map[string]bool, len(items))
	for i := range items {
		it := &items[i]
		if was := before[pageKey(*it)]; was != "" && !taken[was] && (was == it.ID || was == hashedID(*it)) {
			it.ID = was
			taken[was] = true
			continue
		}
		if sharing[it.ID] > 1 {
			it.ID = hashedID(*it)
		}
		for taken[it.ID] {
			it.ID = hashedID(*it)
		}
		taken[it.ID] = true
	}
	return items
}

// withoutDuplicates keeps the latest of each piece: of what has the same link and title,
// or, where it has no link, the same guid and title.
func withoutDuplicates(items []what.Item) []what.Item {
	place := make(map[string]int, len(items))
	kept := items[:0]
	for _, it := range items {
		key := pageKey(it)
		if it.Link == "" {
			key = it.ID + key
		}
		if i, known := place[key]; known {
			if it.Published.After(kept[i].Published) {
				kept[i] = it
			}
			continue
		}
		place[key] = len(kept)
		kept = append(kept, it)
	}
	return kept
}
