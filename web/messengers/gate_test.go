package messengers_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/pipeline"
	"keypull/web/messengers"
)

// askable is a platform that can be asked whether the account is good.
type askable struct {
	platform
	tries int
	// until then it hangs.
	until time.Time
}

func (a *askable) Answers(ctx context.Context) error {
	a.tries++
	if !time.Now().Before(a.until) {
		return nil
	}
	<-ctx.Done()
	return errors.New("no answer")
}

func opened(m messengers.Messenger) (*messengers.Courier, *messengers.Channel) {
	channels := &messengers.Channels{}
	channel := messengers.NewChannel("p", "c", "test", m)
	channels.Set("p", []*messengers.Channel{channel})
	courier := messengers.NewCourier(channels, time.Now, slog.New(slog.DiscardHandler))
	courier.Rand = func() float64 { return 1 }
	return courier, channel
}

func TestAPlatformThatHangsIsAskedBeforeAnyAnswerIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &askable{platform: platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, began: time.Now(),
			faults: repeat(fault(messengers.Uncertain), 1)}, until: time.Now().Add(30 * time.Minute)}
		courier, channel := opened(p)
		if got := bring(t.Context(), courier, parcel("ann", "hello")); got.Fate != pipeline.Sent {
			t.Errorf("%+v", got)
		}
		if len(p.log) != 2 || p.tries < 20 || p.tries > 40 {
			t.Errorf("asked %d times, and sent at %q", p.tries, p.log)
		}
		if h := channel.Health(); h.Repeated != 1 || h.Dead != 0 || h.Sent != 1 {
			t.Errorf("%+v", h)
		}
	})
}

func TestWhatWasOnItsWayWhenAChannelClosedMakesItsPauseNoLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, faults: repeat(fault(messengers.Uncertain), 50), began: time.Now()}
		courier, channel := opened(p)
		for range 50 {
			courier.Deliver(t.Context(), parcel("ann", "hello"))
		}
		if until := channel.Health().Paused; until.After(time.Now().Add(time.Second)) {
			t.Errorf("paused until %v", until)
		}
		if len(p.log) != 1 {
			t.Errorf("%d requests to a platform that is away", len(p.log))
		}
	})
}

func TestOneTrialAtATimeOpensAChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, faults: repeat(fault(messengers.Uncertain), 1), began: time.Now()}
		courier, _ := opened(p)
		courier.Deliver(t.Context(), parcel("ann", "hello"))
		if courier.Room("p", "c") > 0 {
			t.Error("open")
		}
		if trial, err := courier.Admit(t.Context(), "p", "c"); !trial || err != nil {
			t.Error(trial, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if trial, err := courier.Admit(ctx, "p", "c"); trial || err == nil {
			t.Error("a second trial beside the first", trial, err)
		}
		try := parcel("bob", "hello")
		try.Trial = true
		if got := courier.Deliver(t.Context(), try); got.Fate != pipeline.Sent {
			t.Error(got)
		}
		if trial, err := courier.Admit(t.Context(), "p", "c"); trial || err != nil || courier.Room("p", "c") == 0 {
			t.Error(trial, err)
		}
	})
}

func TestPartsThatHaveArrivedAreNotSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &platform{limits: messengers.Limits{Text: 10, Unit: messengers.Runes, Messages: 3}, began: time.Now(),
			faults: []*messengers.SendError{nil, {Fault: messengers.LimitedUntil, RetryAt: time.Now().Add(time.Hour), Err: errors.New("429")}}}
		courier, _ := opened(p)
		if got := bring(t.Context(), courier, parcel("ann", "One two. Three four.")); got.Fate != pipeline.Sent {
			t.Error(got)
		}
		if diff := cmp.Diff([]string{"0s 7.0 ann One two.", "0s 7.1 ann Three", "1h0m0s 7.1 ann Three", "1h0m0s 7.2 ann four."}, p.log); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAnAccountThatIsNotThereWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		courier := messengers.NewCourier(&messengers.Channels{}, time.Now, slog.New(slog.DiscardHandler))
		if got := courier.Deliver(t.Context(), parcel("ann", "hello")); got.Fate != pipeline.Waits || courier.Has("p", "c") || courier.Room("p", "c") > 0 {
			t.Error(got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if trial, err := courier.Admit(ctx, "p", "c"); err == nil {
			t.Error(trial)
		}
	})
}

func TestNoMoreIsOnItsWayThanLeavesInSeconds(t *testing.T) {
	for rate, want := range map[float64]int{0: 256, 0.1: 1, 1: 2, 30: 60, 1000: 256} {
		courier, _ := opened(&platform{limits: messengers.Limits{Rate: rate}})
		if got := courier.Room("p", "c"); got != want {
			t.Errorf("%v messages a second: room for %d, want %d", rate, got, want)
		}
	}
}

func TestAChannelIsTriedBeforeItGetsWhatAnEarlierProcessLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		courier, _ := opened(&platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, began: time.Now()})
		courier.Prove("p", "c")
		if got := courier.Deliver(t.Context(), parcel("ann", "hello")); got.Fate != pipeline.Waits || got.Left || courier.Room("p", "c") > 0 {
			t.Errorf("%+v", got)
		}
		try := parcel("bob", "hello")
		var err error
		if try.Trial, err = courier.Admit(t.Context(), "p", "c"); !try.Trial || err != nil {
			t.Error(try.Trial, err)
		}
		if got := courier.Deliver(t.Context(), try); got.Fate != pipeline.Sent || courier.Room("p", "c") == 0 {
			t.Errorf("%+v", got)
		}
		courier.Prove("p", "elsewhere")
	})
}

// silent is a platform that hears and says nothing.
type silent struct{ platform }

func (s *silent) Send(ctx context.Context, _ messengers.Sending) (string, error) {
	<-ctx.Done()
	return "", fault(messengers.Uncertain)
}

func TestNothingIsSentAfterMessagesOfWhichNothingIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		courier, _ := opened(&silent{platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}}})
		go courier.Deliver(t.Context(), parcel("ann", "hello"))
		time.Sleep(4 * time.Second)
		if courier.Room("p", "c") == 0 {
			t.Error("closed at once")
		}
		time.Sleep(2 * time.Second)
		if got := courier.Deliver(t.Context(), parcel("bob", "hello")); got.Fate != pipeline.Waits || got.Left {
			t.Errorf("%+v", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if trial, err := courier.Admit(ctx, "p", "c"); err == nil {
			t.Error("admitted", trial)
		}
		time.Sleep(time.Minute)
	})
}
