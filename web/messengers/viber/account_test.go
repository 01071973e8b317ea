package viber_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/web/messengers"
)

const (
	hook   = "https://example.org/hook/lecker/test"
	known  = `{"status":0,"status_message":"ok","id":"pa:1","name":"Lecker News","uri":"leckernews","webhook":"` + hook + `","event_types":["subscribed","unsubscribed","conversation_started","delivered","seen","failed"]}`
	others = `{"status":0,"status_message":"ok","name":"Lecker News","uri":"leckernews","webhook":"https://elsewhere.example","event_types":["delivered"]}`
	setIt  = `{"event_types":["delivered","seen","failed","subscribed","unsubscribed","conversation_started"],"send_name":false,"send_photo":false,"url":"` + hook + `"}`
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

func TestTheFaceIsPutRightOnceAndDriftIsSeen(t *testing.T) {
	p := newPlatform(t, map[string][]string{"get_account_info": {others, others, known}})
	m := suite().Open(t, p.URL, nil).(messengers.Fronter)
	drift := []messengers.Drift{
		{Part: "webhook", Has: "https://elsewhere.example", Wants: hook},
		{Part: "events", Has: "delivered", Wants: "delivered, seen, failed, subscribed, unsubscribed, conversation_started"},
	}
	for i, want := range [][]messengers.Drift{drift, drift, nil} {
		got, err := m.Front(t.Context(), messengers.Face{}, i > 0)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(i, diff, err)
		}
	}
	if diff := cmp.Diff([]string{"get_account_info", "get_account_info", "set_webhook", "get_account_info"}, p.calls); diff != "" {
		t.Error(diff)
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
			if said := m.(messengers.Accountable).Account().String(); err == nil && !strings.Contains(said, "“Lecker News” (leckernews)") {
				t.Errorf("it says %q", said)
			}
		})
	}
}
