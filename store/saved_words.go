package store

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/who"
)

const (
	savedPrefix = "saved-words"
	// maxSavedKeywords is how many keywords of a publisher are told apart.
	maxSavedKeywords = 2000
)

func savedKey(publisher string) string { return savedPrefix + "." + keySegment(publisher) }

// SavedWords keep how many readers of each publisher keep each keyword: numbers of one
// sweep over all readers, which lead back to nobody.
type SavedWords struct{ kv KV }

// NewSavedWords returns those of a back end.
func NewSavedWords(kv KV) *SavedWords { return &SavedWords{kv} }

// Of returns a publisher's, or nothing before the first count.
func (s *SavedWords) Of(ctx context.Context, publisher string) (journal.SavedWords, error) {
	d, err := findDocument[journal.SavedWords](ctx, s.kv, savedKey(publisher), "read how many readers keep a word")
	return d.value, err
}

// SavedCount is one count; one goroutine may use it.
type SavedCount struct {
	words *SavedWords
	now   func(publisher, keyword string) string
	by    map[string]map[string]int
}

// Begin begins a count. Keywords count as what they are called now.
func (s *SavedWords) Begin(now func(publisher, keyword string) string) *SavedCount {
	return &SavedCount{s, now, map[string]map[string]int{}}
}

// Add counts a reader once for each keyword that the reader keeps.
func (c *SavedCount) Add(publisher string, r who.Reader) {
	if r.State != who.Active || len(r.Saved) == 0 {
		return
	}
	counts := c.by[publisher]
	if counts == nil {
		counts = map[string]int{}
		c.by[publisher] = counts
	}
	theirs := map[string]bool{}
	for _, s := range r.Saved {
		id := c.now(publisher, s.Keyword)
		if _, known := counts[id]; theirs[id] || !known && len(counts) >= maxSavedKeywords {
			continue
		}
		theirs[id] = true
		counts[id]++
	}
}

// End writes the count down in place of the one before.
func (c *SavedCount) End(ctx context.Context, at time.Time) error {
	const op = "write how many readers keep a word"
	var all error
	for publisher, counts := range c.by {
		maps.DeleteFunc(counts, func(_ string, n int) bool { return n < journal.KnownReaders })
		if len(counts) == 0 {
			delete(c.by, publisher)
			continue
		}
		_, err := writeDocument(ctx, c.words.kv, savedKey(publisher), op, journal.SavedWords{At: at.UTC(), Readers: counts}, uint64(Any))
		all = errors.Join(all, err)
	}
	var gone []Pair
	for pair, err := range pairsBelow(ctx, c.words.kv, savedPrefix, "", op) {
		if err != nil {
			return errors.Join(all, err)
		}
		// Ids of publishers are segments as they are.
		if c.by[strings.TrimPrefix(pair.Key, savedPrefix+".")] == nil {
			pair.Value = nil
			gone = append(gone, pair)
		}
	}
	_, err := removeAll(ctx, c.words.kv, op, gone)
	return errors.Join(all, err)
}
