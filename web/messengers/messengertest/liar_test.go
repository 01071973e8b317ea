package messengertest_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// lies5 are about links and taps.
func lies5() map[string]lie {
	return map[string]lie{
		"a link is escaped as text": {liar{limits: func(l *messengers.Limits) {
			l.Markup.EscapeURL = nil
		}}, "is not what the platform gets"},
		"a link is cut": {liar{send: func(s *messengers.Sending) error {
			s.Text = regexp.MustCompile(`(https?://[^\s<>|]*)[^\s<>|]`).ReplaceAllString(s.Text, "$1")
			return nil
		}}, "is not what the platform gets"},
		"a button leads elsewhere": {liar{send: func(s *messengers.Sending) error {
			for i := range s.Buttons {
				s.Buttons[i].URL = strings.ReplaceAll(s.Buttons[i].URL, "_", "ˍ")
			}
			return nil
		}}, "is not what the platform gets"},
		"the name of others is a tap": {liar{limits: func(l *messengers.Limits) { l.Taps = "@/" }, send: func(s *messengers.Sending) error {
			s.Text = strings.ReplaceAll(s.Text, "\u2060", "")
			return nil
		}}, "is a tap in"},
		"what others' buttons say is dropped": {liar{said: eachForeign(func(in *messengers.Incoming) { in.Text = "" })}, "understood as \"\""},
		"what others' buttons send is dropped": {liar{said: func(r *messengers.Receipt) {
			r.Asks = slices.DeleteFunc(r.Asks, func(in messengers.Incoming) bool { return in.Tap == "STOP" })
		}}, "another tool's button 0 of \"STOP\", which sends \"STOP\", was pressed, and 0 asks arrive"},
		"others' buttons are ours": {liar{said: eachForeign(func(in *messengers.Incoming) { in.Tap = "k:" + in.Tap })}, "understood as \"\""},
		"our own word is no tap": {liar{limits: func(l *messengers.Limits) { l.Taps = "@/" }, send: func(s *messengers.Sending) error {
			s.Text = strings.ReplaceAll(s.Text, "/own", "/\u2060own")
			return nil
		}}, "is no tap in"},
	}
}

// lies4 returns what a stranger who goes by the docs gets wrong.
func lies4() map[string]lie {
	return map[string]lie{
		"a moment of the future is believed": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			if d.At.Before(messengertest.Now()) {
				d.At = messengertest.Now()
			}
			return h.Receive(context.Background(), d)
		}}, "said again after -5m2s"},
		"whoever asks is proven right": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			if bytes.Contains(d.Body, []byte("url_verification")) {
				return resigned(h, d)
			}
			return h.Receive(context.Background(), d)
		}}, "bytes, want 401"},
		"it answers itself": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			if own := bytes.ReplaceAll(d.Body, []byte(`"bot_id"`), []byte(`"nobody"`)); len(own) == len(d.Body) && !bytes.Equal(own, d.Body) {
				d.Body = own
				return resigned(h, d)
			}
			return h.Receive(context.Background(), d)
		}}, "unasked delivery 0"},
		"what is overheard is asked":     {liar{said: eachAsk(func(in *messengers.Incoming) { in.Overheard = false })}, "unasked delivery 1"},
		"the thread is dropped":          {liar{send: func(s *messengers.Sending) error { s.Thread = ""; return nil }}, "goes out without that"},
		"a press says nothing":           {liar{said: eachAsk(func(in *messengers.Incoming) { in.Tap = "" })}, "was pressed, and"},
		"a long press is cut":            {liar{said: eachAsk(func(in *messengers.Incoming) { in.Tap = in.Tap[:min(len(in.Tap), 20)] })}, "was pressed, and"},
		"what is taken back is a riddle": {liar{said: eachEvent(messengers.Deleted, func(e *messengers.Event) { e.Message = "170" })}, "which is the id of none"},
		"a thumb for another message":    {liar{said: eachEvent(messengers.Reacted, func(e *messengers.Event) { e.Message += "1" })}, "the platform tells of the message"},
		"an event about nothing":         {liar{said: eachEvent(messengers.Reacted, func(e *messengers.Event) { e.Message = "" })}, "is about no message"},
		"an event of its own":            {liar{said: eachEvent(messengers.Reacted, func(e *messengers.Event) { e.Kind = "thumb" })}, "is of no kind"},
		"a thumb is lost":                {liar{said: func(r *messengers.Receipt) { r.Events = nil }}, "the platform tells of the message"},
		"a no that is new is a yes": {liar{sent: func(_ messengers.Sending, id string, err error) (string, error) {
			if err != nil && strings.Contains(err.Error(), "zqxv") {
				return "180.5", nil
			}
			return id, err
		}}, "is taken for a message that was sent"},
		"a dead token is a message's fault": {liar{sent: func(_ messengers.Sending, id string, err error) (string, error) {
			var e *messengers.SendError
			if errors.As(err, &e) && e.Fault == messengers.TokenInvalid && strings.Contains(err.Error(), "401") {
				e.Fault = messengers.Permanent
			}
			return id, err
		}}, "the account is refused, and Send says"},
		"a pause without an end": {liar{sent: func(_ messengers.Sending, id string, err error) (string, error) {
			var e *messengers.SendError
			if errors.As(err, &e) {
				e.RetryAt = time.Time{}
			}
			return id, err
		}}, "which is over"},
		"the response has no buttons": {answering(func(s *messengers.Sending) { s.Buttons = nil }), "the response never got the button"},
		"the response has one message": {liar{honestly: func(h messengers.InBand, r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
			return h.Answer(r, said[:min(len(said), 1)])
		}}, "the response never got the text"},
		"the response says not what it is": {liar{honestly: func(h messengers.InBand, r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
			r = h.Answer(r, said)
			r.ContentType = ""
			return r
		}}, `says that it is ""`},
	}
}

