package messengertest_test

import (
	"context"
	"slices"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// again is a kind that decides by itself when to send once more.
type again struct {
	liar
	when func(error) bool
}

// Send sends, and perhaps once more.
func (a *again) Send(ctx context.Context, s messengers.Sending) (string, error) {
	id, err := a.Messenger.Send(ctx, s)
	if a.when(err) {
		return a.Messenger.Send(ctx, s)
	}
	return id, err
}

func TestOneMessageIsOneRequest(t *testing.T) {
	for says, when := range map[string]func(error) bool{
		"and sorts refusals/500: one short message goes out in 2 requests":  func(err error) bool { return err != nil },
		"to whom it is meant for: one short message goes out in 2 requests": func(err error) bool { return err == nil },
	} {
		finds(t, messengertest.Wrapped(workspaceCase(), func(_ messengers.Env, m messengers.Messenger) messengers.Messenger {
			return &again{liar{Messenger: m}, when}
		}), says)
	}
}

func TestWhatReadersWriteIsNotLogged(t *testing.T) {
	finds(t, planted(func(env messengers.Env) *liar {
		return &liar{said: eachAsk(func(in *messengers.Incoming) { env.Logger.Info("heard", "text", in.Text) })}
	}), "the log tells what a reader wrote")
}

func TestButtonsStandInTheirOrder(t *testing.T) {
	finds(t, planted(func(messengers.Env) *liar {
		return &liar{send: func(s *messengers.Sending) error { slices.Reverse(s.Buttons); return nil }}
	}), "in another order")
}
