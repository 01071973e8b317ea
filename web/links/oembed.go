package links

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Sizes of the frame, in points; a page may ask for smaller ones.
const (
	frameWidth  = 420
	frameHeight = 220
)

// rich is what oEmbed 1.0 tells of a page, as "rich".
type rich struct {
	XMLName  xml.Name `json:"-" xml:"oembed"`
	Type     string   `json:"type" xml:"type"`
	Version  string   `json:"version" xml:"version"`
	Title    string   `json:"title" xml:"title"`
	Provider string   `json:"provider_name" xml:"provider_name"`
	Home     string   `json:"provider_url" xml:"provider_url"`
	Age      int      `json:"cache_age" xml:"cache_age"`
	HTML     string   `json:"html" xml:"html"`
	Width    int      `json:"width" xml:"width"`
	Height   int      `json:"height" xml:"height"`
}

// serveOEmbed tells how a page of ours stands in an article (oembed.com).
func (p Pages) serveOEmbed(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	a, ok := p.findEmbedded(q.Get("url"), q.Get("lang"))
	switch format := q.Get("format"); {
	case q.Get("url") == "":
		writeProblem(w, r, http.StatusBadRequest, "web.embed_url")
		return
	case format != "" && format != "json" && format != "xml":
		writeProblem(w, r, http.StatusNotImplemented, "web.embed_format")
		return
	case !ok:
		writeProblem(w, r, http.StatusNotFound, "web.no_keyword")
		return
	}
	s := p.pageData(a)
	e := rich{Type: "rich", Version: "1.0", Title: s.Title, Provider: s.Name, Home: p.PublicURL, Age: 3600,
		Width: atMost(q.Get("maxwidth"), frameWidth), Height: atMost(q.Get("maxheight"), frameHeight)}
	e.HTML = "<iframe" + attributeHTML("src", s.Page+"/frame?lang="+url.QueryEscape(s.Language)) + attributeHTML("title", s.Title) +
		attributeHTML("width", strconv.Itoa(e.Width)) + attributeHTML("height", strconv.Itoa(e.Height)) +
		` style="border:0" loading="lazy" referrerpolicy="no-referrer"` +
		` sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"></iframe>`
	w.Header().Set("Access-Control-Allow-Origin", "*")
	// A struct of texts and numbers always can be either.
	if q.Get("format") == "xml" {
		body, _ := xml.Marshal(e)
		p.writeBody(w, "text/xml; charset=utf-8", append([]byte(xml.Header), body...))
		return
	}
	body, _ := json.Marshal(e)
	p.writeBody(w, "application/json; charset=utf-8", body)
}

// attributeHTML returns one of an element.
func attributeHTML(name, value string) string {
	return " " + name + `="` + html.EscapeString(value) + `"`
}

// findEmbedded returns the keyword whose page has an address.
func (p Pages) findEmbedded(address, language string) (Asked, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return Asked{}, false
	}
	u.RawQuery, u.Fragment = "", ""
	path, ours := strings.CutPrefix(strings.TrimSuffix(u.String(), "/"), p.PublicURL+Root+"/")
	publisher, keyword, two := strings.Cut(path, "/")
	if !ours || !two || strings.Contains(keyword, "/") {
		return Asked{}, false
	}
	return p.Keyword(publisher, keyword, language)
}

// atMost returns the usual size, or what somebody has room for.
func atMost(most string, usual int) int {
	if n, err := strconv.Atoi(most); err == nil && n > 0 {
		return min(n, usual)
	}
	return usual
}
