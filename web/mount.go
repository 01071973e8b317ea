package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/valyala/fasthttp"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// consoleBodyLimit is how much the console takes: a form whose one field is far too
// long must arrive, so that it can be named and shown again.
const consoleBodyLimit = 6 << 20

// mountHandler hands everything below a prefix to a handler of the standard library.
func (a *App) mountHandler(prefix string, h http.Handler) {
	standing := adaptor.HTTPHandler(a.isolateHandler(h))
	handler := func(c *fiber.Ctx) error {
		// What carries the request over takes an address that it cannot read for
		// a fault of its own.
		if _, err := url.ParseRequestURI(string(c.Request().Header.RequestURI())); err != nil {
			return sendProblem(c, fiber.StatusBadRequest, words.Text{Key: "web.address"})
		}
		err := standing(c)
		keepOwnHeaders(c)
		return err
	}
	a.fiber.All(prefix, handler)
	a.fiber.All(prefix+"/*", handler)
}

// keepOwnHeaders has what a page says of itself stand in place of what is said of every
// response: the headers of both were added to each other.
func keepOwnHeaders(c *fiber.Ctx) {
	h := &c.Response().Header
	for _, name := range []string{fiber.HeaderCacheControl, fiber.HeaderReferrerPolicy, fiber.HeaderXContentTypeOptions} {
		if all := h.PeekAll(name); len(all) > 1 {
			last := string(all[len(all)-1])
			h.Del(name)
			h.Set(name, last)
		}
	}
}

// isolateHandler lets a handler fall without the server, and tells it who asks.
func (a *App) isolateHandler(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			a.Logger.Error("a page broke down", "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			http.Error(w, sayTo(r, "web.internal"), http.StatusInternalServerError)
		}()
		r = copyRequest(r)
		r.RemoteAddr = a.clientAddress(r.RemoteAddr, r.Header.Values(fiber.HeaderXForwardedFor), r.Header.Get(NodeHeader))
		r.Header.Del(NodeHeader)
		// The context that came belongs to the server, which changes it as it
		// ends. What is under way then may finish, in the time that any answer
		// has.
		ctx, cancel := context.WithTimeout(context.Background(), WriteTimeout)
		defer cancel()
		h.ServeHTTP(w, r.WithContext(ctx))
	})
}

// sayTo returns a sentence in the language that the sender of a request reads.
func sayTo(r *http.Request, key string) string {
	return words.Text{Key: key}.In(words.Accepted(r.Header.Get(fiber.HeaderAcceptLanguage)))
}

// copyRequest returns a request whose texts are its own: what comes from the server shares
// memory with the requests after it, and a handler may keep what it is told.
func copyRequest(r *http.Request) *http.Request {
	mine := *r
	mine.Method, mine.Proto, mine.Host = strings.Clone(r.Method), strings.Clone(r.Proto), strings.Clone(r.Host)
	mine.RequestURI, mine.RemoteAddr = strings.Clone(r.RequestURI), strings.Clone(r.RemoteAddr)
	if own, err := url.ParseRequestURI(mine.RequestURI); err == nil {
		mine.URL = own
	}
	mine.Header = make(http.Header, len(r.Header))
	for name, values := range r.Header {
		all := make([]string, len(values))
		for i, v := range values {
			all[i] = strings.Clone(v)
		}
		mine.Header[strings.Clone(name)] = all
	}
	return &mine
}

// requestConfig gives each request the size that its path may have, before its
// body is read.
func (a *App) requestConfig(h *fasthttp.RequestHeader) (c fasthttp.RequestConfig) {
	dropMisframedBody(h)
	c.MaxRequestBodySize, c.ReadTimeout = a.bodyRoom(h)
	return c
}

// bodyRoom returns how large a body may be at the path of a request, and how long it may take to
// come; 0 is the usual time.
func (a *App) bodyRoom(h *fasthttp.RequestHeader) (most int, within time.Duration) {
	most = bodyLimit
	path, _, _ := bytes.Cut(h.RequestURI(), []byte("?"))
	for prefix, handler := range a.Consoles {
		if below, ok := bytes.CutPrefix(path, []byte(prefix)); !ok || !bytes.HasPrefix(below, []byte("/")) {
			continue
		}
		most = consoleBodyLimit
		if r, ok := handler.(roomy); ok {
			most = max(consoleBodyLimit, r.Room(string(path)))
		}
		if h.ContentLength() > consoleBodyLimit {
			within = LargeTimeout
		}
	}
	if h.ContentLength() > bodyLimit {
		if room := a.channelRoom(string(path), string(h.Peek(fiber.HeaderAuthorization))); room > 0 {
			most, within = room, LargeTimeout
		}
	}
	return most, within
}

// channelRoom returns how large a body a channel takes at a path of whoever shows an
// authorization; 0 is the usual limit.
func (a *App) channelRoom(path, authorization string) int {
	const steps = 4 // the route, the publisher, the channel, and what is below it
	at := strings.SplitN(strings.TrimPrefix(path, "/"), "/", steps)
	if a.Hook == nil || a.Hook.Channels == nil || len(at) < steps-1 || authorization == "" {
		return 0
	}
	channel := a.Hook.Channels.Find(at[1], at[2])
	if channel == nil {
		return 0
	}
	room := 0
	for _, m := range []messengers.Messenger{channel.Messenger, channel.FormerAt(a.Clock())} {
		if r, ok := m.(messengers.Roomy); ok {
			room = max(room, r.Room(strings.Join(at[steps-1:], ""), authorization))
		}
	}
	return room
}

// roomy is a handler that takes larger bodies at some of its paths; 0 is the usual
// limit.
type roomy interface{ Room(path string) int }
