package discord_test

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
	"keypull/web/messengers/discord"
	"keypull/web/messengers/messengertest"
)

// api stands in for Discord: each call gives what is left of its script, then
// success.
type api struct {
	URL    string
	mu     sync.Mutex
	calls  []string
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

// ServeHTTP answers one call; a script's answer begins with its status.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	var body map[string]any
	_ = json.Unmarshal(raw, &body)
	a.mu.Lock()
	defer a.mu.Unlock()
	name := r.Method + " " + r.URL.Path
	a.calls, a.bodies, a.auth = append(a.calls, name), append(a.bodies, body), append(a.auth, r.Header.Get("Authorization"))
	answer := `200 {"id":"41"}`
	if left := a.script[name]; len(left) > 0 {
		answer, a.script[name] = left[0], left[1:]
	}
	status, answer, _ := strings.Cut(answer, " ")
	w.WriteHeader(map[string]int{"200": 200, "401": 401, "403": 403, "404": 404, "400": 400, "429": 429, "500": 500}[status])
	_, _ = io.WriteString(w, answer)
}

func sending(address, thread string, m messengers.Message) messengers.Sending {
	return messengers.Sending{Message: m, Address: address, Key: "5.0", Why: messengers.Late, Asked: messengertest.Now().Add(-time.Minute), Thread: thread, Language: "en"}
}

func TestALateAnswerFindsItsReader(t *testing.T) {
	const (
		original, follow    = "PATCH /webhooks/" + application + "/tok/messages/@original", "POST /webhooks/" + application + "/tok"
		open, direct, third = "POST /users/@me/channels", "POST /channels/41/messages", "5.1"
	)
	tests := map[string]struct {
		script map[string][]string
		asked  time.Duration
		key    string
		want   []string
		fault  messengers.Fault
	}{
		"in place of the word that it is worked on": {want: []string{original}},
		"behind it":                           {key: third, want: []string{follow}},
		"directly once the token is over":     {asked: 15 * time.Minute, want: []string{open, direct}},
		"directly where Discord says it is":   {script: map[string][]string{original: {`404 {"code":10015,"message":"Unknown Webhook"}`}}, want: []string{original, open, direct}},
		"directly where the token is bad":     {script: map[string][]string{original: {`401 {"code":50027,"message":"Invalid Webhook Token"}`}}, want: []string{original, open, direct}},
		"nowhere where the reader says so":    {asked: time.Hour, script: map[string][]string{direct: {`403 {"code":50007,"message":"Cannot send messages to this user"}`}}, want: []string{open, direct}, fault: messengers.Blocked},
		"nowhere where nothing is shared":     {asked: time.Hour, script: map[string][]string{direct: {`403 {"code":50278,"message":"no mutual guilds"}`}}, want: []string{open, direct}, fault: messengers.Blocked},
		"later where people are met too fast": {asked: time.Hour, script: map[string][]string{open: {`400 {"code":40003,"message":"You are opening direct messages too fast"}`}}, want: []string{open}, fault: messengers.LimitedUntil},
		"never where it may not":              {asked: time.Hour, script: map[string][]string{direct: {`403 {"code":50001,"message":"Missing Access"}`}}, want: []string{open, direct}, fault: messengers.Permanent},
		"later where the token is slow":       {script: map[string][]string{original: {`429 {"message":"slow","retry_after":1.5,"global":false}`}}, want: []string{original}, fault: messengers.LimitedUntil},
		"not while the app's token is dead":   {asked: time.Hour, script: map[string][]string{open: {`401 {"code":0,"message":"401: Unauthorized"}`}}, want: []string{open}, fault: messengers.TokenInvalid},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			api := newAPI(t, tc.script)
			s := sending("7001/88", "tok", messengers.Message{Text: "A"})
			s.Asked = s.Asked.Add(-tc.asked)
			if tc.key != "" {
				s.Key = tc.key
			}
			_, err := suite().Open(t, api.URL, nil).Send(t.Context(), s)
			var e *messengers.SendError
			if errors.As(err, &e) && e.Fault != tc.fault || (err == nil) != (tc.fault == "") {
				t.Errorf("got %v, want %s", err, tc.fault)
			}
			if got := strings.Join(api.calls, ", "); got != strings.Join(tc.want, ", ") {
				t.Errorf("it calls %s, want %s", got, tc.want)
			}
			for i, call := range api.calls {
				if byToken := strings.Contains(call, "/webhooks/"); byToken != (api.auth[i] == "") {
					t.Errorf("%s is shown %q", call, api.auth[i])
				}
				flags, _ := api.bodies[i]["flags"].(float64)
				if call == follow && int(flags)&64 == 0 || call == direct && api.bodies[i]["enforce_nonce"] != true {
					t.Errorf("%s gets %v", call, api.bodies[i])
				}
			}
		})
	}
}

