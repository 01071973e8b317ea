package web

import (
	"bytes"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// misframed says what is wrong with how a head tells where its body ends; ""
// where nothing is. A proxy and we must never read two requests where the other
// reads one: what can be read in two ways is refused, whoever would be right.
func misframed(h *fasthttp.RequestHeader) string {
	lengths, encodings := 0, 0
	for line := range bytes.Lines(h.RawHeaders()) {
		text, ended := bytes.CutSuffix(line, []byte("\r\n"))
		if !ended || bytes.ContainsRune(text, '\r') {
			return "A line of the header does not end with CRLF."
		}
		if len(text) > 0 && (text[0] == ' ' || text[0] == '\t') {
			return "A line of the header is folded."
		}
		name, value, _ := bytes.Cut(text, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			lengths++
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			encodings++
			if !bytes.EqualFold(bytes.TrimSpace(value), []byte("chunked")) {
				return "The only Transfer-Encoding that is understood is chunked."
			}
		}
	}
	switch {
	case lengths > 0 && encodings > 0:
		return "Content-Length and Transfer-Encoding exclude each other."
	case lengths > 1 || encodings > 1:
		return "Content-Length and Transfer-Encoding are told once at most."
	case encodings > 0 && !h.IsHTTP11():
		return "HTTP/1.0 has no Transfer-Encoding."
	}
	return ""
}

// disarm keeps the body of a request from being read whose head is misframed:
// what follows may be anything, and the connection ends with the refusal.
func disarm(h *fasthttp.RequestHeader) {
	if misframed(h) == "" {
		return
	}
	h.Del(fiber.HeaderExpect)
	h.SetContentLength(0)
	h.SetConnectionClose()
}

// refuseMisframed answers what disarm has disarmed.
func refuseMisframed(c *fiber.Ctx) error {
	// Only what is closed afterwards can have been disarmed.
	if !c.Request().Header.ConnectionClose() {
		return c.Next()
	}
	if wrong := misframed(&c.Request().Header); wrong != "" {
		return problem(c, Problem{Status: fiber.StatusBadRequest, Detail: wrong})
	}
	return c.Next()
}
