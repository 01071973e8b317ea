package hook

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/sources"
)

const op = "ask the endpoint"

// ask is all that the endpoint is told; in this form it is the key.
type ask struct {
	Keyword  string            `json:"keyword,omitempty"`
	Argument string            `json:"argument,omitempty"`
	Language string            `json:"language"`
	Reader   map[string]string `json:"reader,omitempty"`
}

// Key returns the ask itself. What holds facts of a reader is for that reader alone.
func (s *source) Key(q pull.Query) (string, error) {
	a := ask{Keyword: q.Keyword, Argument: plainWords(q.Argument), Language: cmp.Or(q.Language, s.env.Languages[0]), Reader: q.Reader}
	key := a.key()
	if len(key) > pull.MaxKeyBytes {
		return "", &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: own.Text("long_argument", nil)}
	}
	return key, nil
}

func (a ask) key() string {
	// Maps are written in the order of their names.
	b, _ := json.Marshal(a)
	if len(a.Reader) > 0 {
		return pull.PassingKey(string(b))
	}
	return string(b)
}

// readKey reads what key wrote.
func readKey(key string) (a ask, err error) {
	err = json.Unmarshal([]byte(strings.TrimLeft(key, "~")), &a)
	return a, err
}

// plainWords returns a reader's words on one line.
func plainWords(text string) string { return strings.Join(strings.Fields(sources.Clean(text)), " ") }

// told is an ask as the endpoint reads it.
type told struct {
	Type   string `json:"type"`
	Source string `json:"source"`
	ask
	// Input and Fields are the same in the words of ManyChat.
	Input  *string           `json:"last_input_text,omitempty"`
	Fields map[string]string `json:"custom_fields,omitempty"`
}

// Fetch asks the endpoint.
func (s *source) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	a, err := readKey(key)
	switch {
	case err != nil:
		return pull.Snapshot{}, &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: own.Text("long_argument", nil), Err: err}
	case ctx.Err() != nil:
		return pull.Snapshot{}, sources.GivenUpError(op, ctx.Err())
	case s.settings.URL == "":
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("nothing_pushed", nil)}
	}
	r, err := s.request(a)
	if err != nil {
		return pull.Snapshot{}, err
	}
	before := last
	if last != nil && last.Validators == (pull.Validators{}) {
		before = nil
	}
	res, fresh, err := sources.Opening{Op: op, Field: "url", Request: r}.Fetch(ctx, s.env.Client, before)
	switch {
	case err != nil:
		return pull.Snapshot{}, err
	case fresh.Unchanged:
		return s.renewed(*last, res), nil
	}
	found, err := sources.RunParser(ctx, op, func() (answer, error) { return s.readAnswer(res) })
	if err != nil {
		return pull.Snapshot{}, err
	}
	return found.fillSnapshot(s.withAsOf(found, fresh), sources.ExtraOf[extra](last).Mark)
}

// withAsOf returns the snapshot with the time of the answer's fact. Where a fact's own
// time is wanted and not told, it is that of the answer.
func (s *source) withAsOf(a answer, at pull.Snapshot) pull.Snapshot {
	if at.AsOf = a.asOf; at.AsOf.IsZero() && s.TimeOfFact() {
		at.AsOf = at.Fetched
	}
	return at
}

// renewed returns the last snapshot as the endpoint confirmed it.
func (s *source) renewed(last pull.Snapshot, res outside.Response) pull.Snapshot {
	again := sources.Renew(last, res)
	if last.AsOf.Equal(last.Fetched) {
		again.AsOf = again.Fetched
	}
	return again
}

// request returns the signed ask.
func (s *source) request(a ask) (outside.Request, error) {
	now := s.env.Clock()
	r := outside.Request{
		Method: http.MethodPost, URL: s.settings.URL, MaxBytes: maxAnswerBytes,
		Header: map[string]string{"Accept": "application/json, text/plain;q=0.9"},
	}
	var signed []byte
	if s.settings.Dialect == kannel {
		r.Method, r.URL = http.MethodGet, fillGetURL(s.settings.URL, a, now)
		r.Header["Accept"] = "text/plain, text/html;q=0.5"
		signed = []byte(requestURI(r.URL))
	} else {
		t := told{Type: "ask", Source: s.env.ID, ask: a}
		if s.settings.Dialect == manychat {
			said := strings.TrimSpace(a.Keyword + " " + a.Argument)
			t.Input, t.Fields = &said, a.Reader
		}
		body, err := json.Marshal(t)
		if err != nil {
			return r, &pull.Error{Kind: pull.Internal, Op: op, Err: err}
		}
		r.Body, signed = body, body
		r.Header["Content-Type"] = "application/json"
	}
	r = s.settings.On(r)
	if s.settings.Secret.Reveal() != "" {
		s.sign(r.Header, s.newID(now), signed)
	}
	return r, nil
}

// sign signs what the endpoint is told, as Standard Webhooks has it, if there is a secret.
func (s *source) sign(header map[string]string, id string, signed []byte) {
	if s.settings.Secret.Reveal() == "" {
		return
	}
	stamp := strconv.FormatInt(s.env.Clock().Unix(), 10)
	header["Webhook-Id"], header["Webhook-Timestamp"] = id, stamp
	header["Webhook-Signature"] = sources.Sign(s.settings.Secret, id, stamp, signed)
}

// newID names one ask, for an endpoint that wants to know it again.
func (s *source) newID(now time.Time) string {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	var b [16]byte
	for i := range b {
		b[i] = byte(s.env.Rand.Uint32()) //nolint:gosec // eight bits of it are wanted
	}
	return "ask_" + strconv.FormatInt(now.UnixMilli(), 36) + hex.EncodeToString(b[:])
}

// Select returns the items that the endpoint answered, and its buttons.
func (s *source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	found := sources.Page(snapshot.Items, q)
	if q.Offset == 0 && len(found.Items) > 0 {
		found.Buttons = sources.ExtraOf[extra](&snapshot).Buttons
	}
	return found, nil
}
