package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// TestASecretIsNotCarriedAway: who may change a channel, but not see its token,
// must not have it sent to a server of their own.
func TestASecretIsNotCarriedAway(t *testing.T) {
	api := newBotAPI(t)
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "channel", botDoc("tg", api, nil))
	editor := s.program("lecker", "editor")
	var caught atomic.Int32
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { caught.Add(1) }))
	t.Cleanup(thief.Close)

	const one = "/publishers/lecker/channels/tg"
	masked := editor.get(one).table("channel")
	tableOf(masked, "settings")["api_base"] = thief.URL
	for name, got := range map[string]reply{
		"a save":              editor.send(http.MethodPut, one, object{"channel": masked}, "If-Match", "*"),
		"a check":             editor.send(http.MethodPost, "/publishers/lecker/check/channel", object{"channel": masked, "id": "tg"}),
		"a check of no id":    editor.send(http.MethodPost, "/publishers/lecker/check/channel", object{"channel": masked}),
		"a channel beside it": editor.send(http.MethodPost, "/publishers/lecker/channels", object{"channel": botLike(masked)}),
	} {
		if got.status != http.StatusUnprocessableEntity || got.faults()["channel.settings.token"] == "" {
			t.Errorf("%s was answered %d %s", name, got.status, got.body)
		}
	}
	sent := editor.want(http.StatusOK, http.MethodPost, one+"/test", object{"address": "4711"})
	if caught.Load() != 0 || sent.object["sent"] != true || len(api.tries(4711)) != 1 {
		t.Errorf("the thief caught %d requests, and the test was answered %s", caught.Load(), sent.body)
	}
	// With the token in hand it may go elsewhere.
	tableOf(masked, "settings")["token"], tableOf(masked, "settings")["secret_token"] = botToken, hookSecret
	editor.want(http.StatusOK, http.MethodPut, one, object{"channel": masked}, "If-Match", "*")
}

// botLike returns the same channel under another id.
func botLike(doc object) object {
	return object{"id": "beside", "kind": doc["kind"], "settings": doc["settings"]}
}
