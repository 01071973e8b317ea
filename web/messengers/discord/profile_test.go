package discord_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// page is what Discord keeps of an app.
type page struct {
	ID          string           `json:"id"`
	Name        string           `json:"name"`
	VerifyKey   string           `json:"verify_key"`
	Hook        string           `json:"interactions_endpoint_url"`
	Description string           `json:"description"`
	Commands    []map[string]any `json:"commands"`
}

// platform is Discord as far as an app's face goes; somebody has made a command
// of their own. What it says of the app itself is a channel's that has it alone.
func platform(alone bool) messengertest.Platform {
	p := &page{ID: application, Name: "Lecker", VerifyKey: public(private()), Commands: []map[string]any{
		{"id": "9", "application_id": application, "version": "1", "type": 1.0, "name": "quiz", "description": "Play a quiz"},
	}}
	spoil := map[string]func(){
		"webhook":  func() { p.Hook = "https://elsewhere.example/hook" },
		"commands": func() { p.Commands[len(p.Commands)-1]["name_localizations"] = map[string]any{"fr": "autre"} },
	}
	if alone {
		spoil["profile"] = func() { p.Description = "Another app" }
	}
	return messengertest.Platform{
		Handler: p, Others: "Play a quiz",
		Changes: func(r *http.Request) bool { return r.Method != http.MethodGet },
		Kept: func() string {
			b, _ := json.Marshal(p)
			return string(b)
		},
		Spoil: spoil,
	}
}

// ServeHTTP answers as Discord does, and refuses what it would refuse.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	bad := err != nil || r.Header.Get("Authorization") != "Bot "+token || !strings.HasPrefix(r.Header.Get("User-Agent"), "DiscordBot (")
	var out any = p
	switch {
	case bad:
	case strings.HasSuffix(r.URL.Path, "/applications/@me"):
		if r.Method == http.MethodPatch {
			bad = json.Unmarshal(raw, p) != nil || utf8.RuneCountInString(p.Description) > 400
		}
	case !slices.Contains([]string{"/applications/" + application + "/commands", "/applications/" + application + "/guilds/" + server + "/commands"}, r.URL.Path):
		bad = true
	case r.Method == http.MethodPut:
		var all []map[string]any
		if bad = json.Unmarshal(raw, &all) != nil || !callable(all); !bad {
			p.Commands, out = all, all
		}
	default:
		out = p.Commands
	}
	if bad {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"code":50035,"message":"Invalid Form Body"}`)
		return
	}
	_ = json.NewEncoder(w).Encode(out)
}

// callable holds commands against Discord's limits.
func callable(all []map[string]any) bool {
	called := map[string]bool{}
	for _, c := range all {
		name, _ := c["name"].(string)
		help, _ := c["description"].(string)
		if called[name] || name == "" || utf8.RuneCountInString(name) > 32 || name != strings.ToLower(name) || help == "" || utf8.RuneCountInString(help) > 100 {
			return false
		}
		called[name] = true
		for _, texts := range []string{"name_localizations", "description_localizations"} {
			in, _ := c[texts].(map[string]any)
			for locale, text := range in {
				if !slices.Contains([]string{"en-GB", "en-US", "fr"}, locale) || text == "" || utf8.RuneCountInString(text.(string)) > 100 {
					return false
				}
			}
		}
	}
	return len(all) <= 100
}

func TestNoTwoCommandsAreCalledTheSame(t *testing.T) {
	p := platform(true)
	api := httptest.NewServer(p.Handler)
	t.Cleanup(api.Close)
	m := suite().Open(t, api.URL, nil)
	f := messengers.Profile{Name: "Lecker", Languages: []string{"en", "fr"}, Greeting: map[string]string{}, Words: map[string][]messengers.Word{
		"en": {{Label: "News", Send: "k:news"}, {Label: "actus!", Send: "k:actus"}, {Label: "NEWS", Send: "k:other"}, {Label: "Get", Send: "k:get"}, {Label: "Football scores", Send: "k:goals"}},
		"fr": {{Label: "Actus", Send: "k:news"}, {Label: "Buts", Send: "k:goals"}},
	}}
	if _, err := m.(messengers.ProfileSyncer).SyncProfile(t.Context(), f, true); err != nil {
		t.Fatal(err)
	}
	var kept page
	if err := json.Unmarshal([]byte(p.Kept()), &kept); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range kept.Commands {
		names = append(names, c["name"].(string))
	}
	if !slices.Equal(names, []string{"quiz", "get", "news", "football-scores"}) {
		t.Errorf("the commands are %v", names)
	}
}
