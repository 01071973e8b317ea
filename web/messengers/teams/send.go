package teams

import (
	"context"
	"net/http"
	"strings"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// outgoing is an activity of ours.
type outgoing struct {
	Type         string     `json:"type"`
	From         id         `json:"from"`
	Conversation id         `json:"conversation"`
	ServiceURL   string     `json:"serviceUrl"`
	ReplyTo      string     `json:"replyToId,omitempty"`
	Text         string     `json:"text,omitempty"`
	Format       string     `json:"textFormat,omitempty"`
	Summary      string     `json:"summary,omitempty"`
	Locale       string     `json:"locale,omitempty"`
	Attachments  []attached `json:"attachments,omitempty"`
}

type id struct {
	ID string `json:"id"`
}

type attached struct {
	Type    string `json:"contentType"`
	Content *card  `json:"content"`
}

// Send hands one message to the service, and its text alone where the service
// does not take the card. The key is not used: there is no idempotency.
func (b *Bot) Send(ctx context.Context, s messengers.Sending) (string, error) {
	to, o, err := b.body(s)
	if err != nil {
		return "", &messengers.SendError{Fault: messengers.Permanent, Err: err}
	}
	sent, err := b.post(ctx, to, o)
	if no, refused := httpapi.Refused(err); refused && no.Status == http.StatusBadRequest && len(o.Attachments) > 0 {
		o.Attachments, o.Text = nil, worded(s)
		sent, err = b.post(ctx, to, o)
	}
	if err != nil || sent.ID == "" {
		return "", b.api.SendError(err)
	}
	place, _, _ := strings.Cut(to.conversation, threadMark)
	return place + "/" + sent.ID, nil
}

// Below returns the thread that a post begins.
func (*Bot) Below(_, sent string) (thread, quote string) {
	return sent[strings.LastIndexByte(sent, '/')+1:], ""
}

// Wire returns the body of the first request that Send would make.
func (b *Bot) Wire(s messengers.Sending) ([]byte, error) {
	_, o, err := b.body(s)
	if err != nil {
		return nil, err
	}
	return messengers.JSON(o), nil
}

// Type shows that an answer is being written.
func (b *Bot) Type(ctx context.Context, s messengers.Sending) error {
	to, o, err := b.to(s)
	if err == nil {
		o.Type = "typing"
		_, err = b.post(ctx, to, o)
	}
	return err
}

// to returns an activity to a conversation, without its words.
func (b *Bot) to(s messengers.Sending) (t target, o outgoing, err error) {
	t, ok := b.where(s.Address, s.Thread)
	if !ok {
		return t, o, messengers.Invalid(own.Text("no_conversation", nil))
	}
	from := botPrefix + strings.TrimPrefix(b.app.id, botPrefix)
	return t, outgoing{Type: "message", From: id{from}, Conversation: id{t.conversation}, ServiceURL: t.service}, nil
}

func (b *Bot) body(s messengers.Sending) (target, outgoing, error) {
	to, o, err := b.to(s)
	if err != nil {
		return to, o, err
	}
	o.ReplyTo, o.Text, o.Locale = s.Quote, s.Text, s.Language
	if o.Text != "" {
		o.Format = "markdown"
	}
	if c := cardOf(s); c != nil {
		o.Attachments = []attached{{cardType, c}}
		if o.Text == "" {
			o.Summary = c.Fallback // what notifications say, and who reads them out
		}
	} else if o.Text == "" {
		return to, o, messengers.Invalid(own.Text("no_text", nil))
	}
	return to, o, nil
}

// worded returns a message whose card was refused: what it offers stands in the text.
func worded(s messengers.Sending) string {
	lines := []string{s.Text}
	for _, m := range s.Media {
		lines = append(lines, literal(m.Alt)+" "+address(m.URL))
	}
	for _, o := range s.Buttons {
		if o.Send == "" {
			lines = append(lines, literal(o.Label)+": "+address(o.URL))
		} else {
			lines = append(lines, "• "+literal(o.Label))
		}
	}
	for _, r := range s.Rows {
		lines = append(lines, "• "+literal(r.Label))
	}
	return strings.TrimSpace(strings.Join(lines, "\n\n"))
}
