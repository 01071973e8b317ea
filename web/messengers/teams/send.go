package teams

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
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
	res, err := b.post(ctx, to, o)
	if err == nil && res.Status == http.StatusBadRequest && len(o.Attachments) > 0 {
		o.Attachments, o.Text = nil, b.worded(s)
		res, err = b.post(ctx, to, o)
	}
	if err != nil {
		return "", err
	}
	if err := judged(res, b.clock()); err != nil {
		return "", err
	}
	var sent id
	if len(res.Body) > 0 && json.Unmarshal(res.Body, &sent) != nil {
		return "", &messengers.SendError{Fault: messengers.Uncertain, Err: &pull.Error{Kind: pull.Unusable, Hint: own.Text("unclear_answer", nil)}}
	}
	if sent.ID == "" {
		return "", nil
	}
	place, _, _ := strings.Cut(to.conversation, threadMark)
	return place + "/" + sent.ID, nil
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
	to, ok := b.where(s.Address, s.Thread)
	if !ok {
		return &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_conversation", nil)}
	}
	o := b.to(to)
	o.Type = "typing"
	res, err := b.post(ctx, to, o)
	if err != nil {
		return err
	}
	return judged(res, b.clock())
}

// to is an activity to a conversation, without its words.
func (b *Bot) to(t target) outgoing {
	return outgoing{Type: "message", From: id{botPrefix + strings.TrimPrefix(b.app.id, botPrefix)}, Conversation: id{t.conversation}, ServiceURL: t.service}
}

func (b *Bot) body(s messengers.Sending) (target, outgoing, error) {
	to, ok := b.where(s.Address, s.Thread)
	if !ok {
		return to, outgoing{}, &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_conversation", nil)}
	}
	o := b.to(to)
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
		return to, o, &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_text", nil)}
	}
	return to, o, nil
}

// worded is a message whose card was refused: what it offers stands in the text.
func (b *Bot) worded(s messengers.Sending) string {
	lines := []string{s.Text}
	for _, m := range s.Media {
		lines = append(lines, b.markup.Text(m.Alt)+" "+address(m.URL))
	}
	for _, o := range s.Buttons {
		if o.Send == "" {
			lines = append(lines, b.markup.Text(o.Label)+": "+address(o.URL))
		} else {
			lines = append(lines, "• "+b.markup.Text(o.Label))
		}
	}
	for _, r := range s.Rows {
		lines = append(lines, "• "+b.markup.Text(r.Label))
	}
	return strings.TrimSpace(strings.Join(lines, "\n\n"))
}

// post sends an activity with our token, which it gets anew once where the
// service does not take it. No other host gets it.
func (b *Bot) post(ctx context.Context, to target, o outgoing) (outside.Response, error) {
	service, ok := b.hosts.allow(to.service)
	if !ok {
		return outside.Response{}, &messengers.SendError{Fault: messengers.Permanent, Err: &pull.Error{Kind: pull.Invalid, Field: "allow_service_hosts", Hint: own.Text("unknown_host", nil)}}
	}
	address := service + "/v3/conversations/" + messengers.Query(to.conversation) + "/activities"
	if o.ReplyTo != "" {
		address += "/" + messengers.Query(o.ReplyTo)
	}
	body, token := messengers.JSON(o), ""
	for try := 0; ; try++ {
		var err error
		if token, err = b.bearer.get(ctx, token); err != nil {
			return outside.Response{}, unsent(err)
		}
		res, err := b.client.Do(ctx, outside.Request{
			Method: http.MethodPost, URL: address, Body: body, Redact: token, Single: true,
			Header: map[string]string{"Content-Type": "application/json", "Accept": "application/json", "Authorization": "Bearer " + token},
		})
		if err != nil {
			return res, messengers.Failed(err)
		}
		if res.Status != http.StatusUnauthorized || try > 0 {
			return res, nil
		}
	}
}

// codeWord is how the service names a reason; what is none is not repeated.
var codeWord = regexp.MustCompile(`^[A-Za-z]{1,60}$`)

// judged sorts the service's answer: its statuses mean what they usually do, but
// for one that asks to come again.
func judged(res outside.Response, now time.Time) error {
	err := messengers.Judged(res, now)
	var e *messengers.SendError
	if !errors.As(err, &e) {
		return nil
	}
	if res.Status == http.StatusPreconditionFailed {
		e.Fault = messengers.Temporary
	}
	var said struct {
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	read := json.Unmarshal(res.Body, &said) == nil
	if read && said.Error.Code == "BotDisabledByAdmin" {
		e.Fault = messengers.TokenInvalid
	}
	if read && codeWord.MatchString(said.Error.Code) {
		e.Err = &pull.Error{Kind: pull.Unusable, Hint: own.Text("answered", words.Args{"status": strconv.Itoa(res.Status), "code": said.Error.Code})}
	}
	return e
}
