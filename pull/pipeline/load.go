package pipeline

import (
	"cmp"
	"slices"
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

// Loads lists what the channels have under way, those that have anything.
func (l *backlog) Loads() []Load {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []Load
	for _, b := range l.boxes {
		if b.asks+b.letters > 0 {
			all = append(all, Load{Publisher: b.publisher, Channel: b.channel, Asks: b.asks, Waiting: b.letters, Bytes: b.bytes, Full: l.fullFor(b, 1) != nil})
		}
	}
	return all
}

// fullFor says why a channel takes no more asks: it has its share of those that are
// not answered yet, or of the answers that wait.
func (l *backlog) fullFor(b *mailbox, asks int) error {
	room := l.Pending - l.asks
	waiting := max(cmp.Or(l.Letters, l.Memory/letterBytes), 1)
	switch {
	case asks > room, b.asks > 0 && b.asks+asks > eager*room:
		return l.crowded("pipeline.asks_crowded", time.Second)
	case b.bytes > l.Send.Max/int64(max(l.Send.Channels(), 1)), b.letters > eager*(waiting-l.letters):
		return l.crowded("pipeline.answers_crowded", answersWait)
	}
	return nil
}

// answersWait is when a channel whose answers wait is worth trying again.
const answersWait = 30 * time.Second

func (l *backlog) crowded(key string, after time.Duration) error {
	return &pull.Error{Kind: pull.Limited, Op: "accept", Hint: words.Text{Key: key}, RetryAt: l.Clock().Add(after)}
}

// admitEntries makes room for entries that come together, or refuses all of them.
func (l *backlog) admitEntries(entries []pull.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.claiming.Err() != nil {
		return l.crowded("pipeline.ending", time.Second)
	}
	if err := l.fullFor(l.boxOf(&entries[0].Ask), len(entries)); err != nil {
		return err
	}
	l.countEntries(entries, 1)
	return nil
}

// countEntries adds entries to what is under way, or takes them away.
func (l *backlog) countEntries(entries []pull.Entry, by int) {
	for i := range entries {
		l.countEntry(&entries[i], by)
	}
}

func (l *backlog) countEntry(e *pull.Entry, by int) {
	l.occupyRoom(l.boxOf(&e.Ask), by)
	l.pending.Add(int64(by))
}

// occupyRoom counts asks that take room in memory.
func (l *backlog) occupyRoom(b *mailbox, asks int) {
	b.asks += asks
	l.asks += asks
}

// countAnswered notes that an ask is settled, or dropped: it needs no room any more.
func (l *backlog) countAnswered(a pull.Ask) {
	l.mu.Lock()
	l.occupyRoom(l.boxOf(&a), -1)
	l.inHand--
	l.mu.Unlock()
	select {
	case l.room <- struct{}{}:
	default:
	}
}

// uncountEntries takes back what was counted for entries that were not accepted.
func (l *backlog) uncountEntries(entries []pull.Entry, accepted []Accepted) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if accepted == nil {
		l.countEntries(entries, -1)
		return
	}
	for i, a := range accepted {
		if a.Duplicate {
			l.countEntry(&entries[i], -1)
		}
	}
}

// mayClaim waits until so few asks are worked on that more can be, and returns
// how many.
func (l *backlog) mayClaim() int {
	for l.claiming.Err() == nil {
		l.mu.Lock()
		room := l.AtOnce - l.inHand
		l.mu.Unlock()
		if room > 0 {
			return min(room, claimAtOnce)
		}
		select {
		case <-l.room:
		case <-l.claiming.Done():
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
