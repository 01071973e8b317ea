package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// followable is for how long an interaction's token is good, less what an answer
// takes to get there.
const followable = 14*time.Minute + 30*time.Second

// place is an address taken apart: a person, and where others are by whom the
// answer is not to be seen.
type place struct{ user, among string }

// where reads an address as Receive made it.
func where(address string) (place, bool) {
	user, among, private := strings.Cut(address, "/")
	return place{user, among}, isID(user) && (!private || isID(among))
}

// Send hands one message to Discord: by the interaction's token as long as it is
// good, then as a direct message.
func (b *Bot) Send(ctx context.Context, s messengers.Sending) (string, error) {
	to, ok := where(s.Address)
	if !ok {
		return "", messengers.Unsendable(own.Text("no_person", nil))
	}
	if err := ctx.Err(); err != nil {
		return "", &messengers.SendError{Fault: messengers.Temporary, Err: err}
	}
	m := compose(s)
	if m.Content == "" && len(m.Embeds) == 0 && len(m.Components) == 0 {
		return "", messengers.Unsendable(own.Text("no_text", nil))
	}
	if s.Thread != "" && !s.Asked.IsZero() && b.Clock().Sub(s.Asked) < followable {
		id, err := b.follow(ctx, to, s, *m)
		if !over(err) {
			return id, b.SendError(err)
		}
	}
	id, err := b.tell(ctx, to, s, *m)
	return id, b.SendError(err)
}

// follow answers an interaction: the first message takes the place of the word
// that it is worked on, others follow it.
func (b *Bot) follow(ctx context.Context, to place, s messengers.Sending, m message) (string, error) {
	path := "/webhooks/" + b.application + "/" + url.PathEscape(s.Thread)
	if s.Why == messengers.Late && strings.HasSuffix(s.Key, ".0") {
		return b.posted(ctx, httpapi.Request{Method: http.MethodPatch, Path: path + "/messages/@original", Bare: true, Secret: s.Thread, Body: m})
	}
	if to.among != "" {
		m.Flags |= ephemeral
	}
	return b.posted(ctx, httpapi.Request{Path: path, Bare: true, Secret: s.Thread, Body: m})
}

// tell sends a direct message, which Discord drops where it has had it.
func (b *Bot) tell(ctx context.Context, to place, s messengers.Sending, m message) (string, error) {
	channel, err := b.reach(ctx, to.user)
	if err != nil {
		return "", err
	}
	m.Nonce, m.Enforce = nonce(to.user, s.Key), true
	return b.posted(ctx, httpapi.Request{Path: "/channels/" + channel + "/messages", Body: m})
}

// posted makes something, and returns its id.
func (b *Bot) posted(ctx context.Context, r httpapi.Request) (string, error) {
	var got struct {
		ID string `json:"id"`
	}
	err := b.call(ctx, r, &got)
	return got.ID, err
}

// maxDirect is how many people's channels are remembered.
const maxDirect = 10_000

// reach returns the channel in which a person is reached directly.
func (b *Bot) reach(ctx context.Context, user string) (string, error) {
	if channel := b.direct.Get(user); channel != "" {
		return channel, nil
	}
	channel, err := b.posted(ctx, httpapi.Request{Path: "/users/@me/channels", Body: map[string]string{"recipient_id": user}})
	if err != nil {
		return "", b.Unsent(err)
	}
	b.direct.Put(user, channel)
	return channel, nil
}

// nonce returns the key of a message in as many characters as Discord takes.
func nonce(user, key string) string {
	const bytes = 18
	sum := sha256.Sum256([]byte(user + "\x00" + key))
	return base64.RawURLEncoding.EncodeToString(sum[:bytes])
}

// Wire returns the body of the first request that Send would make for a message.
func (*Bot) Wire(s messengers.Sending) ([]byte, error) {
	if _, ok := where(s.Address); !ok {
		return nil, complaint("no_person")
	}
	return messengers.JSON(compose(s)), nil
}

// Answer answers an interaction in the response to it; a word that it is worked
// on becomes Discord's own.
func (*Bot) Answer(r messengers.Receipt, all []messengers.Sending) messengers.Receipt {
	if len(all) == 0 {
		return r
	}
	to, _ := where(all[0].Address)
	answer := response{Type: deferred}
	if all[0].Why == messengers.Interim {
		if to.among != "" {
			answer.Data = &message{Flags: ephemeral}
		}
	} else {
		answer = response{Type: reply, Data: compose(all...)}
		if to.among != "" {
			answer.Data.Flags |= ephemeral
		}
	}
	r.ContentType, r.Body = contentType, messengers.JSON(answer)
	return r
}
