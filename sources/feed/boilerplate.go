package feed

import (
	_ "embed"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/pull/what/textform"
	"keypull/sources"
)

// boilerplate frees the texts of an item of what publishing systems hang on
// them for other readers of feeds: "Read more", "The post … appeared first
// on …". By whatever words it is said, it stands at the end and is made of
// links; no text that is not a link is taken for such, but for the few words
// between them.
type boilerplate struct{ title, link string }

// plainText returns a text of the item without markup and boilerplate.
func (p boilerplate) plainText(text string) string {
	cut := text
	if strings.Contains(text, "</a") || strings.Contains(text, "</A") {
		cut = p.withoutTail(text)
	}
	plain := sources.Plain(cut)
	if len(cut) < len(text) {
		plain = strings.TrimRight(plain, " \n([«»→›|")
	}
	return p.withoutLine(plain)
}

// run is a stretch of HTML: a text, within a link or outside, or a break
// between paragraphs.
type run struct {
	from int
	text string
	// href is that of the link that it stands in; link counts the links, so
	// that two in a row are told apart.
	href string
	link int
	gap  bool
}

// maxTail is how much of the end of a text is looked at.
const maxTail = 8 << 10

// withoutTail cuts from HTML the links at its end that only lead to the rest,
// and paragraphs of a few words about where it appeared.
func (p boilerplate) withoutTail(text string) string {
	from := tailFrom(text)
	runs := runsOf(text[from:])
	for {
		end := len(runs)
		for end > 0 && (runs[end-1].gap || isWordless(runs[end-1].text) && runs[end-1].link == 0) {
			end--
		}
		begin := end
		for begin > 0 && !runs[begin-1].gap {
			begin--
		}
		if begin == end {
			break
		}
		switch last := runs[end-1]; {
		case p.credits(runs[begin:end]):
			text = text[:from+runs[begin].from]
			runs = runs[:begin]
			continue
		case last.link > 0 && p.sendsOn(runs[begin:end], last.link):
			for end > begin && runs[end-1].link == last.link {
				end--
			}
			text = text[:from+runs[end].from]
			runs = runs[:end]
			continue
		}
		break
	}
	return text
}

// tailFrom returns where the end of a text begins, at a tag.
func tailFrom(text string) int {
	from := max(0, len(text)-maxTail)
	if from == 0 {
		return 0
	}
	if i := strings.IndexByte(text[from:], '<'); i >= 0 {
		return from + i
	}
	return len(text)
}

func linkText(runs []run, link int) string {
	var b strings.Builder
	for _, r := range runs {
		if r.link == link {
			b.WriteString(r.text + " ")
		}
	}
	return b.String()
}

// runsOf splits HTML into runs.
func runsOf(text string) []run {
	var runs []run
	var href string
	at, link, inside := 0, 0, false
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return runs
		}
		from := at
		at += len(z.Raw())
		r := run{from: from}
		switch kind {
		case html.TextToken:
			r.text = string(z.Text())
			if inside {
				r.href, r.link = href, link
			}
			runs = append(runs, r)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			t := z.Token()
			switch {
			case t.DataAtom == atom.A && kind == html.StartTagToken:
				href, inside = sources.TokenAttribute(t, "href"), true
				link++
				runs = append(runs, run{from: from, href: href, link: link})
			case t.DataAtom == atom.A:
				inside = false
			case startsParagraph(t.DataAtom):
				r.gap = true
				runs = append(runs, r)
			}
		}
	}
}

// startsParagraph reports whether an element begins a new paragraph.
func startsParagraph(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Br, atom.Hr, atom.Ul, atom.Ol, atom.Li, atom.Section, atom.Article, atom.Footer, atom.Blockquote,
		atom.Figure, atom.Table, atom.Tr, atom.Td, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Pre:
		return true
	}
	return false
}

