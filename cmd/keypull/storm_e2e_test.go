package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // some platforms sign by it
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"hash"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// spoilt is how many times each delivery is sent in another shape.
var spoilt = flag.Int("spoilt", 4, "`times` that each delivery of the storm is spoilt")

const stormSecret = "0123456789abcdef0123456789abcdef"

// aStormed is a channel of a kind, and how its platform proves a body.
type aStormed struct {
	folder, settings, path string
	prove                  func(r *http.Request, body []byte)
}

func mac(by func() hash.Hash, key, text string) []byte {
	h := hmac.New(by, []byte(key))
	h.Write([]byte(text))
	return h.Sum(nil)
}

func header(name string, value func(body string) string) func(*http.Request, []byte) {
	return func(r *http.Request, body []byte) { r.Header.Set(name, value(string(body))) }
}

func hub(body string) string {
	return "sha256=" + hex.EncodeToString(mac(sha256.New, stormSecret, body))
}

func stormKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed([]byte(stormSecret)) }

func slackProof(r *http.Request, body []byte) {
	at := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("X-Slack-Request-Timestamp", at)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac(sha256.New, stormSecret, "v0:"+at+":"+string(body))))
}

func discordProof(r *http.Request, body []byte) {
	at := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("X-Signature-Timestamp", at)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(stormKey(), append([]byte(at), body...))))
}

func partnerProof(r *http.Request, body []byte) {
	at, sum := strconv.FormatInt(time.Now().Unix(), 10), sha256.Sum256(body)
	id := "msg_" + hex.EncodeToString(sum[:9])
	r.Header.Set("Webhook-Id", id)
	r.Header.Set("Webhook-Timestamp", at)
	r.Header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac(sha256.New, stormSecret, id+"."+at+"."+string(body))))
}

func wechatProof(r *http.Request, body []byte) {
	q, sum := r.URL.Query(), sha256.Sum256(body)
	q.Set("timestamp", strconv.FormatInt(time.Now().Unix(), 10))
	q.Set("nonce", hex.EncodeToString(sum[:8]))
	parts := []string{stormSecret, q.Get("timestamp"), q.Get("nonce")}
	slices.Sort(parts)
	proof := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the platform's own
	q.Set("signature", hex.EncodeToString(proof[:]))
	r.URL.RawQuery = q.Encode()
}

func twilioProof(r *http.Request, body []byte) {
	text := r.URL.String()
	if fields, err := url.ParseQuery(string(body)); err == nil {
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			text += name + fields.Get(name)
		}
	}
	r.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac(sha1.New, stormSecret, text)))
}

