package webchat

import (
	"context"
	"encoding/json"

	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

var _ messengers.SelfAsker = (*Chat)(nil)

// AskSelf implements messengers.SelfAsker: it begins a chat as a visitor does.
func (c *Chat) AskSelf(ctx context.Context, client *outside.Client) error {
	body, err := messengers.AskedSelf(ctx, client, outside.Request{
		URL: c.page + "/messages", Header: map[string]string{"Content-Type": "application/json"}, Body: []byte(`{"text": "HELP"}`),
	})
	if err != nil {
		return err
	}
	var said struct{ Replies []json.RawMessage }
	if json.Unmarshal(body, &said) != nil || len(said.Replies) == 0 {
		return words.Fail(nil, "status.other_answers", words.Args{"address": c.page})
	}
	return nil
}
