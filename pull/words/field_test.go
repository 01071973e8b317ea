package words_test

import (
	"testing"

	"keypull/pull/words"
)

// TestSettingsOfAListAreCalledAsTheirFormCallsThem, or are left out where no form asks for them.
func TestSettingsOfAListAreCalledAsTheirFormCallsThem(t *testing.T) {
	list := words.Text{Key: "form.list_last", Args: words.Args{"before": words.Fields("urls", "folder", "feeds"), "last": "x"}}
	label := func(f words.Field) (words.Text, bool) {
		switch f.Name {
		case "urls":
			return words.Text{Key: "form.list_last", Args: words.Args{"before": "Pages", "last": "more"}}, true
		case "folder":
			return words.Text{}, true
		}
		return words.Text{}, false
	}
	if got, want := list.Labelled(label).In("en"), "Pages and more and feeds and x"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got, want := list.In("en"), "urls, folder and feeds and x"; got != want {
		t.Errorf("files are told %q, want %q", got, want)
	}
}
