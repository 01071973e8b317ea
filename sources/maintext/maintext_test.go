package maintext_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"keypull/sources"
	"keypull/sources/maintext"
)

// story is an article with words of its language for what stands around it.
type story struct {
	language, title string
	text            []string
	// also, subscribe, comments, photo, home and by are labels.
	also, subscribe, comments, photo, home, by string
	others                                     []string
}

// labels are what sites say around an article, by language: read also, subscribe, comments,
// photo, home, by.
var labels = map[string][6]string{
	"en": {"Read also", "Subscribe to our newsletter and never miss a story", "3 comments", "Photo: Agency", "Home", "By"},
	"de": {"Lesen Sie auch", "Abonnieren Sie unseren Newsletter und verpassen Sie nichts mehr", "3 Kommentare", "Foto: Agentur", "Startseite", "Von"},
	"es": {"Lea también", "Suscríbase a nuestro boletín y no se pierda ninguna noticia", "3 comentarios", "Foto: Agencia", "Inicio", "Por"},
	"fr": {"À lire aussi", "Abonnez-vous à notre lettre pour ne rien manquer de l'actualité", "3 commentaires", "Photo : Agence", "Accueil", "Par"},
	"it": {"Leggi anche", "Iscriviti alla nostra newsletter per non perdere nessuna notizia", "3 commenti", "Foto: Agenzia", "Pagina iniziale", "Di"},
	"nl": {"Lees ook", "Meld u aan voor onze nieuwsbrief en mis geen enkel verhaal meer", "3 reacties", "Foto: Bureau", "Voorpagina", "Door"},
	"pt": {"Leia também", "Assine a nossa newsletter e não perca nenhuma notícia da região", "3 comentários", "Foto: Agência", "Início", "Por"},
	"pl": {"Czytaj także", "Zapisz się do naszego newslettera i nie przegap żadnej wiadomości", "3 komentarze", "Fot. Agencja", "Strona główna", "Tekst"},
	"ru": {"Читайте также", "Подпишитесь на нашу рассылку, чтобы не пропустить ни одной новости", "3 комментария", "Фото: Агентство", "Главная", "Автор"},
	"tr": {"Ayrıca okuyun", "Bültenimize abone olun ve hiçbir haberi kaçırmayın, her sabah erkenden", "3 yorum", "Fotoğraf: Ajans", "Ana sayfa", "Yazan"},
	"zh": {"延伸阅读", "订阅我们的电子报，不错过任何一则新闻", "3条评论", "图：通讯社", "首页", "作者"},
}

// stories returns the articles of a file for each language.
func stories(t *testing.T) (all []story) {
	t.Helper()
	for language, name := range map[string]string{
		"en": "news/en1", "de": "news/de1", "es": "news/es1", "fr": "news/fr1", "it": "later/it", "nl": "later/nl", "pt": "later/pt",
		"pl": "features/pl", "ru": "features/ru", "tr": "features/tr", "zh": "features/zh",
	} {
		body, err := os.ReadFile(filepath.Join("..", "archive", "testdata", name+".txt")) //nolint:gosec // of this repository
		if err != nil {
			t.Fatal(err)
		}
		var found []story
		for line := range strings.Lines(string(body)) {
			line = strings.TrimSpace(line)
			switch {
			case strings.HasPrefix(line, "@ "):
				parts := strings.Split(line, " | ")
				l := labels[language]
				found = append(found, story{language: language, title: parts[len(parts)-1], also: l[0], subscribe: l[1], comments: l[2], photo: l[3], home: l[4], by: l[5]})
			case line == "" || strings.ContainsAny(line[:1], "+-#=") || len(found) == 0:
			default:
				found[len(found)-1].text = append(found[len(found)-1].text, line)
			}
		}
		for i := range found {
			for k := range found {
				if k != i {
					found[i].others = append(found[i].others, found[k].title)
				}
			}
		}
		for _, s := range found[:2] {
			if len(s.text) >= 4 && len(s.others) >= 3 {
				all = append(all, s)
			}
		}
	}
	return all
}

// page is a site's way to show a story; it returns the page and what of it is text.
type page func(s story) (body string, want []string)

