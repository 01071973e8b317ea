package slack_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/slack"
)

// api stands in for Slack: each path gives what is left of its script, then
// success.
type api struct {
	URL    string
	mu     sync.Mutex
	paths  []string
	bodies []map[string]any
	auth   []string
	script map[string][]string
}

func newAPI(t testing.TB, script map[string][]string) *api {
	t.Helper()
	a := &api{script: script}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.URL = server.URL
	return a
}

// ServeHTTP answers one call; a script that begins with a number is a status.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	var body map[string]any
	_ = json.Unmarshal(raw, &body)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.paths, a.bodies, a.auth = append(a.paths, r.URL.Path), append(a.bodies, body), append(a.auth, r.Header.Get("Authorization"))
	answer := `{"ok":true,"channel":"D9","ts":"1.5"}`
	if left := a.script[r.URL.Path]; len(left) > 0 {
		answer, a.script[r.URL.Path] = left[0], left[1:]
	}
	if answer == "404" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_, _ = io.WriteString(w, answer)
}

func sending(address string, m messengers.Message) messengers.Sending {
	return messengers.Sending{Message: m, Address: address, Key: "1.0", Why: messengers.Late, Asked: messengertest.Now().Add(-time.Minute), Language: "en"}
}

func TestAPrivateAnswerFindsItsReader(t *testing.T) {
	tests := map[string]struct {
		script map[string][]string
		asked  time.Duration
		hook   bool
		want   string
	}{
		"at the response_url while it is open":         {hook: true, want: "/commands/T1/9/x"},
		"directly once that has ended":                 {hook: true, asked: time.Hour, want: "/chat.postMessage"},
		"directly where it says so":                    {hook: true, script: map[string][]string{"/commands/T1/9/x": {"404"}}, want: "/commands/T1/9/x /chat.postMessage"},
		"directly where it has been used up":           {hook: true, script: map[string][]string{"/commands/T1/9/x": {`{"ok":false,"error":"used_url"}`}}, want: "/commands/T1/9/x /chat.postMessage"},
		"in the channel where there is none":           {want: "/chat.postEphemeral"},
		"directly where the app is in no such channel": {script: map[string][]string{"/chat.postEphemeral": {`{"ok":false,"error":"not_in_channel"}`}}, want: "/chat.postEphemeral /chat.postMessage"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			api := newAPI(t, tc.script)
			address := "U1/C1"
			if tc.hook {
				address += "/" + api.URL + "/commands/T1/9/x"
			}
			s := sending(address, messengers.Message{Text: "A"})
			s.Asked = s.Asked.Add(-tc.asked)
			if _, err := suite().Open(t, api.URL, nil).Send(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(api.paths, " "); got != tc.want {
				t.Errorf("it goes to %s, want %s", got, tc.want)
			}
			for i, path := range api.paths {
				hook := strings.HasPrefix(path, "/commands")
				if hook != (api.auth[i] == "") {
					t.Errorf("%s is shown %q", path, api.auth[i])
				}
				if channel := api.bodies[i]["channel"]; !hook && channel != "C1" && channel != "U1" || hook && api.bodies[i]["response_type"] != "ephemeral" {
					t.Errorf("%s gets %v", path, api.bodies[i])
				}
			}
		})
	}
}

func TestAnAnswerLeavesForSlackAlone(t *testing.T) {
	api := newAPI(t, nil)
	for _, hook := range []string{"https://hooks.slack.com.attacker.example/x", "http://hooks.slack.com/x", "https://user@hooks.slack.com/x", "http://127.0.0.1:9/x", "file:///etc/passwd", "::"} {
		if _, err := suite().Open(t, api.URL, nil).Send(t.Context(), sending("U1/C1/"+hook, messengers.Message{Text: "A"})); err != nil {
			t.Errorf("%s: %v", hook, err)
		}
	}
	for _, path := range api.paths {
		if path != "/chat.postEphemeral" {
			t.Errorf("it goes to %s", path)
		}
	}
}

