package email

import (
	"bytes"
	"cmp"
	"io"
	"mime"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // letters in the character sets of former times
	"golang.org/x/net/html"
	"golang.org/x/net/idna"
	"golang.org/x/text/encoding/charmap"

	"keypull/pull/what"
	"keypull/web/messengers"
)

// The most that is read of a letter.
const (
	maxLetter  = 14 << 20
	maxFile    = 10 << 20
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
	// flowed: lines of plain that end with a space go on in the next.
	flowed bool
	files  []what.Media
	// notice and returned are of a report on another letter: what became of it,
	// and its header.
	notice   []byte
	returned []byte
}

// open reads a letter; nil if it is none. One that is cut, or broken in its
// later parts, is read as far as it goes.
func open(raw []byte) *letter {
	entity, err := message.ReadWithOptions(bytes.NewReader(raw[:min(len(raw), maxLetter)]), &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if entity == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return nil
	}
	l := &letter{header: entity.Header}
	if senders := l.header.Values("From"); len(senders) == 1 { // of several nobody knows which one was checked
		l.from, _ = mailbox(senders[0])
	}
	if l.answerTo, _ = mailbox(l.header.Get("Reply-To")); l.answerTo == "" {
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
	kind, of, err := e.Header.ContentType()
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
	case disposition == "attachment" || main != "text" || messengers.MediaOf(kind) == what.Contact:
		// A picture within the text is the text's.
		m := what.Media{Type: messengers.MediaOf(kind)}
		if m.Name = cmp.Or(named["filename"], of["name"]); m.Type != what.Contact {
			m.Data, m.Bytes = attached(e)
		}
		if disposition == "attachment" || named["filename"] != "" && (disposition != "inline" || m.Type != what.Image) {
			l.files = append(l.files, m)
		}
	case kind == "text/html":
		if l.page == "" {
			l.page = text(content(e))
		}
	case l.plain == "" && kind == "text/plain":
		l.plain, l.flowed = text(content(e)), strings.EqualFold(of["format"], "flowed")
	}
}

// attached returns the bytes of a file; of one that is too large, or breaks off, how many there
// would be at least.
func attached(e *message.Entity) (data string, size int64) {
	read, err := io.ReadAll(io.LimitReader(e.Body, maxFile+1))
	if err != nil || len(read) > maxFile {
		return "", maxFile + 1
	}
	return string(read), int64(len(read))
}

func content(e *message.Entity) []byte {
	// What was read before it broke off is what there is.
	b, _ := io.ReadAll(io.LimitReader(e.Body, maxPart))
	return b
}

// text returns what of bytes can be read. Those of no letter beyond ASCII in UTF-8, whatever they
// are said to be, are mostly of Windows-1252.
func text(b []byte) string {
	read := strings.ToValidUTF8(string(b), "")
	if len(read) < len(b) && !strings.ContainsFunc(read, func(r rune) bool { return r >= utf8.RuneSelf }) {
		if western, err := charmap.Windows1252.NewDecoder().Bytes(b); err == nil {
			read = string(western)
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(read, "\r\n", "\n"), "\x00", "")
}

// decoded returns a header’s value as people read it (RFC 2047), or as it stands where it can't be.
func decoded(value string) string {
	decoder := mime.WordDecoder{CharsetReader: func(charset string, words io.Reader) (io.Reader, error) {
		if known, err := message.CharsetReader(charset, words); err == nil {
			return known, nil
		}
		return words, nil
	}}
	read, err := decoder.DecodeHeader(value)
	if err != nil {
		read = value
	}
	return text([]byte(read))
}

// oneLine makes one line of a text.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\x00", "")), " ")
}

// angled is what stands in angle brackets.
var angled = regexp.MustCompile(`<([^>]*)>`)

// messageIDs returns the ids of a header's value: those that may be sent back.
func messageIDs(value string) (ids []string) {
	for _, found := range angled.FindAllStringSubmatch(value, -1) {
		if id := strings.TrimSpace(found[1]); id != "" && len(id) <= maxIDBytes && !strings.ContainsFunc(id, strange) {
			ids = append(ids, id)
		}
	}
	if len(ids) > maxIDs {
		ids = append(ids[:1], ids[len(ids)-maxIDs+1:]...)
	}
	return ids
}

// strange returns the characters that no id of a letter has.
func strange(r rune) bool { return r <= ' ' || r >= 0x7f || r == '<' || r == '>' }

// The marks behind which a letter ends.
var (
	// signature is the mark of one (RFC 3676 §4.3), whose space programs lose.
	signature = regexp.MustCompile(`^(--|—|__+|-- )\s*$`)
	// original begins the letter before, as some programs say it.
	original = regexp.MustCompile(`(?i)^(-{2,}\s?[^-]{3,60}\s?-{2,}|_{8,})\s*$`)
	// device is what telephones add.
	device = regexp.MustCompile(`(?i)^(sent (from|via) my |sent from (outlook|mail|yahoo)|get outlook for |von meinem .{2,40} gesendet|gesendet (von|mit) |envoyé (de|depuis) (mon|ma) |enviado desde (mi|o meu) |inviato da |verzonden vanaf )`)
	// block begins the header of the letter before where nothing marks it.
	block = regexp.MustCompile(`(?i)^\*?(from|von|de|da|van|från|fra)\s?:\*?\s.*[@<]`)
	// wrote is what stands before a quotation, as programs word it.
	wrote = regexp.MustCompile(saidToWrite + `\s*$`)
	// wroteBeside is that where the quotation follows in the same line.
	wroteBeside = regexp.MustCompile(saidToWrite + `\s+\S`)
)

