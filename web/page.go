package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"keypull/pull/words"
)

// Refused is a refusal as people read it who came by a browser's address bar.
type Refused struct {
	Status int
	// Path is what was asked for, as far as it could be read; Said what is wrong
	// with it, in Language.
	Path, Said, Language string
}

// showRefusalAsPage makes a page of a refusal for programs, where a browser shows the
// answer to somebody. What accepts anything, as curl does, is a program.
func (a *App) showRefusalAsPage(c *fiber.Ctx) {
	status := c.Response().StatusCode()
	if a.Page == nil || status < fiber.StatusBadRequest || c.Response().IsBodyStream() || !isNavigation(c) {
		return
	}
	said, ok := sentenceOf(string(c.Response().Header.ContentType()), c.Response().Body())
	if !ok {
		return
	}
	page, header := a.Page(Refused{Status: status, Path: strings.Clone(c.Path()), Said: said, Language: words.Accepted(c.Get(fiber.HeaderAcceptLanguage))})
	for name := range header {
		c.Set(name, header.Get(name))
	}
	c.Vary(fiber.HeaderAccept, fiber.HeaderAcceptLanguage)
	c.Type("html", "utf-8")
	c.Response().SetBodyRaw(page)
}

// isNavigation reports whether a browser will show the answer as a page.
func isNavigation(c *fiber.Ctx) bool {
	if mode := c.Get("Sec-Fetch-Mode"); mode != "" && mode != "navigate" {
		return false
	}
	for kind := range strings.SplitSeq(c.Get(fiber.HeaderAccept), ",") {
		name, weight, _ := strings.Cut(kind, ";")
		if strings.EqualFold(strings.TrimSpace(name), fiber.MIMETextHTML) {
			return strings.Trim(strings.TrimPrefix(strings.TrimSpace(weight), "q="), "0.") != "" || strings.TrimSpace(weight) == ""
		}
	}
	return false
}

// sentenceOf returns the sentence of a refusal for programs, or false if the answer is
// none, but a page of its own.
func sentenceOf(contentType string, body []byte) (string, bool) {
	switch kind, _, _ := strings.Cut(contentType, ";"); kind {
	case "application/problem+json":
		var told struct{ Title, Detail string }
		if json.Unmarshal(body, &told) != nil {
			return "", true
		}
		return told.Detail, true
	case fiber.MIMETextPlain, "":
		// What is no sentence is the library's word for the status.
		text := strings.TrimSpace(string(body))
		if !strings.HasSuffix(text, ".") {
			text = ""
		}
		return text, true
	}
	return "", false
}

// Bounds of what is read of a head that is too long, to learn who sends it.
const (
	longHead = 2 << 20
	longTail = 16 << 10
	longWait = 2 * time.Second
)

// Bounds of what is read of a body that is too large.
const (
	longBody  = 64 << 20
	bodyPause = 2 * time.Second
	bodyRest  = 200 * time.Millisecond
)

// readLongBody reads the rest of a body that is too large to be taken, and keeps nothing of it: what
// nobody reads would break the connection before the answer arrives. What of its end came along
// with the head is read already, and nobody knows how much that is.
func readLongBody(c *fiber.Ctx) {
	conn, until := c.Context().Conn(), time.Now().Add(LargeTimeout)
	part, left := make([]byte, longTail), min(c.Request().Header.ContentLength(), longBody)
	for read := 0; read < longBody && time.Now().Before(until); {
		wait := bodyPause
		if left-read <= HeaderLimit {
			wait = bodyRest
		}
		if conn.SetReadDeadline(time.Now().Add(wait)) != nil {
			return
		}
		n, err := conn.Read(part)
		if read += n; err != nil || read == left {
			return
		}
	}
}

// largeText says how large a body may be.
func largeText(most int) words.Text {
	return words.Text{Key: "web.body_large", Args: words.Args{"most": most >> 20}}
}

// readLongHead reads the rest of a head that is too long to be taken, and keeps of
// it what says who reads the answer: an address is too long long before a
// browser has told that it is one. What nobody reads would break the
// connection before the answer arrives.
func readLongHead(c *fiber.Ctx) {
	conn := c.Context().Conn()
	if conn.SetReadDeadline(time.Now().Add(longWait)) != nil {
		return
	}
	var tail []byte
	part := make([]byte, longTail)
	for read := 0; read < longHead && !bytes.Contains(tail, []byte("\r\n\r\n")); {
		n, err := conn.Read(part)
		read += n
		tail = append(tail, part[:n]...)
		tail = tail[max(0, len(tail)-longTail):]
		if err != nil {
			break
		}
	}
	for line := range bytes.Lines(tail) {
		name, value, ok := bytes.Cut(line, []byte(":"))
		for _, kept := range []string{fiber.HeaderAccept, fiber.HeaderAcceptLanguage, "Sec-Fetch-Mode"} {
			if ok && http.CanonicalHeaderKey(string(name)) == kept {
				c.Request().Header.Set(kept, string(bytes.TrimSpace(value)))
			}
		}
	}
}
