package smstwilio_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// opened returns a channel of a token whose hook stands at an address.
func opened(t testing.TB, token, from string) messengers.Messenger {
	t.Helper()
	return suite().Open(t, "http://127.0.0.1:9", map[string]any{"auth_token": token, "from": from})
}

func TestSignaturesMadeElsewhereAreTaken(t *testing.T) {
	tests := map[string]struct {
		token, url, body, signature string
		status                      int
	}{
		"a message": {
			"tok123", "https://bot.example.org/hook/twilio?ch=1",
			url.Values{"Body": {"goal psg é"}, "From": {"+33612345678"}, "MessageSid": {"SM00000000000000000000000000000001"}, "NumMedia": {"0"}, "To": {"+33700000000"}}.Encode(),
			"kv2+rhhhscLCKwLEf/J0QrVxwWk=", 0,
		},
		"names that repeat":       {"tok123", "https://a.example/x", "A=2&A=1&A=1&B=", "k6qRFbAcLL951bx0ysQyAO1MznI=", 0},
		"with the port":           {"tok123", "https://a.example:443/x", "A=2&A=1&A=1&B=", "k6qRFbAcLL951bx0ysQyAO1MznI=", 0},
		"with a fragment":         {"tok123", "https://a.example/x#rc=3", "A=2&A=1&A=1&B=", "k6qRFbAcLL951bx0ysQyAO1MznI=", 0},
		"another host":            {"tok123", "https://b.example/x", "A=2&A=1&A=1&B=", "k6qRFbAcLL951bx0ysQyAO1MznI=", 401},
		"another token":           {"tok124", "https://a.example/x", "A=2&A=1&A=1&B=", "k6qRFbAcLL951bx0ysQyAO1MznI=", 401},
		"another letter's case":   {"tok123", "https://a.example/x", "A=2&A=1&A=1&B=", "k6qRFbAcLL951bx0ysQyAO1MznI=" + "A", 401},
		"a WhatsApp message":      {"authtoken", "https://news.example/hook/p/wa", "From=whatsapp%3A%2B4915100000001&To=whatsapp%3A%2B4930000000&Body=WETTER&MessageSid=SM1&WaId=4915100000001&ProfileName=A", "QGvSHr+kj6TxOqXCUK71OqFbaSM=", 0},
		"a body by its hash":      {"tok123", "https://a.example/x?bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", `{"a":1}`, "Lc1dgP2wE3ElJrAq7IhXO0ighz0=", 0},
		"another body":            {"tok123", "https://a.example/x?bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", `{"a":2}`, "Lc1dgP2wE3ElJrAq7IhXO0ighz0=", 401},
		"a body that is unsigned": {"tok123", "https://a.example/x", `{"a":1}`, proof("tok123", "https://a.example/x"), 401},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			u, err := url.Parse(tt.url)
			if err != nil {
				t.Fatal(err)
			}
			d := messengers.Delivery{Method: http.MethodPost, URL: tt.url, Query: u.Query(), Body: []byte(tt.body), At: messengertest.Now(), Header: map[string][]string{
				"X-Twilio-Signature": {tt.signature}, "Content-Type": {"application/x-www-form-urlencoded"},
			}}
			if strings.HasPrefix(tt.body, "{") {
				d.Header["Content-Type"] = []string{"application/json"}
			}
			r, err := opened(t, tt.token, "+33700000000").Receive(t.Context(), d)
			if err != nil || r.Status != tt.status {
				t.Errorf("got %d, %v, want %d", r.Status, err, tt.status)
			}
		})
	}
}

