package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

func TestALongAnswerComesInPartsInOrder(t *testing.T) {
	var words strings.Builder
	for i := 0; words.Len() < 5000; i++ {
		fmt.Fprintf(&words, "w%04d 😀 & <b>. ", i)
	}
	text := strings.TrimSpace(words.String())
	api := newBotAPI(t)
	s := serveConfig(t, sourceBlock("long", "text", "", fmt.Sprintf("answers = [{ text = %q }]", text)),
		keywordBlock("long", "long"), telegramBlock(api.URL))
	chat := newChat()
	s.tell(chat, "long")
	eventually(t, "two parts at least", func() bool { return len(api.sent(chat)) >= 2 })
	s.settled()
	parts := api.sent(chat)
	for i, p := range parts {
		if n := len(utf16.Encode([]rune(unescaped(p)))); n > 4096 {
			t.Errorf("part %d has %d UTF-16 units", i, n)
		}
	}
	numbers := regexp.MustCompile(`w\d{4}`)
	got, want := numbers.FindAllString(strings.Join(parts, " "), -1), numbers.FindAllString(text, -1)
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the words came out of order or incomplete: %d of %d", len(got), len(want))
	}
}

// unescaped undoes Telegram's HTML as its server does before it counts.
func unescaped(html string) string {
	plain := regexp.MustCompile(`</?[a-z][^>]*>`).ReplaceAllString(html, "")
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(plain)
}

func TestNothingOfAFeedRunsAnywhere(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	at := time.Now()
	for _, tt := range []struct {
		name, item string
		want       []string
		not        []string
	}{
		{"a script in the title", rssItem("&lt;script&gt;alert(1)&lt;/script&gt; Tom &amp;amp; Jerry", "https://news.example/1", at),
			[]string{"Tom &amp; Jerry", "https://news.example/1"}, []string{"<script", "alert(1)</script>"}},
		{"signs that are no tags", rssItem("5 &amp;lt; 6 &amp;amp; 7 &amp;gt; 3", "https://news.example/1", at),
			[]string{"5 &lt; 6 &amp; 7 &gt; 3"}, []string{"5 <"}},
		{"a link that is a script", rssItem("Headline", "javascript:alert(1)", at),
			[]string{"Headline"}, []string{"javascript:"}},
		{"a link that is a script in disguise", rssItem("Headline", " JaVa&#x09;Script:alert(1)", at),
			[]string{"Headline"}, []string{"cript:"}},
		{"a link that is data", rssItem("Headline", "data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;", at),
			[]string{"Headline"}, []string{"data:", "<script"}},
		{"a script in the summary", `<item><title>Headline</title><link>https://news.example/1</link><description>&lt;p onclick="x()"&gt;One &lt;a href="javascript:x()"&gt;two&lt;/a&gt;&lt;script&gt;steal()&lt;/script&gt;&lt;/p&gt;</description></item>`,
			[]string{"Headline", "One two"}, []string{"onclick", "javascript:", "steal()"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := site.feed("hostile.xml", "")
			f.change(func(f *newsFeed) {
				f.raw = func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "application/rss+xml")
					_, _ = w.Write([]byte(rssFeed(tt.item)))
				}
			})
			s := serveConfig(t, feedBlock("news", f.url(), ""), keywordBlock("news", "news"), telegramBlock(api.URL))
			chat := newChat()
			s.reply(api, chat, "news")
			body := api.tries(chat)[0].Body
			got := api.sent(chat)[0]
			for _, w := range tt.want {
				if !strings.Contains(got, w) {
					t.Errorf("got %q, want %q in it", got, w)
				}
			}
			for _, w := range tt.not {
				if strings.Contains(body, w) {
					t.Errorf("got %q, want no %q in it", body, w)
				}
			}
			if !strings.Contains(body, `"parse_mode":"HTML"`) {
				t.Errorf("the markup is not declared: %s", body)
			}
		})
	}
}
