package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"keypull/pull"
	"keypull/web/messengers"
)

// SetUp tells Telegram where to bring updates: to the channel's hook, which
// must be https, with the secret.
func (b *Bot) SetUp(ctx context.Context) error {
	if !strings.HasPrefix(b.hook, "https://") {
		return &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_https", nil)}
	}
	body := map[string]any{
		"url": b.hook, "secret_token": string(b.secret), "allowed_updates": allowed(), "max_connections": 40,
	}
	if err := b.call(ctx, "setWebhook", body, nil); err != nil {
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

// Try asks Telegram whether the token is good. Where updates go is not asked:
// it is set when the service starts.
func (b *Bot) Try(ctx context.Context) error {
	_, err := b.health(ctx)
	return err
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
	_ messengers.Trier     = (*Bot)(nil)
	_ messengers.Answering = (*Bot)(nil)
)
