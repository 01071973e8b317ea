package messengers

import (
	"cmp"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// sentAsk is a message that left: a part of the answer to an ask, to whom, and what
// was told of it since.
type sentAsk struct {
	id              uint64
	part, tries     int
	reader          who.Key
	address, thread string
	at              time.Time
	told            told
	// left says that it did: what is not known has not.
	left bool
}

// told are the kinds of events that were told of a message.
type told uint8

// bit returns what stands for a kind of event; 0 for what is told of no message.
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

// remember notes that a message left under a key, and the platform's id.
func (c *Channel) remember(id, key string, a *pull.Ask) {
	if id == "" {
		return
	}
	of, _ := keyed(key)
	of.reader, of.address, of.thread, of.at = a.Reader, a.Address, a.Thread, a.Written()
	of.left = true
	c.heard.First(id, of)
}

// unhear has a message be as if one kind of event had not been told of it: what
// follows from it could not be kept.
func (c *Channel) unhear(e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	of := c.heard.Get(e.Message)
	if of.told&bit(e.Kind) == 0 {
		return
	}
	of.told &^= bit(e.Kind)
	c.heard.Put(e.Message, of)
	switch {
	case e.Kind == Undelivered:
		c.health.Undelivered--
	case e.Kind == Reacted && e.Thumb > 0:
		c.health.Liked--
	case e.Kind == Reacted && e.Thumb < 0:
		c.health.Disliked--
	}
}

// hear counts what is told of a message: of one that left, and once of each
// kind.
//
// What it is about is found by the platform's id, or else by our key, where the
// platform told that as well; known says that it is, and was not told before.
func (c *Channel) hear(e Event, at time.Time) (of sentAsk, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if of = c.heard.Get(e.Message); !of.left {
		return keyed(cmp.Or(e.Key, e.Message))
	}
	if of.told&bit(e.Kind) != 0 {
		return of, false
	}
	of.told |= bit(e.Kind)
	c.heard.Put(e.Message, of)
	switch {
	case e.Kind == Undelivered:
		c.health.Undelivered++
		if e.Fault != "" {
			c.health.Bad, c.health.Why = at, (&SendError{Fault: e.Fault}).Said()
		}
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
	return of, true
}
