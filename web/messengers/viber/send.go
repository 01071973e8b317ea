package viber

import (
	"context"
	"strconv"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Send hands one message to Viber, and without its buttons to an app that is too
// old for them. The key is not used: Viber has no idempotency.
func (b *bot) Send(ctx context.Context, s messengers.Sending) (string, error) {
	o := b.body(s.Address, s.Message)
	if o.Text == "" && o.Media == "" {
		return "", messengers.Unsendable(own.Text("no_text", nil))
	}
	var sent struct {
		Token int64 `json:"message_token"`
	}
	err := b.Post(ctx, "/send_message", o, &sent)
	if httpapi.Says(err, tooOld) && o.Keyboard != nil {
		err = b.Post(ctx, "/send_message", o.plain(), &sent)
	}
	if err != nil {
		return "", b.SendError(err)
	}
	if sent.Token == 0 {
		return "", nil
	}
	return strconv.FormatInt(sent.Token, 10), nil
}

// Answer returns the welcome, in the response to an opened chat.
func (b *bot) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	if len(said) > 0 {
		r.ContentType, r.Body = "application/json", messengers.JSON(b.body("", said[0].Message))
	}
	return r
}

// Wire returns the body of the first request that Send would make.
func (b *bot) Wire(s messengers.Sending) ([]byte, error) {
	return messengers.JSON(b.body(s.Address, s.Message)), nil
}