func (s story) links(class, tag string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div class="%s"><%s>%s</%s><ul>`, class, tag, s.also, tag)
	for i, title := range s.others[:min(len(s.others), 4)] {
		fmt.Fprintf(&b, `<li><a href="/%d">%s</a></li>`, i, title)
	}
	return b.String() + `</ul></div>`
}

func (s story) frame(inner string) string {
	return fmt.Sprintf(`<!doctype html><html lang=%s><head><title>%s – The Site</title></head><body><header><a href=/>%s</a><nav><ul><li><a href=/a>A</a><li><a href=/b>B</a></ul></nav></header>
%s<footer><p>© 2026 The Site. %s. <a href=/imprint>Imprint</a></p></footer><div id="cookie-consent" class="cmp-layer"><p>%s – cookies, cookies, cookies and more of them.</p><button>OK</button></div></body></html>`, s.language, s.title, s.home, inner, s.home, s.subscribe)
}

func paragraphs(all []string) string { return "<p>" + strings.Join(all, "</p>\n<p>") + "</p>" }

// read are the pages that the rules were made by, held those that were not looked at.
var read = map[string]page{
	"a newspaper": func(s story) (string, []string) {
		return s.frame(`<main><article class="story has-paywall"><header><p class=kicker>` + s.home + `</p><h1>` + s.title + `</h1><p class="article__standfirst">` + s.text[0] + `</p><div class=byline>` + s.by + ` Jane Doe</div></header>
<figure><img src=/i.jpg><figcaption>` + s.photo + ` – ` + s.others[0] + `</figcaption></figure><div class="article-body">` + paragraphs(s.text[1:3]) + s.links("read-also", "strong") + paragraphs(s.text[3:]) + `</div>` + s.links("related-articles", "h2") + `</article></main>`), s.text
	},
	"a blog with comments": func(s story) (string, []string) {
		return s.frame(`<div id=page><div class=content><div class="post hentry"><h2 class=entry-title>` + s.title + `</h2><div class=postmeta>` + s.by + ` Bob</div><div class=entry>` + paragraphs(s.text) + `</div></div>
<div id=comments class=comments-area><h3>` + s.comments + `</h3><ol class=commentlist><li class=comment><p>` + s.others[0] + `, ` + s.others[1] + `?</p></li><li class=comment><p>` + s.others[2] + `!</p></li></ol></div></div><div class=sidebar>` + s.links("widget", "h4") + `</div></div>`), s.text
	},
	"breaks in place of paragraphs": func(s story) (string, []string) {
		return s.frame(`<table width=100%><tr><td width=150>` + s.links("left", "b") + `</td><td><h1>` + s.title + `</h1><div>` + strings.Join(s.text, "<br><br>\n") + `</div></td></tr></table>`), s.text
	},
	"documentation": func(s story) (string, []string) {
		return s.frame(`<div class=wrap><div class="sphinxsidebar">` + s.links("toc", "p") + `</div><div role=main class=document><h1>` + s.title + `</h1>` + paragraphs(s.text[:2]) + `<h2>` + s.others[0] + `</h2><ul><li>` + s.text[2] + `</li><li>` + s.text[3] + `</li></ul><pre>run --all --now /etc/site.conf</pre></div></div>`),
			append(append(append([]string{}, s.text[:2]...), s.others[0]), s.text[2], s.text[3], "run --all --now /etc/site.conf")
	},
	"a newsletter box in the text": func(s story) (string, []string) {
		return s.frame(`<article><h1>` + s.title + `</h1>` + paragraphs(s.text[:2]) + `<aside class="newsletter-signup"><p>` + s.subscribe + `</p><form><input type=email><button>OK</button></form></aside><div class="ad ad--inline">` + s.others[0] + `</div>` + paragraphs(s.text[2:]) + `<div class=author-box><p>Jane Doe: ` + s.others[1] + `</p></div><div class="social-share">` + s.home + `</div></article>`), s.text
	},
	"a list of entries": func(s story) (string, []string) {
		entries, want := "", []string{}
		for i, title := range s.others[:3] {
			entries += `<article class="teaser card"><h3><a href=/a>` + title + `</a></h3><p>` + s.text[i] + `</p><a class=more href=/a>→</a></article>`
			want = append(want, title, s.text[i])
		}
		return s.frame(`<main><h1>` + s.home + `</h1><div class="teaser-list">` + entries + `</div></main>`), want
	},
	"headings that are links": func(s story) (string, []string) {
		return s.frame(`<main><h1>` + s.title + `</h1><article><p>` + s.text[0] + `</p><h2 id=a><a href=#a>` + s.others[0] + `</a></h2>` + paragraphs(s.text[1:3]) + `<h2 id=b><a href=#b>` + s.others[1] + `</a></h2><p>` + s.text[3] + `</p></article></main>`),
			[]string{s.text[0], s.others[0], s.text[1], s.text[2], s.others[1], s.text[3]}
	},
	"several articles, one of them whole": func(s story) (string, []string) {
		more := ""
		for _, title := range s.others[:3] {
			more += `<article class=card><h3><a href=/x>` + title + `</a></h3></article>`
		}
		return s.frame(`<main><article class=full><h1>` + s.title + `</h1>` + paragraphs(s.text) + `</article><section class=more-stories>` + more + `</section></main>`), s.text
	},
}

