package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Gateways that count by themselves give two readers' messages one id: each reader
// has his own answer, and the same one each time.

// idWorld is a channel whose messages somebody's gateway counts, and how one of a
// reader is brought; the answer comes in the response.
type idWorld struct {
	block string
	// one: it says that no two of its messages have one id.
	one bool
	ask func(s *service, reader, also, id, text string) (answer string)
}

// ann and bob are readers by their numbers.
const ann, bob = "+254711000111", "+254711000222"

func idWorlds() map[string]idWorld {
	return map[string]idWorld{
		"http": {kindBlock("http", "", quoted("secret", partnerSecret)), false, func(s *service, reader, _, id, text string) string {
			body := fmt.Sprintf(`{"id":%q,"from":%q,"text":%q}`, id, reader, text)
			var answer struct {
				Messages []struct{ Text string }
			}
			got := request(s.t, http.MethodPost, s.URL+"/hook/lecker/http", body, signedBy(s.clock.Now(), partnerSecret, "w"+id, body))
			if err := json.Unmarshal([]byte(got.body), &answer); err != nil || got.status != http.StatusOK {
				s.t.Fatalf("%d %s", got.status, got.body)
			}
			var all []string
			for _, m := range answer.Messages {
				all = append(all, m.Text)
			}
			return strings.Join(all, "\n")
		}},
		"sms-kannel": {kindBlock("sms-kannel", "", quoted("secret", kannelSecret), quoted("username", "kp"), quoted("password", kannelPassword), quoted("sendsms_url", "http://127.0.0.1:9/")), false,
			func(s *service, reader, _, id, text string) string {
				q := url.Values{"from": {reader}, "id": {id}, "text": {text}}
				return request(s.t, http.MethodGet, s.URL+"/hook/lecker/sms-kannel/"+kannelSecret+"?"+q.Encode(), "", nil).body
			}},
		"sms-twilio": {kindBlock("sms-twilio", "", quoted("account_sid", "AC1"), quoted("auth_token", stormSecret), quoted("from", "whatsapp:+4930000000"), quoted("api_base", "http://127.0.0.1:9/")), true,
			func(s *service, reader, also, id, text string) string {
				form := url.Values{"MessageSid": {id}, "AccountSid": {"AC1"}, "From": {"whatsapp:" + reader}, "To": {"whatsapp:+4930000000"}, "Body": {text}}
				if also != "" {
					form.Set("ExternalUserId", also)
				}
				r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+"/hook/lecker/sms-twilio", http.NoBody)
				if err != nil {
					s.t.Fatal(err)
				}
				twilioProof(r, []byte(form.Encode()))
				got := request(s.t, http.MethodPost, r.URL.String(), form.Encode(), map[string]string{
					"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": r.Header.Get("X-Twilio-Signature"),
				})
				var answer struct{ Message []struct{ Body string } }
				if err := xml.Unmarshal([]byte(got.body), &answer); err != nil || got.status != http.StatusOK || len(answer.Message) != 1 {
					s.t.Fatalf("%d %s", got.status, got.body)
				}
				return answer.Message[0].Body
			}},
	}
}

func TestTwoReadersWhoseMessagesHaveOneIDHaveTheirOwnAnswersByEveryGateway(t *testing.T) {
	for kind, w := range idWorlds() {
		t.Run(kind, func(t *testing.T) {
			s := serveConfig(t, textBlock("hours", "Open from 9 to 17."), textBlock("maize", "Nairobi: KES 4,100 a bag."), w.block, chatBlock())
			s.log.keepOut(partnerSecret, kannelSecret, kannelPassword, ann, bob)
			asked := []struct{ reader, id, text, want string }{
				{ann, "1", "hours", "Open from 9"}, {bob, "1", "maize", "Nairobi"}, {ann, "2", "maize", "Nairobi"}, {bob, "2", "hours", "Open from 9"},
			}
			first := map[int]string{}
			for round := range 3 {
				for i, a := range asked {
					got := w.ask(s, a.reader, "", a.id, a.text)
					if !strings.Contains(got, a.want) || round > 0 && got != first[i] {
						t.Errorf("round %d: %s asks %q as message %s and gets %q, at first %q", round, a.reader, a.text, a.id, got, first[i])
					}
					if round == 0 {
						first[i] = got
					}
				}
				s.settled()
				if round == 1 {
					anew := map[bool]int{true: 2}[w.one]
					if h := s.health(kind); h.Again != len(asked) || h.Anew != anew || s.health("web").Again != 0 {
						t.Errorf("repeated deliveries: %+v", h)
					}
					s.restart()
				}
			}
			if day := s.today(); day.Asks != len(asked) {
				t.Errorf("%d asks are counted, want %d", day.Asks, len(asked))
			}
		})
	}
}

// A reader whose platform tells another id of them from some message on is one: what
// was brought under either is known under both.
func TestAReaderOfTwoNamesHasOneAnswerToAMessageThatComesAgain(t *testing.T) {
	w := idWorlds()["sms-twilio"]
	s := serveConfig(t, textBlock("hours", "Open from 9 to 17."), textBlock("maize", "Nairobi: KES 4,100 a bag."), w.block)
	s.log.keepOut(ann, bob)
	const account = "KE.ann0123456789"
	by := w.ask(s, ann, "", "1", "hours")
	also := w.ask(s, ann, account, "2", "maize")
	other := w.ask(s, bob, "", "2", "hours")
	if !strings.Contains(by, "Open") || !strings.Contains(also, "Nairobi") || !strings.Contains(other, "Open") {
		t.Fatalf("%q, %q, %q", by, also, other)
	}
	for range 2 {
		for _, again := range []struct{ also, id, text, want string }{{account, "1", "hours", by}, {"", "1", "hours", by}, {account, "2", "maize", also}, {"", "2", "maize", also}} {
			if got := w.ask(s, ann, again.also, again.id, again.text); got != again.want {
				t.Errorf("message %s, told again of %q, gets %q, at first %q", again.id, again.also, got, again.want)
			}
		}
		s.settled()
		if h := s.health("sms-twilio"); h.Again != 4 {
			t.Errorf("%+v", h)
		}
		s.restart()
	}
	if day := s.today(); day.Asks != 3 {
		t.Errorf("%d asks are counted, want 3", day.Asks)
	}
}
