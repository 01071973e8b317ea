// Package pages is a messenger kind for tests: pages of many publishers that one
// app carries, as Meta has them. The app proves a delivery once; a page that
// stands alone proves its own.
package pages

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name: "pages", Title: "Page", Help: "A page that readers write to.", App: &AppKind,
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{APIBase: "https://graph.example.org"}
	},
}

// AppKind is what carries pages of many publishers.
var AppKind = messengers.AppKind{
	Name: "pageapp", Title: "Page app", Help: "An app that pages are connected to.",
	New: func() settings.Opener[messengers.Env, messengers.App] { return &AppSettings{} },
}

// AppSettings configure an app.
type AppSettings struct {
	Secret settings.Secret `name:"app_secret" label:"App secret" help:"What the platform signs by." check:"required" example:"…"`
	Verify settings.Secret `name:"verify_token" label:"Verify token" help:"What the platform shows once." check:"required" example:"…"`
}

// Open returns the app.
func (s *AppSettings) Open(messengers.Env) (messengers.App, error) { return &app{*s}, nil }

type app struct{ AppSettings }

// envelope is a delivery for several pages.
type envelope struct {
	Object  string            `json:"object"`
	Entries []json.RawMessage `json:"entry"`
}

// Receive verifies a delivery and takes it apart, a part for each page.
func (a *app) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
	if d.Method == http.MethodGet {
		q := url.Values(d.Query)
		if !hmac.Equal([]byte(q.Get("hub.verify_token")), []byte(a.Verify.Reveal())) {
			return messengers.Receipt{Status: http.StatusForbidden}, nil, nil
		}
		return messengers.Receipt{ContentType: "text/plain", Body: []byte(q.Get("hub.challenge"))}, nil, nil
	}
	if !trusts(a.Secret, d) {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil, nil
	}
	var e envelope
	if json.Unmarshal(d.Body, &e) != nil {
		return messengers.Receipt{}, nil, nil //nolint:nilerr // what is not understood is acknowledged
	}
	var parts []messengers.Part
	for _, raw := range e.Entries {
		var head struct{ ID string }
		if json.Unmarshal(raw, &head) != nil || head.ID == "" {
			continue
		}
		body, err := json.Marshal(envelope{e.Object, []json.RawMessage{raw}})
		if err != nil {
			continue
		}
		parts = append(parts, messengers.Part{Account: head.ID, Delivery: messengers.Delivery{Method: d.Method, Body: body}})
	}
	return messengers.Receipt{}, parts, nil
}

// Sign returns the signature of a body.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func trusts(secret settings.Secret, d messengers.Delivery) bool {
	shown := d.Header["X-Hub-Signature-256"]
	return secret.Reveal() != "" && len(shown) == 1 && hmac.Equal([]byte(Sign(secret.Reveal(), d.Body)), []byte(shown[0]))
}

// Settings configure one page.
type Settings struct {
	Page     string          `name:"page_id" label:"Page" help:"The page's number." check:"required" example:"102"`
	Token    settings.Secret `name:"access_token" label:"Access token" help:"What we show the platform." check:"required" example:"…"`
	Secret   settings.Secret `name:"app_secret" label:"App secret" help:"What the platform signs by; empty where an app carries the page." example:"…"`
	Template string          `name:"template" label:"Template" help:"The approved text for what is later than a day." example:"late_answer"`
	APIBase  string          `name:"api_base" label:"API address" help:"Where messages are sent to." check:"required,url" example:"https://graph.example.org"`
}

// Open returns the page.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	if s.Secret.Reveal() == "" && env.App == nil {
		return nil, errors.New("write the secret of the page's own app, or say which app carries it")
	}
	return &page{Settings: *s, client: env.Client, clock: env.Clock}, nil
}

type page struct {
	Settings
	client *outside.Client
	clock  func() time.Time
}

var (
	_ messengers.Carried = (*page)(nil)
	_ messengers.Linker  = (*page)(nil)
	_ messengers.Trier   = (*page)(nil)
)

