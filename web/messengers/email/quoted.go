package email

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// first is the first line that the writer of a letter wrote: neither quoted,
// nor said of a quotation, nor of the signature.
func first(l *letter) string {
	if strings.TrimSpace(l.plain) != "" || l.page == "" {
		return firstOf(strings.Split(l.plain, "\n"))
	}
	return firstOf(strings.Split(readable(l.page), "\n"))
}

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
	wrote = regexp.MustCompile(`(?i)^(on|am|le|el|il|op|em|den|w dniu|dne|на|el día)\s.{4,300}(wrote|schrieb[^:]{0,80}|a écrit|escribió|ha scritto|schreef[^:]{0,80}|escreveu|skrev[^:]{0,80}|napisał\(?a?\)?|написал\(?а?\)?)\s?:\s*$`)
)

func firstOf(lines []string) string {
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		switch {
		case line == "" || quoted(line):
			continue
		case signature.MatchString(lines[i]), original.MatchString(line), device.MatchString(line), block.MatchString(line):
			return ""
		}
		if n := introduces(lines[i:]); n > 0 {
			i += n - 1
			continue
		}
		return oneLine(line)
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

// unseen are the elements whose text nobody reads, or which hold the letters
// before.
func unseen(t html.Token) bool {
	switch t.Data {
	case "style", "script", "head", "title", "template", "blockquote", "noscript":
		return true
	}
	for _, a := range t.Attr {
		if a.Key != "class" && a.Key != "id" {
			continue
		}
		for _, mark := range []string{"gmail_quote", "gmail_signature", "gmail_attr", "moz-cite-prefix", "moz-signature", "yahoo_quoted", "divRplyFwdMsg", "appendonsend", "protonmail_quote"} {
			if strings.Contains(a.Val, mark) {
				return true
			}
		}
	}
	return false
}

// readable is the text of a page, a line for each of its blocks, without what
// is quoted.
func readable(page string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	hidden, within := 0, ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			if hidden == 0 {
				out.WriteString(oneSpace(string(z.Text())))
			}
		case html.StartTagToken:
			t := z.Token()
			switch {
			case hidden > 0 && t.Data == within:
				hidden++
			case hidden == 0 && unseen(t):
				hidden, within = 1, t.Data
			}
			if breaks(t.Data) {
				out.WriteByte('\n')
			}
		case html.EndTagToken:
			t := z.Token()
			if hidden > 0 && t.Data == within {
				hidden--
			}
			if breaks(t.Data) {
				out.WriteByte('\n')
			}
		case html.SelfClosingTagToken:
			if breaks(z.Token().Data) {
				out.WriteByte('\n')
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// oneSpace keeps that there is space, and no lines of the source.
func oneSpace(s string) string {
	return html.UnescapeString(strings.NewReplacer("\n", " ", "\t", " ", "\u00a0", " ").Replace(s))
}

func breaks(element string) bool {
	switch element {
	case "br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr", "blockquote", "ul", "ol", "pre":
		return true
	}
	return false
}
