package messengers_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/web/messengers"
)

// mailbox is a messenger that listens, and whose account may be refused.
type mailbox struct {
	platform
	refused atomic.Bool
	tries   []string
	// listened is when it began to, and for how long.
	listened []string
}

func (m *mailbox) Try(context.Context) error {
	m.tries = append(m.tries, time.Since(m.began).Round(time.Second).String())
	if m.refused.Load() {
		return &pull.Error{Kind: pull.Denied, Err: errors.New("no such token")}
	}
	return nil
}

func (m *mailbox) Listen(ctx context.Context, _ func(context.Context, messengers.Receipt) error) error {
	m.listened = append(m.listened, "from "+time.Since(m.began).Round(time.Second).String())
	if m.refused.Load() {
		return errors.New("no such token")
	}
	<-ctx.Done()
	m.listened = append(m.listened, "until "+time.Since(m.began).Round(time.Second).String())
	return ctx.Err()
}

// refusable opens a channel whose logs are kept.
func refusable(m messengers.Messenger) (*messengers.Courier, *messengers.Channel, *bytes.Buffer) {
	courier, channel := opened(m)
	logs := &bytes.Buffer{}
	courier.Logger = slog.New(slog.NewTextHandler(logs, nil))
	return courier, channel, logs
}

func TestARefusedAccountIsToldOnceAndTriedAtGrowingPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, faults: repeat(fault(messengers.TokenInvalid), 9), began: time.Now()}
		courier, channel, logs := refusable(p)
		if got := courier.Deliver(t.Context(), parcel("ann", "hello")); got.Fate != pipeline.Waits {
			t.Fatal(got)
		}
		if h := channel.Health(); h.Refused.IsZero() || !strings.Contains(h.Error, "not accepted any more") {
			t.Errorf("%+v", h)
		}
		if got := bring(t.Context(), courier, parcel("ann", "hello")); got.Fate != pipeline.Sent {
			t.Fatal(got)
		}
		want := []string{"0s", "10s", "30s", "1m10s", "2m30s", "5m10s", "10m30s", "21m10s", "36m10s", "51m10s"}
		var at []string
		for _, line := range p.log {
			when, _, _ := strings.Cut(line, " ")
			at = append(at, when)
		}
		if diff := cmp.Diff(want, at); diff != "" {
			t.Error(diff)
		}
		if h := channel.Health(); !h.Refused.IsZero() || !h.Why.IsZero() {
			t.Errorf("%+v", h)
		}
		if n := strings.Count(logs.String(), "level=ERROR"); n != 1 || !strings.Contains(logs.String(), messengers.MendRefused.String()) {
			t.Errorf("%d errors in %s", n, logs)
		}
	})
}

func TestNothingIsFetchedWhileAnAccountIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mailbox{platform: platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, faults: repeat(fault(messengers.TokenInvalid), 1), began: time.Now()}}
		courier, channel, logs := refusable(m)
		ctx, cancel := context.WithCancel(t.Context())
		begins := 0
		begin := func(context.Context) error { begins++; return nil }
		go courier.Attend(ctx, channel, begin, func(context.Context, messengers.Receipt) error { return nil })
		time.Sleep(time.Minute)
		synctest.Wait()
		m.refused.Store(true)
		courier.Deliver(ctx, parcel("ann", "hello"))
		time.Sleep(time.Minute)
		synctest.Wait()
		if channel.Refused().IsZero() {
			t.Error("it is not refused")
		}
		m.refused.Store(false)
		time.Sleep(time.Minute)
		synctest.Wait()
		if !channel.Refused().IsZero() || !channel.Health().Why.IsZero() {
			t.Errorf("%+v", channel.Health())
		}
		cancel()
		synctest.Wait()
		if len(m.listened) != 4 || m.listened[1] != "until 1m0s" || m.listened[3] != "until 3m0s" || begins != 2 {
			t.Error(m.listened, begins)
		}
		if len(m.tries) < 3 || len(m.tries) > 4 || strings.Count(logs.String(), "level=ERROR") != 1 {
			t.Error(m.tries, logs)
		}
	})
}

