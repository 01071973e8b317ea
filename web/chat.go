package web

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/packed"
)

// heartbeat is how often an idle stream says that it is alive; eventTimeout is
// how long a client may take to accept an event.
const (
	heartbeat    = 15 * time.Second
	eventTimeout = 30 * time.Second
)

// chatPolicy lets the chat's own page do what it needs and nothing else.
const chatPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src http: https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// Chat is a messenger with a page and a stream of events of its own.
type Chat interface {
	ChatPage
	// AllowsOrigin reports whether pages of an origin may show the chat, Refuse
	// notes one that may not.
	AllowsOrigin(origin string) bool
	Refuse(origin string)
	Events(ctx context.Context, d messengers.Delivery) (*messengers.Stream, messengers.Receipt, error)
}

// ChatPage is what browsers are sent of a chat. Asset returns the same file for
// all channels of a kind.
type ChatPage interface {
	Page(language string) ([]byte, error)
	ClientConfig(language string) []byte
	Asset(name string) (body []byte, contentType string, ok bool)
}

// chatRoutes adds the routes of messages, events and the widget.
func (a *App) chatRoutes() {
	g := a.fiber.Group("/chat/:publisher/:channel", a.findChatChannel)
	g.Get("/", a.serveChatPage)
	g.Get("/config.json", func(c *fiber.Ctx) error {
		_, chat := chatOf(c)
		c.Type("json")
		return c.Send(chat.ClientConfig(chatLanguage(c)))
	})
	g.Get("/events", a.serveChatEvents)
	for _, path := range []string{"messages", "tickets", "files"} {
		g.All("/"+path, func(c *fiber.Ctx) error {
			channel, _ := chatOf(c)
			return a.serveDelivery(c, channel, path)
		})
	}
	g.Get("/:asset", serveChatAsset)
}

// findChatChannel finds the chat of a path and lets only the pages talk to it that
// may: its own, and those of the origins that the editor named.
func (a *App) findChatChannel(c *fiber.Ctx) error {
	channel := a.Hook.Channels.Find(c.Params("publisher"), c.Params("channel"))
	if channel == nil {
		return sendProblem(c, fiber.StatusNotFound, words.Text{Key: "web.no_chat"})
	}
	chat, ok := channel.Messenger.(Chat)
	if !ok {
		return sendProblem(c, fiber.StatusNotFound, words.Text{Key: "web.no_web_chat"})
	}
	c.Locals("channel", channel)
	origin := c.Get(fiber.HeaderOrigin)
	c.Vary(fiber.HeaderOrigin)
	if origin == "" || a.ownOrigin(origin) {
		return c.Next()
	}
	if !chat.AllowsOrigin(origin) {
		chat.Refuse(origin)
		return sendProblem(c, fiber.StatusForbidden, words.Text{Key: "web.origin"})
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, origin)
	c.Set(fiber.HeaderAccessControlExposeHeaders, fiber.HeaderRetryAfter)
	if c.Method() == fiber.MethodOptions {
		c.Set(fiber.HeaderAccessControlAllowMethods, "GET, POST")
		c.Set(fiber.HeaderAccessControlAllowHeaders, "Authorization, Content-Type, Last-Event-ID")
		c.Set(fiber.HeaderAccessControlMaxAge, "600")
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Next()
}

func chatOf(c *fiber.Ctx) (*messengers.Channel, Chat) {
	channel, _ := c.Locals("channel").(*messengers.Channel)
	chat, _ := channel.Messenger.(Chat)
	return channel, chat
}

func (a *App) serveChatPage(c *fiber.Ctx) error {
	_, chat := chatOf(c)
	page, err := chat.Page(chatLanguage(c))
	if err != nil {
		return fmt.Errorf("chat page: %w", err)
	}
	c.Set(fiber.HeaderContentSecurityPolicy, chatPolicy)
	c.Type("html", "utf-8")
	return c.Send(page)
}

// chatFiles holds the packed files of chats by kind and name.
var chatFiles sync.Map

// chatFile returns a file of a chat, which is packed once.
func chatFile(kind, name string, chat Chat) (packed.File, bool) {
	key := kind + "/" + name
	if known, ok := chatFiles.Load(key); ok {
		file, _ := known.(packed.File)
		return file, true
	}
	body, contentType, ok := chat.Asset(name)
	if !ok {
		return packed.File{}, false
	}
	file := packed.New(contentType, body)
	chatFiles.Store(key, file)
	return file, true
}

// chatLanguage returns what the address asks for, else the browser.
func chatLanguage(c *fiber.Ctx) string {
	if language := c.Query("lang"); language != "" {
		return language
	}
	return messengers.ReaderLanguage("", map[string][]string{fiber.HeaderAcceptLanguage: {c.Get(fiber.HeaderAcceptLanguage)}})
}

func serveChatAsset(c *fiber.Ctx) error {
	channel, chat := chatOf(c)
	file, ok := chatFile(channel.Kind, c.Params("asset"), chat)
	if !ok {
		return sendProblem(c, fiber.StatusNotFound, words.Text{Key: "web.nothing"})
	}
	sent := copyHeader(c)
	form := file.For(sent[fiber.HeaderAcceptEncoding], sent[fiber.HeaderIfNoneMatch])
	c.Vary(fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderETag, form.ETag)
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if form.Known {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, file.Kind)
	if form.Encoding != "" {
		c.Set(fiber.HeaderContentEncoding, form.Encoding)
	}
	return c.Send(form.Body)
}

// serveChatEvents streams what is answered later, from the event on that the client
// saw last.
func (a *App) serveChatEvents(c *fiber.Ctx) error {
	_, chat := chatOf(c)
	opened, refusal, err := chat.Events(c.UserContext(), a.newDelivery(c, "events"))
	if err != nil {
		a.Logger.Error("a stream could not be opened", "path", c.Path(), "error", err)
		return sendReceipt(c, messengers.Receipt{Status: fiber.StatusServiceUnavailable})
	}
	if opened == nil {
		return sendReceipt(c, refusal)
	}
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("X-Accel-Buffering", "no")
	s := stream{conn: c.Context().Conn(), over: a.over, events: opened.Events}
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer opened.Close()
		defer a.logPanic("a stream of events")
		s.writeEvents(w)
	})
	return nil
}

// stream writes events until one side has enough.
type stream struct {
	conn   net.Conn
	over   context.Context
	events <-chan messengers.StreamEvent
}

func (s stream) writeEvents(w *bufio.Writer) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	if s.writeEvent(w, "retry: 2000\n: hello\n\n") != nil {
		return
	}
	for {
		var text string
		select {
		case <-s.over.Done():
			return
		case <-beat.C:
			text = ": still here\n\n"
		case e, ok := <-s.events:
			if !ok {
				return
			}
			text = fmt.Sprintf("id: %d\nevent: reply\ndata: %s\n\n", e.ID, e.Data)
		}
		if s.writeEvent(w, text) != nil {
			return
		}
	}
}

// writeEvent gives each event a deadline of its own; the server's is for responses
// that end.
func (s stream) writeEvent(w *bufio.Writer, text string) error {
	if err := s.conn.SetWriteDeadline(time.Now().Add(eventTimeout)); err != nil {
		return fmt.Errorf("set the deadline: %w", err)
	}
	if _, err := w.WriteString(text); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return w.Flush()
}

// logPanic ends what runs beside a request and breaks down; requests themselves
// are caught by the server.
func (a *App) logPanic(what string) {
	if p := recover(); p != nil {
		a.Logger.Error("something broke down", "what", what, "error", pull.Broken(what, p))
	}
}
