package messengertest

import (
	"strings"
	"unicode"

	"keypull/pull"
	"keypull/web/messengers"
)

// RestURL is the link of Recipe.
const RestURL = "https://example.org/tiramisu"

// Recipe returns an answer with a method and a link, in one of several forms: the
// kind's own, that with all that may stand below, that of a template, and one
// whose link stands first.
func Recipe(steps []string, form int) pull.Reply {
	link := pull.Block{Kind: pull.Link, URL: RestURL}
	r := pull.Reply{Language: "en", Rest: RestURL, Blocks: []pull.Block{
		{Kind: pull.Title, Text: "Tiramisu"}, {Kind: pull.Bullets, Text: "Ingredients", Lines: []string{"4 eggs"}},
		{Kind: pull.Steps, Text: "Method", Lines: steps}, link,
	}}
	switch form {
	case 1:
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Stamp, Text: "as of 14:02"}, pull.Block{Kind: pull.Note, Text: "MENU shows more."})
		r.Buttons = []pull.Button{{Label: "MENU", Send: "c:menu"}}
	case 2:
		r.Blocks = []pull.Block{{Kind: pull.Paragraph, Text: strings.Join(steps, "\n")}}
	case 3:
		r.Rest = ""
		r.Blocks = append([]pull.Block{link}, r.Blocks[:3]...)
	}
	return r
}

// failer is what the check needs of a test.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Whole fails where a method is cut in silence: what a channel of these limits
// shows of Recipe has every step to its end and in order, or its last message
// has a mark, and behind it the link to the rest.
func Whole(t failer, l messengers.Limits, r pull.Reply) {
	t.Helper()
	messages := messengers.Shape(r, l)
	if len(messages) == 0 {
		t.Fatalf("nothing is shown")
	}
	var shown strings.Builder
	for _, m := range messengers.Shape(r, l.Unmarked()) {
		shown.WriteString(m.Text)
	}
	rest, whole := squeeze(shown.String()), true
	for _, step := range steps(r) {
		i := strings.Index(rest, squeeze(step))
		if whole = i >= 0; !whole {
			break
		}
		rest = rest[i+len(squeeze(step)):]
	}
	if whole {
		return
	}
	last := messages[len(messages)-1].Text
	mark := max(strings.LastIndex(last, "…"), strings.LastIndex(last, "..."))
	if mark < 0 || !strings.Contains(last[mark:], RestURL) {
		t.Fatalf("the text is cut, and the last message does not say so with a link:\n%q", last)
	}
	const roomy = 400
	if l.Text >= roomy && !strings.Contains(last[mark:], "The whole text") {
		t.Fatalf("the last message does not say what its link leads to:\n%q", last)
	}
}

// steps returns the texts that must not end before their end.
func steps(r pull.Reply) []string {
	for _, b := range r.Blocks {
		if b.Kind == pull.Steps {
			return b.Lines
		}
	}
	return strings.Split(r.Blocks[0].Text, "\n")
}

// squeeze drops white space, which messages may break at.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
