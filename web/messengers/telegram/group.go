package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"

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
	if u == nil {
		return false
	}
	name := b.name.Load()
	return u.ID == b.id && b.id != 0 || name != nil && u.IsBot && strings.EqualFold(u.Username, *name)
}

// mentioned takes "@BotName" out of a text, wherever it stands as a word.
func (b *Bot) mentioned(text string) (rest string, ok bool) {
	name := b.name.Load()
	if name == nil || !strings.Contains(text, "@") {
		return text, false
	}
	for at, c := range text {
		if c != '@' || at+1+len(*name) > len(text) || !strings.EqualFold(text[at+1:at+1+len(*name)], *name) {
			continue
		}
		before, after := text[:at], text[at+1+len(*name):]
		if endsInName(before) || beginsInName(after) {
			continue
		}
		return strings.TrimSpace(before + strings.TrimLeft(after, ",:;")), true
	}
	return text, false
}

// endsInName and beginsInName tell whether a text goes on over its border with
// what may be part of a user's name, or of a mail address.
func endsInName(s string) bool {
	r, size := utf8.DecodeLastRuneInString(s)
	return size > 0 && inName(r)
}

func beginsInName(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && inName(r)
}

func inName(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// command takes "@BotName" off the word of a command. A command for another
// bot is not ours; as long as our own name is unknown, all are, since Telegram
// shows a bot the commands of others only where it was made an administrator.
func (b *Bot) command(text string) (string, bool) {
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	word, whose, named := strings.Cut(text[:end], "@")
	if !named {
		return text, true
	}
	if name := b.name.Load(); name != nil && !strings.EqualFold(whose, *name) {
		return "", false
	}
	return word + text[end:], true
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
