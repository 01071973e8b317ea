package clicks

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/proof"
	"keypull/pull/withdrawal"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Root is the address below which links lead on: /c/<publisher>/<token>.
const Root = "/c"

// Bounds of what is counted.
const (
	// preview is for how long after an answer left whoever fetches its link is taken for a
	// program of the platform that shows what is behind it.
	preview = 2 * time.Second
	// mostClicks is how many clicks of one network a minute are counted. Those beyond are
	// led on as well.
	mostClicks = 6000
	// countTime is how long somebody waits at most for a click to be counted.
	countTime = 2 * time.Second
)

// Publishers knows the publishers by their ids.
type Publishers interface {
	// Publisher returns one, or nil if there is none.
	Publisher(id string) *catalogue.Setup
}

// Keys hold the secrets of publishers that links are made with.
type Keys interface {
	Of(ctx context.Context, publisher string) (proof.Keys, error)
}

// Options are what a Counter is made of.
type Options struct {
	Publishers Publishers
	Keys       Keys
	// Count writes a click down.
	Count func(ctx context.Context, publisher string, t journal.Trace) error
	// Agents are what the names of the platforms' own programs begin with, in small letters.
	Agents []string
	// PublicURL is where the world reaches this server.
	PublicURL string
	Clock     func() time.Time
	Logger    *slog.Logger
}

// Counter makes links that are counted, counts, and leads on. It is safe for concurrent
// use.
type Counter struct {
	Options

	paces messengers.Paces
}

var _ messengers.Linked = (*Counter)(nil)

// NewCounter returns a Counter.
func NewCounter(o Options) *Counter {
	return &Counter{Options: o, paces: messengers.Paces{Per: time.Minute}}
}

// LinkReply returns a reply that leaves on a channel with links that are counted in the
// place of its items' own.
func (c *Counter) LinkReply(ctx context.Context, publisher, channel string, r pull.Reply) pull.Reply {
	if c.PublicURL == "" {
		return r
	}
	var key Key
	return rewriteLinks(r, func(t withdrawal.Told) string {
		if key == nil {
			if key = c.keyOf(ctx, publisher); key == nil {
				return ""
			}
		}
		token := key.Token(Link{Keyword: t.Keyword, Channel: channel, Source: t.Source, Item: t.ID, Address: t.Link, Sent: c.Clock()})
		if t.Keyword == "" || token == "" {
			return ""
		}
		return c.PublicURL + Root + "/" + publisher + "/" + token + siteMark(t.Link)
	})
}

// siteMark names the site that a link leads to where everybody sees it, as a query that is not
// read; "" where there is none to name.
func siteMark(address string) string {
	u, err := url.Parse(address)
	if err != nil || strings.Trim(u.Hostname(), "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" || !strings.Contains(u.Hostname(), ".") {
		return ""
	}
	return "?" + strings.TrimPrefix(u.Hostname(), "www.")
}

// keyOf returns what a publisher's links are made with; nil where that can't be read.
func (c *Counter) keyOf(ctx context.Context, publisher string) Key {
	keys, err := c.Keys.Of(ctx, publisher)
	if err != nil {
		c.Logger.Warn("links of a publisher can't be counted", "publisher", publisher, "error", err)
		return nil
	}
	return KeyOf(keys.Codes)
}

// Handler returns what leads on.
func (c *Counter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Root+"/{publisher}/{token}", c.serveClick)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { refuse(w, r, http.StatusNotFound) })
	mux.HandleFunc(Root+"/{publisher}/{token}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, r, http.StatusMethodNotAllowed)
	})
	return mux
}

// serveClick leads on, and counts that somebody came.
func (c *Counter) serveClick(w http.ResponseWriter, r *http.Request) {
	publisher := c.Publishers.Publisher(r.PathValue("publisher"))
	if publisher == nil {
		refuse(w, r, http.StatusNotFound)
		return
	}
	link, ok := c.keyOf(r.Context(), publisher.ID).Read(r.PathValue("token"))
	if !ok {
		refuse(w, r, http.StatusNotFound)
		return
	}
	if c.isClick(r, link) {
		c.countClick(r.Context(), publisher, link)
	}
	h := w.Header()
	h.Set("Location", withTracking(link, publisher.UTM))
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	w.WriteHeader(http.StatusFound)
}

// isClick reports whether a person follows a link, as far as can be told.
func (c *Counter) isClick(r *http.Request, l Link) bool {
	now := c.Clock()
	early := !now.Before(l.Sent) && now.Sub(l.Sent) < preview
	return r.Method == http.MethodGet && !early && !c.isProgram(r.Header) && c.paces.Take(messengers.Network(r.RemoteAddr), mostClicks, now) == 0
}

func (c *Counter) countClick(ctx context.Context, p *catalogue.Setup, l Link) {
	ctx, cancel := context.WithTimeout(ctx, countTime)
	defer cancel()
	err := c.Count(ctx, p.ID, journal.Trace{
		At: c.Clock(), Outcome: journal.Clicked, Channel: l.Channel, What: journal.What{Keyword: l.Keyword}, When: journal.When{Source: l.Source},
	})
	if err != nil {
		c.Logger.Warn("a click could not be counted", "publisher", p.ID, "error", err)
	}
}

// isProgram reports whether a program fetches what nobody has followed yet.
func (c *Counter) isProgram(h http.Header) bool {
	for _, name := range []string{"Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"} {
		if v := strings.ToLower(h.Get(name)); strings.Contains(v, "prefetch") || strings.Contains(v, "preview") || strings.Contains(v, "prerender") {
			return true
		}
	}
	agent := strings.ToLower(h.Get("User-Agent"))
	return messengers.Previews(agent) || slices.ContainsFunc(c.Agents, func(begins string) bool { return strings.HasPrefix(agent, begins) })
}

// withTracking returns where a link leads, with the publisher's parameters that it has not
// got of its own.
func withTracking(l Link, utm map[string]string) string {
	u, err := url.Parse(l.Address)
	if err != nil || len(utm) == 0 {
		return l.Address
	}
	has, added := u.Query(), url.Values{}
	filled := strings.NewReplacer("{keyword}", l.Keyword, "{channel}", l.Channel, "{source}", l.Source)
	for name, value := range utm {
		if name = "utm_" + strings.TrimPrefix(name, "utm_"); !has.Has(name) && value != "" {
			added.Set(name, filled.Replace(value))
		}
	}
	if len(added) == 0 {
		return l.Address
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += added.Encode()
	return u.String()
}

// refuse answers what leads nowhere, for whatever reason in the same words.
func refuse(w http.ResponseWriter, r *http.Request, status int) {
	problem := messengers.Problem{Status: status, Said: words.Text{Key: "web.nothing"}}
	if status == http.StatusMethodNotAllowed {
		problem.Said = messengers.StatusText(status)
	}
	w.Header().Set("Cache-Control", "no-store")
	problem.Write(w, r)
}
