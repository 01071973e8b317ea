package sources_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/sourcetest"
)

func TestPlain(t *testing.T) {
	cases := map[string]struct{ html, want string }{
		"plain text passes":                   {"Tiramisu, for 4", "Tiramisu, for 4"},
		"entities are decoded":                {"Tom &amp; J&eacute;r&#244;me &lt;3", "Tom & Jérôme <3"},
		"what was escaped twice too":          {"&amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt; &amp;amp; more", "bold & more"},
		"paragraphs are parted":               {"<p>one</p><p>two</p>", "one\n\ntwo"},
		"breaks are kept":                     {"one<br>two<br/>three", "one\ntwo\nthree"},
		"an ampersand is no markup":           {"Tom & J.\n\nTwo\nthree &amp; four", "Tom & J.\n\nTwo\nthree & four"},
		"line feeds of the source are spaces": {"<p>one\n  two</p>", "one two"},
		"lists get bullets":                   {"<ul><li>a</li><li><p>b</p></li></ul>c", "• a\n\n• b\n\nc"},
		"cells are parted":                    {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		"words of inline elements stay whole": {"<b>T</b>iramisu", "Tiramisu"},
		"scripts and styles are dropped":      {"a<script>alert('<p>')</script>b<style>p{}</style>c", "a b c"},
		"what scripts would hide is dropped":  {"a<noscript><img src=x></noscript><iframe>x</iframe><svg><text>y</text></svg>b", "a b"},
		"a script without end is dropped":     {"a<script>b", "a"},
		"comments are dropped":                {"a<!-- <b>x</b> -->b", "ab"},
		"less than stays":                     {"a < b and 1<2", "a < b and 1<2"},
		"marks that turn text are dropped":    {"a\u202Eb\u2066c\u200Bd", "abcd"},
		"joiners stay":                        {"👨‍👩‍👧", "👨‍👩‍👧"},
		"control characters are dropped":      {"a\x00\x07b\tc", "ab c"},
		"broken UTF-8 is marked":              {"a\xffb", "a\uFFFDb"},
		"letters are composed":                {"e\u0301", "é"},
		"spaces that do not break are spaces": {"10&nbsp;000", "10 000"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := sources.Plain(c.html); got != c.want {
				t.Errorf("got %q; want %q", got, c.want)
			}
		})
	}
}

func TestSafeLink(t *testing.T) {
	const base = "https://example.org/news/feed.xml"
	cases := map[string]string{
		"https://a.example/x?y=z#f":      "https://a.example/x?y=z#f",
		" /tarte ":                       "https://example.org/tarte",
		"tarte":                          "https://example.org/news/tarte",
		"//cdn.example/i.png":            "https://cdn.example/i.png",
		"HTTP://A.example":               "http://A.example",
		"http://user:pass@a.example/":    "http://a.example/",
		"javascript:alert(1)":            "",
		"JaVaScRiPt:alert(1)":            "",
		"java\nscript:alert(1)":          "",
		"data:text/html,x":               "",
		"file:///etc/passwd":             "",
		"mailto:a@b.example":             "",
		"http:///x":                      "",
		"":                               "",
		"https://a.example/\u202Egnp.js": "https://a.example/%E2%80%AEgnp.js",
		"https://a.example/ä ö":          "https://a.example/%C3%A4%20%C3%B6",
		strings.Repeat("a", 3000):        "",
	}
	for href, want := range cases {
		if got := sources.SafeLink(base, href); got != want {
			t.Errorf("%.40q gives %q; want %q", href, got, want)
		}
	}
	if got := sources.SafeLink("", "/x"); got != "" {
		t.Errorf("a relative link without a base gives %q", got)
	}
}

func TestShorten(t *testing.T) {
	cases := map[string]struct {
		text string
		max  int
		want string
	}{
		"short text stays":             {"One. Two.", 9, "One. Two."},
		"the end of a sentence":        {"First one here. Second one there.", 22, "First one here. …"},
		"no sentence in the last half": {"Hm. Then a very long sentence follows", 20, "Hm. Then a very…"},
		"one long word":                {strings.Repeat("a", 20), 10, strings.Repeat("a", 9) + "…"},
		"sentences without spaces":     {"今日は。明日は雨が降る。また来週", 13, "今日は。明日は雨が降る。…"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := sources.Shorten(c.text, c.max); got != c.want {
				t.Errorf("got %q; want %q", got, c.want)
			}
		})
	}
}

func TestShortenKeepsToItsLimitAndMarksWhatItCuts(t *testing.T) {
	part := rapid.SampledFrom([]string{"word", ". ", "! ", "。", "…", " ", "\n", "é", "3.5", "a", "?"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(part, 0, 60).Draw(t, "parts"), "")
		limit := rapid.IntRange(1, 50).Draw(t, "limit")
		got := sources.Shorten(text, limit)
		if utf8.RuneCountInString(got) > limit {
			t.Fatalf("%q has more than %d letters", got, limit)
		}
		if got == text {
			return
		}
		head, marked := strings.CutSuffix(got, "…")
		if !marked || !strings.HasPrefix(text, strings.TrimSuffix(head, " ")) {
			t.Fatalf("%q was cut to %q", text, got)
		}
	})
}

func TestSearch(t *testing.T) {
	cases := []struct {
		argument, text string
		want           bool
	}{
		{"", "anything", true}, {"cafe", "Café crème", true}, {"crèm caf", "Café crème", true}, {"reme", "Café crème", false},
		{"经济", "中国经济新闻", true}, {"wetter berlin", "Das Wetter in Berlin", true}, {"wetter paris", "Das Wetter in Berlin", false},
	}
	for _, c := range cases {
		if got := sources.NewSearch(c.argument).Finds(c.text); got != c.want {
			t.Errorf("%q in %q gives %v", c.argument, c.text, got)
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{"<p>a", "&amp;lt;script&amp;gt;", "<scr<script>ipt>", "<svg/><x", "<!--><b>", "&#0;&#x202e;", "<<b>>", "&lt;&lt;a&gt;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := sources.Plain(s)
		link := sources.SafeLink("https://example.org/", s)
		sourcetest.Inspect(t, []what.Item{{ID: "1", Title: got, Link: link}})
		if strings.Contains(got, "\n\n\n") || got != strings.TrimSpace(got) {
			t.Errorf("%q is not tidy", got)
		}
	})
}

func BenchmarkPlain(b *testing.B) {
	s := "<p>" + strings.Repeat("A <b>sentence</b> of some words &amp; an entity. ", 20) + "</p><ul><li>x</li></ul>"
	b.ReportAllocs()
	for b.Loop() {
		sources.Plain(s)
	}
}
