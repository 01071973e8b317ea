package messengers_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/web/messengers"
)

// platform is a messenger that fails as a test tells it to, and writes down
// when it was asked to send what.
type platform struct {
	// events are what every delivery tells of.
	events []messengers.Event
	limits messengers.Limits
	faults []*messengers.SendError
	began  time.Time
	mu     sync.Mutex
	log    []string
}

func (p *platform) Receive(context.Context, messengers.Delivery) (messengers.Receipt, error) {
	return messengers.Receipt{Events: p.events}, nil
}

func (p *platform) Limits() messengers.Limits { return p.limits }

func (p *platform) Send(_ context.Context, s messengers.Sending) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, fmt.Sprintf("%v %s %s %s", time.Since(p.began).Round(time.Second), s.Key, s.Address, s.Text))
	if len(p.faults) == 0 {
		return "", nil
	}
	fault := p.faults[0]
	p.faults = p.faults[1:]
	if fault == nil {
		return "", nil
	}
	return "", fault
}

func fault(f messengers.Fault) *messengers.SendError {
	return &messengers.SendError{Fault: f, Err: errors.New("no")}
}

func repeat(f *messengers.SendError, n int) []*messengers.SendError {
	all := make([]*messengers.SendError, n)
	for i := range all {
		all[i] = f
	}
	return all
}

func TestWhetherAndWhenAMessageIsTriedAgain(t *testing.T) {
	plain := messengers.Limits{Text: 10, Unit: messengers.Runes, Messages: 3}
	idempotent := plain
	idempotent.Idempotent = true
	for name, c := range map[string]struct {
		limits messengers.Limits
		faults []*messengers.SendError
		text   string
		fate   pipeline.Fate
		log    []string
		check  func(messengers.Health) bool
	}{
		"it is sent": {limits: plain, text: "hello", fate: pipeline.Sent, log: []string{"0s 7.0 ann hello"},
			check: func(h messengers.Health) bool { return h.Sent == 1 && h.Why.IsZero() }},
		"parts leave in order, each with its key": {limits: plain, text: "One two. Three four.", fate: pipeline.Sent,
			log: []string{"0s 7.0 ann One two.", "0s 7.1 ann Three", "0s 7.2 ann four."}},
		"a passing fault is tried again, later each time": {limits: plain, text: "hello", fate: pipeline.Sent,
			faults: repeat(fault(messengers.Temporary), 3),
			log:    logged("0s 1s 3s 4s")},
		"a platform that is away is tried once a minute at last": {limits: plain, text: "hello", fate: pipeline.Sent, faults: repeat(fault(messengers.Temporary), 12),
			log: logged("0s 1s 3s 4s 6s 10s 18s 34s 1m6s 2m6s 3m6s 4m6s 5m6s")},
		"who blocked is gone":               {limits: plain, text: "hello", fate: pipeline.Gone, faults: repeat(fault(messengers.Blocked), 1), log: []string{"0s 7.0 ann hello"}},
		"a closed window is a dead letter":  {limits: plain, text: "hello", fate: pipeline.Dead, faults: repeat(fault(messengers.WindowClosed), 1), log: []string{"0s 7.0 ann hello"}},
		"what can never be sent is one too": {limits: plain, text: "hello", fate: pipeline.Dead, faults: repeat(fault(messengers.Permanent), 1), log: []string{"0s 7.0 ann hello"}},
		"a dead account pauses the channel": {limits: plain, text: "hello", fate: pipeline.Sent, faults: repeat(fault(messengers.TokenInvalid), 2),
			log: []string{"0s 7.0 ann hello", "10s 7.0 ann hello", "30s 7.0 ann hello"}},
		"uncertain, and the platform knows no keys: once more": {limits: plain, text: "hello", fate: pipeline.Sent,
			faults: repeat(fault(messengers.Uncertain), 1), log: logged("0s 1s"),
			check: func(h messengers.Health) bool { return h.Repeated == 1 && h.Dead == 0 }},
		"uncertain twice is left at that": {limits: plain, text: "hello", fate: pipeline.Dead,
			faults: repeat(fault(messengers.Uncertain), 9), log: logged("0s 1s"),
			check: func(h messengers.Health) bool { return h.Dead == 1 && !h.Why.IsZero() }},
		"uncertain, and the platform drops what it has: as often as it takes": {limits: idempotent, text: "hello", fate: pipeline.Sent,
			faults: repeat(fault(messengers.Uncertain), 2), log: logged("0s 1s 3s"),
			check: func(h messengers.Health) bool { return h.Repeated == 0 }},
		"a moved chat is written to at its new address": {limits: plain, text: "hello", fate: pipeline.Sent,
			faults: []*messengers.SendError{{Fault: messengers.Temporary, Address: "ann2", Err: errors.New("moved")}},
			log:    []string{"0s 7.0 ann hello", "0s 7.0 ann2 hello"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &platform{limits: c.limits, faults: c.faults, began: time.Now()}
				channels := &messengers.Channels{}
				channels.Set("p", []*messengers.Channel{messengers.NewChannel("p", "c", "test", p)})
				courier := messengers.NewCourier(channels, time.Now, slog.New(slog.DiscardHandler))
				courier.Rand = func() float64 { return 1 }
				if got := bring(t.Context(), courier, parcel("ann", c.text)); got.Fate != c.fate {
					t.Errorf("fate %s, want %s", got.Fate, c.fate)
				}
				if diff := cmp.Diff(c.log, p.log); c.log != nil && diff != "" {
					t.Error(diff)
				}
				if h := channels.Find("p", "c").Health(); c.check != nil && !c.check(h) {
					t.Errorf("health %+v", h)
				}
			})
		})
	}
}

