package web

import (
	"bytes"
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"keypull/pull"
)

// in hands what a publisher's own systems push to the source that it is for. It
// is answered once what it brought is kept.
func (a *App) in(c *fiber.Ctx) error {
	publisher, source := strings.Clone(c.Params("publisher")), strings.Clone(c.Params("source"))
	if len(c.BodyRaw()) > pull.MaxPushBytes {
		return problem(c, Problem{Status: fiber.StatusRequestEntityTooLarge, Detail: "The body is too large: 1 MiB is taken at most."})
	}
	if a.Receive == nil {
		return nothing(c)
	}
	pushed, there, err := a.Receive(context.Background(), publisher, source, pull.Push{
		Method: c.Method(), Header: header(c), Query: query(c), Body: bytes.Clone(c.BodyRaw()), At: a.Clock(),
	})
	switch {
	case !there:
		return problem(c, Problem{Status: fiber.StatusNotFound, Detail: "There is no such source, or it takes no pushes."})
	case err != nil:
		a.Logger.Error("a push could not be taken", "publisher", publisher, "source", source, "error", err)
		c.Set(fiber.HeaderRetryAfter, "1")
		return problem(c, Problem{Status: fiber.StatusServiceUnavailable, Detail: "This can't be taken now; try again in a moment."})
	case pushed.Status >= fiber.StatusBadRequest:
		return problem(c, Problem{Status: pushed.Status, Detail: refusals[pushed.Status]})
	}
	if pushed.Status != 0 {
		c.Status(pushed.Status)
	}
	if pushed.ContentType != "" {
		c.Set(fiber.HeaderContentType, pushed.ContentType)
	}
	return c.Send(pushed.Answer)
}

// refusals say what is wrong with a push.
var refusals = map[int]string{
	fiber.StatusBadRequest:       "The body is no JSON object that says what has changed.",
	fiber.StatusUnauthorized:     "The signature does not fit the body, the time or the secret; check the clock of the sender and the source's secret.",
	fiber.StatusNotFound:         "This was not subscribed to.",
	fiber.StatusMethodNotAllowed: "Send it by POST.",
}
