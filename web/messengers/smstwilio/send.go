package smstwilio

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/web/messengers"
)

var errUnclear error = &pull.Error{Kind: pull.Unusable, Field: "api_base", Hint: own.Text("unclear", nil)}

// Send hands one message to the Messages API. What can't be sent as a picture is
// sent as a link. Of a message that may have left before, Twilio is asked first.
func (n *Number) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if id := n.left(ctx, s); id != "" {
		return id, nil
	}
	id, err := n.send(ctx, s)
	if err == nil {
		n.doubts.drop(s.Key)
		return id, nil
	}
	if err.Fault == messengers.Uncertain {
		n.doubts.add(s.Key, n.clock())
	}
	return "", err
}

func (n *Number) send(ctx context.Context, s messengers.Sending) (string, *messengers.SendError) {
	first, others := mediaOf(s.Media)
	if len(s.Buttons) > 0 && first != "" {
		first, others = "", append([]string{first}, others...)
	}
	id, err := n.post(ctx, n.form(s, first))
	var r *refusal
	if err != nil && first != "" && errors.As(err.Err, &r) && aboutMedia(r.code) {
		s.Text = strings.TrimSpace(s.Text + "\n\n" + first)
		id, err = n.post(ctx, n.form(s, ""))
	}
	if err != nil {
		return "", err
	}
	for _, m := range others {
		// The words have arrived, and would arrive once more.
		if _, err := n.post(ctx, n.form(messengers.Sending{Address: s.Address}, m)); err != nil {
			n.logger.Warn("a medium could not be sent beside its words", "key", s.Key, "error", err)
		}
	}
	return id, nil
}

// form is the body of a request for one message.
func (n *Number) form(s messengers.Sending, media string) url.Values {
	f := url.Values{"To": {s.Address}}
	if n.settings.service() {
		f.Set("MessagingServiceSid", n.settings.From)
	} else {
		f.Set("From", n.sender(s.Address))
	}
	if n.hook != "" {
		f.Set("StatusCallback", n.hook+"/"+sentPath+url.PathEscape(s.Key))
	}
	if s.Template != nil {
		f.Set("ContentSid", s.Template.Name)
		f.Set("ContentVariables", variables(s.Template.Values))
		return f
	}
	if many := min(len(s.Buttons), len(n.settings.Buttons)); many > 0 {
		f.Set("ContentSid", n.settings.Buttons[many-1])
		f.Set("ContentVariables", variables(withButtons(s)))
		return f
	}
	if s.Text != "" {
		f.Set("Body", s.Text)
	}
	if media != "" {
		f.Set("MediaUrl", media)
	}
	return f
}

// sender is who answers an address: the same number on the system that the
// reader wrote by.
func (n *Number) sender(address string) string {
	for _, system := range []string{whatsapp, rcs} {
		if strings.HasPrefix(address, system) && !strings.HasPrefix(n.settings.From, system) {
			return system + bare(n.settings.From)
		}
	}
	return n.settings.From
}

// withButtons are a text and what its buttons say and send, as the templates for
// them have it.
func withButtons(s messengers.Sending) []string {
	values := []string{s.Text}
	for _, b := range s.Buttons {
		values = append(values, b.Label, b.Send)
	}
	return values
}

// variables are what is filled into an approved text, by number.
func variables(values []string) string {
	all := map[string]string{}
	for i, v := range values {
		all[strconv.Itoa(i+1)] = v
	}
	text, _ := json.Marshal(all) // strings always can be
	return string(text)
}

// post asks for one message and returns its SID.
func (n *Number) post(ctx context.Context, form url.Values) (string, *messengers.SendError) {
	if err := ctx.Err(); err != nil {
		return "", messengers.Failed(err)
	}
	res, err := n.call(ctx, http.MethodPost, n.account("/Messages.json"), form)
	if err != nil {
		return "", messengers.Failed(err)
	}
	if err := n.judged(res); err != nil {
		return "", err
	}
	var made struct {
		SID    string `json:"sid"`
		Status string `json:"status"`
		Code   int    `json:"error_code"`
	}
	if json.Unmarshal(res.Body, &made) != nil || made.SID == "" {
		return "", &messengers.SendError{Fault: messengers.Uncertain, Err: errUnclear}
	}
	switch made.Status {
	case "", "accepted", "scheduled", "queued", "sending", "sent", "delivered", "read":
		return made.SID, nil
	}
	res.Status, res.Body = http.StatusBadRequest, failure(made.Code, made.Status)
	return "", n.judged(res)
}

// failure is a message's own failure as the API tells those of requests.
func failure(code int, said string) []byte {
	body, _ := json.Marshal(map[string]any{"code": code, "message": said}) // both always can be
	return body
}

// account is the address of something of the account.
func (n *Number) account(path string) string {
	return n.base + "/2010-04-01/Accounts/" + url.PathEscape(n.settings.AccountSID) + path
}

// call makes one request by the account's token.
func (n *Number) call(ctx context.Context, method, address string, form url.Values) (outside.Response, error) {
	token := n.settings.AuthToken.Reveal()
	proof := base64.StdEncoding.EncodeToString([]byte(n.settings.AccountSID + ":" + token))
	req := outside.Request{
		Method: method, URL: address, Redact: token, Single: true,
		Header: map[string]string{"Authorization": "Basic " + proof, "Accept": "application/json"},
	}
	if method == http.MethodPost {
		req.Header["Content-Type"] = "application/x-www-form-urlencoded"
		req.Body = []byte(form.Encode())
	}
	return n.client.Do(ctx, req)
}

// Wire returns the body of the first request that Send would make.
func (n *Number) Wire(s messengers.Sending) ([]byte, error) {
	first, _ := mediaOf(s.Media)
	return []byte(n.form(s, first).Encode()), nil
}
