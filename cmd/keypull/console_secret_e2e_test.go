package main

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
	"keypull/web/console/accounts"
	"keypull/web/console/presignin"
	"keypull/web/console/site"
)

// callbackWord is what a helpdesk shows that calls us.
const callbackWord = "callback-word-that-no-log-may-hold"

// cache knows the secrets of an installation, and all that it was told.
type cache struct {
	*service
	t       *testing.T
	secrets map[string]string
	heard   int
}

// hears looks for secrets in what came from somewhere.
func (k *cache) hears(where, text string) {
	k.t.Helper()
	k.heard++
	for name, secret := range k.secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
			if at := strings.Index(text, form); at >= 0 {
				k.t.Errorf("%s tells %s: …%s…", where, name, text[max(0, at-80):min(len(text), at+len(form)+20)])
			}
		}
	}
}

func TestSecretsStayWhereTheyAre(t *testing.T) {
	api := newBotAPI(t)
	k := &cache{service: serveConsole(t), t: t, secrets: map[string]string{"the bot's token": botToken, "the webhook's secret": hookSecret, "the bridge's word": callbackWord}}
	c := k.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	k.hears("adding a channel", c.add("lecker", "channel", botDoc("tg", api, nil)).body)
	c.put("/publishers/lecker", "publisher", func(doc object) {
		doc["person"] = object{"bridge": object{"kind": "chatwoot", "settings": object{"base": deadURL(t), "inbox": "inbox-1", "secret": callbackWord}}}
	})
	once := c.want(http.StatusCreated, http.MethodPost, "/publishers/lecker/tokens", object{"name": "once", "role": "editor"}, "Idempotency-Key", "a-token")
	k.secrets["a token's text"] = once.text("secret")
	k.secrets["the admin's token"] = c.token
	k.secrets["the first link"] = filepath.Base(k.Welcome)
	k.log.keepOut(once.text("secret"))

	k.failures(c, api)
	k.masks(c, api)
	k.everyAnswer(c)
	k.everyPage()
	k.everyFile()
	k.hears("the log", k.log.String())
	if k.heard < 60 {
		t.Errorf("only %d places were looked at", k.heard)
	}
}

