package recipe

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"keypull/pull"
	"keypull/pull/what"
)

// progressName is the file in the source's own folder that an unfinished fetch
// leaves: the snapshot as far as it had come.
const progressName = "progress.json"

// maxProgressBytes is more than any book takes as JSON.
const maxProgressBytes = 64 << 20

// checkpoint is after how many pages what was read is written down.
const checkpoint = 250

// progress returns what an unfinished fetch has left; nil where there is none,
// or none that can be read: then everything begins anew.
func (s *source) progress() *pull.Snapshot {
	if s.private == "" {
		return nil
	}
	f, err := os.Open(filepath.Join(s.private, progressName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		s.logger.Warn("the progress of a crawl cannot be read", "error", err)
		return nil
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxProgressBytes))
	var left written
	if err == nil {
		err = json.Unmarshal(text, &left)
	}
	if err != nil {
		s.logger.Warn("the progress of a crawl is spoilt; it begins anew", "error", err)
		return nil
	}
	snapshot := left.Snapshot
	for _, it := range left.Items {
		it.Item.Facts = it.Facts
		snapshot.Items = append(snapshot.Items, it.Item)
	}
	return &snapshot
}

// written is a snapshot as it is written down: facts are told to the world as
// an object, from which their kinds cannot be read again.
type written struct {
	pull.Snapshot
	Items []writtenItem `json:"items"`
}

type writtenItem struct {
	what.Item
	Facts []what.Fact `json:"facts"`
}

func newWritten(s pull.Snapshot) written {
	w := written{Snapshot: s, Items: make([]writtenItem, 0, len(s.Items))}
	for _, it := range s.Items {
		w.Items = append(w.Items, writtenItem{Item: it, Facts: it.Facts})
	}
	return w
}

// save writes down how far a fetch has come. Failing that costs no more than
// reading those pages again, so it is told to the log alone.
func (s *source) save(left pull.Snapshot) {
	if s.private == "" {
		return
	}
	if err := s.write(left); err != nil {
		s.logger.Warn("the progress of a crawl cannot be written", "error", err)
	}
}

// write puts a whole file in place of the one before, or none.
func (s *source) write(left pull.Snapshot) (err error) {
	text, err := json.Marshal(newWritten(left))
	if err != nil || len(text) > maxProgressBytes {
		return fmt.Errorf("%d bytes: %w", len(text), err)
	}
	if err := os.MkdirAll(s.private, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(s.private, progressName+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(text); err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(s.private, progressName))
}

// finished removes what is needed no more.
func (s *source) finished() {
	if s.private == "" {
		return
	}
	// A process that was killed while it wrote has left a part of a file.
	left, err := filepath.Glob(filepath.Join(s.private, progressName+"*"))
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.logger.Warn("the progress of a crawl cannot be removed", "error", err)
	}
}
