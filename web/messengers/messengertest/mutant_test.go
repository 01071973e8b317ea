package messengertest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// liar is an honest messenger with one fault. What it does not change it leaves
// to the honest one.
type liar struct {
	messengers.Messenger
	receive func(honest messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error)
	said    func(*messengers.Receipt)
	send    func(s *messengers.Sending) error
	sent    func(s messengers.Sending, id string, err error) (string, error)
	limits  func(*messengers.Limits)
	answer  func(r messengers.Receipt, said []messengers.Sending) messengers.Receipt
	// honestly is answer with the honest one at hand.
	honestly func(h messengers.InBand, r messengers.Receipt, said []messengers.Sending) messengers.Receipt
}

func (l *liar) Receive(ctx context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	var r messengers.Receipt
	var err error
	if l.receive != nil {
		r, err = l.receive(l.Messenger, d)
	} else {
		r, err = l.Messenger.Receive(ctx, d)
	}
	if l.said != nil {
		l.said(&r)
	}
	return r, err
}

func (l *liar) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if l.send != nil {
		if err := l.send(&s); err != nil {
			return "", err
		}
	}
	id, err := l.Messenger.Send(ctx, s)
	if l.sent != nil {
		return l.sent(s, id, err)
	}
	return id, err
}

func (l *liar) Limits() messengers.Limits {
	limits := l.Messenger.Limits()
	if l.limits != nil {
		l.limits(&limits)
	}
	return limits
}

func (l *liar) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	if l.answer != nil {
		return l.answer(r, said)
	}
	honest := l.Messenger.(messengers.InBand)
	if l.honestly != nil {
		return l.honestly(honest, r, said)
	}
	return honest.Answer(r, said)
}

func (l *liar) Account() string {
	if c, ok := l.Messenger.(messengers.Carried); ok {
		return c.Account()
	}
	return ""
}

// planted returns the case of the honest kind with a fault.
func planted(lie func(messengers.Env) *liar) messengertest.Case {
	return lying(workspaceCase(), lie)
}

// lying returns a case whose kind has a fault.
func lying(c messengertest.Case, lie func(messengers.Env) *liar) messengertest.Case {
	return messengertest.Wrapped(c, func(env messengers.Env, m messengers.Messenger) messengers.Messenger {
		l := lie(env)
		l.Messenger = m
		return l
	})
}

func TestTheSuiteFindsNothingInAnHonestKind(t *testing.T) {
	if found := messengertest.Findings(t, planted(func(messengers.Env) *liar { return &liar{} })); len(found) > 0 {
		t.Errorf("%s", strings.Join(found, "\n"))
	}
}

// resigned has the honest kind believe a delivery.
func resigned(honest messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
	return honest.Receive(context.Background(), signed(d))
}

func shownOf(d messengers.Delivery) string {
	return strings.Join(d.Header["X-Workspace-Signature"], "")
}

// fault turns the fault of every failure into another.
func fault(from, to messengers.Fault) func(messengers.Sending, string, error) (string, error) {
	return func(_ messengers.Sending, id string, err error) (string, error) {
		var e *messengers.SendError
		if errors.As(err, &e) && e.Fault == from {
			e.Fault = to
		}
		return id, err
	}
}

func eachAsk(f func(*messengers.Incoming)) func(*messengers.Receipt) {
	return func(r *messengers.Receipt) {
		for i := range r.Asks {
			f(&r.Asks[i])
		}
	}
}

// lie is a fault, and what the suite must say of it.
type lie struct {
	lie  liar
	says string
}

// count makes what is new each time.
var count atomic.Int64

// lies returns all faults, by what is wrong.
func lies() map[string]lie {
	all := map[string]lie{}
	maps.Copy(all, lies1())
	maps.Copy(all, lies2())
	maps.Copy(all, lies3())
	maps.Copy(all, lies4())
	maps.Copy(all, lies5())
	maps.Copy(all, lies6())
	maps.Copy(all, lies7())
	maps.Copy(all, lies8())
	return all
}