// failures make errors with the token close by: in addresses, and in what
// Telegram says.
func (k *cache) failures(c caller, api *botAPI) {
	k.t.Helper()
	const channels = "/publishers/lecker/channels"
	k.hears("a refusal", c.want(http.StatusUnprocessableEntity, http.MethodPost, channels, object{"channel": botDoc("tg", api, object{"rate": -1})}).body)
	dead := botDoc("dead", api, object{"api_base": strings.TrimSuffix(deadURL(k.t), "/feed.xml")})
	k.hears("a check of a dead host", c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/check/channel", object{"channel": dead}).body)
	c.add("lecker", "channel", dead)
	k.hears("a test at a dead host", c.want(http.StatusOK, http.MethodPost, channels+"/dead/test", object{"address": "4711"}).body)
	api.answer(func(_ botCall, w http.ResponseWriter) bool {
		botRefusal(w, http.StatusUnauthorized, "Unauthorized: no bot has the token "+botToken, "")
		return true
	})
	k.hears("a check that Telegram refuses", c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/check/channel", object{"channel": botDoc("tg", api, nil)}).body)
	k.hears("a test that Telegram refuses", c.want(http.StatusOK, http.MethodPost, channels+"/tg/test", object{"address": "4711"}).body)
	api.answer(func(_ botCall, w http.ResponseWriter) bool {
		botRefusal(w, http.StatusBadRequest, "Bad Request: "+botToken+" is strange", "")
		return true
	})
	chat := newChat()
	k.tell(chat, "hours")
	k.settled()
	api.answer(nil)
}

// masks saves a channel with its secrets masked: it works on.
func (k *cache) masks(c caller, api *botAPI) {
	k.t.Helper()
	shown := c.get("/publishers/lecker/channels/tg").table("channel")
	if got := tableOf(shown, "settings"); got["token"] != "••••" || got["secret_token"] != "••••" {
		k.t.Errorf("the secrets are shown as %v", got)
	}
	bridge := func() object {
		return tableOf(tableOf(c.get("/publishers/lecker").table("publisher"), "person"), "bridge")
	}
	if got := tableOf(bridge(), "settings"); got["secret"] != "••••" {
		k.t.Errorf("the bridge's word is shown as %v", got)
	}
	c.put("/publishers/lecker", "publisher", func(doc object) { doc["contact"] = "reader@example.org" })
	if got := k.room.Publisher("lecker").Person.Bridge.Settings["secret"]; got != callbackWord {
		k.t.Errorf("a publisher that was saved with masks has a bridge with the word %v", got)
	}
	moved := c.get("/publishers/lecker")
	doc := moved.table("publisher")
	tableOf(tableOf(tableOf(doc, "person"), "bridge"), "settings")["base"] = "https://elsewhere.example"
	c.want(http.StatusUnprocessableEntity, http.MethodPut, "/publishers/lecker", object{"publisher": doc}, "If-Match", moved.header.Get("ETag"))
	c.put("/publishers/lecker/channels/tg", "channel", func(doc object) { tableOf(doc, "settings")["rate"] = 25 })
	if got := k.reply(api, newChat(), "hours"); !strings.Contains(got, "Open from 9") {
		k.t.Errorf("a channel that was saved with masks answered %q", got)
	}
}

// everyAnswer reads all that can be read.
func (k *cache) everyAnswer(c caller) {
	k.t.Helper()
	values := map[string]string{"publisher": "lecker", "source": "hours", "keyword": "hours", "channel": "tg", "person": "nobody22", "session": "none", "reader": "424242424242"}
	for _, d := range description(k.t, k.URL) {
		if d.method == http.MethodGet {
			k.hears(d.id, c.send(d.method, d.at(values), nil).body)
		}
	}
	for _, place := range []string{"/readyz", "/healthz", "/api/v1/openapi.json", "/chat/lecker/web/config.json", "/hook/lecker/tg", "/api/v1/nothing"} {
		k.hears(place, request(k.t, http.MethodGet, k.URL+place, "", nil).body)
	}
	out, err := k.operator().Do(k.t.Context(), "channel.list", []byte(`{"publisher":"lecker"}`))
	k.hears("the socket", string(out))
	if err != nil || len(out) == 0 {
		k.t.Error(err)
	}
	for _, args := range []string{"token list", "token list --json", "user list --json"} {
		_, stdout, stderr := k.run(args)
		k.hears("keypull "+args, stdout+stderr)
	}
}

var inPage = regexp.MustCompile(`(?:href|src|hx-get)="(/console[^"#]*)`)

// firstAdmin returns the cookie of somebody who may everything, and has come by the welcome.
func (s *service) firstAdmin() (cookie string) {
	s.t.Helper()
	entry, err := s.gate.Accept(s.t.Context(), filepath.Base(s.Welcome),
		accounts.Newcomer{Name: "Ann", Email: "ann@lecker.example", Password: personPassword}, accounts.Browser{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.log.keepOut(entry.Secret, personPassword)
	c := presignin.CookiesOf(s.gate.DeviceKey).Session(entry.Secret, 0)
	return c.Name + "=" + entry.Secret
}

// everyPage goes through the console as somebody who may everything.
func (k *cache) everyPage() {
	k.t.Helper()
	cookie := k.firstAdmin()
	_, secret, _ := strings.Cut(cookie, "=")
	k.secrets["a session"], k.secrets["a password"] = secret, personPassword
	// A page that lures somebody to the API has nothing of their session.
	lured := caller{t: k.t, url: func() string { return k.URL }}.want(http.StatusUnauthorized, http.MethodGet, "/publishers", nil, "Cookie", cookie)
	k.hears("the API by a session", lured.body)
	next, known, good := []string{site.Root + "/"}, map[string]bool{}, 0
	const most = 300
	for len(next) > 0 && len(known) < most {
		place := strings.ReplaceAll(next[0], "&amp;", "&")
		next = next[1:]
		if known[place] {
			continue
		}
		known[place] = true
		got := request(k.t, http.MethodGet, k.URL+place, "", map[string]string{"Cookie": cookie})
		k.hears("the page "+place, got.body)
		if got.status == http.StatusOK {
			good++
		}
		if lead := got.header.Get("Location"); lead != "" {
			next = append(next, strings.TrimPrefix(lead, k.URL))
		}
		for _, found := range inPage.FindAllStringSubmatch(got.body, -1) {
			next = append(next, found[1])
		}
	}
	if good < 10 {
		k.t.Errorf("only %d pages were found in %v", good, known)
	}
}

// everyFile looks into the store, its copies and the console's own files.
func (k *cache) everyFile() {
	k.t.Helper()
	folder := filepath.Dir(k.config.StorePath())
	copied := filepath.Join(folder, "copy.db")
	if code, _, stderr := k.run("backup " + copied); code != cli.Done {
		k.t.Fatalf("backup ended with %d, %s", code, stderr)
	}
	k.stop()
	for _, pattern := range []string{"keypull.db", "copy.db", "*.slots", "config.toml"} {
		files, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(files) == 0 {
			k.t.Errorf("there is no %s: %v", pattern, err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file) //nolint:gosec // the test's own folder
			if err != nil || len(raw) == 0 {
				k.t.Fatal(file, err)
			}
			k.hears("the file "+filepath.Base(file)+" of "+strconv.Itoa(len(raw))+" bytes", string(raw))
		}
	}
	k.start()
	asks(k.t, k.URL, "lecker", "hours", "Open from 9")
}
