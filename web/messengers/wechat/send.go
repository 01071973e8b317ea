package wechat

import (
	"context"

	"keypull/web/messengers"
)

// outgoing is the body of a customer service message.
type outgoing struct {
	To   string `json:"touser"`
	Type string `json:"msgtype"`
	Text struct {
		Content string `json:"content"`
	} `json:"text"`
}

// Send sends what is later than WeChat waits, as a customer service message. The
// key is not used: WeChat has no idempotency.
func (a *account) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if s.Text == "" {
		return "", messengers.Unsendable(own.Text("no_text", nil))
	}
	return "", a.SendError(a.act(ctx, "/cgi-bin/message/custom/send", body(s)))
}

func body(s messengers.Sending) outgoing {
	o := outgoing{To: s.Address, Type: "text"}
	o.Text.Content = s.Text
	return o
}

// Wire returns the body of the first request that Send would make.
func (a *account) Wire(s messengers.Sending) ([]byte, error) { return messengers.JSON(body(s)), nil }

// Type shows that an answer is being written.
func (a *account) Type(ctx context.Context, s messengers.Sending) error {
	return a.act(ctx, "/cgi-bin/message/custom/typing", map[string]string{"touser": s.Address, "command": "Typing"})
}
