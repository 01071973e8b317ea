package messengertest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// randomReplies is how many replies the suite shapes for a kind.
const randomReplies = 400

// shapes has replies of all sorts shaped within the kind's limits.
func (c Case) shapes(t T, logs *record) {
	l := c.open(t, nowhere, nil, logs).Limits()
	draw := rand.New(rand.NewPCG(11, uint64(len(c.Kind.Name)))) //nolint:gosec // a test repeats itself
	n := randomReplies
	if c.wrap != nil || c.wrapApp != nil {
		// The suite's own tests, which are many, lie about other things.
		n = 1
	}
	for range n {
		Lossless(t, RandomReply(draw), l)
	}
}

// RandomReply returns a reply of any length in many scripts, with whatever a reply
// may hold.
func RandomReply(draw *rand.Rand) pull.Reply {
	r := pull.Reply{Language: "en"}
	for range draw.IntN(6) {
		r.Blocks = append(r.Blocks, randomBlock(draw))
	}
	if draw.IntN(2) == 0 {
		// The last word of what is dated stands nowhere else, whereby it is found.
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Paragraph, Text: prose(draw, 12) + " dated"},
			pull.Block{Kind: pull.Stamp, Text: fmt.Sprintf("as of %02d:%02d", draw.IntN(24), draw.IntN(60)), Tight: draw.IntN(2) == 0})
	}
	types := []what.MediaType{what.Image, what.Sound, what.Video, what.Document}
	for n := range draw.IntN(3) {
		r.Media = append(r.Media, what.Media{
			Type: types[draw.IntN(len(types))], URL: fmt.Sprintf("https://cdn.example.org/%d", n), Alt: prose(draw, 3), Bytes: int64(draw.IntN(200 << 20)),
		})
	}
	for n := range draw.IntN(14) {
		b := pull.Button{Label: fmt.Sprintf("%d %s", n, prose(draw, 4)), Send: fmt.Sprintf("k:word-%d", n)}
		switch draw.IntN(8) {
		case 0:
			b.Send, b.URL = "", fmt.Sprintf("https://example.org/b%d", n)
		case 1:
			b.Send = fmt.Sprintf("o:%d:token", n+1)
		}
		r.Buttons = append(r.Buttons, b)
	}
	return r
}

func randomBlock(draw *rand.Rand) pull.Block {
	kinds := []pull.BlockKind{pull.Title, pull.Paragraph, pull.Paragraph, pull.Bullets, pull.Steps, pull.FactLines, pull.Link, pull.Note}
	b := pull.Block{Kind: kinds[draw.IntN(len(kinds))], Tight: draw.IntN(3) == 0}
	length := []int{3, 30, 300, 1500}[draw.IntN(4)]
	switch b.Kind {
	case pull.Title:
		b.Text = prose(draw, 8)
	case pull.Bullets, pull.Steps:
		for range draw.IntN(8) {
			b.Lines = append(b.Lines, prose(draw, 20))
		}
	case pull.FactLines:
		for n := range draw.IntN(5) {
			b.Facts = append(b.Facts, pull.LabelledFact{Label: fmt.Sprintf("Fact %d", n), Value: prose(draw, 3)})
		}
	case pull.Link:
		b.Text, b.URL = prose(draw, 4), "https://example.org/"+strings.Repeat("path/", draw.IntN(12))+"?q="+fmt.Sprint(draw.IntN(1e6))
	default:
		b.Text = prose(draw, length)
	}
	return b
}

// fragments returns what texts are made of.
func fragments() []string {
	return []string{
		"tiramisu", "Stir", "the", "a", "cream.", "Really?", "Dr.", "3.5", "“quoted”", "it’s", "<b>", "</a>", "&amp;", "&", "*bold*", "_under_", "~x~", "`code`",
		"[a](b)", "|", "\\", "#1", "@all", "<!channel>", "{x}", "€", "–", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "👍🏽", "n\u0308on\u0308", "übermäßig", "今日は晴れです。", "明日は雨。", "привет",
		"שלום", "مرحبا", "สวัสดีครับ", "नमस्ते", "한국어", strings.Repeat("x", 90), "https://example.org/a?b=1&c=2", "\n", "\n\n", "\u00a0", "q\u0301\u0302\u0303",
	}
}

