package messengertest_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// lies7 are about what is shown to whom.
func lies7() map[string]lie {
	return map[string]lie{
		"a button leads to another host": {liar{send: func(s *messengers.Sending) error {
			for i := range s.Buttons {
				if s.Buttons[i].URL != "" {
					s.Buttons[i].URL = "https://evil.example/?to=" + s.Buttons[i].URL
				}
			}
			return nil
		}}, "gets a link to evil.example"},
		"a picture lies at another host": {liar{send: func(s *messengers.Sending) error {
			s.Text += " https://t.example/pixel"
			return nil
		}}, "gets a link to t.example"},
		"all see the answer": {liar{honestly: func(h messengers.InBand, r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
			r = h.Answer(r, said)
			r.Body = []byte(strings.ReplaceAll(string(r.Body), "ephemeral", "in_channel"))
			return r
		}}, `no response says "ephemeral"`},
		"presses have the id of their message": {liar{said: eachAsk(func(in *messengers.Incoming) {
			if in.Tap != "" {
				in.ID = in.Address + in.Reader
			}
		})}, "by one reader have the same id"},
		"the thread is dropped in a channel": {liar{send: func(s *messengers.Sending) error {
			if s.Thread == "2.1" {
				s.Thread = ""
			}
			return nil
		}}, "goes out without that"},
	}
}

// courier is a kind that calls the gateway in a way of its own.
type courier struct {
	messengers.Messenger
	base   string
	header func(http.Header)
	says   func(body []byte) error
}

// Send posts one message, and tells all that comes back.
func (c courier) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", messengers.Failed(err)
	}
	body, _ := json.Marshal(s.Message)
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/messages", strings.NewReader(string(body)))
	c.header(r.Header)
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return "", &messengers.SendError{Fault: messengers.Temporary, Err: err}
	}
	defer func() { _ = res.Body.Close() }()
	said, _ := io.ReadAll(res.Body)
	return "", c.says(said)
}

func TestWhatARequestShowsIsTheTokenAndNothingElse(t *testing.T) {
	nothing := func([]byte) error { return nil }
	for says, lies := range map[string]struct {
		header func(http.Header)
		says   func([]byte) error
	}{
		"want \"Bearer " + secret: {func(h http.Header) {
			h.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("kp:"+secret)))
		}, nothing},
		"a request shows itself by Authorization: []": {func(http.Header) {}, nothing},
		"tells no secret that comes back/with status 401: a secret": {func(h http.Header) { h.Set("Authorization", "Bearer "+secret) }, func(said []byte) error {
			return &messengers.SendError{Fault: messengers.Permanent, Err: errors.New(string(said))}
		}},
		"in a status that is none: a secret": {func(h http.Header) { h.Set("Authorization", "Bearer "+secret) }, nothing},
	} {
		c := gatewayCase()
		c.Refusal = func(int, int) string { return `{"error":"no"}` }
		finds(t, messengertest.Based(c, func(base string, m messengers.Messenger) messengers.Messenger {
			return courier{m, base, lies.header, lies.says}
		}), says)
	}
}

func TestACaseSaysWhyItLacksAPart(t *testing.T) {
	for says, change := range map[string]func(*messengertest.Case){
		"or by Lacks[messengertest.Threads] why":                    func(c *messengertest.Case) { delete(c.Lacks, messengertest.Threads) },
		`the case lacks threads: say in a sentence why, instead of`: func(c *messengertest.Case) { c.Lacks[messengertest.Threads] = "no" },
		"or by Lacks[messengertest.Others] why":                     func(c *messengertest.Case) { delete(c.Lacks, messengertest.Others) },
		"or by Lacks[messengertest.Secrets] why":                    func(c *messengertest.Case) { c.Shows = "" },
		"the case lacks secrets, and shows":                         func(c *messengertest.Case) { c.Lacks[messengertest.Secrets] = "there is no secret" },
	} {
		c := officialCase()
		change(&c)
		finds(t, c, says)
	}
}
