// Package workspace is a messenger kind for tests: signed events and slash
// commands that arrive at one address, as Slack has them. Events are answered by
// a request, in their thread; commands in the response.
package workspace

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name: "workspace", Title: "Workspace", Help: "A bot in a workspace.",
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{APIBase: "https://workspace.example.org/api"}
	},
}

// Settings configure one bot.
type Settings struct {
	Token   settings.Secret `name:"bot_token" label:"Bot token" help:"What we show the workspace." check:"required" example:"xoxb-…"`
	Signing settings.Secret `name:"signing_secret" label:"Signing secret" help:"What the workspace signs by." check:"required" example:"8f742231b10e…"`
	APIBase string          `name:"api_base" label:"API address" help:"Where messages are sent to." check:"required,url" example:"https://workspace.example.org/api"`
}

// Open returns the bot.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	return &bot{Settings: *s, client: env.Client, clock: env.Clock}, nil
}

type bot struct {
	Settings
	client *outside.Client
	clock  func() time.Time
}

var _ messengers.InBand = (*bot)(nil)

const (
	// window is for how long a signed delivery is believed.
	window = 5 * time.Minute
	// pause is for how long nothing is sent where the workspace asks for rest.
	pause = 30 * time.Second
)

// Limits returns those of a post: words with stars and angle brackets.
func (*bot) Limits() messengers.Limits {
	return messengers.Limits{
		Text: 3000, Unit: messengers.Runes, Messages: 2, Buttons: 5, LabelRunes: 75, InBand: 3 * time.Second,
		Media: map[what.MediaType]int64{what.Image: 0}, Caption: 2000,
		Markup: messengers.Markup{
			Name: "mrkdwn", Bold: [2]string{"*", "*"}, Italic: [2]string{"_", "_"}, Link: "<{url}|{text}>",
			Escape:    strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "∗", "_", "ˍ").Replace,
			EscapeURL: strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C").Replace,
		},
	}
}

