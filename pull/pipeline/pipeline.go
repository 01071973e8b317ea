package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
)

// Limits of what is under way.
const (
	// DefaultPending is how many accepted asks may be unfinished before new
	// ones are turned away.
	DefaultPending = 50000
	// DefaultAtOnce is how many asks are worked on at a time.
	DefaultAtOnce = 8192
	// DefaultKeep is how long an answer waits for its platform, DefaultSend how
	// many bytes all of them may take.
	DefaultKeep = 12 * time.Hour
	DefaultSend = 1 << 30
	claimAtOnce = 512
	replyKept   = 10 * time.Minute
	settleTries = 5
	storePause  = 500 * time.Millisecond
	// longestStorePause is how long an ask waits at most for a store that fails.
	longestStorePause = 5 * time.Second
)

// Options are the parts that a Pipeline is made of.
type Options struct {
	Inbox    Inbox
	Ledger   Ledger
	Courier  Courier
	Editions Editions
	Resolver *pull.Resolver
	Clock    func() time.Time
	Logger   *slog.Logger
	// Departures hold what is known of replies that wait.
	Departures Departures
	// Pending limits the asks that are accepted and not answered; zero means
	// DefaultPending. AtOnce is how many are worked on at a time; the others wait
	// on disk. Zero means DefaultAtOnce.
	Pending int
	AtOnce  int
	// Send limits what waits to be sent.
	Send Send
	// Memory is about how many bytes of readers' documents, and of replies for
	// requests that are repeated, are held; zero means DefaultMemory.
	Memory int
	// Letters is how many replies may wait in memory; zero means as many as
	// Memory holds.
	Letters int
	// Slate, where set, holds what is being computed, and Suspicions what is known
	// of asks in which the process ended. Pause is how long a suspect waits before
	// its turn; nil is a random time.
	Slate      Slate
	Suspicions Suspicions
	Pause      func() time.Duration
	// Watch, where set, sees every settled ask.
	Watch Watcher
	// Ended, where set, sees every ask for which nothing more is done; it must not
	// block.
	Ended func(a *pull.Ask)
}

// Send limits the answers that wait for their platform.
type Send struct {
	// Keep is how long one waits; after that it is a dead letter.
	Keep time.Duration
	// Max is how many bytes on disk they take, in equal shares by channel, of
	// which Channels tells the number.
	Max      int64
	Channels func() int
}

// base is what all parts of a Pipeline share: what it was made of, and when it
// ends.
type base struct {
	Options

	// claiming ends first, working when the drain is over.
	claiming, working     context.Context
	endClaims, endWorking context.CancelFunc
	goroutines            sync.WaitGroup
	crew                  crew
	// pending counts what was accepted and is not finished.
	pending atomic.Int64
}

// Pipeline conducts entries from acceptance to the sent reply. Below it stand
// the mailroom, which brings settled replies to the channels, and below that the
// backlog, the readers' lines and what the channels have under way.
type Pipeline struct {
	*mailroom

	suspects *suspects
	tickets  tickets
	// taking are rooms for asks that are being accepted, empty.
	taking sync.Pool
	// ordering is read-locked while a Later is accepted and not named yet.
	ordering sync.RWMutex
	closed   sync.Once
}

// New returns a Pipeline that accepts asks once Run has been called.
func New(o Options) *Pipeline {
	o.Pending = cmp.Or(o.Pending, DefaultPending)
	o.AtOnce, o.Memory = cmp.Or(o.AtOnce, DefaultAtOnce), cmp.Or(o.Memory, DefaultMemory)
	o.Send.Keep, o.Send.Max = cmp.Or(o.Send.Keep, DefaultKeep), cmp.Or(o.Send.Max, DefaultSend)
	if o.Pause == nil {
		o.Pause = anyPause
	}
	if o.Send.Channels == nil {
		o.Send.Channels = func() int { return 1 }
	}
	b := &base{Options: o}
	b.crew = newCrew(&b.goroutines, b.broken)
	b.claiming, b.endClaims = context.WithCancel(context.Background())
	b.working, b.endWorking = context.WithCancel(context.Background())
	l := &Pipeline{suspects: newSuspects(b), tickets: newTickets(o.Memory)}
	l.mailroom = newMailroom(b)
	l.work = l.workLine
	return l
}

