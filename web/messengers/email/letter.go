package email

import (
	"bytes"
	"io"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // letters in the character sets of former times

	"keypull/pull/what"
	"keypull/web/messengers"
)

// The most that is read of a letter.
const (
	maxLetter  = 1 << 20
	maxHeader  = 64 << 10
	maxPart    = 256 << 10
	maxParts   = 60
	maxDepth   = 8
	maxIDs     = 20
	maxIDBytes = 200
)

// letter is one as it came, with what of it is read.
type letter struct {
	header message.Header
	// id and references are without their angle brackets.
	id         string
	references []string
	from       string
	answerTo   string
	subject    string
	// plain and page are the first text of each form.
	plain string
	page  string
	files []what.Media
	// notice and returned are of a report on another letter: what became of it,
	// and its header.
	notice   []byte
	returned []byte
}

// open reads a letter; nil where it is none. One that is cut, or broken in its
// later parts, is read as far as it goes.
func open(raw []byte) *letter {
	entity, err := message.ReadWithOptions(bytes.NewReader(raw[:min(len(raw), maxLetter)]), &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if entity == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return nil
	}
	l := &letter{header: entity.Header}
	l.from, _ = mailbox(decoded(l.header.Get("From")))
	if l.answerTo, _ = mailbox(decoded(l.header.Get("Reply-To"))); l.answerTo == "" {
		l.answerTo = l.from
	}
	l.subject = oneLine(decoded(l.header.Get("Subject")))
	if ids := messageIDs(l.header.Get("Message-Id")); len(ids) > 0 {
		l.id = ids[0]
	}
	l.references = messageIDs(l.header.Get("References"))
	for _, id := range messageIDs(l.header.Get("In-Reply-To")) {
		if !strings.Contains(strings.Join(l.references, " "), id) {
			l.references = append(l.references, id)
		}
	}
	parts := maxParts
	l.read(entity, 0, &parts)
	return l
}

// read takes what is needed of a part, and of those in it.
func (l *letter) read(e *message.Entity, depth int, parts *int) {
	if *parts--; *parts < 0 {
		return
	}
	if inner := e.MultipartReader(); inner != nil {
		for depth < maxDepth && *parts > 0 {
			part, err := inner.NextPart()
			if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				return
			}
			l.read(part, depth+1, parts)
		}
		return
	}
	kind, _, err := e.Header.ContentType()
	if err != nil || kind == "" {
		kind = "text/plain"
	}
	disposition, named, _ := e.Header.ContentDisposition()
	main, _, _ := strings.Cut(kind, "/")
	switch {
	case kind == "message/delivery-status" || kind == "message/global-delivery-status" || kind == "message/disposition-notification":
		l.notice = content(e)
	case kind == "message/rfc822" || kind == "text/rfc822-headers" || kind == "message/global" || kind == "message/global-headers":
		l.returned = content(e)
	case disposition == "attachment" || main != "text":
		l.file(main, disposition, named["filename"])
	case kind == "text/html":
		if l.page == "" {
			l.page = text(content(e))
		}
	case l.plain == "" && kind == "text/plain":
		l.plain = text(content(e))
	}
}

// file notes what was attached. A picture within the text is the text's.
func (l *letter) file(main, disposition, name string) {
	if disposition != "attachment" && name == "" {
		return
	}
	m := what.Media{Type: messengers.MediaOf(main)}
	if disposition == "inline" && m.Type == what.Image {
		return
	}
	l.files = append(l.files, m)
}

func content(e *message.Entity) []byte {
	// What was read before it broke off is what there is.
	b, _ := io.ReadAll(io.LimitReader(e.Body, maxPart))
	return b
}

// text is what of bytes can be read.
func text(b []byte) string {
	return strings.ReplaceAll(strings.ToValidUTF8(strings.ReplaceAll(string(b), "\r\n", "\n"), ""), "\x00", "")
}

// decoded is a header’s value as people read it (RFC 2047), or as it stands where it can't be.
func decoded(value string) string {
	decoder := mime.WordDecoder{CharsetReader: message.CharsetReader}
	read, err := decoder.DecodeHeader(value)
	if err != nil || !utf8.ValidString(read) {
		read = strings.ToValidUTF8(value, "")
	}
	return read
}

// oneLine makes one line of a text.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\x00", "")), " ")
}

// messageIDs are the ids of a header's value: those that may be sent back.
func messageIDs(value string) []string {
	var ids []string
	for {
		_, rest, ok := strings.Cut(value, "<")
		if !ok {
			return ids
		}
		id, rest, ok := strings.Cut(rest, ">")
		if !ok {
			return ids
		}
		if id = strings.TrimSpace(id); id != "" && len(id) <= maxIDBytes && !strings.ContainsFunc(id, strange) {
			ids = append(ids, id)
		}
		if len(ids) > maxIDs {
			ids = append(ids[:1], ids[len(ids)-maxIDs+1:]...)
		}
		value = rest
	}
}

// strange are the characters that no id of a letter has.
func strange(r rune) bool { return r <= ' ' || r >= 0x7f || r == '<' || r == '>' }
