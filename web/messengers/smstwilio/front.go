package smstwilio

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// hooked is where Twilio brings the messages of a number.
type hooked struct {
	SID    string `json:"sid"`
	URL    string `json:"sms_url"`
	Method string `json:"sms_method"`
	// App is set where an application's address counts in place of the number's.
	App string `json:"sms_application_sid"`
}

func (h hooked) String() string {
	if h.App != "" {
		return h.App
	}
	return strings.TrimSpace(h.Method + " " + h.URL)
}

// Line is a Number that can be dialled: Twilio tells by its API where the
// messages of one go. Those of a messaging service, of a WhatsApp sender and of a
// short code are led here in Twilio's console alone.
type Line struct{ *Number }

// ReplyingLine is a Line that answers in the response to what Twilio brings.
type ReplyingLine struct{ *Replier }

// Front compares where the number's messages go with our hook.
func (l *Line) Front(ctx context.Context, _ messengers.Face, mend bool) ([]messengers.Drift, error) {
	return l.lead(ctx, mend)
}

// Front compares where the number's messages go with our hook.
func (l *ReplyingLine) Front(ctx context.Context, _ messengers.Face, mend bool) ([]messengers.Drift, error) {
	return l.lead(ctx, mend)
}

// lead tells where the number's messages go otherwise than to our hook, and
// leads them there.
func (n *Number) lead(ctx context.Context, mend bool) ([]messengers.Drift, error) {
	number, _ := messengers.Phone(n.settings.From, "")
	has, err := n.hooked(ctx, number)
	if err != nil {
		return nil, err
	}
	wants := hooked{URL: n.hook, Method: http.MethodPost}
	if has.String() == wants.String() {
		return nil, nil
	}
	drift := []messengers.Drift{{Part: "webhook", Has: has.String(), Wants: wants.String()}}
	if !mend {
		return drift, nil
	}
	form := url.Values{"SmsUrl": {n.hook}, "SmsMethod": {http.MethodPost}}
	if has.App != "" {
		form.Set("SmsApplicationSid", "")
	}
	return drift, n.ask(ctx, http.MethodPost, "/IncomingPhoneNumbers/"+url.PathEscape(has.SID)+".json", form, nil)
}

// hooked asks for a number of the account.
func (n *Number) hooked(ctx context.Context, number string) (hooked, error) {
	var page struct {
		Numbers []hooked `json:"incoming_phone_numbers"`
	}
	if err := n.ask(ctx, http.MethodGet, "/IncomingPhoneNumbers.json?"+url.Values{"PhoneNumber": {number}}.Encode(), nil, &page); err != nil {
		return hooked{}, err
	}
	if len(page.Numbers) == 0 {
		return hooked{}, &pull.Error{Kind: pull.Denied, Field: "from", Hint: own.Text("not_yours", words.Args{"number": number})}
	}
	return page.Numbers[0], nil
}

// Try asks Twilio whose account it is.
func (n *Number) Try(ctx context.Context) error {
	var account struct {
		Name   string `json:"friendly_name"`
		Status string `json:"status"`
	}
	switch err := n.ask(ctx, http.MethodGet, ".json", nil, &account); {
	case err != nil:
		return err
	case account.Status == "":
		return errUnclear
	case account.Status != "active":
		return &pull.Error{Kind: pull.Denied, Field: "account_sid", Hint: own.Text("suspended", words.Args{"status": account.Status})}
	}
	n.title.Store(&account.Name)
	return nil
}

// ask asks for something of the account and reads it into a value, unless that
// is nil. The error says what to do.
func (n *Number) ask(ctx context.Context, method, path string, form url.Values, into any) error {
	res, err := n.call(ctx, method, n.account(path), form)
	if err != nil {
		return fmt.Errorf("twilio: %w", err)
	}
	status := res.Status
	switch {
	case status >= http.StatusOK && status < http.StatusMultipleChoices:
		if into != nil && json.Unmarshal(res.Body, into) != nil {
			return errUnclear
		}
		return nil
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return &pull.Error{Kind: pull.Denied, Op: path, Field: "auth_token", Hint: own.Text("token_unknown", nil), Err: n.refused(res)}
	case status == http.StatusNotFound:
		return &pull.Error{Kind: pull.Denied, Op: path, Field: "account_sid", Hint: own.Text("account_unknown", nil), Err: n.refused(res)}
	case status >= http.StatusInternalServerError || status == http.StatusTooManyRequests:
		return &pull.Error{Kind: pull.Unavailable, Op: path, Hint: own.Text("busy", words.Args{"code": strconv.Itoa(status)}), Err: n.refused(res)}
	}
	r := n.refused(res)
	return &pull.Error{Kind: pull.Unusable, Op: path, Hint: r.Said(), Err: r}
}

// Whose says whose account it is.
func (n *Number) Whose() words.Text {
	title := n.title.Load()
	if title == nil {
		return words.Text{}
	}
	return own.Text("whose", words.Args{"title": *title, "sender": n.settings.From})
}

// Answers asks for the account and takes whatever Twilio says for an answer, but
// that it has failed itself.
func (n *Number) Answers(ctx context.Context) error {
	res, err := n.call(ctx, http.MethodGet, n.account(".json"), nil)
	if err != nil {
		return fmt.Errorf("twilio: %w", err)
	}
	if res.Status >= http.StatusInternalServerError {
		return n.refused(res)
	}
	return nil
}

// Link opens a message to the number with the words in it, or the chat with it.
func (n *Number) Link(words string) string {
	number, ok := messengers.Phone(bare(n.settings.From), "")
	switch {
	case !ok || n.settings.service():
		return ""
	case n.settings.onWhatsApp():
		return withWords("https://wa.me/"+number[1:], "?text=", words)
	case !strings.HasPrefix(n.settings.From, "+"):
		number = n.settings.From
	}
	return withWords("sms:"+number, "?body=", words)
}

func withWords(address, sign, words string) string {
	if words == "" {
		return address
	}
	return address + sign + messengers.Query(words)
}
