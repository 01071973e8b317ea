package sources

import (
	"bytes"
	"cmp"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
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
	// told says that only what its page tells in data counts; data that it is no page at all.
	told, data bool
	// guess says that no page names it: where one is not there, none is, and what pages name
	// goes before.
	guess bool
	// instead is what counts where it leads to nothing.
	instead []Offer
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
	// files counts the leads that are files of data.
	files int
	// shown is JSON that the page shows by scripts.
	shown []string
}

// section is a part of the site, by its link in a menu.
type section struct {
	name, url string
	// told is lead.told.
	told bool
	// calls says that its link is a button above the page, which rather calls to do something.
	calls bool
}

// Limits of what is taken of a page.
const (
	maxLandingBytes = 2 << 20
	maxSections     = 30
	maxFiles        = 6
	sectionRunes    = 40
)

// readLanding reads a web page for what it leads to.
func readLanding(d Document) *landing {
	u, err := url.Parse(d.URL)
	if err != nil || !d.IsPage() {
		return nil
	}
	head := ReadHead(d)
	l := &landing{url: u, system: systemOf(head.Generator), site: head.Site, title: head.Title, language: head.Language}
	for _, link := range head.Links {
		if link.Tag == "a" {
			l.addSection(link)
		}
		switch at, err := url.Parse(link.URL); {
		case err != nil:
		case link.Tag == "link" && strings.Contains(link.Rel, "api.w.org"):
			l.system = "WordPress"
		case link.Tag == "link" && strings.Contains(" "+link.Rel+" ", " search ") && strings.Contains(link.Type, "opensearch"):
			l.leads = append(l.leads, lead{url: link.URL})
		case link.IsAlternate("text/calendar", "text/csv"), link.Tag == "link" && strings.Contains(" "+link.Rel+" ", " sitemap "), link.Tag == "a" && isDataFile(at):
			l.addFile(link.URL)
		}
	}
	l.shown = d.Shown()
	if len(l.sections) == 0 { // no menu is marked as such
		for _, link := range head.Links {
			if link.Tag == "a" {
				link.InMenu = true
				l.addSection(link)
			}
		}
	}
	l.findSystem(d.Body[:min(len(d.Body), maxLandingBytes)])
	return l
}

// isDataFile reports whether an address is that of a file of data.
func isDataFile(u *url.URL) bool {
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".ics", ".ical", ".csv", ".tsv", ".xlsx", ".ods":
		return true
	}
	return u.Host == "docs.google.com" && strings.HasPrefix(u.Path, "/spreadsheets/") || u.Query().Get("format") == "ical" || u.Query().Has("ical")
}

func (l *landing) addFile(at string) {
	if l.files < maxFiles && !slices.ContainsFunc(l.leads, func(known lead) bool { return known.url == at }) {
		l.files++
		l.leads = append(l.leads, lead{url: at})
	}
}

// filesOf returns the files of rows and of events that a part of the site leads to, and no page before it.
func (l *landing) filesOf(d Document, section string) (all []lead) {
	if !d.IsPage() {
		return nil
	}
	for _, link := range ReadHead(d).Links {
		at, err := url.Parse(link.URL)
		if err != nil || !slices.Contains([]string{".csv", ".tsv", ".xlsx", ".ods", ".ics"}, strings.ToLower(path.Ext(at.Path))) || !SameSite(link.URL, d.URL) {
			continue
		}
		if before := l.files; link.Tag == "a" {
			if l.addFile(link.URL); l.files > before {
				all = append(all, lead{url: link.URL, section: section})
			}
		}
	}
	return all
}

// addSection takes a link for a part of the site: one in a menu, to a page not far below
// the front page.
func (l *landing) addSection(link PageLink) {
	u, err := url.Parse(link.URL)
	if !link.InMenu && !link.InFooter || err != nil || len(l.sections) == maxSections {
		return
	}
	n := utf8.RuneCountInString(link.Text)
	depth := strings.Count(strings.Trim(u.Path, "/"), "/")
	switch {
	case n < 3 || n > sectionRunes || u.Host != l.url.Host || strings.Trim(u.Path, "/") == "" || depth > 2 || u.RawQuery != "" || u.Fragment != "",
		u.Path == l.url.Path, path.Ext(u.Path) != "" && path.Ext(u.Path) != ".html" && path.Ext(u.Path) != ".php", service.MatchString(u.Path), legalPages.MatchString(u.Path):
		return
	}
	if i := slices.IndexFunc(l.sections, func(s section) bool { return s.url == u.String() }); i >= 0 && l.sections[i].calls && !link.InHead {
		l.sections[i].name, l.sections[i].calls = link.Text, false // "Prices" for "Join now"
	}
	if !slices.ContainsFunc(l.sections, func(s section) bool { return s.url == u.String() || strings.EqualFold(s.name, link.Text) }) {
		l.sections = append(l.sections, section{link.Text, u.String(), !link.InMenu || outletPages.MatchString(u.Path), link.InHead})
	}
}

