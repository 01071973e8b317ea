package messengers_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

var methods = rapid.Custom(func(t *rapid.T) []string {
	var steps []string
	for n := range rapid.IntRange(1, 12).Draw(t, "steps") {
		var b strings.Builder
		for s := range rapid.IntRange(1, 40).Draw(t, "sentences") {
			_, _ = fmt.Fprintf(&b, "Stir %d.%d for 3.5 min%s ", n, s, rapid.SampledFrom([]string{".", "!", ", then rest;", ". Çà et là.", " & <b>"}).Draw(t, "stop"))
		}
		steps = append(steps, strings.TrimSpace(b.String()))
	}
	return steps
})

func TestNoMethodIsCutWithoutAMarkAndTheLink(t *testing.T) {
	units := []messengers.Unit{messengers.Runes, messengers.UTF16, messengers.Bytes, messengers.Segment}
	rapid.Check(t, func(t *rapid.T) {
		l := messengers.Limits{
			Text: rapid.IntRange(80, 5000).Draw(t, "text"), Unit: rapid.SampledFrom(units).Draw(t, "unit"),
			Messages: rapid.IntRange(1, 5).Draw(t, "messages"), Markup: marks[rapid.Bool().Draw(t, "markup")],
			Buttons: rapid.IntRange(0, 3).Draw(t, "buttons"), Media: carried[rapid.Bool().Draw(t, "images")], Caption: rapid.IntRange(80, 1000).Draw(t, "caption"),
		}
		if l.Unit == messengers.Segment {
			l.Text, l.SMS = rapid.IntRange(1, 8).Draw(t, "segments"), true
		}
		messengertest.Whole(t, l, messengertest.Recipe(methods.Draw(t, "method"), rapid.IntRange(0, 3).Draw(t, "form")))
	})
}

func TestACutSaysInTheReadersLanguageWhereTheRestStands(t *testing.T) {
	for language, want := range map[string]string{
		"en": "…\n\nThe whole text: https://example.org/a", "fr": "…\n\nLe texte entier: https://example.org/a",
		"de-AT": "…\n\nDer ganze Text: https://example.org/a",
	} {
		reply := pull.Reply{Language: language, Rest: "https://example.org/a", Blocks: []pull.Block{
			paragraph("Beat the eggs. " + strings.Repeat("Fold them in slowly, ", 20)),
		}}
		limits := plain(100)
		limits.Messages = 1
		if got := texts(messengers.Shape(reply, limits)); len(got) != 1 || !strings.HasSuffix(got[0], want) {
			t.Errorf("got %q", got)
		}
	}
}

func TestTheLinkOfACutListIsThatOfTheItemThatIsCut(t *testing.T) {
	var blocks []pull.Block
	for n := range 9 {
		blocks = append(blocks, paragraph(fmt.Sprintf("The headline of the story number %d is this", n)),
			pull.Block{Kind: pull.Link, URL: fmt.Sprintf("https://example.org/%d", n), Tight: true})
	}
	limits := plain(200)
	limits.Messages = 1
	got := texts(messengers.Shape(pull.Reply{Language: "en", Blocks: blocks}, limits))
	if len(got) != 1 || !strings.HasSuffix(got[0], "/1 …\n\nThe whole text: https://example.org/2") {
		t.Errorf("got %q", got)
	}
}

func TestNoAnswerOfAReplyIsCutAwayByAnother(t *testing.T) {
	long := strings.Repeat("Fold them in slowly. ", 40)
	reply := pull.Reply{
		Language: "en",
		Blocks: []pull.Block{
			paragraph("First. " + long), {Kind: pull.Stamp, Text: "As of 10:59"},
			paragraph("Second. " + long), {Kind: pull.Stamp, Text: "As of 09:00"},
			{Kind: pull.Note, Text: "Below."},
		},
		Answers: []pull.Answer{{Keyword: "a", Blocks: 2, Rest: "https://example.org/a"}, {Keyword: "b", Blocks: 2}},
	}
	for messages, want := range map[int]int{2: 2, 3: 3, 4: 4} {
		limits := plain(200)
		limits.Messages = messages
		got := texts(messengers.Shape(reply, limits))
		if len(got) != want {
			t.Fatalf("%d messages: %q", len(got), got)
		}
		whole := strings.Join(got, "\n")
		for _, text := range []string{"First.", "As of 10:59", "https://example.org/a", "Second.", "As of 09:00", "Below."} {
			if !strings.Contains(whole, text) {
				t.Errorf("with %d messages %q is missing in %q", messages, text, got)
			}
		}
	}
}

func TestWhereMarkupCountsItHasRoom(t *testing.T) {
	star := messengers.Markup{Bold: [2]string{"**", "**"}, Link: "[{text}]({url})", Escape: strings.NewReplacer("*", `\*`).Replace}
	for name, tt := range map[string]struct {
		text, url string
		fits      bool
	}{
		"stars":              {strings.Repeat("a *word* of it. ", 80), "https://example.org/a", true},
		"nothing but stars":  {strings.Repeat("*", 700), "https://example.org/a", true},
		"plain words":        {strings.Repeat("a word of it. ", 80), "https://example.org/a", true},
		"an endless address": {"a word", "https://example.org/" + strings.Repeat("x", 600), false},
	} {
		t.Run(name, func(t *testing.T) {
			r := pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Title, Text: "*"}, {Kind: pull.Paragraph, Text: tt.text}, {Kind: pull.Link, Text: "more", URL: tt.url}}}
			free := messengers.Limits{Text: 400, Messages: 9, Markup: star}
			counted := free
			counted.Marked = true
			for _, m := range messengers.Shape(r, counted) {
				if n := len([]rune(m.Text)); tt.fits && n > 400 {
					t.Errorf("a message has %d letters with its markup", n)
				}
			}
			squeeze := func(l messengers.Limits) (all string) {
				for _, m := range messengers.Shape(r, l) {
					all += strings.Join(strings.Fields(m.Text), "")
				}
				return all
			}
			if one, other := squeeze(free), squeeze(counted); one != other {
				t.Errorf("where markup counts, %q is said in place of %q", other, one)
			}
		})
	}
}
