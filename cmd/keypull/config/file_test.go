package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/sources"
	"keypull/web/messengers"
)

// plainSource and plainChannel are settings of kinds made for these tests.
type plainSource struct {
	URL     string `name:"url" label:"Address" help:"Where it is." check:"required,url" example:"https://example.org/feed.xml"`
	Items   int    `name:"items" label:"Items" help:"How many." check:"min=1,max=50"`
	Symbols []struct {
		Symbol string   `name:"symbol" label:"Symbol" help:"The ticker." check:"required" example:"WIPRO"`
		Names  []string `name:"aliases" label:"Aliases" help:"Other names." example:"Wipro Ltd"`
	} `name:"symbols" label:"Symbols" help:"What it knows."`
}

func (*plainSource) Open(sources.Env) (pull.Source, error) { return nil, errors.New("made for tests") }

type plainChannel struct {
	Token settings.Secret `name:"token" label:"Token" help:"The key." check:"required"`
}

func (*plainChannel) Open(messengers.Env) (messengers.Messenger, error) {
	return nil, errors.New("made for tests")
}

type openChannel struct {
	Origins []string `name:"origins" label:"Origins" help:"Pages that may show it." check:"url" example:"https://example.org"`
}

func (*openChannel) Open(messengers.Env) (messengers.Messenger, error) {
	return nil, errors.New("made for tests")
}

func testKinds() Kinds {
	return Kinds{
		Sources: []sources.Kind{{
			Name: "feed", Title: "Feed", Help: "The newest items of a feed.",
			New: func() sources.Opener { return &plainSource{Items: 20} },
		}},
		Messengers: []messengers.Kind{
			{
				Name: "telegram", Title: "Telegram", Help: "A bot.",
				New: func() settings.Opener[messengers.Env, messengers.Messenger] { return &plainChannel{} },
			},
			{
				Name: "webchat", Title: "Web chat", Help: "A bubble on a page.",
				New: func() settings.Opener[messengers.Env, messengers.Messenger] { return &openChannel{} },
			},
		},
	}
}

func environment(pairs map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := pairs[name]
		return v, ok
	}
}

// load writes text as config.toml and loads it; findings name the bare file.
func load(t *testing.T, text string, env map[string]string) (*Config, Findings) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, found := Load(path, environment(env), testKinds())
	for i := range found {
		found[i].File = strings.Replace(found[i].File, path, "config.toml", 1)
	}
	return c, found
}

const whole = `[server]
listen = "127.0.0.1:8080"
[store]
url = "bolt:data/keypull.db"
[fetch]
allow_private = ["127.0.0.1/32"]
[[publisher]]
id = "lecker"
name = "Lecker"
languages = ["en", "fr"]
time_zone = "Europe/Paris"

  [[publisher.source]]
  id = "news"
  kind = "feed"
  max_age = "60s"
  stale_if_error = "1h"
  [publisher.source.settings]
  url = "https://example.org/feed.xml"
  symbols = [{ symbol = "A" }, { symbol = "B", aliases = ["b"] }]

  [[publisher.keyword]]
  id = "news"
  source = "news"
  phrases = { en = ["news", "headlines"], fr = ["actus"] }
  template = "{{ item.title }}"
  until = 2026-12-24T18:00:00+01:00

  [[publisher.channel]]
  id = "tg"
  kind = "telegram"
  [publisher.channel.settings]
  token = "${TELEGRAM_TOKEN}"
`

func TestConfigHoldsWhatTheFileSays(t *testing.T) {
	c, found := load(t, whole, map[string]string{"TELEGRAM_TOKEN": "1:a$${b"})
	if len(found) > 0 {
		t.Fatal(found)
	}
	age, stale := time.Minute, time.Hour
	until := time.Date(2026, 12, 24, 18, 0, 0, 0, time.FixedZone("", 3600))
	want := []catalogue.Publisher{{
		ID: "lecker", Name: "Lecker", Languages: []string{"en", "fr"}, TimeZone: "Europe/Paris", Autocorrect: "confident", Sure: "usual", Wishes: 1,
		Sources: []catalogue.Source{{
			ID: "news", Kind: "feed", Freshness: catalogue.Freshness{MaxAge: &age, StaleIfError: &stale}, NewKeys: 60,
			Settings: map[string]any{"url": "https://example.org/feed.xml", "symbols": []any{
				map[string]any{"symbol": "A"}, map[string]any{"symbol": "B", "aliases": []any{"b"}},
			}},
		}},
		Keywords: []catalogue.Keyword{{
			ID: "news", Source: "news", Phrases: map[string][]string{"en": {"news", "headlines"}, "fr": {"actus"}},
			Argument: "none", Count: 1, Template: catalogue.Localised{"": "{{ item.title }}"}, Until: &until,
		}},
		Channels: []catalogue.Channel{{ID: "tg", Kind: "telegram", Settings: map[string]any{"token": "1:a$${b"}}},
	}}
	if diff := cmp.Diff(want, c.Publishers); diff != "" {
		t.Error(diff)
	}
	if got := c.Private(); len(got) != 1 || got[0].String() != "127.0.0.1/32" {
		t.Errorf("got private networks %v", got)
	}
}

