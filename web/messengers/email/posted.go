package email

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"keypull/pull"
	"keypull/web/messengers"
)

// bracketed is how the subject of a letter to people of the publisher names what it is about.
var bracketed = regexp.MustCompile(`(?i)\[(` + messengers.StaffKey + `[^\]\s]{0,64})\]`)

// posted returns what a letter says that answers one to people of the publisher; nil of others.
// It names what it answers by our ids among its references, by its subject, or by the address
// that it was sent to.
func (a *account) posted(l *letter) *pull.Posted {
	p := &pull.Posted{By: l.from}
	note := func(mark string) {
		if len(mark) >= len(messengers.StaffKey) && strings.EqualFold(mark[:len(messengers.StaffKey)], messengers.StaffKey) {
			p.Staff = true
			p.Below = append(p.Below, mark)
		}
	}
	for _, id := range l.references {
		if local, domain, _ := strings.Cut(id, "@"); strings.EqualFold(domain, a.domain) {
			key, err := url.QueryUnescape(local[:max(strings.LastIndexByte(local, '.'), 0)])
			if err == nil {
				note(key)
			}
		}
	}
	for _, found := range bracketed.FindAllStringSubmatch(l.subject, -1) {
		note(found[1])
	}
	name, _, _ := strings.Cut(a.address, "@")
	for _, header := range []string{"To", "Cc", "Delivered-To", "X-Original-To"} {
		for _, value := range l.header.Values(header) {
			for _, one := range strings.Split(value, ",") {
				_, at, _ := strings.Cut(strings.Trim(one[strings.LastIndexByte(one, '<')+1:], " >\t\""), name+"+")
				mark, domain, _ := strings.Cut(at, "@")
				if strings.EqualFold(domain, a.domain) {
					note(mark)
				}
			}
		}
	}
	if !p.Staff {
		return nil
	}
	p.Proven = a.Verifier != "" && l.from != "" && a.believed(l)
	p.Whole = whole(l)
	return p
}

// Below returns the id of a letter as those that follow it name it.
func (a *account) Below(address, sent string) (thread, quote string) {
	to, ok := mailbox(address)
	if !ok {
		return "", ""
	}
	return "", "<" + a.seal.id(sent, to, a.domain) + ">"
}

// whole returns all that the writer of a letter wrote: without what is quoted, what introduces
// that, the signature, and what telephones add.
func whole(l *letter) string {
	page, signature := writtenPage(l.page)
	text := l.plain
	if strings.TrimSpace(text) == "" {
		text = cmp.Or(page, text)
	} else if l.flowed {
		text = unflowed(text)
	}
	return cutSigned(written(strings.Split(text, "\n")), signature)
}

// written returns the lines that the writer of a letter wrote.
func written(lines []string) string {
	var kept []string
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		switch {
		case strings.HasPrefix(line, ">"), device.MatchString(line), ofProgram.MatchString(line):
			continue
		case signatureMark.MatchString(lines[i]), original.MatchString(line), begunOriginal.MatchString(line), headed(lines[i:]):
			i = len(lines)
			continue
		}
		n, rest := introduced(lines[i:])
		if rest { // all below is the letter before, though nothing marks its lines
			break
		}
		if n > 0 {
			i += n - 1
			continue
		}
		kept = append(kept, strings.TrimRight(lines[i], " \t\r"))
	}
	return strings.TrimSpace(manyLines.ReplaceAllString(strings.Join(kept, "\n"), "\n\n"))
}

var (
	manyLines = regexp.MustCompile(`\n{3,}`)
	// signatureMark is that of a signature; a rule of underscores begins the letter before.
	signatureMark = regexp.MustCompile(`^(--|—|__+|-- )\s*$`)
	// begunOriginal begins the letter before where its header follows in the same line.
	begunOriginal = regexp.MustCompile(`^-{4,}\s?[^-]{3,60}\s?-{4,}`)
	// ofProgram is what programs for telephones add beside device.
	ofProgram = regexp.MustCompile(`(?i)^((get|hol(en)? sie sich|obtenez|obtener|obtén|télécharger|descargar|ottieni) )?outlook (for|für|pour|para|per) (ios|android|mac)\b.*$`)
	// headerFrom, headerDate and headerTo are lines of the header of the letter before.
	headerFrom = regexp.MustCompile(`(?i)^\*?(from|von|de|da|van|från|fra|od|от)\s?:\*?\s?\S`)
	headerDate = regexp.MustCompile(`(?i)^\*?(sent|date|gesendet|datum|envoyé|enviado( el)?|fecha|data|inviato|verzonden|skickat|sendt|wysłano|отправлено|дата)\s?:\*?\s?\S`)
	headerTo   = regexp.MustCompile(`(?i)^\*?(to|an|à|para|a|aan|till|til|do|кому)\s?:\*?`)
	// headerSubject is another.
	headerSubject = regexp.MustCompile(`(?i)^\*?(subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|тема)\s?:\*?`)
	digit         = regexp.MustCompile(`\d`)
)

