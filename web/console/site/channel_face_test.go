package site_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"keypull/web/messengers"
)

// botPage returns a Bot API that keeps what it is told of a bot, and says it back.
func botPage(t *testing.T) *httptest.Server {
	t.Helper()
	kept := map[string]any{"WebhookInfo": map[string]any{}, "ChatMenuButton": map[string]any{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in map[string]any
		_ = json.NewDecoder(r.Body).Decode(&in)
		method := path.Base(r.URL.Path)
		language, _ := in["language_code"].(string)
		var out any = map[string]any{}
		switch name, get := strings.CutPrefix(method, "get"); {
		case method == "setWebhook":
			kept["WebhookInfo"] = in
		case method == "setChatMenuButton":
			kept["ChatMenuButton"] = in["menu_button"]
		case method == "getMyCommands":
			out = []any{}
			if is, ok := kept["MyCommands"+language]; ok {
				out = is.(map[string]any)["commands"]
			}
		case get:
			if is, ok := kept[name+language]; ok {
				out = is
			}
		default:
			kept[strings.TrimPrefix(method, "set")+language] = in
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": out})
	}))
	t.Cleanup(server.Close)
	return server
}

func TestAChannelIsComparedWithItsPlatformAndSetUpThere(t *testing.T) {
	r, ann, _ := atWork(t)
	api := botPage(t)
	form := ann.changed(room+"channels/new?kind=telegram", "settings.token", "123456:good", "settings.updates", "poll", "settings.api_base", api.URL, "id", "bot")
	ann.submit(room+"channels", form).wants(t, 303)
	ann.post(room+"channels/bot/compare").wants(t, 200, "the channel is not open")
	c, _ := r.Publisher("lecker").Channel("bot")
	m, err := r.trials.channel(*c)
	if err != nil {
		t.Fatal(err)
	}
	r.channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "bot", "telegram", m)})
	ann.get(room+"channels/bot").wants(t, 200, "At the platform", "Set up at the platform")
	ann.post(room+"channels/bot/compare").wants(t, 200, "What stands otherwise at the platform:", "Commands (", "/menu MENU", "Should have")
	ann.header = http.Header{"Hx-Request": {"true"}}
	ann.post(room+"channels/bot/setup").wants(t, 200, "Put right at the platform:", "Greeting (").lacks(t, "<html")
	ann.post(room+"channels/bot/setup").wants(t, 200, "Everything stands at the platform as it should.").lacks(t, "Should have")
	ann.post(room+"channels/web/compare").wants(t, 200, "channel")
}
