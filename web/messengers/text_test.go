package messengers_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/web/messengers"
)

func TestWhatIsTypedReadsTheSameOnEveryChannel(t *testing.T) {
	for typed, want := range map[string]string{
		"news":                         "news",
		"  news\n":                     "news",
		"ne\x00ws":                     "news",
		"\x00 \x01":                    "",
		"news\x1b[31m":                 "news[31m",
		"first\r\nsecond\rthird":       "first\nsecond\nthird",
		"first\u2028second\u0085third": "first\nsecond\nthird",
		"a\tb":                         "a\tb",
		"half \xe2\x82 of a sign":      "half \uFFFD of a sign",
		"ی\u200cخ":                     "ی\u200cخ",
		"👨‍👩‍👧 Grüße":                  "👨‍👩‍👧 Grüße",
	} {
		if got := messengers.Clean(typed); got != want {
			t.Errorf("Clean(%q) = %q, want %q", typed, got, want)
		} else if again := messengers.Clean(got); again != got {
			t.Errorf("Clean(%q) = %q the second time", got, again)
		}
	}
	if long := messengers.Clean(strings.Repeat("語", 10_000)); len(long) > 20_000 || !utf8.ValidString(long) {
		t.Errorf("%d bytes of a huge text are left, valid %v", len(long), utf8.ValidString(long))
	}
}

func TestATextIsCutInWhatThePlatformCounts(t *testing.T) {
	for _, c := range []struct {
		unit messengers.Unit
		text string
		most int
		want string
	}{
		{messengers.Runes, "whole", 5, "whole"},
		{messengers.Runes, "grüße all", 5, "grüße"},
		{messengers.Runes, "two words", 4, "two"},
		{messengers.UTF16, "a👍b", 2, "a"},
		{messengers.UTF16, "a👍b", 3, "a👍"},
		{messengers.Bytes, "語語", 5, "語"},
		{messengers.Bytes, "語", 2, ""},
	} {
		got := c.unit.Cut(c.text, c.most)
		if got != c.want || c.unit.Count(got) > c.most {
			t.Errorf("%d %s of %q are %q, want %q", c.most, c.unit, c.text, got, c.want)
		}
	}
	if got := messengers.UTF16.Join("text", "more", 10); got != "text\n\nmore" {
		t.Errorf("with room: %q", got)
	}
	if got := messengers.UTF16.Join("text", "more", 9); got != "text" {
		t.Errorf("without room: %q", got)
	}
}

func TestMarkedTextIsDividedOutsideOfItsMarks(t *testing.T) {
	inside := false
	held := func(r rune) bool {
		inside = r == '<' || inside && r != '>'
		return inside
	}
	if at := messengers.BreakMarked("see <a long link> there", 12, held); at != len("see") {
		t.Errorf("divided at %d", at)
	}
}

func TestAButtonOpensWhatThePlatformTakes(t *testing.T) {
	opens := messengers.Opens(30)
	for address, want := range map[string]bool{
		"https://example.org/a": true, "http://example.org": true,
		"https://localhost/a": false, "ftp://example.org": false, "mailto:a@example.org": false,
		"https://example.org/longer-than-thirty": false, "": false,
	} {
		if opens(address) != want {
			t.Errorf("%q opens: %v", address, !want)
		}
	}
}

func TestABodyHoldsTheSignsOfHTMLAsTheyStand(t *testing.T) {
	if got := string(messengers.JSON(map[string]string{"text": "a < b & c"})); got != `{"text":"a < b & c"}` {
		t.Error(got)
	}
}

func TestAFileIsWhatItsTypeSays(t *testing.T) {
	for mime, want := range map[string]what.MediaType{
		"image/png": what.Image, "audio/ogg": what.Sound, "video/mp4": what.Video, "application/pdf": what.Document, "": what.Document,
		"text/vcard": what.Contact, "text/x-vCard; charset=utf-8": what.Contact, "text/directory": what.Contact, "text/plain": what.Document,
	} {
		if got := messengers.MediaOf(mime); got != want {
			t.Errorf("%q is %q", mime, got)
		}
	}
}

func TestANameIsFoundWhereItIsAWord(t *testing.T) {
	for text, want := range map[string]string{
		"@NewsBot goals": "| goals", "goals, @newsbot!": "goals, |!", "me@newsbot.org": "", "@newsbots": "", "é@newsbot": "", "@newsbot2 or @NEWSBOT": "@newsbot2 or |",
	} {
		got := ""
		for before, after := range messengers.Named(text, "@NewsBot") {
			got = before + "|" + after
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestMarkedTextIsReadWithoutItsMarks(t *testing.T) {
	const text = `<b>1 &lt; 2</b> <a href="https://example.org/?a=1&amp;b=2">here</a>, <a href="https://example.org">https://example.org</a>`
	for _, tt := range []struct{ before, want string }{
		{" (", "1 < 2 here (https://example.org/?a=1&b=2), https://example.org"},
		{"", "1 < 2 here, https://example.org"},
	} {
		if got := messengers.Unmarked(text, tt.before, ")"); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
