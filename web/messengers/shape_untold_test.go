package messengers_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/web/messengers"
)

// tellAll returns the texts of a reply and of all that is told of it afterwards.
func tellAll(t interface{ Fatal(args ...any) }, r pull.Reply, l messengers.Limits) (rounds []string) {
	for {
		text := ""
		for _, m := range messengers.Shape(r, l) {
			text += m.Text + "\n"
		}
		rounds = append(rounds, strings.TrimSpace(text))
		rest, cut := l.Cut(r)
		if !cut {
			return rounds
		}
		if r = rest; len(rounds) > 2000 {
			t.Fatal("it never ends")
		}
	}
}

func TestWhatIsCutIsToldNext(t *testing.T) {
	steps := pull.Block{Kind: pull.Steps, Lines: []string{"Whip the cream.", "Dip the biscuits.", "Layer them.", "Chill for six hours."}}
	link, stamp := pull.Block{Kind: pull.Link, URL: "https://a.example/t"}, pull.Block{Kind: pull.Stamp, Text: "as of 14:02"}
	small := messengers.Limits{Text: 60, Messages: 1}
	for name, c := range map[string]struct {
		reply pull.Reply
		limit messengers.Limits
		want  []string
	}{
		"what has room is told at once": {
			pull.Reply{Blocks: []pull.Block{{Kind: pull.Title, Text: "Tiramisu"}}}, small, []string{"Tiramisu"},
		},
		"steps keep their numbers, and the link and the age close each part": {
			pull.Reply{Blocks: []pull.Block{{Kind: pull.Title, Text: "Tiramisu"}, steps, link, stamp}}, messengers.Limits{Text: 105, Messages: 1},
			[]string{
				"Tiramisu\n\n1. Whip the cream.\n2. Dip the biscuits. …\n\nThe whole text: https://a.example/t\n\nas of 14:02",
				"3. Layer them.\n4. Chill for six hours.\n\nhttps://a.example/t\n\nas of 14:02",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := tellAll(t, c.reply, c.limit)
			if strings.Join(got, "\n--\n") != strings.Join(c.want, "\n--\n") {
				t.Errorf("%s", strings.Join(got, "\n--\n"))
			}
		})
	}
}

// Nothing of a text is lost or told twice, whatever a channel has room for.
func TestNothingIsLostOfWhatIsCut(t *testing.T) {
	t.Parallel()
	letters := func(text string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || r == '…' {
				return -1
			}
			return r
		}, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		r := pull.Reply{Language: "en"}
		for range rapid.IntRange(1, 4).Draw(t, "blocks") {
			r.Blocks = append(r.Blocks, pull.Block{
				Kind: rapid.SampledFrom([]pull.BlockKind{pull.Title, pull.Paragraph, pull.Bullets}).Draw(t, "kind"),
				Text: prose.Draw(t, "text"), Lines: rapid.SliceOfN(prose, 0, 3).Draw(t, "lines"),
			})
		}
		l := channels.Draw(t, "channel")
		l.Text, l.Markup, l.Unit = rapid.IntRange(60, 300).Draw(t, "room"), messengers.Markup{}, messengers.Runes
		wide := l
		wide.Text, wide.Messages = 1<<20, 4
		want := letters(tellAll(t, r, wide)[0])
		if got := letters(strings.Join(tellAll(t, r, l), "\n")); got != want {
			t.Fatalf("%s\nis told as\n%s", want, got)
		}
	})
}
