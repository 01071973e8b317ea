package newsfeed

import (
	"bytes"
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"keypull/pull"
	"keypull/pull/what/textform"
	"keypull/sources"
)

// Bounds of what is kept of a document. Real feeds stay far below them.
const (
	// MaxDepth is how deep elements may lie in each other.
	MaxDepth = 256
	// MaxText is how many bytes the longest texts may have, maxWord any other.
	MaxText = 1<<20 - 1024
	maxWord = 16 << 10
	// maxLeaves counts the elements that an item has, maxParts those within a text
	// of it, maxFewParts within anything else; MaxElements those of the whole feed.
	maxLeaves   = 100
	maxParts    = 20_000
	maxFewParts = 500
	MaxElements = 200_000
	// maxAttribute is how many bytes the value of an attribute may have.
	maxAttribute = 4096
	// maxName is how long a name may be.
	maxName = 64
	// maxJunk is how much of other text may stand before a feed, or around it.
	maxJunk = 16 << 10
)

// node is an element that is read, with what it says: text and markup as HTML.
type node struct {
	// space is what a namespace is called here, "" for those of the feed's own format.
	space, name string
	attrs       []html.Attribute
	kids        []*node
	text        []byte
	base, lang  string
}

// attr returns the first attribute of these names that says something.
func (n *node) attr(names ...string) string {
	for _, name := range names {
		for _, a := range n.attrs {
			if a.Key == name && strings.TrimSpace(a.Val) != "" {
				return strings.TrimSpace(a.Val)
			}
		}
	}
	return ""
}

// is reports whether an element is called so: "title" of the feed's own format,
// "dc:title" of another, "*:title" of any.
func (n *node) is(called string) bool {
	space, name, spaced := strings.Cut(called, ":")
	if !spaced {
		space, name = "", called
	}
	return n.name == name && (space == "*" || n.space == space || space == "" && n.space == atomSpace)
}

// all returns the elements within that are called so.
func (n *node) all(called string) (found []*node) {
	for _, k := range n.kids {
		if k.is(called) {
			found = append(found, k)
		}
	}
	return found
}

// textOf returns the text of the first element that says something, the surest name first.
func (n *node) textOf(names ...string) string {
	for _, called := range names {
		for _, k := range n.all(called) {
			if text := k.ownText(); text != "" {
				return text
			}
		}
	}
	return ""
}

// ownText returns the text of an element, which Atom may have in Base64.
func (n *node) ownText() string {
	text := strings.TrimSpace(string(n.text))
	kind := strings.ToLower(n.attr("type"))
	binary := strings.Contains(kind, "/") && !strings.HasPrefix(kind, "text/") && !strings.HasSuffix(kind, "xml") && !strings.Contains(kind, "html") &&
		!strings.HasPrefix(kind, "multipart/") && !strings.HasSuffix(kind, "json")
	if strings.EqualFold(n.attr("mode"), "base64") || binary {
		return decodedBase64(text)
	}
	return text
}

// role is what an open element is.
type role uint8

const (
	dropped role = iota
	root
	channel
	item
	known // something that is known of a channel or an item
	part  // markup in its text
)

// frame is an element that is open; markup and what is dropped have no node.
type frame struct {
	*node
	called string
	role   role
	// leaves counts what lies in it; parts is how much markup may still, and room how
	// many bytes it may still say.
	leaves, parts, room int
	cut                 bool
}

// markup reads a document in one pass, as leniently as browsers do.
type markup struct {
	text    []byte
	at      int
	address string
	open    []frame
	spaces  map[string]string
	// own is the prefix of the outermost element.
	own      string
	head     *node
	items    []*node
	elements int
	// wrapped says that the outermost element is one of ours.
	wrapped bool
	Damage
}

// Damage is what was wrong with a document that was read all the same.
type Damage struct{ TooMany, TooLong, Bare, Crossed, Junk bool }

