package feed_test

import (
	"testing"

	"keypull/sources/feed"
)

func TestTheKindSpeaksFrenchAndGerman(t *testing.T) {
	if err := feed.Kind.Words.Complete(feed.Kind.New(), "fr", "de"); err != nil {
		t.Error(err)
	}
	if title, help := feed.Kind.In("fr-CH"); title != "Fil d'actualités" || help == feed.Kind.Help {
		t.Errorf("got %q and %q", title, help)
	}
	if title, help := feed.Kind.In("it"); title != feed.Kind.Title || help != feed.Kind.Help {
		t.Errorf("in a language that it lacks, got %q and %q", title, help)
	}
}
