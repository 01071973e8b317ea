package telegram

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// SetUp tells Telegram where to bring updates: to the channel's hook, which
// must be https, with the secret.
func (b *Bot) SetUp(ctx context.Context) error {
	if !strings.HasPrefix(b.hook, "https://") {
		return messengers.Invalid(own.Text("no_https", nil))
	}
	if err := b.Post(ctx, "/setWebhook", b.webhook(), nil); err != nil {
		return fmt.Errorf("telegram: %w", err)
	}
	b.Introduce(ctx)
	return nil
}

// SetUp removes a webhook, which would exclude polling.
func (p *Poller) SetUp(ctx context.Context) error {
	if err := p.unhook(ctx); err != nil {
		return fmt.Errorf("telegram: %w", err)
	}
	return nil
}

// unhook removes the webhook; what waits to be delivered stays.
func (b *Bot) unhook(ctx context.Context) error {
	return b.Post(ctx, "/deleteWebhook", map[string]bool{"drop_pending_updates": false}, nil)
}

// getMe asks Telegram whose bot it is.
func (b *Bot) getMe(ctx context.Context) error {
	var me struct {
		user
		FirstName string `json:"first_name"`
	}
	if err := b.Post(ctx, "/getMe", struct{}{}, &me); err != nil {
		return err
	}
	b.learn(me.Username)
	if name := b.username(); name != "" {
		b.Belongs(own.Text("whose", words.Args{"name": "@" + name, "title": cmp.Or(me.FirstName, name)}))
	}
	return nil
}

// learn keeps the bot's own user name.
func (b *Bot) learn(name string) {
	if name != "" && name != b.username() {
		b.name.Store(&name)
	}
}

// username returns it; "" while it is not known.
func (b *Bot) username() string {
	if name := b.name.Load(); name != nil {
		return *name
	}
	return ""
}

// maxPayload is how long a deep link's payload may be.
const maxPayload = 64

// Link opens the bot, and asks the words as soon as START is pressed; words that
// are too many for that are left out. There is none before the bot has been told
// its name.
func (b *Bot) Link(words string) string {
	if b.username() == "" {
		return ""
	}
	link := "https://t.me/" + b.username()
	payload := base64.RawURLEncoding.EncodeToString([]byte(words))
	if read, ok := encoded(payload); !ok || read != words || len(payload) > maxPayload {
		return link
	}
	return link + "?start=" + payload
}

// userLink is how Telegram's own links name somebody.
const userLink = "tg://user?id="

// Identify takes the number of a person or chat, as Telegram's own link to it or
// with the topic of an address behind it. User names change hands, and none is
// kept.
func (*Bot) Identify(typed string) (string, bool) {
	number, _, _ := strings.Cut(strings.TrimPrefix(typed, userLink), "/")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n == 0 {
		return "", false
	}
	return strconv.FormatInt(n, 10), true
}
