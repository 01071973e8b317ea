package sources

import (
	"bytes"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"keypull/pull/words"
)

// ArgumentPlace stands in an address for what readers write.
const ArgumentPlace = "{argument}"

// lead is an address that a front page leads to, whatever kind may want it.
type lead struct {
	url string
	// section is the part of the site that it is of, argument what its place for one is
	// filled with to look at it.
	section, argument string
	// guess says that nothing names it, told that only what its page tells in data
	// counts.
	guess, told bool
}

// landing is what a web page says of its site.
type landing struct {
	url *url.URL
	// system is what it was made with; "" if that cannot be told.
	system string
	// site is what the site calls itself, where the page says so.
	site     string
	title    string
	language string
	leads    []lead
	sections []section
}

// section is a part of the site, by its link in a menu.
type section struct {
	name, url string
	// told is lead.told.
	told bool
}

// Limits of what is taken of a page.
const (
	maxLandingBytes = 2 << 20
	maxSections     = 12
	maxFiles        = 6
	sectionRunes    = 24
)

// readLanding reads a web page for what it leads to.
func readLanding(d Document) *landing {
	u, err := url.Parse(d.URL)
	if err != nil || !d.IsPage() {
		return nil
	}
	l := &landing{url: u}
	r := landingReader{landing: l, files: map[string]bool{}}
	z := html.NewTokenizer(bytes.NewReader(d.Body[:min(len(d.Body), maxLandingBytes)]))
	z.SetMaxBuf(maxLandingBytes)
	for z.Next() != html.ErrorToken {
		r.token(z.Token())
	}
	l.tell(d.Body[:min(len(d.Body), maxLandingBytes)])
	return l
}

// landingReader goes through the tokens of a page.
type landingReader struct {
	*landing
	// menus counts the open elements that hold links to the parts of a site.
	menus int
	// footers counts those at the end of the page, whose links lead to less.
	footers int
	// anchor is the link that is open, text what stands in it.
	anchor, text string
	inTitle      bool
	files        map[string]bool
}

func (r *landingReader) token(t html.Token) {
	switch t.Type {
	case html.StartTagToken, html.SelfClosingTagToken:
		r.open(t)
	case html.TextToken:
		if r.anchor != "" && len(r.text) < 200 {
			r.text += t.Data + " "
		}
		if r.inTitle && r.title == "" {
			r.title = Line(t.Data)
		}
	case html.EndTagToken:
		switch t.Data {
		case "nav", "header":
			r.menus = max(0, r.menus-1)
		case "footer":
			r.footers = max(0, r.footers-1)
		case "title":
			r.inTitle = false
		case "a":
			r.link()
		}
	}
}

func (r *landingReader) open(t html.Token) {
	a := map[string]string{}
	for _, at := range t.Attr {
		if _, twice := a[at.Key]; !twice {
			a[at.Key] = strings.TrimSpace(at.Val)
		}
	}
	switch t.Data {
	case "html":
		r.language = Line(a["lang"])
	case "title":
		r.inTitle = t.Type == html.StartTagToken
	case "nav", "header":
		r.menus++
	case "footer":
		r.footers++
	case "meta":
		if strings.EqualFold(a["property"], "og:site_name") || strings.EqualFold(a["name"], "application-name") {
			r.site = Line(a["content"])
		}
		if strings.EqualFold(a["name"], "generator") {
			r.system = systemOf(a["content"])
		}
	case "link":
		kind, rel := strings.ToLower(a["type"]), " "+strings.ToLower(a["rel"])+" "
		at := SafeLink(r.url.String(), a["href"])
		switch {
		case at == "":
		case strings.Contains(rel, " search ") && strings.Contains(kind, "opensearch"):
			r.leads = append(r.leads, lead{url: at})
		case strings.Contains(rel, " alternate ") && (strings.HasPrefix(kind, "text/calendar") || strings.HasPrefix(kind, "text/csv")),
			strings.Contains(rel, " sitemap "):
			r.file(at)
		case strings.Contains(rel, "api.w.org"):
			r.system = "WordPress"
		}
	case "a":
		r.link()
		r.anchor, r.text = a["href"], ""
		r.linked(a["href"])
	}
}

// linked takes the address of a link that is a file of data.
func (r *landingReader) linked(href string) {
	if rest, ok := strings.CutPrefix(href, "webcal:"); ok {
		href = "https:" + rest
	}
	at := SafeLink(r.url.String(), href)
	u, err := url.Parse(at)
	if at == "" || err != nil {
		return
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".ics", ".ical", ".csv", ".tsv", ".xlsx", ".ods":
		r.file(at)
	}
	if u.Host == "docs.google.com" && strings.HasPrefix(u.Path, "/spreadsheets/") || u.Query().Get("format") == "ical" || u.Query().Has("ical") {
		r.file(at)
	}
}