func TestConfigPathsCountFromTheFile(t *testing.T) {
	c, found := load(t, whole, map[string]string{"TELEGRAM_TOKEN": "x"})
	if len(found) > 0 {
		t.Fatal(found)
	}
	if want := "bolt:" + filepath.Join(c.Folder, "data", "keypull.db"); c.Store.URL != want {
		t.Errorf("got store %s, want %s", c.Store.URL, want)
	}
	if want := filepath.Join(c.Folder, "keypull.key"); c.Secrets.KeyFile != want {
		t.Errorf("got key file %s, want %s", c.Secrets.KeyFile, want)
	}
	c, _ = load(t, "[store]\nurl = \"bolt:/var/a.db\"\n[secrets]\nkey_file = \"/etc/k\"", nil)
	if c.Store.URL != "bolt:/var/a.db" || c.Secrets.KeyFile != "/etc/k" {
		t.Errorf("absolute paths became %s and %s", c.Store.URL, c.Secrets.KeyFile)
	}
}

func TestConfigNamesThePublicURL(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"none given: that of the address", "", "http://127.0.0.1:8080"},
		{"every address: that of this machine", "[server]\nlisten = \":80\"", "http://127.0.0.1:80"},
		{"every address of IPv6", "[server]\nlisten = \"[::]:80\"", "http://127.0.0.1:80"},
		{"a free port: not known yet", "[server]\nlisten = \"127.0.0.1:0\"", ""},
		{"a given one without its last slash", "[server]\npublic_url = \"https://a.example/\"", "https://a.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, found := load(t, tt.text, nil)
			if len(found) > 0 || c.Server.PublicURL != tt.want {
				t.Errorf("got %q, %v, want %q", c.Server.PublicURL, found, tt.want)
			}
		})
	}
}

func TestABrowserReachesThisMachineByItsName(t *testing.T) {
	for address, want := range map[string]string{
		"http://127.0.0.1:8080": "http://localhost:8080", "http://[::1]:80/demo/": "http://localhost:80/demo/", "http://127.0.0.1": "http://localhost",
		"http://127.0.0.2:8080": "http://127.0.0.2:8080", "https://a.example/x": "https://a.example/x", "": "",
	} {
		if got := BrowserURL(address); got != want {
			t.Errorf("%q is opened as %q, want %q", address, got, want)
		}
	}
}

func TestConfigIsOverriddenByTheEnvironment(t *testing.T) {
	c, found := load(t, whole, map[string]string{
		"TELEGRAM_TOKEN": "x", "KEYPULL_SERVER_LISTEN": "127.0.0.1:9", "KEYPULL_SERVER_PUBLIC_URL": "https://a.example/${X}",
		"KEYPULL_FETCH_ALLOW_PRIVATE": "10.0.0.0/8, ::1/128", "KEYPULL_SECRETS_KEY_FILE": "/k",
		"KEYPULL_FETCH_PER_HOST": "7", "KEYPULL_SEND_KEEP": "1d", "KEYPULL_SEND_MAX": "64MiB",
	})
	if len(found) > 0 {
		t.Fatal(found)
	}
	got := []string{c.Server.Listen, c.Server.PublicURL, strings.Join(c.Fetch.AllowPrivate, " "), c.Secrets.KeyFile}
	want := []string{"127.0.0.1:9", "https://a.example/${X}", "10.0.0.0/8 ::1/128", "/k"}
	if diff := cmp.Diff(want, got); diff != "" || c.Fetch.PerHost != 7 {
		t.Error(diff, c.Fetch.PerHost)
	}
	if c.Send.Keep != 24*time.Hour || c.Send.Max != 64<<20 {
		t.Error(c.Send)
	}
	_, found = load(t, "", map[string]string{"KEYPULL_FETCH_PER_HOST": "many"})
	if len(found) != 1 || !strings.HasPrefix(found[0].String(), "KEYPULL_FETCH_PER_HOST: fetch.per_host: ") {
		t.Errorf("got %v, want a finding that names the variable", found)
	}
	_, found = load(t, "", map[string]string{"KEYPULL_SERVER_LISTEN": "nonsense"})
	if len(found) != 1 || !strings.HasPrefix(found[0].String(), "KEYPULL_SERVER_LISTEN: server.listen: Write an address and a port") {
		t.Errorf("got %v, want a finding that names the variable", found)
	}
}

func TestConfigThatIsNotThereSaysWhatToDo(t *testing.T) {
	c, found := Load(filepath.Join(t.TempDir(), "none.toml"), environment(nil), testKinds())
	if c != nil || len(found) != 1 || !strings.Contains(found[0].Message, "keypull config") {
		t.Errorf("got %v, %v", c, found)
	}
}
