package feed

import (
	"bytes"
	"cmp"
	"io"
	"strings"

	"keypull/pull"
	"keypull/sources"
)

// Bounds of what is handed to the parser, which keeps all that it is given, at
// a few hundred bytes for each element. Real feeds stay far below them.
const (
	// maxDepth is how deep elements may lie in each other.
	maxDepth = 256
	// maxText is how many bytes the longest texts may have, maxWord any other.
	maxText = 1<<20 - 1024
	maxWord = 16 << 10
	// maxLeaves counts the elements that an item has, maxParts those within a
	// text of it, or within anything else; maxElements those of the whole feed.
	maxLeaves   = 100
	maxParts    = 20_000
	maxFewParts = 500
	maxElements = 200_000
	// maxAttribute is how many bytes the value of an attribute may have.
	maxAttribute = 4096
)

// role is what an element is to a reader of feeds.
type role uint8

const (
	dropped role = iota
	root
	channel
	item
	leaf // something that is known of a channel or an item
	part // whatever lies in a leaf
)

// element is one that is open.
type element struct {
	name []byte
	role role
	// word is the name without prefix, in small letters; ofFeed says that a leaf
	// is one of the feed itself.
	word   string
	ofFeed bool
	// hidden ones are not handed on, only what lies in them.
	hidden bool
	// wanted is what a leaf of an item is gathered as, address what was gathered
	// where that is one.
	wanted  byte
	address []byte
	// base is what relative addresses within count from; "" if nothing is
	// said of it.
	base string
	// leaves counts the leaves of a channel or an item; parts is how many may
	// still lie in a leaf, and room how many bytes it may still say.
	leaves, parts, room int
	cut                 bool
}

// reducer hands the parser what is read of a feed and nothing else: well
// formed, without comments, runs of white space, elements that nobody knows
// and texts beyond all measure. It works in one pass and keeps nothing of it.
type reducer struct {
	text    []byte
	at      int
	pending []byte
	// sent is how much of pending has been read.
	sent int
	open []element
	// address is that of the feed itself.
	address string

	items, elements int
	// bases are those of the items, in their order.
	bases []itemBases
	// asides counts the bytes that were gathered beside.
	asides int
	// said is what the feed says of itself.
	said metadataReader
	// What was found on the way, for the editor.
	tooDeep, tooMany, tooLong, bare, crossed, torn bool
	// wrapped says that the outermost element is one of ours.
	wrapped bool
}

func newReducer(text []byte, address string) *reducer { return &reducer{text: text, address: address} }

// Read implements io.Reader.
func (r *reducer) Read(p []byte) (int, error) {
	for r.sent == len(r.pending) {
		if r.at >= len(r.text) && len(r.open) == 0 {
			return 0, io.EOF
		}
		r.pending, r.sent = r.pending[:0], 0
		r.step()
	}
	n := copy(p, r.pending[r.sent:])
	r.sent += n
	return n, nil
}

// step reads one token.
func (r *reducer) step() {
	rest := r.text[r.at:]
	switch {
	case len(rest) == 0:
		r.torn = len(r.open) > 1 || !r.wrapped
		r.closeTo(0)
	case rest[0] != '<':
		end := bytes.IndexByte(rest, '<')
		if end < 0 {
			end = len(rest)
		}
		r.at += end
		r.write(rest[:end], false)
	case bytes.HasPrefix(rest, []byte(cdataStart)):
		n := skipLength(rest)
		r.at += n
		r.write(bytes.TrimSuffix(rest[len(cdataStart):n], []byte(cdataEnd)), true)
	case skipLength(rest) > 0:
		r.at += skipLength(rest)
	case len(tagName(bytes.TrimPrefix(rest[1:], []byte("/")))) == 0:
		// Titles with a bare "<" are the damage that is seen most.
		r.at++
		r.bare = r.bare || r.topElement().role >= leaf
		r.write([]byte("&lt;"), false)
	default:
		tag := rest
		if end := sources.TagEnd(rest); end > 0 {
			tag = rest[:end]
		}
		r.at += len(tag)
		r.readTag(tag)
	}
}

// topElement returns the innermost open element; an empty one outside of all.
func (r *reducer) topElement() *element {
	if len(r.open) == 0 {
		return &element{}
	}
	return &r.open[len(r.open)-1]
}

// openLeaf returns the leaf that is open, or nil.
func (r *reducer) openLeaf() *element {
	for i := len(r.open) - 1; i >= 0 && r.open[i].role >= leaf; i-- {
		if r.open[i].role == leaf {
			return &r.open[i]
		}
	}
	return nil
}

// write hands on a text of a leaf, as far as there is room in it.
func (r *reducer) write(text []byte, literal bool) {
	in := r.openLeaf()
	if in == nil || r.topElement().role == dropped || in.cut {
		return
	}
	if in.ofFeed && isMetadata(in.word) {
		r.said.addText(in.word, text)
	}
	if literal {
		r.keepAside(in, escapeText(text))
	} else {
		text = goodReferences(text)
		r.keepAside(in, text)
	}
	before := len(r.pending)
	if literal {
		r.pending = append(r.pending, cdataStart...)
	}
	from := len(r.pending)
	var rest []byte
	r.pending, rest = squeeze(r.pending, text, in.room)
	if len(rest) > 0 {
		r.pending = wholeLetters(r.pending, from)
		r.cutOff(in)
	}
	if literal {
		r.pending = append(r.pending, cdataEnd...)
	}
	in.room -= len(r.pending) - before
}

// cutOff ends a leaf with a mark; what follows in it is left out.
func (r *reducer) cutOff(l *element) {
	if !l.cut {
		r.pending = append(r.pending, "…"...)
	}
	l.cut, r.tooLong = true, true
}

