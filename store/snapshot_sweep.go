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
// has now. keep says whether a source's are kept, and of which mark alone: "" of
// any, where nobody knows which is its own.
func (s *Snapshots) Sweep(ctx context.Context, keep func(publisher, source string) (mark string, kept bool)) (int, error) {
	const op = "sweep snapshots"
	removed, after := 0, ""
	for {
		page, err := s.kv.Scan(ctx, "snapshot", after, sweepPage)
		if err != nil {
			return removed, understood(op, err)
		}
		var doomed []Pair
		for _, pair := range page {
			if !wanted(pair.Key, keep) {
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
func wanted(key string, keep func(publisher, source string) (string, bool)) bool {
	const parts = 4
	names := strings.SplitN(key, ".", parts)
	if len(names) < parts {
		return true
	}
	now, kept := keep(names[1], names[2])
	if !kept || now == "" {
		return kept
	}
	if key == snapshotKey(pull.WithdrawnPlace(names[1], names[2])) {
		return true
	}
	at := snapshotKey(pull.Place{Publisher: names[1], Source: names[2], Mark: now})
	return strings.HasPrefix(key, at[:strings.LastIndexByte(at, '.')+1])
}