// headed reports whether lines begin with the header of the letter before, by whom it is of or, as
// some programs have it, by when it was sent; then with its subject, since timetables begin so too.
func headed(lines []string) bool {
	const most = 6
	block := lines[:min(len(lines), most)]
	if end := slices.IndexFunc(block, func(s string) bool { return strings.TrimSpace(s) == "" }); end >= 0 {
		block = block[:end]
	}
	has := func(of *regexp.Regexp) bool {
		return slices.ContainsFunc(block, func(s string) bool { return of.MatchString(strings.TrimSpace(s)) })
	}
	switch first := strings.TrimSpace(lines[0]); {
	case headerFrom.MatchString(first):
		return has(headerDate) && (has(headerTo) || has(headerSubject))
	case headerDate.MatchString(first):
		return has(headerFrom) && has(headerSubject)
	}
	return false
}

// introduced counts the lines that say who wrote what follows, up to three; rest says that what
// follows bears no marks.
func introduced(lines []string) (n int, rest bool) {
	var sentence string
	const most = 3
	for i, line := range lines[:min(len(lines), most)] {
		if line = strings.TrimSpace(line); line == "" {
			return 0, false
		}
		if sentence = strings.TrimSpace(sentence + " " + line); !strings.HasSuffix(line, ":") {
			if said := wroteBeside.FindString(sentence); strings.Contains(said, "@") && digit.MatchString(said) {
				return i + 1, true
			}
			continue
		}
		after := slices.IndexFunc(lines[i+1:], func(s string) bool { return strings.TrimSpace(s) != "" })
		marked := after >= 0 && strings.HasPrefix(strings.TrimSpace(lines[i+1+after]), ">")
		switch worded := wrote.MatchString(sentence); {
		case worded, marked && digit.MatchString(lines[0]):
			return i + 1, worded && !marked && after >= 0
		}
	}
	return 0, false
}

// unflowed joins the lines that a program broke softly (RFC 3676).
func unflowed(text string) string {
	lines := strings.Split(text, "\n")
	var out strings.Builder
	for i, line := range lines {
		soft := strings.HasSuffix(line, " ") && line != "-- " && !strings.HasPrefix(line, ">") && i+1 < len(lines) && !strings.HasPrefix(lines[i+1], ">")
		out.WriteString(strings.TrimPrefix(line, " ")) // a space is stuffed before some lines
		if !soft && i+1 < len(lines) {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// The elements that end what was written on a page, and those that hold a signature.
var (
	pageEnds = regexp.MustCompile(`divRplyFwdMsg|appendonsend|mail-editor-reference-message-container`)
	signs    = regexp.MustCompile(`^(x_)?Signature$|gmail_signature|moz-signature`)
)

// writtenPage returns the text of a page down to where the letter before begins, without the
// signature that it marks, and that.
func writtenPage(page string) (text, signature string) {
	z := html.NewTokenizer(strings.NewReader(page))
	depth, from := 0, -1
	var kept, signed strings.Builder
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		raw := string(z.Raw())
		t := z.Token()
		named := func(of *regexp.Regexp) bool {
			return slices.ContainsFunc(t.Attr, func(a html.Attribute) bool { return (a.Key == "id" || a.Key == "class") && of.MatchString(a.Val) })
		}
		if kind == html.StartTagToken && named(pageEnds) {
			break
		}
		switch {
		case kind == html.StartTagToken && t.Data == "div":
			if depth++; from < 0 && named(signs) {
				from = depth
			}
		case kind == html.EndTagToken && t.Data == "div":
			if depth == from {
				from = -1
			}
			depth--
		}
		if from >= 0 {
			signed.WriteString(raw)
		} else {
			kept.WriteString(raw)
		}
	}
	return strings.TrimSpace(readable(kept.String())), strings.Join(strings.Fields(readableWhole(signed.String())), " ")
}

// readableWhole is readable for what its own marks would hide.
func readableWhole(page string) string {
	return readable(signs.ReplaceAllString(page, ""))
}

// cutSigned cuts a signature off the end of a text, where it stands there.
func cutSigned(text, signature string) string {
	const short = 3
	if utf8.RuneCountInString(signature) < short {
		return text
	}
	lines := strings.Split(text, "\n")
	for n := len(lines) - 1; n >= 0; n-- {
		switch tail := strings.Join(strings.Fields(strings.Join(lines[n:], " ")), " "); {
		case tail == signature:
			return strings.TrimSpace(strings.Join(lines[:n], "\n"))
		case len(tail) > len(signature):
			return text
		}
	}
	return text
}

// Proves reports whether the channel knows who really wrote a letter.
func (a *account) Proves() bool { return a.Verifier != "" }