// stormed are channels of all kinds that listen, by their ids.
func stormed(api string) map[string]aStormed {
	base := fmt.Sprintf("api_base = %q\n", api)
	meta := fmt.Sprintf("access_token = \"t\"\napp_secret = %q\nverify_token = \"v\"\n", stormSecret) + base
	bearer := header("Authorization", func(string) string { return "Bearer " + stormSecret })
	return map[string]aStormed{
		"telegram": {"telegram", fmt.Sprintf("token = %q\nsecret_token = %q\n", botToken, stormSecret) + base, "",
			header("X-Telegram-Bot-Api-Secret-Token", func(string) string { return stormSecret })},
		"whatsapp":  {"whatsapp", "phone_number_id = \"106540352242922\"\n" + meta, "", header("X-Hub-Signature-256", hub)},
		"messenger": {"messenger", "page_id = \"102030405060708\"\n" + meta, "", header("X-Hub-Signature-256", hub)},
		"instagram": {"instagram", "account_id = \"17841400000000000\"\n" + meta, "", header("X-Hub-Signature-256", hub)},
		"slack":     {"slack", fmt.Sprintf("bot_token = \"xoxb-1\"\nsigning_secret = %q\n", stormSecret) + base, "", slackProof},
		"discord": {"discord", fmt.Sprintf("application_id = \"100\"\npublic_key = %q\nbot_token = \"t\"\n",
			hex.EncodeToString(stormKey().Public().(ed25519.PublicKey))) + base, "", discordProof},
		"line": {"line", fmt.Sprintf("channel_secret = %q\nchannel_access_token = \"t\"\n", stormSecret) + base, "",
			header("X-Line-Signature", func(b string) string {
				return base64.StdEncoding.EncodeToString(mac(sha256.New, stormSecret, b))
			})},
		"viber": {"viber", fmt.Sprintf("auth_token = %q\n", stormSecret) + base, "",
			header("X-Viber-Content-Signature", func(b string) string { return hex.EncodeToString(mac(sha256.New, stormSecret, b)) })},
		"wechat": {"wechat", fmt.Sprintf("app_id = \"wx1\"\napp_secret = \"s\"\ntoken = %q\n", stormSecret) + base, "", wechatProof},
		"http": {"httpjson", fmt.Sprintf("secret = \"whsec_%s\"\nreply_url = %q\n", base64.StdEncoding.EncodeToString([]byte(stormSecret)), api), "",
			partnerProof},
		"sms-twilio": {"smstwilio/testdata/sms", fmt.Sprintf("account_sid = \"AC1\"\nauth_token = %q\nfrom = \"+33700000000\"\n", stormSecret) + base, "", twilioProof},
		"sms-kannel": {"smskannel", fmt.Sprintf("secret = %q\nsendsms_url = %q\nusername = \"u\"\npassword = \"p\"\n", stormSecret, api), stormSecret, nil},
		"matrix":     {"matrix", fmt.Sprintf("homeserver = %q\naccess_token = \"t\"\nhs_token = %q\nuser_id = \"@keys:example.org\"\n", api, stormSecret), "", bearer},
		"teams":      {"teams", fmt.Sprintf("app_id = \"a\"\napp_secret = \"s\"\ntenant = \"t\"\nopenid_url = %q\n", api) + base, "", bearer},
		"alexa":      {"alexa", "skill_id = \"amzn1.ask.skill.1\"\n", "", nil},
		"mcp": {"mcp", "anonymous = true\nbudget = { channel = 0, address = 0 }\n", "",
			func(r *http.Request, _ []byte) { r.Header.Del("Authorization") }},
	}
}

// elsewhere are hosts that deliveries ask to be answered at, in JSON and in forms.
var elsewhere = regexp.MustCompile(`hooks\.slack\.com`)

// stormBodies spoils a body as nobody sends it: bits, types, depth, NUL, halves of
// characters, and length.
func stormBodies(random *rand.Rand, body []byte, times int) [][]byte {
	all := [][]byte{body}
	for range times {
		b := bytes.Clone(body)
		for range 1 + random.IntN(4) {
			if len(b) > 0 {
				b[random.IntN(len(b))] ^= 1 << random.IntN(8)
			}
		}
		all = append(all, b)
		for _, with := range []string{
			`null`, `[]`, `{}`, `-1e400`, `""`, `true`, `"\ud800"`, `"\u0000"`, `12345678901234567890123`,
			strings.Repeat(`[`, 1000) + strings.Repeat(`]`, 1000), `"` + strings.Repeat("x", 4096) + `"`,
		} {
			if b, ok := retyped(random, body, json.RawMessage(with)); ok && random.IntN(3) == 0 {
				all = append(all, b)
			}
		}
	}
	all = append(all, body[:len(body)/2], bytes.ReplaceAll(body, []byte("a"), []byte("\x00")), bytes.ReplaceAll(body, []byte("e"), []byte("\xed\xa0\x80")))
	if random.IntN(8) == 0 {
		long := `"` + strings.Repeat("long ", 200_000) + `"`
		if b, ok := retyped(random, body, json.RawMessage(long)); ok {
			all = append(all, b)
		}
		all = append(all, []byte(strings.Repeat(`{"a":[`, 100_000)))
	}
	return all
}

// retyped puts another value in one place of a JSON document.
func retyped(random *rand.Rand, body []byte, with json.RawMessage) ([]byte, bool) {
	var root any
	if json.Unmarshal(body, &root) != nil {
		return nil, false
	}
	for at := root; ; {
		var within any
		switch in := at.(type) {
		case map[string]any:
			names := slices.Sorted(maps.Keys(in))
			if len(names) == 0 {
				return nil, false
			}
			name := names[random.IntN(len(names))]
			if within = in[name]; !holds(within) || random.IntN(4) == 0 {
				in[name] = with
				spoilt, err := json.Marshal(root)
				return spoilt, err == nil
			}
		case []any:
			if len(in) == 0 {
				return nil, false
			}
			within = in[random.IntN(len(in))]
		default:
			return nil, false
		}
		at = within
	}
}

