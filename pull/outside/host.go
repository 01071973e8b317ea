package outside

import (
	"context"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"keypull/pull/words"
)

// maxHosts bounds what is remembered of hosts.
const maxHosts = 4096

// hosts remembers the hosts that were asked, by name and port.
type hosts struct {
	options *Options
	mu      sync.RWMutex
	known   map[string]*host
	// spelt are the same by scheme and host as addresses spell them.
	spelt map[[2]string]*host
}

// hostPort returns a host's name and port, spelt in one way.
func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), port)
}

func (hs *hosts) hostOf(u *url.URL) *host {
	spelt := [2]string{u.Scheme, u.Host}
	hs.mu.RLock()
	h := hs.spelt[spelt]
	hs.mu.RUnlock()
	if h != nil {
		return h
	}
	at := hostPort(u)
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if hs.known == nil || len(hs.spelt) >= maxHosts {
		// Requests under way keep the host that they hold.
		hs.known, hs.spelt = map[string]*host{}, map[[2]string]*host{}
	}
	if h = hs.known[at]; h == nil {
		h = newHost(at, u.Host, hs.options)
		hs.known[at] = h
	}
	hs.spelt[spelt] = h
	return h
}

// host keeps one host's troubles from everybody else: how many requests are
// under way, and whether it answers at all. What readers wait for, what nobody
// waits for, and messages each have places of their own.
type host struct {
	// place is its name and port, name how errors call it.
	place, name string
	options     *Options

	fetches, crawls, sends FairQueue
	fetching, sending      breaker
	crawlLimit             *rate.Limiter

	// single says that over TLS it takes one request at a time on a connection, and
	// last is when a message was sent to it.
	single atomic.Bool
	last   atomic.Int64
}

// oftenEnough is how soon one message has to follow another for connections of
// direct to be worth their handshake: they do not rest for long.
const oftenEnough = time.Second

// goesDirect reports whether a message over TLS goes out by direct.
func (h *host) goesDirect(now time.Time) bool {
	last := h.last.Swap(now.UnixNano())
	return h.single.Load() && now.UnixNano()-last < int64(oftenEnough)
}

func newHost(place, name string, o *Options) *host {
	return &host{
		place: place, name: name, options: o,
		fetches: FairQueue{free: o.Fetches}, crawls: FairQueue{free: crawlsAtOnce}, sends: FairQueue{free: o.Sends},
		crawlLimit: rate.NewLimiter(crawlRate, crawlBurst),
	}
}

// crawlsAtOnce is how many requests that nobody waits for run at one host.
const crawlsAtOnce = 2

// enterQueue waits for a place at the host, to be released where it is in.
func (h *host) enterQueue(ctx context.Context, e Errand, send bool) (in *FairQueue, err error) {
	if err := h.breakerFor(send).admitRequest(h, h.options.Clock()); err != nil {
		return nil, err
	}
	at := &h.fetches
	switch {
	case send:
		at = &h.sends
	case e.Background:
		at = &h.crawls
	}
	if !at.Take(ctx, e) {
		return nil, &Error{
			Reason: Crowded, Host: h.name, Err: context.Cause(ctx),
			Hint: words.Text{Key: "outside.crowded"},
		}
	}
	if at == &h.crawls {
		if err := h.waitToCrawl(ctx); err != nil {
			at.Release()
			return nil, err
		}
	}
	return at, nil
}

// noteOutcome takes note of how an exchange ended that began then.
func (h *host) noteOutcome(err error, send bool, began time.Time) {
	b, now := h.breakerFor(send), h.options.Clock()
	switch {
	case send && !isHostFailure(err) || !send && wasReached(err):
		if b.noteAnswer(now) {
			h.options.Logger.Info("host answers again", "host", h.name)
		}
	case isHostFailure(err) && b.noteFailure(began, now):
		h.options.Logger.Warn("host does not answer", "host", h.name, "error", err)
	}
}

func (h *host) breakerFor(send bool) *breaker {
	if send {
		return &h.sending
	}
	return &h.fetching
}