// Account returns what the platform calls the page.
func (p *page) Account() string { return p.Page }

// Link leads to the page with words to ask.
func (p *page) Link(words string) string {
	link := "https://m.example.org/" + url.PathEscape(p.Page)
	if words == "" {
		return link
	}
	return link + "?ref=" + url.QueryEscape(words)
}

// Limits returns those of a page: a day after the reader's last message only people
// and approved texts may write.
func (p *page) Limits() messengers.Limits {
	return messengers.Limits{
		Text: 2000, Unit: messengers.Runes, Messages: 3, Buttons: 3, LabelRunes: 20, LinksInText: true, Rows: 10, RowRunes: 24, DetailRunes: 72,
		Media:  map[what.MediaType]int64{what.Image: 5 << 20, what.Sound: 16 << 20, what.Document: 100 << 20},
		Window: 24 * time.Hour, After: []messengers.Why{messengers.Human}, Template: p.Template,
	}
}

type entry struct {
	ID        string
	Messaging []struct {
		Sender struct {
			ID, Phone, Locale string
		}
		Message *struct {
			MID, Text   string
			Echo        bool                      `json:"is_echo"`
			Quick       *struct{ Payload string } `json:"quick_reply"`
			Attachments []struct {
				Type    string
				Payload struct {
					URL         string
					Coordinates *struct{ Lat, Long float64 }
				}
			}
		}
		Postback *struct {
			MID, Title, Payload string
			Referral            *struct{ Ref string }
		}
		Timestamp int64
		Edit      *struct{ MID, Text string } `json:"message_edit"`
		Delivery  *struct{ MIDs []string }
		Read      *struct{ MIDs []string }
		Click     *struct{ MID string }
		Reaction  *struct{ MID, Reaction string }
		Renamed   *struct{ To, Phone string }
		Optout    bool
	}
}

// Receive reads what is for this page; of an app, all of it is.
func (p *page) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if !d.Verified && !trusts(p.Secret, d) {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	var e envelope
	var r messengers.Receipt
	if json.Unmarshal(d.Body, &e) != nil {
		return r, nil //nolint:nilerr // what is not understood is acknowledged
	}
	for _, raw := range e.Entries {
		var one entry
		if json.Unmarshal(raw, &one) == nil && one.ID == p.Page {
			one.read(&r)
		}
	}
	return r, nil
}

func (e entry) read(r *messengers.Receipt) {
	tell := func(kind messengers.EventKind, reader string, ids ...string) {
		for _, id := range ids {
			r.Events = append(r.Events, messengers.Event{Kind: kind, Reader: reader, Message: id})
		}
	}
	for _, m := range e.Messaging {
		reader := m.Sender.ID
		if reader == "" {
			continue
		}
		in := messengers.Incoming{Reader: reader, Address: reader, Language: m.Sender.Locale}
		if m.Timestamp > 0 {
			in.Sent = time.UnixMilli(m.Timestamp)
		}
		if m.Sender.Phone != "" {
			in.Also = []string{m.Sender.Phone}
		}
		switch {
		case m.Message != nil && !m.Message.Echo && m.Message.MID != "":
			in.ID, in.Quote, in.Text = m.Message.MID, m.Message.MID, m.Message.Text
			if m.Message.Quick != nil {
				in.Tap = m.Message.Quick.Payload
			}
			for _, a := range m.Message.Attachments {
				if at := a.Payload.Coordinates; at != nil {
					in.Location = &pull.Location{Latitude: at.Lat, Longitude: at.Long}
				} else if kind := map[string]what.MediaType{"image": what.Image, "audio": what.Sound, "video": what.Video, "file": what.Document}[a.Type]; kind != "" {
					in.Attachments = append(in.Attachments, what.Media{Type: kind, URL: a.Payload.URL})
				}
			}
			r.Asks = append(r.Asks, in)
		case m.Postback != nil && m.Postback.MID != "":
			in.ID, in.Text, in.Tap = m.Postback.MID, m.Postback.Title, m.Postback.Payload
			if m.Postback.Referral != nil {
				in.Text, in.Tap, in.Start = m.Postback.Referral.Ref, "", true
			}
			r.Asks = append(r.Asks, in)
		case m.Edit != nil && m.Edit.MID != "":
			in.ID, in.Text, in.Edit = m.Edit.MID, m.Edit.Text, true
			r.Asks = append(r.Asks, in)
		case m.Delivery != nil:
			tell(messengers.Delivered, reader, m.Delivery.MIDs...)
		case m.Read != nil:
			tell(messengers.Read, reader, m.Read.MIDs...)
		case m.Click != nil:
			tell(messengers.Clicked, reader, m.Click.MID)
		case m.Reaction != nil:
			thumb := map[string]int{"like": 1, "dislike": -1}[m.Reaction.Reaction]
			r.Events = append(r.Events, messengers.Event{Kind: messengers.Reacted, Reader: reader, Message: m.Reaction.MID, Thumb: thumb})
		case m.Renamed != nil:
			r.Events = append(r.Events, messengers.Event{Kind: messengers.Moved, Reader: reader, To: m.Renamed.To, Address: m.Renamed.To})
		case m.Optout:
			tell(messengers.Gone, reader, "")
		}
	}
}

