package webchat

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// Limits of what a reader may post.
const (
	maxBody     = 64 << 10
	maxText     = 4000
	maxID       = 64
	maxTap      = 64
	maxLanguage = 35
	minSession  = 8
	maxSession  = 64
	// An id of this length is a random one that nobody else can know.
	secretID = 16
)

// post is a reader's message in the protocol.
type post struct {
	Text     string          `json:"text"`
	Session  string          `json:"session"`
	ID       string          `json:"id"`
	Language string          `json:"language"`
	Tap      string          `json:"tap"`
	Consent  json.RawMessage `json:"consent"`
	// Greeted says that the page has shown who answers.
	Greeted bool `json:"greeted"`
}

// Receive reads a POST to "messages", "files" or "tickets". A body that is neither gets
// a problem document (RFC 9457) that names the field and the limit. A message
// without session starts one.
func (c *Chat) Receive(ctx context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	switch d.Path {
	case ticketsPath:
		return c.sell(ctx, d)
	case filesPath:
		return c.receiveFile(ctx, d)
	}
	p, fault := read(d)
	tongue := messengers.ReaderLanguage(p.Language, d.Header)
	if fault != nil {
		return fault.Receipt(tongue), nil
	}
	if p.ID == "" {
		p.ID = rand.Text()
	}
	fault, err := c.admit(ctx, d, &p)
	if err != nil {
		return messengers.Receipt{}, err
	}
	if fault != nil {
		return fault.Receipt(tongue), nil
	}
	in := messengers.Incoming{
		ID: p.Session + "/" + p.ID, Reader: p.Session, Address: p.Session,
		From: messengers.Network(d.Address), Text: p.Text, Tap: p.Tap, Language: p.Language, Consent: consent(p.Consent), InBand: true,
		Greeted: p.Greeted,
	}
	if in.Tap == "" && isTap(in.Text) {
		in.Tap = in.Text
	}
	return messengers.Receipt{Asks: []messengers.Incoming{in}}, nil
}

// Answer puts the messages that answer a receipt into its response.
func (c *Chat) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	body := struct {
		Session string  `json:"session"`
		Replies []reply `json:"replies"`
	}{Replies: make([]reply, 0, len(said))}
	for _, in := range r.Asks {
		body.Session = in.Address
	}
	for _, s := range said {
		body.Replies = append(body.Replies, wire(s.Message))
	}
	r.Status, r.ContentType = http.StatusOK, "application/json"
	var err error
	if r.Body, err = json.Marshal(body); err != nil {
		return messengers.Problem{Status: http.StatusInternalServerError, Said: own.Text("unwritten", nil)}.Receipt("")
	}
	return r
}

// read takes a delivery apart and checks every field.
func read(d messengers.Delivery) (post, *messengers.Problem) {
	var p post
	if d.Path != "messages" {
		return p, &messengers.Problem{Status: http.StatusNotFound, Said: own.Text("not_here", nil)}
	}
	if fault := decode(d, &p, `{"text": "news"}`); fault != nil {
		return p, fault
	}
	p.Text, p.Tap = messengers.Clean(p.Text), messengers.Clean(p.Tap)
	return p, p.check()
}

// decode reads the JSON object that a delivery brings.
func decode(d messengers.Delivery, into any, example string) *messengers.Problem {
	switch {
	case d.Method != http.MethodPost:
		return &messengers.Problem{Status: http.StatusMethodNotAllowed, Said: own.Text("by_post", nil)}
	case len(d.Body) > maxBody:
		return &messengers.Problem{Status: http.StatusRequestEntityTooLarge, Said: own.Text("body_large", nil)}
	case !d.Is("application/json"):
		return &messengers.Problem{Status: http.StatusUnsupportedMediaType, Said: own.Text("as_json", nil)}
	case !utf8.Valid(d.Body):
		return bad("", own.Text("no_utf8", nil))
	}
	body := bytes.TrimSpace(d.Body)
	if len(body) == 0 || body[0] != '{' || json.Unmarshal(body, into) != nil {
		return bad("", own.Text("no_object", words.Args{"example": example}))
	}
	return nil
}

