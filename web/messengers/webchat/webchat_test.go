package webchat_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/webchat"
)

const session = "0123456789abcdefABCDEF_-"

// filing is the session of somebody who sends files.
const filing = session + "F"

func suite() messengertest.Case {
	return messengertest.Case{
		Lacks: map[string]string{messengertest.Others: "a session is one browser", messengertest.Stickers: "the page has none", messengertest.Contacts: "the page has none",
			messengertest.Places: "the page does not ask where readers are"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures: fileOf(filing, "wet.png", pixels), messengertest.Recordings: fileOf(filing, "note.ogg", "OggS\x00\x02 and what was said"),
			messengertest.Videos: fileOf(filing, "film.mp4", "\x00\x00\x00\x18ftypmp42 and a film"), messengertest.Files: fileOf(filing, "bill.pdf", "%PDF-1.7 and a bill"),
		},
		Kind:     webchat.Kind,
		Folder:   "testdata",
		Settings: map[string]any{"title": "Ask Lecker", "origins": []any{"https://www.example.org"}},
		Deliveries: []messengers.Delivery{
			delivery(`{"text":"tiramisu","session":"` + session + `","id":"1","language":"de"}`),
			delivery(`{"text":"first message without a session","id":"8c5f8b9e-3f0e-4a7e-9d5a-1f6f2f3b4c5d"}`),
		},
		Foreign: func(sends, label string) []messengers.Delivery {
			return []messengers.Delivery{
				delivery(`{"text":"` + label + `","tap":"` + sends + `","session":"` + session + `","id":"2"}`), delivery(`{"text":"","tap":"` + sends + `","session":"` + session + `","id":"3"}`),
			}
		},
		Anyone:  true,
		Address: session, Other: session + "2",
	}
}

func delivery(body string) messengers.Delivery {
	return messengers.Delivery{
		Method: http.MethodPost, Path: "messages", Body: []byte(body), At: messengertest.Now(),
		Header: map[string][]string{"Content-Type": {"application/json; charset=utf-8"}},
	}
}

func TestWebchatKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}

func open(t testing.TB, set map[string]any) *webchat.Chat {
	t.Helper()
	return suite().Open(t, "", set).(*webchat.Chat)
}

func receive(t testing.TB, c *webchat.Chat, d messengers.Delivery) messengers.Receipt {
	t.Helper()
	r, err := c.Receive(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAPostBecomesAnAsk(t *testing.T) {
	in := func(change func(*messengers.Incoming)) messengers.Incoming {
		want := messengers.Incoming{ID: session + "/1", Reader: session, Address: session, Text: "news", InBand: true}
		change(&want)
		return want
	}
	tests := map[string]struct {
		fields string
		want   messengers.Incoming
	}{
		"text":                              {`"text":" news\u0000 "`, in(func(*messengers.Incoming) {})},
		"a language":                        {`"text":"news","language":"pt-BR"`, in(func(i *messengers.Incoming) { i.Language = "pt-BR" })},
		"consent given":                     {`"text":"news","consent":true`, in(func(i *messengers.Incoming) { i.Consent = "given" })},
		"consent refused":                   {`"text":"news","consent":false`, in(func(i *messengers.Incoming) { i.Consent = "refused" })},
		"consent in words":                  {`"text":"news","consent":"refused"`, in(func(i *messengers.Incoming) { i.Consent = "refused" })},
		"no word of consent":                {`"text":"news","consent":null`, in(func(*messengers.Incoming) {})},
		"a tap with its label":              {`"text":"news","tap":"k:news"`, in(func(i *messengers.Incoming) { i.Tap = "k:news" })},
		"a payload that was posted as text": {`"text":"o:2:abc"`, in(func(i *messengers.Incoming) { i.Text, i.Tap = "o:2:abc", "o:2:abc" })},
		"a colon alone makes no payload":    {`"text":"k: news"`, in(func(i *messengers.Incoming) { i.Text = "k: news" })},
		"unknown fields are ignored":        {`"text":"news","page":{"url":"x"}`, in(func(*messengers.Incoming) {})},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := receive(t, open(t, nil), delivery(`{"session":"`+session+`","id":"1",`+tc.fields+`}`))
			if diff := cmp.Diff([]messengers.Incoming{tc.want}, r.Asks); diff != "" {
				t.Errorf("%s\n%s", diff, r.Body)
			}
		})
	}
}