func lies1() map[string]lie {
	return map[string]lie{
		"every message goes to one address": {liar{send: func(s *messengers.Sending) error { s.Address = "D9"; return nil }}, `what is sent to "C7" does not name it`},
		"the text is another":               {liar{send: func(s *messengers.Sending) error { s.Text = "Hello!!"; return nil }}, "the platform never got the text"},
		"the text is cut":                   {liar{send: func(s *messengers.Sending) error { s.Text = s.Text[:min(len(s.Text), 3)]; return nil }}, "the platform never got the text"},
		"a no with status 200 is a yes": {liar{sent: func(s messengers.Sending, id string, err error) (string, error) {
			if err != nil && strings.Contains(err.Error(), "said no") {
				return "180.5", nil
			}
			return id, err
		}}, "is taken for a message that was sent"},
		"no replay window": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			d.At = messengertest.Now()
			return h.Receive(context.Background(), d)
		}}, "said again after 5m2s"},
		"one id for all":           {liar{said: eachAsk(func(in *messengers.Incoming) { in.ID = "1" })}, `have the same id "1"`},
		"a new id each time":       {liar{said: eachAsk(func(in *messengers.Incoming) { in.ID = fmt.Sprint(count.Add(1)) })}, "repeated, means something else"},
		"idempotent without a key": {liar{limits: func(l *messengers.Limits) { l.Idempotent = true }}, "says that a repeated key is dropped, and sends none"},
		"a key that is always new": {liar{limits: func(l *messengers.Limits) { l.Idempotent = true }, send: func(s *messengers.Sending) error { s.Thread = fmt.Sprint(count.Add(1)); return nil }}, "sent again with its key is another one"},
		"no signature":             {liar{receive: resigned}, "forged, brings"},
		"a signature of what is parsed": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			var v any
			if json.Unmarshal(d.Body, &v) != nil {
				return h.Receive(context.Background(), d)
			}
			body, _ := json.Marshal(v)
			parsed := d
			parsed.Body = body
			if r, err := h.Receive(context.Background(), parsed); r.Status == 0 {
				return r, err
			}
			return h.Receive(context.Background(), d)
		}}, "changed after it was signed, brings"},
		"no signature is a good one": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			if shownOf(d) == "" {
				return resigned(h, d)
			}
			return h.Receive(context.Background(), d)
		}}, "empty headers and query brings"},
		"whoever says so is verified": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			if d.Verified {
				return resigned(h, d)
			}
			return h.Receive(context.Background(), d)
		}}, "forged, brings"},
		"a forger gets a 200": {liar{said: func(r *messengers.Receipt) {
			if r.Status == http.StatusUnauthorized {
				r.Status = 0
			}
		}}, "want 401"},
	}
}

func lies2() map[string]lie {
	return map[string]lie{
		"a group is private":    {liar{said: eachAsk(func(in *messengers.Incoming) { in.Group = false })}, "group says false and false"},
		"a group is its member": {liar{said: eachAsk(func(in *messengers.Incoming) { in.Reader = in.ID })}, "want the group both times"},
		"an edit is asked anew": {liar{said: eachAsk(func(in *messengers.Incoming) { in.Edit, in.ID = false, in.ID+"e" })}, "1 messages to answer; want none"},
		"markup is not escaped": {liar{limits: func(l *messengers.Limits) { l.Markup.Escape = nil }}, "and is taken for markup"},
		"an address ends its quotes": {liar{limits: func(l *messengers.Limits) {
			l.Markup = messengers.HTML
			l.Markup.EscapeURL = func(s string) string { return s }
		}}, "an address ends the quotes"},
		"text beyond the limit": {liar{send: func(s *messengers.Sending) error {
			for _, b := range s.Buttons {
				s.Text += "\n" + b.URL
			}
			return nil
		}}, "goes out, the most is 3000"},
		"buttons are dropped": {liar{send: func(s *messengers.Sending) error { s.Buttons = nil; return nil }}, "never got the button"},
		"all buttons send the same": {liar{send: func(s *messengers.Sending) error {
			for i := range s.Buttons {
				s.Buttons[i].Send = "k:x"
			}
			return nil
		}}, "never got"},
		"the picture is dropped": {liar{send: func(s *messengers.Sending) error { s.Media = nil; return nil }}, "never got the image"},
		"retry-after is not read": {liar{sent: func(_ messengers.Sending, id string, err error) (string, error) {
			var e *messengers.SendError
			if errors.As(err, &e) && e.Fault == messengers.LimitedUntil {
				e.RetryAt = messengertest.Now().Add(time.Hour)
			}
			return id, err
		}}, "want in 7 s"},
		"a hostile body breaks it down": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			var e struct{ Event map[string]any }
			if json.Unmarshal(d.Body, &e) == nil && e.Event != nil {
				_ = e.Event["channel"].(string)
			}
			return h.Receive(context.Background(), d)
		}}, "a delivery breaks the kind down"},
		"garbage is our own failure": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			if !json.Valid(d.Body) {
				return messengers.Receipt{Status: http.StatusInternalServerError}, nil
			}
			return h.Receive(context.Background(), d)
		}}, "status 500"},
		"garbage is an error": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			if !json.Valid(d.Body) {
				return messengers.Receipt{}, errors.New("what is this?")
			}
			return h.Receive(context.Background(), d)
		}}, "a delivery is never our failure"},
	}
}