// Run starts the work; what was left unfinished by an earlier process is taken
// up first. It returns at once.
func (l *Pipeline) Run() {
	l.suspects.judgeEnd()
	l.steadily("claim entries", l.claimEntries)
}

// Take accepts asks durably. When it returns without error, each of them will
// be answered. An Error of kind Limited means that too much is under way, of
// kind Unavailable that the store cannot write; the platform should try again.
func (l *Pipeline) Take(ctx context.Context, asks []pull.Ask) ([]Accepted, error) {
	if len(asks) == 0 {
		return nil, nil
	}
	t, _ := l.taking.Get().(*taken)
	if t == nil {
		t = new(taken)
	}
	for i := range asks {
		t.entries = append(t.entries, pull.Entry{Ask: l.named(asks[i])})
	}
	accepted, err := l.accept(ctx, t.entries)
	clear(t.entries)
	t.entries = t.entries[:0]
	l.taking.Put(t)
	return accepted, err
}

// named is an ask with the other names of its reader. Who can't be read now has
// none.
func (l *readers) named(a pull.Ask) pull.Ask {
	m, err := l.readerOf(a.Reader)
	if err != nil {
		return a
	}
	if r := m.Load().reader; len(r.Names) > 0 {
		a.Aliases = append(slices.Clip(a.Aliases), r.Aliases(a.At)...)
	}
	return a
}

// taken is room for asks that are being accepted.
type taken struct{ entries []pull.Entry }

// accept makes entries durable that are to be worked on at once.
func (l *Pipeline) accept(ctx context.Context, entries []pull.Entry) ([]Accepted, error) {
	if err := l.admitEntries(entries); err != nil {
		return nil, err
	}
	accepted, err := l.Inbox.Accept(ctx, entries)
	if err != nil {
		l.uncountEntries(entries, nil)
		return nil, fmt.Errorf("accept: %w", err)
	}
	l.uncountEntries(entries, accepted)
	return accepted, nil
}

// claimEntries hands what the inbox gives to the lines.
func (l *Pipeline) claimEntries() {
	for l.claiming.Err() == nil {
		most := l.mayClaim()
		if most == 0 {
			return
		}
		entries, err := l.Inbox.Claim(l.claiming, most)
		if err != nil {
			if l.claiming.Err() == nil {
				l.Logger.Error("the inbox cannot be read; trying again", "error", err)
				pause(l.claiming, storePause)
			}
			continue
		}
		l.countClaimed(entries)
		for _, e := range entries {
			l.enqueue(e)
		}
	}
}

// countClaimed counts entries that are worked on from now on; those of an earlier
// process, or that had to wait for their time, are accepted only now.
func (l *backlog) countClaimed(entries []*pull.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inHand += len(entries)
	for _, e := range entries {
		if l.earlier(e.ID) || e.Kind == pull.Later {
			l.countEntry(e, 1)
		}
	}
}

// earlier says that an earlier process accepted the ask.
func (l *base) earlier(ask uint64) bool { return ask <= l.Inbox.Earlier() }

// Unfinished returns how many accepted asks are not finished yet.
func (l *backlog) Unfinished() int { return int(l.pending.Load()) }

// Close stops claiming, lets what is under way finish until ctx ends, and then
// ends it: what is not finished, and what waits for its channel, is taken up by
// the next process. A second call does nothing.
func (l *Pipeline) Close(ctx context.Context) { l.closed.Do(func() { l.endWork(ctx) }) }

func (l *Pipeline) endWork(ctx context.Context) {
	l.endClaims()
	stop := context.AfterFunc(ctx, func() {
		l.endWorking()
		l.mu.Lock()
		defer l.mu.Unlock()
		l.idle.Broadcast()
	})
	defer stop()
	l.mu.Lock()
	for l.active > 0 && l.working.Err() == nil {
		l.idle.Wait()
	}
	l.endWorking()
	l.mu.Unlock()
	l.crew.dismiss()
	l.goroutines.Wait()
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