// readMarkup reads the elements of a document.
func readMarkup(text []byte, address string) (*markup, error) {
	r := &markup{text: text, address: address, spaces: map[string]string{}, head: &node{}}
	outside := 0
	for r.at < len(text) {
		rest, before := text[r.at:], r.at
		n := skipLength(rest)
		switch {
		case rest[0] != '<':
			if n = bytes.IndexByte(rest, '<'); n < 0 {
				n = len(rest)
			}
			r.at += n
			r.addText(rest[:n])
		case bytes.HasPrefix(rest, []byte(cdataStart)):
			r.at += n
			r.writeText(bytes.TrimSuffix(rest[len(cdataStart):n], []byte(cdataEnd)))
		case n > 0:
			r.at += n
			r.Junk = r.Junk || outside > 0 && r.own == "" && bytes.HasPrefix(rest, []byte("<?xml"))
			continue
		case len(tagName(bytes.TrimPrefix(rest[1:], []byte("/")))) == 0:
			// Titles with a bare "<" are the damage that is seen most.
			r.at++
			r.Bare = r.Bare || r.speaker() != nil
			r.writeText([]byte("&lt;"))
		default:
			tag := rest
			if end := sources.TagEnd(rest); end > 0 {
				tag = rest[:end]
			}
			r.at += len(tag)
			if err := r.readTag(tag); err != nil {
				return nil, err
			}
		}
		if r.own == "" {
			if outside += r.at - before; outside > maxJunk {
				return nil, ErrNoFeed
			}
		}
	}
	switch {
	case r.own == "":
		return nil, ErrNoFeed
	case len(r.open) > 1 || len(r.open) == 1 && !r.wrapped:
		return nil, ErrTorn
	}
	return r, nil
}

const (
	cdataStart = "<![CDATA["
	cdataEnd   = "]]>"
)

// skipLength returns the length of a comment, character data, instruction or
// declaration at the beginning of text; zero for anything else.
func skipLength(text []byte) int {
	for _, section := range [][2]string{{"<!--", "-->"}, {cdataStart, cdataEnd}, {"<?", "?>"}, {"<!", ">"}} {
		if !bytes.HasPrefix(text, []byte(section[0])) {
			continue
		}
		end := bytes.Index(text[len(section[0]):], []byte(section[1]))
		if end < 0 {
			return len(text)
		}
		return len(section[0]) + end + len(section[1])
	}
	return 0
}

// tagName returns the name at the beginning of a tag.
func tagName(text []byte) []byte {
	for i, c := range text {
		if c == '>' || c == '/' || c <= ' ' || c == '<' || c == '=' || c >= utf8.RuneSelf {
			return text[:i]
		}
	}
	return text
}

// top returns the innermost open element; an empty one outside of all.
func (r *markup) top() *frame {
	if len(r.open) == 0 {
		return &frame{}
	}
	return &r.open[len(r.open)-1]
}

// speaker returns the element whose text is read, or nil.
func (r *markup) speaker() *frame {
	for i := len(r.open) - 1; i >= 0 && r.open[i].role >= known; i-- {
		if r.open[i].role == known {
			return &r.open[i]
		}
	}
	return nil
}

// addText adds a text as it is written. Within markup it stays so; elsewhere what is
// escaped is markup.
func (r *markup) addText(raw []byte) {
	const piece = 64 << 10
	for r.top().role == known && len(raw) > 0 && !r.top().cut {
		n := min(len(raw), piece)
		if i := bytes.LastIndexByte(raw[:n], '&'); n < len(raw) && i > n-40 {
			n = i // no entity is parted
		}
		text := noCharacter.ReplaceAll(raw[:n], nil)
		r.writeText([]byte(html.UnescapeString(string(text))))
		raw = raw[n:]
	}
	if r.top().role == part {
		r.writeText(raw)
	}
}

// noCharacter is a reference to what no document may have.
var noCharacter = regexp.MustCompile(`&#(?:x?0+|x?FFF[EF]);?`)

// writeText adds to what an element says, as far as there is room in it.
func (r *markup) writeText(text []byte) {
	in := r.speaker()
	if in == nil || r.top().role == dropped || in.cut {
		return
	}
	fits := min(len(text), in.room)
	in.text, in.room = append(in.text, text[:fits]...), in.room-fits
	if len(bytes.TrimSpace(text[fits:])) > 0 {
		in.text = wholeLetters(in.text)
		r.cutOff(in)
	}
}

// cutOff ends an element with a mark; what follows in it is left out.
func (r *markup) cutOff(in *frame) {
	if !in.cut {
		in.text = append(in.text, "…"...)
	}
	in.cut, r.TooLong = true, true
}

