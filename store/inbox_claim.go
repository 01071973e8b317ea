package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// An ask that can't be opened at this moment is tried again after firstPause,
// then after twice as long each time, up to lastPause.
const (
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
)

// entryRetries are claimed entries that could not be opened yet, by partition: what
// comes behind one waits with it, so that a reader's asks keep their order.
type entryRetries struct {
	mu    sync.Mutex
	lines map[string]*retryLine
}

type retryLine struct {
	entries []Entry
	at      time.Time // of the next try
	pause   time.Duration
}

// Claim waits for asks and returns up to limit of them. One that can't be opened
// at this moment is kept and tried again. One whose day's key was destroyed is
// finished unanswered; one that is damaged for good is set aside.
func (i *Inbox) Claim(ctx context.Context, limit int) ([]*pull.Entry, error) {
	for {
		if asks := i.openAll(ctx, i.kept.takeDue(time.Now(), limit)); len(asks) > 0 {
			return asks, nil
		}
		entries, err := i.claimUntilRetry(ctx, limit)
		if err != nil {
			return nil, backendError("claim", err)
		}
		if asks := i.openAll(ctx, entries); len(asks) > 0 {
			return asks, nil
		}
	}
}

// claimUntilRetry takes entries out of the queue, or none when one that is kept is to be
// tried again.
func (i *Inbox) claimUntilRetry(ctx context.Context, limit int) ([]Entry, error) {
	next, some := i.kept.nextTry()
	if !some {
		return i.queue.Claim(ctx, limit)
	}
	until, cancel := context.WithDeadline(ctx, next)
	defer cancel()
	entries, err := i.queue.Claim(until, limit)
	if err != nil && until.Err() != nil && ctx.Err() == nil {
		return nil, nil
	}
	return entries, err
}

// openAll opens what was claimed and sees to what can't be opened.
func (i *Inbox) openAll(ctx context.Context, entries []Entry) []*pull.Entry {
	asks := make([]*pull.Entry, 0, len(entries))
	for at := range entries {
		e := &entries[at]
		if i.kept.holdsPartition(e.Partition) {
			i.kept.addEntries(entries[at : at+1])
			continue
		}
		a, err := i.openEntry(e)
		if err != nil && isPermanent(err) {
			err = i.giveUpEntry(ctx, e, err)
			if err == nil {
				continue
			}
		}
		if err != nil {
			pause := i.kept.addEntries(entries[at : at+1])
			i.logger.Warn("an accepted ask can't be opened at this moment; it is kept and tried again", "ask", e.Seq, "pause", pause.String(), "error", err)
			continue
		}
		i.kept.forgetPartition(e.Partition)
		asks = append(asks, a)
	}
	return asks
}

// errUndecodable: what was sealed is no ask.
var errNoAsk = errors.New("store: no ask")

func isPermanent(err error) bool {
	return errors.Is(err, ErrUnreadable) || errors.Is(err, errNoAsk)
}

// giveUpEntry takes out an entry that will never be opened. One whose key retention
// has destroyed is past being answered, and is not counted as damage.
func (i *Inbox) giveUpEntry(ctx context.Context, e *Entry, why error) error {
	defer i.ledger.own.forgetEntries(who.Key(e.Partition), e.Seq)
	aside, ok := i.queue.(Asider)
	if errors.Is(why, ErrErased) || !ok {
		i.logger.Warn("an ask whose key is gone is finished unanswered", "ask", e.Seq, "error", why)
		return backendError("drop an ask that can't be opened", i.queue.Ack(ctx, e.Seq))
	}
	i.logger.Error("a damaged ask is set aside unanswered", "ask", e.Seq, "error", why)
	return backendError("set aside an ask", aside.SetAside(ctx, e.Seq))
}

// holdsPartition says that something of the partition waits.
func (k *entryRetries) holdsPartition(partition string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	line := k.lines[partition]
	return line != nil && len(line.entries) > 0
}

// addEntries puts entries of one partition in its line and returns how long that
// waits.
func (k *entryRetries) addEntries(entries []Entry) time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	line := k.lines[entries[0].Partition]
	if line == nil {
		if k.lines == nil {
			k.lines = make(map[string]*retryLine)
		}
		line = &retryLine{}
		k.lines[entries[0].Partition] = line
	}
	if len(line.entries) == 0 {
		line.pause = min(max(2*line.pause, firstRetry), lastRetry)
		line.at = time.Now().Add(line.pause)
	}
	line.entries = append(line.entries, entries...)
	return line.pause
}

// forgetPartition forgets the pauses of a partition of which nothing waits any more.
func (k *entryRetries) forgetPartition(partition string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.lines, partition)
}

// nextTry returns when the next try is due.
func (k *entryRetries) nextTry() (at time.Time, some bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, line := range k.lines {
		if len(line.entries) > 0 && (!some || line.at.Before(at)) {
			at, some = line.at, true
		}
	}
	return at, some
}

// takeDue takes out the lines whose time has come, until there are limit entries.
func (k *entryRetries) takeDue(now time.Time, limit int) []Entry {
	k.mu.Lock()
	defer k.mu.Unlock()
	var entries []Entry
	for _, line := range k.lines {
		if len(entries) < limit && len(line.entries) > 0 && !line.at.After(now) {
			entries = append(entries, line.entries...)
			line.entries = nil
		}
	}
	return entries
}
