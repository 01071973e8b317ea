package web

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/gofiber/fiber/v2"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// longestSay is how long a question at /say may be, in bytes.
const longestSay = 1000

// serveSay answers a question in plain text, as it is to be spoken: for shortcuts,
// watches, screen readers and scripts.
func (a *App) serveSay(c *fiber.Ctx) error {
	channel := a.Hook.Channels.Find(c.Params("publisher"), c.Params("channel"))
	c.Set(fiber.HeaderCacheControl, "no-store")
	reader, err := a.askingReader(c)
	switch {
	case pull.KindOf(err) == pull.Denied:
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
		return sendProblem(c, fiber.StatusUnauthorized, words.Text{Key: "web.say_token"})
	case err != nil:
		return sendProblem(c, fiber.StatusServiceUnavailable, words.Text{Key: "web.later"})
	case channel == nil || channel.Staff:
		return sendProblem(c, fiber.StatusNotFound, words.Text{Key: "web.no_channel"})
	}
	q := strings.TrimSpace(strings.ToValidUTF8(c.Query("q"), ""))
	if q == "" || len(q) > longestSay {
		return sendProblem(c, fiber.StatusBadRequest, words.Text{Key: "web.say_words", Args: words.Args{"n": longestSay}})
	}
	said, err := a.Hook.Say(context.WithoutCancel(c.UserContext()), channel, messengers.Incoming{
		ID: rand.Text(), Reader: reader, Address: reader, Text: q, Language: c.Query("lang", words.Accepted(c.Get(fiber.HeaderAcceptLanguage))),
	}, a.Clock())
	if err != nil {
		return sendReceipt(c, messengers.Receipt{Status: fiber.StatusServiceUnavailable})
	}
	if said.Interim {
		c.Status(fiber.StatusAccepted)
	}
	c.Set(fiber.HeaderContentLanguage, said.Language)
	c.Type("txt", "utf-8")
	return c.SendString(said.Text + "\n")
}

// askingReader returns who asks, by a token in the header or, for clients that can send
// none, in the address.
func (a *App) askingReader(c *fiber.Ctx) (string, error) {
	denied := &pull.Error{Kind: pull.Denied, Op: "say", Hint: words.Text{Key: "web.say_token"}}
	if a.Asker == nil {
		return "", denied
	}
	token, inHeader := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	if !inHeader {
		token = c.Query("token")
	}
	if token == "" {
		return "", denied
	}
	return a.Asker(c.UserContext(), strings.TrimSpace(token), c.Params("publisher"), !inHeader)
}
