package messengers

import (
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Channel is one opened messenger account, with what sending must mind.
type Channel struct {
	Publisher string
	ID        string
	Kind      string
	Messenger Messenger
	Limits    Limits

	limiter *rate.Limiter
	mu      sync.Mutex
	gate    gate
	onWay   onWay
	health  Health
}

// Health is how a channel has been doing.
type Health struct {
	Publisher string    `json:"publisher"`
	Channel   string    `json:"channel"`
	Kind      string    `json:"kind"`
	Sent      int       `json:"sent"`
	Dead      int       `json:"dead"`
	Repeated  int       `json:"possible_duplicates"`
	Good      time.Time `json:"good,omitzero"`
	Bad       time.Time `json:"bad,omitzero"`
	// Error is one English sentence, "" while the last sending was good.
	Error string `json:"error,omitempty"`
	// Paused is until when nothing is sent, but what tries whether it can be.
	Paused time.Time `json:"paused,omitzero"`
	// Waiting is how many answers wait to be sent.
	Waiting int `json:"waiting,omitempty"`
}

// NewChannel returns an account ready to send.
func NewChannel(publisher, id, kind string, m Messenger) *Channel {
	c := &Channel{Publisher: publisher, ID: id, Kind: kind, Messenger: m, Limits: m.Limits(),
		limiter: rate.NewLimiter(rate.Inf, 1)}
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
	h.Publisher, h.Channel, h.Kind, h.Paused = c.Publisher, c.ID, c.Kind, c.gate.until
	return h
}

func (c *Channel) note(f func(*Health)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.health)
}

// Channels are the opened accounts of all publishers. It is safe for
// concurrent use.
type Channels struct {
	mu   sync.RWMutex
	byID map[string]*Channel
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
	}
}

// Find returns a channel, or nil.
func (s *Channels) Find(publisher, id string) *Channel {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID[publisher+"/"+id]
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
