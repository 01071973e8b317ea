package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/gofiber/fiber/v2/middleware/recover"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Limits of what a client may send, and how slowly: a header of HeaderLimit bytes, a large body within
// LargeTimeout; it takes an answer within WriteTimeout, and a connection rests for IdleTimeout.
const (
	HeaderLimit  = 8 << 10
	LargeTimeout = 2 * time.Minute
	WriteTimeout = 60 * time.Second
	IdleTimeout  = 60 * time.Second

	bodyLimit   = 1 << 20
	readTimeout = 10 * time.Second
)

// Options are the parts of an App.
type Options struct {
	Hook *messengers.Hook
	// Routes are where channels are reached beside messengers.HookRoute.
	Routes []string
	// PublicURL is where the world reaches this server, without a slash at the
	// end.
	PublicURL string
	// Receive hands a push to the source that it is for; false means that there
	// is no such source, or that it takes no pushes. An error has the sender come again.
	Receive func(ctx context.Context, publisher, source string, p pull.Push) (pull.Pushed, bool, error)
	// Ready returns what /readyz tells somebody who may see so much; false
	// means not ready.
	Ready func(ctx context.Context, s Visibility) (any, bool)
	// Metrics returns what /metrics tells somebody who may see so much, in the form that an
	// Accept header asks for, with its content type; nil where nothing is told.
	Metrics func(s Visibility, accept string) (text []byte, contentType string, err error)
	// Bearer is what the holder of a token may see; nil if nobody holds any.
	Bearer func(ctx context.Context, token, address string) Visibility
	// Asker is who asks at a publisher by a token, which may stand in the address;
	// pull.Denied where it may not.
	Asker func(ctx context.Context, token, publisher string, inAddress bool) (reader string, err error)
	// Home is where the bare address leads; empty if it leads nowhere.
	Home string
	// Front answers the bare address where Home is empty; nil where nothing does.
	Front http.Handler
	// Page tells people a refusal, with the headers of the page; nil where
	// everybody gets the problem that programs read.
	Page func(Refused) (page []byte, header http.Header)
	// Mounts are further pages by path prefix: "/demo".
	Mounts map[string]http.Handler
	// Consoles are handlers by path prefix that set all of their headers
	// themselves and take larger bodies: "/console".
	Consoles map[string]http.Handler
	// Pass is what other nodes show with what they forward here, whose X-Forwarded-For is believed, too;
	// empty where nothing is taken from them.
	Pass string
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	Clock          func() time.Time
	Logger         *slog.Logger
}

// App is the HTTP server.
type App struct {
	Options
	fiber *fiber.App
	// origin is that of the public URL, as browsers send it.
	origin string
	// unlisted are the proxies that were found to be unlisted.
	unlisted unlistedProxies
	listener atomic.Pointer[trackingListener]
	// over is closed when the server begins to end, so that streams do.
	over context.Context
	end  context.CancelFunc
}

// New returns an App that serves once Serve is called.
func New(o Options) *App {
	a := &App{Options: o, origin: originOf(o.PublicURL)}
	a.over, a.end = context.WithCancel(context.Background())
	a.fiber = fiber.New(fiber.Config{
		AppName:               "keypull",
		DisableStartupMessage: true,
		// What a handler keeps must not be overwritten by the next request.
		Immutable:      true,
		BodyLimit:      bodyLimit,
		ReadBufferSize: HeaderLimit,
		ReadTimeout:    readTimeout,
		WriteTimeout:   WriteTimeout,
		IdleTimeout:    IdleTimeout,
		ErrorHandler:   a.handleError,
		CaseSensitive:  true,
	})
	a.fiber.Server().HeaderReceived = a.requestConfig
	a.fiber.Use(func(c *fiber.Ctx) error {
		a.setHSTS(c)
		err := c.Next()
		a.showRefusalAsPage(c)
		return err
	}, refuseMisframed, a.refuseMistaken, recover.New())
	for prefix, h := range a.Consoles {
		a.mountHandler(prefix, h)
	}
	if a.Front != nil && a.Home == "" {
		a.fiber.Get("/", adaptor.HTTPHandler(a.isolateHandler(a.Front)))
	}
	a.fiber.Use(setHeaders, refuseEncoded)
	a.guardInsides()
	a.addRoutes()
	return a
}