// wholeLetters drops what a cut has left of a letter, an entity or a tag at the end.
func wholeLetters(out []byte) []byte {
	for len(out) > 0 && out[len(out)-1] >= 0x80 {
		out = out[:len(out)-1]
	}
	tail := out[max(0, len(out)-maxWord):]
	if i := bytes.LastIndexByte(tail, '<'); i > bytes.LastIndexByte(tail, '>') {
		out = out[:len(out)-len(tail)+i]
	}
	tail = out[max(0, len(out)-40):]
	if i := bytes.LastIndexByte(tail, '&'); i > bytes.LastIndexByte(tail, ';') {
		out = out[:len(out)-len(tail)+i]
	}
	return out
}

// readTag reads the beginning or the end of an element.
func (r *markup) readTag(tag []byte) error {
	if tag[1] == '/' {
		r.endElement(strings.ToLower(string(tagName(tag[2:]))))
		return nil
	}
	called := strings.ToLower(string(tagName(tag[1:min(len(tag), maxName)])))
	prefix, word, spaced := strings.Cut(called, ":")
	if !spaced {
		prefix, word = "", called
	}
	if len(r.open) == 0 {
		switch {
		case word == "html" && r.own == "":
			return ErrNoFeed
		case !roots[word]:
			return nil
		case word == "channel" || word == "entry":
			r.open, r.wrapped = append(r.open, frame{role: root, node: r.head}), true
		}
		r.own = called
	}
	if word == "item" || word == "entry" {
		r.closeOpenItem(called)
	}
	if len(r.open) >= MaxDepth {
		return ErrDeep
	}
	f := frame{node: r.top().node, called: called, room: maxWord, parts: maxFewParts}
	switch f.role = r.roleOf(word); f.role {
	case part:
		r.writeText(append([]byte("<"), tag[1+len(called)-len(word):]...))
	case item, known:
		if f.node = r.addNode(prefix, word, tag); longTexts[word] {
			f.room, f.parts = MaxText, maxParts
		}
	case root, channel:
		f.node = r.head
		r.readAttributes(r.head, tag)
	}
	r.open = append(r.open, f)
	if tag[len(tag)-2] == '/' {
		r.closeTo(len(r.open) - 1)
	}
	return nil
}

// readAttributes reads the attributes of a tag, and what they say of all within.
func (r *markup) readAttributes(n *node, tag []byte) {
	const longest = 64 << 10
	z := html.NewTokenizer(bytes.NewReader(tag[:min(len(tag), longest)]))
	z.Next()
	attrs := z.Token().Attr
	n.attrs = nil
	for _, a := range attrs[:min(len(attrs), maxLeaves)] {
		if len(a.Val) > maxAttribute || len(a.Key) > maxName {
			continue
		}
		a.Val = strings.Clone(a.Val) // which would hold the whole tag
		n.attrs = append(n.attrs, a)
		if name, ok := strings.CutPrefix(a.Key, "xmlns"); ok {
			r.spaces[strings.TrimPrefix(name, ":")] = a.Val
		}
	}
	n.lang = cmp.Or(n.attr("xml:lang"), n.lang)
	if base := n.attr("xml:base"); base != "" {
		n.base = resolveURL(cmp.Or(n.base, r.address), base)
	}
}

// addNode keeps an element with its attributes where it stands.
func (r *markup) addNode(prefix, word string, tag []byte) *node {
	above := r.top().node
	n := &node{name: word, base: above.base}
	r.readAttributes(n, tag)
	if n.space = r.spaceOf(prefix); word == "item" || word == "entry" {
		r.items = append(r.items, n)
	} else {
		above.kids = append(above.kids, n)
	}
	return n
}

// endElement closes an element.
func (r *markup) endElement(called string) {
	for i := len(r.open) - 1; i >= 0; i-- {
		if r.open[i].called == called {
			r.Crossed = r.Crossed || i < len(r.open)-1
			r.closeTo(i)
			return
		}
	}
	r.Crossed = r.Crossed || r.own != ""
}

// closeOpenItem closes an item that was left open when the next begins.
func (r *markup) closeOpenItem(called string) {
	for i, f := range r.open {
		if f.role == item && f.called == called {
			r.Crossed = true
			r.closeTo(i)
			return
		}
	}
}

