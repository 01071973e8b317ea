package bench

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net"

	"github.com/gofiber/fiber/v2"
)

// bareServer returns the yardstick for webhooks: a fiber server that does for a delivery
// what any bot must do — compare the secret, decode the JSON — and answers,
// without keeping or understanding anything. It serves until ln is closed.
func bareServer(ln net.Listener, secret string) error {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/*", func(c *fiber.Ctx) error {
		given := c.Get("X-Telegram-Bot-Api-Secret-Token")
		if subtle.ConstantTimeCompare([]byte(given), []byte(secret)) != 1 {
			return c.SendStatus(fiber.StatusUnauthorized)
		}
		var u bareUpdate
		if err := json.Unmarshal(c.BodyRaw(), &u); err != nil {
			return c.SendStatus(fiber.StatusBadRequest)
		}
		return c.JSON(fiber.Map{"ok": u.ID > 0})
	})
	if err := app.Listener(ln); err != nil {
		return fmt.Errorf("bare server: %w", err)
	}
	return nil
}

type bareUpdate struct {
	ID      int64 `json:"update_id"`
	Message struct {
		ID   int64 `json:"message_id"`
		Date int64 `json:"date"`
		From struct {
			ID       int64  `json:"id"`
			Name     string `json:"first_name"`
			Language string `json:"language_code"`
		} `json:"from"`
		Chat struct {
			ID   int64  `json:"id"`
			Type string `json:"type"`
		} `json:"chat"`
		Text string `json:"text"`
	} `json:"message"`
}
