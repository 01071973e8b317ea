package pipeline_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/pipeline"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
)

// plainly is a Sealer that seals nothing, for what is not about secrets.
type plainly struct{}

func (*plainly) SealDay(time.Time) (store.Seal, error)      { return openly, nil }
func (*plainly) OpenDay(_ string, b []byte) ([]byte, error) { return slices.Clone(b), nil }
func (*plainly) NewReader() (store.Slot, error)             { return 1, nil }
func (*plainly) SealReader(store.Slot) (store.Seal, error)  { return openly, nil }
func (*plainly) Bound([]byte) bool                          { return true }
func (*plainly) EraseReaders(...store.Slot) error           { return nil }
func (*plainly) EraseAgain() error                          { return nil }
func (*plainly) OpenReader(_ string, b []byte) (data []byte, _ store.Slot, _ error) {
	return slices.Clone(b), 1, nil
}

func (*plainly) Keep(...store.Slot)                                 {}
func (*plainly) Release(...store.Slot)                              {}
func (*plainly) Adrift() []store.Slot                               { return nil }
func (*plainly) Owner([]byte) (slot store.Slot, named bool)         { return 0, false }
func (*plainly) SealBoth(store.Slot, time.Time) (store.Seal, error) { return openly, nil }
func (*plainly) OpenBoth(_ string, b []byte) ([]byte, store.Slot, error) {
	return slices.Clone(b), 1, nil
}

func openly(_ string, b []byte) []byte { return slices.Clone(b) }

// echo is a source whose answer is the argument; "slow" waits for the gate.
type echo struct {
	gate chan struct{}
	// waits counts who has come to the gate.
	waits atomic.Int64
}

func (e *echo) Key(q pull.Query) (string, error) { return "k" + q.Argument, nil }

func (e *echo) Fetch(ctx context.Context, key string, _ *pull.Snapshot) (pull.Snapshot, error) {
	if strings.HasPrefix(key, "kslow") {
		e.waits.Add(1)
		select {
		case <-e.gate:
		case <-ctx.Done():
			return pull.Snapshot{}, ctx.Err()
		}
	}
	return pull.Snapshot{Fetched: time.Now(), Items: []what.Item{{ID: key, Title: key[1:]}}}, nil
}

func (e *echo) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

// world is a Pipeline over a real store.
type world struct {
	*pipeline.Pipeline
	t       *testing.T
	with    []func(*pipeline.Options)
	path    string
	db      *bolt.DB
	ledger  *store.Ledger
	inbox   *store.Inbox
	cache   *pull.Cache
	source  *echo
	courier *courier
	edition *pull.Edition
	// pause is how long a suspect waits before its turn.
	pause func() time.Duration
	// ahead is by how much the clock is ahead; gone: the publisher is not there.
	ahead atomic.Int64
	gone  atomic.Bool
	// through and upon, where set, stand before courier and ledger.
	inFlight pipeline.InFlight
	dead     graves
	through  func(pipeline.Courier) pipeline.Courier
	upon     func(pipeline.Ledger) pipeline.Ledger
}

func (w *world) Edition(string) *pull.Edition {
	if w.gone.Load() {
		return nil
	}
	return w.edition
}

func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

func (w *world) pass(d time.Duration) { w.ahead.Add(int64(d)) }

// newWorld opens one whose pipelines are made with such options.
func newWorld(t *testing.T, with ...func(*pipeline.Options)) *world {
	t.Helper()
	w := &world{t: t, with: with, path: filepath.Join(t.TempDir(), "k.db"), source: &echo{gate: make(chan struct{})},
		courier: newCourier(), pause: func() time.Duration { return 0 }}
	w.plant(t, w.source)
	w.open()
	t.Cleanup(func() { w.close(time.Second) })
	return w
}