// Receive reads an event or a command.
func (b *bot) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if !b.trusts(d) {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	if strings.HasPrefix(first(d.Header["Content-Type"]), "application/x-www-form-urlencoded") {
		return command(d), nil
	}
	var e envelope
	if json.Unmarshal(d.Body, &e) != nil {
		return messengers.Receipt{}, nil //nolint:nilerr // what is not understood is acknowledged
	}
	if e.Type == "url_verification" {
		return messengers.Receipt{ContentType: "text/plain", Body: []byte(e.Challenge)}, nil
	}
	return e.read(), nil
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func (b *bot) trusts(d messengers.Delivery) bool {
	stamp := first(d.Header["X-Workspace-Request-Timestamp"])
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || d.At.Sub(time.Unix(seconds, 0)).Abs() > window {
		return false
	}
	return hmac.Equal([]byte(Sign(b.Signing.Reveal(), stamp, d.Body)), []byte(first(d.Header["X-Workspace-Signature"])))
}

// Sign returns the signature of a body at a moment, in seconds.
func Sign(secret, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func command(d messengers.Delivery) messengers.Receipt {
	form, err := url.ParseQuery(string(d.Body))
	if pressed := form.Get("payload"); err == nil && pressed != "" {
		return press([]byte(pressed))
	}
	if err != nil || form.Get("trigger_id") == "" || form.Get("user_id") == "" || form.Get("channel_id") == "" {
		return messengers.Receipt{}
	}
	return messengers.Receipt{Asks: []messengers.Incoming{{
		ID: form.Get("trigger_id"), Reader: form.Get("team_id") + "/" + form.Get("user_id"), Address: form.Get("channel_id"),
		Text: form.Get("text"), InBand: true,
	}}}
}

// press reads that a button was pressed; in a channel it is the channel that asks.
func press(payload []byte) messengers.Receipt {
	var p struct {
		Trigger             string `json:"trigger_id"`
		Team, User, Channel struct{ ID string }
		Actions             []struct {
			Value string
			Text  struct{ Text string }
		}
	}
	if json.Unmarshal(payload, &p) != nil || p.Trigger == "" || p.User.ID == "" || p.Channel.ID == "" || len(p.Actions) == 0 {
		return messengers.Receipt{}
	}
	in := messengers.Incoming{
		ID: p.Trigger, Reader: p.Team.ID + "/" + p.User.ID, Address: p.Channel.ID, Text: p.Actions[0].Text.Text, Tap: p.Actions[0].Value,
	}
	if !strings.HasPrefix(in.Address, "D") {
		in.Reader, in.Group = p.Team.ID+"/"+p.Channel.ID, true
	}
	return asks(in)
}

type envelope struct {
	Type      string
	Challenge string
	Team      string `json:"team_id"`
	ID        string `json:"event_id"`
	Event     event
}

type event struct {
	Type, Subtype, User, Text, TS, Channel, Reaction string
	Thread                                           string `json:"thread_ts"`
	ChannelType                                      string `json:"channel_type"`
	Bot                                              string `json:"bot_id"`
	Deleted                                          string `json:"deleted_ts"`
	Message                                          *event
	Item                                             struct{ TS string }
	Files                                            []struct{ Name, Mimetype string }
}

func (e envelope) read() messengers.Receipt {
	v := e.Event
	switch {
	case v.Bot != "":
	case v.Type == "reaction_added" && v.User != "":
		thumb := map[string]int{"+1": 1, "-1": -1}[v.Reaction]
		return messengers.Receipt{Events: []messengers.Event{{Kind: messengers.Reacted, Reader: e.Team + "/" + v.User, Message: v.Item.TS, Thumb: thumb}}}
	case v.Subtype == "message_deleted":
		return messengers.Receipt{Events: []messengers.Event{{Kind: messengers.Deleted, Message: v.Channel + "/" + v.Deleted}}}
	case v.Subtype == "message_changed" && v.Message != nil:
		v.Message.Channel, v.Message.ChannelType = v.Channel, v.ChannelType
		in := e.incoming(*v.Message)
		in.Edit = true
		return asks(in)
	case (v.Type == "message" || v.Type == "app_mention") && (v.Subtype == "" || v.Subtype == "file_share"):
		return asks(e.incoming(v))
	}
	return messengers.Receipt{}
}

func asks(in messengers.Incoming) messengers.Receipt {
	if in.ID == "" || in.Reader == "" || in.Address == "" {
		return messengers.Receipt{}
	}
	return messengers.Receipt{Asks: []messengers.Incoming{in}}
}

// incoming reads a message. One that is said in a channel without naming the bot
// is not for us.
func (e envelope) incoming(v event) messengers.Incoming {
	if v.User == "" || v.Channel == "" || v.TS == "" {
		return messengers.Incoming{}
	}
	in := messengers.Incoming{
		ID: v.Channel + "/" + v.TS, Reader: e.Team + "/" + v.User, Address: v.Channel, Thread: v.Thread,
		Text: plain.Replace(v.Text),
	}
	if v.ChannelType != "im" {
		in.Reader, in.Group, in.Overheard = e.Team+"/"+v.Channel, true, v.Type != "app_mention"
		if _, words, named := strings.Cut(in.Text, "> "); named {
			in.Text = words
		}
		if in.Thread == "" {
			in.Thread = v.TS
		}
	}
	for _, f := range v.Files {
		kind, _, _ := strings.Cut(f.Mimetype, "/")
		media := map[string]what.MediaType{"image": what.Image, "audio": what.Sound, "video": what.Video}[kind]
		if media == "" {
			media = what.Document
		}
		in.Attachments = append(in.Attachments, what.Media{Type: media, Alt: f.Name})
	}
	return in
}

// plain undoes the escapes of texts.
//
//nolint:gochecknoglobals // a value that nobody changes
var plain = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// Answer tells a command's caller alone.
func (*bot) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	if len(said) == 0 {
		return r
	}
	p := postOf(said[0])
	for _, s := range said[1:] {
		next := postOf(s)
		p.Text += "\n\n" + next.Text
		p.Buttons = append(p.Buttons, next.Buttons...)
	}
	p.Channel, p.Type = "", "ephemeral"
	r.ContentType = "application/json"
	r.Body, _ = json.Marshal(p) // strings always can be
	return r
}

type post struct {
	Channel string   `json:"channel,omitempty"`
	Type    string   `json:"response_type,omitempty"`
	Text    string   `json:"text"`
	Thread  string   `json:"thread_ts,omitempty"`
	Buttons []button `json:"elements,omitempty"`
	Image   string   `json:"image_url,omitempty"`
}

type button struct {
	Text  string `json:"text"`
	Value string `json:"value,omitempty"`
	URL   string `json:"url,omitempty"`
}

func postOf(s messengers.Sending) post {
	p := post{Channel: s.Address, Text: s.Text, Thread: s.Thread}
	for _, b := range s.Buttons {
		p.Buttons = append(p.Buttons, button{b.Label, b.Send, b.URL})
	}
	for _, m := range s.Media {
		p.Image = m.URL
	}
	return p
}

// Send posts one message, which is told to have failed with status 200.
func (b *bot) Send(ctx context.Context, s messengers.Sending) (string, error) {
	body, err := json.Marshal(postOf(s))
	if err != nil {
		return "", &messengers.SendError{Fault: messengers.Permanent, Err: err}
	}
	res, err := b.client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: b.APIBase + "/chat.postMessage", Body: body, Single: true, Redact: b.Token.Reveal(),
		Header: map[string]string{"Content-Type": "application/json", "Authorization": "Bearer " + b.Token.Reveal()},
	})
	if err != nil {
		return "", messengers.Failed(err)
	}
	if err := messengers.Judged(res, b.clock()); err != nil {
		return "", err
	}
	var answer struct {
		OK        bool
		Error, TS string
	}
	if json.Unmarshal(res.Body, &answer) != nil {
		return "", &messengers.SendError{Fault: messengers.Uncertain, Err: errors.New("the answer is not the workspace's")}
	}
	if answer.OK {
		return answer.TS, nil
	}
	fault, again := messengers.Permanent, time.Time{}
	switch answer.Error {
	case "ratelimited":
		fault, again = messengers.LimitedUntil, b.clock().Add(pause)
	case "invalid_auth", "token_revoked":
		fault = messengers.TokenInvalid
	case "internal_error":
		fault = messengers.Temporary
	}
	return "", &messengers.SendError{Fault: fault, RetryAt: again, Err: errors.New("the workspace said no: " + strings.ReplaceAll(answer.Error, b.Token.Reveal(), "…"))}
}
