package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

const partnerSecret = "whsec_ZTJlLXBhcnRuZXItc2VjcmV0LW5vLWxvZy1ob2xkcw=="

// partner returns a program of somebody's own, and a gateway for dialogues.
func partner(t *testing.T) *service {
	t.Helper()
	long := strings.Repeat("Nairobi: KES 4,100 a bag, after a dry week. Eldoret: KES 3,650, and falling. ", 3)
	s := serveConfig(t, sourceBlock("maize", "text", "", `answers = [{ text = "`+long+`" }]`), keywordBlock("maize", "maize"),
		sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"),
		"\n[[publisher.channel]]\nid = \"api\"\nkind = \"http\"\n[publisher.channel.settings]\nsecret = \""+partnerSecret+"\"\n",
		"\n[[publisher.channel]]\nid = \"ussd\"\nkind = \"http\"\n[publisher.channel.settings]\nsecret = \"ussd-secret-that-no-log-may-hold\"\nprofile = \"ussd-at\"\n")
	s.log.keepOut(partnerSecret, "ussd-secret-that-no-log-may-hold")
	return s
}

func signedBy(at time.Time, secret, id, body string) map[string]string {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "." + body))
	return map[string]string{
		"Content-Type": "application/json", "webhook-id": id, "webhook-timestamp": stamp,
		"webhook-signature": "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)),
	}
}

func TestAPartnerHasItsAnswerInTheResponse(t *testing.T) {
	s := partner(t)
	body := `{"id":"m1","from":"+254711000111","text":"hours"}`
	var first string
	for range 3 {
		got := request(t, http.MethodPost, s.URL+"/hook/lecker/api", body, signedBy(s.clock.Now(), partnerSecret, "w1", body))
		var answer struct {
			InReplyTo string `json:"in_reply_to"`
			Messages  []struct{ Text string }
		}
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil || got.status != http.StatusOK {
			t.Fatalf("%d %s: %v", got.status, got.body, err)
		}
		if answer.InReplyTo != "m1" || len(answer.Messages) != 1 || !strings.Contains(answer.Messages[0].Text, "Open from 9 to 17.") {
			t.Errorf("got %s", got.body)
		}
		stamp, id := got.header.Get("webhook-timestamp"), got.header.Get("webhook-id")
		key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(partnerSecret, "whsec_"))
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + stamp + "." + got.body))
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); got.header.Get("webhook-signature") != want {
			t.Errorf("the response is signed %q, want %q", got.header.Get("webhook-signature"), want)
		}
		if first == "" {
			first = got.body
		}
		if got.body != first {
			t.Errorf("asked again it says %s, first %s", got.body, first)
		}
	}
	if got := request(t, http.MethodPost, s.URL+"/hook/lecker/api", body+" ", signedBy(s.clock.Now(), partnerSecret, "w1", body)); got.status != http.StatusUnauthorized {
		t.Errorf("a changed body is answered %d", got.status)
	}
	s.settled()
}

func TestATelephoneWithoutTheNetGoesThroughScreens(t *testing.T) {
	s := partner(t)
	hop := func(path string) string {
		t.Helper()
		form := url.Values{"sessionId": {"ATUid_1"}, "serviceCode": {"*384*1234#"}, "phoneNumber": {"+254711000111"}, "networkCode": {"63902"}, "text": {path}}
		got := request(t, http.MethodPost, s.URL+"/hook/lecker/ussd/ussd-secret-that-no-log-may-hold", form.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
		if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") || len(got.body) > 160 {
			t.Errorf("%q: %d %q", path, got.status, got.body)
		}
		return got.body
	}
	menu := hop("")
	if !strings.HasPrefix(menu, "CON Lecker\n1 ") || !strings.Contains(strings.ToLower(menu), " maize") {
		t.Errorf("the menu is %q", menu)
	}
	number := "1"
	if strings.Contains(strings.ToLower(menu), "2 maize") {
		number = "2"
	}
	first := hop(number)
	if !strings.HasPrefix(first, "CON Nairobi: KES 4,100") || !strings.HasSuffix(first, "\n0 More\n00 MENU") {
		t.Errorf("the answer is %q", first)
	}
	if again := hop(number); again != first {
		t.Errorf("the same step is %q, first %q", again, first)
	}
	path, screen := number, first
	for range 10 {
		if !strings.Contains(screen, "\n0 More") {
			break
		}
		path += "*0"
		screen = hop(path)
	}
	if !strings.HasPrefix(screen, "CON ") || !strings.HasSuffix(screen, "\n00 MENU") || strings.Contains(screen, "\n0 More") {
		t.Errorf("it never ends with the way to the menu: %q", screen)
	}
	s.settled()
}
