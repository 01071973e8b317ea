package feed

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/sources"
)

const (
	// leaseAsked is for how long notices are asked for; what a hub grants counts.
	leaseAsked = 10 * 24 * time.Hour
	leaseMost  = 90 * 24 * time.Hour
	// leaseLeast is the shortest that is worth renewing.
	leaseLeast = 10 * time.Second
	// hubPatience is how long a hub has to verify, hubAgain after what time one is
	// asked again that refused or did not verify.
	hubPatience = time.Minute
	hubAgain    = time.Hour
	hubTimeout  = 20 * time.Second
)

// subscription is what a hub was asked for (WebSub §5).
type subscription struct {
	Hub    string `json:"hub"`
	Topic  string `json:"topic"`
	Secret string `json:"secret"`
	// Asked is when it was last asked, Until the end of its lease; zero if it
	// has not been verified. Denied says that the hub refused.
	Asked  time.Time `json:"asked,omitzero"`
	Until  time.Time `json:"until,omitzero"`
	Denied bool      `json:"denied,omitempty"`
}

// hub has a feed's hub tell us when the feed changes, where it names one and
// there is an address at which we are reached. What it is told at, the source's
// Receive takes.
type hub struct {
	env  sources.Env
	path string
	off  bool

	mu      sync.Mutex
	now     subscription
	leaving map[string]subscription
	timer   *time.Timer
	life    context.Context //nolint:containedctx // that of the source
	end     context.CancelFunc
	work    sync.WaitGroup
	closed  bool
}

func (h *hub) loadState(env sources.Env, s *source) {
	h.env = env
	h.path = filepath.Join(env.Folder, "hub.json")
	// Who has subscribed by hand is told by that secret.
	h.off = h.env.Inbox == nil || s.settings.HubSecret != ""
	h.life, h.end = context.WithCancel(context.Background())
	loadJSON(h.path, &h.now)
}

// followFeed subscribes at the hub that the feed names, or leaves the one that it no
// longer names, in the background.
func (h *hub) followFeed(m memory, now time.Time) {
	if h.off {
		return
	}
	callback := h.env.Inbox()
	if callback == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	wanted := subscription{Topic: m.Self}
	for _, at := range m.Hubs {
		if reaches(at, callback) {
			wanted.Hub = at
			break
		}
	}
	if wanted.Topic == "" || wanted.Hub == "" {
		wanted = subscription{}
	}
	if h.now.Hub != "" && (h.now.Hub != wanted.Hub || h.now.Topic != wanted.Topic) {
		h.leaveHub(h.now, callback)
		h.now = subscription{}
		h.keepSubscription()
	}
	if wanted.Hub != "" {
		if h.now.Hub == "" {
			wanted.Secret = rand.Text()
			h.now = wanted
		}
		h.renewSubscription(callback, now)
	}
}

// renewSubscription asks for a subscription that is due, or sets a clock for when it will
// be; h is locked.
func (h *hub) renewSubscription(callback string, now time.Time) {
	wait := h.now.due(now).Sub(now)
	if wait <= 0 {
		h.now.Asked, h.now.Denied = now, false
		h.keepSubscription()
		h.askHub("subscribe", h.now, callback)
		wait = hubPatience
	}
	if h.timer == nil && !h.closed {
		h.timer = time.AfterFunc(wait, func() { h.wakeUp(callback) })
	}
}

// wakeUp looks again whether something is due.
func (h *hub) wakeUp(callback string) {
	var err error
	defer pull.Caught("renew a subscription", &err)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.timer = nil
	if !h.closed && h.now.Hub != "" {
		h.renewSubscription(callback, h.env.Clock())
	}
}

// due returns when a hub is to be asked: when three quarters of its lease are over;
// and while it has not verified, after a while.
func (s subscription) due(now time.Time) time.Time {
	switch {
	case s.Asked.IsZero() || now.Before(s.Asked):
		return now
	case s.Until.After(s.Asked):
		return s.Asked.Add(s.Until.Sub(s.Asked) * 3 / 4)
	}
	return s.Asked.Add(hubAgain)
}

// keepSubscription writes down what is subscribed to; h is locked. Failing that costs a
// subscription anew after a restart.
func (h *hub) keepSubscription() {
	if err := saveJSON(h.path, h.now); err != nil {
		h.env.Logger.Warn("a subscription could not be written down", "error", err)
	}
}

// leaveHub takes a subscription back; h is locked.
func (h *hub) leaveHub(s subscription, callback string) {
	if h.leaving == nil {
		h.leaving = map[string]subscription{}
	}
	h.leaving[s.Topic] = s
	h.askHub("unsubscribe", s, callback)
}

