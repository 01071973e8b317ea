package site_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
)

// botAPI returns a Bot API that knows one token, and counts what is sent.
func botAPI(t *testing.T) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	sent := &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if !strings.HasPrefix(r.URL.Path, "/bot123456:good/") {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"ok":false,"error_code":401,"description":"Unauthorized"}`))
			return
		}
		if strings.HasSuffix(r.URL.Path, "/sendMessage") {
			sent.Add(1)
			_, _ = w.Write([]byte(`{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"}}}`))
			return
		}
		_, _ = w.Write([]byte(`{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"Lecker","username":"lecker_bot"}}`))
	}))
	t.Cleanup(server.Close)
	return server, sent
}

func TestAChannelIsCheckedAndSaved(t *testing.T) {
	r, ann, _ := atWork(t)
	api, _ := botAPI(t)
	ann.get(room+"channels/new").wants(t, 200, "Web chat", "Telegram", telegram.Kind.Icon()[len("<svg "):])
	form := ann.changed(room+"channels/new?kind=telegram", "settings.token", "123456:wrong", "settings.updates", "poll", "settings.api_base", api.URL, "id", "bot")
	p := ann.submit(room+"channels/check", form).wants(t, 422, "The account does not work yet").page(t)
	if got := p.form("thing"); got.Get("settings.token") != "123456:wrong" || got.Get("settings.api_base") != api.URL {
		t.Errorf("checking lost what was typed: %v", got)
	}
	form.Set("settings.token", "123456:good")
	ann.submit(room+"channels/check", form).wants(t, 200, "The account is good.")
	ann.header = http.Header{"Hx-Request": {"true"}}
	ann.submit(room+"channels/check", form).wants(t, 200, "The account is good.").lacks(t, "<html")
	form.Set("settings.token", "not a token")
	ann.submit(room+"channels/check", form).wants(t, 200, `id="at-f-settings-token" hx-swap-oob="true"`, "The account does not work yet")
	ann.header = nil
	ann.submit(room+"channels", form).wants(t, 422).page(t).says("f-settings-token-problem", "BotFather")
	form.Set("settings.token", "123456:good")
	ann.submit(room+"channels", form).leads(t, room+"channels/bot?done=channel_saved")
	ann.get(room+"channels/bot").wants(t, 200, r.server.URL+"/hook/lecker/bot", "Check the account", "Send a test message", "Stored, and never shown").lacks(t, "123456:good")
	// The stored secret is checked where none was typed.
	ann.submit(room+"channels/check", ann.changed(room+"channels/bot")).wants(t, 200, "The account is good.")
}

func TestATestMessageGoesToTheEditorsOwnAddress(t *testing.T) {
	r, ann, _ := atWork(t)
	api, sent := botAPI(t)
	form := ann.changed(room+"channels/new?kind=telegram", "settings.token", "123456:good", "settings.updates", "poll", "settings.api_base", api.URL, "id", "bot")
	ann.submit(room+"channels", form).wants(t, 303)
	ann.post(room+"channels/bot/test", "address", "", "text", "What I typed").wants(t, 422, "Fill this in: it is required.", "What I typed")
	ann.post(room+"channels/bot/test", "address", "42").wants(t, 200, "the channel is not open", `value="42"`)
	c, ok := r.Publisher("lecker").Channel("bot")
	if !ok {
		t.Fatal("there is no channel")
	}
	m, err := r.trials.channel(*c)
	if err != nil {
		t.Fatal(err)
	}
	r.channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "bot", "telegram", m)})
	ann.get(room+"channels/bot").lacks(t, "https://t.me/")
	m.(messengers.Introducer).Introduce(t.Context())
	ann.get(room+"channels/bot").wants(t, 200, "https://t.me/lecker_bot", "Where readers find it")
	ann.post(room+"channels/bot/test", "address", "42", "text", "Hello").wants(t, 200, "Sent. Look at your phone.")
	ann.header = http.Header{"Hx-Request": {"true"}}
	ann.post(room+"channels/bot/test", "address", "42").wants(t, 200, "Sent. Look at your phone.").lacks(t, "<html")
	if sent.Load() != 2 {
		t.Errorf("%d messages were sent", sent.Load())
	}
}

func TestAWebChatShowsItsPageAndTag(t *testing.T) {
	r, ann, _ := atWork(t)
	chat := r.server.URL + "/chat/lecker/web"
	ann.get(room+"channels/web").wants(t, 200, `href="`+chat+`"`, `&lt;script src=&#34;`+chat+`/chat.js&#34; async&gt;&lt;/script&gt;`).
		lacks(t, "Send a test message", "Check the account", "/hook/")
	form := ann.changed(room+"channels/web", "settings.origins", "https://www.example.org/path")
	ann.submit(room+"channels/web", form).wants(t, 422).page(t).says("f-settings-origins-problem", "without what comes behind it")
	form.Set("settings.origins", "https://www.example.org")
	ann.submit(room+"channels/web", form).wants(t, 303)
	ann.post(room+"channels/web/delete", "version", "1").wants(t, 409)
	ann.get(room+"channels/web/delete").wants(t, 200, "Delete the channel “web”?")
	ann.post(room+"channels/web/delete", "version", r.Publisher("lecker").MetaOf("channel", "web").ETag()).leads(t, room+"channels?done=channel_deleted")
	ann.get(room+"channels").wants(t, 200, "tg").lacks(t, "channels/web")
}

func TestAKindThatIsNotThereIsNotFound(t *testing.T) {
	_, ann, _ := atWork(t)
	for _, path := range []string{"sources", "channels"} {
		ann.get(room+path+"/new?kind=carrier-pigeon").wants(t, http.StatusNotFound, "carrier-pigeon")
		ann.submit(room+path, url.Values{"kind": {"carrier-pigeon"}}).wants(t, http.StatusNotFound)
	}
}
