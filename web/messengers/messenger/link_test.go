package messenger_test

import (
	"net/url"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest/metatest"
)

func TestADeepLinkAsksItsWords(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	for _, asked := range []string{
		"tiramisu", "weather berlin", "GÂTEAU au chocolat", "wien_praha", "w.x", "天気", "a & b?", "snake_case words", "k:news", "ALL", "v1-2", "x  y",
	} {
		link, err := url.Parse(m.(messengers.Linker).Link(asked))
		if err != nil || link.Host != "m.me" || link.Path != "/102030405060708" {
			t.Fatalf("%s, %v", link, err)
		}
		ref := link.Query().Get("ref")
		if len(ref) > 250 || strings.Trim(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.") != "" {
			t.Errorf("%q is %q", asked, ref)
		}
		for _, how := range []string{
			`"postback":{"mid":"m9","payload":"c:start","referral":{"ref":"` + ref + `"},"title":"Get Started"}`, `"referral":{"ref":"` + ref + `","source":"SHORTLINK","type":"OPEN_THREAD"}`,
		} {
			r, err := m.Receive(t.Context(), metatest.Delivery(event(how)))
			if err != nil || len(r.Asks) != 1 || r.Asks[0].Text != asked || !r.Asks[0].Start || r.Asks[0].Tap != "" {
				t.Errorf("%q comes back as %+v, %v", asked, r.Asks, err)
			}
		}
	}
	if got := m.(messengers.Linker).Link(strings.Repeat("words ", 60)); got != "https://m.me/102030405060708" {
		t.Errorf("too many words are %s", got)
	}
}