// logged returns what a platform has written down of tries at these times.
func logged(times string) (log []string) {
	for at := range strings.FieldsSeq(times) {
		log = append(log, at+" 7.0 ann hello")
	}
	return log
}

// bring has a parcel delivered as a reader's line does: what the channel does not
// take waits until it is admitted.
func bring(ctx context.Context, c *messengers.Courier, p pipeline.Parcel) pipeline.Delivery {
	for {
		d := c.Deliver(ctx, p)
		if d.Fate != pipeline.Waits {
			return d
		}
		p.Parts, p.Doubtful = d.Parts, p.Doubtful || d.Doubtful
		var err error
		if p.Trial, err = c.Admit(ctx, p.Ask.Publisher, p.Ask.Channel); err != nil {
			return pipeline.Delivery{Fate: pipeline.Open}
		}
	}
}

func parcel(address, text string) pipeline.Parcel {
	return pipeline.Parcel{
		Ask:   pull.Ask{ID: 7, Publisher: "p", Channel: "c", Incoming: pull.Incoming{Address: address}},
		Reply: pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: text}}},
	}
}

func TestRetryAfterHoldsTheWholeChannelAndNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := messengers.Limits{Text: 100, Unit: messengers.Runes}
		busy := &platform{limits: limits, began: time.Now(),
			faults: []*messengers.SendError{{Fault: messengers.LimitedUntil, RetryAt: time.Now().Add(30 * time.Second), Err: errors.New("429")}}}
		other := &platform{limits: limits, began: time.Now()}
		channels := &messengers.Channels{}
		channels.Set("p", []*messengers.Channel{messengers.NewChannel("p", "c", "test", busy), messengers.NewChannel("p", "d", "test", other)})
		courier := messengers.NewCourier(channels, time.Now, slog.New(slog.DiscardHandler))
		go bring(t.Context(), courier, parcel("ann", "hello"))
		synctest.Wait()
		go bring(t.Context(), courier, parcel("bob", "hello"))
		elsewhere := parcel("cy", "hello")
		elsewhere.Ask.Channel = "d"
		courier.Deliver(t.Context(), elsewhere)
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(busy.log) != 3 || busy.log[0] != "0s 7.0 ann hello" || busy.log[1][:3] != "30s" || busy.log[2] < "30s" {
			t.Errorf("%q", busy.log)
		}
		if diff := cmp.Diff([]string{"0s 7.0 cy hello"}, other.log); diff != "" {
			t.Error(diff)
		}
	})
}

func TestALimitOfOneReaderHoldsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := &platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, began: time.Now(),
			faults: []*messengers.SendError{{Fault: messengers.LimitedUntil, Alone: true, RetryAt: time.Now().Add(6 * time.Second), Err: errors.New("too many for ann")}}}
		channels := &messengers.Channels{}
		channels.Set("p", []*messengers.Channel{messengers.NewChannel("p", "c", "test", busy)})
		courier := messengers.NewCourier(channels, time.Now, slog.New(slog.DiscardHandler))
		go bring(t.Context(), courier, parcel("ann", "hello"))
		synctest.Wait()
		courier.Deliver(t.Context(), parcel("bob", "hello"))
		time.Sleep(time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]string{"0s 7.0 ann hello", "0s 7.0 bob hello", "6s 7.0 ann hello"}, busy.log); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheEndOfTheProcessLeavesAReplyOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, faults: repeat(fault(messengers.Temporary), 9)}
		channels := &messengers.Channels{}
		channels.Set("p", []*messengers.Channel{messengers.NewChannel("p", "c", "test", p)})
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		courier := messengers.NewCourier(channels, time.Now, slog.New(slog.DiscardHandler))
		if got := courier.Deliver(ctx, parcel("ann", "hello")); got.Fate != pipeline.Open {
			t.Fatal(got)
		}
	})
}

// A reply whose turn comes as the process ends has not left, and comes again.
func TestNothingLeavesAsTheProcessEnds(t *testing.T) {
	for _, limit := range []float64{0, 5} {
		p := &platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes, Rate: limit}}
		channels := &messengers.Channels{}
		channels.Set("p", []*messengers.Channel{messengers.NewChannel("p", "c", "test", p)})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got := messengers.NewCourier(channels, time.Now, slog.New(slog.DiscardHandler)).Deliver(ctx, parcel("ann", "hello"))
		if got.Fate != pipeline.Open || got.Left || got.Doubtful || len(p.log) > 0 {
			t.Errorf("at a rate of %v: %+v, %q", limit, got, p.log)
		}
	}
}

// A process that may have been taken over from sends nothing.
func TestNothingLeavesWhileAnotherProcessMayHaveTheAsk(t *testing.T) {
	p := &platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}}
	channels := &messengers.Channels{}
	channels.Set("p", []*messengers.Channel{messengers.NewChannel("p", "c", "test", p)})
	courier := messengers.NewCourier(channels, time.Now, slog.New(slog.DiscardHandler))
	fenced := errors.New("fenced")
	courier.Held = func(context.Context) error { return fenced }
	if got := courier.Deliver(t.Context(), parcel("ann", "hello")); got.Fate != pipeline.Open || got.Left || got.Doubtful || len(p.log) > 0 {
		t.Errorf("%+v, %q", got, p.log)
	}
	courier.Held = func(context.Context) error { return nil }
	if got := courier.Deliver(t.Context(), parcel("ann", "hello")); got.Fate != pipeline.Sent || len(p.log) != 1 {
		t.Errorf("%+v, %q", got, p.log)
	}
}
