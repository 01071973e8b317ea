package matrix

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// The types of messages that we send: what a program says is a notice, so that
// no other program answers it.
const (
	notice  = "m.notice"
	written = "m.text"
)

// message is the content of an event that we send.
type message struct {
	Kind     string   `json:"msgtype"`
	Body     string   `json:"body"`
	Format   string   `json:"format,omitempty"`
	Page     string   `json:"formatted_body,omitempty"`
	FileName string   `json:"filename,omitempty"`
	URL      string   `json:"url,omitempty"`
	Source   string   `json:"external_url,omitempty"`
	Info     *info    `json:"info,omitempty"`
	Mentions struct{} `json:"m.mentions"`
	Relates  *relates `json:"m.relates_to,omitempty"`
}

type info struct {
	Type string `json:"mimetype"`
	Size int    `json:"size"`
}

type relates struct {
	Kind  string `json:"rel_type,omitempty"`
	Event string `json:"event_id,omitempty"`
	Falls bool   `json:"is_falling_back,omitempty"`
	Reply *reply `json:"m.in_reply_to,omitempty"`
}

type reply struct {
	Event string `json:"event_id"`
}

// compose returns the event of a message: its text in two forms, nobody mentioned, in
// the thread and as the answer that it is.
func compose(s messengers.Sending) message {
	m := message{Kind: notice, Body: messengers.Unmarked(s.Text, " (", ")"), Relates: related(s)}
	if s.Why == messengers.Human {
		m.Kind = written
	}
	page := s.Text
	for _, of := range s.Media {
		link := strings.TrimSpace(of.Alt + " " + of.URL)
		m.Body = strings.TrimSpace(m.Body + "\n\n" + link)
		page += "\n\n" + html.EscapeString(link)
	}
	m.Format, m.Page = "org.matrix.custom.html", strings.ReplaceAll(strings.TrimSpace(page), "\n", "<br>")
	return m
}

// related returns where a message belongs (threads, rich replies).
func related(s messengers.Sending) *relates {
	if s.Quote == "" && s.Thread == "" {
		return nil
	}
	r := &relates{}
	if s.Quote != "" {
		r.Reply = &reply{Event: s.Quote}
	}
	if s.Thread != "" {
		r.Kind, r.Event, r.Falls = "m.thread", s.Thread, s.Quote != ""
	}
	return r
}

// Send puts one message into a room: its picture first, where it has one that
// can be brought there. The key is the transaction's: the homeserver drops a
// repeated one.
func (a *account) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if !roomID(s.Address) {
		return "", messengers.Unsendable(own.Text("no_room", nil))
	}
	if encrypted, err := a.closed(ctx, s.Address); err != nil {
		return "", a.SendError(err)
	} else if encrypted {
		_ = a.refuse(ctx, s.Address)
		return "", messengers.Unsendable(own.Text("encrypted_room", nil))
	}
	if len(s.Media) > 0 && a.show(ctx, s) {
		s.Media = nil
		if s.Text == "" {
			return "", nil
		}
	}
	id, err := a.put(ctx, s.Address, s.Key, compose(s))
	if err == nil {
		a.rest(ctx, s.Address)
	}
	return id, a.SendError(err)
}

// closed tells whether a room is encrypted, which is asked once: while we are in
// it, its events tell.
func (a *account) closed(ctx context.Context, id string) (bool, error) {
	var known room
	a.rooms.at(id, func(r *room) { known = *r })
	if known.whole || known.open || known.encrypted {
		return known.encrypted, nil
	}
	encrypted, err := a.encrypts(ctx, id)
	if err == nil {
		a.rooms.at(id, func(r *room) { r.open, r.encrypted = true, r.encrypted || encrypted })
	}
	return encrypted, err
}

// put sends an event and returns its id.
func (a *account) put(ctx context.Context, room, key string, m message) (string, error) {
	var answer struct {
		ID string `json:"event_id"`
	}
	if err := a.call(ctx, http.MethodPut, []string{"rooms", room, "send", "m.room.message", key}, m, &answer); err != nil {
		return "", err
	}
	if answer.ID == "" {
		return "", a.Unclear()
	}
	a.sent.Put(answer.ID, true)
	return answer.ID, nil
}

// Wire returns the content of the event.
func (*account) Wire(s messengers.Sending) ([]byte, error) {
	return messengers.JSON(compose(s)), nil
}

