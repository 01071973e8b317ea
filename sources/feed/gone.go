package feed

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"keypull/sources"
)

// restGone is how long a feed is left alone that is gone for good: servers say
// so by mistake as well.
const restGone = 7 * 24 * time.Hour

// goneLedger keeps on disk that a feed is gone for good (status 410).
type goneLedger struct {
	path, url string
	mu        sync.Mutex
	// since is when it was said; reason is what was told of it.
	since  time.Time
	reason error
}

// goneRecord is the file of a goneLedger.
type goneRecord struct {
	URL   string    `json:"url"`
	Since time.Time `json:"since"`
}

func (l *goneLedger) loadState(env sources.Env, url string) {
	l.path, l.url = filepath.Join(env.Folder, "gone.json"), url
	var e goneRecord
	if loadJSON(l.path, &e) && e.URL == url {
		l.since = e.Since
	}
}

// errorWhileGone returns why the feed is not fetched, or nil if it may be.
func (l *goneLedger) errorWhileGone(now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.since.IsZero() || now.Sub(l.since) > restGone || now.Before(l.since) {
		return nil
	}
	if l.reason == nil {
		l.reason = goneError()
	}
	return l.reason
}

// markGone keeps that the feed is gone, and returns the error that says so.
func (l *goneLedger) markGone(now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.since, l.reason = now, goneError()
	// Not to know it after a restart costs one request.
	_ = saveJSON(l.path, goneRecord{URL: l.url, Since: now})
	return l.reason
}

// loadJSON reads a JSON file of the source into v, and reports whether there is one.
func loadJSON(path string, v any) bool {
	text, err := os.ReadFile(path) //nolint:gosec // it lies in the source's own folder
	return err == nil && json.Unmarshal(text, v) == nil
}

// saveJSON writes a JSON file of the source, whole or not at all.
func saveJSON(path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return sources.WriteFile(path, text)
}
