package publishing

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"keypull/pull/catalogue"
)

// moveIn gives a source that comes by a new id what was kept under the one that
// it had before: its files, what was fetched and withdrawn, and how it was doing.
func (n drawer) moveIn(ctx context.Context, ed *edition, s catalogue.Source) {
	was, back := ed.publisher.Moved(catalogue.ResourceSource, s.ID)
	switch n := len(s.Formerly); {
	case back:
		// It has its former id again: a new one was taken back.
	case n > 0:
		was = s.Formerly[n-1]
	default:
		return
	}
	before, there := ed.sources[was]
	if !there || before.Mark != sourceMark(s) {
		return
	}
	publisher := ed.publisher.ID
	from, to := filepath.Join(n.Folder, publisher, was), filepath.Join(n.Folder, publisher, s.ID)
	if err := os.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		n.Logger.Warn("the files of a source could not be moved; it makes them anew", "publisher", publisher, "source", s.ID, "error", err)
	}
	place, _ := before.VocabularyPlace(publisher, was, ed.publisher.Languages)
	if err := n.Cache.Move(ctx, publisher, was, s.ID, place); err != nil {
		n.Logger.Warn("what was fetched of a source could not be moved; it is fetched anew", "publisher", publisher, "source", s.ID, "error", err)
	}
}
