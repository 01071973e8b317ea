package sources

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of a page: how many elements and texts it may come to, those included that a
// parser makes by itself for what is not closed, and how deep they may be nested.
const (
	maxNodes = 300_000
	maxDeep  = 200
)

// What ParsePage refuses.
var (
	ErrElements = errors.New("the page has too many elements")
	ErrNested   = errors.New("the page is nested too deep")
)

// ParsePage parses a page in UTF-8, and returns how many nodes it comes to at most. Of one
// that is nested too deep there may be a root all the same.
func ParsePage(body []byte) (root *html.Node, size int, err error) {
	if size = countNodes(body); size > maxNodes {
		return nil, size, ErrElements
	}
	if root, err = html.Parse(bytes.NewReader(body)); err != nil || depthOf(root) > maxDeep {
		return root, size, ErrNested
	}
	return root, size, nil
}

// countNodes returns how many nodes a page comes to at most: a parser opens again, in each
// block and before each text, all formatting that was not closed.
func countNodes(body []byte) int {
	count, open := 0, 0
	z := html.NewTokenizer(bytes.NewReader(body))
	z.SetMaxBuf(len(body) + 1)
	for count <= maxNodes {
		switch z.Next() {
		case html.ErrorToken:
			return count
		case html.TextToken:
			count += 1 + open
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			if Reopens(atom.Lookup(name)) {
				open++
				count++
			} else {
				count += 1 + open
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); Reopens(atom.Lookup(name)) && open > 0 {
				open--
			}
		}
	}
	return count
}

// Reopens lists the elements that a parser opens again.
func Reopens(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}

// depthOf returns how deep a tree is; it does not call itself, since pages choose it.
func depthOf(root *html.Node) int {
	deepest, at := 0, 0
	for n := root; n != nil; {
		deepest = max(deepest, at)
		if n.FirstChild != nil {
			n, at = n.FirstChild, at+1
			continue
		}
		for n != root && n.NextSibling == nil {
			n, at = n.Parent, at-1
		}
		if n == root {
			break
		}
		n = n.NextSibling
	}
	return deepest
}

// Attribute returns an attribute of an element, "" if it has none.
func Attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// FirstElement finds the first element below a node that fits; nil where none does.
func FirstElement(root *html.Node, fits func(*html.Node) bool) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && fits(n) {
			return n
		}
	}
	return nil
}

// TextOf returns the text of an element, without what is not shown.
func TextOf(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if b.Len() > maxMarkup {
			break
		}
		if html.Render(&b, c) != nil {
			return ""
		}
	}
	return Plain(b.String())
}

// Below returns the markup of what stands below a heading, about as much as is wanted, up to the next
// one that is as high; a heading in a box of its own has it behind the box.
func Below(n *html.Node, most int) string {
	level := n.DataAtom
	return Behind(n, most, func(n *html.Node) bool { return n.DataAtom == level || isHigher(n.DataAtom, level) })
}

// Behind is Below, up to an element that ends it. It is nothing of what stands beside the text of its
// page, and nothing behind its main part.
func Behind(n *html.Node, most int, ends func(*html.Node) bool) string {
	const boxes = 3
	for range boxes {
		var b strings.Builder
		c := n.NextSibling
		for ; c != nil && b.Len() < most && !ends(c) && FirstElement(c, ends) == nil; c = c.NextSibling {
			if renderTold(&b, c) != nil {
				break
			}
		}
		if c != nil || strings.TrimSpace(Plain(b.String())) != "" || n.Parent == nil || n.Parent.DataAtom == atom.Main {
			return b.String()
		}
		n = n.Parent
	}
	return ""
}

// IsBeside reports whether an element stands beside what its page tells: a menu, a footer, or what
// asks for consent to cookies.
func IsBeside(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Aside, atom.Dialog:
		return true
	case atom.Html, atom.Head, atom.Body, atom.Main:
		return false
	}
	switch strings.ToLower(Attribute(n, "role")) {
	case "navigation", "contentinfo", "complementary", "search", "dialog", "alertdialog":
		return true
	}
	return consent.MatchString(Attribute(n, "id")+" "+Attribute(n, "class")) || isNamed(n, footerNames) || isNamed(n, besideNames) || asksConsent(n) || isBesideCell(n)
}

// InMenu reports whether an element leads to other pages, and tells nothing of this one.
func InMenu(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		switch {
		case IsBeside(n):
			return true
		case n.DataAtom == atom.Header: // others are of a part of the page
			if n.Parent.DataAtom == atom.Body || FirstElement(n, func(n *html.Node) bool { return n.DataAtom == atom.Nav }) != nil {
				return true
			}
		}
	}
	return false
}

// footerNames and besideNames are what elements are called, where they are not marked as such.
var (
	footerNames = regexp.MustCompile(`(?i)^(site-?|page-?|main-?|global-?)?(footer|foot|fu(ss|ß)(zeile|bereich)?|pied|pied?[-_]?de[-_]?p[aá]g(e|ina)|bas[-_]?de[-_]?page|pie(de|[-_]?di[-_]?pagina)|rodap[eé]|stopka|sidfot|sidefod|bunntekst|voet(tekst)?|alatunniste|pati[cč]ka|z[aá]pat[ií]|l[aá]bl[eé]c|alt-?bilgi|subsol|podval|подвал|podnozje|футер)([-_]?(menu|links|nav|inner|wrapper|content))?$`)
	besideNames = regexp.MustCompile(`(?i)^(sidebar|side-bar|side-column|right-?col(umn)?|advert|advertisement|ad-?(block|box|container|slot|unit|banner)|most-?read|mostread|trending|breadcrumbs?|share-links|share-buttons|social-share|newsletter-box)$`)
)

