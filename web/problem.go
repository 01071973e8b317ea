package web

import (
	"github.com/gofiber/fiber/v2"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// sendProblem refuses a request, in the language that its sender reads.
func sendProblem(c *fiber.Ctx, status int, said words.Text) error {
	return sendReceipt(c, messengers.Problem{Status: status, Said: said}.Receipt(words.Accepted(c.Get(fiber.HeaderAcceptLanguage))))
}