func (r *landingReader) file(at string) {
	if !r.files[at] && len(r.files) < maxFiles {
		r.files[at] = true
		r.leads = append(r.leads, lead{url: at})
	}
}

// link ends a link: one in a menu, to a page not far below the front page, is a part
// of the site.
func (r *landingReader) link() {
	href, name := r.anchor, Line(r.text)
	r.anchor, r.text = "", ""
	at := SafeLink(r.url.String(), href)
	u, err := url.Parse(at)
	if r.menus+r.footers == 0 || at == "" || err != nil || len(r.sections) == maxSections {
		return
	}
	n := utf8.RuneCountInString(name)
	depth := strings.Count(strings.Trim(u.Path, "/"), "/")
	switch {
	case n < 3 || n > sectionRunes || u.Host != r.url.Host || strings.Trim(u.Path, "/") == "" || depth > 2 || u.RawQuery != "" || u.Fragment != "",
		u.Path == r.url.Path, path.Ext(u.Path) != "" && path.Ext(u.Path) != ".html" && path.Ext(u.Path) != ".php", service.MatchString(u.Path):
		return
	}
	if !slices.ContainsFunc(r.sections, func(s section) bool { return s.url == u.String() || strings.EqualFold(s.name, name) }) {
		r.sections = append(r.sections, section{name, u.String(), r.menus == 0 || outletPages.MatchString(u.Path)})
	}
}

// service are the pages of a site that hold no content of the outlet's.
var service = regexp.MustCompile(`(?i)/(login|log-in|signin|sign-in|register|account|konto|mein|my|cart|basket|warenkorb|checkout|kasse|search|suche|recherche|privacy|datenschutz|terms|agb|subscribe|abo|newsletter|wp-admin|wp-login\.php|user|jobs|karriere)(/|\.|$)`)

// outletPages are those that tell of the outlet, and list nothing.
var outletPages = regexp.MustCompile(`(?i)/(contact|contact-us|kontakt|contacto|impressum|imprint|about|about-us|ueber-uns|a-propos)(/|\.|$)`)

func systemOf(generator string) string {
	for _, name := range []string{"WordPress", "Drupal", "Ghost", "Joomla", "TYPO3", "Shopify"} {
		if strings.Contains(strings.ToLower(generator), strings.ToLower(name)) {
			return name
		}
	}
	return ""
}

// tell finds out what the page was made with, where it does not say so, and adds
// where such systems have their feeds and search.
func (l *landing) tell(body []byte) {
	for _, sign := range [][2]string{
		{"/wp-content/", "WordPress"}, {"/wp-includes/", "WordPress"}, {"drupal-settings-json", "Drupal"}, {"/sites/default/files/", "Drupal"},
		{"/ghost/api/", "Ghost"}, {"data-ghost=", "Ghost"}, {"cdn.shopify.com", "Shopify"},
	} {
		if l.system == "" && bytes.Contains(body, []byte(sign[0])) {
			l.system = sign[1]
		}
	}
	var pages []lead // where the feeds are known, what the pages tell is looked at behind them
	for _, s := range l.sections {
		at := s.url
		switch l.system {
		case "WordPress":
			at = strings.TrimSuffix(s.url, "/") + "/feed/"
		case "Ghost":
			at = strings.TrimSuffix(s.url, "/") + "/rss/"
		}
		if at == s.url || s.told {
			l.leads = append(l.leads, lead{url: s.url, section: s.name, told: s.told})
			continue
		}
		l.leads = append(l.leads, lead{url: at, section: s.name})
		pages = append(pages, lead{url: s.url, section: s.name})
	}
	l.leads = append(l.leads, pages...)
	if l.system == "WordPress" {
		l.leads = append(l.leads, lead{url: l.url.ResolveReference(&url.URL{Path: "/", RawQuery: "s="}).String() + ArgumentPlace + "&feed=rss2", guess: true})
	}
}

// robotsSitemaps returns those that a robots.txt names.
func robotsSitemaps(d Document) []string {
	var all []string
	for line := range strings.Lines(string(d.Body[:min(len(d.Body), maxRobotsSent)])) {
		name, value, ok := strings.Cut(line, ":")
		if ok && strings.EqualFold(strings.TrimSpace(name), "sitemap") && len(all) < 3 {
			if at := SafeLink(d.URL, strings.TrimSpace(value)); at != "" {
				all = append(all, at)
			}
		}
	}
	return all
}

// sectionWord returns the name of a part of a site as a word to ask for it by.
func sectionWord(name string) words.Text { return words.Verbatim(strings.ToLower(name)) }