func lies3() map[string]lie {
	return map[string]lie{
		"what is blocked is tried again":   {liar{sent: fault(messengers.Blocked, messengers.Temporary)}, "want blocked"},
		"a dead token is tried again":      {liar{sent: fault(messengers.TokenInvalid, messengers.Temporary)}, "want token_invalid"},
		"what may have arrived never left": {liar{sent: fault(messengers.Uncertain, messengers.Temporary)}, "want uncertain"},
		"what never left is given up":      {liar{sent: fault(messengers.Temporary, messengers.Permanent)}, "want temporary"},
		"an error tells the token": {liar{sent: func(_ messengers.Sending, id string, err error) (string, error) {
			var e *messengers.SendError
			if errors.As(err, &e) {
				e.Err = errors.New("with token xoxb-0123456789")
			}
			return id, err
		}}, "a secret stands in"},
		"a failure of another type": {liar{sent: func(_ messengers.Sending, id string, err error) (string, error) {
			if err != nil {
				err = fmt.Errorf("no: %s", err.Error())
			}
			return id, err
		}}, "not a *SendError"},
		"it sends for a caller who gave up": {liar{send: func(*messengers.Sending) error {
			return &messengers.SendError{Fault: messengers.Uncertain, Err: errors.New("sent")}
		}}, "though nothing was sent"},
		"the platform's id is lost": {liar{sent: func(_ messengers.Sending, _ string, err error) (string, error) { return "", err }}, `calls the message "180.5", and Send ""`},
		"the answer in the response is another": {liar{answer: func(r messengers.Receipt, _ []messengers.Sending) messengers.Receipt {
			r.Body = []byte("{}")
			return r
		}}, "the response never got the text"},
		"an answer without time for it": {liar{limits: func(l *messengers.Limits) { l.InBand = 0 }}, "limits say that the platform waits 0s"},
		"limits without a text":         {liar{limits: func(l *messengers.Limits) { l.Text = -1 }}, "limits make no sense"},
	}
}

func TestTheSuiteCatchesEveryLiar(t *testing.T) {
	for name, l := range lies() {
		t.Run(name, func(t *testing.T) {
			finds(t, planted(func(messengers.Env) *liar { own := l.lie; return &own }), l.says)
		})
	}
}

func TestALogThatTellsASecretIsFound(t *testing.T) {
	found := messengertest.Findings(t, planted(func(env messengers.Env) *liar {
		return &liar{said: func(*messengers.Receipt) { env.Logger.Info("a delivery", "signed_with", secret) }}
	}))
	if all := strings.Join(found, "\n"); !strings.Contains(all, "keeps its secrets out of the logs: a secret stands in") {
		t.Errorf("found %s", all)
	}
}
