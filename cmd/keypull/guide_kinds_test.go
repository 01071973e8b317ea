package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestTheGuideNamesAllKinds: docs/console.md counts and names what this binary has.
func TestTheGuideNamesAllKinds(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "console.md"))
	if err != nil {
		t.Fatal(err)
	}
	guide := strings.Join(strings.Fields(string(text)), " ")
	var sources, channels []string
	for _, k := range allKinds().Sources {
		title, _ := k.In("en")
		sources = append(sources, "| **"+title+"** |")
	}
	for _, k := range allKinds().Messengers {
		title, _ := k.In("en")
		channels = append(channels, "**"+title+"**")
	}
	for begin, titles := range map[string][]string{
		"what your source is; there are " + strconv.Itoa(len(sources)) + " kinds:": sources,
		"There are " + strconv.Itoa(len(channels)) + " kinds: ":                    channels,
	} {
		_, list, ok := strings.Cut(guide, begin)
		if !ok {
			t.Errorf("the guide does not say %q", begin)
		}
		at := 0
		for _, title := range titles {
			next := strings.Index(list[at:], title)
			if next < 0 {
				t.Errorf("%s is not named in its place", title)
				continue
			}
			at += next
		}
	}
}