func TestWhatWorksOnIsDiscordsOwnWord(t *testing.T) {
	m := suite().Open(t, nowhere, nil).(messengers.InBand)
	for address, want := range map[string]string{"7001": `{"type":5}`, "7001/88": `{"type":5,"data":{"flags":64}}`} {
		s := sending(address, "tok", messengers.Message{Text: "It takes a moment."})
		s.Why = messengers.Interim
		if got := m.Answer(messengers.Receipt{}, []messengers.Sending{s}); string(got.Body) != want {
			t.Errorf("%s: %s", address, got.Body)
		}
		s.Why = messengers.Answer
		var r struct {
			Type int
			Data struct{ Flags int }
		}
		if err := json.Unmarshal(m.Answer(messengers.Receipt{}, []messengers.Sending{s}).Body, &r); err != nil || r.Type != 4 || (r.Data.Flags&64 != 0) != strings.Contains(address, "/") {
			t.Errorf("%s: %+v, %v", address, r, err)
		}
	}
}

func TestWhoHasNoChannelIsToldSo(t *testing.T) {
	m := carried().Open(t, nowhere, nil)
	for rest, want := range map[string]string{command: `"content":"Personne ne répond`, typing: `{"type":8,"data":{"choices":[]}}`} {
		if r, err := m.Receive(t.Context(), signed(interaction("5", "201", rest))); err != nil || len(r.Asks) > 0 || !strings.Contains(string(r.Body), want) {
			t.Errorf("got %s, %v", r.Body, err)
		}
	}
}

// TestARouteRestsAsDiscordTells sends by a route that takes nothing for an hour,
// and by one that does again in a moment.
func TestARouteRestsAsDiscordTells(t *testing.T) {
	after := "3600"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/messages") {
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("X-RateLimit-Reset-After", after)
		}
		_, _ = io.WriteString(w, `{"id":"41"}`)
	}))
	t.Cleanup(server.Close)
	m := suite().Open(t, server.URL, nil)
	s := sending("7001", "", messengers.Message{Text: "A"})
	if _, err := m.Send(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	var e *messengers.SendError
	if _, err := m.Send(t.Context(), s); !errors.As(err, &e) || e.Fault != messengers.LimitedUntil || !e.RetryAt.Equal(messengertest.Now().Add(time.Hour)) {
		t.Errorf("got %v, want a rest of an hour", err)
	}
	for _, after = range []string{"x", "0.02", "-1"} {
		if _, err := m.Send(t.Context(), s); err != nil {
			t.Errorf("after a rest of %q: %v", after, err)
		}
	}
}