// closeTo closes all elements from a place on. What follows the last item that is kept
// is not read.
func (r *markup) closeTo(place int) {
	for i := len(r.open) - 1; i >= place; i-- {
		f := r.open[i]
		r.open = r.open[:i]
		if f.role == part {
			r.writeText([]byte("</" + f.called[strings.IndexByte(f.called, ':')+1:] + ">"))
		}
		rest := r.text[r.at:]
		if f.role == item && len(r.items) >= pull.MaxSnapshotItems && (bytes.Contains(rest, []byte("<item")) || bytes.Contains(rest, []byte("<entry"))) {
			r.TooMany, r.at = true, len(r.text)
			r.open = nil
			return
		}
	}
}

// roleOf returns what an element is where the reader stands.
func (r *markup) roleOf(word string) role {
	r.elements++
	in := r.top()
	switch in.role {
	case dropped:
		if len(r.open) == 0 {
			return root
		}
	case root, channel:
		switch word {
		case "channel", "items":
			return channel
		case "item", "entry":
			if len(r.items) >= pull.MaxSnapshotItems || r.elements >= MaxElements {
				r.TooMany = true
				return dropped
			}
			return item
		}
		return r.leafOf(in, ofFeed[word])
	case item:
		return r.leafOf(in, ofItem[word] || isOfPrice(word))
	case known, part:
		if in.role == known && holdsElements(in.node) {
			return r.leafOf(in, true)
		}
		speaker := r.speaker()
		if speaker.parts > 0 && r.elements < MaxElements && !speaker.cut {
			speaker.parts--
			return part
		}
		r.cutOff(speaker)
	}
	return dropped
}

func (r *markup) leafOf(in *frame, isKnown bool) role {
	if !isKnown {
		r.elements--
		return dropped
	}
	if in.leaves++; in.leaves > maxLeaves || r.elements >= MaxElements {
		return dropped
	}
	return known
}

// atomSpace is the namespace of Atom within another format.
const atomSpace = "atom"

// spaces are namespaces by a part of their address.
var spaces = [][2]string{
	{"search.yahoo.com/mrss", "media"}, {"purl.org/dc/", "dc"}, {"itunes.com/dtds", "itunes"}, {"rss/1.0/modules/content", "content"},
	{"w3.org/2005/Atom", atomSpace}, {"purl.org/atom/", atomSpace},
}

// spaceOf returns what the namespace of a prefix is called here.
func (r *markup) spaceOf(prefix string) string {
	own, _, spaced := strings.Cut(r.own, ":")
	if at := r.spaces[prefix]; prefix == "" || spaced && own == prefix || strings.HasSuffix(at, "purl.org/rss/1.0/") || strings.HasSuffix(at, "/rss2") {
		return ""
	}
	for _, s := range spaces {
		if strings.Contains(r.spaces[prefix], s[0]) {
			return s[1]
		}
	}
	return prefix
}

// holdsElements reports whether an element holds others, and not a text.
func holdsElements(n *node) bool {
	return n.space == "media" && slices.Contains([]string{"group", "content"}, n.name) ||
		slices.Contains([]string{"author", "image", "skiphours", "skipdays"}, n.name)
}

// resolveURL resolves href against base by RFC 3986; where either is unreadable it
// returns base.
func resolveURL(base, href string) string {
	b, err := url.Parse(base)
	if err != nil {
		return base
	}
	u, err := b.Parse(strings.TrimSpace(href))
	if err != nil {
		return base
	}
	return u.String()
}

var (
	// roots are what the outermost element of a feed may be called, longTexts the elements
	// that hold a text rather than a few words.
	roots     = textform.Set("rss feed rdf channel entry")
	longTexts = textform.Set("description encoded content summary abstract fullitem body div")
	// ofFeed and ofItem are the elements of a feed itself and of an item that something is read of.
	ofFeed = textform.Set("title link language pubdate lastbuilddate date updated modified ttl skiphours skipdays updateperiod updatefrequency")
	ofItem = textform.Set(`title link guid id description encoded content summary subtitle pubdate date published issued created updated modified
		author creator category subject keywords enclosure image thumbnail group duration language credit copyright price abstract fullitem body div origlink comments player`)
)