func (a *App) addRoutes() {
	a.fiber.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok\n") })
	a.fiber.Get("/readyz", a.serveReady)
	if a.Metrics != nil {
		a.fiber.Get(metricsPath, a.serveMetrics)
	}
	a.fiber.All("/hook/app/:app", a.serveAppHook)
	a.fiber.All("/hook/app/:app/*", a.serveAppHook)
	for _, route := range append([]string{messengers.HookRoute}, a.Routes...) {
		a.fiber.All("/"+route+"/:publisher/:channel", a.serveHook(route))
		a.fiber.All("/"+route+"/:publisher/:channel/*", a.serveHook(route))
	}
	a.fiber.Get("/.well-known/ai-catalog.json", a.serveCatalogue)
	a.fiber.All("/in/:publisher/:source", a.servePush)
	a.fiber.Get("/say/:publisher/:channel", a.serveSay)
	a.chatRoutes()
	if a.Home != "" {
		a.fiber.Get("/", func(c *fiber.Ctx) error { return c.Redirect(a.Home, fiber.StatusSeeOther) })
	}
	for prefix, h := range a.Mounts {
		a.mountHandler(prefix, h)
	}
	a.fiber.Use(notFound)
}

// Serve answers on ln until Shutdown.
func (a *App) Serve(ln net.Listener) error {
	d := newTrackingListener(ln)
	a.listener.Store(d)
	if err := a.fiber.Listener(d); err != nil {
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	}
	return nil
}

// Shutdown ends the streams, stops accepting, and waits for requests under way
// until ctx ends.
func (a *App) Shutdown(ctx context.Context) error {
	a.end()
	if d := a.listener.Load(); d != nil {
		d.awaitNodes(ctx)
		d.endReadsSoon()
	}
	err := a.fiber.ShutdownWithContext(ctx)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// handleError answers for handlers that returned an error: its text stays here.
func (a *App) handleError(c *fiber.Ctx, err error) error {
	a.setHSTS(c)
	var f *fiber.Error
	defer a.showRefusalAsPage(c)
	if errors.As(err, &f) && f.Code < 500 {
		switch f.Code {
		case fiber.StatusRequestHeaderFieldsTooLarge:
			readLongHead(c)
		case fiber.StatusRequestEntityTooLarge:
			readLongBody(c)
			most, _ := a.bodyRoom(&c.Request().Header)
			return sendProblem(c, f.Code, largeText(most))
		}
		return sendProblem(c, f.Code, messengers.StatusText(f.Code))
	}
	a.Logger.Error("a request failed", "path", c.Route().Path, "error", err)
	return sendProblem(c, fiber.StatusInternalServerError, words.Text{Key: "web.internal"})
}

// setHeaders are right for every response; pages add their own policy.
func setHeaders(c *fiber.Ctx) error {
	c.Set("X-Content-Type-Options", "nosniff")
	c.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	c.Set("Cache-Control", "no-store")
	return c.Next()
}

// refuseEncoded turns away compressed bodies: nobody needs them, signatures
// count over the raw bytes, and unpacking is an open door to memory.
func refuseEncoded(c *fiber.Ctx) error {
	if c.Get(fiber.HeaderContentEncoding) != "" {
		return sendProblem(c, fiber.StatusUnsupportedMediaType, words.Text{Key: "web.encoded"})
	}
	return c.Next()
}

// oneYear has browsers come by https alone for a year.
const oneYear = "max-age=31536000"

// setHSTS tells browsers, on every answer, to come by https alone where that is
// how the world reaches this server.
func (a *App) setHSTS(c *fiber.Ctx) {
	if strings.HasPrefix(strings.ToLower(a.PublicURL), "https://") {
		c.Set(fiber.HeaderStrictTransportSecurity, oneYear)
	}
}
