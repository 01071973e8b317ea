package httpjson

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strconv"

	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

var _ messengers.SelfAsker = (*Partner)(nil)

// AskSelf implements messengers.SelfAsker, where messages are signed by a secret that both sides have, as Standard Webhooks, and are answered in the response.
func (p *Partner) AskSelf(ctx context.Context, client *outside.Client) error {
	if p.profile != profiles[native] || p.proof.Kind != byStandard || len(p.secrets) == 0 || len(p.networks) > 0 || !p.settings.inBand(p.profile) {
		return messengers.ErrNotAsked
	}
	id, stamp := "msg_"+rand.Text(), strconv.FormatInt(p.clock().Unix(), 10)
	body := []byte(`{"id": "` + id + `", "from": "keypull-status", "text": "HELP"}`)
	answer, err := messengers.AskedSelf(ctx, client, outside.Request{URL: p.hook, Body: body, Header: map[string]string{
		"Content-Type": "application/json", "webhook-id": id, "webhook-timestamp": stamp,
		"webhook-signature": outside.WebhookSignature(keyOf(p.secrets[0]), id, stamp, body),
	}})
	if err != nil {
		return err
	}
	var said struct{ Messages []json.RawMessage }
	if json.Unmarshal(answer, &said) != nil || len(said.Messages) == 0 {
		return words.Fail(nil, "status.other_answers", words.Args{"address": p.hook})
	}
	return nil
}
