package line_test

import (
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// account is LINE as far as an account's face goes.
type account struct {
	mu       sync.Mutex
	endpoint string
	reached  bool
	off      bool
	menus    map[string]map[string]any
	drawn    map[string]bool
	shown    string
	made     int
}

func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	say := func(v any) { _ = json.NewEncoder(w).Encode(v) }
	menu := strings.TrimPrefix(r.URL.Path, "/v2/bot/richmenu/")
	switch path := r.Method + " " + r.URL.Path; {
	case path == "GET /v2/bot/channel/webhook/endpoint" && a.endpoint == "", path == "GET /v2/bot/user/all/richmenu" && a.shown == "":
		http.Error(w, `{"message":"not found"}`, http.StatusNotFound)
	case path == "GET /v2/bot/channel/webhook/endpoint":
		say(map[string]any{"endpoint": a.endpoint, "active": !a.off})
	case path == "PUT /v2/bot/channel/webhook/endpoint":
		var body struct{ Endpoint string }
		_ = json.NewDecoder(r.Body).Decode(&body)
		a.endpoint = body.Endpoint
		say(struct{}{})
	case path == "POST /v2/bot/channel/webhook/test":
		say(map[string]any{"success": a.reached, "reason": "COULD_NOT_CONNECT"})
	case path == "GET /v2/bot/richmenu/list":
		a.list(say)
	case path == "GET /v2/bot/user/all/richmenu":
		say(map[string]any{"richMenuId": a.shown})
	case path == "DELETE /v2/bot/user/all/richmenu":
		a.shown = ""
		say(struct{}{})
	case path == "POST /v2/bot/richmenu":
		var body map[string]any
		_ = json.NewDecoder(r.Body).Decode(&body)
		a.made++
		id := "richmenu-" + strconv.Itoa(a.made)
		a.menus[id] = body
		say(map[string]any{"richMenuId": id})
	case strings.HasSuffix(path, "/content"):
		a.draw(w, r, strings.TrimSuffix(menu, "/content"))
	case strings.HasPrefix(path, "POST /v2/bot/user/all/richmenu/") && a.drawn[r.URL.Path[len("/v2/bot/user/all/richmenu/"):]]:
		a.shown = r.URL.Path[len("/v2/bot/user/all/richmenu/"):]
		say(struct{}{})
	case strings.HasPrefix(path, "GET /v2/bot/richmenu/") && a.menus[menu] != nil:
		say(a.menus[menu])
	case strings.HasPrefix(path, "DELETE /v2/bot/richmenu/"):
		delete(a.menus, menu)
		say(struct{}{})
	default:
		http.Error(w, `{"message":"`+path+` is unheard of"}`, http.StatusBadRequest)
	}
}

// draw takes a picture as LINE does: of the menu's size, within a megabyte.
func (a *account) draw(w http.ResponseWriter, r *http.Request, id string) {
	size, _ := a.menus[id]["size"].(map[string]any)
	limited := io.LimitReader(r.Body, 1<<20)
	img, err := png.Decode(limited)
	if err != nil || r.Header.Get("Content-Type") != "image/png" || float64(img.Bounds().Dx()) != size["width"] || float64(img.Bounds().Dy()) != size["height"] {
		http.Error(w, `{"message":"no picture of this menu"}`, http.StatusBadRequest)
		return
	}
	a.drawn[id] = true
	_, _ = io.WriteString(w, "{}")
}

func face(labels ...string) messengers.Profile {
	f := messengers.Profile{Name: "Lecker", Languages: []string{"de", "en"}, Command: map[string]string{"de": "MENÜ"}, Words: map[string][]messengers.Word{}}
	for _, l := range labels {
		f.Words["de"] = append(f.Words["de"], messengers.Word{Label: l, Send: "k:" + strings.ToLower(l)})
	}
	return f
}

// list are all menus, as LINE tells them.
func (a *account) list(say func(any)) {
	all := []map[string]any{}
	for id, menu := range a.menus {
		one := maps.Clone(menu)
		one["richMenuId"] = id
		all = append(all, one)
	}
	say(map[string]any{"richmenus": all})
}