// saidToWrite says who wrote what follows.
const saidToWrite = `(?i)^(on|am|le|el|il|op|em|den|w dniu|dne|на|el día)\s.{4,300}(wrote|schrieb[^:]{0,80}|a écrit|escribió|ha scritto|schreef[^:]{0,80}|escreveu|skrev[^:]{0,80}|napisał\(?a?\)?|написал\(?а?\)?)\s?:`

// first returns the first line that the writer of a letter wrote: neither quoted,
// nor said of a quotation, nor of the signature.
func first(l *letter) string {
	text := l.plain
	if strings.TrimSpace(text) == "" {
		text = cmp.Or(readable(l.page), text)
	}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		switch {
		case line == "" || quoted(line):
			continue
		case signature.MatchString(lines[i]), original.MatchString(line), device.MatchString(line), block.MatchString(line):
			return ""
		}
		n := introduces(lines[i:])
		if n == 0 {
			return oneLine(line)
		}
		i += n - 1
	}
	return ""
}

func quoted(line string) bool { return strings.HasPrefix(line, ">") || strings.HasPrefix(line, "|") }

// introduces counts the lines that say who wrote what follows: up to three, the
// last with a colon, before a quotation or worded as programs do.
func introduces(lines []string) int {
	var sentence string
	for n, line := range lines[:min(len(lines), 3)] {
		if line = strings.TrimSpace(line); line == "" {
			return 0
		}
		sentence = strings.TrimSpace(sentence + " " + line)
		if !strings.HasSuffix(line, ":") {
			continue
		}
		rest := lines[n+1:]
		after := slices.IndexFunc(rest, func(s string) bool { return strings.TrimSpace(s) != "" })
		if wrote.MatchString(sentence) || after >= 0 && quoted(strings.TrimSpace(rest[after])) {
			return n + 1
		}
	}
	return 0
}

var (
	// unread are the elements whose text nobody reads, or which hold the letters
	// before; so do those of which a class or id says so.
	unread = strings.Fields("style script head title template blockquote noscript")
	before = regexp.MustCompile(`gmail_quote|gmail_signature|gmail_attr|moz-cite-prefix|moz-signature|yahoo_quoted|divRplyFwdMsg|appendonsend|protonmail_quote`)
	// blocks are the elements that begin a line.
	blocks = strings.Fields("br p div tr li h1 h2 h3 h4 h5 h6 table hr blockquote ul ol pre")
)

func unseen(t html.Token) bool {
	return slices.Contains(unread, t.Data) || slices.ContainsFunc(t.Attr, func(a html.Attribute) bool {
		return (a.Key == "class" || a.Key == "id") && before.MatchString(a.Val)
	})
}

// readable returns the text of a page, a line for each of its blocks, without what
// is quoted.
func readable(page string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	hidden, within := 0, ""
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		t := z.Token()
		switch {
		case kind == html.CommentToken || kind == html.TextToken && hidden > 0:
			continue
		case kind == html.TextToken:
			out.WriteString(oneSpace(t.Data))
			continue
		case kind == html.StartTagToken && hidden > 0 && t.Data == within:
			hidden++
		case kind == html.StartTagToken && hidden == 0 && unseen(t):
			hidden, within = 1, t.Data
		case kind == html.EndTagToken && hidden > 0 && t.Data == within:
			hidden--
		}
		if slices.Contains(blocks, t.Data) {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// oneSpace keeps that there is space, and no lines of the source.
func oneSpace(s string) string {
	return html.UnescapeString(strings.NewReplacer("\n", " ", "\t", " ", "\u00a0", " ").Replace(s))
}

// maxAddress is how long an address may be (RFC 5321 §4.5.3.1).
const maxAddress = 254

// mailbox reads an address as somebody wrote it, alone or with a name before
// it, and returns the one spelling that stands for it: small letters, the domain
// in ASCII. What is encoded of it is but a name: it is never read as an address.
func mailbox(written string) (string, bool) {
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: func(_ string, name io.Reader) (io.Reader, error) { return name, nil }}}
	parsed, err := parser.Parse(strings.TrimSpace(strings.ToValidUTF8(written, "")))
	if err != nil {
		return "", false
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	if at <= 0 {
		return "", false
	}
	domain, err := idna.Lookup.ToASCII(parsed.Address[at+1:])
	if err != nil || domain == "" {
		return "", false
	}
	address := strings.ToLower(parsed.Address[:at] + "@" + domain)
	if len(address) > maxAddress || strings.ContainsFunc(address, odd) {
		return "", false
	}
	return address, true
}

// odd returns the characters that end an address, or a command that holds it.
func odd(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`<>"\,;:()[]`, r) }

// Identify takes an address in any spelling, or a link to it.
func (*account) Identify(typed string) (string, bool) {
	if rest, ok := strings.CutPrefix(typed, "mailto:"); ok {
		rest, _, _ = strings.Cut(rest, "?")
		if plain, err := url.PathUnescape(rest); err == nil {
			typed = plain
		}
	}
	return mailbox(typed)
}

// Mailbox takes an address as Identify does.
func (a *account) Mailbox(typed string) (string, bool) { return a.Identify(typed) }

// Link opens a letter to the address, with the words as its subject.
func (a *account) Link(words string) string {
	if words == "" {
		return "mailto:" + a.address
	}
	return "mailto:" + a.address + "?subject=" + url.PathEscape(words)
}