func holds(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// storm sends a delivery, proven as the platform would, and fails where it costs
// the service an error.
func (s *service) storm(t *testing.T, id string, c aStormed, d messengers.Delivery, body []byte) {
	t.Helper()
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	at.Path, at.RawQuery = "/hook/lecker/"+id+"/"+strings.TrimPrefix(d.Path, "/"), url.Values(d.Query).Encode()
	if c.path != "" {
		at.Path = "/hook/lecker/" + id + "/" + c.path
	}
	if c.folder == "mcp" {
		at.Path = "/mcp/lecker/" + id
	}
	r, err := http.NewRequestWithContext(t.Context(), d.Method, at.String(), bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range d.Header {
		if !strings.HasPrefix(name, "Content-Length") {
			r.Header[name] = values
		}
	}
	if c.prove != nil {
		c.prove(r, body)
	}
	res, err := e2eClient.Do(r)
	if err != nil {
		t.Fatalf("%s did not answer %.200q: %v", id, body, err)
	}
	_ = res.Body.Close()
	if res.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%s answered %d to %s %s %.300q", id, res.StatusCode, d.Method, at.Path, body)
	}
	if res.StatusCode < http.StatusMultipleChoices {
		s.weathered[id]++
	}
}

// held returns what the process holds when nothing is under way.
func (s *service) held() (bytes uint64, goroutines int) {
	eventually(s.t, "every ask is answered", func() bool {
		for _, l := range s.pipeline.Loads() {
			if l.Asks > 0 {
				return false
			}
		}
		return true
	})
	e2eClient.CloseIdleConnections()
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapInuse, runtime.NumGoroutine()
}

func TestNoDeliveryBringsTheServiceDown(t *testing.T) {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"ok":true,"status":0,"errcode":0,"result":{"message_id":1},"id":"1","ts":"1.1","messages":[{"id":"wamid.1"}],"message_id":"m","access_token":"t","expires_in":3600,"joined":{}}`))
	}))
	t.Cleanup(api.Close)
	channels := stormed(api.URL)
	parts := []string{sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), keywordBlock("news", "hours")}
	ids := slices.Sorted(maps.Keys(channels))
	for _, id := range ids {
		parts = append(parts, fmt.Sprintf("\n[[publisher.channel]]\nid = %q\nkind = %q\n[publisher.channel.settings]\n%s", id, id, channels[id].settings))
	}
	s := serveConfig(t, parts...)
	s.weathered = map[string]int{}
	random := rand.New(rand.NewPCG(14, 18)) //nolint:gosec // the same storm each time
	sent := 0
	round := func(times int) {
		for _, id := range ids {
			c := channels[id]
			folder := c.folder
			if !strings.Contains(folder, "/") {
				folder += "/testdata"
			}
			names, _ := filepath.Glob("../../web/messengers/" + folder + "/*.http")
			if len(names) == 0 {
				t.Fatalf("no deliveries of %s", id)
			}
			for _, name := range names {
				d, err := messengertest.Load(name)
				if err != nil {
					t.Fatal(err)
				}
				for _, body := range stormBodies(random, elsewhere.ReplaceAll(d.Body, []byte("127.0.0.1")), times) {
					s.storm(t, id, c, d, body)
					sent++
				}
			}
		}
	}
	round(1)
	before, goroutines := s.held()
	round(*spoilt)
	after, still := s.held()
	t.Logf("%d deliveries; the heap is %d KiB and was %d, goroutines %d and %d; taken: %v", sent, after>>10, before>>10, still, goroutines, s.weathered)
	if after > before+24<<20 || still > goroutines+100 {
		t.Errorf("the storm leaves %d KiB and %d goroutines behind", (after-before)>>10, still-goroutines)
	}
	for _, id := range ids {
		if s.weathered[id] == 0 && channels[id].prove != nil && id != "teams" {
			t.Errorf("%s took nothing: the storm never got past its door", id)
		}
	}
	if a := request(t, http.MethodGet, s.URL+"/readyz", "", nil); a.status != http.StatusOK {
		t.Errorf("after the storm it is not ready: %d %s", a.status, a.body)
	}
}
