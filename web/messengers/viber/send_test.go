package viber_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// platform stands in for Viber: it answers each method with what is left of its
// script, then with success, and calls a webhook before it takes it.
type platform struct {
	URL    string
	mu     sync.Mutex
	script map[string][]string
	calls  []string
	bodies []string
}

func newPlatform(t testing.TB, script map[string][]string) *platform {
	t.Helper()
	p := &platform{script: script}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.URL = server.URL + "/pa"
	return p
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	method := strings.TrimPrefix(r.URL.Path, "/pa/")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls, p.bodies = append(p.calls, method), append(p.bodies, string(body))
	answer := `{"status":0,"status_message":"ok","message_token":5741311803571721087}`
	if left := p.script[method]; len(left) > 0 {
		answer, p.script[method] = left[0], left[1:]
	}
	if r.Header.Get("X-Viber-Auth-Token") != token {
		answer = `{"status":2,"status_message":"invalidAuthToken"}`
	}
	_, _ = io.WriteString(w, answer)
}

func sending(m messengers.Message) messengers.Sending {
	return messengers.Sending{Message: m, Address: ann, Key: "7.0"}
}

const head = `{"receiver":"01234567890A+/b=","min_api_version":1,"sender":{"name":"Lecker & Co"},`

func TestAMessageBecomesOneRequest(t *testing.T) {
	for name, tt := range map[string]struct {
		message messengers.Message
		want    string
	}{
		"text": {messengers.Message{Text: `A <b> & "c"`}, head + `"type":"text","text":"A <b> & \"c\""}`},
		"short labels, two a row, the text of which is HTML": {
			messengers.Message{Text: "A", Buttons: []pull.Button{{Label: "B & B", Send: "k:b"}, {Label: "Site", URL: "https://example.org/?a&b"}, {Label: "C", Send: "k:c"}}},
			strings.Replace(head, `version":1`, `version":7`, 1) + `"type":"text","text":"A","keyboard":{"Type":"keyboard","DefaultHeight":false,"Buttons":[` +
				`{"Columns":3,"Rows":1,"ActionType":"reply","ActionBody":"k:b","Text":"B &amp; B","TextSize":"regular","Silent":true},` +
				`{"Columns":3,"Rows":1,"ActionType":"open-url","ActionBody":"https://example.org/?a&b","Text":"Site","TextSize":"regular"},` +
				`{"Columns":6,"Rows":1,"ActionType":"reply","ActionBody":"k:c","Text":"C","TextSize":"regular","Silent":true}]}}`,
		},
		"an address that Viber can't open": {
			messengers.Shape(pull.Reply{Blocks: []pull.Block{{Text: "A"}}, Buttons: []pull.Button{{Label: "Near", URL: "http://localhost/x"}}}, suite().Kind.Preview().Limits())[0],
			head + `"type":"text","text":"A\n\nNear: http://localhost/x"}`,
		},
		"a picture with its caption": {
			messengers.Message{Text: "A", Media: []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}}},
			head + `"type":"picture","text":"A","media":"https://example.org/a.jpg"}`,
		},
		"a picture alone has its description": {
			messengers.Message{Media: []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg", Alt: "A cake"}}},
			head + `"type":"picture","text":"A cake","media":"https://example.org/a.jpg"}`,
		},
		"a caption too long for a picture": {
			messengers.Message{Text: strings.Repeat("a", 513), Media: []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}}},
			head + `"type":"text","text":"` + strings.Repeat("a", 513) + `\n\nhttps://example.org/a.jpg"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t, nil)
			m := suite().Open(t, p.URL, nil)
			if _, err := m.Send(t.Context(), sending(tt.message)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tt.want}, p.bodies); diff != "" {
				t.Error(diff)
			}
			if wire, err := m.(messengers.Presenter).Wire(sending(tt.message)); err != nil || string(wire) != tt.want {
				t.Errorf("the preview differs: %s, %v", wire, err)
			}
		})
	}
}

func TestAnOldAppGetsTheTextAlone(t *testing.T) {
	p := newPlatform(t, map[string][]string{"send_message": {`{"status":13,"status_message":"apiVersionNotSupported"}`}})
	m := messengers.Message{Text: "A", Buttons: []pull.Button{{Label: "B & B", Send: "k:b"}, {Label: "Site", URL: "https://example.org"}}}
	if id, err := suite().Open(t, p.URL, nil).Send(t.Context(), sending(m)); err != nil || id != sent {
		t.Fatal(id, err)
	}
	if want := head + `"type":"text","text":"A\n\n• B & B\n\n• Site: https://example.org"}`; p.bodies[1] != want {
		t.Errorf("got %s", p.bodies[1])
	}
}

func TestTheWelcomeIsOneMessageWithoutAReceiver(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil).(messengers.InBand)
	r := m.Answer(messengers.Receipt{}, []messengers.Sending{sending(messengers.Message{Text: "Welcome"})})
	if want := `{"min_api_version":1,"sender":{"name":"Lecker & Co"},"type":"text","text":"Welcome"}`; string(r.Body) != want || r.ContentType != "application/json" {
		t.Errorf("got %s, %s", r.ContentType, r.Body)
	}
	if r := m.Answer(messengers.Receipt{}, nil); len(r.Body) != 0 {
		t.Errorf("nothing is said as %s", r.Body)
	}
}

func TestTheLargestMessageFitsInWhatViberTakes(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	var buttons []pull.Button
	for range m.Limits().Buttons {
		buttons = append(buttons, pull.Button{Label: strings.Repeat("&", m.Limits().LabelRunes), Send: strings.Repeat("x", 64)})
	}
	const most = 30 << 10
	for letter, units := range map[string]int{"語": 1, "😀": 2, `"`: 1} {
		wire, err := m.(messengers.Presenter).Wire(sending(messengers.Message{Text: strings.Repeat(letter, m.Limits().Text/units), Buttons: buttons}))
		if err != nil || len(wire) > most {
			t.Errorf("%s: %d bytes, %v", letter, len(wire), err)
		}
	}
}
