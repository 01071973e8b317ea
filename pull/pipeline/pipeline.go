package pipeline

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
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
	// Documents hold what is known of readers, Dispatches of replies that wait.
	Documents  Documents
	Dispatches Dispatches
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
	// Messages is how many replies may wait in memory; zero means as many as
	// Memory holds.
	Messages int
	// InFlight, where set, holds what is being computed, and Poison what is known of
	// asks in which the process ended. Pause is how long a poison message waits
	// before its turn; nil is a random time.
	InFlight InFlight
	Poison   PoisonRecords
	Pause    func() time.Duration
	// Talks, where set, keep what goes to people of publishers.
	Talks Talks
	// Watch, where set, sees every settled ask.
	Watch Watcher
	// Erase, where set, erases the reader of an ask: as what Forget is given.
	Erase func(ctx context.Context, a pull.Ask) error
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

// Pipeline conducts entries from acceptance to the sent reply: the acceptor makes
// them durable and claims them for their readers' queues, the settler has them
// answered, and the outbox brings the answers to the channels.
type Pipeline struct {
	life     *life
	acceptor acceptor
	settler  settler
	outbox   outbox
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
	l := newLife(&o)
	p := &Pipeline{life: l}
	documents := &readers{life: l, documents: o.Documents, editions: o.Editions, cache: keptReaders(o.Memory), passing: keptPassing(o.Memory)}
	loads := newLoads(l, &o)
	queues := newQueues(l, loads)
	p.acceptor = acceptor{life: l, inbox: o.Inbox, readers: documents, loads: loads, queues: queues}
	p.outbox = outbox{
		life: l, keep: o.Send.Keep, courier: o.Courier, ledger: o.Ledger, readers: documents, loads: loads, queues: queues, channels: map[[2]string]*channel{},
		dispatcher: &dispatcher{life: l, ledger: o.Ledger, dispatches: o.Dispatches, editions: o.Editions, resolver: o.Resolver, readers: documents},
	}
	p.settler = settler{
		life: l, inbox: o.Inbox, ledger: o.Ledger, editions: o.Editions, courier: o.Courier, resolver: o.Resolver, watch: o.Watch, talks: o.Talks,
		readers: documents, loads: loads, queues: queues, outbox: &p.outbox, poison: newPoison(l, &o), tickets: newTickets(o.Memory), owed: newOwed(l, &o, documents),
		absent: &absent{life: l, keep: o.Send.Keep, editions: o.Editions, courier: o.Courier, loads: loads, queues: queues, outbox: &p.outbox},
	}
	queues.settle = p.settler.settleQueue
	if o.Erase != nil {
		p.settler.erase, p.outbox.erase = o.Erase, p.settler.endLeaving
	}
	return p
}

// Run starts the work; what was left unfinished by an earlier process is taken
// up first. It returns at once.
func (p *Pipeline) Run() {
	p.settler.poison.judgeEnd()
	p.life.runSteadily("claim entries", p.acceptor.claimEntries)
	p.life.runSteadily("look for owed answers", p.settler.owed.lookForOwed)
}

// HasRoom reports whether more readers of a publisher may wait for an answer that nobody
// has yet.
func (p *Pipeline) HasRoom(publisher string) bool { return p.settler.owed.hasRoom(publisher) }

// Waiting returns how many readers of a publisher wait for an answer, by what they said.
func (p *Pipeline) Waiting(publisher string) map[string]int {
	return p.settler.owed.countWaiting(publisher)
}

// Stir says that something is new at a publisher, another edition or other items: whoever
// waits for an answer that is there by now is told it. It returns at once.
func (p *Pipeline) Stir(publisher string) { p.settler.owed.stirPublisher(publisher) }

// Take accepts asks durably. When it returns without error, each of them will
// be answered. An Error of kind Limited means that too much is under way, of
// kind Unavailable that the store cannot write; the platform should try again.
func (p *Pipeline) Take(ctx context.Context, asks []pull.Ask) ([]Accepted, error) {
	return p.acceptor.takeAsks(ctx, asks)
}

// Put accepts what an ask caused, durably; it has one place in the queue however
// often it is put. nth tells apart what one ask causes several times. An Error of
// kind Invalid says what the entry lacks, of kind Limited that the reader has
// ordered enough.
//
// A Later stands in the queue first and in its reader's document next: what no
// document names is dropped when it is due. What waits for its time takes no
// room among what is under way.
func (p *Pipeline) Put(ctx context.Context, e pull.Entry, nth int) (Accepted, error) {
	return p.acceptor.putEntry(ctx, e, nth)
}

