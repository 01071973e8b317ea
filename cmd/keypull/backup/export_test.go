package backup

import (
	"context"
	"errors"
	"io"
	"time"
)

// Surplus returns which of these archives are not kept.
func (l Ladder) Surplus(moments []time.Time) []time.Time { return l.surplus(moments) }

// MakeDue does what RunNewest and RunArchives do at each tick.
func (b *Backups) MakeDue(ctx context.Context) error {
	return errors.Join(b.replaceNewest(ctx), b.makeDue(ctx))
}

// ReplaceNewest does what RunNewest does at each tick.
func (b *Backups) ReplaceNewest(ctx context.Context) error { return b.replaceNewest(ctx) }

// ReplaceFile writes a file whole or not at all.
func ReplaceFile(path string, write func(io.Writer) error) (int64, error) {
	return replaceFile(path, write)
}

// LaterVersion says that a is a later release than b.
func LaterVersion(a, b string) bool { return laterVersion(a, b) }

// CarryInParts has a bucket carry what is larger than that in parts of that size.
func CarryInParts(t Target, size uint32) {
	t.(*bucket).whole, t.(*bucket).part = int64(size), uint64(size)
}
