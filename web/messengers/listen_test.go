package messengers_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"keypull/web/messengers"
)

func TestWhoFetchesPausesLongerAfterEachFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken, dead := errors.New("broken"), errors.New("dead")
		var at []time.Duration
		began := time.Now()
		fetching := messengers.Fetching{
			Longest: 4 * time.Second, Random: rand.New(rand.NewPCG(1, 2)), Logger: slog.New(slog.DiscardHandler), //nolint:gosec // a test repeats itself
			Ends: func(err error) error {
				if errors.Is(err, dead) {
					return err
				}
				return nil
			},
		}
		err := fetching.Run(t.Context(), func(context.Context) error {
			at = append(at, time.Since(began))
			switch len(at) {
			case 6:
				time.Sleep(5 * time.Second) // a long connection that breaks
			case 8:
				return dead
			}
			return broken
		})
		if !errors.Is(err, dead) || len(at) != 8 {
			t.Fatalf("%v after %d", err, len(at))
		}
		for n, most := range []time.Duration{time.Second / 2, time.Second, 2 * time.Second, 4 * time.Second, 4 * time.Second, 5*time.Second + time.Second/2, time.Second} {
			if pause := at[n+1] - at[n]; pause > most || pause < most/2 {
				t.Errorf("pause %d was %s, want up to %s", n, pause, most)
			}
		}
	})
}

func TestWhoFetchesStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := messengers.Fetching{Longest: time.Minute}.Run(ctx, func(context.Context) error {
		cancel()
		return errors.New("cut off")
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
