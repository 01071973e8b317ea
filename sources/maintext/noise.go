package maintext

import (
	_ "embed"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/pull/what/textform"
	"keypull/sources"
)

// mostOfPage is the share of a page's prose beyond which nothing is taken for noise,
// whatever it is called; mostOfTalk the share of what is called a comment.
const (
	mostOfPage = 0.2
	mostOfTalk = 0.7
)

// isNoise reports whether an element is no text of the page, by its kind or by the names that its
// author gave it.
func (p *page) isNoise(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Svg, atom.Select, atom.Button, atom.Input, atom.Textarea, atom.Audio, atom.Video, atom.Canvas, atom.Dialog, atom.Figcaption, atom.Nav:
		return true
	case atom.Html, atom.Head, atom.Body, atom.Main, atom.H1:
		return false
	}
	share := float64(p.sizes[n].prose) / float64(max(p.prose, 1))
	if share > mostOfTalk {
		return false
	}
	switch n.DataAtom {
	case atom.Footer, atom.Aside, atom.Menu, atom.Label:
		if share <= mostOfPage {
			return true
		}
	}
	return isHidden(n) || noise["roles"][strings.ToLower(sources.Attribute(n, "role"))] || hasNoisyName(namesOf(n), share > mostOfPage || n.DataAtom == atom.Article)
}

// isHidden reports whether an element is not shown.
func isHidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "style":
			style := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

// namesOf returns the names that its author gave to an element.
func namesOf(n *html.Node) (names string) {
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "itemprop", "data-component", "data-testid":
			names += " " + a.Val
		}
	}
	return names
}

//go:embed noise.txt
var noiseTable string

// noise are the words of the names that authors give to what is no text of a page.
var noise = textform.Sets(noiseTable)

// hasNoisyName reports whether the names of an element say that it is no text of a page.
func hasNoisyName(names string, much bool) bool {
	const most = 400
	for name := range strings.FieldsSeq(names[:min(len(names), most)]) {
		before := ""
		for _, w := range nameWords(name) {
			if noise["talk"][w] || !much && (noise["words"][w] || noise["pairs"][before+"_"+w]) {
				return true
			}
			before = w
		}
	}
	return false
}

// nameWords returns the words of a name, by its marks and its capitals.
func nameWords(name string) []string {
	var all []string
	begin := 0
	lower := false
	cut := func(end int) {
		if end > begin {
			all = append(all, strings.ToLower(name[begin:end]))
		}
	}
	for i, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			cut(i)
			begin = i + len(string(r))
		case unicode.IsUpper(r) && lower:
			cut(i)
			begin = i
		}
		lower = unicode.IsLower(r)
	}
	cut(len(name))
	return all
}