func (p post) check() *messengers.Problem {
	switch {
	case p.Text == "" && p.Tap == "":
		return bad("text", own.Text("no_text", nil))
	case utf8.RuneCountInString(p.Text) > maxText:
		return bad("text", own.Text("text_long", nil))
	case len(p.Tap) > maxTap:
		return bad("tap", own.Text("tap_long", nil))
	case p.Session != "" && !validSession(p.Session):
		return foreign()
	case utf8.RuneCountInString(p.ID) > maxID || strings.ContainsFunc(p.ID, unicode.IsControl):
		return bad("id", own.Text("id_odd", nil))
	case len(p.Language) > maxLanguage || !messengers.Alphanumeric(p.Language, "-"):
		return bad("language", own.Text("language_odd", nil))
	case consent(p.Consent) == "" && len(p.Consent) > 0 && string(p.Consent) != "null" && string(p.Consent) != `""`:
		return bad("consent", own.Text("consent_odd", nil))
	}
	return nil
}

// consent reads true and false, or the words that asks know.
func consent(raw json.RawMessage) string {
	switch string(raw) {
	case "true", `"given"`:
		return "given"
	case "false", `"refused"`:
		return "refused"
	}
	return ""
}

// isTap tells whether a text is the payload of one of our buttons, which
// simple clients send as text.
func isTap(text string) bool {
	kind, rest, found := strings.Cut(text, ":")
	return found && len(text) <= maxTap && rest != "" && !strings.ContainsFunc(text, unicode.IsSpace) &&
		(kind == "k" || kind == "o" || kind == "c")
}

func bad(field string, said words.Text) *messengers.Problem {
	return &messengers.Problem{Status: http.StatusBadRequest, Said: said, Field: field}
}

// session pace: so many messages at once, and as many again after a while.
const (
	burst    = 20
	refilled = 10 * time.Second
)

// Bounds of what is remembered of pages that may not show the chat.
const (
	maxForeign    = 20
	longestOrigin = 200
	foreignKept   = 7 * 24 * time.Hour
)

// foreigners are the origins of pages on other hosts that asked for the chat and
// are not listed.
type foreigners struct {
	mu sync.Mutex
	of []messengers.Foreigner
}

// Refuse notes that a page of an origin, which may not show the chat, has asked
// for it. Where there is no room for one more, the one gives way that asked least.
func (c *Chat) Refuse(origin string) {
	if len(origin) > longestOrigin || !isOrigin(origin) {
		return
	}
	f, now := &c.foreign, c.clock()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forget(now)
	i := slices.IndexFunc(f.of, func(one messengers.Foreigner) bool { return one.Origin == origin })
	if i < 0 {
		f.of = append(f.of[:min(len(f.of), maxForeign-1)], messengers.Foreigner{Origin: origin})
		i = len(f.of) - 1
	}
	f.of[i].Asks++
	f.of[i].Last = now
	slices.SortStableFunc(f.of, func(a, b messengers.Foreigner) int {
		return cmp.Or(cmp.Compare(b.Asks, a.Asks), b.Last.Compare(a.Last))
	})
}

// forget drops those that have not asked for long.
func (f *foreigners) forget(now time.Time) {
	f.of = slices.DeleteFunc(f.of, func(one messengers.Foreigner) bool { return now.Sub(one.Last) > foreignKept })
}

// Foreigners returns the origins that were refused, those that asked most first.
func (c *Chat) Foreigners() []messengers.Foreigner {
	c.foreign.mu.Lock()
	defer c.foreign.mu.Unlock()
	c.foreign.forget(c.clock())
	return slices.Clone(c.foreign.of)
}

// What readers are told who have to wait.
const (
	manyAsks     = "busy.asks"
	manySessions = "busy.sessions"
	manyStreams  = "busy.streams"
	tooFast      = "busy.fast"
)

// Identify takes a session, which is all that a reader of a web chat is known
// by.
func (*Chat) Identify(typed string) (string, bool) { return typed, validSession(typed) }

// Forget drops what is kept for a session: later messages, those who wait for
// more of them, and its pace.
func (c *Chat) Forget(session string) {
	c.hub.forget(session)
	c.pace.Forget(session)
}