func TestAPictureThatIsNotToBeHadBecomesALink(t *testing.T) {
	api := newAPI(t, map[string][]string{"/chat.postMessage": {`{"ok":false,"error":"invalid_blocks"}`}})
	m := messengers.Message{Text: "A", Media: []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg", Alt: "A <cake>"}}}
	if _, err := suite().Open(t, api.URL, nil).Send(t.Context(), sending("D1", m)); err != nil {
		t.Fatal(err)
	}
	raw, _ := json.Marshal(api.bodies[len(api.bodies)-1]["blocks"])
	if len(api.paths) != 2 || strings.Contains(string(raw), `"image"`) || !strings.Contains(string(raw), `https://example.org/a.jpg|A \u0026lt;cake`) {
		t.Errorf("%v, last %s", api.paths, raw)
	}
}

func TestWhatOnlySlackSays(t *testing.T) {
	for answer, want := range map[string]messengers.Fault{
		`{"ok":false,"error":"account_inactive"}`: messengers.TokenInvalid, `{"ok":false,"error":"is_archived"}`: messengers.Permanent,
		`{"ok":false,"error":"msg_too_long"}`: messengers.Permanent, `{"ok":false,"error":"fatal_error"}`: messengers.Temporary,
		`{"ok":false,"error":"rate_limited"}`: messengers.LimitedUntil, `{"ok":true}`: "", `[]`: messengers.Uncertain, `{}`: messengers.Uncertain,
	} {
		_, err := suite().Open(t, newAPI(t, map[string][]string{"/chat.postMessage": {answer}}).URL, nil).Send(t.Context(), sending("D1", messengers.Message{Text: "A"}))
		var e *messengers.SendError
		if errors.As(err, &e) && e.Fault != want || (err == nil) != (want == "") {
			t.Errorf("%s: %v, want %s", answer, err, want)
		}
	}
	api := newAPI(t, nil)
	if _, err := suite().Open(t, api.URL, nil).Send(t.Context(), sending("T061EG9R6/U1", messengers.Message{Text: "A"})); err != nil || api.bodies[0]["channel"] != "U1" {
		t.Errorf("a reader as readers are named: %v, %v", err, api.bodies)
	}
	if _, err := suite().Open(t, nowhere, nil).Send(t.Context(), sending("no channel", messengers.Message{Text: "A"})); err == nil {
		t.Error("an address that is none takes a message")
	}
}

// TestBlocksStayWithinTheirLimits holds whatever is sent against Slack's limits,
// and looks for the whole text in it.
func TestBlocksStayWithinTheirLimits(t *testing.T) {
	m := suite().Open(t, nowhere, nil)
	limits := m.Limits()
	word := rapid.SampledFrom([]string{"tiramisu", "&", "<b>", "*x*", "_", "https://example.org/a_b?c=d&e", "👩‍👩‍👧‍👦", "\n", "end.", strings.Repeat("&", 90), "<!channel>", "~`|"})
	rapid.Check(t, func(t *rapid.T) {
		r := pull.Reply{Language: "en", Blocks: []pull.Block{
			{Kind: pull.Title, Text: "T*"}, {Kind: pull.Paragraph, Text: strings.Join(rapid.SliceOfN(word, 1, 900).Draw(t, "words"), " ")},
			{Kind: pull.Link, Text: "More|", URL: "https://example.org/" + strings.Repeat("x", rapid.IntRange(0, 3500).Draw(t, "address")) + "|>"},
		}}
		for range rapid.IntRange(0, 30).Draw(t, "buttons") {
			r.Buttons = append(r.Buttons, pull.Button{Label: strings.Repeat("ä", 80), Send: "k:news"})
		}
		var all []messengers.Sending
		for _, message := range messengers.Shape(r, limits) {
			raw, err := m.(messengers.Presenter).Wire(sending("D1", message))
			if err != nil {
				t.Fatal(err)
			}
			within(t, raw, message.Text)
			all = append(all, sending("D1", message))
		}
		within(t, m.(messengers.InBand).Answer(messengers.Receipt{}, all).Body, all[0].Text)
	})
}

type failer interface {
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

type block struct {
	Type     string
	Text     struct{ Text string }
	Elements []struct {
		Action  string `json:"action_id"`
		Text    struct{ Text string }
		Options []struct {
			Text  struct{ Text string }
			Value string
		}
	}
}

func within(t failer, raw []byte, text string) {
	var p struct {
		Text        string
		Blocks      []block
		Attachments []struct{ Blocks []block }
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatalf("%v", err)
	}
	if !strings.Contains(p.Text, text) || len(p.Text) > 40_000 {
		t.Errorf("the text has %d bytes, and is not the message's", len(p.Text))
	}
	blocks, size, shown := p.Blocks, 0, ""
	for _, a := range p.Attachments {
		blocks = append(blocks, a.Blocks...)
	}
	for _, b := range blocks {
		n := len(utf16.Encode([]rune(b.Text.Text)))
		if n > 3000 || len(b.Elements) > 25 || b.Type == "section" && n == 0 {
			t.Errorf("a %s has %d characters and %d elements", b.Type, n, len(b.Elements))
		}
		if strings.Count(b.Text.Text, "<") != strings.Count(b.Text.Text, ">") {
			t.Errorf("a link is divided: %q", b.Text.Text)
		}
		size, shown = size+n, shown+b.Text.Text
		actions := map[string]bool{}
		for _, e := range b.Elements {
			if len([]rune(e.Text.Text)) > 75 || actions[e.Action] || len(e.Options) > 100 {
				t.Errorf("an element is %+v", e)
			}
			actions[e.Action] = true
		}
	}
	if len(blocks) > 50 || size > 13_000 {
		t.Errorf("%d blocks hold %d characters", len(blocks), size)
	}
	if squeezed := strings.Join(strings.Fields(shown), ""); len(p.Blocks) > 0 && squeezed != strings.Join(strings.Fields(p.Text), "") {
		t.Errorf("the blocks show %q, the text is %q", shown, p.Text)
	}
	for _, mark := range []string{"<!", "<b", "~", "`"} {
		if strings.Contains(p.Text, mark) {
			t.Errorf("%q is taken for markup: %s", mark, p.Text)
		}
	}
}

func TestATokenIsToldWhoseItIsOrWhatIsWrongWithIt(t *testing.T) {
	good := `{"ok":true,"team":"Lecker","team_id":"T061EG9R6","user":"lecker_bot","user_id":"U0BOT"}`
	for name, tc := range map[string]struct {
		answer string
		kind   pull.ErrorKind
		says   string
	}{
		"good":            {good, "", "@lecker_bot, in the workspace “Lecker”"},
		"unknown":         {`{"ok":false,"error":"invalid_auth"}`, pull.Denied, "knows no app"},
		"of another team": {strings.Replace(good, "T061EG9R6", "T9", 1), pull.Denied, "workspace T9"},
		"somebody else":   {"<html>", pull.Unusable, "is not Slack"},
		"busy":            {`{"ok":false,"error":"internal_error"}`, pull.Unavailable, "did not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			lone := suite()
			lone.App = nil
			bot, ok := lone.Open(t, newAPI(t, map[string][]string{"/auth.test": {tc.answer}}).URL, nil).(*slack.Bot)
			if !ok {
				t.Fatal("it is carried")
			}
			err := bot.Try(t.Context())
			said := bot.Whose().String()
			if err != nil {
				said = words.Said(err).String()
			}
			if !strings.Contains(said, tc.says) || tc.kind != "" && pull.KindOf(err) != tc.kind || (err == nil) != (tc.kind == "") {
				t.Errorf("it says %q: %v", said, err)
			}
		})
	}
}

func TestAReaderIsFoundByWhatSlackCallsThem(t *testing.T) {
	bot := suite().Open(t, nowhere, nil).(messengers.Identifier)
	for typed, want := range map[string]string{
		"T1/U1": "T1/U1", "U1": "T061EG9R6/U1", "<@U1>": "T061EG9R6/U1", "T1/U1/C1": "T1/U1", "ann": "", "": "", "T1/": "",
	} {
		if id, ok := bot.Identify(typed); id != want || ok != (want != "") {
			t.Errorf("%q is %q, %v", typed, id, ok)
		}
	}
}

func TestALinkOpensTheAppOnceItIsKnown(t *testing.T) {
	m := suite().Open(t, nowhere, nil)
	link := m.(messengers.Linker).Link
	if got := link("news"); got != "" {
		t.Errorf("there is %s before the app is known", got)
	}
	if _, err := m.Receive(t.Context(), signed(event("T061EG9R6", written("message", "U1", "D1", "1.1", "news")))); err != nil {
		t.Fatal(err)
	}
	if got := link("news"); got != "https://slack.com/app_redirect?app=A0KRQLJ9H&team=T061EG9R6" {
		t.Errorf("it is %q", got)
	}
}
