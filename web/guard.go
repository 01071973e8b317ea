package web

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"keypull/pull/outside"
	"keypull/pull/words"
)

// visibilityTimeout bounds how long it takes to find out whose a token is.
const visibilityTimeout = 2 * time.Second

// Visibility is how much of the installation's insides somebody may see: all of it,
// or the part of one publisher, or nothing.
type Visibility struct {
	All       bool
	Publisher string
}

// Blind reports whether nothing may be seen.
func (s Visibility) Blind() bool { return !s.All && s.Publisher == "" }

// Sees reports whether what belongs to a publisher may be seen.
func (s Visibility) Sees(publisher string) bool {
	return s.All || s.Publisher != "" && s.Publisher == publisher
}

// visibilityOf returns how much the caller may see: everything on one's own machine,
// elsewhere what the token opens.
func (a *App) visibilityOf(c *fiber.Ctx) Visibility {
	if a.isLocal() && (c.Get(NodeHeader) == "" || outside.OnThisMachine(a.callerAddress(c))) {
		return Visibility{All: true}
	}
	scheme, token, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	if a.Bearer == nil || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return Visibility{}
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), visibilityTimeout)
	defer cancel()
	return a.Bearer(ctx, strings.Clone(strings.TrimSpace(token)), a.callerAddress(c))
}

// guardedPaths returns the addresses, and all below them, that tell of the installation
// and not of what it publishes. Whatever is mounted there stands behind guard.
func guardedPaths() []string { return []string{"/metrics", "/debug", "/log", "/logs"} }

// guardInside hides the insides from strangers: to them there is nothing there.
// What a publisher's token opens, it shows its own part of; where there are no
// parts, there is nothing for it.
func (a *App) guardInside(c *fiber.Ctx) error {
	visibility := a.visibilityOf(c)
	if visibility.Blind() || !visibility.All && c.Path() != metricsPath {
		return notFound(c)
	}
	c.Locals(visibilityKey{}, visibility)
	return c.Next()
}

type visibilityKey struct{}

func notFound(c *fiber.Ctx) error {
	return sendProblem(c, fiber.StatusNotFound, words.Text{Key: "web.nothing"})
}

const metricsPath = "/metrics"

// guardInsides puts the guard before everything that is mounted there later.
func (a *App) guardInsides() {
	for _, path := range guardedPaths() {
		a.fiber.Use(path, a.guardInside)
	}
}

// serveReady tells in its status whether asks are taken, to everybody, and the rest
// to those who may see it.
func (a *App) serveReady(c *fiber.Ctx) error {
	detail, ok := a.Ready(c.UserContext(), a.visibilityOf(c))
	if !ok || a.over.Err() != nil {
		c.Status(fiber.StatusServiceUnavailable)
	}
	return c.JSON(detail)
}

// serveMetrics tells what is counted to those whom the guard lets in.
func (a *App) serveMetrics(c *fiber.Ctx) error {
	visibility, _ := c.Locals(visibilityKey{}).(Visibility)
	text, contentType, err := a.Metrics(visibility, c.Get(fiber.HeaderAccept))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, contentType)
	return c.Send(text)
}
