package pages_test

import (
	"strings"
	"testing"

	"keypull/web/console/pages"
)

// marked writes the pieces of one side with brackets around those that changed.
func marked(parts []pages.DiffPart) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Changed {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestChangedWordsStandOutInTheirText(t *testing.T) {
	long := strings.Repeat("calm seas and a long voyage ", 20)
	paragraphs := func(word string) string {
		return strings.Repeat("one two three four five six\n", 300) + word + "\n" + strings.Repeat("seven eight nine\n", 300)
	}
	for name, c := range map[string]struct{ before, after, old, now string }{
		"one word":           {"the bridge is open", "the bridge is closed", "the bridge is [open]", "the bridge is [closed]"},
		"one more in a list": {"news, headlines", "news, latest, headlines", "news, headlines", "news, [latest, ]headlines"},
		"nothing in common":  {"no", "yes", "[no]", "[yes]"},
		"no words between":   {"橋は開いている", "橋は閉じている", "橋は[開い]ている", "橋は[閉じ]ている"},
		"invalid bytes":      {"a\xffb", "a\xffc", "a\xff[b]", "a\xff[c]"},
		"long and the same": {long + "open " + long, long + "closed " + long,
			"… " + long[len(long)-60:] + "[open] " + long[:59] + " …", "… " + long[len(long)-60:] + "[closed] " + long[:59] + " …"},
	} {
		f := pages.FieldChange{Before: c.before, After: c.after}
		if old, now := marked(f.Old()), marked(f.New()); old != c.old || now != c.now {
			t.Errorf("%s:\n%q\n%q, want\n%q\n%q", name, old, now, c.old, c.now)
		}
	}
	f := pages.FieldChange{Before: "first\n" + paragraphs("alpha") + "last", After: "another\n" + paragraphs("beta") + "end"}
	if old, now := marked(f.Old()), marked(f.New()); len(old) > 1000 || !strings.Contains(old, "[alpha\n]") || !strings.Contains(now, "[beta\n]") {
		t.Errorf("long texts are told as %q and %q", old, now)
	}
}
