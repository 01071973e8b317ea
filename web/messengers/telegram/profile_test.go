package telegram_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/telegram"
)

// botPage is what Telegram keeps of a bot, by the names of the Bot API.
type botPage struct {
	Hook    string              `json:"url"`
	Allowed []string            `json:"allowed_updates"`
	Long    map[string]string   `json:"long"`
	Short   map[string]string   `json:"short"`
	List    map[string][]listed `json:"list"`
	Button  string              `json:"button"`
}

type listed struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// platform is Telegram as far as a bot's face goes; somebody has written a
// description in Italian.
func platform() messengertest.Platform {
	p := &botPage{Long: map[string]string{"it": "Scrivi una parola."}, Short: map[string]string{}, List: map[string][]listed{}, Button: "default"}
	return messengertest.Platform{
		Handler: p,
		Changes: func(r *http.Request) bool {
			method := path.Base(r.URL.Path)
			return strings.HasPrefix(method, "set") || strings.HasPrefix(method, "delete")
		},
		Kept: func() string {
			b, _ := json.Marshal(p)
			return string(b)
		},
		Others: "Scrivi una parola.",
		Spoil: map[string]func(){
			"webhook":  func() { p.Hook = "https://elsewhere.example/hook" },
			"events":   func() { p.Allowed = []string{"message"} },
			"greeting": func() { p.Long["fr"] = "" },
			"profile":  func() { p.Short[""] = "Another bot" },
			"commands": func() { p.List[""] = append(p.List[""], listed{"start", "Begin"}) },
			"menu":     func() { p.Button = "default" },
		},
	}
}

// ServeHTTP answers as the Bot API does, and refuses what it would refuse.
func (p *botPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		botPage
		Code             string   `json:"language_code"`
		Description      string   `json:"description"`
		ShortDescription string   `json:"short_description"`
		Commands         []listed `json:"commands"`
		MenuButton       struct {
			Type string `json:"type"`
		} `json:"menu_button"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || len(in.Code) != 0 && len(in.Code) != 2 ||
		utf8.RuneCountInString(in.Description) > 512 || utf8.RuneCountInString(in.ShortDescription) > 120 || !good(in.Commands) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"ok":false,"error_code":400,"description":"Bad Request"}`)
		return
	}
	var out any = true
	switch path.Base(r.URL.Path) {
	case "getWebhookInfo":
		out = p
	case "setWebhook":
		p.Hook, p.Allowed = in.Hook, in.Allowed
	case "deleteWebhook":
		p.Hook = ""
	case "getMyDescription":
		out = map[string]string{"description": p.Long[in.Code]}
	case "setMyDescription":
		p.Long[in.Code] = in.Description
	case "getMyShortDescription":
		out = map[string]string{"short_description": p.Short[in.Code]}
	case "setMyShortDescription":
		p.Short[in.Code] = in.ShortDescription
	case "getMyCommands":
		out = p.List[in.Code]
	case "setMyCommands":
		p.List[in.Code] = in.Commands
	case "getChatMenuButton":
		out = map[string]string{"type": p.Button}
	case "setChatMenuButton":
		p.Button = in.MenuButton.Type
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": out})
}

// good says whether Telegram takes a list of commands.
func good(list []listed) bool {
	for _, c := range list {
		if strings.Trim(c.Command, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || c.Command == "" || len(c.Command) > 32 ||
			c.Description == "" || utf8.RuneCountInString(c.Description) > 256 {
			return false
		}
	}
	return true
}

func TestAWordIsACommandThatAsksForIt(t *testing.T) {
	p := &botPage{Long: map[string]string{}, Short: map[string]string{}, List: map[string][]listed{}}
	api := httptest.NewServer(p)
	t.Cleanup(api.Close)
	bot := open(t, api.URL)
	face := messengers.Profile{Name: "Lecker", Languages: []string{"ru"}, Command: map[string]string{"ru": "МЕНЮ"}, Words: map[string][]messengers.Word{"ru": {
		{Label: "Torte mit Ei", Send: "k:cake"}, {Label: "Погода сегодня", Send: "k:weather-today"}, {Label: "torte MIT ei!", Send: "k:twice"},
	}}}
	if _, err := bot.(*telegram.Bot).SyncProfile(t.Context(), face, true); err != nil {
		t.Fatal(err)
	}
	want := []listed{{"c__menu", "МЕНЮ"}, {"torte_mit_ei", "Torte mit Ei"}, {"k__weather_today", "Погода сегодня"}}
	if diff := cmp.Diff(want, p.List[""]); diff != "" {
		t.Error(diff)
	}
	for sent, tap := range map[string]string{"/c__menu": "c:menu", "/k__weather_today": "k:weather-today", "/torte_mit_ei": "", "k__x": "", "/k__Weather": "", "/x__y": ""} {
		r, err := bot.Receive(t.Context(), delivery(update("31", reader+","+private+`,"text":"`+sent+`"`)))
		if err != nil || len(r.Asks) != 1 || r.Asks[0].Tap != tap || r.Asks[0].Text != sent {
			t.Errorf("%s: %+v, %v; want the tap %q", sent, r.Asks, err, tap)
		}
	}
}

func TestABotThatPollsWantsNoWebhook(t *testing.T) {
	p := &botPage{Hook: "https://elsewhere.example", Long: map[string]string{}, Short: map[string]string{}, List: map[string][]listed{}}
	api := httptest.NewServer(p)
	t.Cleanup(api.Close)
	bot := poller(t, api.URL)
	told, err := bot.SyncProfile(t.Context(), messengers.Profile{}, true)
	if err != nil || len(told) == 0 || told[0] != (messengers.Drift{Part: "webhook", Has: "https://elsewhere.example"}) || p.Hook != "" {
		t.Errorf("told %+v, %v; the webhook is now %q", told, err, p.Hook)
	}
}
