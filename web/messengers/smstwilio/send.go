package smstwilio

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Send hands one message to the Messages API. What can't be sent as a picture is
// sent as a link. Of a message that may have left before, Twilio is asked first.
func (n *Number) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if id := n.left(ctx, s); id != "" {
		return id, nil
	}
	id, err := n.send(ctx, s)
	if err == nil {
		n.doubts.Drop(s.Key)
		return id, nil
	}
	err = n.SendError(err)
	var send *messengers.SendError
	if errors.As(err, &send) && send.Fault == messengers.Uncertain {
		n.doubts.First(s.Key, n.Clock())
	}
	return "", err
}

func (n *Number) send(ctx context.Context, s messengers.Sending) (string, error) {
	first, others := mediaOf(s.Media)
	if len(s.Buttons) > 0 && first != "" {
		first, others = "", s.Media
	}
	id, err := n.post(ctx, n.form(s, first))
	if first != "" && httpapi.Says(err, aboutMedia) {
		s.Text = strings.TrimSpace(s.Text + "\n\n" + first)
		id, err = n.post(ctx, n.form(s, ""))
	}
	if err != nil {
		return "", err
	}
	for _, m := range others {
		// The words have arrived, and would arrive once more.
		if _, err := n.post(ctx, n.form(messengers.Sending{Address: s.Address}, m.URL)); err != nil {
			n.logger.Warn("a medium could not be sent beside its words", "key", s.Key, "error", err)
		}
	}
	return id, nil
}

// form returns the body of a request for one message.
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
		values := []string{s.Text}
		for _, b := range s.Buttons {
			values = append(values, b.Label, b.Send)
		}
		f.Set("ContentSid", n.settings.Buttons[many-1])
		f.Set("ContentVariables", variables(values))
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

// sender returns who answers an address: the same number on the system that the
// reader wrote by.
func (n *Number) sender(address string) string {
	for _, system := range []string{whatsapp, rcs} {
		if strings.HasPrefix(address, system) && !strings.HasPrefix(n.settings.From, system) {
			return system + bare(n.settings.From)
		}
	}
	return n.settings.From
}

// variables returns what is filled into an approved text, by number.
func variables(values []string) string {
	all := map[string]string{}
	for i, v := range values {
		all[strconv.Itoa(i+1)] = v
	}
	return string(messengers.JSON(all))
}

// post asks for one message and returns its SID.
func (n *Number) post(ctx context.Context, form url.Values) (string, error) {
	var made struct {
		SID    string `json:"sid"`
		Status string `json:"status"`
		Code   int    `json:"error_code"`
	}
	if err := n.Post(ctx, "/Messages.json", form, &made); err != nil {
		return "", err
	}
	if made.SID == "" {
		return "", n.Unclear()
	}
	switch made.Status {
	case "", "accepted", "scheduled", "queued", "sending", "sent", "delivered", "read":
		return made.SID, nil
	}
	return "", n.Refuse("Messages.json", httpapi.Answer{Status: http.StatusBadRequest, Code: codeOf(made.Code), Text: made.Status})
}

// Wire returns the body of the first request that Send would make.
func (n *Number) Wire(s messengers.Sending) ([]byte, error) {
	first, _ := mediaOf(s.Media)
	return []byte(n.form(s, first).Encode()), nil
}

// Answer returns a response in TwiML. On WhatsApp, where each message has its price,
// no word says that the answer follows.
func (n *Replier) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	var all []message
	for i := range said {
		s := &said[i]
		if n.settings.onWhatsApp() && s.Why == messengers.Interim {
			continue
		}
		report := ""
		if n.hook != "" {
			report = n.hook + "/" + statusPath + "/" + url.PathEscape(s.Key)
		}
		first, others := mediaOf(s.Media)
		all = append(all, message{Report: report, Body: s.Text, Media: first})
		for _, m := range others {
			all = append(all, message{Media: m.URL})
		}
	}
	answer := twiML(all)
	r.ContentType, r.Body = answer.ContentType, answer.Body
	return r
}

// mediaOf parts what travels with the words from what needs messages of its own:
// WhatsApp has one of each.
func mediaOf(media []what.Media) (first string, others []what.Media) {
	if len(media) == 0 {
		return "", nil
	}
	return media[0].URL, media[1:]
}

// message is one that a response has Twilio send.
type message struct {
	XMLName xml.Name `xml:"Message"`
	Report  string   `xml:"statusCallback,attr,omitempty"`
	Body    string   `xml:"Body,omitempty"`
	Media   string   `xml:"Media,omitempty"`
}

// twiML returns a response that has Twilio send some messages, or none.
func twiML(all []message) messengers.Receipt {
	body := []byte("<Response/>")
	if len(all) > 0 {
		body, _ = xml.Marshal(struct { // strings always can be
			XMLName  xml.Name `xml:"Response"`
			Messages []message
		}{Messages: all})
	}
	return messengers.Receipt{ContentType: "text/xml; charset=utf-8", Body: append([]byte(xml.Header), body...)}
}

// left asks for a message that may have left: its SID where Twilio has it, ""
// where it has not, or does not say.
func (n *Number) left(ctx context.Context, s messengers.Sending) string {
	at := n.doubts.Get(s.Key)
	if at.IsZero() || s.Text == "" {
		return ""
	}
	query := url.Values{"To": {s.Address}, "DateSent>": {at.UTC().AddDate(0, 0, -1).Format(time.DateOnly)}, "PageSize": {"20"}}
	var page struct {
		Messages []struct {
			SID  string `json:"sid"`
			Body string `json:"body"`
			Made string `json:"date_created"`
		} `json:"messages"`
	}
	if n.Get(ctx, "/Messages.json?"+query.Encode(), &page) != nil {
		return ""
	}
	const slack = 2 * time.Minute // between their clock and ours
	for _, m := range page.Messages {
		made, err := time.Parse(time.RFC1123Z, m.Made)
		if err == nil && m.Body == s.Text && made.After(at.Add(-slack)) {
			n.doubts.Drop(s.Key)
			return m.SID
		}
	}
	return ""
}