// service are the pages of a site that hold no content of the outlet's, legalPages those that the law wants, and
// outletPages those that tell of the outlet, and list nothing.
var (
	service     = regexp.MustCompile(`(?i)/(login|log-in|signin|sign-in|register|account|konto|mein|my|cart|basket|warenkorb|checkout|kasse|search|suche|recherche|newsletter|wp-admin|wp-login\.php|user)(/|\.|$)`)
	legalPages  = regexp.MustCompile(`(?i)/(privacy|datenschutz|terms|cookies?|polityka|politica|politique|agb|legal|disclaimer|mentions|aviso-legal|note-legali|confidentialite|privacidad|privacidade|integritet|regulamin)([-_][a-z-]+)?(/|\.|$)`)
	outletPages = regexp.MustCompile(`(?i)/(contact|contact-us|kontakt|contacto|impressum|imprint|about|about-us|ueber-uns|a-propos|(contacts|contactos|contatti|contato|contatos|kontakty|kontakta-oss|yhteystiedot|iletisim|over-ons|om-oss|om-os|o-nas|chi-siamo|quienes-somos)([-_][a-z-]+)?)(/|\.|$)`) //nolint:misspell // Spanish
)

// What opening hours are asked for by, and how an outlet is reached.
const asksHours, asksContact = "asked.hours", "asked.contact"

// SubjectOf returns what a page is about, where that is one thing of others of an outlet: "" of a front
// page, and of one that is called as the outlet is, or by what readers ask the outlet for.
func SubjectOf(d Document, root *html.Node) string {
	head := HeadOf(root, d.URL)
	u, err := url.Parse(d.URL)
	if err != nil || d.IsFront() || legalPages.MatchString(u.Path) || outletPages.MatchString(u.Path) {
		return ""
	}
	title, site := partedTitle(head, u)
	if top := FirstElement(root, func(n *html.Node) bool { return n.DataAtom == atom.H1 }); top != nil {
		title = cmp.Or(Line(TextOf(top)), title)
	}
	if title == "" {
		return ""
	}
	said := " " + textform.Fold(title)
	for _, asked := range []words.Text{{Key: asksHours}, {Key: asksContact}, {Key: "asked.prices"}, {Key: "asked.admission"}, {Key: "outlet.pages"}} {
		for word := range strings.SplitSeq(asked.In(cmp.Or(head.Language, "en")), "|") {
			sought := textform.Fold(word)
			if !textform.BeginsSpaceless(sought) {
				sought = " " + sought
			}
			if strings.Contains(said, sought) {
				return ""
			}
		}
	}
	if !slices.ContainsFunc(speech.Content(strings.Fields(said)), func(word string) bool { return !strings.Contains(site, word) }) {
		return ""
	}
	return title
}

// pageNames returns what a page is called, by its heading, its title without the site's name and the end of its address, and
// in which language.
func pageNames(d Document) (names []string, language string) {
	u, err := url.Parse(d.URL)
	if err != nil || !d.IsPage() || d.IsFront() {
		return nil, ""
	}
	root := d.parsePage()
	if root == nil {
		return nil, ""
	}
	head := HeadOf(root, d.URL)
	title, _ := partedTitle(head, u)
	if top := FirstElement(root, func(n *html.Node) bool { return n.DataAtom == atom.H1 }); top != nil {
		names = append(names, Line(TextOf(top)))
	}
	return append(names, title, pathName(u)), cmp.Or(head.Language, "en")
}

// pathName returns the end of an address in words; "" where it is a number, a code or a file's name.
func pathName(u *url.URL) string {
	end := path.Base(strings.TrimSuffix(u.Path, "/"))
	end = strings.TrimSuffix(strings.TrimSuffix(end, ".html"), ".php")
	if strings.ContainsFunc(end, func(r rune) bool { return r != '-' && r != '_' && !unicode.IsLetter(r) }) {
		return ""
	}
	return strings.NewReplacer("-", " ", "_", " ").Replace(end)
}

// partedTitle returns the part of a page's title that the site is not called by, and what it is called, folded; no
// part where it is not known which of them is the site's.
func partedTitle(head PageHead, u *url.URL) (title, site string) {
	const short = 3
	site = " " + textform.Fold(head.Site)
	parts := titleSign.Split(head.Title, -1)
	if len(parts) == 1 {
		return head.Title, site
	}
	own := bareLetters(head.Site) + " " + bareLetters(u.Hostname())
	whole := func(part string) bool {
		letters := bareLetters(part)
		return letters != "" && strings.Contains(own, letters)
	}
	partly := func(part string) bool {
		return slices.ContainsFunc(speech.Content(strings.Fields(textform.Fold(part))), func(word string) bool {
			return utf8.RuneCountInString(word) > short && whole(word)
		})
	}
	for _, bears := range []func(string) bool{whole, partly} {
		left := slices.DeleteFunc(slices.Clone(parts), bears)
		if i := slices.IndexFunc(parts, bears); i >= 0 && len(left) == len(parts)-1 {
			return left[0], site + " " + textform.Fold(parts[i])
		}
	}
	return "", site + " " + textform.Fold(strings.Join(parts[1:], " "))
}

// titleSign parts the title of a page from what its site is called.
var titleSign = regexp.MustCompile(` [-–—|·:»] `)

func systemOf(generator string) string {
	for _, name := range []string{"WordPress", "Drupal", "Ghost", "Joomla", "TYPO3", "Shopify"} {
		if strings.Contains(strings.ToLower(generator), strings.ToLower(name)) {
			return name
		}
	}
	return ""
}

// findSystem finds out what the page was made with, where it does not say so, and adds
// where such systems have their feeds and search.
func (l *landing) findSystem(body []byte) {
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
		l.leads = append(l.leads, lead{url: at, section: s.name, guess: true})
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