var held = map[string]page{
	"a short notice": func(s story) (string, []string) {
		return s.frame(`<main id=content><h1>` + s.title + `</h1><p>` + s.text[0] + `</p></main>` + s.links("latest", "h3")), s.text[:1]
	},
	"a product": func(s story) (string, []string) {
		return s.frame(`<div class=product><div class=gallery><img src=/p.jpg></div><h1>` + s.title + `</h1><div class=price>12,50</div><button>+</button><div class="description">` + paragraphs(s.text[:3]) + `<table><tr><th>` + s.home + `</th><td>210 × 297 mm</td></tr><tr><th>` + s.photo + `</th><td>1 250 g, 4 V, IP67</td></tr></table></div></div>` + s.links("cross-sell carousel", "h3")),
			append(append([]string{}, s.text[:3]...), s.home+" 210 297 mm", s.photo+" 1 250 g 4 V IP67")
	},
	"a forum": func(s story) (string, []string) {
		posts := ""
		for _, p := range s.text {
			posts += `<div class=post><div class=user><a href=/u>user1</a></div><div class=postbody>` + p + `</div></div>`
		}
		return s.frame(`<div id=thread><h1>` + s.title + `</h1>` + posts + `</div>`), s.text
	},
	"questions and answers": func(s story) (string, []string) {
		return s.frame(`<main><h1>` + s.home + `</h1><section class=faq><details><summary>` + s.title + `?</summary><p>` + s.text[0] + `</p></details><details><summary>` + s.others[0] + `?</summary><p>` + s.text[1] + `</p></details><details><summary>` + s.others[1] + `?</summary><p>` + s.text[2] + `</p></details></section></main>`),
			[]string{s.title, s.text[0], s.others[0], s.text[1], s.others[1], s.text[2]}
	},
	"a builder of sites": func(s story) (string, []string) {
		var b strings.Builder
		for _, p := range s.text {
			b.WriteString(`<div class="elementor-widget elementor-widget-text-editor"><div class="elementor-widget-container"><p>` + p + `</p></div></div>`)
		}
		return s.frame(`<div class="elementor elementor-7250"><section class="elementor-section has-sidebar-right"><h1>` + s.title + `</h1>` + b.String() + `</section></div>`), s.text
	},
	"a press release": func(s story) (string, []string) {
		return s.frame(`<div id=main><div class=breadcrumb><a href=/>` + s.home + `</a> › <a href=/press>Press</a></div><div class=intro><h1>` + s.title + `</h1><div class=date>12.03.2026</div><div class=teaser-text><p>` + s.text[0] + `</p></div></div><div class="text csc-default">` + paragraphs(s.text[1:]) + `</div><div class=back><a href=/press>«</a></div></div>`), s.text
	},
}

// score returns the F1 of two texts by the runs of four words that they share, as the
// benchmarks of the field count it.
func score(want, got string) float64 {
	count := func(text string) (map[string]int, int) {
		words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		runs := map[string]int{}
		for i := range max(1, len(words)-3) {
			runs[strings.Join(words[i:min(i+4, len(words))], " ")]++
		}
		return runs, max(1, len(words)-3)
	}
	wanted, all := count(want)
	found, n := count(got)
	both := 0
	for run, times := range found {
		both += min(times, wanted[run])
	}
	return 2 * float64(both) / float64(all+n)
}

func textOf(t *testing.T, body string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	at := &url.URL{Scheme: "https", Host: "site.example", Path: "/a"}
	found, err := maintext.Find(root, at, 20_000)
	if err != nil {
		return ""
	}
	return sources.Plain(found.HTML)
}

func TestTheTextOfAPageIsToldFromTheRest(t *testing.T) {
	all := stories(t)
	for name, half := range map[string]map[string]page{"read": read, "held back": held} {
		sum, pages := 0.0, 0
		for kind, show := range half {
			of := 0.0
			for _, s := range all {
				body, want := show(s)
				f := score(strings.Join(want, "\n"), textOf(t, body))
				of += f
			}
			sum, pages = sum+of, pages+len(all)
			t.Logf("%s: %s %.3f", name, kind, of/float64(len(all)))
		}
		f := sum / float64(pages)
		t.Logf("%s: F1 %.3f of %d pages", name, f, pages)
		if f < 0.95 {
			t.Errorf("%s: F1 %.3f of %d pages", name, f, pages)
		}
	}
}

func TestAHostilePageIsBounded(t *testing.T) {
	const line = "A sentence that is as long as one in a newspaper is, and a bit longer. "
	for name, body := range map[string]string{
		"nothing":               "",
		"no elements":           strings.Repeat(line, 10),
		"nested":                strings.Repeat("<div>", 400) + line + strings.Repeat("</div>", 400),
		"nested spans":          strings.Repeat("<span>", 400) + line,
		"very many elements":    strings.Repeat("<p>"+line+"</p>", 30_000),
		"very many names":       `<div class="` + strings.Repeat("share ", 100_000) + `"><p>` + line + `</p></div>`,
		"far too many elements": strings.Repeat("<b>", 500) + strings.Repeat("<i>x</i>", 200_000),
		"links alone":           strings.Repeat(`<a href=/>x</a> `, 20_000),
		"a very long text":      "<p>" + strings.Repeat(line, 40_000),
		"frames and comments":   "<frameset><!--" + line + "-->",
	} {
		t.Run(name, func(t *testing.T) {
			root, err := html.Parse(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			found, err := maintext.Find(root, &url.URL{}, 20_000)
			if len(found.HTML) > 2*len(body)+1000 {
				t.Errorf("%d bytes of %d, %v", len(found.HTML), len(body), err)
			}
			if want := name == "very many elements" || name == "a very long text"; want && !strings.Contains(found.HTML, line) {
				t.Errorf("its text is lost: %v", err)
			}
		})
	}
}