func TestABadPostGetsAProblemThatNamesTheField(t *testing.T) {
	with := func(change func(*messengers.Delivery)) messengers.Delivery {
		d := delivery(`{"text":"x"}`)
		change(&d)
		return d
	}
	tests := map[string]struct {
		delivery messengers.Delivery
		status   int
		field    string
	}{
		"no text":            {delivery(`{}`), 400, "text"},
		"blank text":         {delivery(`{"text":" \n"}`), 400, "text"},
		"a text too long":    {delivery(`{"text":"` + strings.Repeat("ü", 4001) + `"}`), 400, "text"},
		"a tap too long":     {delivery(`{"text":"x","tap":"` + strings.Repeat("k", 65) + `"}`), 400, "tap"},
		"an id too long":     {delivery(`{"text":"x","id":"` + strings.Repeat("1", 65) + `"}`), 400, "id"},
		"a session of dots":  {delivery(`{"text":"x","session":"../../../../etc"}`), 400, "session"},
		"a short session":    {delivery(`{"text":"x","session":"1"}`), 400, "session"},
		"a wrong language":   {delivery(`{"text":"x","language":"<b>"}`), 400, "language"},
		"a wrong consent":    {delivery(`{"text":"x","consent":"maybe"}`), 400, "consent"},
		"text that is none":  {delivery(`{"text":7}`), 400, ""},
		"a list":             {delivery(`[{"text":"x"}]`), 400, ""},
		"bytes of no text":   {delivery("{\"text\":\"\xff\"}"), 400, ""},
		"a body too long":    {delivery(`{"text":"x","more":"` + strings.Repeat("x", 64<<10) + `"}`), 413, ""},
		"a form":             {with(func(d *messengers.Delivery) { d.Header["Content-Type"] = []string{"text/plain"} }), 415, ""},
		"no type at all":     {with(func(d *messengers.Delivery) { d.Header = nil }), 415, ""},
		"a GET":              {with(func(d *messengers.Delivery) { d.Method = http.MethodGet }), 405, ""},
		"a path of no route": {with(func(d *messengers.Delivery) { d.Path = "" }), 404, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := receive(t, open(t, nil), tc.delivery)
			var got struct {
				Type, Title, Detail, Field string
				Status                     int
			}
			if err := json.Unmarshal(r.Body, &got); err != nil {
				t.Fatalf("%s: %v", r.Body, err)
			}
			if r.Status != tc.status || got.Status != tc.status || got.Field != tc.field || len(r.Asks) > 0 ||
				r.ContentType != "application/problem+json" || got.Type == "" || got.Title == "" || got.Detail == "" {
				t.Errorf("got %d %s %s", r.Status, r.ContentType, r.Body)
			}
		})
	}
}

func TestEachFirstMessageStartsASessionThatNobodyGuesses(t *testing.T) {
	c := open(t, map[string]any{"budget": map[string]any{"asks": 0, "sessions": 0}})
	seen := map[string]bool{}
	for range 100 {
		in := receive(t, c, delivery(`{"text":"x"}`)).Asks[0]
		if len(in.Address) < 22 || seen[in.Address] || !strings.HasPrefix(in.ID, in.Address+"/") {
			t.Fatalf("session %q, id %q", in.Address, in.ID)
		}
		seen[in.Address] = true
	}
	short := `{"text":"x","id":"1"}`
	if a, b := receive(t, c, delivery(short)).Asks[0], receive(t, c, delivery(short)).Asks[0]; a.Address == b.Address {
		t.Error("an id that others may use too must not lead into one session")
	}
	first := receive(t, c, delivery(`{"text":"x","id":"8c5f8b9e-3f0e-4a7e-9d5a-1f6f2f3b4c5d"}`)).Asks[0]
	stranger, err := (&webchat.Settings{}).Open(messengers.Env{Publisher: "other", ID: "web", Clock: messengertest.Now})
	if err != nil {
		t.Fatal(err)
	}
	other := receive(t, stranger.(*webchat.Chat), delivery(`{"text":"x","id":"8c5f8b9e-3f0e-4a7e-9d5a-1f6f2f3b4c5d"}`)).Asks[0]
	if first.Address == other.Address {
		t.Error("sessions of different chats must not follow from ids alone")
	}
}

