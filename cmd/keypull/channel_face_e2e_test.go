package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// faceAPI returns a Bot API that knows one token, keeps what it is told of the bot,
// and says it back.
func faceAPI(t *testing.T) *httptest.Server {
	t.Helper()
	kept := map[string]any{"WebhookInfo": map[string]any{"url": "https://elsewhere.example/hook"}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in map[string]any
		_ = json.NewDecoder(r.Body).Decode(&in)
		if !strings.HasPrefix(r.URL.Path, "/bot"+botToken+"/") {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"ok":false,"error_code":401,"description":"Unauthorized"}`))
			return
		}
		method := path.Base(r.URL.Path)
		language, _ := in["language_code"].(string)
		var out any = map[string]any{"id": 123456, "is_bot": true, "first_name": "Lecker", "username": "lecker_bot"}
		switch name, get := strings.CutPrefix(method, "get"); {
		case method == "deleteWebhook":
			delete(kept, "WebhookInfo")
		case method == "setChatMenuButton":
			kept["ChatMenuButton"] = in["menu_button"]
		case method == "getMyCommands":
			out = []any{}
			if is, ok := kept["MyCommands"+language]; ok {
				out = is.(map[string]any)["commands"]
			}
		case get && method != "getMe":
			out = map[string]any{}
			if is, ok := kept[name+language]; ok {
				out = is
			}
		case !get:
			kept[strings.TrimPrefix(method, "set")+language] = in
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": out})
	}))
	t.Cleanup(server.Close)
	return server
}

func TestAFaceIsCheckedAndSetUpFromTheCommandLine(t *testing.T) {
	api := faceAPI(t)
	config := writeConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"),
		telegramBlock(api.URL, `updates = "poll"`), chatBlock())
	asked := func(want int, args ...string) string {
		t.Helper()
		code, stdout, stderr := command(t.Context(), append([]string{"channel"}, append(args, "-c", config)...)...)
		if code != want || strings.Contains(stdout+stderr, botToken) {
			t.Fatalf("%v ended with %d and said %s", args, code, stdout+stderr)
		}
		return stdout
	}
	if said := asked(cli.Findings, "check"); !strings.Contains(said, "elsewhere.example") || !strings.Contains(said, "set the channel up") {
		t.Errorf("a webhook that leads elsewhere: %s", said)
	}
	if said := asked(cli.Done, "setup", "--channel", "tg"); !strings.Contains(said, "/menu MENU, /hours hours") && !strings.Contains(said, "/hours") {
		t.Errorf("what was set up: %s", said)
	}
	var again struct {
		OK    bool
		Drift []any
	}
	if said := asked(cli.Done, "setup", "--channel", "tg", "--json"); json.Unmarshal([]byte(said), &again) != nil || !again.OK || again.Drift == nil || len(again.Drift) > 0 {
		t.Errorf("a second time: %s", said)
	}
	if said := asked(cli.Done, "check"); !strings.Contains(said, "lecker_bot") || !strings.Contains(said, "/web (webchat)") {
		t.Errorf("all is well: %s", said)
	}
	asked(cli.Findings, "check", "--channel", "none")
	api.Close()
	if said := asked(cli.Findings, "check", "--channel", "tg"); !strings.Contains(said, "tg") {
		t.Errorf("nobody answers: %s", said)
	}
}