// plant has a source answer from now on.
func (w *world) plant(t *testing.T, s pull.Source) {
	t.Helper()
	deadline := time.Minute
	var err error
	w.edition, err = pull.NewEdition(catalogue.Publisher{
		ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC",
		Keywords: []catalogue.Keyword{{ID: "say", Source: "echo", Phrases: map[string][]string{"en": {"say"}}, Argument: "required"}},
	}, map[string]pull.Opened{"echo": {Source: s, Freshness: catalogue.Freshness{Deadline: &deadline}}},
		map[string]pull.Channel{"c": {}, "shy": {Consent: "?"}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) open() {
	w.t.Helper()
	db, err := bolt.Open(w.path, store.Options{HashKey: make([]byte, 32), Clock: w.now})
	if err != nil {
		w.t.Fatal(err)
	}
	logger := slog.New(slog.DiscardHandler)
	w.db, w.cache = db, pull.NewCache(nil, time.Now)
	w.ledger = store.NewLedger(db, &plainly{}, time.Now, logger)
	w.inbox = store.NewInbox(w.ledger)
	var courier pipeline.Courier = w.courier
	if w.through != nil {
		courier = w.through(courier)
	}
	var ledger pipeline.Ledger = w.ledger
	if w.upon != nil {
		ledger = w.upon(ledger)
	}
	ledger = watched{ledger, &w.dead}
	options := pipeline.Options{
		Inbox: w.inbox, Ledger: ledger, Documents: w.ledger, Dispatches: w.ledger, Courier: courier, Editions: w,
		InFlight: w.inFlight, Poison: store.NewPoisonRecords(db), Pause: w.pause,
		Resolver: &pull.Resolver{Cache: w.cache, Clock: w.now}, Clock: w.now, Logger: logger,
	}
	for _, with := range w.with {
		with(&options)
	}
	w.Pipeline = pipeline.New(options)
	options.Resolver.Owing = w.Pipeline
	w.Run()
}

func (w *world) close(patience time.Duration) {
	if w.db == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	w.Close(ctx)
	w.cache.Close()
	if err := w.db.Close(); err != nil {
		w.t.Error(err)
	}
	w.db = nil
}

func ask(reader, id, text string) pull.Ask {
	return pull.Ask{Publisher: "p", Channel: "c", Reader: who.Key("p." + reader), At: time.Now(), Incoming: pull.Incoming{ID: id, Address: reader, Text: text}}
}

func (w *world) take(asks ...pull.Ask) []pipeline.Accepted {
	w.t.Helper()
	accepted, err := w.Take(w.t.Context(), asks)
	if err != nil {
		w.t.Fatal(err)
	}
	return accepted
}

func TestOneReaderIsAnsweredInOrderAndHoldsNobodyElse(t *testing.T) {
	w := newWorld(t)
	w.take(ask("ann", "1", "say slow"), ask("ann", "2", "say two"), ask("bob", "3", "say hello"))
	if got := w.courier.await(t, 1); got[0] != "bob hello" {
		t.Fatal(got)
	}
	close(w.source.gate)
	got := w.courier.await(t, 2)
	if want := []string{"bob hello", "ann slow", "ann two"}; !slices.Equal(want, got) {
		t.Fatalf("%q", got)
	}
}

func TestTheSameMessageIsAnsweredOnce(t *testing.T) {
	w := newWorld(t)
	var wait sync.WaitGroup
	for range 100 {
		wait.Go(func() { w.take(ask("ann", "same", "say once")) })
	}
	wait.Wait()
	w.take(ask("ann", "other", "say twice"))
	got := w.courier.await(t, 2)
	if want := []string{"ann once", "ann twice"}; !slices.Equal(want, got) {
		t.Fatalf("%q", got)
	}
	w.close(5 * time.Second)
	w.open()
	w.take(ask("ann", "same", "say once"), ask("ann", "new", "say new"))
	if got := w.courier.await(t, 1); got[len(got)-1] != "ann new" || len(got) != 3 {
		t.Fatalf("after a restart: %q", got)
	}
}

func TestWhatAProcessLeftUnfinishedTheNextOneFinishes(t *testing.T) {
	w := newWorld(t)
	w.courier.hold = make(chan struct{})
	w.take(ask("ann", "1", "say settled"), ask("bob", "2", "say slow"))
	settled := func() bool {
		r, _, err := w.ledger.Reader(t.Context(), "p.ann")
		return err == nil && len(r.Unsent) == 1
	}
	for !settled() {
		time.Sleep(time.Millisecond)
	}
	w.close(0) // ann's reply waits to be sent, bob's source has not answered
	close(w.courier.hold)
	close(w.source.gate)
	w.open()
	got := w.courier.await(t, 2)
	slices.Sort(got)
	if want := []string{"ann settled", "bob slow"}; !slices.Equal(want, got) {
		t.Fatalf("%q", got)
	}
}

func TestStopDiscardsWhatWaits(t *testing.T) {
	w := newWorld(t)
	w.courier.hold = make(chan struct{})
	w.take(ask("ann", "1", "say one"), ask("ann", "2", "say two"), ask("ann", "3", "STOP"))
	for w.Unfinished() > 2 { // the one in the courier's hands, and the confirmation
		time.Sleep(time.Millisecond)
	}
	close(w.courier.hold)
	got := w.courier.await(t, 2)
	if len(got) != 2 || got[0] != "ann one" || !strings.HasPrefix(got[1], "ann Done") {
		t.Fatalf("%q", got)
	}
}

func TestAnInBandAskGetsItsAnswerAndSoDoesItsRepetition(t *testing.T) {
	w := newWorld(t)
	a := ask("ann", "1", "say hello")
	a.InBand = true
	for range 3 {
		accepted := w.take(a)
		reply, ok, err := w.Await(t.Context(), a, accepted[0])
		if err != nil || !ok || reply.Blocks[0].Text != "hello" {
			t.Fatalf("%+v, %v, %v", reply, ok, err)
		}
	}
	w.close(5 * time.Second)
	w.open()
	accepted := w.take(a)
	if !accepted[0].Duplicate {
		t.Fatal("the repetition is a new ask")
	}
	reply, ok, err := w.Await(t.Context(), a, accepted[0])
	if err != nil || !ok || reply.Blocks[0].Text != "hello" {
		t.Fatalf("after a restart: %+v, %v, %v", reply, ok, err)
	}
	if got := w.courier.messages(); len(got) != 0 {
		t.Fatalf("sent as well: %q", got)
	}
}

func TestALateInBandAnswerIsSent(t *testing.T) {
	w := newWorld(t)
	a := ask("ann", "1", "say slow")
	a.InBand = true
	accepted := w.take(a)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, ok, err := w.Await(ctx, a, accepted[0]); ok || err != nil {
		t.Fatal(ok, err)
	}
	close(w.source.gate)
	if got := w.courier.await(t, 1); got[0] != "ann slow" {
		t.Fatal(got)
	}
}

func TestWithoutConsentTheRecordIsReducedWhenItIsSent(t *testing.T) {
	w := newWorld(t)
	a := ask("ann", "1", "say secret")
	a.Channel = "shy"
	accepted := w.take(a)
	w.courier.await(t, 1)
	w.close(5 * time.Second)
	w.open()
	record, ok, err := w.ledger.Record(t.Context(), accepted[0].Seq)
	if err != nil || !ok || record.Reply != nil {
		t.Fatalf("%+v, %v, %v", record, ok, err)
	}
	r, _, err := w.ledger.Reader(t.Context(), "p.ann")
	if err != nil || len(r.Recent) != 0 || r.Address != "" || !r.HasSettled(accepted[0].Seq) {
		t.Fatalf("%+v, %v", r, err)
	}
}

func TestABlockedReaderIsMarkedGone(t *testing.T) {
	w := newWorld(t)
	w.courier.fate = pipeline.Gone
	w.take(ask("ann", "1", "say hello"))
	for {
		r, _, err := w.ledger.Reader(t.Context(), "p.ann")
		if err != nil {
			t.Fatal(err)
		}
		if r.State == who.Gone {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func TestTooMuchUnderWayIsTurnedAway(t *testing.T) {
	w := newWorld(t, func(o *pipeline.Options) { o.Pending = 2 })
	w.take(ask("ann", "1", "say slow"), ask("bob", "2", "say slow"))
	_, err := w.Take(t.Context(), []pull.Ask{ask("cy", "3", "say hello")})
	var e *pull.Error
	if !errors.As(err, &e) || e.Kind != pull.Limited || e.RetryAt.IsZero() {
		t.Fatal(err)
	}
	close(w.source.gate)
	w.courier.await(t, 2)
	for w.Unfinished() > 0 {
		time.Sleep(time.Millisecond)
	}
	w.take(ask("cy", "3", "say hello"))
	w.courier.await(t, 1)
}
