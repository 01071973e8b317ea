package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

// membersOnly is what none but members may read, memberCode what makes one of a reader.
const (
	membersOnly = "the cellar opens on Sunday"
	memberCode  = "rose-4711-ink"
)

// clubhouse is an outlet of whose keywords some are for members, for subscribers or for staff.
type clubhouse struct {
	*service
	api *botAPI
	// down: the outlet's own system answers nothing; asked counts how often it was.
	down   atomic.Bool
	asked  atomic.Int64
	phones idWorld
	step   atomic.Int64
}

func openClubhouse(t *testing.T) *clubhouse {
	t.Helper()
	c := &clubhouse{api: newBotAPI(t), phones: idWorlds()["http"]}
	register := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if c.asked.Add(1); c.down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		if strings.Contains(string(body), "+254711000001") {
			_, _ = io.WriteString(w, `{"items":[{"title":"yes"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"items":[]}`)
	}))
	t.Cleanup(register.Close)
	keyword := func(id, source, phrase, audience string, lines ...string) string {
		return fmt.Sprintf("\n[[publisher.keyword]]\nid = %q\nsource = %q\nphrases = { en = [%q], de = [%q] }\naudience = %s\n%s\n", id, source, phrase, phrase, audience, strings.Join(lines, "\n"))
	}
	c.service = serveConfig(t, "featured = [\"insider\", \"hours\"]\n",
		sourceBlock("club", "members", "", `called = { en = "Rose Club" }`, fmt.Sprintf("codes = { 2026 = %q }", memberCode), `text = "Ask at the gate."`),
		sourceBlock("register", "hook", "max_age = \"1m\"\nstale_if_error = \"30m\"\ndeadline = \"5s\"", fmt.Sprintf("url = %q", register.URL), `secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"`, `reader = ["address"]`),
		sourceBlock("vault", "text", "", fmt.Sprintf("answers = [{ text = %q }]", "Quietly: "+membersOnly+".")),
		textBlock("hours", "Open from 9 to 17."),
		keyword("insider", "vault", "insider report", `{ code = ["club"] }`, "argument = \"optional\""),
		keyword("hours-club", "vault", "hours", `{ code = ["club"] }`),
		keyword("dossier", "vault", "dossier", `{ subscriber = ["register"] }`),
		keyword("strict", "vault", "strict dossier", `{ subscriber = ["register"] }`, "unsure = \"full\""),
		keyword("desk", "vault", "desk rota", `{ workspace = ["T1"] }`),
		telegramBlock(c.api.URL), chatBlock(), c.phones.block, assistantBlock(assistantTokens()))
	c.log.keepOut(partnerSecret, memberCode, assistantToken)
	return c
}

// asks has a reader, by their number, say something on a channel, and returns all that comes back.
func (c *clubhouse) asks(channel string, reader int64, text string) string {
	c.t.Helper()
	switch channel {
	case "web":
		return c.says(fmt.Sprintf("session-of-reader-%09d", reader), text)
	case "http":
		return c.phones.ask(c.service, fmt.Sprintf("+254711%06d", reader), "", fmt.Sprint("m", c.step.Add(1)), text)
	}
	return c.reply(c.api, reader, text)
}

