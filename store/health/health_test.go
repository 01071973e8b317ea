package health_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/health"
	"keypull/store/mem"
)

// counted counts what is written.
type counted struct {
	health.DB
	writes int
}

func (c *counted) CommitLater(ctx context.Context, b store.Batch) error {
	c.writes++
	return c.DB.CommitLater(ctx, b)
}

func healths(n int) (all []pull.Health) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for i := range n {
		all = append(all, pull.Health{
			Publisher: "p", Source: fmt.Sprint("s", i), Good: at, Bad: at.Add(time.Minute), Error: words.Text{Key: "fetch.crowded"},
			Warnings: []words.Text{words.Quoted("odd")}, Requests: 7, Bytes: 1 << 20, Took: 250 * time.Millisecond, LastBytes: 512, Asks: 9, Hits: 8, Items: 3, Before: 2,
		})
	}
	return all
}

// told returns all that is kept, in words.
func told(t *testing.T, db health.DB) string {
	t.Helper()
	all, err := health.New(db).Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lines := make(map[string]bool, len(all))
	for _, h := range all {
		lines[fmt.Sprintf("%s %s %s %s %d %d %s %d %d %d %d %d %s;", h.Source, h.Good, h.Bad, h.Error.In("de"), h.Requests, h.Bytes, h.Took, h.LastBytes, h.Asks, h.Hits, h.Items, h.Before, h.Warnings)] = true
	}
	return fmt.Sprint(lines)
}

func TestHowSourcesHaveBeenDoingIsKept(t *testing.T) {
	const many = 2500
	db := &counted{DB: mem.Open(store.Options{})}
	k, all := health.New(db), healths(many)
	if err := k.Keep(t.Context(), all); err != nil || db.writes != many {
		t.Fatalf("%d writes, %v", db.writes, err)
	}
	text := told(t, db)
	if strings.Count(text, words.Text{Key: "fetch.crowded"}.In("de")) != many || !strings.Contains(text, "7 1048576 250ms 512 9 8 3 2") {
		t.Errorf("%.500s", text)
	}
	// The next process knows what is there, and writes what has changed alone.
	k = health.New(db)
	if _, err := k.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	db.writes = 0
	all[0].Asks++
	if err := k.Keep(t.Context(), all); err != nil || db.writes != 1 {
		t.Errorf("%d writes, %v", db.writes, err)
	}
	// What is not there any more is dropped.
	if err := k.Keep(t.Context(), all[:1]); err != nil || db.writes != many {
		t.Errorf("%d writes, %v", db.writes, err)
	}
	if text := told(t, db); !strings.Contains(text, "512 10 8") || strings.Contains(text, "s2 ") {
		t.Error(text)
	}
}

func TestWhatIsKeptOfASourceIsBounded(t *testing.T) {
	db := mem.Open(store.Options{})
	all := healths(1)
	all[0].Warnings = []words.Text{words.Quoted(strings.Repeat("long ", 10_000))}
	if err := health.New(db).Keep(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if text := told(t, db); strings.Contains(text, "long") || !strings.Contains(text, "7 1048576") {
		t.Errorf("%.300s", text)
	}
}

func TestWhatCannotBeReadKeepsNobodyFromTheRest(t *testing.T) {
	db := mem.Open(store.Options{})
	if err := health.New(db).Keep(t.Context(), healths(2)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Put(t.Context(), "health.aaaa", []byte("{"), store.Any); err != nil {
		t.Fatal(err)
	}
	all, err := health.New(db).Load(t.Context())
	if err == nil || len(all) != 2 {
		t.Errorf("%d, %v", len(all), err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := health.New(db).Load(t.Context()); !errors.Is(err, store.ErrClosed) {
		t.Errorf("of a closed store %v", err)
	}
}
