package email

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"html"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// compose writes the letter of a message, the same each time but for its date, and
// tells whom it goes to.
func (a *account) compose(s messengers.Sending) (to string, letter []byte, err error) {
	to, ok := mailbox(s.Address)
	if !ok {
		return "", nil, &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_address", nil)}
	}
	boundary := "keypull-" + messengers.Digest(s.Key, to)[:24]
	var b bytes.Buffer
	a.head(&b, s, to)
	if len(s.Files) > 0 {
		b.WriteString(`Content-Type: multipart/mixed; boundary="` + boundary + `-all"` + "\r\n\r\n--" + boundary + "-all\r\n")
	}
	b.WriteString(`Content-Type: multipart/alternative; boundary="` + boundary + `"` + "\r\n")
	for _, part := range []struct{ kind, text string }{{"text/plain", a.plain(s)}, {"text/html", a.page(s)}} {
		b.WriteString("\r\n--" + boundary + "\r\nContent-Type: " + part.kind + "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
		w := quotedprintable.NewWriter(&b)
		// Writing to memory never fails.
		_, _ = w.Write([]byte(strings.ReplaceAll(part.text, "\n", "\r\n")))
		_ = w.Close()
	}
	b.WriteString("\r\n--" + boundary + "--\r\n")
	for _, f := range s.Files {
		attach(&b, f, boundary+"-all")
	}
	if len(s.Files) > 0 {
		b.WriteString("\r\n--" + boundary + "-all--\r\n")
	}
	return to, b.Bytes(), nil
}

// attach writes a file as a part of a letter (RFC 2183).
func attach(b *bytes.Buffer, f messengers.Attachment, boundary string) {
	const line = 57 // of what is 76 characters written as base64
	b.WriteString("\r\n--" + boundary + "\r\nContent-Type: " + f.Mime + "\r\nContent-Transfer-Encoding: base64\r\n" +
		"Content-Disposition: " + mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}) + "\r\n\r\n")
	for rest := f.Body; len(rest) > 0; {
		part := rest[:min(len(rest), line)]
		rest = rest[len(part):]
		b.WriteString(base64.StdEncoding.EncodeToString(part) + "\r\n")
	}
}

// head writes the header. No machine is to answer it (RFC 3834 §3.1.7).
func (a *account) head(b *bytes.Buffer, s messengers.Sending, to string) {
	line := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\r\n")
		}
	}
	line("From", folded((&mail.Address{Name: a.sender(), Address: a.address}).String()))
	line("To", "<"+to+">")
	line("Reply-To", a.answerTo(s))
	line("Subject", folded(mime.QEncoding.Encode("utf-8", a.subject(s))))
	line("Date", a.clock().UTC().Format(time.RFC1123Z))
	line("Message-ID", "<"+a.seal.id(s.Key, to, a.domain)+">")
	if ids := messageIDs(s.Quote); len(ids) > 0 {
		line("In-Reply-To", "<"+ids[len(ids)-1]+">")
		line("References", "<"+strings.Join(ids, ">\r\n <")+">")
	}
	switch s.Why {
	case messengers.Human:
	case messengers.Staff:
		line("Auto-Submitted", "auto-generated")
		line("X-Auto-Response-Suppress", "All")
	default:
		line("Auto-Submitted", "auto-replied")
		line("X-Auto-Response-Suppress", "All")
	}
	if tag := oneLine(s.Language); !strings.ContainsFunc(tag, strange) {
		line("Content-Language", tag)
	}
	if s.Why != messengers.Staff {
		line("List-Unsubscribe", "<"+a.Link(stop)+">")
	}
	line("MIME-Version", "1.0")
}

// answerTo returns where people of the publisher answer a conversation, by its token; "" where
// the mailbox has no such addresses.
func (a *account) answerTo(s messengers.Sending) string {
	const longest = 64 // of what stands before the @ (RFC 5321 §4.5.3.1.1)
	token, _, _ := strings.Cut(strings.TrimPrefix(s.Key, messengers.StaffKey), "-")
	local, domain, _ := strings.Cut(a.address, "@")
	if local += "+" + messengers.StaffKey + token; !a.Plus || s.Why != messengers.Staff || len(local) > longest {
		return ""
	}
	return "<" + local + "@" + domain + ">"
}

// subject returns that of the question, so that both stand in one thread, or what the
// answer is called.
func (a *account) subject(s messengers.Sending) string {
	return cmp.Or(oneLine(s.Thread), oneLine(s.Subject), a.sender(), a.domain)
}

// sender returns what readers know the publisher by, or "" if nobody says.
func (a *account) sender() string {
	if a.name == nil {
		return ""
	}
	return oneLine(a.name())
}

// folded breaks a header's value between its encoded words.
func folded(value string) string { return strings.ReplaceAll(value, "?= =?", "?=\r\n =?") }

// opens returns where a button leads: to its page, or to a letter that says what it
// sends.
func (a *account) opens(b pull.Button) string {
	if b.URL != "" {
		return b.URL
	}
	return a.Link(b.Label + " [" + b.Send + "]")
}

// page returns the message as HTML: its text is that already but for its lines.
func (a *account) page(s messengers.Sending) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html>` + "\n" + `<html lang="` + html.EscapeString(s.Language) + `"><head><meta charset="utf-8"><title>` + html.EscapeString(a.subject(s)) + "</title></head>\n")
	b.WriteString(`<body><div dir="auto">` + strings.ReplaceAll(s.Text, "\n", "<br>\n") + "</div>\n")
	for _, m := range s.Media {
		b.WriteString(`<p>` + shown(m) + "</p>\n")
	}
	for _, button := range s.Buttons {
		b.WriteString(`<p dir="auto"><a href="` + html.EscapeString(a.opens(button)) + `">` + html.EscapeString(button.Label) + "</a></p>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

// markup makes links of the addresses that stand in a text: not every program of
// mail does so.
var markup = func() messengers.Markup {
	m := messengers.HTML
	m.Address = func(url string) string { return `<a href="` + m.EscapeURL(url) + `">` + m.Escape(url) + "</a>" }
	return m
}()

func shown(m what.Media) string {
	address, alt := html.EscapeString(m.URL), html.EscapeString(m.Alt)
	if m.Type == what.Image {
		return `<img src="` + address + `" alt="` + alt + `" style="max-width:100%">`
	}
	return `<a href="` + address + `">` + alt + `</a>`
}

// plain returns the message without markup, each link beside its words.
func (a *account) plain(s messengers.Sending) string {
	var b strings.Builder
	b.WriteString(messengers.Unmarked(s.Text, " <", ">") + "\n")
	for _, m := range s.Media {
		b.WriteString("\n" + strings.TrimSpace(m.Alt+" "+m.URL) + "\n")
	}
	if len(s.Buttons) > 0 {
		b.WriteString("\n")
	}
	for _, button := range s.Buttons {
		b.WriteString("• " + button.Label + " <" + a.opens(button) + ">\n")
	}
	return b.String()
}