// reason returns what the platform wants to be told.
func reason(w messengers.Why) (kind, tag string) {
	switch w {
	case messengers.Answer, messengers.Interim, messengers.Trial:
		return "RESPONSE", ""
	case messengers.Late, messengers.Later:
		return "UPDATE", ""
	case messengers.Human:
	}
	return "MESSAGE_TAG", "HUMAN_AGENT"
}

func (p *page) body(s messengers.Sending) map[string]any {
	message := map[string]any{"text": s.Text}
	kind, tag := reason(s.Why)
	if s.Template != nil {
		message = map[string]any{"template": s.Template}
	}
	if s.Quote != "" {
		message["reply_to"] = map[string]string{"mid": s.Quote}
	}
	if len(s.Buttons) > 0 {
		message["quick_replies"] = s.Buttons
	}
	if len(s.Rows) > 0 {
		message["list"] = s.Rows
	}
	if len(s.Media) > 0 {
		message["attachments"] = s.Media
	}
	return map[string]any{"recipient": map[string]string{"id": s.Address}, "messaging_type": kind, "tag": tag, "message": message}
}

// Send sends one message.
func (p *page) Send(ctx context.Context, s messengers.Sending) (string, error) {
	res, err := p.call(ctx, "/me/messages", p.body(s))
	if err != nil {
		return "", err
	}
	var answer struct {
		ID string `json:"message_id"`
	}
	if json.Unmarshal(res.Body, &answer) != nil || answer.ID == "" {
		return "", &messengers.SendError{Fault: messengers.Uncertain, Err: errors.New("the answer is not the platform's")}
	}
	return answer.ID, nil
}

// Try asks whether the token is good.
func (p *page) Try(ctx context.Context) error {
	_, err := p.call(ctx, "/me/subscribed_apps", map[string]any{})
	var fault *messengers.SendError
	if errors.As(err, &fault) && fault.Fault == messengers.TokenInvalid {
		return &pull.Error{Kind: pull.Denied, Field: "access_token", Hint: words.Verbatim("The platform does not know the token."), Err: err}
	}
	return err
}

func (p *page) call(ctx context.Context, path string, body any) (outside.Response, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return outside.Response{}, &messengers.SendError{Fault: messengers.Permanent, Err: err}
	}
	res, err := p.client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: p.APIBase + path, Body: raw, Single: true, Redact: p.Token.Reveal(),
		Header: map[string]string{"Content-Type": "application/json", "Authorization": "Bearer " + p.Token.Reveal()},
	})
	if err != nil {
		return res, messengers.Failed(err)
	}
	return res, messengers.Judged(res, p.clock())
}
