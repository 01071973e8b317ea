package desk

import (
	"context"
	"fmt"
	"hash/maphash"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/pipeline"
	"keypull/pull/proof"
	"keypull/pull/request"
	"keypull/pull/settings"
	"keypull/pull/talk"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/messengers"
)

// Talks keep conversations.
type Talks interface {
	Get(ctx context.Context, key who.Key) (talk.Talk, uint64, error)
	Put(ctx context.Context, of talk.Talk, revision uint64) (uint64, error)
	Drop(ctx context.Context, key who.Key) error
	Heads(ctx context.Context) ([]talk.Head, error)
	NoteStaffed(ctx context.Context, publisher string, as talk.Staffed) error
	Staffed(ctx context.Context) (map[string]talk.Staffed, error)
	// Files of conversations lie under marks. HoldFile is for those of a message of which it is not
	// known yet whether it is part of one.
	KeepFile(ctx context.Context, key who.Key, mark string, body []byte) error
	HoldFile(ctx context.Context, key who.Key, mark string, body []byte) error
	File(ctx context.Context, key who.Key, mark string) ([]byte, error)
	DropFile(ctx context.Context, key who.Key, mark string) error
	Files(ctx context.Context, each func(key who.Key, mark string, at time.Time)) error
	// Farewells are the threads of conversations that have been erased since they were carried.
	Farewells(ctx context.Context) ([]talk.Farewell, error)
	KeepFarewell(ctx context.Context, f talk.Farewell) error
	DropFarewell(ctx context.Context, f talk.Farewell) error
}

// Bookings keep which times of calendars appointments have taken.
type Bookings interface {
	Of(ctx context.Context, publisher, calendar string) ([]request.Booking, error)
	All(ctx context.Context) ([]request.Booking, error)
	Take(ctx context.Context, by request.Booking) error
	Free(ctx context.Context, by request.Booking) error
}

// Readers hold what is known of readers, and of their asks.
type Readers interface {
	Reader(ctx context.Context, key who.Key) (who.Reader, uint64, error)
	Record(ctx context.Context, ask uint64) (pipeline.Record, bool, error)
}

// Line is how a reader's line is reached; nothing of it is there where no server runs.
type Line struct {
	// Put accepts what an ask caused, Change rewrites a reader's document; see
	// pipeline.Pipeline.
	Put    func(ctx context.Context, e pull.Entry, nth int) (pipeline.Accepted, error)
	Change func(ctx context.Context, key who.Key, f func(who.Reader) who.Reader) error
}

// Options are what a Desk works with.
type Options struct {
	Talks     Talks
	Bookings  Bookings
	Readers   Readers
	Catalogue console.Catalogue
	Channels  *messengers.Channels
	// Number returns the number of a request that an ask of a publisher confirmed at a moment.
	Number func(ctx context.Context, publisher string, ask uint64, at time.Time) proof.Code
	// HandOver hands a request to a source of a publisher, and returns what that says of it.
	HandOver func(ctx context.Context, publisher, source string, r *request.Request) (request.State, string, error)
	// PublicURL is where the world reaches this server.
	PublicURL string
	// Bridges are the kinds of them, Checks those of their fields that package settings does not
	// know.
	Bridges []Kind
	Checks  settings.Checks
	Vault   Vault
	// Random is where tokens come from.
	Random io.Reader
	Client *outside.Client
	Clock  func() time.Time
	Logger *slog.Logger
}

// Desk is where people of publishers answer readers. It is not copied.
type Desk struct {
	Options

	mu     sync.Mutex
	line   Line
	loaded bool
	heads  map[who.Key]*talk.Head
	// staffed is how people of a publisher answer, noted how that was last written.
	staffed, noted map[string]talk.Staffed
	// asks are the readers whose requests those confirmed, numbers those requests by their numbers.
	asks    map[uint64]who.Key
	numbers map[string]uint64
	// booking are asks of which a time was taken, and whose request is not kept yet.
	booking map[uint64]time.Time
	paces   messengers.Paces
	// handing is when it is tried anew to hand over what could not be, swept when bookings were
	// looked through last.
	handing map[who.Key]again
	// busy are the publishers of which requests are being handed over.
	busy  map[string]bool
	swept time.Time
	// version changes with every conversation.
	version uint64
	bridges map[string]*openBridge

	// carrying are those that fetch or carry something, each for one publisher; woken says that
	// there is something to do.
	carrying sync.WaitGroup
	fetching fetches
	woken    chan struct{}

	// locks keep what is written of one conversation in one order.
	locks [64]sync.Mutex
	seed  maphash.Seed
}

