package messengers

// remembered is how many messages of a channel are known by the platform's id,
// for what is heard of them later.
const remembered = 1024

// heard are the messages that left last, and what was told of each.
type heard struct {
	of    map[string]told
	order []string
	next  int
}

// told are the kinds of events that were told of a message.
type told uint8

// bit is what stands for a kind of event; 0 for what is told of no message.
func bit(k EventKind) told {
	switch k {
	case Delivered:
		return 1
	case Read:
		return 2
	case Clicked:
		return 4
	case Reacted:
		return 8
	case Undelivered:
		return 16
	}
	return 0
}

// remember notes that a message left under the platform's id.
func (c *Channel) remember(id string) {
	if id == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	h := &c.heard
	if h.of == nil {
		h.of, h.order = map[string]told{}, make([]string, remembered)
	}
	if _, known := h.of[id]; known {
		return
	}
	delete(h.of, h.order[h.next])
	h.order[h.next], h.of[id] = id, 0
	h.next = (h.next + 1) % remembered
}

// hear counts what is told of a message: of one that left, and once of each
// kind.
func (c *Channel) hear(e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, known := c.heard.of[e.Message]
	if !known || before&bit(e.Kind) != 0 {
		return
	}
	c.heard.of[e.Message] = before | bit(e.Kind)
	switch {
	case e.Kind == Undelivered:
		c.health.Undelivered++
	case e.Kind == Delivered:
		c.health.Delivered++
	case e.Kind == Read:
		c.health.Read++
	case e.Kind == Clicked:
		c.health.Clicked++
	case e.Kind == Reacted && e.Thumb > 0:
		c.health.Liked++
	case e.Kind == Reacted && e.Thumb < 0:
		c.health.Disliked++
	}
}
