// Package chatwoot is the kind of bridge to an inbox of Chatwoot of the kind API: a conversation
// with a reader is one there, of a contact with a made-up name.
//
// It speaks the public client API, and hears what the inbox posts to its callback.
package chatwoot

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"path"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/desk"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Kind is the plug-in.
var Kind = desk.Kind{
	Name:  "chatwoot",
	Words: own,
	Files: files,
	New:   func() desk.Opener { return &Settings{Base: "https://app.chatwoot.com"} },
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// Settings configure one inbox.
type Settings struct {
	Base    string          `name:"base" label:"Address" help:"Where your Chatwoot is." check:"required,url" example:"https://app.chatwoot.com"`
	Inbox   string          `name:"inbox" label:"Inbox" help:"The inbox identifier, which stands on the inbox’s page under Configuration. The inbox is one of the channel API." check:"required,max=100" example:"a-long-random-word"`
	Secret  settings.Secret `name:"secret" label:"Word in the callback" help:"A long random word of yours. The inbox’s callback URL ends with it: the address of this server, /bridge/, the publisher’s id, / and this word." check:"required,min=16,max=200" example:"another-long-random-word"`
	Signing settings.Secret `name:"signing_secret" label:"Signing secret" help:"What newer versions sign with what they post; it stands beside the callback URL. Set, nothing else is believed." check:"max=200" example:"a-third-long-random-word" more:"true"`
}

// mostBegun is how many conversations are remembered that were opened and have no message yet.
const mostBegun = 1000

// bridge leads to one inbox.
type bridge struct {
	*httpapi.Client
	set       Settings
	signature messengers.Signature
	// begun are the threads that were opened, by token: what failed after that opens no other.
	begun messengers.Recent[string, string]
}

// Open returns the bridge.
func (s *Settings) Open(env desk.BridgeEnv) (desk.Bridge, error) {
	b := &bridge{
		set: *s, signature: messengers.Signature{Header: "X-Chatwoot-Signature", Prefix: "sha256=", Secret: s.Signing},
		Client: &httpapi.Client{Name: "chatwoot", Base: s.Base, HTTP: env.Client, Clock: env.Clock, Words: own, Field: "inbox", BaseField: "base"},
	}
	b.begun.Most = mostBegun
	return b, nil
}

// Carry writes a message of the conversation's contact.
func (b *bridge) Carry(ctx context.Context, p desk.Post) (thread string, err error) {
	if thread = p.Thread; thread == "" {
		if thread = b.begun.Get(p.Token); thread == "" {
			if thread, err = b.begin(ctx, p.Title); err != nil {
				return "", b.SendError(err)
			}
			b.begun.Put(p.Token, thread)
		}
	}
	contact, conversation, _ := strings.Cut(thread, "/")
	r := httpapi.Request{Path: b.at("contacts", contact, "conversations", conversation, "messages"), Body: map[string]string{"content": p.Text, "echo_id": p.ShownKey()}}
	if len(p.Files) > 0 {
		if err := attach(ctx, &r, p); err != nil {
			return "", err
		}
	}
	if err := b.Call(ctx, r, nil); err != nil {
		return "", b.SendError(err)
	}
	return thread, nil
}

// attach makes a form of a message with files.
func attach(ctx context.Context, r *httpapi.Request, p desk.Post) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	// Writing to memory never fails.
	_ = form.WriteField("content", p.Text)
	_ = form.WriteField("echo_id", p.ShownKey())
	for _, f := range p.Files {
		file, err := f.Read(ctx)
		if pull.KindOf(err) == pull.Unknown {
			continue // it has been erased meanwhile
		}
		if err != nil {
			return err //nolint:wrapcheck // the store says what it is
		}
		part, _ := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {mime.FormatMediaType("form-data", map[string]string{"name": "attachments[]", "filename": f.Name})}, "Content-Type": {f.Mime},
		})
		_, _ = part.Write(file)
	}
	_ = form.Close()
	r.Body, r.Header = body.Bytes(), map[string]string{"Content-Type": form.FormDataContentType()}
	return nil
}