func prose(draw *rand.Rand, most int) string {
	all := fragments()
	words := make([]string, draw.IntN(most)+1)
	for i := range words {
		words[i] = all[draw.IntN(len(all))]
	}
	return strings.Join(words, " ")
}

// Lossless fails where a reply is not shaped as it must be: each message within
// the limits, every word told in order or among what was left out, no grapheme
// and no link divided that has room, no stamp without the text that it dates, and
// the markup around the very text that a channel without any would show.
func Lossless(t failer, r pull.Reply, l messengers.Limits) {
	t.Helper()
	l = l.Roomy(r)
	marked, left := messengers.Shaped(r, l)
	plain := messengers.Shape(r, l.Unmarked())
	if len(plain) != len(marked) {
		t.Fatalf("%d messages with markup and %d without: %+v", len(marked), len(plain), marked)
	}
	s := shown{t: t, reply: r, limits: l, omitted: letters(strings.Join(left, ""))}
	for i, m := range plain {
		s.texts = append(s.texts, m.Text)
		s.fits(i, m, len(plain))
	}
	s.told()
	s.whole()
	s.dated()
	s.probed()
}

// shown is a reply as a reader sees it.
type shown struct {
	t       failer
	reply   pull.Reply
	limits  messengers.Limits
	texts   []string
	omitted string
}

// fits: a message is within the limits, and not empty.
func (s shown) fits(i int, m messengers.Message, of int) {
	l := s.limits
	most := l.Text
	if len(m.Media) > 0 && m.Media[0].Type == what.Image && m.Text != "" {
		most = min(most, l.Caption)
	}
	if n := size(l.Unit, m.Text); n > most {
		s.t.Fatalf("message %d has %d %s, at most %d may be: %q", i, n, l.Unit, most, m.Text)
	}
	if strings.TrimSpace(m.Text) == "" && len(m.Media) == 0 {
		s.t.Fatalf("message %d is empty", i)
	}
	if len(m.Buttons) > l.Buttons || len(m.Rows) > l.Rows || len(m.Buttons)+len(m.Rows) > 0 && i < of-1 {
		s.t.Fatalf("message %d of %d has %d buttons and %d rows", i, of, len(m.Buttons), len(m.Rows))
	}
	for _, b := range m.Buttons {
		if utf8.RuneCountInString(b.Label) > l.LabelRunes {
			s.t.Fatalf("the label %q is longer than %d", b.Label, l.LabelRunes)
		}
	}
	for _, row := range m.Rows {
		if utf8.RuneCountInString(row.Label) > l.RowRunes || utf8.RuneCountInString(row.Detail) > l.DetailRunes {
			s.t.Fatalf("the row %+v is longer than %d and %d", row, l.RowRunes, l.DetailRunes)
		}
	}
}

// told: each text of the reply is told, left out, or told up to where the rest
// is left out.
func (s shown) told() {
	all := letters(strings.Join(s.texts, ""))
	for _, text := range textsOf(s.reply, s.limits) {
		text = letters(text)
		if strings.Contains(all, text) || strings.Contains(s.omitted, text) {
			continue
		}
		divided := false
		for at := range text {
			if divided = strings.HasPrefix(s.omitted, text[at:]) && strings.Contains(all, text[:at]); divided {
				break
			}
		}
		if !divided {
			s.t.Fatalf("%q is neither told nor left out:\n%q\nleft out: %q", text, s.texts, s.omitted)
		}
	}
}

// textsOf returns the texts of a reply that a channel of these limits tells.
func textsOf(r pull.Reply, l messengers.Limits) []string {
	var all []string
	for _, b := range r.Blocks {
		all = append(all, b.Lines...)
		for _, f := range b.Facts {
			if strings.TrimSpace(f.Value) != "" {
				all = append(all, f.Label+f.Value)
			}
		}
		if b.Kind != pull.Link {
			all = append(all, b.Text)
			continue
		}
		if l.Markup.Link != "" && !l.SMS && l.Unit != messengers.Segment && strings.TrimSpace(b.Text) != "" {
			all = append(all, b.Text)
		} else {
			all = append(all, b.URL)
		}
	}
	return all
}