// isWordless says that a text has no word.
func isWordless(text string) bool { return strings.IndexFunc(text, isWordRune) < 0 }

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// sendsOn says whether the link with which a paragraph ends only leads to the
// rest: by its words, and because it stands alone, or behind the end of a
// sentence, or does not go on with the one before it.
func (p boilerplate) sendsOn(paragraph []run, link int) bool {
	text := strings.TrimSpace(linkText(paragraph, link))
	if !p.leadsOn(text) {
		return false
	}
	var before string
	for _, r := range paragraph {
		if r.link == link {
			break
		}
		before += r.text
	}
	before = strings.TrimRight(before, " \n\t\r\u00a0([«→")
	begin, _ := utf8.DecodeRuneInString(text)
	end, _ := utf8.DecodeLastRuneInString(before)
	return isWordless(before) || strings.ContainsRune(".!?…]。:|>", end) || unicode.IsUpper(begin) && len(text) >= len("Read more")
}

// maxCredit is how many words stand between the links of a paragraph that
// only tells where the item appeared.
const maxCredit = 12

// credits says whether a paragraph tells where the item appeared: it links the
// item by its title, and the site, and has a few words beside at most.
func (p boilerplate) credits(paragraph []run) bool {
	self, home, others, words, done := false, false, 0, 0, 0
	for _, r := range paragraph {
		switch {
		case r.link == 0:
			words += len(strings.FieldsFunc(r.text, notWord))
		case r.link == done:
		case p.title != "" && sameWords(linkText(paragraph, r.link), p.title) && pathRelation(r.href, p.link) == 0:
			self, done = true, r.link
		case pathRelation(r.href, p.link) > 0:
			home, done = true, r.link
		default:
			others, done = others+1, r.link
		}
	}
	return self && home && others == 0 && words > 0 && words <= maxCredit
}

// pathRelation tells how a page lies to another address of its site: 0 where they
// are the same page, 1 where the address is of a folder around it, else -1.
func pathRelation(address, page string) int {
	a, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return -1
	}
	b, err := url.Parse(page)
	if err != nil || a.Host == "" || !strings.EqualFold(strings.TrimPrefix(a.Host, "www."), strings.TrimPrefix(b.Host, "www.")) {
		return -1
	}
	outer, inner := strings.Trim(a.Path, "/"), strings.Trim(b.Path, "/")
	switch {
	case outer == inner && (inner != "" || a.RawQuery == b.RawQuery):
		return 0
	case outer == "" || strings.HasPrefix(inner, outer+"/"):
		return 1
	}
	return -1
}

func notWord(r rune) bool { return !isWordRune(r) && r != '\'' && r != '’' }

// sameWords reports whether two texts have the same words in the same order.
func sameWords(a, b string) bool {
	words := func(s string) string {
		return strings.Join(strings.FieldsFunc(textform.Fold(sources.Line(s)), notWord), " ")
	}
	return words(a) == words(b)
}

// leadsOn says whether a text only says that there is more: of the words of
// one language that say so, and perhaps the title.
func (p boilerplate) leadsOn(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(sources.Line(text)), notWord)
	if title := strings.FieldsFunc(strings.ToLower(p.title), notWord); len(title) > 0 && len(words) > len(title) {
		if rest := words[:len(words)-len(title)]; strings.Join(words[len(rest):], " ") == strings.Join(title, " ") {
			words = rest
		}
	}
	if len(words) == 0 || len(words) > 7 {
		return false
	}
	return slices.ContainsFunc(strings.Split(strings.TrimSpace(phrases["on"]), "\n"), func(list string) bool {
		core, _, _ := strings.Cut(list, "|")
		isIn := func(list string) func(string) bool {
			return func(word string) bool { return slices.Contains(strings.Fields(list), word) }
		}
		others := slices.DeleteFunc(slices.Clone(words), isIn(list))
		return len(others) == 0 && slices.ContainsFunc(words, isIn(core))
	})
}

//go:embed boilerplate.txt
var phraseTable string

var phrases = textform.Sections(phraseTable)

// credit finds the sentences of that kind in texts without links, by the
// title between the words that publishing systems come with.
var credit = regexp.MustCompile(`(?i)^(?:` + strings.ReplaceAll(strings.TrimSpace(phrases["credit"]), "\n", "|") + `)$`)
