package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

// withWays returns a service of two keywords, one of them a briefing, and a web chat.
func withWays(t *testing.T) *service {
	return serveConfig(t,
		sourceBlock("facts", "text", "", `answers = [{ text = "Open from 9 to 5. See https://example.org/hours", title = "Hours" }]`),
		keywordBlock("hours", "facts", "briefing = true"),
		"\n[[publisher.keyword]]\nid = \"cake\"\nsource = \"facts\"\nphrases = { en = [\"chocolate cake\"], fr = [\"gâteau au chocolat\"] }\n",
		chatBlock())
}

func TestAKeywordIsReachedByLinksCodesAndPages(t *testing.T) {
	s := withWays(t)
	base := s.config.Server.PublicURL

	code, out, errs := command(t.Context(), "link", "-c", s.path, "--publisher", "lecker", "--keyword", "cake", "--language", "fr", "--json")
	var links []struct{ Channel, Kind, URL string }
	if err := json.Unmarshal([]byte(out), &links); code != 0 || err != nil || len(links) != 1 {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, errs)
	}
	want := base + "/chat/lecker/web?ask=" + url.QueryEscape("gâteau au chocolat")
	if links[0].Channel != "web" || links[0].Kind != "webchat" || links[0].URL != want {
		t.Errorf("got %+v, want %s", links[0], want)
	}
	code, picture, errs := command(t.Context(), "link", "-c", s.path, "--publisher", "lecker", "--keyword", "cake", "--language", "fr", "--format", "png")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if read := scanned(t, []byte(picture)); read != want {
		t.Errorf("the code reads %q, want %q", read, want)
	}
	for _, mistaken := range [][]string{{"--keyword", "pie"}, {"--keyword", "cake", "--format", "svg", "--channel", "fax"}} {
		if code, _, errs := command(t.Context(), append([]string{"link", "-c", s.path, "--publisher", "lecker"}, mistaken...)...); code == 0 || errs == "" {
			t.Errorf("%q: exit %d, %q", mistaken, code, errs)
		}
	}

	page := request(t, "GET", s.URL+"/ask/lecker/cake", "", map[string]string{"Accept-Language": "fr"})
	for _, part := range []string{"Demander gâteau au chocolat", `lang="fr"`, "/ask/lecker/cake/code/web.svg?lang=fr", `type="application/json+oembed"`, "/chat/lecker/web?ask=", `<article class="answer"`} {
		if page.status != 200 || !strings.Contains(page.body, part) {
			t.Errorf("the page lacks %q: %d %s", part, page.status, page.body)
		}
	}
	if svg := request(t, "GET", s.URL+"/ask/lecker/cake/code/web.svg", "", nil); svg.status != 200 || !strings.HasPrefix(svg.body, "<svg ") {
		t.Errorf("%d %.100s", svg.status, svg.body)
	}
	script := request(t, "GET", s.URL+"/ask/lecker/cake/button.js?channel=web&lang=fr", "", nil)
	if script.status != 200 || !strings.Contains(script.body, "Demander gâteau au chocolat sur") {
		t.Errorf("%d %s", script.status, script.body)
	}
	for path, status := range map[string]int{"/ask/lecker/pie": 404, "/ask/nobody/cake": 404, "/ask/lecker/cake/code/fax.svg": 404, "/ask/lecker/cake/code/web.gif": 404, "/ask/lecker/cake/button.js?channel=fax": 404, "/ask/x/y/z/w": 404} {
		if got := request(t, "GET", s.URL+path, "", nil); got.status != status {
			t.Errorf("%s: %d, want %d", path, got.status, status)
		}
	}
	tryOEmbed(t, s)
}

// tryOEmbed asks how the page stands in an article.
func tryOEmbed(t *testing.T, s *service) {
	t.Helper()
	base := s.config.Server.PublicURL
	at := s.URL + "/oembed?url=" + url.QueryEscape(base+"/ask/lecker/cake")
	var told struct {
		Type, Version, HTML, Title string
		Width, Height              int
	}
	got := request(t, "GET", at+"&maxwidth=300", "", nil)
	if err := json.Unmarshal([]byte(got.body), &told); err != nil || told.Type != "rich" || told.Version != "1.0" || told.Width != 300 || told.Height == 0 {
		t.Errorf("%d %s: %v", got.status, got.body, err)
	}
	if !strings.Contains(told.HTML, `src="`+base+`/ask/lecker/cake/frame?lang=en"`) {
		t.Errorf("the frame is %s", told.HTML)
	}
	frame := request(t, "GET", s.URL+"/ask/lecker/cake/frame?lang=en", "", nil)
	if frame.status != 200 || !strings.Contains(frame.header.Get("Content-Security-Policy"), "frame-ancestors *") || frame.header.Get("X-Frame-Options") != "" {
		t.Errorf("%d %v", frame.status, frame.header)
	}
	var drawn struct {
		Title string `xml:"title"`
	}
	if got := request(t, "GET", at+"&format=xml", "", nil); xml.Unmarshal([]byte(got.body), &drawn) != nil || drawn.Title != "Ask for chocolate cake" {
		t.Errorf("%d %s", got.status, got.body)
	}
	for query, status := range map[string]int{"": 400, "?url=https://example.org/ask/lecker/cake": 404, "?url=" + url.QueryEscape(base+"/ask/lecker/cake") + "&format=yaml": 501, "?url=%zz": 400} {
		if got := request(t, "GET", s.URL+"/oembed"+query, "", nil); got.status != status {
			t.Errorf("%s: %d, want %d: %s", query, got.status, status, got.body)
		}
	}
}

