package store

import (
	"context"
	"strings"

	"keypull/pull"
)

// sweepPage is how many snapshots are looked at at a time, since their values
// are large.
const sweepPage = 16

// Sweep removes the snapshots that nobody asks for any more: those of sources
// that are gone, and those that were fetched by other settings than a source
// has now. mark returns what is now a source's, "" where there is no such
// source.
func (s *Snapshots) Sweep(ctx context.Context, mark func(publisher, source string) string) (int, error) {
	const op = "sweep snapshots"
	removed, after := 0, ""
	for {
		page, err := s.kv.Scan(ctx, "snapshot", after, sweepPage)
		if err != nil {
			return removed, understood(op, err)
		}
		var doomed []Pair
		for _, pair := range page {
			if !wanted(pair.Key, mark) {
				doomed = append(doomed, pair)
			}
		}
		n, err := removeAll(ctx, s.kv, op, doomed)
		removed += n
		if err != nil || len(page) < sweepPage {
			return removed, err
		}
		after = page[len(page)-1].Key
	}
}

// wanted says whether a snapshot is of a source as it is now.
func wanted(key string, mark func(publisher, source string) string) bool {
	const parts = 4
	names := strings.SplitN(key, ".", parts)
	if len(names) < parts {
		return true
	}
	now := mark(names[1], names[2])
	if now == "" {
		return false
	}
	at := snapshotKey(pull.Place{Publisher: names[1], Source: names[2], Mark: now})
	return strings.HasPrefix(key, at[:strings.LastIndexByte(at, '.')+1])
}