var (
	_ pipeline.Talks = (*Desk)(nil)
	_ pull.Desk      = (*Desk)(nil)
	_ pull.Requests  = (*Desk)(nil)
)

// New returns a Desk.
func New(o Options) *Desk {
	return &Desk{
		Options: o, heads: map[who.Key]*talk.Head{}, staffed: map[string]talk.Staffed{}, noted: map[string]talk.Staffed{}, seed: maphash.MakeSeed(),
		bridges: map[string]*openBridge{}, woken: make(chan struct{}, 1),
		asks: map[uint64]who.Key{}, numbers: map[string]uint64{}, booking: map[uint64]time.Time{}, handing: map[who.Key]again{}, busy: map[string]bool{},
		paces: messengers.Paces{Per: time.Minute},
	}
}

// Serve has readers be reached from now on.
func (d *Desk) Serve(l Line) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.line = l
}

func (d *Desk) lockTalk(key who.Key) (unlock func()) {
	m := &d.locks[maphash.String(d.seed, string(key))%uint64(len(d.locks))]
	m.Lock()
	return m.Unlock
}

// loadHeads reads what there is, once; d.mu is held.
func (d *Desk) loadHeads(ctx context.Context) error {
	if d.loaded {
		return nil
	}
	heads, err := d.Talks.Heads(ctx)
	if err != nil {
		return fmt.Errorf("read conversations: %w", err)
	}
	staffed, err := d.Talks.Staffed(ctx)
	if err != nil {
		return fmt.Errorf("read who answers: %w", err)
	}
	for i := range heads {
		d.heads[heads[i].Reader] = &heads[i]
		d.knowRequests(ctx, &heads[i])
	}
	d.staffed, d.noted, d.loaded = staffed, maps.Clone(staffed), true
	return nil
}

// Staffed reports whether one of a publisher's people has answered a reader within the seven
// days before a moment.
func (d *Desk) Staffed(publisher string, at time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.loadHeads(context.Background()); err != nil {
		return false // a store that fails is told of by itself
	}
	return at.Sub(d.staffed[publisher].At) <= talk.StaffedFor
}

// noteStaffed notes something of how people of a publisher answer now. It is written down between:
// whoever sends much that does not count causes no writes.
func (d *Desk) noteStaffed(publisher string, note func(as talk.Staffed, at time.Time) talk.Staffed) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.staffed[publisher] = note(d.staffed[publisher], d.Clock())
}

// keepStaffed writes down how people answer, where that is news: that they do, once an hour at
// most.
func (d *Desk) keepStaffed(ctx context.Context) {
	d.mu.Lock()
	news := map[string]talk.Staffed{}
	for publisher, as := range d.staffed {
		if noted := d.noted[publisher]; as.At.Sub(noted.At) >= time.Hour || !slices.Equal(as.Unheard, noted.Unheard) {
			news[publisher] = as
		}
	}
	d.mu.Unlock()
	for publisher, as := range news {
		if err := d.Talks.NoteStaffed(ctx, publisher, as); err != nil {
			d.Logger.Warn("how readers are answered could not be noted; trying again", "publisher", publisher, "error", err)
			continue
		}
		d.mu.Lock()
		d.noted[publisher] = as
		d.mu.Unlock()
	}
}

// keepHead remembers how a conversation stands.
func (d *Desk) keepHead(ctx context.Context, h talk.Head) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forgetRequests(ctx, d.heads[h.Reader])
	d.heads[h.Reader] = &h
	d.knowRequests(ctx, &h)
	d.version++
}

// Forget drops what is remembered of a reader who has been erased.
func (d *Desk) Forget(key who.Key) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.heads[key] != nil {
		d.forgetRequests(context.Background(), d.heads[key])
		delete(d.heads, key)
		d.version++
	}
}

// headsOf returns how a publisher's conversations stand.
func (d *Desk) headsOf(ctx context.Context, publisher string) (all []talk.Head, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.loadHeads(ctx); err != nil {
		return nil, err
	}
	for _, h := range d.heads {
		if h.Publisher() == publisher {
			all = append(all, *h)
		}
	}
	return all, nil
}

