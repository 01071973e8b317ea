package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"keypull/pull"
	"keypull/pull/who"
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

// Pipeline conducts asks from acceptance to the sent reply.
type Pipeline struct {
	Options

	// claiming ends first, working when the drain is over.
	claiming, working     context.Context
	endClaims, endWorking context.CancelFunc
	goroutines            sync.WaitGroup
	crew                  crew

	mu      sync.Mutex
	lines   map[who.Key]*line
	pending atomic.Int64
	// active counts the lines at which somebody is; idle is told when there is
	// none.
	active int
	idle   *sync.Cond
	// boxes are the channels' mailboxes; asks and letters are in all of them, and
	// inHand of the asks are being worked on. room is told when that are fewer.
	boxes         map[string]*mailbox
	asks, letters int
	inHand        int
	room          chan struct{}
	// absent are lines whose publisher or channel is not there.
	absent []*line
	closed sync.Once

	readers  *otter.Cache[who.Key, *memory]
	tickets  tickets
	suspects suspects
}

// known is a reader's document as it was last written.
type known struct {
	reader   who.Reader
	revision uint64
}

// memory is the place of a reader's document in the cache: what is written
// there is seen without the cost of another entry.
type memory struct {
	atomic.Pointer[known]
	// weight is what the document was weighed at.
	weight uint32
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
	l := &Pipeline{
		Options: o, lines: map[who.Key]*line{}, boxes: map[string]*mailbox{}, room: make(chan struct{}, 1),
		readers: keptReaders(o.Memory), tickets: newTickets(o.Memory), suspects: newSuspects(),
	}
	l.idle = sync.NewCond(&l.mu)
	l.crew = newCrew(&l.goroutines, l.broken)
	l.claiming, l.endClaims = context.WithCancel(context.Background())
	l.working, l.endWorking = context.WithCancel(context.Background())
	return l
}

// Run starts the work; what was left unfinished by an earlier process is taken
// up first. It returns at once.
func (l *Pipeline) Run() {
	l.judge()
	l.steadily("claim asks", l.claim)
}

// Take accepts asks durably. When it returns without error, each of them will
// be answered. An Error of kind Limited means that too much is under way, of
// kind Unavailable that the store cannot write; the platform should try again.
func (l *Pipeline) Take(ctx context.Context, asks []pull.Ask) ([]Accepted, error) {
	if len(asks) == 0 {
		return nil, nil
	}
	if err := l.admitAsks(asks); err != nil {
		return nil, err
	}
	accepted, err := l.Inbox.Accept(ctx, asks)
	if err != nil {
		l.uncount(asks, nil)
		return nil, fmt.Errorf("accept: %w", err)
	}
	l.uncount(asks, accepted)
	return accepted, nil
}

// claim hands what the inbox gives to the lines.
func (l *Pipeline) claim() {
	for l.claiming.Err() == nil {
		most := l.mayClaim()
		if most == 0 {
			return
		}
		asks, err := l.Inbox.Claim(l.claiming, most)
		if err != nil {
			if l.claiming.Err() == nil {
				l.Logger.Error("the inbox cannot be read; trying again", "error", err)
				pause(l.claiming, storePause)
			}
			continue
		}
		l.claimed(asks)
		for _, a := range asks {
			l.enqueue(a)
		}
	}
}

// claimed counts asks that are worked on from now on; those of an earlier
// process are counted as accepted by this one.
func (l *Pipeline) claimed(asks []pull.Ask) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inHand += len(asks)
	for i := range asks {
		if l.earlier(asks[i]) {
			l.count(asks[i:i+1], 1)
		}
	}
}

// earlier says that an earlier process accepted the ask.
func (l *Pipeline) earlier(a pull.Ask) bool { return a.ID <= l.Inbox.Earlier() }

// Unfinished returns how many accepted asks are not finished yet.
func (l *Pipeline) Unfinished() int { return int(l.pending.Load()) }

// Close stops claiming, lets what is under way finish until ctx ends, and then
// ends it: what is not finished, and what waits for its channel, is taken up by
// the next process. A second call does nothing.
func (l *Pipeline) Close(ctx context.Context) { l.closed.Do(func() { l.close(ctx) }) }

func (l *Pipeline) close(ctx context.Context) {
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

// Change rewrites a reader's document, whatever else happens to it meanwhile.
// Readers that are not known are left alone.
func (l *Pipeline) Change(ctx context.Context, key who.Key, f func(who.Reader) who.Reader) error {
	for range settleTries {
		r, revision, err := l.Ledger.Reader(ctx, key)
		if err != nil || revision == 0 {
			return err
		}
		_, err = l.Ledger.Put(ctx, key, f(r), revision)
		l.readers.Invalidate(key)
		if pull.KindOf(err) != pull.Conflict {
			return err
		}
	}
	return &pull.Error{Kind: pull.Conflict, Op: "change reader", Hint: "the reader is being written by others all the time; try again"}
}

// Move has a group that its platform calls by another name go on with what was
// settled for it under the former one: who said STOP is not asked again. A
// group that is not known has nothing to take along.
func (l *Pipeline) Move(ctx context.Context, from, to who.Key) error {
	for range settleTries {
		former, known, err := l.Ledger.Reader(ctx, from)
		if err != nil || known == 0 || from == to {
			return err
		}
		r, revision, err := l.Ledger.Reader(ctx, to)
		if err != nil {
			return err
		}
		_, err = l.Ledger.Put(ctx, to, r.Inherit(former), revision)
		l.readers.Invalidate(to)
		if pull.KindOf(err) != pull.Conflict {
			return err
		}
	}
	return &pull.Error{Kind: pull.Conflict, Op: "move group", Hint: "the group is being written by others all the time; try again"}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
