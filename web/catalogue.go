package web

import (
	"encoding/json"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// serveCatalogue lists, for programs that look for them, the channels whose
// publishers want to be found.
func (a *App) serveCatalogue(c *fiber.Ctx) error {
	listings := []messengers.Listing{}
	for _, channel := range a.Hook.Channels.All() {
		of, ok := channel.Messenger.(messengers.Listed)
		if !ok {
			continue
		}
		if listing, wanted := of.Listing(); wanted {
			listings = append(listings, listing)
		}
	}
	if len(listings) == 0 {
		return sendProblem(c, fiber.StatusNotFound, words.Text{Key: "web.nothing"})
	}
	body, err := json.Marshal(struct {
		Version string               `json:"specVersion"`
		Entries []messengers.Listing `json:"entries"`
	}{"1.0", listings})
	if err != nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	c.Set(fiber.HeaderContentType, "application/ai-catalog+json")
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	return c.Send(body)
}