// Whoever is no member gets nothing, by whatever door they come and in whatever way they ask.
func TestNoDoorLeadsToWhatIsForMembers(t *testing.T) {
	c := openClubhouse(t)
	ways := []string{
		"insider report", "insidre report", "insider", "please the insider report", "insider report for 2026", "k:insider", "k:hours-club", "k:dossier", "k:desk", "o:1:x.insider.", "c:more",
		"hours", "hours and insider report", "save insider report", "MY", "c:my", "MORE", "insider report in 10 minutes", "WHY", "PROOF", "CHECK insider report", "cellar", "when does the cellar open?",
		"MENU", "HELP", "START", "dossier", "strict dossier", "desk rota", "yes", "1", "2", "not that one", "the last 3", "MYDATA", "LINK",
	}
	seen := &struct {
		sync.Mutex
		leaks []string
		told  int
	}{}
	note := func(way, told string) {
		seen.Lock()
		defer seen.Unlock()
		if seen.told += len(told); strings.Contains(told, membersOnly) {
			seen.leaks = append(seen.leaks, way+": "+told)
		}
	}
	var crowd sync.WaitGroup
	for side := range 8 {
		random := rand.New(rand.NewPCG(33, uint64(side))) //nolint:gosec // the same each time
		crowd.Go(func() {
			for i := range 125 {
				channel, reader := []string{"web", "http", "web"}[random.IntN(3)], int64(1000+side*200+i/5)
				way := ways[random.IntN(len(ways))]
				note(channel+" "+way, c.asks(channel, reader, way))
			}
		})
	}
	crowd.Wait()
	for _, way := range ways[:16] {
		note("tg "+way, c.asks("tg", newChat(), way))
	}
	// Programs, with a token of theirs.
	assistant := c.assistant(&http.Client{Transport: bearing{assistantToken}})
	for tool, err := range assistant.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		for _, hidden := range []string{"insider", "dossier", "desk_rota", "club"} {
			if strings.Contains(tool.Name, hidden) {
				t.Errorf("an assistant is offered %s", tool.Name)
			}
		}
	}
	for _, way := range ways[:30] {
		got, err := assistant.CallTool(t.Context(), &mcp.CallToolParams{Name: "ask", Arguments: map[string]any{"text": way}})
		if err != nil {
			t.Fatal(err)
		}
		note("mcp "+way, asJSON(t, got))
	}
	listed, err := assistant.CallTool(t.Context(), &mcp.CallToolParams{Name: "list_keywords", Arguments: map[string]any{}})
	if err != nil || strings.Contains(asJSON(t, listed), "insider") || !strings.Contains(asJSON(t, listed), "hours") {
		t.Errorf("an assistant is told of %s, %v", asJSON(t, listed), err)
	}
	made := atSocket[accounts.TokenCreate, accounts.NewToken](c.service, "token.create", accounts.TokenCreate{Of: console.Of{Publisher: "lecker"}, Name: "A watch", Role: string(people.Asker)})
	c.log.keepOut(made.Secret)
	for _, way := range append([]string{memberCode}, ways[:30]...) {
		note("say "+way, request(t, http.MethodGet, c.URL+"/say/lecker/web?q="+url.QueryEscape(way), "", map[string]string{"Authorization": "Bearer " + made.Secret}).body)
	}
	// Pages for everybody: there is none of such a keyword, and that of the one beside it tells its own.
	public := c.config.Server.PublicURL
	for _, keyword := range []string{"insider", "hours-club", "dossier", "desk"} {
		for _, path := range []string{"/ask/lecker/%s", "/ask/lecker/%s/frame", "/ask/lecker/%s/button.js", "/ask/lecker/%s/code/web.svg", "/briefing/lecker/%s.json", "/oembed?url=" + url.QueryEscape(public+"/ask/lecker/") + "%s"} {
			got := request(t, http.MethodGet, c.URL+strings.Replace(path, "%s", keyword, 1), "", nil)
			if note(path, got.body); got.status != http.StatusNotFound {
				t.Errorf("%s of %s: %d %s", path, keyword, got.status, got.body)
			}
		}
	}
	note("the page beside it", request(t, http.MethodGet, c.URL+"/ask/lecker/hours", "", nil).body)
	note("the chat's page", request(t, http.MethodGet, c.URL+"/chat/lecker/web", "", nil).body)
	note("the chat's menu", request(t, http.MethodGet, c.URL+"/chat/lecker/web/menu", "", nil).body)
	c.provesNothingOfMembers(t, note)
	if len(seen.leaks) > 0 || seen.told < 100_000 {
		t.Errorf("%d letters were told, of them %d times what is for members: %.2000q", seen.told, len(seen.leaks), seen.leaks)
	}
}

