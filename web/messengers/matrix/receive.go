package matrix

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/web/messengers"
)

// pushWithin bounds what is asked of the homeserver while it waits for us.
const pushWithin = 8 * time.Second

// Receive reads what a homeserver pushes to an application service: nobody else
// knows its token. A transaction comes again until it is acknowledged, and each
// event in it has an id.
func (a *account) Receive(ctx context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if !a.trusts(d) {
		return messengers.Receipt{Status: http.StatusForbidden}, nil
	}
	path := strings.TrimPrefix(d.Path, "_matrix/app/v1/")
	switch kind, _, _ := strings.Cut(path, "/"); {
	case kind == "transactions" && d.Method == http.MethodPut:
	case kind == "ping" && d.Method == http.MethodPost:
		return object(http.StatusOK, "{}"), nil
	case kind == "users" || kind == "rooms" || kind == "thirdparty":
		return object(http.StatusNotFound, `{"errcode":"M_NOT_FOUND","error":"There is none."}`), nil
	default:
		return object(http.StatusNotFound, `{"errcode":"M_UNRECOGNIZED","error":"There is nothing here."}`), nil
	}
	receipt := object(http.StatusOK, "{}")
	var pushed struct {
		Events []json.RawMessage `json:"events"`
	}
	if json.Unmarshal(d.Body, &pushed) != nil {
		return receipt, nil // what is not understood is acknowledged
	}
	ctx, cancel := context.WithTimeout(ctx, pushWithin)
	defer cancel()
	a.Introduce(ctx)
	for _, raw := range pushed.Events {
		e, ok := read(raw)
		if !ok {
			continue
		}
		if err := a.understand(ctx, e, &receipt); err != nil {
			a.logger.Warn("the homeserver does not tell who is in a room", "error", err)
		}
	}
	return receipt, nil
}

func object(status int, body string) messengers.Receipt {
	return messengers.Receipt{Status: status, ContentType: "application/json", Body: []byte(body)}
}

// trusts compares the token in constant time; older homeservers put it into the
// query.
func (a *account) trusts(d messengers.Delivery) bool {
	token := a.HSToken.Reveal()
	if len(d.Header["Authorization"]) == 0 && len(d.Query["access_token"]) == 1 {
		return messengers.Same(d.Query["access_token"][0], token)
	}
	return token != "" && d.Shows("Authorization", "Bearer "+token)
}

// understand tells what an event means. An error is that the homeserver did not
// say what is needed to know.
func (a *account) understand(ctx context.Context, e event, r *messengers.Receipt) error {
	if !roomID(e.Room) {
		return nil
	}
	a.learn(e)
	if e.Type == "m.room.member" {
		return a.moved(ctx, e, r)
	}
	if e.Sender == a.self() || e.ID == "" {
		return nil
	}
	switch e.Type {
	case "m.room.encrypted", "m.room.encryption":
		a.rooms.at(e.Room, func(r *room) { r.encrypted = true })
		return a.refuse(ctx, e.Room)
	case "m.reaction":
		thumb := pull.ThumbOf(e.Content.Relates.Key)
		if thumb != 0 && e.Content.Relates.Kind == "m.annotation" && e.Content.Relates.Event != "" {
			known, err := a.know(ctx, e.Room)
			reacted := messengers.Event{Kind: messengers.Reacted, Reader: e.Sender, Message: e.Content.Relates.Event, Thumb: thumb}
			if !known.private() {
				reacted.Reader = e.Room
			}
			r.Events = append(r.Events, reacted)
			return err
		}
	case "m.room.redaction":
		if id := cmp.Or(e.Redacts, e.Content.Redacts); id != "" {
			known, err := a.know(ctx, e.Room)
			taken := messengers.Event{Kind: messengers.Deleted, Reader: e.Sender, Message: id}
			if !known.private() {
				taken.Reader = e.Room
			}
			r.Events = append(r.Events, taken)
			return err
		}
	case "m.room.message", "m.sticker":
		return a.said(ctx, e, r)
	}
	return nil
}

// said reads a message. Notices are what programs say, and are never answered.
func (a *account) said(ctx context.Context, e event, r *messengers.Receipt) error {
	c := e.Content
	if e.Type == "m.sticker" {
		c.Kind, c.FileName = "m.sticker", ""
	}
	if c.Kind == "" || c.Kind == "m.notice" || strings.HasPrefix(c.Kind, "m.key.") || strings.HasPrefix(c.Kind, "m.bad.") {
		return nil
	}
	known, err := a.know(ctx, e.Room)
	if known.encrypted {
		return a.refuse(ctx, e.Room)
	}
	edit := c.Relates.Kind == "m.replace"
	if edit && c.Now != nil {
		relates, mentions := c.Relates, c.Mentions
		c = *c.Now
		if c.Relates = relates; c.Mentions == nil {
			c.Mentions = mentions
		}
	}
	in := messengers.Incoming{
		ID: e.ID, Reader: e.Sender, Address: e.Room, Group: !known.private(), Edit: edit,
		Attachments: c.files(), Location: c.location(), Quote: e.ID,
	}
	if edit {
		in.ID = c.Relates.Event
	}
	if c.Relates.Kind == "m.thread" {
		in.Thread = c.Relates.Event
	}
	text, named := a.unnamed(c)
	in.Text = text
	if in.Group {
		in.Reader, in.Overheard = e.Room, !named && !a.sent.Get(c.Relates.Reply.Event)
	}
	if in.ID == "" || in.Text == "" && len(in.Attachments) == 0 && in.Location == nil && !named {
		return err
	}
	r.Asks = append(r.Asks, in)
	return err
}

