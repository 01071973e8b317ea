package wechat_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// button is one of a menu, as it is made.
type button struct {
	Type string   `json:"type,omitempty"`
	Name string   `json:"name"`
	Key  string   `json:"key,omitempty"`
	URL  string   `json:"url,omitempty"`
	Sub  []button `json:"sub_button,omitempty"`
}

// menu is what WeChat keeps of it.
type menu struct{ buttons []button }

// ServeHTTP answers as WeChat does: it tells a menu otherwise than it takes it,
// and refuses names that are too long.
func (m *menu) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	say := func(v any) { _ = json.NewEncoder(w).Encode(v) }
	switch strings.TrimPrefix(r.URL.Path, "/cgi-bin/") {
	case "stable_token":
		say(map[string]any{"access_token": "t", "expires_in": 7200})
	case "get_current_selfmenu_info":
		all := []map[string]any{}
		for _, b := range m.buttons {
			one := map[string]any{"name": b.Name, "type": b.Type, "key": b.Key}
			if len(b.Sub) > 0 {
				one = map[string]any{"name": b.Name, "sub_button": map[string]any{"list": b.Sub}}
			}
			all = append(all, one)
		}
		if len(all) == 0 {
			say(map[string]any{"errcode": 46003, "errmsg": "menu no exist"})
			return
		}
		say(map[string]any{"is_menu_open": 1, "selfmenu_info": map[string]any{"button": all}})
	case "menu/create":
		var body struct{ Button []button }
		if json.NewDecoder(r.Body).Decode(&body) != nil || !good(body.Button, 3, 16) {
			say(map[string]any{"errcode": 40018, "errmsg": "invalid button name size"})
			return
		}
		m.buttons = body.Button
		say(map[string]any{"errcode": 0})
	case "menu/delete":
		m.buttons = nil
		say(map[string]any{"errcode": 0})
	}
}

// good says whether WeChat takes some buttons.
func good(all []button, most, bytes int) bool {
	for _, b := range all {
		if b.Name == "" || len(b.Name) > bytes || len(b.Key) > 128 || len(b.Sub) > 0 && !good(b.Sub, 5, 60) {
			return false
		}
	}
	return len(all) > 0 && len(all) <= most
}

// site is WeChat as far as an account's face goes.
func site() messengertest.Platform {
	m := &menu{}
	return messengertest.Platform{
		Handler: m,
		Changes: func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/menu/") },
		Kept: func() string {
			text, _ := json.Marshal(m.buttons)
			return string(text)
		},
		Spoil: map[string]func(){"menu": func() { m.buttons = []button{{Type: "view", Name: "Site", URL: "https://example.org"}} }},
		Deny: func(w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(map[string]any{"errcode": 40125, "errmsg": "invalid appsecret"})
		},
	}
}

func TestAMenuHasThreeWordsOrTwoAndAList(t *testing.T) {
	for name, tt := range map[string]struct {
		words []string
		want  []button
	}{
		"one":                               {[]string{"News"}, []button{press("News")}},
		"three":                             {[]string{"News", "Wetter", "Börse"}, []button{press("News"), press("Wetter"), press("Börse")}},
		"many":                              {[]string{"News", "Wetter", "Börse", "Tor", "a", "b", "c", "d"}, []button{press("News"), press("Wetter"), {Name: "MENÜ", Sub: []button{press("Börse"), press("Tor"), press("a"), press("b"), press("c")}}}},
		"long":                              {[]string{strings.Repeat("菜", 9)}, []button{{Type: "click", Name: "菜菜菜菜…", Key: "k:" + strings.Repeat("菜", 9)}}},
		"none, where another's menu stands": {nil, []button{{Type: "view", Name: "Site", URL: "https://example.org"}}},
	} {
		t.Run(name, func(t *testing.T) {
			m := &menu{buttons: []button{{Type: "view", Name: "Site", URL: "https://example.org"}}}
			server := httptest.NewServer(m)
			t.Cleanup(server.Close)
			f := messengers.Profile{Languages: []string{"de"}, Command: map[string]string{"de": "MENÜ"}, Words: map[string][]messengers.Word{}}
			for _, l := range tt.words {
				f.Words["de"] = append(f.Words["de"], messengers.Word{Label: l, Send: "k:" + l})
			}
			if _, err := plain().Open(t, server.URL, nil).(messengers.ProfileSyncer).SyncProfile(t.Context(), f, true); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, m.buttons); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func press(name string) button { return button{Type: "click", Name: name, Key: "k:" + name} }