// provesNothingOfMembers has a member ask: what they got is proved to nobody, and replayed and
// exported to the publisher's people alone.
func (c *clubhouse) provesNothingOfMembers(t *testing.T, note func(way, told string)) {
	t.Helper()
	const member = 900_001
	if got := c.asks("http", member, memberCode); !strings.Contains(got, "Rose Club") {
		t.Fatalf("the code got %q", got)
	}
	if got := c.asks("http", member, "insider report"); !strings.Contains(got, membersOnly) || codeIn.MatchString(got) {
		t.Fatalf("a member got %q", got)
	}
	proved := c.asks("http", member, "PROOF")
	note("a proof", proved)
	if codeIn.MatchString(proved) {
		t.Errorf("it is proved: %s", proved)
	}
	r, _, err := c.ledger.Reader(t.Context(), c.readerKey("lecker", "http", fmt.Sprintf("+254711%06d", member)))
	if err != nil || len(r.Settled) < 2 {
		t.Fatal(r, err)
	}
	path := fmt.Sprintf("/publishers/lecker/traces/%d/replay", r.Settled[1])
	note("a replay for nobody", caller{t: t, url: func() string { return c.URL }}.send(http.MethodGet, path, nil).body)
	for _, role := range []string{"asker", "viewer"} {
		program := c.program("lecker", role)
		if role == "asker" {
			note("a replay", program.send(http.MethodGet, path, nil).body)
		}
		note("a preview for "+role, program.send(http.MethodPost, "/publishers/lecker/preview/keyword", object{"keyword": object{"id": "insider", "source": "vault", "phrases": object{"en": []string{"insider report"}}}}).body)
		note("an export for "+role, program.send(http.MethodGet, "/publishers/lecker/channels/http/readers/"+url.PathEscape(fmt.Sprintf("+254711%06d", member))+"/export", nil).body)
	}
	if got := c.program("lecker", "owner").want(http.StatusOK, http.MethodGet, path, nil); !strings.Contains(got.text("replayed"), membersOnly) {
		t.Errorf("the owner's replay: %s", got.body)
	}
}

// Members are answered on every channel, and stay members through a restart.
func TestMembersAreAnsweredOnThreeChannels(t *testing.T) {
	c := openClubhouse(t)
	if got := c.asks("web", 7, "MENU"); strings.Contains(got, "nsider report") {
		t.Errorf("another's menu is %s", got)
	}
	defer func() {
		if got := c.asks("web", 7, "MENU"); !strings.Contains(got, "nsider report") {
			t.Errorf("a member's menu is %s", got)
		}
	}()
	for channel, reader := range map[string]int64{"web": 7, "http": 7, "tg": newChat()} {
		if got := c.asks(channel, reader, "hours"); !strings.Contains(got, "Open from 9") {
			t.Errorf("%s: before the code: %s", channel, got)
		}
		if got := c.asks(channel, reader, " Rose 4711 INK "); !strings.Contains(got, "Rose Club") {
			t.Fatalf("%s: the code got %s", channel, got)
		}
		c.restart()
		for _, way := range []string{"insider report", "insidre report", "k:insider", "hours", "please the insider report"} {
			if got := c.asks(channel, reader, way); !strings.Contains(got, membersOnly) {
				t.Errorf("%s: %q got %s", channel, way, got)
			}
		}
	}
}

// The outlet's own system is down for an hour: who was known stays so for as long as it is set,
// others get the teaser, or all of it, as the keyword says.
func TestTheOutletsSystemIsDownForAnHour(t *testing.T) {
	c := openClubhouse(t)
	const subscriber, other, third = 1, 2, 3
	gets := func(when string, reader int64, keyword string, want bool) {
		t.Helper()
		if got := c.asks("http", reader, keyword); strings.Contains(got, membersOnly) != want {
			t.Errorf("%s: reader %d asks for %q and gets %s", when, reader, keyword, got)
		}
	}
	for _, keyword := range []string{"dossier", "strict dossier"} {
		gets("up", subscriber, keyword, true)
		gets("up", other, keyword, false)
	}
	c.down.Store(true)
	for passed := time.Duration(0); passed < time.Hour; passed += 10 * time.Minute {
		c.clock.advance(10 * time.Minute)
		when, known := (passed + 10*time.Minute).String(), passed+10*time.Minute <= 30*time.Minute
		gets(when, subscriber, "dossier", known)
		gets(when, other, "dossier", false)
		gets(when, third, "dossier", false)
		gets(when, subscriber, "strict dossier", true)
		gets(when, other, "strict dossier", !known)
		gets(when, third, "strict dossier", true)
	}
	c.down.Store(false)
	c.clock.advance(10 * time.Minute)
	for _, keyword := range []string{"dossier", "strict dossier"} {
		gets("up again", subscriber, keyword, true)
		gets("up again", other, keyword, false)
		gets("up again", third, keyword, false)
	}
	if c.asked.Load() > 60 {
		t.Errorf("the system was asked %d times", c.asked.Load())
	}
}
