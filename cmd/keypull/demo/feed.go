package demo

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"time"
)

// feeds maps the name of a feed to its language.
var feeds = map[string]string{"feed.xml": "en", "fr.xml": "fr", "de.xml": "de"}

// rss is an RSS 2.0 document.
type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Built       string    `xml:"lastBuildDate"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string       `xml:"title"`
	Link        string       `xml:"link"`
	GUID        string       `xml:"guid"`
	Description string       `xml:"description"`
	Published   string       `xml:"pubDate"`
	Picture     rssEnclosure `xml:"enclosure"`
}

type rssEnclosure struct {
	URL    string `xml:"url,attr"`
	Type   string `xml:"type,attr"`
	Length int    `xml:"length,attr"`
}

// serveNews answers /news/feed.xml, /news/fr.xml, /news/de.xml and the page of each
// story.
func (w *World) serveNews(rw http.ResponseWriter, r *http.Request) {
	page := r.PathValue("page")
	if language, ok := feeds[page]; ok {
		w.serveFeed(rw, r, language)
		return
	}
	if slug, ok := strings.CutSuffix(page, ".svg"); ok {
		rw.Header().Set("Content-Type", "image/svg+xml")
		_, _ = rw.Write(drawScene(slug))
		return
	}
	for _, d := range w.desks {
		if s, ok := d.findStory(w.clock(), page); ok {
			w.servePage(rw, r, "story", s.Language, s)
			return
		}
	}
	http.NotFound(rw, r)
}

func (w *World) serveFeed(rw http.ResponseWriter, r *http.Request, language string) {
	stories := w.Headlines(language, storiesInFeed)
	newest := stories[0].Published
	doc := rss{Version: "2.0", Channel: rssChannel{
		Title:       siteName,
		Link:        baseURL(r) + "/",
		Description: w.site.wordOf(language, "feed"),
		Language:    language,
		Built:       newest.Format(time.RFC1123Z),
	}}
	for _, s := range stories {
		link := baseURL(r) + "/news/" + s.Slug
		doc.Channel.Items = append(doc.Channel.Items, rssItem{
			Title: s.Title, Link: link, GUID: link, Description: s.Summary,
			Published: s.Published.Format(time.RFC1123Z),
			Picture:   rssEnclosure{URL: link + ".svg", Type: "image/svg+xml", Length: len(drawScene(s.Slug))},
		})
	}
	raw, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		http.Error(rw, "The feed could not be written.", http.StatusInternalServerError)
		return
	}
	body := append([]byte(xml.Header), raw...)
	document{kind: "application/rss+xml; charset=utf-8", body: body, changed: newest}.serveDocument(rw, r)
}

// drawScene draws the picture of a story: hills of its own colours under a sun.
func drawScene(slug string) []byte {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(slug))
	n := int(sum.Sum32() >> 1)
	hue, sun, ridge := n%360, 30+n/360%100, 42+n/36000%20
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 100" width="640" height="400"><rect width="160" height="100" fill="hsl(%d 60%% 82%%)"/>`+
		`<circle cx="%d" cy="30" r="13" fill="hsl(%d 80%% 66%%)"/><path d="M0 %d Q40 %d 90 %d T160 %d V100 H0z" fill="hsl(%d 38%% 52%%)"/><path d="M0 88 Q60 62 160 84 V100 H0z" fill="hsl(%d 42%% 34%%)"/></svg>`,
		hue, sun, (hue+30)%360, ridge+14, ridge-14, ridge, ridge+8, (hue+150)%360, (hue+170)%360)
}

// document is an answer that can be asked for conditionally.
type document struct {
	kind    string
	body    []byte
	changed time.Time
}

// serveDocument answers with the document, or 304 where the asker has it.
func (d document) serveDocument(rw http.ResponseWriter, r *http.Request) {
	sum := fnv.New64a()
	_, _ = sum.Write(d.body)
	rw.Header().Set("Content-Type", d.kind)
	rw.Header().Set("ETag", fmt.Sprintf(`"%016x"`, sum.Sum64()))
	http.ServeContent(rw, r, "", d.changed, bytes.NewReader(d.body))
}
