package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// oneYear has browsers come by https alone for a year.
const oneYear = "max-age=31536000"

// setHSTS tells browsers, on every answer, to come by https alone where that is
// how the world reaches this server.
func (a *App) setHSTS(c *fiber.Ctx) {
	if strings.HasPrefix(strings.ToLower(a.PublicURL), "https://") {
		c.Set(fiber.HeaderStrictTransportSecurity, oneYear)
	}
}
