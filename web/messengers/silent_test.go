package messengers_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"keypull/web/messengers"
)

// hooked is a messenger that takes any delivery but those that say no.
type hooked struct{ messengers.Messenger }

func (hooked) Limits() messengers.Limits { return messengers.Limits{} }

func (hooked) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if len(d.Body) > 0 {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	return messengers.Receipt{}, nil
}

// polled is one that fetches its deliveries itself.
type polled struct{ hooked }

func (polled) Listen(context.Context, func(context.Context, messengers.Receipt) error) error {
	return nil
}

func TestAWebhookIsSilentThatHearsNothingWhileOthersDo(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	quiet, busy, fetching := messengers.NewChannel("p", "quiet", "x", hooked{}), messengers.NewChannel("p", "busy", "x", hooked{}), messengers.NewChannel("p", "fetching", "x", polled{})
	channels := &messengers.Channels{}
	channels.Set("p", []*messengers.Channel{quiet, busy, fetching})
	hook := &messengers.Hook{Channels: channels, Clock: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler)}
	deliver := func(c *messengers.Channel, times int, body string) {
		for range times {
			hook.Serve(t.Context(), c, messengers.Delivery{At: now, Body: []byte(body)})
		}
	}
	expect := func(want bool, when string) {
		t.Helper()
		if channels.Silent(quiet, now) != want || channels.Silent(busy, now) || channels.Silent(fetching, now) {
			t.Errorf("%s: silent is %t, want %t", when, !want, want)
		}
	}
	expect(false, "nobody was written to")
	deliver(busy, 19, "")
	deliver(busy, 50, "forged")
	expect(false, "few deliveries to others")
	deliver(busy, 1, "")
	expect(true, "many deliveries to others")
	deliver(quiet, 1, "forged")
	expect(true, "a forger speaks")
	deliver(quiet, 1, "")
	deliver(busy, 30, "")
	expect(false, "it was heard today")
	now = now.Add(25 * time.Hour)
	deliver(busy, 1, "")
	expect(true, "it was heard a day ago")
}
