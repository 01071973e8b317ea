// Package webhook is the kind of bridge to a system of the publisher's own: it is posted what
// readers write, and posts what people answer. Both are signed as Standard Webhooks has it.
package webhook

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/desk"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = desk.Kind{
	Name:  "webhook",
	Words: own,
	Files: files,
	New:   func() desk.Opener { return &Settings{} },
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// Settings configure one system.
type Settings struct {
	URL    string          `name:"url" label:"Address" help:"Where what readers write is posted to. Answers are posted to the address of this server, /bridge/ and the publisher’s id." check:"required,url" example:"https://desk.example.org/keypull"`
	Secret settings.Secret `name:"secret" label:"Secret" help:"What both sides sign with: a long random word, or whsec_ and the base64 of a key." check:"required,min=16,max=200" example:"a-long-random-word-of-yours"`
}

// carryFor bounds one call, mostAnswered what is read of its answer.
const (
	carryFor     = 20 * time.Second
	mostAnswered = 64 << 10
)

type bridge struct {
	Settings
	env desk.BridgeEnv
}

// Open returns the bridge.
func (s *Settings) Open(env desk.BridgeEnv) (desk.Bridge, error) { return &bridge{*s, env}, nil }

// posted is what the system is told.
type posted struct {
	Type string `json:"type"`
	Data line   `json:"data"`
	// Timestamp is when it was posted.
	Timestamp time.Time `json:"timestamp"`
}

// line is a post of a conversation. Token is what an answer shows, Conversation stays the same for
// good.
type line struct {
	Publisher    string `json:"publisher"`
	Conversation string `json:"conversation"`
	Token        string `json:"token"`
	Title        string `json:"title"`
	Text         string `json:"text"`
	Language     string `json:"language"`
	Files        []file `json:"files,omitempty"`
}

// file is one that came with a line, and where it lies as long as the conversation is kept; or one
// that goes to the reader, and where it is fetched.
type file struct {
	Name  string `json:"name"`
	Type  string `json:"type,omitempty"`
	Bytes int64  `json:"bytes,omitempty"`
	URL   string `json:"url"`
}

// Carry posts a post.
func (b *bridge) Carry(ctx context.Context, p desk.Post) (thread string, err error) {
	ctx, cancel := context.WithTimeout(ctx, carryFor)
	defer cancel()
	now := b.env.Clock()
	thread = cmp.Or(p.Thread, messengers.Digest("webhook/"+p.Token))
	told := posted{Type: "conversation.line", Timestamp: now.UTC(), Data: line{b.env.Publisher, thread, p.Token, p.Title, p.Text, p.Language, nil}}
	for _, f := range p.Files {
		told.Data.Files = append(told.Data.Files, file{f.Name, f.Mime, f.Bytes, f.Link})
	}
	if p.Thread == "" {
		told.Type = "conversation.opened"
	}
	body, _ := json.Marshal(told) // texts always have a form
	stamp, id := strconv.FormatInt(now.Unix(), 10), p.ShownKey()
	res, err := b.env.Client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: b.URL, Body: body, MaxBytes: mostAnswered, Redact: b.URL, Single: true,
		Header: map[string]string{
			"Content-Type": "application/json", "webhook-id": id, "webhook-timestamp": stamp,
			"webhook-signature": outside.WebhookSignature(outside.WebhookKey(b.Secret.Reveal()), id, stamp, body),
		},
	})
	switch {
	case err != nil:
		return "", err //nolint:wrapcheck // it says what it is
	case res.Status < http.StatusOK || res.Status >= http.StatusMultipleChoices:
		return "", words.Fail(nil, "send.answered", words.Args{"status": strconv.Itoa(res.Status)})
	}
	return thread, nil
}

// answer is what the system posts.
type answer struct {
	Token   string `json:"token"`
	Text    string `json:"text"`
	By      string `json:"by"`
	Release bool   `json:"release"`
	Files   []file `json:"files"`
}

// Receive reads what people answered.
func (b *bridge) Receive(d messengers.Delivery) (all []desk.Heard, status int) {
	if d.Path != "" {
		return nil, http.StatusNotFound
	}
	id := d.Only("Webhook-Id")
	if !outside.WebhookProven(b.Secret.Reveal(), id, d.Only("Webhook-Timestamp"), d.Only("Webhook-Signature"), d.Body, d.At) {
		return nil, http.StatusUnauthorized
	}
	var a answer
	if json.Unmarshal(d.Body, &a) != nil {
		return nil, http.StatusBadRequest
	}
	var along []what.Media
	for _, f := range a.Files {
		along = append(along, what.Media{Type: messengers.MediaOf(f.Type), Name: messengers.Clean(f.Name), URL: f.URL})
	}
	return []desk.Heard{{
		Tokens: []string{a.Token}, Key: "webhook/" + id, By: cmp.Or(messengers.Clean(a.By), "webhook"), Allowed: true,
		Text: messengers.Clean(a.Text), Files: along, Release: a.Release,
	}}, 0
}
