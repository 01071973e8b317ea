package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// allowed returns the updates that are asked for (Bot API, Update).
func allowed() []string {
	return []string{"message", "edited_message", "callback_query", "my_chat_member", "message_reaction"}
}

const (
	pollSeconds = 25
	pollSlack   = 10 * time.Second
	lastBackoff = 30 * time.Second
	// A server that does not wait for updates as it is asked to is asked no
	// more often than this.
	emptyPause = 250 * time.Millisecond
)

// Listen polls for updates until ctx ends. The offset moves on only when
// accept has taken a batch, so that an update which could not be stored comes
// again. It returns early only where the token is not valid.
func (p *Poller) Listen(ctx context.Context, accept func(context.Context, messengers.Receipt) error) error {
	p.Introduce(ctx)
	l := listening{bot: p.Bot, accept: accept, hooked: true}
	return messengers.Fetching{Longest: lastBackoff, Random: p.random, Logger: p.logger, Failed: "polling Telegram failed", Ends: func(err error) error {
		if httpapi.Denies(err) {
			return fmt.Errorf("telegram: poll: %w", err)
		}
		return nil
	}}.Run(ctx, l.round)
}

// listening is the state of one Listen.
type listening struct {
	bot    *Bot
	accept func(context.Context, messengers.Receipt) error
	offset int64
	// hooked: a webhook may be set, which excludes polling.
	hooked bool
}

type pollBody struct {
	Offset  int64    `json:"offset,omitempty"`
	Timeout int      `json:"timeout"`
	Limit   int      `json:"limit"`
	Allowed []string `json:"allowed_updates"`
}

// round fetches one batch and hands it over.
func (l *listening) round(ctx context.Context) error {
	if l.hooked {
		if err := l.bot.unhook(ctx); err != nil {
			return err
		}
		l.hooked = false
	}
	var batch []json.RawMessage
	body := pollBody{Offset: l.offset, Timeout: pollSeconds, Limit: 100, Allowed: allowed()}
	if err := l.bot.Call(ctx, httpapi.Request{Path: "/getUpdates", Body: body, Timeout: pollSeconds*time.Second + pollSlack}, &batch); err != nil {
		// One conflict is that with a webhook, the other that of two pollers.
		l.hooked = httpapi.Fits(err, httpapi.Fault{Status: http.StatusConflict, Saying: "webhook"})
		return err
	}
	if len(batch) == 0 {
		pull.Sleep(ctx, emptyPause)
	}
	return l.hand(ctx, batch)
}

// hand gives a batch to accept as one receipt, so that it is stored at once.
func (l *listening) hand(ctx context.Context, batch []json.RawMessage) error {
	var all messengers.Receipt
	next := l.offset
	for _, raw := range batch {
		var head struct {
			ID int64 `json:"update_id"`
		}
		if json.Unmarshal(raw, &head) == nil && head.ID >= next {
			next = head.ID + 1
		}
		r := l.bot.read(raw)
		all.Asks = append(all.Asks, r.Asks...)
		all.Events = append(all.Events, r.Events...)
	}
	if len(all.Asks) > 0 || len(all.Events) > 0 {
		if err := l.accept(ctx, all); err != nil {
			return fmt.Errorf("store updates: %w", err)
		}
	}
	l.offset = next
	return nil
}