// TestMessagesStayWithinTheirLimits holds whatever is sent against Discord's
// limits, and looks for the whole text in it.
func TestMessagesStayWithinTheirLimits(t *testing.T) {
	m := suite().Open(t, nowhere, nil)
	limits := m.Limits()
	word := rapid.SampledFrom([]string{"tiramisu", "*b*", "_", "https://example.org/a_b?c=d*e", "👩‍👩‍👧‍👦", "\n- x", "\n# y", "end.", strings.Repeat("*", 90), "@everyone", "<@1>", "~`|[x](y)", `\`})
	rapid.Check(t, func(t *rapid.T) {
		r := pull.Reply{Language: "en", Blocks: []pull.Block{
			{Kind: pull.Title, Text: "T*"}, {Kind: pull.Paragraph, Text: strings.Join(rapid.SliceOfN(word, 1, 700).Draw(t, "words"), " ")},
			{Kind: pull.Link, Text: "More)", URL: "https://example.org/" + strings.Repeat("x", rapid.IntRange(0, 600).Draw(t, "address")) + ")>"},
		}}
		if rapid.Bool().Draw(t, "picture") {
			r.Media = []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg", Alt: strings.Repeat("*", 400)}}
		}
		for range rapid.IntRange(0, 30).Draw(t, "buttons") {
			r.Buttons = append(r.Buttons, pull.Button{Label: strings.Repeat("ä", 90), Send: "k:news"})
		}
		var all []messengers.Sending
		for _, message := range messengers.Shape(r, limits) {
			raw, err := m.(messengers.Presenter).Wire(sending("7001", "", message))
			if err != nil {
				t.Fatal(err)
			}
			within(t, raw, message.Text)
			all = append(all, sending("7001", "", message))
		}
		var answer struct{ Data json.RawMessage }
		if err := json.Unmarshal(m.(messengers.InBand).Answer(messengers.Receipt{}, all).Body, &answer); err != nil {
			t.Fatal(err)
		}
		within(t, answer.Data, "")
	})
}

type failer interface {
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func length(s string) int { return len(utf16.Encode([]rune(s))) }

func within(t failer, raw []byte, text string) {
	var p struct {
		Content    string
		Embeds     []struct{ Description string }
		Components []struct {
			Components []struct {
				CustomID string `json:"custom_id"`
				Label    string
			}
		}
		Mentions struct{ Parse []string } `json:"allowed_mentions"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatalf("%v", err)
	}
	shown, framed := p.Content, 0
	for _, e := range p.Embeds {
		if framed += length(e.Description); length(e.Description) > 4096 {
			t.Errorf("a frame has %d characters", length(e.Description))
		}
		shown += e.Description
	}
	if length(p.Content) > 2000 || framed > 6000 || len(p.Embeds) > 10 || p.Mentions.Parse == nil || len(p.Components) > 5 {
		t.Errorf("%d characters, %d in %d frames, %d rows, %v called", length(p.Content), framed, len(p.Embeds), len(p.Components), p.Mentions.Parse)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	if !strings.Contains(squeeze(shown), squeeze(text)) {
		t.Errorf("of %q is shown %q", text, shown)
	}
	ids := map[string]bool{}
	for _, row := range p.Components {
		if len(row.Components) > 5 {
			t.Errorf("a row has %d buttons", len(row.Components))
		}
		for _, b := range row.Components {
			if ids[b.CustomID] || len(b.CustomID) > 100 || len([]rune(b.Label)) > 80 {
				t.Errorf("the button %+v", b)
			}
			ids[b.CustomID] = true
		}
	}
}

func TestATokenIsToldWhoseItIsOrWhatIsWrongWithIt(t *testing.T) {
	good := `{"id":"` + application + `","name":"Lecker","verify_key":"` + public(private()) + `"}`
	for name, tc := range map[string]struct {
		answer string
		kind   pull.ErrorKind
		says   string
	}{
		"good":                  {"200 " + good, "", "the app “Lecker”"},
		"unknown":               {`401 {"code":0,"message":"401: Unauthorized"}`, pull.Denied, "knows no bot"},
		"of another app":        {"200 " + strings.Replace(good, application, "12", 1), pull.Denied, "application 12"},
		"with another's key":    {"200 " + strings.Replace(good, public(private()), public(appPrivate()), 1), pull.Denied, "public key is not"},
		"somebody else":         {"200 <html>", pull.Unusable, "is not Discord"},
		"somebody else in JSON": {"200 {}", pull.Unusable, "is not Discord"},
		"busy":                  {"500 ", pull.Unavailable, "did not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			bot, ok := suite().Open(t, newAPI(t, map[string][]string{"GET /applications/@me": {tc.answer}}).URL, nil).(*discord.Bot)
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

func TestAReaderIsFoundByWhatDiscordCallsThem(t *testing.T) {
	bot := suite().Open(t, nowhere, nil).(messengers.Identifier)
	for typed, want := range map[string]string{"7001": "7001", "<@7001>": "7001", "<@!7001>": "7001", "7001/88": "7001", "ann#1234": "", "": "", "-1": ""} {
		if id, ok := bot.Identify(typed); ok != (want != "") || ok && id != want {
			t.Errorf("%q is %q, %v", typed, id, ok)
		}
	}
}