// begin makes a contact of that name, and its conversation.
func (b *bridge) begin(ctx context.Context, name string) (thread string, err error) {
	var contact struct {
		Source string `json:"source_id"`
	}
	if err := b.Post(ctx, b.at("contacts"), map[string]string{"name": name}, &contact); err != nil {
		return "", err
	}
	var conversation struct {
		ID json.Number `json:"id"`
	}
	if contact.Source == "" {
		return "", b.Unclear()
	}
	if err := b.Post(ctx, b.at("contacts", contact.Source, "conversations"), map[string]string{}, &conversation); err != nil {
		return "", err
	}
	if conversation.ID == "" {
		return "", b.Unclear()
	}
	return contact.Source + "/" + conversation.ID.String(), nil
}

// at returns a path below the inbox.
func (b *bridge) at(parts ...string) string {
	path := "/public/api/v1/inboxes/" + url.PathEscape(b.set.Inbox)
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// event is what an inbox posts, as far as it matters here.
type event struct {
	Event       string          `json:"event"`
	ID          json.Number     `json:"id"`
	Content     string          `json:"content"`
	Type        json.RawMessage `json:"message_type"`
	Private     bool            `json:"private"`
	Status      string          `json:"status"`
	Attachments []attachment    `json:"attachments"`
	Sender      struct {
		Name  string `json:"name"`
		Email string `json:"email"`
		Type  string `json:"type"`
	} `json:"sender"`
	// Conversation is that of a message; of what becomes of a conversation, ID and Inbox are its own.
	Conversation struct {
		ID    json.Number `json:"id"`
		Inbox inbox       `json:"contact_inbox"`
	} `json:"conversation"`
	Inbox inbox `json:"contact_inbox"`
}

// attachment is a file, which lies where everybody gets it who knows the address.
type attachment struct {
	ID   json.Number `json:"id"`
	Type string      `json:"file_type"`
	URL  string      `json:"data_url"`
}

// media returns the files of a message.
func (e *event) media() (all []what.Media) {
	for _, a := range e.Attachments {
		kind := map[string]what.MediaType{"image": what.Image, "audio": what.Sound, "video": what.Video}[a.Type]
		m := what.Media{Type: cmp.Or(kind, what.Document), URL: a.URL}
		if at, err := url.Parse(a.URL); err == nil {
			m.Name = path.Base(at.Path)
		}
		all = append(all, m)
	}
	return all
}

// inbox is a contact's place in one.
type inbox struct {
	Source string `json:"source_id"`
}

// signedWithin is how old what is posted may be, where that is signed.
const signedWithin = 5 * time.Minute

// Receive reads what the inbox posts: what agents write to the contact, and that they are done.
func (b *bridge) Receive(d messengers.Delivery) (all []desk.Heard, status int) {
	if !messengers.Same(d.Path, b.set.Secret.Reveal()) {
		return nil, http.StatusNotFound
	}
	stamp := d.Only("X-Chatwoot-Timestamp")
	if b.set.Signing.Reveal() != "" && (!b.signature.Proves(d, []byte(stamp+"."), d.Body) || !d.Stamped("X-Chatwoot-Timestamp", signedWithin)) {
		return nil, http.StatusUnauthorized
	}
	var e event
	if json.Unmarshal(d.Body, &e) != nil {
		return nil, 0 // it would only come again
	}
	switch kind := strings.Trim(string(e.Type), `"`); {
	case e.Event == "message_created" && (kind == "outgoing" || kind == "1") && !e.Private && e.Sender.Type == "user" && e.ID != "":
		return []desk.Heard{{
			Threads: []string{e.Conversation.Inbox.Source + "/" + e.Conversation.ID.String()}, Key: "chatwoot/" + e.ID.String(), By: cmp.Or(e.Sender.Name, e.Sender.Email, "Chatwoot"),
			Allowed: true, Text: messengers.Clean(e.Content), Files: e.media(),
		}}, 0
	case e.Event == "conversation_status_changed" && e.Status == "resolved" && e.ID != "":
		return []desk.Heard{{
			Threads: []string{e.Inbox.Source + "/" + e.ID.String()}, Key: "chatwoot/" + messengers.Digest(string(d.Body)), By: "Chatwoot", Allowed: true, Release: true,
		}}, 0
	}
	return nil, 0
}