// squeeze appends at most room bytes of text to out, runs of white space made
// one, and returns what did not fit.
func squeeze(out, text []byte, room int) (squeezed, rest []byte) {
	for len(text) > 0 && room > 0 {
		n := bytes.IndexAny(text, " \t\r\n")
		if n < 0 {
			n = len(text)
		}
		n = min(n, room)
		out = append(out, text[:n]...)
		text, room = text[n:], room-n
		blank := 0
		for blank < len(text) && isSpace(text[blank]) {
			blank++
		}
		if blank > 0 && room > 0 {
			out = append(out, text[0])
			text, room = text[blank:], room-1
		}
	}
	return out, bytes.TrimLeft(text, " \t\r\n")
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// wholeLetters drops what a cut has left of a letter, an entity or a tag at the end
// of out, which was written from a place on.
func wholeLetters(out []byte, from int) []byte {
	for len(out) > from && out[len(out)-1] >= 0x80 {
		out = out[:len(out)-1]
	}
	tail := out[max(from, len(out)-maxWord):]
	if i := bytes.LastIndexByte(tail, '<'); i > bytes.LastIndexByte(tail, '>') {
		out = out[:len(out)-len(tail)+i]
	}
	tail = out[max(from, len(out)-40):]
	if i := bytes.LastIndexByte(tail, '&'); i > bytes.LastIndexByte(tail, ';') {
		out = out[:len(out)-len(tail)+i]
	}
	return out
}

// readTag reads the beginning or the end of an element.
func (r *reducer) readTag(tag []byte) {
	if tag[1] == '/' {
		called := tagName(tag[2:])
		for i := len(r.open) - 1; i >= 0; i-- {
			if bytes.Equal(r.open[i].name, called) {
				r.crossed = r.crossed || i < len(r.open)-1
				r.closeTo(i)
				return
			}
		}
		r.crossed = true
		return
	}
	called := tagName(tag[1:])
	word := strings.ToLower(string(localName(called[:min(len(called), 64)])))
	if word == "item" || word == "entry" {
		r.closeItem(called)
	}
	if len(r.open) == 0 {
		r.openMissingRoot(word)
	}
	e := element{name: called, word: word, base: r.topElement().base, room: maxWord, parts: maxFewParts, ofFeed: r.topElement().role <= channel}
	e.role = r.roleOf(word)
	e.hidden = e.role == channel && r.topElement().role == channel
	base := attributeIn(tag, "xml:base")
	if base != "" {
		e.base = resolveURL(cmp.Or(e.base, r.address), base)
	}
	if isLong(word) {
		e.room, e.parts = maxText, maxParts
	}
	r.noteBase(word, e, base != "")
	r.noteLinkOrLanguage(tag, e)
	if e.role == item || e.role == leaf && !e.ofFeed || e.role == part && r.topElement().wanted == 0 {
		r.gatherAddress(tag, &e)
	}
	if e.role == part {
		r.gatherMarkup(word)
	}
	if len(r.open) >= maxDepth {
		r.tooDeep = true
		r.endDocument()
		return
	}
	if e.role != dropped && !e.hidden {
		r.writeStartTag(tag, called)
	}
	r.open = append(r.open, e)
	if len(tag) > 1 && tag[len(tag)-2] == '/' {
		r.closeTo(len(r.open) - 1)
	}
}

// endDocument closes all elements, and skips the rest of the document.
func (r *reducer) endDocument() {
	r.at = len(r.text)
	r.closeTo(0)
}

// closeItem closes an item that was left open when the next begins.
func (r *reducer) closeItem(called []byte) {
	for i, e := range r.open {
		if e.role == item && bytes.Equal(e.name, called) {
			r.crossed = true
			r.closeTo(i)
			return
		}
	}
}

// closeTo closes all elements from a place on.
func (r *reducer) closeTo(place int) {
	for i := len(r.open) - 1; i >= place; i-- {
		e := r.open[i]
		r.open = r.open[:i]
		if e.role == leaf && !e.ofFeed || e.role == part {
			r.endAside(e)
		}
		if e.role == dropped || e.hidden {
			continue
		}
		r.pending = append(append(append(r.pending, "</"...), e.name...), '>')
		if e.role == item && r.items >= pull.MaxSnapshotItems && r.hasMoreItems() {
			r.tooMany = true
			r.endDocument()
			return
		}
	}
}

// hasMoreItems reports whether another item follows.
func (r *reducer) hasMoreItems() bool {
	return bytes.Contains(r.text[r.at:], []byte("<item")) || bytes.Contains(r.text[r.at:], []byte("<entry"))
}

// roleOf returns what an element of that name is where the reader stands.
func (r *reducer) roleOf(word string) role {
	r.elements++
	switch in := r.topElement(); in.role {
	case dropped:
		if len(r.open) == 0 {
			return root
		}
	case root, channel:
		switch word {
		case "channel", "items":
			return channel
		case "item", "entry":
			return r.nextItem()
		}
		return r.leafOf(in, isOfFeed(word))
	case item:
		return r.leafOf(in, isOfItem(word))
	case leaf, part:
		l := r.openLeaf()
		if l.parts > 0 && r.elements < maxElements && !l.cut {
			l.parts--
			return part
		}
		r.cutOff(l)
	}
	return dropped
}

func (r *reducer) leafOf(in *element, known bool) role {
	if !known {
		r.elements--
		return dropped
	}
	if in.leaves++; in.leaves > maxLeaves || r.elements >= maxElements {
		return dropped
	}
	return leaf
}

func (r *reducer) nextItem() role {
	if r.items >= pull.MaxSnapshotItems || r.elements >= maxElements {
		r.tooMany = true
		return dropped
	}
	r.items++
	return item
}
