package main

import (
	"os"
	"strings"
	"testing"
)

// TestTheFirstMissFindsWhatTheDemoHolds asks a demo that has only just begun for what its
// sources hold, by words that no keyword knows, and then for more.
func TestTheFirstMissFindsWhatTheDemoHolds(t *testing.T) {
	text, err := os.ReadFile("testdata/inside/demo.txt")
	if err != nil {
		t.Fatal(err)
	}
	d := runningAt(t, t.TempDir())
	t.Cleanup(func() { d.end(t) })
	first := &stranger{t: t, url: d.server.URL, language: "en"}
	if got := first.say("museum", ""); !strings.Contains(got.Text+strings.Join(got.labels(), "\n"), "museum shows letters") {
		t.Errorf("the first message: %+v", got)
	}
	found, asked := 0, 0
	for line := range strings.Lines(string(text)) {
		parts := strings.Split(strings.TrimSpace(line), "\t")
		if len(parts) != 3 {
			continue
		}
		s := &stranger{t: t, url: d.server.URL, language: parts[0]}
		got := s.say(parts[1], "")
		asked++
		if strings.Contains(strings.ToLower(got.Text+strings.Join(got.labels(), "\n")), strings.ToLower(parts[2])) {
			found++
			continue
		}
		t.Logf("%s: %q, about %q: %s %q", parts[0], parts[1], parts[2], got.Text, got.labels())
	}
	t.Logf("%d of %d find what they are about", found, asked)
	if asked == 0 || found*100 < asked*85 {
		t.Errorf("they are fewer than they were")
	}
}