func answering(f func(*messengers.Sending)) liar {
	return liar{honestly: func(h messengers.InBand, r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
		said = slices.Clone(said)
		for i := range said {
			f(&said[i])
		}
		return h.Answer(r, said)
	}}
}

// eachForeign changes the press of a button that is none of ours.
func eachForeign(f func(*messengers.Incoming)) func(*messengers.Receipt) {
	return eachAsk(func(in *messengers.Incoming) {
		if in.Tap != "" && !strings.Contains(in.Tap, ":") {
			f(in)
		}
	})
}

func eachEvent(kind messengers.EventKind, f func(*messengers.Event)) func(*messengers.Receipt) {
	return func(r *messengers.Receipt) {
		for i := range r.Events {
			if r.Events[i].Kind == kind {
				f(&r.Events[i])
			}
		}
	}
}

func TestTheSuiteCatchesAGatewayThatLies(t *testing.T) {
	for name, l := range map[string]lie{
		"the header is dropped": {liar{honestly: func(h messengers.InBand, r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
			r = h.Answer(r, said)
			r.Header = nil
			return r
		}}, "travels with the headers map[]"},
		"the header is always there": {liar{honestly: func(h messengers.InBand, r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
			r = h.Answer(r, said)
			r.Header = map[string]string{"X-Kannel-Coding": "2"}
			return r
		}}, "want map[]"},
		"what arrived did not":               {liar{said: eachEvent(messengers.Delivered, func(e *messengers.Event) { e.Kind = messengers.Undelivered })}, "the platform tells of the message"},
		"reports are of one message":         {liar{send: func(s *messengers.Sending) error { s.Key = "7-7"; return nil }}, "which the platform was not told"},
		"what arrived is of another message": {liar{said: eachEvent(messengers.Delivered, func(e *messengers.Event) { e.Message = "9" })}, "the platform tells of the message"},
	} {
		t.Run(name, func(t *testing.T) {
			finds(t, lying(smsboxCase(), func(messengers.Env) *liar { own := l.lie; return &own }), l.says)
		})
	}
}