func TestABriefingIsHadOfKeywordsThatSaySo(t *testing.T) {
	s := withWays(t)
	var items []struct{ UID, UpdateDate, TitleText, MainText, RedirectionURL string }
	got := request(t, "GET", s.URL+"/briefing/lecker/hours.json", "", nil)
	if err := json.Unmarshal([]byte(got.body), &items); err != nil || len(items) != 1 || !strings.Contains(items[0].MainText, "Open from 9 to 5") ||
		!strings.HasPrefix(items[0].UID, "urn:uuid:") || !strings.HasSuffix(items[0].UpdateDate, "Z") || strings.Contains(items[0].MainText, "://") {
		t.Errorf("%d %s: %v", got.status, got.body, err)
	}
	if again := request(t, "GET", s.URL+"/briefing/lecker/hours.json", "", nil); !strings.Contains(again.body, items[0].UID) {
		t.Error("the same answer has another id")
	}
	for _, path := range []string{"/briefing/lecker/cake.json", "/briefing/lecker/hours.xml", "/briefing/nobody/hours.json"} {
		if got := request(t, "GET", s.URL+path, "", nil); got.status != 404 {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

func TestSayAnswersWhoeverMayAsk(t *testing.T) {
	s := withWays(t)
	token := func(role people.Role) (id, secret string) {
		t.Helper()
		made := atSocket[accounts.TokenCreate, accounts.NewToken](s, "token.create", accounts.TokenCreate{Of: console.Of{Publisher: "lecker"}, Name: "A watch", Role: string(role)})
		return made.Token.ID, made.Secret
	}
	watch, asker := token(people.Asker)
	_, viewer := token(people.Viewer)
	s.log.keepOut(asker, viewer)
	at := s.URL + "/say/lecker/web?q=hours"
	bearer := func(secret string) map[string]string { return map[string]string{"Authorization": "Bearer " + secret} }
	for name, c := range map[string]struct {
		url    string
		header map[string]string
		status int
		says   string
	}{
		"an asker":                 {at, bearer(asker), 200, "Open from 9 to 5"},
		"an asker in the address":  {at + "&token=" + asker, nil, 200, "Open from 9 to 5"},
		"a viewer":                 {at, bearer(viewer), 200, "Open from 9 to 5"},
		"a viewer in the address":  {at + "&token=" + viewer, nil, 401, ""},
		"nobody":                   {at, nil, 401, ""},
		"a wrong one":              {at, bearer(asker[:len(asker)-1] + "x"), 401, ""},
		"another publisher":        {s.URL + "/say/other/web?q=hours", bearer(asker), 401, ""},
		"no such channel":          {s.URL + "/say/lecker/fax?q=hours", bearer(asker), 404, ""},
		"nothing asked":            {s.URL + "/say/lecker/web", bearer(asker), 400, ""},
		"too much":                 {at + strings.Repeat("x", 2000), bearer(asker), 400, ""},
		"what nobody knows":        {s.URL + "/say/lecker/web?q=zeppelin", bearer(asker), 200, "zeppelin"},
		"an asker at the API":      {s.URL + "/api/v1/publishers", bearer(asker), 401, ""},
		"an asker's own word STOP": {s.URL + "/say/lecker/web?q=menu", bearer(asker), 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := request(t, "GET", c.url, "", c.header)
			if got.status != c.status || !strings.Contains(got.body, c.says) || c.status == 200 && (!strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") || strings.Contains(got.body, "://")) {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	// What was asked counts as any ask; a token that is revoked asks nothing.
	if n := atSocket[console.Of, console.TodayAnswer](s, "today.get", console.Of{Publisher: "lecker"}).Day.Counts; n.Asks < 4 {
		t.Errorf("the day counts %+v", n)
	}
	atSocket[accounts.TokenRevoke, console.None](s, "token.revoke", accounts.TokenRevoke{Of: console.Of{Publisher: "lecker"}, Token: watch})
	if got := request(t, "GET", at, "", bearer(asker)); got.status != 401 {
		t.Errorf("a revoked token: %d", got.status)
	}
}

// scanned returns what an independent reader of codes reads in a picture.
func scanned(t *testing.T, picture []byte) string {
	t.Helper()
	const script = `
const { PNG } = require("pngjs");
const { default: read } = require("jsqr");
const p = PNG.sync.read(require("fs").readFileSync(0));
process.stdout.write(read(new Uint8ClampedArray(p.data), p.width, p.height).data);`
	cmd := exec.CommandContext(t.Context(), "node", "-e", script)
	cmd.Dir, cmd.Stdin, cmd.Stderr = "testdata/npm", bytes.NewReader(picture), os.Stderr
	read, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(read)
}
