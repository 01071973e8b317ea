package demo

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"net/http"
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
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	GUID        string `xml:"guid"`
	Description string `xml:"description"`
	Published   string `xml:"pubDate"`
}

// serveNews answers /news/feed.xml, /news/fr.xml, /news/de.xml and the page of each
// story.
func (w *World) serveNews(rw http.ResponseWriter, r *http.Request) {
	page := r.PathValue("page")
	if language, ok := feeds[page]; ok {
		w.serveFeed(rw, r, language)
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
