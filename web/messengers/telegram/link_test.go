package telegram_test

import (
	"net/url"
	"strings"
	"testing"

	"keypull/web/messengers/telegram"
)

func TestALinkOpensTheBotAndAsks(t *testing.T) {
	bot := open(t, newAPI(t, map[string][]string{"getMe": {`{"ok":true,"result":{"id":123456,"is_bot":true,"username":"KeypullBot"}}`}}).URL).(*telegram.Bot)
	if link := bot.Link("weather"); link != "" {
		t.Errorf("without a name it is %q", link)
	}
	bot.Introduce(t.Context())
	const opens = "https://t.me/KeypullBot"
	for words, asked := range map[string]bool{"": false, "weather": true, "Météo à Nice": true, "<b>": false, strings.Repeat("weather ", 9): false} {
		link := bot.Link(words)
		if !asked {
			if link != opens {
				t.Errorf("%q is asked by %s", words, link)
			}
			continue
		}
		u, err := url.Parse(link)
		if err != nil || !strings.HasPrefix(link, opens+"?start=") {
			t.Fatalf("%q is asked by %s", words, link)
		}
		d := delivery(update("31", reader+","+private+`,"text":"/start `+u.Query().Get("start")+`"`))
		if r, err := bot.Receive(t.Context(), d); err != nil || len(r.Asks) != 1 || r.Asks[0].Text != words || !r.Asks[0].Start {
			t.Errorf("%q is asked by %s, which says %+v, %v", words, link, r.Asks, err)
		}
	}
}