func TestAChannelWhoseAccountIsRefusedWhereItListensListensAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mailbox{platform: platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, began: time.Now()}}
		m.refused.Store(true)
		courier, channel, logs := refusable(m)
		ctx, cancel := context.WithCancel(t.Context())
		go courier.Attend(ctx, channel, func(context.Context) error { return nil }, func(context.Context, messengers.Receipt) error { return nil })
		time.Sleep(time.Hour)
		synctest.Wait()
		m.refused.Store(false)
		time.Sleep(16 * time.Minute)
		synctest.Wait()
		if !channel.Refused().IsZero() || len(m.listened) != 2 {
			t.Error(channel.Refused(), m.listened)
		}
		cancel()
		synctest.Wait()
		if len(m.tries) < 8 || len(m.tries) > 12 || strings.Count(logs.String(), "level=ERROR") != 1 {
			t.Error(m.tries, logs)
		}
	})
}

// An account that its platform has suspended may answer to Try as ever.
func TestASuspendedAccountIsRefusedUntilThePlatformSaysOtherwiseOrTakesAMessage(t *testing.T) {
	for name, over := range map[string]func(context.Context, *messengers.Hook, *messengers.Courier, *messengers.Channel) error{
		"it says so": func(ctx context.Context, h *messengers.Hook, _ *messengers.Courier, c *messengers.Channel) error {
			return h.Note(ctx, c, []messengers.Event{{Kind: messengers.Restored}}, time.Now())
		},
		"it takes a message": func(ctx context.Context, _ *messengers.Hook, courier *messengers.Courier, _ *messengers.Channel) error {
			if got := bring(ctx, courier, parcel("ann", "hello")); got.Fate != pipeline.Sent {
				return errors.New("it is not sent")
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &mailbox{platform: platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, began: time.Now()}}
				courier, channel, logs := refusable(m)
				hook := &messengers.Hook{Channels: courier.Channels, Pseudonym: func(string, string, string) who.Key { return "" }, Logger: courier.Logger}
				ctx, cancel := context.WithCancel(t.Context())
				go courier.Attend(ctx, channel, func(context.Context) error { return nil }, func(context.Context, messengers.Receipt) error { return nil })
				synctest.Wait()
				for range 3 { // it may say so more than once
					if err := hook.Note(ctx, channel, []messengers.Event{{Kind: messengers.Suspended, Code: "DISABLE"}}, time.Now()); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(3 * time.Hour)
				synctest.Wait()
				if h := channel.Health(); h.Refused.IsZero() || !strings.Contains(h.Error, "DISABLE") || len(m.tries) > 0 {
					t.Errorf("%+v, tried at %v", h, m.tries)
				}
				if err := over(ctx, hook, courier, channel); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				if h := channel.Health(); !h.Refused.IsZero() || h.Error != "" || len(m.listened) != 3 {
					t.Errorf("%+v, %v", h, m.listened)
				}
				if n := strings.Count(logs.String(), "level=ERROR"); n != 1 {
					t.Errorf("%d errors in %s", n, logs)
				}
				cancel()
				synctest.Wait()
			})
		})
	}
}

func TestAPlatformThatTakesTheAccountAwayIsBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mailbox{platform: platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}, began: time.Now()}}
		m.refused.Store(true)
		courier, channel, logs := refusable(m)
		hook := &messengers.Hook{Channels: courier.Channels, Pseudonym: func(string, string, string) who.Key { return "" }, Logger: courier.Logger}
		if err := hook.Note(t.Context(), channel, []messengers.Event{{Kind: messengers.Revoked}}, time.Now()); err != nil {
			t.Fatal(err)
		}
		if channel.Refused().IsZero() || courier.Room("p", "c") != 0 || strings.Count(logs.String(), "level=ERROR") != 1 {
			t.Error(channel.Health(), logs)
		}
	})
}