// Type shows that an answer is being written.
func (a *account) Type(ctx context.Context, s messengers.Sending) error {
	if !roomID(s.Address) || a.self() == "" {
		return nil
	}
	const until = 15_000 // milliseconds
	a.rooms.at(s.Address, func(r *room) { r.typing = true })
	return a.call(ctx, http.MethodPut, []string{"rooms", s.Address, "typing", a.self()}, map[string]any{"typing": true, "timeout": until}, nil)
}

// rest ends what Type shows, which else stands there beside the answer.
func (a *account) rest(ctx context.Context, id string) {
	typing := false
	a.rooms.at(id, func(r *room) { typing, r.typing = r.typing, false })
	if typing {
		_ = a.call(ctx, http.MethodPut, []string{"rooms", id, "typing", a.self()}, map[string]any{"typing": false}, nil)
	}
}

// mark shows that a message was read. That it fails is no trouble.
func (a *account) mark(ctx context.Context, room, id string) {
	if err := a.call(ctx, http.MethodPost, []string{"rooms", room, "receipt", "m.read", id}, struct{}{}, nil); err != nil {
		a.logger.Debug("a message could not be marked as read", "error", err)
	}
}

// picture is what a homeserver calls one that was brought there; "" of one that could
// not be, for a while.
type picture struct {
	uri   string
	kind  string
	bytes int
	until time.Time
}

const (
	maxPictures = 500
	// keepPicture is for how long one is not brought again, and againAfter for how
	// long one is not tried again that could not be.
	keepPicture = 24 * time.Hour
	againAfter  = 5 * time.Minute
	bringWithin = 10 * time.Second
)

// show sends the picture of a message as an event of its own, and reports
// whether that is there. Where it is not, its link stands in the text.
func (a *account) show(ctx context.Context, s messengers.Sending) bool {
	m := s.Media[0]
	if m.Type != what.Image || len(s.Media) > 1 {
		return false
	}
	p := a.bring(ctx, m.URL)
	if p.uri == "" {
		return false
	}
	name := fileName(m.URL, p.kind)
	event := message{Kind: "m.image", Body: m.Alt, FileName: name, URL: p.uri, Source: m.URL, Info: &info{Type: p.kind, Size: p.bytes}, Relates: related(s)}
	if event.Body == "" {
		event.Body, event.FileName = name, ""
	}
	_, err := a.put(ctx, s.Address, s.Key+"-picture", event)
	return err == nil
}

// bring fetches a picture and uploads it, once for all who are shown it.
func (a *account) bring(ctx context.Context, address string) picture {
	if known := a.pictures.Get(address); a.Clock().Before(known.until) {
		return known
	}
	ctx, cancel := context.WithTimeout(ctx, bringWithin)
	defer cancel()
	p := a.upload(ctx, address)
	if p.until = a.Clock().Add(keepPicture); p.uri == "" {
		p.until = a.Clock().Add(againAfter)
	}
	a.pictures.Put(address, p)
	return p
}

func (a *account) upload(ctx context.Context, address string) (p picture) {
	res, err := a.HTTP.Do(ctx, outside.Request{URL: address, MaxBytes: maxPicture})
	if err != nil || res.Status != http.StatusOK || len(res.Body) == 0 {
		return p
	}
	// What is no picture by its own bytes is none, whatever its server says.
	p.kind, p.bytes = http.DetectContentType(res.Body), len(res.Body)
	if !strings.HasPrefix(p.kind, "image/") {
		return picture{}
	}
	var stored struct {
		URI string `json:"content_uri"`
	}
	err = a.Call(ctx, httpapi.Request{
		Path: "/_matrix/media/v3/upload", Query: url.Values{"filename": {fileName(address, p.kind)}},
		Header: map[string]string{"Content-Type": p.kind}, Body: res.Body, Timeout: bringWithin,
	}, &stored)
	if err != nil || !strings.HasPrefix(stored.URI, "mxc://") {
		a.logger.Debug("a picture could not be brought to the homeserver", "error", err)
		return picture{}
	}
	p.uri = stored.URI
	return p
}

// fileName returns what a picture is called where it is kept.
func fileName(address, kind string) string {
	if u, err := url.Parse(address); err == nil {
		if name := path.Base(u.Path); name != "." && name != "/" && len(name) < 100 {
			return name
		}
	}
	kind, _, _ = strings.Cut(kind, ";")
	return "picture." + strings.TrimPrefix(kind, "image/")
}
