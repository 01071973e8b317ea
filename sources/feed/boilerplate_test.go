package feed_test

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/sourcetest"
)

// brought returns the item of a feed of one, of WordPress's make.
func brought(t testing.TB, title, text string) what.Item {
	t.Helper()
	feed := "<rss><channel><link>https://lecker.example/</link><item><title>" + html.EscapeString(title) + "</title>" +
		"<link>https://lecker.example/2026/tarte/?utm_source=rss</link><description>" + html.EscapeString(text) + "</description></item></channel></rss>"
	s, err := saved(t, "", []byte(feed)).Fetch(t.Context(), "feed", nil)
	if err != nil || len(s.Items) != 1 {
		t.Fatalf("%d items, error %v", len(s.Items), err)
	}
	sourcetest.Inspect(t, s.Items)
	return s.Items[0]
}

func TestWhatIsHungOnATextGoes(t *testing.T) {
	const (
		self = `<a href="https://lecker.example/2026/tarte/">`
		home = `<a rel="nofollow" href="https://lecker.example">`
	)
	for _, c := range []struct{ text, want string }{
		{"<p>A tarte.</p>\n<p>The post " + self + "Tarte</a> appeared first on " + home + "Lecker</a>.</p>", "A tarte."},
		{"<p>Eine Tarte.</p><p>Der Beitrag " + self + "Tarte</a> erschien zuerst auf " + home + "Lecker</a>.</p>", "Eine Tarte."},
		{"<p>Une tarte.</p><p>L’article " + self + "Tarte</a> est apparu en premier sur " + home + "Lecker</a>.</p>", "Une tarte."},
		{"<p>パイ。</p><p>投稿 " + self + "Tarte</a> は " + home + "Lecker</a> に最初に表示されました。</p>", "パイ。"},
		{"<p>Tart.</p><p>" + self + "Tarte</a> yazısı ilk önce " + home + "Lecker</a> üzerinde ortaya çıktı.</p>", "Tart."},
		{"A tarte.\n\nThe post Tarte appeared first on Lecker.", "A tarte."},
		{"Eine Tarte.\nDer Beitrag Tarte erschien zuerst auf Lecker.", "Eine Tarte."},
		{"The post " + self + "Tarte</a> appeared first on " + home + "Lecker</a>.", ""},
		{"<p>A tarte is tall. " + self + "Read more</a></p>", "A tarte is tall."},
		{"<p>A tarte is tall.</p><p>" + self + "Read more &raquo;</a></p>", "A tarte is tall."},
		{"<p>Eine Tarte.</p><p>" + self + "Weiterlesen</a></p>", "Eine Tarte."},
		{"<p>Une tarte.</p><p>" + self + "Lire la suite</a></p>", "Une tarte."},
		{"<p>Une tarte.</p><p>" + self + "Lire la suite de « Tarte »</a></p>", "Une tarte."},
		{"<p>Una tarta.</p><p>" + self + "Seguir leyendo</a></p>", "Una tarta."},
		{"<p>Een taart.</p><div>" + self + "Lees verder &rarr;</a></div>", "Een taart."},
		{"A tarte is &hellip; " + self + `Continue reading <span class="screen-reader-text">&#8220;Tarte&#8221;</span></a>`, "A tarte is …"},
		{"A tarte is tall, (" + self + "more&hellip;</a>)", "A tarte is tall, (more…)"},
		{"A tarte is tall. (" + self + "more&hellip;</a>)", "A tarte is tall."},
		{"A tarte is tall [&#8230;]", "A tarte is tall…"},
		{"A tarte is tall [...]", "A tarte is tall…"},
		{"<p>A tarte is tall [&#8230;]</p><p>The post " + self + "Tarte</a> appeared first on " + home + "Lecker</a>.</p>", "A tarte is tall…"},
		{"A tarte is tall… Read more »", "A tarte is tall…"},
		{"A tarte.\nWeiterlesen", "A tarte."},
		{"Eine Tarte. Weiterlesen", "Eine Tarte."},
		{"<p>A tarte! Read more</p>", "A tarte!"},
		{"Arsenal vs. Reading", "Arsenal vs. Reading"},
		{"They read. Then they read more", "They read. Then they read more"},
		{"<p>A tarte.</p>" + self + `<img src="https://feeds.feedburner.com/~ff/lecker?d=1" border="0"></a><br clear="all">`, "A tarte."},
		// What belongs to the text stays.
		{"Our " + self + "tarte</a> is great.", "Our tarte is great."},
		{"<p>More about it in “" + self + "Tarte</a>”.</p>", "More about it in “Tarte”."},
		{"It costs <a href='/x'>more</a>.", "It costs more."},
		{"You should get some <a href='/x'>rest</a>", "You should get some rest"},
		{"<p>He said:</p><p>Read on!</p>", "He said:\n\nRead on!"},
		{"<p>The end.</p><p><a href='/x'>Read the report of the ministry</a></p>", "The end.\n\nRead the report of the ministry"},
		{"The post Tarte of the king appeared first on our table.", "The post Tarte of the king appeared first on our table."},
		{"Wait for it...", "Wait for it..."},
		{"Read more", "Read more"},
	} {
		if got := brought(t, "Tarte", c.text).Summary; got != c.want {
			t.Errorf("%s\nis told as %q, want %q", c.text, got, c.want)
		}
	}
}

