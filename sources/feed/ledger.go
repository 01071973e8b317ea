package feed

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"keypull/pull/private"
	"keypull/sources"
)

// restGone is how long a feed is left alone that is gone for good: servers say
// so by mistake as well.
const restGone = 7 * 24 * time.Hour

// ledger knows that a feed is gone for good, over restarts too.
type ledger struct {
	path, url string
	mu        sync.Mutex
	// since is when it was said; reason is what was told of it.
	since  time.Time
	reason error
}

// entryOfLedger is what is written down.
type entryOfLedger struct {
	URL   string    `json:"url"`
	Since time.Time `json:"since"`
}

func (l *ledger) open(env sources.Env, url string) {
	l.path, l.url = filepath.Join(env.Folder, "gone.json"), url
	var e entryOfLedger
	if load(l.path, &e) == nil && e.URL == url {
		l.since = e.Since
	}
}

// closed is why nobody is asked; nil where somebody may be.
func (l *ledger) closed(now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.since.IsZero() || now.Sub(l.since) > restGone || now.Before(l.since) {
		return nil
	}
	if l.reason == nil {
		l.reason = gone()
	}
	return l.reason
}

// close notes that a feed is gone, and tells it.
func (l *ledger) close(_ error, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.since, l.reason = now, gone()
	// Not to know it after a restart costs one request.
	_ = save(l.path, entryOfLedger{URL: l.url, Since: now})
	return l.reason
}

// load reads a file of the source's own.
func load(path string, v any) error {
	text, err := os.ReadFile(path) //nolint:gosec // it lies in the source's own folder
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// save writes one, whole or not at all.
func save(path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	f, err := private.Beside(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.Write(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
