package web

import (
	"github.com/gofiber/fiber/v2"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// problem refuses a request, in the language that its sender reads.
func problem(c *fiber.Ctx, status int, said words.Text) error {
	return answer(c, messengers.Problem{Status: status, Said: said}.Receipt(words.Accepted(c.Get(fiber.HeaderAcceptLanguage))))
}
