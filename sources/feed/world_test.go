package feed_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources/feed"
	"keypull/sources/sourcetest"
)

// worldly is a feed with odd zones, ages, futures and languages, as another
// program wrote it, with the moments that it meant.
type worldly struct {
	Name, Zone, Document string
	// Set is the zone of the source, "" for the publisher's.
	Set string
	// Expect is "exact" where the moments can be known, else "none".
	Expect, Warning string
	Items           [][2]any
}

// worldNow is the moment at which the feeds of the world were fetched.
var worldNow = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestFeedsOfTheWorldAreToldAtTheirTimes(t *testing.T) {
	file := "testdata/world.jsonl"
	if other := os.Getenv("KEYPULL_WORLD"); other != "" {
		file = other
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	count := 0
	for lines.Scan() {
		var w worldly
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		count++
		t.Run(w.Name, w.check)
	}
	if count < 50 {
		t.Errorf("there are %d feeds", count)
	}
}

func (w worldly) check(t *testing.T) {
	zone, err := time.LoadLocation(w.Zone)
	if err != nil {
		t.Fatal(err)
	}
	env := sourcetest.Env(t, "")
	env.Zone, env.Client = zone, cannedAt(worldNow, "", []byte(w.Document))
	source := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": "https://w.example/feed", "zone": w.Set})
	s, err := source.Fetch(t.Context(), "feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	truth := map[string]time.Time{}
	for _, it := range w.Items {
		truth[it[0].(string)] = time.Unix(int64(it[1].(float64)), 0)
	}
	if len(s.Items) != len(truth) {
		t.Fatalf("%d of %d items are there", len(s.Items), len(truth))
	}
	w.checkTimes(t, s.Items, truth)
	if said := strings.Join(saidAll(s.Warnings), "; "); !strings.Contains(said, w.Warning) {
		t.Errorf("the editor hears %q, not of %q", said, w.Warning)
	}
	for _, later := range []time.Duration{0, 7 * time.Hour, 90 * 24 * time.Hour} {
		at := worldNow.Add(later)
		found, err := source.Select(t.Context(), s, pull.Query{Count: len(truth), At: at})
		if err != nil {
			t.Fatal(err)
		}
		checkOrder(t, found.Items, at)
		w.checkWords(t, source.(pull.Speaker), found.Items, at)
	}
}

func (w worldly) checkTimes(t *testing.T, items []what.Item, truth map[string]time.Time) {
	t.Helper()
	for _, it := range items {
		switch {
		case w.Expect == "exact" && !it.Published.Equal(truth[it.Title]):
			t.Errorf("%s was published %v, want %v\n%s", it.Title, it.Published, truth[it.Title].UTC(), w.Document)
		case w.Expect == "none" && (!it.Published.IsZero() || !it.Seen.Equal(worldNow)):
			t.Errorf("%s was published %v and seen %v; nobody can know\n%s", it.Title, it.Published, it.Seen, w.Document)
		}
	}
}

// checkOrder wants what is out before what is to come, newest and soonest
// first.
func checkOrder(t *testing.T, items []what.Item, at time.Time) {
	t.Helper()
	limit := at.Add(2 * time.Minute)
	for i, it := range items[1:] {
		before := items[i]
		future, wasFuture := it.Published.After(limit), before.Published.After(limit)
		if wasFuture && !future || future == wasFuture && (future && it.Published.Before(before.Published) || !future && it.Published.After(before.Published)) {
			t.Errorf("at %v, %v stands before %v", at, before.Published, it.Published)
		}
	}
}

func (w worldly) checkWords(t *testing.T, speaker pull.Speaker, items []what.Item, at time.Time) {
	t.Helper()
	for _, it := range items {
		for language, words := range map[string][2]string{"en": {"today", "first seen"}, "fr": {"aujourd’hui", "vu pour la première fois"}, "de": {"heute", "zuerst gesehen"}} {
			said := ""
			for _, b := range speaker.Say([]what.Item{it}, pull.Voice{Language: language, Zone: time.UTC, At: at}).Blocks {
				if b.Kind == pull.Note {
					said = b.Text
				}
			}
			if w.Expect == "none" && !strings.HasPrefix(said, words[1]) {
				t.Errorf("an item of an unknown time is told as %q", said)
			}
			today := it.Published.Truncate(24 * time.Hour).Equal(at.Truncate(24 * time.Hour))
			if w.Expect == "exact" && strings.Contains(said, words[0]) != (today && !it.Published.After(at.Add(2*time.Minute))) {
				t.Errorf("at %v, %v is told as %q", at, it.Published, said)
			}
		}
	}
}
