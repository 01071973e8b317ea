package messengers

import "time"

// A channel is silent that nothing arrived on for silentFor, or since it was
// opened, while others had silentAmong deliveries.
const (
	silentFor   = 24 * time.Hour
	silentAmong = 20
)

// begin notes how many deliveries there were when the channel was opened.
func (c *Channel) begin(deliveries uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.others = max(c.others, deliveries)
}

// hears notes that the platform has delivered something.
func (s *Channels) hears(c *Channel, at time.Time) {
	n := s.deliveries.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.others, c.health.Heard = n, at
}

// Silent says that a platform which calls us has not done so for long, while
// others have: it may call elsewhere.
func (s *Channels) Silent(c *Channel, now time.Time) bool {
	if _, listens := c.Messenger.(Listener); listens {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return s.deliveries.Load() >= c.others+silentAmong && now.Sub(c.health.Heard) > silentFor
}
