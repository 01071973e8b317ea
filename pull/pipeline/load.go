package pipeline

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// eager is how many times as much as is left for others one channel may have of
// what all share: alone it gets nearly everything, and yet there is always room
// for one more.
const eager = 8

// Load is what one channel has under way.
type Load struct {
	Publisher, Channel string
	// Asks are accepted and not answered, Waiting answered and not brought; those
	// take so many Bytes on disk.
	Asks, Waiting int
	Bytes         int64
	// Full: it takes no more asks now.
	Full bool
}

// loads count what each channel has under way, and say how much more there may be.
type loads struct {
	life *life
	send Send
	// maxAsks may be accepted and not answered, of which maxInHand are worked on;
	// maxWaiting answers may wait in memory.
	maxAsks, maxInHand, maxWaiting int

	mu       sync.Mutex
	channels map[[2]string]*Load
	// asks and waiting are in all of them, and inHand of the asks are being worked
	// on. room is told when those are fewer.
	asks, waiting, inHand int
	room                  chan struct{}
}

func newLoads(l *life, o *Options) *loads {
	return &loads{
		life: l, send: o.Send, channels: map[[2]string]*Load{}, room: make(chan struct{}, 1),
		maxAsks: o.Pending, maxInHand: o.AtOnce, maxWaiting: max(cmp.Or(o.Messages, o.Memory/messageBytes), 1),
	}
}

// channelLoad returns the load of a channel.
func (l *loads) channelLoad(publisher, channel string) *Load {
	id := [2]string{publisher, channel}
	c := l.channels[id]
	if c == nil {
		c = &Load{Publisher: publisher, Channel: channel}
		l.channels[id] = c
	}
	return c
}

// listLoads returns what the channels have under way, those that have anything.
func (l *loads) listLoads() []Load {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []Load
	for _, c := range l.channels {
		if c.Asks+c.Waiting > 0 {
			now := *c
			now.Full = l.fullError(c, 1) != nil
			all = append(all, now)
		}
	}
	return all
}

// fullError says why a channel takes no more asks: it has its share of those that are
// not answered yet, or of the answers that wait.
func (l *loads) fullError(c *Load, asks int) error {
	room := l.maxAsks - l.asks
	switch {
	case asks > room, c.Asks > 0 && c.Asks+asks > eager*room:
		return l.crowdedError("pipeline.asks_crowded", time.Second)
	case c.Bytes > l.send.Max/int64(max(l.send.Channels(), 1)), c.Waiting > eager*(l.maxWaiting-l.waiting):
		return l.crowdedError("pipeline.answers_crowded", answersWait)
	}
	return nil
}

// answersWait is when a channel whose answers wait is worth trying again.
const answersWait = 30 * time.Second

func (l *loads) crowdedError(key string, after time.Duration) error {
	return &pull.Error{Kind: pull.Limited, Op: "accept", Hint: words.Text{Key: key}, RetryAt: l.life.clock().Add(after)}
}

// admitEntries makes room for entries that come together, or refuses all of them.
func (l *loads) admitEntries(entries []pull.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.life.claiming.Err() != nil {
		return l.crowdedError("pipeline.ending", time.Second)
	}
	if err := l.fullError(l.channelLoad(entries[0].Publisher, entries[0].Channel), len(entries)); err != nil {
		return err
	}
	for i := range entries {
		l.countEntry(&entries[i], 1)
	}
	return nil
}

// uncountRefused takes back what admit counted for entries that were not accepted.
func (l *loads) uncountRefused(entries []pull.Entry, accepted []Accepted) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range entries {
		if len(accepted) > i && !accepted[i].Duplicate {
			continue
		}
		l.countEntry(&entries[i], -1)
	}
}

// countEntry adds an entry to what was accepted, or takes it away.
func (l *loads) countEntry(e *pull.Entry, by int) {
	l.channelLoad(e.Publisher, e.Channel).Asks += by
	l.asks += by
	l.life.pending.Add(int64(by))
}

// noteClaimed counts entries that are worked on from now on; those of an earlier
// process, or that had to wait for their time, are accepted only now.
func (l *loads) noteClaimed(entries []*pull.Entry, earlier uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inHand += len(entries)
	for _, e := range entries {
		if e.ID <= earlier || e.Kind.Ordered() {
			l.countEntry(e, 1)
		}
	}
}

// inHandBy changes how many asks of a channel are worked on.
func (l *loads) inHandBy(publisher, channel string, asks int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.channelLoad(publisher, channel).Asks += asks
	l.asks += asks
	l.inHand += asks
}

// noteAnswered notes that an ask is settled, or dropped: it needs no room any more.
func (l *loads) noteAnswered(a pull.Ask) {
	l.inHandBy(a.Publisher, a.Channel, -1)
	select {
	case l.room <- struct{}{}:
	default:
	}
}

// waitBy changes how many messages of a channel wait to be sent, and their bytes.
func (l *loads) waitBy(a *pull.Ask, messages int, bytes int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.channelLoad(a.Publisher, a.Channel)
	c.Waiting += messages
	l.waiting += messages
	c.Bytes += bytes
}

// mayClaim waits until so few asks are worked on that more can be, and returns
// how many; 0 if no more are claimed.
func (l *loads) mayClaim() int {
	for l.life.claiming.Err() == nil {
		l.mu.Lock()
		room := l.maxInHand - l.inHand
		l.mu.Unlock()
		if room > 0 {
			return min(room, claimAtOnce)
		}
		select {
		case <-l.room:
		case <-l.life.claiming.Done():
		}
	}
	return 0
}

// Full names the channels that take no more asks, as publisher/channel.
func Full(loads []Load) []string {
	var names []string
	for _, load := range loads {
		if load.Full {
			names = append(names, load.Publisher+"/"+load.Channel)
		}
	}
	slices.Sort(names)
	return names
}
