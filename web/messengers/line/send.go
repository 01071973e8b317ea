package line

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// outgoing is the body of the two ways to send: by a token, or to somebody.
type outgoing struct {
	Token    string   `json:"replyToken,omitempty"`
	To       string   `json:"to,omitempty"`
	Messages []object `json:"messages"`
}

// Send answers by the reply token where that may still be good, and pushes where
// it is not. LINE takes a token once and drops a push whose key it knows, so that
// a message sent again arrives once.
func (b *bot) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", messengers.Failed(err)
	}
	id, err := b.deliver(ctx, s, objects(s, true))
	if ofPicture(err) {
		id, err = b.deliver(ctx, s, objects(s, false))
	}
	return id, b.SendError(err)
}

func (b *bot) deliver(ctx context.Context, s messengers.Sending, all []object) (string, error) {
	if len(all) == 0 {
		return "", messengers.Unsendable(own.Text("no_text", nil))
	}
	if b.replies(s) {
		id, done, err := b.reply(ctx, s, all)
		if done || err != nil {
			return id, err
		}
	}
	id, err := b.sent(ctx, "/v2/bot/message/push", outgoing{To: s.Address, Messages: all}, retryKey(s))
	b.note(id)
	return id, err
}

// replies says that the token of the message that is answered may still be good.
func (b *bot) replies(s messengers.Sending) bool {
	by := b.tokens.Get(s.Thread)
	return s.Thread != "" && (s.Asked.IsZero() || b.Clock().Sub(s.Asked) < tokenLife) && (by == "" || by == s.Key)
}

// reply tries the token; not done, it is dead, and the message is to be pushed. A
// token that died of an earlier try of the same message has carried it.
func (b *bot) reply(ctx context.Context, s messengers.Sending, all []object) (id string, done bool, err error) {
	id, err = b.sent(ctx, "/v2/bot/message/reply", outgoing{Token: s.Thread, Messages: all}, "")
	switch dead := httpapi.Fits(err, httpapi.Fault{Status: http.StatusBadRequest, Saying: "reply token"}); {
	case dead && b.tokens.Get(s.Thread) == s.Key:
		return "", true, nil
	case dead:
		b.tokens.Put(s.Thread, spent)
		return "", false, nil
	case err == nil, messengers.Failed(err).Fault == messengers.Uncertain:
		b.tokens.Put(s.Thread, s.Key)
	}
	b.note(id)
	return id, err == nil, err
}

// spent stands for a reply token that no message of ours has used.
const spent = "spent"

// note remembers a message of ours, which a reader may answer in a group.
func (b *bot) note(id string) {
	if id != "" {
		b.said.Put(id, "ours")
	}
}

// retryKey returns a UUID made of the message's key (RFC 9562, version 8).
func retryKey(s messengers.Sending) string {
	const version, variant = 0x80, 0x80
	sum := sha256.Sum256([]byte(s.Address + "\n" + s.Key + "\n" + strconv.FormatInt(s.Asked.UnixMilli(), 10)))
	sum[6], sum[8] = sum[6]&0x0f|version, sum[8]&0x3f|variant
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// Wire returns the body of the first request that Send would make.
func (b *bot) Wire(s messengers.Sending) ([]byte, error) {
	o := outgoing{Messages: objects(s, true)}
	if o.To = s.Address; b.replies(s) {
		o.To, o.Token = "", s.Thread
	}
	return messengers.JSON(o), nil
}

// Type shows the loading animation, which LINE has for persons alone.
func (b *bot) Type(ctx context.Context, s messengers.Sending) error {
	const person, seconds = "U", 20
	if !strings.HasPrefix(s.Address, person) {
		return nil
	}
	return b.Post(ctx, "/v2/bot/chat/loading/start", map[string]any{"chatId": s.Address, "loadingSeconds": seconds}, nil)
}