// Reword has an ask answered as its reader has corrected it, where it is not
// answered yet. id is the platform's own of the ask, now the message as it reads
// by now; nil if it was taken back: then nothing answers it. It reports whether
// the ask was still waiting.
//
// A correction is held in memory alone: a process that ends before the answer
// counts leaves the first wording to the next one.
func (p *Pipeline) Reword(key who.Key, id string, now *pull.Incoming) bool {
	return p.acceptor.queues.rewordEntry(key, id, now)
}

// Await waits until the ask of a request is settled and returns its reply,
// which is nil where nothing may be said. ok is false when ctx, or this
// process, ended first: then the reply is sent when it is there. Every in-band ask that Take
// accepted must be awaited, at once and by the request that brought it.
func (p *Pipeline) Await(ctx context.Context, a pull.Ask, of Accepted) (reply *pull.Reply, ok bool, err error) {
	a.ID = of.Seq
	if reply, ok, err = p.settler.awaitAnswer(ctx, a, of); err == nil && ok {
		reply, err = p.Tellable(ctx, a, reply)
	}
	return reply, ok && err == nil, err
}

// Tellable returns the reply to an ask as it may leave now: the very one, or what takes
// its place where it tells what has been withdrawn since it was settled.
func (p *Pipeline) Tellable(ctx context.Context, a pull.Ask, r *pull.Reply) (*pull.Reply, error) {
	return p.outbox.dispatcher.tellableReply(ctx, a, r)
}

// Fail makes a dead letter of a reply that its platform took and could not bring.
// With again it is to be sent once more; the answer is false where it may not be,
// or where the ask is none of the channel's and the reader's. It is durable when it
// returns, since the platform tells nobody again.
func (p *Pipeline) Fail(ctx context.Context, a pull.Ask, why words.Text, again bool) (bool, error) {
	return p.outbox.failReply(ctx, a, why, again)
}

// Resend has a dead letter sent again, in the words that it has and with its age
// told by the clock. It returns when the message waits for its channel, or is
// under way already; how it ends is noted as of any other. pull.Unknown says that
// what was to be told is not kept any more.
func (p *Pipeline) Resend(ctx context.Context, a pull.Ask) error { return p.outbox.resendReply(ctx, a) }

// Change rewrites a reader's document, whatever else happens to it meanwhile.
// Readers that are not known are left alone.
func (p *Pipeline) Change(ctx context.Context, key who.Key, f func(who.Reader) who.Reader) error {
	return p.acceptor.readers.changeReader(ctx, key, f)
}

// Move has a group that its platform calls by another name go on with what was
// settled for it under the former one: who said STOP is not asked again. A
// group that is not known has nothing to take along.
func (p *Pipeline) Move(ctx context.Context, from, to who.Key) error {
	return p.acceptor.readers.moveReader(ctx, from, to)
}

// Forget has erase carried out in its place in the reader's queue, so that it
// never comes between an ask and its settling. What waits there, asks and
// replies, is dropped unanswered; an ask that is being answered ends first, and
// what it settled is erased with the rest, though its own answer may have left
// by then. Whoever asks afterwards is somebody new.
//
// erase is called at most once, and is given up by no one: ctx ends only the
// waiting.
func (p *Pipeline) Forget(ctx context.Context, key who.Key, erase func(context.Context) error) error {
	defer p.settler.resolver.Cache.ForgetReader(key)
	return p.settler.forgetReader(ctx, key, erase)
}

// Loads lists what the channels have under way, those that have anything.
func (p *Pipeline) Loads() []Load { return p.acceptor.loads.listLoads() }

// Unfinished returns how many accepted asks are not finished yet.
func (p *Pipeline) Unfinished() int { return int(p.life.pending.Load()) }

// Close stops claiming, lets what is under way finish until ctx ends, and then
// ends it: what is not finished, and what waits for its channel, is taken up by
// the next process. A second call does nothing.
func (p *Pipeline) Close(ctx context.Context) {
	p.closed.Do(func() {
		p.life.endClaims()
		p.acceptor.queues.awaitIdle(ctx)
		p.life.workers.closePool()
		p.life.goroutines.Wait()
		p.settler.readers.cache.StopAllGoroutines()
		p.settler.readers.passing.StopAllGoroutines()
		p.settler.tickets.recent.StopAllGoroutines()
	})
}
