package messengers

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"keypull/pull"
	"keypull/pull/words"
)

// Channel is one opened messenger account, with what sending must mind.
type Channel struct {
	Publisher string
	ID        string
	Kind      string
	Messenger Messenger
	Limits    Limits
	// App is the id of the app that carries the channel, Account what the app's
	// platform calls it.
	App     string
	Account string
	// Route is its kind's.
	Route string
	// Staff: it is for the publisher's own people, so that no page shows it.
	Staff bool
	// Counts: links in its answers are counted.
	Counts bool
	// Former is the same account by the secrets that it had before; what these prove is
	// taken until FormerUntil. Nil where there are none.
	Former      Messenger
	FormerUntil time.Time

	// limiter keeps to Limits.Rate; nil if there is none.
	limiter *rate.Limiter
	mu      sync.Mutex
	gate    gate
	onWay   onWay
	refusal refusal
	// halt ends what the channel does by itself while its account is taken.
	halt func()
	// heard are the messages that left last, by the platform's id, and what was told of
	// each.
	heard Recent[string, sentAsk]
	// others is how many deliveries all channels had when this one had its last.
	others uint64
	// expected are the asks whose readers are shown that an answer is written.
	expected map[uint64]*time.Timer
	health   Health
}

// Health is how a channel has been doing.
type Health struct {
	Publisher string `json:"publisher"`
	Channel   string `json:"channel"`
	Kind      string `json:"kind"`
	Sent      int    `json:"sent"`
	Dead      int    `json:"dead"`
	Repeated  int    `json:"possible_duplicates"`
	// Asks is how many messages of readers came, Unproven how many deliveries were
	// turned away, most for want of a proof.
	Asks     int `json:"asks,omitempty"`
	Unproven int `json:"turned_away,omitempty"`
	// Formerly is how many of the deliveries were proven by a former secret.
	Formerly int `json:"former_secret,omitempty"`
	// Delivered, Read and Clicked are those of which the platform told so, Liked
	// and Disliked those to which readers raised a thumb or turned it down,
	// Undelivered those that it took and did not bring.
	Delivered int `json:"delivered,omitempty"`
	Read      int `json:"read,omitempty"`
	Clicked   int `json:"clicked,omitempty"`
	Liked     int `json:"liked,omitempty"`
	Disliked  int `json:"disliked,omitempty"`

	Undelivered int `json:"undelivered,omitempty"`

	// Again is how many messages came once more, Anew how many had the id of
	// another reader's on a platform that gives each but once.
	Again int `json:"repeated_deliveries,omitempty"`
	Anew  int `json:"answered_anew,omitempty"`

	Good time.Time `json:"good,omitzero"`
	Bad  time.Time `json:"bad,omitzero"`
	// Heard is when the platform last delivered something.
	Heard time.Time `json:"heard,omitzero"`
	// Silent says that it has not for long, while others have; /readyz tells it.
	Silent bool `json:"silent,omitempty"`
	// Why says what went wrong with the last sending, and nothing while it was
	// good; Error is that in English, or in the language of whoever is shown it.
	Why   words.Text `json:"-"`
	Error string     `json:"error,omitempty"`
	// Paused is until when nothing is sent, but what tries whether it can be.
	Paused time.Time `json:"paused,omitzero"`
	// Refused is since when the platform does not take the account.
	Refused time.Time `json:"refused,omitzero"`
	// Waiting is how many answers wait to be sent.
	Waiting int `json:"waiting,omitempty"`
}

// NewChannel returns an account ready to send.
func NewChannel(publisher, id, kind string, m Messenger) *Channel {
	c := &Channel{Publisher: publisher, ID: id, Kind: kind, Messenger: m, Limits: m.Limits()}
	if r := c.Limits.Rate; r > 0 {
		c.limiter = rate.NewLimiter(rate.Limit(r), max(int(r), 1))
	}
	return c
}

// Health returns how the channel has been doing.
func (c *Channel) Health() Health {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.health
	h.Publisher, h.Channel, h.Kind, h.Paused, h.Refused = c.Publisher, c.ID, c.Kind, c.gate.until, c.refusal.since
	h.Error = h.Why.String()
	return h
}

// Recall has a channel that came back be doing as it was before, unless it has
// sent something meanwhile.
func (c *Channel) Recall(h Health) {
	c.note(func(now *Health) {
		if now.Good.IsZero() && now.Bad.IsZero() && now.Sent == 0 {
			*now = h
		}
	})
}

func (c *Channel) note(f func(*Health)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.health)
}

// OpenApp is one opened account of a platform's developer.
type OpenApp struct {
	ID   string
	Kind string
	App  App
	// Former is the same app by the secrets that it had before; what these prove is taken
	// until FormerUntil. Nil where there are none.
	Former      App
	FormerUntil time.Time

	strangers atomic.Uint64
}

// Strangers returns how many parts of deliveries were for accounts that no channel
// has.
func (a *OpenApp) Strangers() uint64 { return a.strangers.Load() }

// Channels are the opened accounts of all publishers, and the apps that carry
// some of them. It is safe for concurrent use.
type Channels struct {
	// Linked counts the links of channels that count them; nil: none is.
	Linked Linked

	mu      sync.RWMutex
	byID    map[string]*Channel
	carried map[[2]string]*Channel
	apps    map[string]*OpenApp
	// deliveries is how many came, to all of them.
	deliveries atomic.Uint64
}

// Linked has links in answers lead where it is counted that they are followed.
type Linked interface {
	LinkReply(ctx context.Context, publisher, channel string, r pull.Reply) pull.Reply
}

// linkReply returns a reply as it leaves on a channel.
func (s *Channels) linkReply(ctx context.Context, c *Channel, r pull.Reply) pull.Reply {
	if !c.Counts || s.Linked == nil {
		return r
	}
	return s.Linked.LinkReply(ctx, c.Publisher, c.ID, r)
}

// Set replaces the channels of a publisher.
func (s *Channels) Set(publisher string, channels []*Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID = map[string]*Channel{}
	}
	for id, c := range s.byID {
		if c.Publisher == publisher {
			delete(s.byID, id)
		}
	}
	for _, c := range channels {
		s.byID[publisher+"/"+c.ID] = c
		c.begin(s.deliveries.Load())
	}
	s.carried = map[[2]string]*Channel{}
	for _, c := range s.byID {
		if c.App != "" {
			s.carried[[2]string{c.App, c.Account}] = c
		}
	}
}

// SetApps replaces the apps.
func (s *Channels) SetApps(apps []*OpenApp) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apps = map[string]*OpenApp{}
	for _, a := range apps {
		s.apps[a.ID] = a
	}
}

// App returns an app, or nil.
func (s *Channels) App(id string) *OpenApp {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.apps[id]
}

// Apps returns every app.
func (s *Channels) Apps() []*OpenApp {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Values(s.apps))
}

// Carried returns the channel of an app's account, or nil.
func (s *Channels) Carried(app, account string) *Channel {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.carried[[2]string{app, account}]
}

// Find returns a channel, or nil.
func (s *Channels) Find(publisher, id string) *Channel {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID[publisher+"/"+id]
}

// Count returns how many channels there are.
func (s *Channels) Count() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.byID)
}

// All returns every channel, ordered by publisher and id.
func (s *Channels) All() []*Channel {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*Channel, 0, len(s.byID))
	for _, c := range s.byID {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *Channel) int {
		return strings.Compare(a.Publisher+"/"+a.ID, b.Publisher+"/"+b.ID)
	})
	return all
}