// site is LINE as far as an account's face goes; somebody has made a menu there.
func site() messengertest.Platform {
	a := &account{reached: true, menus: map[string]map[string]any{"theirs": {"name": "Summer"}}, drawn: map[string]bool{"theirs": true}, shown: "theirs"}
	return messengertest.Platform{
		Handler: a,
		Changes: func(r *http.Request) bool { return r.Method != http.MethodGet },
		Kept: func() string {
			var menus []string
			for _, m := range a.menus {
				text, _ := json.Marshal(m)
				menus = append(menus, string(text))
			}
			slices.Sort(menus)
			return fmt.Sprint(a.endpoint, " shows ", a.menus[a.shown]["name"], " of ", menus)
		},
		Others: "Summer",
		Spoil: map[string]func(){
			"webhook": func() { a.endpoint = "https://elsewhere.example" },
			"menu":    func() { a.shown = "theirs" },
		},
	}
}

func TestAMenuShowsTheWordsOrASignForTheirList(t *testing.T) {
	a := &account{reached: true, menus: map[string]map[string]any{}, drawn: map[string]bool{}}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	m := suite().Open(t, server.URL, nil).(messengers.ProfileSyncer)
	for _, s := range []struct {
		face messengers.Profile
		want messengers.Drift
	}{
		{face("Tiramisu", "Wetter", "Börse", "Нов"), messengers.Drift{Part: "menu", Wants: "Tiramisu, Wetter, Börse, Нов"}},
		{face("天気"), messengers.Drift{Part: "menu", Has: "Tiramisu, Wetter, Börse, Нов", Wants: "MENÜ"}},
		{face(), messengers.Drift{Part: "menu", Has: "MENÜ"}},
	} {
		got, err := m.SyncProfile(t.Context(), s.face, true)
		if err != nil || !slices.Contains(got, s.want) {
			t.Errorf("got %+v, %v, want %+v", got, err, s.want)
		}
	}
	if len(a.menus) != 0 || a.shown != "" {
		t.Errorf("what is left are %v", a.menus)
	}
}

func TestAHookThatLineDoesNotReachIsSaid(t *testing.T) {
	a := &account{menus: map[string]map[string]any{}, drawn: map[string]bool{}}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	_, err := suite().Open(t, server.URL, nil).(messengers.ProfileSyncer).SyncProfile(t.Context(), face("News"), true)
	if err == nil || !strings.Contains(err.Error(), "COULD_NOT_CONNECT") {
		t.Errorf("got %v", err)
	}
}

func TestAWebhookThatIsSwitchedOffIsSaid(t *testing.T) {
	a := &account{reached: true, off: true, endpoint: "https://example.org/hook/lecker/test", menus: map[string]map[string]any{}, drawn: map[string]bool{}}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	got, err := suite().Open(t, server.URL, nil).(messengers.ProfileSyncer).SyncProfile(t.Context(), face("News"), true)
	if err == nil || !strings.Contains(err.Error(), "Use webhook") || len(got) != 1 || a.shown == "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestATokenIsToldWhoseItIsOrWhatIsWrongWithIt(t *testing.T) {
	const infoPath = "GET /v2/bot/info"
	for name, tt := range map[string]struct {
		answer string
		kind   pull.ErrorKind
		link   string
	}{
		"good":          {`200 {"userId":"U1","basicId":"@216ru","displayName":"Lecker News"}`, "", "https://line.me/R/oaMessage/%40216ru/?tiramisu%20%26%20co"},
		"unknown":       {`401 {"message":"Authentication failed"}`, pull.Denied, ""},
		"broken":        {`500 {"message":"oh"}`, pull.Unavailable, ""},
		"somebody else": {`404 <html>`, pull.Unusable, ""},
		"nobody":        {`200 {}`, pull.Unusable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := suite().Open(t, newPlatform(t, map[string][]string{infoPath: {tt.answer}}).URL, nil)
			err := m.(messengers.Trier).Try(t.Context())
			if pull.KindOf(err) != tt.kind && tt.kind != "" || (err == nil) != (tt.kind == "") {
				t.Errorf("got %v, want %s", err, tt.kind)
			}
			if link := m.(messengers.Linker).Link("tiramisu & co"); link != tt.link {
				t.Errorf("the link is %q", link)
			}
			if said := m.(messengers.Accountable).Whose().String(); err == nil && !strings.Contains(said, "“Lecker News” (@216ru)") {
				t.Errorf("it says %q", said)
			}
		})
	}
}

// published returns the body by which a menu is made.
func (a *account) published(t *testing.T) string {
	t.Helper()
	a.reached = true
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	if _, err := suite().Open(t, server.URL, nil).(messengers.ProfileSyncer).SyncProfile(t.Context(), face("Tiramisu", "Wetter"), true); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(a.menus[a.shown])
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
