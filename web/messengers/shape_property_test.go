package messengers_test

import (
	"html"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

var bits = rapid.SampledFrom([]string{
	"tiramisu", "a", "Dr.", "end.", "why?", "“quoted”", "it’s", "<b>", "&amp;", "a&b", `"q"`, "…", "–", "€", "{x}", "👩‍👩‍👧‍👦", "🇩🇪",
	"e\u0301", "übermäßig", "今日は晴れです。", "привет", "https://example.org/very/long/path?with=query&more=1", "\n", "\n\n", " ", "\t",
	strings.Repeat("x", 90), "\u00a0", "z\u0301\u0302\u0303\u0304",
})

var prose = rapid.Custom(func(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(bits, 0, 30).Draw(t, "words"), " ")
})

var blocks = rapid.Custom(func(t *rapid.T) pull.Block {
	return pull.Block{
		Kind: rapid.SampledFrom([]pull.BlockKind{
			pull.Title, pull.Paragraph, pull.Bullets, pull.Steps, pull.FactLines, pull.Link, pull.Stamp, pull.Note, "unknown",
		}).Draw(t, "kind"),
		Text:  prose.Draw(t, "text"),
		Lines: rapid.SliceOfN(prose, 0, 3).Draw(t, "lines"),
		Facts: []pull.LabelledFact{{Label: bits.Draw(t, "label"), Value: bits.Draw(t, "value")}},
		URL:   rapid.SampledFrom([]string{"", "https://example.org/\"><x>", "http://a.b/c?d=1&e=2", "javascript:x"}).Draw(t, "url"),
		Tight: rapid.Bool().Draw(t, "tight"),
	}
})

var replies = rapid.Custom(func(t *rapid.T) pull.Reply {
	r := pull.Reply{Language: "en", Blocks: rapid.SliceOfN(blocks, 0, 5).Draw(t, "blocks")}
	if rapid.Bool().Draw(t, "picture") {
		r.Media = []what.Media{{Type: what.Image, URL: "https://example.org/i.jpg", Alt: bits.Draw(t, "alt")}, {Type: what.Sound, URL: "https://example.org/s.mp3"}}
	}
	for range rapid.IntRange(0, 4).Draw(t, "buttons") {
		r.Buttons = append(r.Buttons, pull.Button{Label: bits.Draw(t, "label"), Send: rapid.SampledFrom([]string{"", "k:news"}).Draw(t, "send"), URL: "https://example.org/b"})
	}
	return r
})

var channels = rapid.Custom(func(t *rapid.T) messengers.Limits {
	l := messengers.Limits{
		Unit:       rapid.SampledFrom([]messengers.Unit{messengers.Runes, messengers.UTF16, messengers.Bytes, messengers.Segment}).Draw(t, "unit"),
		Markup:     marks[rapid.Bool().Draw(t, "markup")],
		Text:       rapid.IntRange(12, 300).Draw(t, "limit"),
		Messages:   rapid.IntRange(1, 5).Draw(t, "messages"),
		Buttons:    rapid.IntRange(0, 4).Draw(t, "buttons"),
		LabelRunes: rapid.IntRange(1, 20).Draw(t, "runes"),
		Media:      carried[rapid.Bool().Draw(t, "images")],
		Caption:    rapid.IntRange(0, 50).Draw(t, "caption"),

		LinksInText: rapid.Bool().Draw(t, "links in text"),
	}
	if l.Unit == messengers.Segment {
		l.Text = rapid.IntRange(1, 4).Draw(t, "segments")
		l.SMS = rapid.Bool().Draw(t, "sms")
	}
	return l
})

func TestShapeKeepsItsPromisesForAnyReplyAndChannel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, l := replies.Draw(t, "reply"), channels.Draw(t, "channel")
		checkShape(t, r, l)
	})
}

func TestNothingOfAReplyIsLostInSilence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := channels.Draw(t, "channel")
		if l.Unit != messengers.Segment {
			// A message has room for what closes it, and for a link.
			l.Text = rapid.IntRange(160, 4096).Draw(t, "room")
		}
		draw := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)) //nolint:gosec // a test repeats itself
		for range 5 {
			messengertest.Lossless(t, messengertest.RandomReply(draw), l)
		}
	})
}

func FuzzShape(f *testing.F) {
	f.Add("Tiramisu. <b>", "It’s 3. Oktober…\n\nMore", "https://example.org/a", uint8(0), uint8(20))
	f.Add("👩‍👩‍👧‍👦", "\xff\xfe\x00", "javascript:x", uint8(3), uint8(1))
	f.Fuzz(func(t *testing.T, title, text, url string, unit, limit uint8) {
		units := []messengers.Unit{messengers.Runes, messengers.UTF16, messengers.Bytes, messengers.Segment}
		l := messengers.Limits{Text: 12 + int(limit), Unit: units[unit%4], Markup: messengers.HTML, Buttons: 1, LabelRunes: 8, Messages: 3}
		if l.Unit == messengers.Segment {
			l.Text = 1 + int(limit%4)
		}
		checkShape(t, pull.Reply{
			Blocks:  []pull.Block{{Kind: pull.Title, Text: title}, {Kind: pull.Paragraph, Text: text}, {Kind: pull.Link, Text: title, URL: url}},
			Buttons: []pull.Button{{Label: title, Send: "k:x"}},
		}, l)
	})
}

