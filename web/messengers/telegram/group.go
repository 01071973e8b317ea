package telegram

import (
	"strings"

	"keypull/web/messengers"
)

// addressed tells whether a message is for this bot, and takes the bot's name
// out of it. In a group only commands, mentions and answers to the bot are.
func (b *Bot) addressed(m *message, text string) (string, bool) {
	text = strings.TrimSpace(text)
	if m.ReplyTo != nil && b.self(m.ReplyTo.From) {
		b.learn(m.ReplyTo.From.Username)
	}
	if strings.HasPrefix(text, "/") {
		return b.command(text)
	}
	if rest, mentioned := b.mentioned(text); mentioned {
		return rest, true
	}
	return text, m.Chat.private() || m.ReplyTo != nil && b.self(m.ReplyTo.From)
}

// self tells whether a user is this bot.
func (b *Bot) self(u *user) bool {
	return u != nil && (u.ID == b.id && b.id != 0 || u.IsBot && b.username() != "" && strings.EqualFold(u.Username, b.username()))
}

// mentioned takes "@BotName" out of a text, wherever it stands as a word.
func (b *Bot) mentioned(text string) (rest string, ok bool) {
	if b.username() == "" {
		return text, false
	}
	for before, after := range messengers.Named(text, "@"+b.username()) {
		return strings.TrimSpace(before + strings.TrimLeft(after, ",:;")), true
	}
	return text, false
}

// command takes "@BotName" off the word of a command. A command for another
// bot is not ours; as long as our own name is unknown, all are, since Telegram
// shows a bot the commands of others only where it was made an administrator.
func (b *Bot) command(text string) (string, bool) {
	first := strings.Fields(text)[0]
	word, whose, named := strings.Cut(first, "@")
	if named && b.username() != "" && !strings.EqualFold(whose, b.username()) {
		return "", false
	}
	return word + strings.TrimPrefix(text, first), true
}

// written tells whether a person wrote a message. In groups some write in the
// name of a chat, behind which Telegram shows a bot of its own.
func (m *message) written() bool {
	if m.Sender != nil && !m.Chat.private() {
		return !m.Forward
	}
	return human(m.From)
}

// renamed reads that a group goes on under another id, which Telegram tells
// in the former chat and in the new one.
func (m *message) renamed() []messengers.Event {
	former, now := m.Chat.ID, m.MovedTo
	if now == 0 {
		former, now = m.MovedFrom, m.Chat.ID
	}
	if former == 0 || now == 0 {
		return nil
	}
	return []messengers.Event{{Kind: messengers.Moved, Reader: chat{ID: former}.name(), To: chat{ID: now}.name()}}
}
