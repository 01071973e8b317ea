package telegram

import (
	"cmp"
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/web/messengers"
)

// secretHeader carries the secret_token that setWebhook was given (Bot API,
// setWebhook), in canonical form.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token" //nolint:gosec // a header's name is no secret

// Receive reads one update. A wrong secret is 401. An update that cannot be
// read is acknowledged all the same: Telegram would repeat it for a day and
// hold back everything that follows in that chat.
func (b *Bot) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if status := d.Refused(d.Shows(secretHeader, b.secret.Reveal())); status != 0 {
		return messengers.Receipt{Status: status}, nil
	}
	return b.read(d.Body), nil
}

// read tells what an update means.
func (b *Bot) read(body []byte) messengers.Receipt {
	var r messengers.Receipt
	switch u, ok := parse(body); {
	case !ok:
	case u.Message != nil && (u.Message.MovedTo != 0 || u.Message.MovedFrom != 0):
		r.Events = u.Message.renamed()
	case u.Message != nil:
		b.messages.First(u.Message.name(), u.ID)
		r.Asks = b.asked(u.ID, u.Message)
	case u.Edited != nil:
		// The message is known by the update that brought it.
		if first := b.messages.First(u.Edited.name(), u.ID); first != u.ID {
			r.Asks = corrections(b.asked(first, u.Edited))
		}
	case u.Callback != nil:
		r.Asks = b.tapped(u.ID, u.Callback)
	case u.Member != nil:
		r.Events = b.moved(u.Member)
	case u.Reaction != nil:
		r.Events = u.Reaction.readEvents()
	}
	return r
}

// corrections are asks as the new wording of earlier ones.
func corrections(asks []messengers.Incoming) []messengers.Incoming {
	for i := range asks {
		asks[i].Edit = true
	}
	return asks
}

// asked reads a message.
func (b *Bot) asked(id int64, m *message) []messengers.Incoming {
	if !m.written() || m.Chat.ID == 0 {
		return nil
	}
	text := cmp.Or(m.Text, m.Caption)
	if text == "" && (!m.any() || m.Album != "" && b.albums.First(m.Album, id) != id) {
		return nil
	}
	if text != "" && m.Album != "" {
		b.albums.First(m.Album, id)
	}
	text, addressed := b.addressed(m, text)
	if !addressed {
		return nil
	}
	chat := m.Chat.name()
	in := messengers.Incoming{
		ID: strconv.FormatInt(id, 10), Reader: chat, Address: m.address(chat), Group: true,
		Text: started(messengers.Clean(text)), Tap: payload(text), Start: strings.HasPrefix(text, "/start "),
		Location: m.place(), Attachments: m.media(),
	}
	if m.Chat.private() {
		in.Group, in.Language = false, m.From.Language
		if m.From.ID != m.Chat.ID {
			in.Reader = strconv.FormatInt(m.From.ID, 10)
		}
	}
	return []messengers.Incoming{in}
}

func human(u *user) bool { return u != nil && u.ID > 0 && !u.IsBot }

// address returns where to answer: the chat of that name, and the topic within it if
// any.
func (m *message) address(chat string) string {
	if m.Topic && m.Thread > 0 {
		return within(m.Chat.ID, m.Thread)
	}
	return chat
}

// started turns "/start payload", which a deep link sends, into the words of
// the payload.
func started(text string) string {
	payload, ok := strings.CutPrefix(text, "/start ")
	if !ok || strings.TrimSpace(payload) == "" {
		return text
	}
	payload = strings.TrimSpace(payload)
	if words, ok := encoded(payload); ok {
		return words
	}
	return strings.ReplaceAll(payload, "_", " ")
}

// encoded decodes a payload in base64url, the usual way to bring other words
// than [A-Za-z0-9_-] into a deep link. Plain words decode too, but not to
// words: letters of both cases before, nothing but words after.
func encoded(payload string) (string, bool) {
	if strings.ToLower(payload) == payload || strings.ToUpper(payload) == payload {
		return "", false
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(payload, "="))
	if err != nil || len(raw) < 3 || !utf8.Valid(raw) {
		return "", false
	}
	for _, r := range string(raw) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -'’.,?!&:", r) {
			return "", false
		}
	}
	return string(raw), true
}

// tapped reads the press of a button, and sees to it that the client's
// spinner ends.
func (b *Bot) tapped(id int64, c *callback) []messengers.Incoming {
	if c.ID != "" {
		b.acks.add(c.ID)
	}
	if !human(c.From) || c.Data == "" || c.Message == nil && c.Inline != "" {
		return nil
	}
	person := strconv.FormatInt(c.From.ID, 10)
	in := messengers.Incoming{
		ID: strconv.FormatInt(id, 10), Reader: person, Address: person, Tap: c.Data, Language: c.From.Language,
	}
	if m := c.Message; m != nil && m.Chat.ID != 0 {
		chat := m.Chat.name()
		in.Address, in.Text = m.address(chat), m.label(c.Data)
		if !m.Chat.private() {
			in.Reader, in.Group, in.Language = chat, true, ""
		}
	}
	return []messengers.Incoming{in}
}

// label finds what stands on the button that sends data.
func (m *message) label(data string) string {
	for _, row := range m.Markup.Rows {
		for _, button := range row {
			if button.Data == data {
				return button.Text
			}
		}
	}
	return ""
}

// moved reads that a reader blocked the bot or came back, or that a group sent
// it away or let it in.
func (b *Bot) moved(m *member) []messengers.Event {
	if m.New.User != nil && m.New.User.ID == b.id {
		b.learn(m.New.User.Username)
	}
	if m.Chat.ID == 0 || m.Chat.private() && !human(m.From) {
		return nil
	}
	e := messengers.Event{Reader: m.Chat.name()}
	if m.Chat.private() {
		e.Reader = strconv.FormatInt(m.From.ID, 10)
	}
	switch status := m.New.Status; {
	case status == "kicked", status == "left" && !m.Chat.private():
		e.Kind = messengers.Gone
	case status == "member", status == "administrator" && !m.Chat.private():
		e.Kind = messengers.Back
	default:
		return nil
	}
	return []messengers.Event{e}
}
