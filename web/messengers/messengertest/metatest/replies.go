package metatest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
)

// pieces are what texts are made of: words of several scripts, signs that some
// platforms take for markup, addresses.
var pieces = []string{
	"Stir the cream", "until it is firm.", "*bold*", "_slant_", "~gone~", "`code`", "😀", "👩‍👩‍👧‍👦", "привет", "今日は", "مرحبا", "für 5 €", "<b>&amp;</b>",
	"https://example.org/a_b?c=1*2", "\n", "1.", "- ", "snake_case", "Q&A",
}

// Replies are many of any shape: long and short, with and without buttons, rows,
// links and media.
func Replies(seed uint64, n int) []pull.Reply {
	r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a test repeats itself
	text := func(most int) string {
		var all []string
		for range 1 + r.IntN(most) {
			all = append(all, pieces[r.IntN(len(pieces))])
		}
		return strings.Join(all, " ")
	}
	var out []pull.Reply
	for range n {
		var reply pull.Reply
		for range r.IntN(12) {
			kind := []pull.BlockKind{pull.Title, pull.Paragraph, pull.Paragraph, pull.Bullets, pull.Steps, pull.Note, pull.Stamp, pull.Link}[r.IntN(8)]
			b := pull.Block{Kind: kind, Text: text(1 + 80*r.IntN(2)), Lines: []string{text(5), text(5)}}
			if kind == pull.Link {
				b.Text, b.URL = text(3), "https://example.org/"+fmt.Sprint(r.IntN(100))+"?a=_b_&c=*d*"
			}
			reply.Blocks = append(reply.Blocks, b)
		}
		for i := range []int{0, 0, 1, 2, 3, 4, 10, 11, 14}[r.IntN(9)] {
			button := pull.Button{Label: text(6), Send: fmt.Sprintf("o:%d:%s", i+1, strings.Repeat("x", r.IntN(50)))}
			if r.IntN(6) == 0 {
				button.Send, button.URL = "", "https://example.org/button"
			}
			reply.Buttons = append(reply.Buttons, button)
		}
		for _, t := range []what.MediaType{what.Image, what.Sound, what.Video, what.Document} {
			if r.IntN(4) == 0 {
				reply.Media = append(reply.Media, what.Media{Type: t, URL: "https://example.org/" + string(t) + ".bin", Alt: text(4), Bytes: 1 << r.IntN(32)})
			}
		}
		out = append(out, reply)
	}
	return out
}