// letters returns the letters and digits of a text: white space, where messages may
// break, and signs, which an SMS writes otherwise, left aside.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

// whole: neither a grapheme nor an address is divided that fits into a message.
func (s shown) whole() {
	const near = 24
	for i := 1; i < len(s.texts); i++ {
		before, after := s.texts[i-1], s.texts[i]
		end, begin := before[max(0, len(before)-near):], after[:min(near, len(after))]
		for _, text := range textsOf(s.reply, s.limits) {
			at := strings.Index(text, end+begin)
			if at < 0 || end == "" || begin == "" {
				continue
			}
			border, position, state := at+len(end), 0, -1
			for position < border {
				cluster, _, _, next := uniseg.FirstGraphemeClusterInString(text[position:], state)
				position, state = position+len(cluster), next
			}
			if position != border && size(s.limits.Unit, text[border-1:position]) < s.limits.Text/2 {
				s.t.Fatalf("a grapheme is divided: %q and %q", end, begin)
			}
		}
	}
	joined := strings.Join(s.texts, "")
	for _, b := range s.reply.Blocks {
		in := func(text string) bool { return strings.Contains(text, b.URL) }
		if b.URL != "" && strings.Contains(joined, b.URL) && !slices.ContainsFunc(s.texts, in) && size(s.limits.Unit, b.URL) <= s.limits.Text {
			s.t.Fatalf("the link %s is divided: %q", b.URL, s.texts)
		}
	}
}

// dated: where the stamp is told, text stands before it in the same message.
func (s shown) dated() {
	at := slices.IndexFunc(s.reply.Blocks, func(b pull.Block) bool { return b.Kind == pull.Stamp })
	if at < 1 || letters(s.reply.Blocks[at-1].Text) == "" {
		return
	}
	stamp := s.reply.Blocks[at].Text
	words := strings.Fields(s.reply.Blocks[at-1].Text)
	for i, text := range s.texts {
		before, _, found := strings.Cut(text, stamp)
		if !found || strings.TrimSpace(before) != "" || i == 0 {
			continue
		}
		// From the last word of what is dated, where all of that fits.
		last := s.texts[i-1]
		if from := strings.LastIndex(last, words[len(words)-1]); from >= 0 && size(s.limits.Unit, last[from:]+"\n\n"+stamp) <= s.limits.Text {
			s.t.Fatalf("the stamp %q is without what it dates: %q", stamp, s.texts)
		}
	}
}

// probed: in a markup of signs that no text has, every text is escaped once, and
// nothing is left open.
func (s shown) probed() {
	const bold, italic, link, end, mark = '\ue000', '\ue001', '\ue002', '\ue003', '\ue004'
	if s.limits.SMS || s.limits.Unit == messengers.Segment {
		return
	}
	l := s.limits
	if l.Markup = (messengers.Markup{
		Bold: [2]string{string(bold), string(end)}, Italic: [2]string{string(italic), string(end)}, Bullet: l.Markup.Bullet,
		Escape: func(text string) string { return strings.ReplaceAll(text, "e", "e"+string(mark)) },
	}); s.limits.Markup.Link != "" {
		l.Markup.Link = string(link) + "{text}" + string(end)
	}
	for i, m := range messengers.Shape(s.reply, l) {
		open := false
		for _, r := range m.Text {
			switch r {
			case bold, italic, link:
				if open {
					s.t.Fatalf("markup in markup: %q", m.Text)
				}
				open = true
			case end:
				if !open {
					s.t.Fatalf("markup ends that did not begin: %q", m.Text)
				}
				open = false
			}
		}
		if open {
			s.t.Fatalf("markup is left open: %q", m.Text)
		}
		if n := strings.Count(m.Text, "e"); n != strings.Count(m.Text, "e"+string(mark)) || n != strings.Count(m.Text, string(mark)) {
			s.t.Fatalf("not all text is escaped, and once: %q", m.Text)
		}
		seen := strings.Map(func(r rune) rune {
			if r >= bold && r <= mark {
				return -1
			}
			return r
		}, m.Text)
		if i >= len(s.texts) || seen != s.texts[i] {
			s.t.Fatalf("with markup it says %q, without %q", seen, s.texts[min(i, len(s.texts)-1)])
		}
	}
}
