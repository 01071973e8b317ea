package viber_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

const (
	hook  = "https://example.org/hook/lecker/test"
	known = `{"status":0,"status_message":"ok","id":"pa:1","name":"Lecker News","uri":"leckernews","webhook":"` + hook + `","event_types":["subscribed","unsubscribed","conversation_started","delivered","seen","failed"]}`
	setIt = `{"event_types":["delivered","seen","failed","subscribed","unsubscribed","conversation_started"],"send_name":false,"send_photo":false,"url":"` + hook + `"}`
)

func TestTheWebhookIsSetAtTheStart(t *testing.T) {
	p := newPlatform(t, map[string][]string{"get_account_info": {known}})
	if err := suite().Open(t, p.URL, nil).(messengers.Installer).SetUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"{}", setIt}, p.bodies); diff != "" {
		t.Error(diff)
	}
}

func TestAWebhookThatViberDoesNotReachIsSaid(t *testing.T) {
	p := newPlatform(t, map[string][]string{"set_webhook": {`{"status":1,"status_message":"Result is not success for callback"}`}})
	if err := suite().Open(t, p.URL, nil).(messengers.Installer).SetUp(t.Context()); err == nil || !strings.Contains(err.Error(), "not success for callback") {
		t.Errorf("got %v", err)
	}
}

// site is Viber as far as an account's face goes.
func site() messengertest.Platform {
	var kept struct {
		Hook   string   `json:"webhook"`
		Events []string `json:"event_types"`
	}
	say := func(w http.ResponseWriter, v any) { _ = json.NewEncoder(w).Encode(v) }
	return messengertest.Platform{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if path.Base(r.URL.Path) == "get_account_info" {
				say(w, map[string]any{"status": 0, "name": "Lecker", "uri": "lecker", "webhook": kept.Hook, "event_types": kept.Events})
				return
			}
			var body struct {
				URL    string   `json:"url"`
				Events []string `json:"event_types"`
			}
			_ = json.NewDecoder(r.Body).Decode(&body)
			kept.Hook, kept.Events = body.URL, body.Events
			say(w, map[string]any{"status": 0, "status_message": "ok"})
		}),
		Changes: func(r *http.Request) bool { return path.Base(r.URL.Path) == "set_webhook" },
		Kept:    func() string { return fmt.Sprint(kept) },
		Spoil: map[string]func(){
			"webhook": func() { kept.Hook = "https://elsewhere.example" },
			"events":  func() { kept.Events = []string{"delivered"} },
		},
		Deny: func(w http.ResponseWriter, _ *http.Request) {
			say(w, map[string]any{"status": 2, "status_message": "invalidAuthToken"})
		},
	}
}

func TestATokenIsToldWhoseItIsOrWhatIsWrongWithIt(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		kind   pull.ErrorKind
		link   string
	}{
		"good":          {known, "", "viber://pa?chatURI=leckernews&context=pie%20%26%20co&text=pie%20%26%20co"},
		"unknown":       {`{"status":2,"status_message":"invalidAuthToken"}`, pull.Denied, ""},
		"broken":        {`{"status":99,"status_message":"general error"}`, pull.Unavailable, ""},
		"somebody else": {`<html>`, pull.Unusable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := suite().Open(t, newPlatform(t, map[string][]string{"get_account_info": {tt.answer}}).URL, nil)
			err := m.(messengers.Trier).Try(t.Context())
			if pull.KindOf(err) != tt.kind && tt.kind != "" || (err == nil) != (tt.kind == "") {
				t.Errorf("got %v, want %s", err, tt.kind)
			}
			if link := m.(messengers.Linker).Link("pie & co"); link != tt.link {
				t.Errorf("the link is %q", link)
			}
			if said := m.(messengers.Accountable).Whose().String(); err == nil && !strings.Contains(said, "“Lecker News” (leckernews)") {
				t.Errorf("it says %q", said)
			}
		})
	}
}