// moved reads who came and went.
func (a *account) moved(ctx context.Context, e event, r *messengers.Receipt) error {
	if e.State == nil || a.self() == "" {
		return nil
	}
	ours := *e.State == a.self()
	over := e.Content.Membership == "leave" || e.Content.Membership == "ban"
	switch {
	case ours && e.Content.Membership == "invite":
		a.join(ctx, e.Room)
		if e.Content.Direct {
			r.Events = append(r.Events, messengers.Event{Kind: messengers.Back, Reader: e.Sender})
		}
	case ours && over:
		if e.Sender != a.self() {
			r.Events = append(r.Events, messengers.Event{Kind: messengers.Gone, Reader: a.reader(e)})
		}
		a.rooms.forget(e.Room)
	case over:
		return a.left(ctx, e, r)
	}
	return nil
}

// reader is whom an event of a room is about: the room, or who shares it with
// us.
func (a *account) reader(e event) (id string) {
	id = e.Room
	a.rooms.at(e.Room, func(r *room) {
		if r.private() {
			id = e.Sender
		}
	})
	return id
}

// left: who shared a room with us alone is gone, and so are we from a room where
// nobody is left.
func (a *account) left(ctx context.Context, e event, r *messengers.Receipt) error {
	known, err := a.know(ctx, e.Room)
	if err != nil || len(known.members) > 1 {
		return err
	}
	r.Events = append(r.Events, messengers.Event{Kind: messengers.Gone, Reader: *e.State})
	a.leave(ctx, e.Room)
	return nil
}

// unnamed takes our name out of what was written, and reports whether it was
// said to us: we are mentioned, or called at the beginning.
func (a *account) unnamed(c content) (text string, named bool) {
	text = c.text()
	me := a.self()
	if c.Mentions != nil {
		named = me != "" && slices.Contains(c.Mentions.Users, me)
	} else if me != "" {
		named = strings.Contains(text, me) || strings.Contains(html.UnescapeString(c.Page), "matrix.to/#/"+me) ||
			strings.Contains(c.Page, "matrix.to/#/"+url.QueryEscape(me))
	}
	// The ways to call us, the longest first.
	local, _, _ := strings.Cut(strings.TrimPrefix(me, "@"), ":")
	for _, name := range []string{me, "@" + a.called(), "@" + local, a.called(), local} {
		if rest, found := without(text, name, named); found {
			return rest, true
		}
	}
	return text, named
}

// without takes a name out of a text: where it is called, followed by a colon or
// comma; where it stands by itself with @ before it; and anywhere as a word
// where it is known that we are meant.
func without(text, name string, meant bool) (rest string, found bool) {
	if strings.Trim(name, "@") == "" {
		return text, false
	}
	for before, after := range messengers.Named(text, name) {
		called := strings.TrimSpace(before) == "" && (strings.HasPrefix(strings.TrimSpace(after), ":") || strings.HasPrefix(after, ","))
		if !called && !meant && name[0] != '@' {
			continue
		}
		after = strings.TrimLeft(after, ":, ")
		if next, _ := utf8.DecodeRuneInString(after); after == "" || unicode.IsPunct(next) {
			before = strings.TrimRight(before, ", ")
		}
		return strings.TrimSpace(before + after), true
	}
	return text, false
}

// refuse says once that what is encrypted can't be read here. It tells nothing of
// what anybody asked, since nothing was read.
func (a *account) refuse(ctx context.Context, id string) error {
	told := false
	a.rooms.at(id, func(r *room) { told, r.refused = r.refused, true })
	sum := sha256.Sum256([]byte(id))
	mark := hex.EncodeToString(sum[:4])
	if told || a.kept.has(mark) {
		return nil
	}
	var said []string
	for _, language := range []string{"en", "fr", "de", "es"} {
		said = append(said, own.Text("encrypted", nil).In(language))
	}
	_, err := a.put(ctx, id, "keypull-encrypted-"+mark, message{Kind: notice, Body: strings.Join(said, "\n\n")})
	if err != nil {
		a.logger.Warn("an encrypted room could not be told that it is not read", "error", err)
		return nil
	}
	a.kept.add(mark)
	return nil
}
