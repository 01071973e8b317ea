package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Send hands one message to Telegram, as a picture with caption where it has
// one picture, and in words where the picture is refused. The key is not used:
// Telegram has no idempotency.
func (b *Bot) Send(ctx context.Context, s messengers.Sending) (string, error) {
	to, ok := where(s.Address)
	if !ok {
		return "", messengers.Unsendable(own.Text("no_chat", nil))
	}
	if o, ok := photo(to, s.Message); ok {
		id, err := b.deliver(ctx, "/sendPhoto", o)
		if !pictureRefused(err) {
			return id, b.SendError(err)
		}
	}
	o := sentenceOf(to, s.Message)
	if o.Text == "" {
		return "", messengers.Unsendable(own.Text("no_text", nil))
	}
	id, err := b.deliver(ctx, "/sendMessage", o)
	return id, b.SendError(err)
}

// deliver calls a method; where Telegram cannot read the markup, it does so
// once more without.
func (b *Bot) deliver(ctx context.Context, method string, o outgoing) (id string, err error) {
	var sent messageID
	err = b.Post(ctx, method, o, &sent)
	if httpapi.Fits(err, httpapi.Fault{Status: http.StatusBadRequest, Saying: "can't parse entities"}) {
		err = b.Post(ctx, method, o.plain(), &sent)
	}
	return sent.in(o.Chat), err
}

// messageID is what Telegram calls a message within its chat; 0 if it does
// not say.
type messageID int64

// UnmarshalJSON reads the id of a message; of what is none it leaves 0.
func (m *messageID) UnmarshalJSON(text []byte) error {
	var sent struct {
		ID int64 `json:"message_id"`
	}
	_ = json.Unmarshal(text, &sent) // the message was sent all the same
	*m = messageID(sent.ID)
	return nil
}

func (m messageID) in(chat int64) string {
	if m == 0 {
		return ""
	}
	return within(chat, int64(m))
}

// within returns a number that counts within a chat, as it is called among those of all.
func within(chat, number int64) string {
	var b [41]byte
	return string(strconv.AppendInt(append(strconv.AppendInt(b[:0], chat, 10), '/'), number, 10))
}

// pictureRefused tells whether the words alone may be worth a try: Telegram
// could not fetch the picture, or stumbled over it. Where the chat is the
// trouble, they are not.
func pictureRefused(err error) bool {
	no, refused := httpapi.Refused(err)
	switch {
	case !refused:
		return false
	case no.Status >= http.StatusInternalServerError:
		return true
	}
	return no.Status == http.StatusBadRequest && no.Address == "" && !strings.Contains(no.Text, "chat not found")
}

// Wire returns the body of the first request that Send would make.
func (b *Bot) Wire(s messengers.Sending) ([]byte, error) {
	to, ok := where(s.Address)
	if !ok {
		return nil, messengers.Invalid(own.Text("no_chat", nil))
	}
	if o, ok := photo(to, s.Message); ok {
		return messengers.JSON(o), nil
	}
	return messengers.JSON(sentenceOf(to, s.Message)), nil
}

// answerCallback ends the spinner of a pressed button.
func (b *Bot) answerCallback(ctx context.Context, id string) error {
	return b.Post(ctx, "/answerCallbackQuery", map[string]string{"callback_query_id": id}, nil)
}
