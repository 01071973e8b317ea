package web

import (
	"bytes"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"keypull/pull/words"
)

// framingProblem says what is wrong with how a head tells where its body ends; the
// zero Text where nothing is. A proxy and we must never read two requests where the other
// reads one: what can be read in two ways is refused.
func framingProblem(h *fasthttp.RequestHeader) words.Text {
	lengths, encodings := 0, 0
	for line := range bytes.Lines(h.RawHeaders()) {
		text, ended := bytes.CutSuffix(line, []byte("\r\n"))
		if !ended || bytes.ContainsRune(text, '\r') {
			return words.Text{Key: "web.crlf"}
		}
		if len(text) > 0 && (text[0] == ' ' || text[0] == '\t') {
			return words.Text{Key: "web.folded"}
		}
		name, value, _ := bytes.Cut(text, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			lengths++
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			encodings++
			if !bytes.EqualFold(bytes.TrimSpace(value), []byte("chunked")) {
				return words.Text{Key: "web.chunked"}
			}
		}
	}
	switch {
	case lengths > 0 && encodings > 0:
		return words.Text{Key: "web.framing_both"}
	case lengths > 1 || encodings > 1:
		return words.Text{Key: "web.framing_once"}
	case encodings > 0 && !h.IsHTTP11():
		return words.Text{Key: "web.framing_old"}
	}
	return words.Text{}
}

// dropMisframedBody keeps the body of a request from being read whose head is misframed:
// what follows may be anything, and the connection ends with the refusal.
func dropMisframedBody(h *fasthttp.RequestHeader) {
	if framingProblem(h).IsZero() {
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
	if wrong := framingProblem(&c.Request().Header); !wrong.IsZero() {
		return sendProblem(c, fiber.StatusBadRequest, wrong)
	}
	return c.Next()
}