func TestAMessageMayComeByGet(t *testing.T) {
	d := messengers.Delivery{Method: http.MethodGet, URL: hook + "?From=%2B33612345678&Body=news&MessageSid=SM1", At: messengertest.Now(),
		Query: map[string][]string{"From": {"+33612345678"}, "Body": {"news"}, "MessageSid": {"SM1"}}}
	d.Header = map[string][]string{"X-Twilio-Signature": {proof(token, d.URL)}}
	r, err := suite().Open(t, "http://127.0.0.1:9", nil).Receive(t.Context(), d)
	if err != nil || len(r.Asks) != 1 || r.Asks[0].Text != "news" {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestWhatBecameOfAnAnswerInTheResponseIsToldByItsKey(t *testing.T) {
	d := signed(form("status/12.0", "MessageSid", "SM5", "MessageStatus", "delivered"))
	r, err := suite().Open(t, "http://127.0.0.1:9", nil).Receive(t.Context(), d)
	if err != nil || len(r.Events) != 1 || r.Events[0] != (messengers.Event{Kind: messengers.Delivered, Message: "12.0"}) {
		t.Errorf("got %+v, %v", r.Events, err)
	}
}

func TestANumberIsOneReaderInEverySpelling(t *testing.T) {
	of := opened(t, token, "+33700000000").(messengers.Identifier)
	for typed, want := range map[string]string{
		"+33612345678": "+33612345678", "whatsapp:+33612345678": "+33612345678", "0033 6 12 34 56 78": "+33612345678", "33612345678": "+33612345678", "06 12 34 56 78": "+33612345678",
		"rcs:+33612345678": "+33612345678", "DE.1349abc": "DE.1349abc", "whatsapp:DE.1349abc": "DE.1349abc", "": "", "Ada": "", "DE.": "", "d.e": "",
	} {
		if id, ok := of.Identify(typed); id != want || ok != (want != "") {
			t.Errorf("%q is %q, %v", typed, id, ok)
		}
	}
}

func TestALinkOpensTheNumber(t *testing.T) {
	for from, want := range map[string]string{
		"+33700000000": "sms:+33700000000?body=G%C3%82TEAU%20x", "36123": "sms:36123?body=G%C3%82TEAU%20x", "MG01": "",
		"whatsapp:+4930000000": "https://wa.me/4930000000?text=G%C3%82TEAU%20x",
	} {
		if got := opened(t, token, from).(messengers.Linker).Link("GÂTEAU x"); got != want {
			t.Errorf("%s: got %s, want %s", from, got, want)
		}
	}
	if got := opened(t, token, "+33700000000").(messengers.Linker).Link(""); got != "sms:+33700000000" {
		t.Errorf("without words: %s", got)
	}
}

// FuzzReceive: whatever comes, signed or not, breaks nothing.
func FuzzReceive(f *testing.F) {
	for _, body := range []string{
		"From=%2B33612345678&Body=news&MessageSid=SM1", "From=whatsapp%3ADE.1&ButtonPayload=k%3Anews&MessageSid=1", "%zz=1", "a;b", "NumMedia=999999999999&From=%2B3361&MessageSid=1",
		"Latitude=NaN&Longitude=1e999&From=%2B3361&MessageSid=1", "MessageStatus=failed&ErrorCode=x", "Body=%ED%A0%80%00&From=%2B3361&MessageSid=1", strings.Repeat("a=b&", 1000),
	} {
		f.Add(body, "status/1.0", true)
	}
	m := opened(f, token, "whatsapp:+4930000000")
	f.Fuzz(func(t *testing.T, body, path string, genuine bool) {
		d := messengers.Delivery{Method: http.MethodPost, Path: path, URL: hook, Body: []byte(body), At: messengertest.Now(), Header: map[string][]string{
			"Content-Type": {"application/x-www-form-urlencoded"}, "X-Twilio-Signature": {"x"}}}
		if genuine {
			d = signed(d)
		}
		r, err := m.Receive(t.Context(), d)
		if err != nil || r.Status >= 500 || !genuine && r.Status != 401 {
			t.Fatalf("%d, %v", r.Status, err)
		}
		for _, in := range r.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" {
				t.Fatalf("an ask of nobody: %+v", in)
			}
		}
	})
}