// TestNoTextIsTakenForBoilerplate makes texts of words that send nobody on,
// with links and paragraphs anywhere.
func TestNoTextIsTakenForBoilerplate(t *testing.T) {
	words := strings.Fields("tarte cake the a of Lecker post appeared flour butter sugar … [1] (2) 100 g. Yes! Why? the article")
	rapid.Check(t, func(rt *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 30).Draw(rt, "words") {
			word := html.EscapeString(rapid.SampledFrom(words).Draw(rt, "word"))
			switch rapid.IntRange(0, 9).Draw(rt, "how") {
			case 0:
				fmt.Fprintf(&b, `<a href="https://other.example/">%s</a> `, word)
			case 1:
				fmt.Fprintf(&b, `<a href="https://lecker.example/2026/tarte/">%s</a> `, word)
			case 2:
				fmt.Fprintf(&b, "<p>%s</p>", word)
			case 3:
				fmt.Fprintf(&b, "<br>%s", word)
			default:
				b.WriteString(word + " ")
			}
		}
		want := sources.Shorten(sources.Plain(b.String()), 2000)
		if got := brought(t, "A title of its own", b.String()).Summary; got != want {
			rt.Fatalf("%s\nis told as %q, want %q", b.String(), got, want)
		}
	})
}

func TestPicturesToCountByAreNeverShown(t *testing.T) {
	for _, img := range []string{
		`<img src="https://x.example/a.png" width="1" height="1">`, `<img src="https://x.example/a.png" width="1px">`,
		`<img src="https://x.example/a.png" height="0">`, `<img src="https://x.example/a.png" width=2 height=2>`,
		`<img src="https://x.example/a.png" style="display: none">`, `<img src="https://x.example/a.png" style="border:0;width:1px;height:1px">`,
		`<img src="https://feeds.feedburner.com/~r/lecker/~4/abc">`, `<img src="https://ad.doubleclick.net/ad/1.gif">`,
		`<img src="https://pixel.wp.com/b.gif?host=x">`, `<img src="https://stats.wordpress.com/b.gif?x=1">`,
		`<img src="https://x.example/img/1x1.gif">`, `<img src="https://x.example/tracking-pixel.png">`, `<img src="https://x.example/spacer.gif">`,
		`<img src="https://s.w.org/images/core/emoji/72x72/1f600.png" class="wp-smiley" alt="😀">`,
		`<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">`,
	} {
		it := brought(t, "Tarte", "<p>Words.</p>"+img)
		if len(it.Media) > 0 || it.Summary != "Words." {
			t.Errorf("%s gives %v and %q", img, it.Media, it.Summary)
		}
		if it := brought(t, "Tarte", img+`<img src="/real.jpg" width="600" height="400" style="max-width:100%">`); it.Image() != "https://lecker.example/real.jpg" {
			t.Errorf("behind %s, the picture is %q", img, it.Image())
		}
	}
}