func TestTheSuiteCatchesAPageThatLies(t *testing.T) {
	for name, l := range map[string]lie{
		"what nobody verified is believed": {liar{receive: func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			d.Verified = true
			return h.Receive(context.Background(), d)
		}}, "what no app has verified brings"},
		"an approved text goes out as it is": {liar{send: func(s *messengers.Sending) error { s.Template = nil; return nil }}, "never got the template"},
		"what an approved text says is lost": {liar{send: func(s *messengers.Sending) error {
			if s.Template != nil {
				s.Text, s.Template = "", &messengers.Template{Name: s.Template.Name}
			}
			return nil
		}}, "never got the template"},
	} {
		t.Run(name, func(t *testing.T) {
			finds(t, lying(pagesCase(), func(messengers.Env) *liar { own := l.lie; return &own }), l.says)
		})
	}
}

// lyingApp is an honest app with one fault.
type lyingApp struct {
	messengers.App
	receive func(honest messengers.App, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error)
}

func (a lyingApp) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
	return a.receive(a.App, d)
}

func TestTheSuiteCatchesAnAppThatLies(t *testing.T) {
	ctx := context.Background()
	parts := func(f func([]messengers.Part) []messengers.Part) func(messengers.App, messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
		return func(a messengers.App, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
			r, all, err := a.Receive(ctx, d)
			return r, f(all), err
		}
	}
	for name, l := range map[string]struct {
		receive func(messengers.App, messengers.Delivery) (messengers.Receipt, []messengers.Part, error)
		says    string
	}{
		"honest": {parts(func(all []messengers.Part) []messengers.Part { return all }), ""},
		"no signature": {func(a messengers.App, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
			return a.Receive(ctx, appSigned(d))
		}, "want 401"},
		"no signature is a good one": {func(a messengers.App, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
			if len(d.Header["X-Hub-Signature-256"]) == 0 {
				d = appSigned(d)
			}
			return a.Receive(ctx, d)
		}, "without any header or query: status 0"},
		"whoever asks is proven right": {func(a messengers.App, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
			if d.Method == http.MethodGet {
				return messengers.Receipt{Body: []byte("42")}, nil, nil
			}
			return a.Receive(ctx, d)
		}, "forged: status 0 with 2 bytes"},
		"all for the first": {parts(func(all []messengers.Part) []messengers.Part {
			for i := range all {
				all[i].Account = "102"
			}
			return all
		}), `reaches the channel of "103"`},
		"all but the first are lost": {parts(func(all []messengers.Part) []messengers.Part { return all[:min(1, len(all))] }), `reaches the channel of "103"`},
		"each gets what is another's": {parts(func(all []messengers.Part) []messengers.Part {
			for i := range all {
				all[i].Delivery = all[(i+1)%len(all)].Delivery
			}
			return all
		}), "reaches the channel of"},
		"it breaks down": {func(a messengers.App, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
			r, all, err := a.Receive(ctx, d)
			if r.Status == 0 && d.Method == http.MethodPost {
				_ = all[0]
			}
			return r, all, err
		}, "breaks the app down"},
		"garbage is its own failure": {func(a messengers.App, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
			if d.Method == http.MethodPost && !bytes.HasPrefix(d.Body, []byte("{")) {
				return messengers.Receipt{Status: http.StatusInternalServerError}, nil, nil
			}
			return a.Receive(ctx, d)
		}, "never the app's own failure"},
		"it answers by itself": {func(a messengers.App, d messengers.Delivery) (messengers.Receipt, []messengers.Part, error) {
			r, all, err := a.Receive(ctx, d)
			r.Asks = []messengers.Incoming{{ID: "1", Reader: "2", Address: "3"}}
			return r, all, err
		}, "what an app says itself brings"},
	} {
		t.Run(name, func(t *testing.T) {
			finds(t, messengertest.WrappedApp(pagesCase(), func(a messengers.App) messengers.App { return lyingApp{a, l.receive} }), l.says)
		})
	}
}

// finds fails where the suite does not say of a case what is wrong with it, or
// says anything of an honest one.
func finds(t *testing.T, c messengertest.Case, says string) {
	t.Helper()
	all := strings.Join(messengertest.Findings(t, c), "\n")
	if !strings.Contains(all, says) || says == "" && all != "" {
		t.Errorf("the suite does not say %q, but:\n%s", says, all)
	}
}