// askHub tells a hub what is wanted, behind; h is locked.
func (h *hub) askHub(mode string, s subscription, callback string) {
	if h.closed {
		return
	}
	form := url.Values{"hub.callback": {callback}, "hub.mode": {mode}, "hub.topic": {s.Topic}}
	if mode == "subscribe" {
		form.Set("hub.secret", s.Secret)
		form.Set("hub.lease_seconds", strconv.Itoa(int(leaseAsked/time.Second)))
	}
	h.work.Go(func() {
		var err error
		defer func() {
			if err != nil {
				h.env.Logger.Warn("a hub did not take what was asked of it", "mode", mode, "hub", s.Hub, "error", err)
			}
		}()
		defer pull.Caught("ask a hub", &err)
		ctx, cancel := context.WithTimeout(outside.InBackground(h.life), hubTimeout)
		defer cancel()
		var res outside.Response
		res, err = h.env.Client.Do(ctx, outside.Request{
			Method: http.MethodPost, URL: s.Hub, Body: []byte(form.Encode()), Single: true, Redact: s.Secret,
			Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
		})
		if err == nil && res.Status/100 != 2 {
			err = sources.Refused("ask a hub", "url", res)
		}
	})
}

// receivePush takes what a hub sends; it returns false for what is not of our
// subscription.
func (h *hub) receivePush(p pull.Push) (pull.Pushed, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p.Method == http.MethodGet {
		return h.verifyIntent(p)
	}
	if p.Method != http.MethodPost || h.now.Secret == "" || !sources.SignedByHub(h.now.Secret, p) {
		return pull.Pushed{}, false
	}
	return pull.Pushed{Refresh: []string{plainKey}}, true
}

// verifyIntent answers a hub that asks whether it was asked; h is locked.
func (h *hub) verifyIntent(p pull.Push) (pull.Pushed, bool) {
	topic, challenge := sources.SingleValue(p.Query, "hub.topic"), sources.SingleValue(p.Query, "hub.challenge")
	mode := sources.SingleValue(p.Query, "hub.mode")
	_, left := h.leaving[topic]
	switch {
	case topic == "" || h.off:
		return pull.Pushed{}, false
	case mode == "subscribe" && topic == h.now.Topic && challenge != "" && !h.now.Asked.IsZero():
		lease := leaseAsked
		if n, err := strconv.ParseInt(sources.SingleValue(p.Query, "hub.lease_seconds"), 10, 64); err == nil && n > 0 {
			lease = min(max(time.Duration(min(n, int64(leaseMost/time.Second)))*time.Second, leaseLeast), leaseMost)
		}
		h.now.Asked, h.now.Until, h.now.Denied = p.At, p.At.Add(lease), false
		h.keepSubscription()
		h.setTimer()
		return sources.Challenged(challenge), true
	case mode == "unsubscribe" && left && challenge != "":
		delete(h.leaving, topic)
		return sources.Challenged(challenge), true
	case mode == "denied" && topic == h.now.Topic:
		h.now.Denied, h.now.Until = true, time.Time{}
		h.keepSubscription()
		h.env.Logger.Warn("a hub refuses to tell of changes", "hub", h.now.Hub, "reason", sources.Shorten(sources.Line(sources.SingleValue(p.Query, "hub.reason")), maxTitle))
		return pull.Pushed{}, true
	}
	return pull.Pushed{Status: http.StatusNotFound}, true
}

// setTimer sets the clock for the renewal anew; h is locked.
func (h *hub) setTimer() {
	if h.timer != nil {
		h.timer.Stop()
	}
	if callback := h.env.Inbox(); callback != "" && !h.closed {
		now := h.env.Clock()
		h.timer = time.AfterFunc(max(h.now.due(now).Sub(now), 0), func() { h.wakeUp(callback) })
	}
}

// Leave takes the subscription back for a source that is removed, and waits
// until its hub has asked whether that is so, or ctx ends.
func (s *source) Leave(ctx context.Context) {
	h := &s.hub
	h.mu.Lock()
	if h.off || h.now.Hub == "" {
		h.mu.Unlock()
		return
	}
	if h.timer != nil {
		h.timer.Stop()
	}
	topic := h.now.Topic
	h.leaveHub(h.now, h.env.Inbox())
	h.now = subscription{}
	h.mu.Unlock()
	const look = 50 * time.Millisecond
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		h.mu.Lock()
		_, waits := h.leaving[topic]
		h.mu.Unlock()
		if !waits {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// stopWork ends requests that are under way; subscriptions stay.
func (h *hub) stopWork() {
	h.mu.Lock()
	h.closed = true
	if h.timer != nil {
		h.timer.Stop()
	}
	h.mu.Unlock()
	h.end()
	h.work.Wait()
}

// reaches says whether a hub could reach an address: one that is only known
// here is known to hubs that are only known here.
func reaches(hub, callback string) bool {
	return hub != "" && (!isLocal(callback) || isLocal(hub))
}

func isLocal(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	host := strings.ToLower(u.Hostname())
	ip, err := netip.ParseAddr(host)
	if err == nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified() || ip.IsLinkLocalUnicast()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || !strings.Contains(host, ".")
}