func TestASessionThatAsksTooFastIsToldToWait(t *testing.T) {
	c := open(t, nil)
	d := delivery(`{"text":"x","session":"` + session + `"}`)
	post := func(at time.Duration) int {
		d.At = messengertest.Now().Add(at)
		return receive(t, c, d).Status
	}
	for i := range 20 {
		if status := post(0); status != 0 {
			t.Fatalf("message %d: status %d", i+1, status)
		}
	}
	if status := post(0); status != http.StatusTooManyRequests {
		t.Errorf("the 21st at once: status %d", status)
	}
	if status := post(500 * time.Millisecond); status != 0 {
		t.Errorf("half a second later: status %d", status)
	}
	d.Body = []byte(`{"text":"x","session":"another_session_0123456"}`)
	if status := post(0); status != 0 {
		t.Errorf("another session: status %d", status)
	}
}

func TestTheAnswerTravelsInTheResponse(t *testing.T) {
	c := open(t, nil)
	r := receive(t, c, suite().Deliveries[0])
	tests := map[string]struct {
		messages []messengers.Sending
		want     string
	}{
		"nothing to say": {nil, `{"session":"` + session + `","replies":[]}`},
		"a message": {
			[]messengers.Sending{{Message: messengers.Message{Text: "A <b>", Buttons: []pull.Button{{Label: "More", Send: "c:more"}}}}},
			`{"session":"` + session + `","replies":[{"text":"A \u003cb\u003e","buttons":[{"label":"More","send":"c:more"}],"media":[]}]}`,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := c.Answer(r, tc.messages)
			if got.Status != http.StatusOK || got.ContentType != "application/json" || string(got.Body) != tc.want {
				t.Errorf("got %d %s %s", got.Status, got.ContentType, got.Body)
			}
		})
	}
}

func TestOriginsAreExactOrRefused(t *testing.T) {
	c := open(t, map[string]any{"origins": []any{"https://a.example", "http://localhost:8000"}})
	for origin, want := range map[string]bool{
		"https://a.example": true, "http://localhost:8000": true, "http://a.example": false,
		"https://a.example.evil": false, "https://x.a.example": false, "null": false, "": false, "*": false,
	} {
		if got := c.AllowsOrigin(origin); got != want {
			t.Errorf("%q: got %t", origin, got)
		}
	}
	for _, origin := range []string{"*", "a.example", "https://a.example/", "https://A.example", "ftp://a.example", "https://a.example/x"} {
		var problems settings.Problems
		err := settings.Fill(webchat.Kind.New(), map[string]any{"origins": []any{origin}})
		if !errors.As(err, &problems) || problems[0].Field != "origins" {
			t.Errorf("%q: got %v", origin, err)
		}
	}
}

func FuzzReceive(f *testing.F) {
	f.Add(`{"text":"k:news","session":"`+session+`","id":"1","language":"de","consent":true,"tap":"x"}`, "messages")
	f.Add(`{"text":"\ud800","consent":[[[[]]]]}`, "")
	c := open(f, nil)
	f.Fuzz(func(t *testing.T, body, path string) {
		d := delivery(body)
		d.Path = path
		r, err := c.Receive(t.Context(), d)
		if err != nil || r.Status >= 500 || r.Status == 0 && len(r.Asks) != 1 || r.Status != 0 && len(r.Asks) > 0 {
			t.Fatalf("got %+v, %v", r, err)
		}
		if out := c.Answer(r, []messengers.Sending{{Message: messengers.Message{Text: body}}}); !json.Valid(out.Body) {
			t.Fatalf("got %s", out.Body)
		}
	})
}

func BenchmarkReceive(b *testing.B) {
	c := open(b, nil)
	d := delivery("")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Body = fmt.Appendf(d.Body[:0], `{"text":"tiramisu","session":"session_%08d","id":"1","language":"de"}`, i)
		if r, err := c.Receive(b.Context(), d); err != nil || len(r.Asks) != 1 {
			b.Fatal(r, err)
		}
	}
}