// isNamed reports whether the id of an element, its role or one of its classes is such a name.
func isNamed(n *html.Node, names *regexp.Regexp) bool {
	switch n.DataAtom {
	case atom.Div, atom.Section, atom.Td, atom.Table, atom.Tr, atom.Ul, atom.P:
		return Attribute(n, "role") == "contentinfo" || slices.ContainsFunc(strings.Fields(Attribute(n, "id")+" "+Attribute(n, "class")), names.MatchString)
	}
	return false
}

// asksConsent reports whether an element is a small box with buttons that speaks of cookies.
func asksConsent(n *html.Node) bool {
	const most = 60
	if n.DataAtom != atom.Div && n.DataAtom != atom.Section {
		return false
	}
	count, button, cookies := 0, false, false
	for inner := range n.Descendants() {
		if count++; count > most {
			return false
		}
		button = button || inner.DataAtom == atom.Button || Attribute(inner, "role") == "button"
		cookies = cookies || inner.Type == html.TextNode && strings.Contains(strings.ToLower(inner.Data), "cookie")
	}
	return button && cookies
}

// isBesideCell reports whether an element is a cell of a table that lays out its page, beside the larger
// one with the heading of the page.
func isBesideCell(n *html.Node) bool {
	if n.DataAtom != atom.Td || FirstElement(n, isBlock) == nil {
		return false
	}
	table := Above(n, atom.Table)
	if table == nil {
		return false
	}
	top := FirstElement(table, func(n *html.Node) bool { return n.DataAtom == atom.H1 })
	for cell := top; cell != nil && cell != table; cell = cell.Parent {
		if cell.DataAtom == atom.Td {
			return cell != n && toldIn(cell) > toldIn(n)
		}
	}
	return false
}

func isBlock(n *html.Node) bool {
	return n.DataAtom == atom.Div || n.DataAtom == atom.Ul || n.DataAtom == atom.H2 || n.DataAtom == atom.P
}

// toldIn is how much text an element has outside links.
func toldIn(n *html.Node) (count int) {
	for inner := range n.Descendants() {
		if inner.Type == html.TextNode && inner.Parent.DataAtom != atom.A {
			count += len(strings.TrimSpace(inner.Data))
		}
	}
	return count
}

// consent is what elements are called that ask for it; cookies alone may be those of a recipe.
var consent = regexp.MustCompile(`(?i)(^|\s)cookie[-_]?bar(\s|$)|cookie[-_]?(law|banner|consent|dialog|disclaimer|modal|notice|overlay|popup|bot)|cookies?[-_]accept|consent[-_]?(banner|manager|popup|modal|dialog)|gdpr|onetrust`)

// renderTold writes the markup of an element without what in it stands beside the text of its page, or is but
// for the eye.
func renderTold(b *strings.Builder, n *html.Node) error {
	switch {
	case IsBeside(n), isSign(n):
		return nil
	case n.Type != html.ElementNode, FirstElement(n, func(n *html.Node) bool { return IsBeside(n) || isSign(n) }) == nil:
		return html.Render(b, n)
	}
	b.WriteString(html.Token{Type: html.StartTagToken, Data: n.Data, Attr: n.Attr}.String())
	for c := range n.ChildNodes() {
		if err := renderTold(b, c); err != nil {
			return err
		}
	}
	b.WriteString("</" + n.Data + ">")
	return nil
}

// LeadsElsewhere reports whether an element is a link to another page.
func LeadsElsewhere(n *html.Node) bool {
	href := Attribute(n, "href")
	scheme, _, _ := strings.Cut(strings.ToLower(href), ":")
	return n.DataAtom == atom.A && href != "" && href[0] != '#' && !slices.Contains([]string{"javascript", "mailto", "tel", "data"}, scheme)
}

// TrimLead returns a text without the signs that lead to it; a number may be below zero.
func TrimLead(text string) string {
	text = strings.TrimLeft(text, " ,;:·|")
	left := strings.TrimLeft(text, "–—-−")
	if r, _ := utf8.DecodeRuneInString(left); !unicode.IsDigit(r) {
		text = left
	}
	return strings.TrimLeft(text, " ,;:·|")
}

// isSign reports whether an element is but a sign for the eye, as the plus of a button.
func isSign(n *html.Node) bool {
	const short = 3
	return Attribute(n, "aria-hidden") == "true" && (Reopens(n.DataAtom) || n.DataAtom == atom.Span || n.DataAtom == atom.Svg) && utf8.RuneCountInString(TextOf(n)) <= short
}

// isHigher reports whether a heading is above a level.
func isHigher(a, level atom.Atom) bool {
	heading := func(a atom.Atom) bool {
		return a == atom.H1 || a == atom.H2 || a == atom.H3 || a == atom.H4 || a == atom.H5
	}
	return heading(a) && heading(level) && a.String() < level.String()
}

// maxMarkup is how much of an element's markup is looked at.
const maxMarkup = 256 << 10
