package teams

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// Try signs in, and reads the keys that deliveries are signed with. Whether the
// bot is installed anywhere, Microsoft does not say.
func (b *Bot) Try(ctx context.Context) error {
	if _, _, err := b.newToken(ctx); err != nil {
		return fmt.Errorf("teams: %w", err)
	}
	if err := b.app.keys.renew(ctx, nil); err != nil {
		return fmt.Errorf("teams: %w", err)
	}
	b.tried.Store(true)
	return nil
}

// Whose says which app it is.
func (b *Bot) Whose() words.Text {
	if !b.tried.Load() {
		return words.Text{}
	}
	return own.Text("whose", words.Args{"app": b.app.id})
}

// Account returns the tenant whose part of an app's deliveries the channel gets.
func (b *Bot) Account() string { return strings.ToLower(b.tenant) }

// Link opens a chat with the bot, in which the words are ready to be sent.
func (b *Bot) Link(words string) string {
	link := "https://teams.microsoft.com/l/chat/0/0?users=" + url.QueryEscape(botPrefix+b.app.id)
	if words == "" {
		return link
	}
	return link + "&message=" + messengers.Query(words)
}

// Identify takes the object ID of a person, the id that Teams gave the person for
// this bot, or that of a group or channel: all but the first have a colon.
func (*Bot) Identify(typed string) (string, bool) {
	typed, _, _ = strings.Cut(typed, threadMark)
	if !strings.Contains(typed, ":") {
		typed = strings.ToLower(typed)
	}
	return typed, typed != "" && !strings.ContainsAny(typed, " /\n")
}