// changeTalk rewrites a conversation, whatever else happens to it meanwhile; its lock is held.
// made is one that begins, nil where it must be there. What change leaves as it is is not
// written.
func (d *Desk) changeTalk(ctx context.Context, key who.Key, begin bool, change func(*talk.Talk) (bool, error)) (talk.Talk, error) {
	const tries = 5
	for try := 1; ; try++ {
		t, revision, err := d.Talks.Get(ctx, key)
		if pull.KindOf(err) == pull.Unknown && begin {
			t, err = talk.Talk{Head: talk.Head{Reader: key}}, nil
		}
		if err != nil {
			return t, err
		}
		changed, err := change(&t)
		if err != nil || !changed {
			return t, err
		}
		t.Renewed = d.Clock()
		_, err = d.Talks.Put(ctx, t, revision)
		if pull.KindOf(err) == pull.Conflict && try < tries {
			continue
		}
		if err != nil {
			return t, fmt.Errorf("keep a conversation: %w", err)
		}
		d.keepHead(ctx, t.Head)
		return t, nil
	}
}

// Keep writes down what of an ask a person is told.
func (d *Desk) Keep(ctx context.Context, a pull.Ask, o *pull.Resolved) error {
	carry := d.carries(a.Publisher)
	defer d.lockTalk(a.Reader)()
	_, err := d.changeTalk(ctx, a.Reader, true, func(t *talk.Talk) (bool, error) {
		t.Note(&a, o, carry, d.newToken)
		return true, nil
	})
	d.stir()
	return err
}

// stir has it looked at once for what is left to do.
func (d *Desk) stir() {
	select {
	case d.woken <- struct{}{}:
	default:
	}
}

// flush puts what people wrote into the reader's queue, in its order; the lock is held. What
// cannot be put now is put later.
func (d *Desk) flush(ctx context.Context, t *talk.Talk) error {
	d.mu.Lock()
	line := d.line
	d.mu.Unlock()
	if line.Put == nil {
		return nil
	}
	var put []int
	var failed error
	for i := range t.Said {
		l := &t.Said[i]
		if !l.Unput {
			continue
		}
		if l.Incomplete() {
			break
		}
		reply := d.replyOf(t, l)
		if len(reply.Blocks)+len(reply.Media) == 0 { // its files are lost, and there is nothing else
			put = append(put, l.Number)
			continue
		}
		if _, failed = line.Put(ctx, pull.Entry{Kind: pull.Human, Cause: t.Ask, Reply: &reply, Ask: pull.Ask{
			Publisher: t.Publisher(), Channel: t.Channel, Reader: t.Reader, At: l.At,
			Incoming: pull.Incoming{Address: t.Address, Thread: t.Platform, Language: t.Language, Sent: t.Wrote, Greeted: true},
		}}, l.Number); failed != nil {
			break
		}
		put = append(put, l.Number)
	}
	if len(put) == 0 {
		return failed
	}
	changed, err := d.changeTalk(context.WithoutCancel(ctx), t.Reader, false, func(t *talk.Talk) (bool, error) {
		t.Unput = false
		for i := range t.Said {
			l := &t.Said[i]
			l.Unput = l.Unput && !slices.Contains(put, l.Number)
			t.Unput = t.Unput || l.Unput
		}
		return true, nil
	})
	if err == nil {
		*t = changed
	}
	if failed == nil {
		failed = err
	}
	return failed
}

// tend is how often it is looked for what is left to do.
const tend = 5 * time.Second

// Run puts into readers' queues what could not be put before, carries to bridges what waits for
// them, and drops what is past its time, until ctx ends.
func (d *Desk) Run(ctx context.Context) {
	defer d.carrying.Wait()
	every := time.NewTicker(tend)
	defer every.Stop()
	for ctx.Err() == nil {
		d.tendTalks(ctx)
		d.fetchAll(ctx)
		d.carryAll(ctx)
		select {
		case <-every.C:
		case <-d.woken:
		case <-ctx.Done():
		}
	}
}

