package slack

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// answerable is for how long Slack takes answers at a response_url, less what
// they take to get there.
const answerable = 29 * time.Minute

// Send posts one message: in the channel where it was asked, in the thread of
// it; or for the asker alone. The key is not used: Slack has no idempotency.
func (b *Bot) Send(ctx context.Context, s messengers.Sending) (string, error) {
	to, ok := where(s.Address)
	if !ok {
		return "", messengers.Unsendable(own.Text("no_channel", nil))
	}
	if err := ctx.Err(); err != nil {
		return "", &messengers.SendError{Fault: messengers.Temporary, Err: err}
	}
	ids, err := b.upload(ctx, s.Files)
	var no *messengers.SendError
	switch {
	case err == nil:
	case !httpapi.Unclear(err) && errors.As(b.Unsent(err), &no) && (no.Fault == messengers.Temporary || no.Fault == messengers.LimitedUntil):
		return "", no
	default: // the app may not bring them
		s.Text += linksOf(s.Files)
	}
	id, err := b.deliver(ctx, to, s, true)
	if len(s.Media) > 0 && httpapi.Says(err, "invalid_blocks") {
		// The picture is not to be had: its address is told instead.
		id, err = b.deliver(ctx, to, s, false)
	}
	if err == nil && len(ids) > 0 {
		b.share(ctx, to, s, id, ids)
	}
	return id, b.SendError(err)
}

// deliver posts a message where it belongs: what one person alone is to see, at
// the response_url as long as Slack takes it there, then in the channel, and at
// last to the person directly.
func (b *Bot) deliver(ctx context.Context, to place, s messengers.Sending, pictured bool) (string, error) {
	p := compose(pictured, s)
	p.Channel, p.Thread = to.channel, s.Thread
	if to.user == "" {
		return b.posted(ctx, "/chat.postMessage", p)
	}
	if !s.Asked.IsZero() && b.Clock().Sub(s.Asked) < answerable {
		id, err := b.aside(ctx, to, p)
		if !unreached(err) {
			return id, err
		}
	}
	p.Channel, p.Thread = to.user, ""
	return b.posted(ctx, "/chat.postMessage", p)
}

// aside posts what one person alone sees in a channel.
func (b *Bot) aside(ctx context.Context, to place, p post) (string, error) {
	if to.hook == "" || !b.hooks(to.hook) {
		return b.posted(ctx, "/chat.postEphemeral", p.alone(to.user))
	}
	p = p.alone("")
	p.Channel, p.Response = "", "ephemeral"
	return "", b.respond(ctx, to.hook, p)
}

// posted calls a method that posts, and returns what Slack calls the message.
func (b *Bot) posted(ctx context.Context, method string, p post) (string, error) {
	var got struct {
		Channel string `json:"channel"`
		TS      string `json:"ts"`
	}
	if err := b.Post(ctx, method, p, &got); err != nil || got.TS == "" {
		return "", err
	}
	return cmp.Or(got.Channel, p.Channel) + "/" + got.TS, nil
}

// respond posts to a response_url, which is a secret by itself: no token goes
// with it.
func (b *Bot) respond(ctx context.Context, hook string, p post) error {
	err := b.Call(ctx, httpapi.Request{Path: hook, Body: p, Secret: hook, Bare: true}, nil)
	no, refused := httpapi.Refused(err)
	switch {
	case httpapi.Unclear(err):
		return nil // it says "ok" and no more
	case refused && (no.Status == http.StatusNotFound || no.Status == http.StatusForbidden || no.Status == http.StatusGone):
		return &messengers.SendError{Fault: messengers.WindowClosed, Err: complaint("answer_closed")}
	}
	return err
}

// unreached tells whether somebody may be reached directly who could not be
// reached in the channel: the way is closed, or Slack does not let the app in.
func unreached(err error) bool {
	var e *messengers.SendError
	return errors.As(err, &e) && e.Fault == messengers.WindowClosed ||
		httpapi.Says(err, "channel_not_found not_in_channel user_not_in_channel is_archived used_url expired_url")
}

// Below returns the thread that a message begins.
func (*Bot) Below(_, sent string) (thread, quote string) {
	_, thread, _ = strings.Cut(sent, "/")
	return thread, ""
}

// Wire returns the body of the first request that Send would make.
func (*Bot) Wire(s messengers.Sending) ([]byte, error) {
	to, ok := where(s.Address)
	if !ok {
		return nil, complaint("no_channel")
	}
	p := compose(true, s)
	if p.Channel, p.Thread = to.channel, s.Thread; to.user != "" {
		p = p.alone(to.user)
	}
	return messengers.JSON(p), nil
}

// Answer tells a command's caller alone.
func (*Bot) Answer(r messengers.Receipt, all []messengers.Sending) messengers.Receipt {
	if len(all) == 0 {
		return r
	}
	p := compose(true, all...).alone("")
	p.Response = "ephemeral"
	r.ContentType, r.Body = contentType, messengers.JSON(p)
	return r
}
