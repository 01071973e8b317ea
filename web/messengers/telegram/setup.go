package telegram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// SetUp tells Telegram where to bring updates: to the channel's hook, which
// must be https, with the secret.
func (b *Bot) SetUp(ctx context.Context) error {
	if !strings.HasPrefix(b.hook, "https://") {
		return &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_https", nil)}
	}
	if err := b.call(ctx, "setWebhook", b.webhook(), nil); err != nil {
		return fmt.Errorf("telegram: %w", err)
	}
	b.Introduce(ctx)
	return nil
}

// Introduce asks for the bot's own name, by which it is called in groups. A
// failure is no trouble: the name is told with the first message sent as well.
func (b *Bot) Introduce(ctx context.Context) {
	var me user
	if b.name.Load() == nil && b.call(ctx, "getMe", struct{}{}, &me) == nil {
		b.learn(me.Username)
	}
}

// SetUp removes a webhook, which would exclude polling.
func (p *Poller) SetUp(ctx context.Context) error {
	if err := p.call(ctx, "deleteWebhook", map[string]bool{"drop_pending_updates": false}, nil); err != nil {
		return fmt.Errorf("telegram: %w", err)
	}
	return nil
}

// Health is what Telegram says of the bot.
type Health struct {
	// Name is the bot's user name, without @.
	Name string `json:"name"`
	// Hook is where updates go; empty where they are polled.
	Hook string `json:"hook"`
	// Pending updates wait to be fetched or delivered.
	Pending int `json:"pending"`
	// LastError is what went wrong with the webhook last, and when.
	LastError   string    `json:"last_error,omitempty"`
	LastErrorAt time.Time `json:"last_error_at,omitzero"`
}

// Check asks Telegram whether the token is good and how the webhook fares. A
// webhook that leads elsewhere is an error, which says what to do.
func (b *Bot) Check(ctx context.Context) (Health, error) {
	h, err := b.health(ctx)
	if err == nil && h.Hook != b.hook {
		err = &pull.Error{Kind: pull.Invalid, Hint: own.Text("hook_elsewhere", nil)}
	}
	return h, err
}

// Check asks Telegram whether the token is good and how many updates wait.
func (p *Poller) Check(ctx context.Context) (Health, error) { return p.health(ctx) }

func (b *Bot) health(ctx context.Context) (Health, error) {
	var me user
	if err := b.call(ctx, "getMe", struct{}{}, &me); err != nil {
		return Health{}, fmt.Errorf("telegram: %w", err)
	}
	b.learn(me.Username)
	var hook struct {
		URL       string `json:"url"`
		Pending   int    `json:"pending_update_count"`
		ErrorDate int64  `json:"last_error_date"`
		Error     string `json:"last_error_message"`
	}
	if err := b.call(ctx, "getWebhookInfo", struct{}{}, &hook); err != nil {
		return Health{}, fmt.Errorf("telegram: %w", err)
	}
	h := Health{Name: me.Username, Hook: hook.URL, Pending: hook.Pending, LastError: hook.Error}
	if hook.ErrorDate > 0 {
		h.LastErrorAt = time.Unix(hook.ErrorDate, 0).UTC()
	}
	return h, nil
}

// Try asks Telegram whose bot it is. Where updates go is not asked: that is set
// when the service starts.
func (b *Bot) Try(ctx context.Context) error {
	var me struct {
		user
		FirstName string `json:"first_name"`
	}
	if err := b.call(ctx, "getMe", struct{}{}, &me); err != nil {
		return b.wrong(err)
	}
	b.learn(me.Username)
	b.title.Store(&me.FirstName)
	return nil
}

// wrong says what is wrong with an account whose call has failed.
func (b *Bot) wrong(err error) error {
	var refused *refusal
	switch {
	case errors.As(err, &refused) && refused.unknown():
		return &pull.Error{Kind: pull.Denied, Op: refused.method, Field: "token", Hint: own.Text("token_unknown", nil), Err: err}
	case errors.As(err, &refused) && (refused.code >= http.StatusInternalServerError || refused.code == http.StatusTooManyRequests):
		return &pull.Error{Kind: pull.Unavailable, Op: refused.method, Hint: own.Text("busy", words.Args{"code": strconv.Itoa(refused.code)}), Err: err}
	case errors.Is(err, errUnclear), errors.As(err, &refused) && refused.text == "":
		return &pull.Error{Kind: pull.Unusable, Op: "ask Telegram", Field: "api_base", Hint: own.Text("unclear", nil), Err: err}
	}
	return fmt.Errorf("telegram: %w", err)
}

// Account says whose bot it is.
func (b *Bot) Account() words.Text {
	name, title := b.name.Load(), b.title.Load()
	if name == nil || title == nil {
		return words.Text{}
	}
	return own.Text("whose", words.Args{"name": "@" + *name, "title": cmp.Or(*title, *name)})
}

// unknown says that Telegram knows no bot by the token.
func (r *refusal) unknown() bool {
	return r.text != "" && (r.code == http.StatusUnauthorized || r.code == http.StatusNotFound)
}

// Answers asks Telegram for the bot's name and takes whatever it says for an
// answer, but that it has failed itself.
func (b *Bot) Answers(ctx context.Context) error {
	err := b.call(ctx, "getMe", struct{}{}, nil)
	var refused *refusal
	if errors.Is(err, errUnclear) || errors.As(err, &refused) && refused.code < http.StatusInternalServerError {
		return nil
	}
	return err
}

var (
	_ messengers.Trier       = (*Bot)(nil)
	_ messengers.Accountable = (*Bot)(nil)
	_ messengers.Answering   = (*Bot)(nil)
)