func (d *Desk) tendTalks(ctx context.Context) {
	d.mu.Lock()
	err := d.loadHeads(ctx)
	now := d.Clock()
	var unput, old, unsent, aged []who.Key
	for key, h := range d.heads {
		if h.Unput {
			unput = append(unput, key)
		}
		switch {
		case !h.Ends().After(now):
			old = append(old, key)
		case slices.ContainsFunc(h.Requests, func(r request.Head) bool { return r.Unsent }):
			unsent = append(unsent, key)
		case len(h.Requests) > 0 && now.Sub(h.Renewed) > resealed:
			aged = append(aged, key)
		}
	}
	d.mu.Unlock()
	if err != nil {
		d.Logger.Warn("conversations can't be read; trying again", "error", err)
	}
	for _, key := range unput {
		if err := d.flushLater(ctx, key); err != nil {
			d.Logger.Warn("what a person wrote can't be sent now; trying again", "error", err)
		}
	}
	d.keepStaffed(ctx)
	d.handAll(ctx, unsent)
	for _, key := range aged {
		d.expireTalk(ctx, key)
	}
	d.sweepBookings(ctx)
	d.sweepFiles(ctx)
	for _, key := range old {
		if err := d.Talks.Drop(ctx, key); err == nil {
			d.Forget(key)
		}
	}
}

func (d *Desk) flushLater(ctx context.Context, key who.Key) error {
	defer d.lockTalk(key)()
	t, _, err := d.Talks.Get(ctx, key)
	if pull.KindOf(err) == pull.Unknown {
		d.Forget(key)
		return nil
	}
	if err != nil {
		return err
	}
	return d.flush(ctx, &t)
}

// Vacate removes the conversations of a publisher that is gone.
func (d *Desk) Vacate(ctx context.Context, publisher string) error {
	heads, err := d.headsOf(ctx, publisher)
	if err != nil {
		return err
	}
	for i := range heads {
		if err := d.Talks.Drop(ctx, heads[i].Reader); err != nil {
			return fmt.Errorf("forget a conversation: %w", err)
		}
		d.Forget(heads[i].Reader)
	}
	farewells, err := d.Talks.Farewells(ctx)
	if err != nil {
		return fmt.Errorf("forget the threads of conversations: %w", err)
	}
	for _, f := range farewells {
		if f.Publisher != publisher {
			continue
		}
		if err := d.Talks.DropFarewell(ctx, f); err != nil {
			return fmt.Errorf("forget the thread of a conversation: %w", err)
		}
	}
	return nil
}

// Failing returns what fails of a publisher's conversations, in a language: readers wait for a
// person, or the bridge is down.
func (d *Desk) Failing(publisher, language string) (all []console.Failure) {
	return append(d.waiting(publisher, language), d.bridgeFailures(publisher, language)...)
}

func (d *Desk) waiting(publisher, language string) (all []console.Failure) {
	heads, err := d.headsOf(context.Background(), publisher)
	if err != nil {
		return nil // a store that fails is told of by itself
	}
	n, since := 0, time.Time{}
	for i := range heads {
		waits := heads[i].WaitsSince()
		if s := heads[i].StateAt(d.Clock()); s != talk.Waiting && s != talk.Left && (s != talk.Requested || waits.IsZero()) {
			continue
		}
		if n++; since.IsZero() || waits.Before(since) {
			since = waits
		}
	}
	all = unsentOf(heads, language)
	if n == 0 {
		return all
	}
	return append(all, console.Failure{Resource: "conversation", Code: "waiting", Count: n, Since: since,
		Text: words.Text{Key: "fails.waiting", Args: words.Args{"n": n}}.In(language), Mend: console.MendOf("waiting", language)})
}

// Said returns what was said in a reader's conversations.
func (d *Desk) Said(ctx context.Context, key who.Key) (all []console.ReaderSaid, err error) {
	t, _, err := d.Talks.Get(ctx, key)
	if pull.KindOf(err) == pull.Unknown {
		return nil, nil
	}
	for _, l := range t.Said {
		all = append(all, console.ReaderSaid{At: l.At, From: string(l.From), Text: l.Text})
	}
	for _, r := range t.Filed {
		all = append(all, console.ReaderSaid{At: r.At, From: "request", Text: strings.TrimSpace(strings.Join([]string{r.Lines(), r.Number, string(r.State), r.Text}, "\n"))})
	}
	return all, err
}
