package main

import (
	"os"
	"strings"
	"testing"
	"time"
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
	ask := func(language, text, about string) (heard, bool) {
		s := &stranger{t: t, url: d.server.URL, language: language}
		got := s.say(text, "")
		return got, strings.Contains(strings.ToLower(got.Text+strings.Join(got.labels(), "\n")), strings.ToLower(about))
	}
	// A message waits no longer than a reader would, which on a busy machine is too short to
	// bring all that the demo has.
	for tries := 1; ; tries++ {
		got, ok := ask("en", "museum", "museum shows letters")
		if ok {
			break
		}
		if tries == 10 {
			t.Fatalf("the first message: %+v", got)
		}
		time.Sleep(time.Second)
	}
	found, asked := 0, 0
	for line := range strings.Lines(string(text)) {
		parts := strings.Split(strings.TrimSpace(line), "\t")
		if len(parts) != 3 {
			continue
		}
		asked++
		got, ok := ask(parts[0], parts[1], parts[2])
		for tries := 1; !ok && tries < 3; tries++ {
			got, ok = ask(parts[0], parts[1], parts[2])
		}
		if ok {
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