// marks and carried are what a channel may have or not, pictures what all that
// show any can.
var (
	marks    = map[bool]messengers.Markup{true: messengers.HTML}
	pictures = map[what.MediaType]int64{what.Image: 0}
	carried  = map[bool]map[what.MediaType]int64{true: pictures}
)

// marked tells whether the channel's text is set in HTML; an SMS never is.
func marked(l messengers.Limits) bool {
	return l.Markup.Name == messengers.HTML.Name && !l.SMS && l.Unit != messengers.Segment
}

// failer is what the checks need of a test.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func checkShape(t failer, r pull.Reply, l messengers.Limits) {
	t.Helper()
	got := messengers.Shape(r, l)
	if len(got) > l.Messages {
		t.Fatalf("%d messages, at most %d are allowed", len(got), l.Messages)
	}
	var seen []string
	for i, m := range got {
		text := m.Text
		if marked(l) {
			text = untagged(t, m.Text)
		}
		seen = append(seen, text)
		checkMessage(t, m, text, l)
		if len(m.Buttons) > 0 && i != len(got)-1 {
			t.Fatalf("message %d of %d has buttons", i+1, len(got))
		}
	}
	checkOrder(t, r, l, strings.Join(seen, "\n"))
}

func checkMessage(t failer, m messengers.Message, text string, l messengers.Limits) {
	t.Helper()
	if strings.TrimSpace(m.Text) == "" && len(m.Media) == 0 {
		t.Fatalf("an empty message")
	}
	if !utf8.ValidString(m.Text) {
		t.Fatalf("%q is not UTF-8", m.Text)
	}
	limit := l.Text
	if len(m.Media) > 0 {
		limit = min(limit, l.Caption)
	}
	if n := sizeOf(l.Unit, text); n > limit {
		t.Fatalf("%q has %d %s, allowed are %d", text, n, l.Unit, limit)
	}
	if len(m.Buttons) > l.Buttons {
		t.Fatalf("%d buttons, allowed are %d", len(m.Buttons), l.Buttons)
	}
	for _, b := range m.Buttons {
		if n := utf8.RuneCountInString(b.Label); n > l.LabelRunes || n == 0 {
			t.Fatalf("label %q has %d runes, allowed are 1 to %d", b.Label, n, l.LabelRunes)
		}
	}
}

func sizeOf(u messengers.Unit, s string) int {
	switch u {
	case messengers.Bytes:
		return len(s)
	case messengers.UTF16:
		return len(utf16.Encode([]rune(s)))
	case messengers.Segment:
		n, _ := messengers.Segments(s)
		return n
	}
	return utf8.RuneCountInString(s)
}

// checkOrder compares with a channel without limits: what is shown is a prefix
// of all there is, and all of it unless an ellipsis tells of a cut.
func checkOrder(t failer, r pull.Reply, l messengers.Limits, seen string) {
	t.Helper()
	if l.Carries(what.Media{Type: what.Image}) || l.Unit == messengers.Segment {
		return
	}
	for _, b := range r.Blocks {
		if strings.Contains(b.Text, "…") {
			return
		}
	}
	if _, left := messengers.Shaped(r, l); slices.ContainsFunc(left, func(text string) bool { return strings.HasPrefix(text, "http") && sizeOf(l.Unit, text) > l.Text }) {
		return // an address that no message has room for
	}
	roomy := l
	roomy.Text, roomy.Messages = 1<<20, 1
	var all string
	for _, m := range messengers.Shape(r, roomy) {
		all = m.Text
		if marked(l) {
			all = untagged(t, m.Text)
		}
	}
	all, seen = squeezed(all), squeezed(seen)
	head, _, cut := strings.Cut(seen, "…")
	if !cut && seen != all && len(seen) > 0 {
		t.Fatalf("without a cut\n%q was shown as\n%q", all, seen)
	}
	if cut && !strings.HasPrefix(all, head) {
		t.Fatalf("%q\ndoes not begin with\n%q", all, head)
	}
}

func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

var (
	tag    = regexp.MustCompile(`<(/?)(b|i|a)( href="[^"<>]*")?>`)
	entity = regexp.MustCompile(`&(amp|lt|gt|quot);`)
)

// untagged returns the text that Telegram would show, and fails where markup
// is open, nested, or unknown.
func untagged(t failer, s string) string {
	t.Helper()
	open := ""
	text := tag.ReplaceAllStringFunc(s, func(found string) string {
		name := tag.FindStringSubmatch(found)
		switch {
		case name[1] == "" && open == "":
			open = name[2]
		case name[1] == "/" && open == name[2]:
			open = ""
		default:
			t.Fatalf("tag %s does not belong here: %q", found, s)
		}
		return ""
	})
	if open != "" {
		t.Fatalf("<%s> is left open: %q", open, s)
	}
	if strings.ContainsAny(text, "<>") || strings.Contains(entity.ReplaceAllString(text, ""), "&") {
		t.Fatalf("unescaped: %q", s)
	}
	return html.UnescapeString(text)
}
