package web

import (
	"bytes"
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"keypull/pull"
	"keypull/pull/words"
)

// servePush hands what a publisher's own systems push to the source that it is for. It
// is answered once what it brought is kept.
func (a *App) servePush(c *fiber.Ctx) error {
	publisher, source := strings.Clone(c.Params("publisher")), strings.Clone(c.Params("source"))
	if len(c.Request().Body()) > pull.MaxPushBytes {
		return sendProblem(c, fiber.StatusRequestEntityTooLarge, largeText(pull.MaxPushBytes))
	}
	if a.Receive == nil {
		return notFound(c)
	}
	pushed, there, err := a.Receive(context.Background(), publisher, source, pull.Push{
		Method: c.Method(), Header: copyHeader(c), Query: copyQuery(c), Body: bytes.Clone(c.Request().Body()), At: a.Clock(),
	})
	switch {
	case !there:
		return sendProblem(c, fiber.StatusNotFound, words.Text{Key: "web.no_source"})
	case err != nil:
		a.Logger.Error("a push could not be taken", "publisher", publisher, "source", source, "error", err)
		return sendProblem(c, fiber.StatusServiceUnavailable, words.Text{Key: "web.later"})
	case pushed.Status >= fiber.StatusBadRequest:
		return sendProblem(c, pushed.Status, words.Text{Key: refusals[pushed.Status]})
	}
	if pushed.Status != 0 {
		c.Status(pushed.Status)
	}
	if pushed.ContentType != "" {
		c.Set(fiber.HeaderContentType, pushed.ContentType)
	}
	return c.Send(pushed.Answer)
}

// refusals are the sentences that say what is wrong with a push.
var refusals = map[int]string{
	fiber.StatusBadRequest:       "web.push_400",
	fiber.StatusUnauthorized:     "web.push_401",
	fiber.StatusNotFound:         "web.push_404",
	fiber.StatusMethodNotAllowed: "web.push_405",
}
