package web

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// serveHook hands a delivery to its channel, at the route of its kind.
func (a *App) serveHook(route string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		channel := a.Hook.Channels.Find(c.Params("publisher"), c.Params("channel"))
		if channel == nil || cmp.Or(channel.Route, messengers.HookRoute) != route {
			return sendProblem(c, fiber.StatusNotFound, words.Text{Key: "web.no_channel"})
		}
		return a.serveDelivery(c, channel, c.Params("*"))
	}
}

// serveAppHook hands a delivery to the app that carries many channels.
func (a *App) serveAppHook(c *fiber.Ctx) error {
	app := a.Hook.Channels.App(c.Params("app"))
	if app == nil {
		return sendProblem(c, fiber.StatusNotFound, words.Text{Key: "web.no_app"})
	}
	return sendReceipt(c, a.Hook.ServeApp(context.Background(), app, a.newDelivery(c, c.Params("*"))))
}

// serveDelivery runs a delivery through the hook and answers with the receipt.
func (a *App) serveDelivery(c *fiber.Ctx, channel *messengers.Channel, path string) error {
	// Nothing here waits without a limit of its own: the store for its commit,
	// an in-band answer for the platform's patience.
	r := a.Hook.Serve(context.Background(), channel, a.newDelivery(c, path))
	if r.Stream == nil {
		return sendReceipt(c, r)
	}
	r.Header = maps.Clone(r.Header)
	if r.Header == nil {
		r.Header = map[string]string{}
	}
	r.Header[fiber.HeaderCacheControl], r.Header["X-Accel-Buffering"] = "no-store", "no"
	err := sendReceipt(c, r)
	s := stream{conn: c.Context().Conn()}
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer a.logPanic("an answer that takes long")
		r.Stream(func(b []byte) error { return s.writeEvent(w, string(b)) })
	})
	return err
}

// newDelivery copies what a handler may keep: the server uses its buffers again.
// The body is the raw one, copied once; the unpacked one has no limit.
func (a *App) newDelivery(c *fiber.Ctx, path string) messengers.Delivery {
	return messengers.Delivery{
		Method: c.Method(), Path: path, URL: a.PublicURL + string(c.Request().Header.RequestURI()),
		Header: copyHeader(c), Query: copyQuery(c),
		Body: bytes.Clone(c.Request().Body()), At: a.Clock(), Address: a.callerAddress(c),
	}
}

func copyHeader(c *fiber.Ctx) map[string][]string {
	lines, size := 0, 0
	for key, value := range c.Request().Header.All() {
		lines, size = lines+1, size+len(key)+len(value)
	}
	// One text and one list for all: a header that comes once is a part of them.
	var all strings.Builder
	all.Grow(size)
	kept := func(b []byte) string {
		from := all.Len()
		all.Write(b)
		return all.String()[from:]
	}
	h, values := make(map[string][]string, lines), make([]string, 0, lines)
	for key, value := range c.Request().Header.All() {
		if held, ok := h[string(key)]; ok {
			h[string(key)] = append(held, kept(value))
			continue
		}
		values = append(values, kept(value))
		h[kept(key)] = values[len(values)-1 : len(values) : len(values)]
	}
	return h
}

func copyQuery(c *fiber.Ctx) map[string][]string {
	args := c.Context().QueryArgs()
	if args.Len() == 0 {
		return nil
	}
	q := make(map[string][]string, args.Len())
	for key, value := range args.All() {
		q[string(key)] = append(q[string(key)], string(value))
	}
	return q
}

func sendReceipt(c *fiber.Ctx, r messengers.Receipt) error {
	if r.Status != 0 {
		c.Status(r.Status)
	}
	if r.Status == fiber.StatusServiceUnavailable || r.Status == fiber.StatusTooManyRequests {
		if c.GetRespHeader(fiber.HeaderRetryAfter) == "" {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(max(1, int(r.RetryAfter/time.Second))))
		}
	}
	if r.ContentType != "" {
		c.Set(fiber.HeaderContentType, r.ContentType)
	}
	for name, value := range r.Header {
		c.Set(name, value)
	}
	return c.Send(r.Body)
}

// sendProblem refuses a request, in the language that its sender reads.
func sendProblem(c *fiber.Ctx, status int, said words.Text) error {
	return sendReceipt(c, messengers.Problem{Status: status, Said: said}.Receipt(words.Accepted(c.Get(fiber.HeaderAcceptLanguage))))
}
