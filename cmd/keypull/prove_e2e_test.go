package main

import (
	"bufio"
	"bytes"
	"crypto/sha1" //nolint:gosec // the platform's own
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
)

// doorway is what the world reaches the service by: a proxy with a certificate.
type doorway struct {
	*httptest.Server
	to atomic.Pointer[string]
	// roots is the file that its certificate is believed by.
	roots string
}

func newDoorway(t *testing.T) *doorway {
	t.Helper()
	d := &doorway{}
	d.Server = httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		inside, _ := url.Parse(*d.to.Load())
		r.SetURL(inside)
		r.Out.Host = r.In.Host
	}})
	t.Cleanup(d.Close)
	d.roots = filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(d.roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: d.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

// proving is a channel whose account somebody proves.
type proving struct {
	*service
	door *doorway
	kind string
}

// write has a reader's word be delivered, as the platform does it with a secret.
func (p proving) write(secret string) {
	p.t.Helper()
	at := strconv.FormatInt(time.Now().Unix(), 10)
	header := map[string]string{"Content-Type": "application/json"}
	var body string
	switch p.kind {
	case "whatsapp":
		body = fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":%q,"changes":[{"field":"messages","value":{"metadata":{"display_phone_number":"4930901820","phone_number_id":%q},`+
			`"messages":[{"from":"4915112345678","id":"wamid.I1","timestamp":%q,"type":"text","text":{"body":"hours"}}]}}]}]}`, businessID, numberID, at)
		header["X-Hub-Signature-256"] = "sha256=" + hex.EncodeToString(mac(sha256.New, secret, body))
	case "slack":
		body = `{"type":"event_callback","team_id":"T1","api_app_id":"A1","event":{"type":"message","channel_type":"im","channel":"D1","user":"U1","ts":"` + at + `.1","text":"hours"}}`
		header["X-Slack-Request-Timestamp"] = at
		header["X-Slack-Signature"] = "v0=" + hex.EncodeToString(mac(sha256.New, secret, "v0:"+at+":"+body))
	case "sms-twilio":
		form := url.Values{"MessageSid": {"SM1"}, "AccountSid": {"AC1"}, "From": {"+4915112345678"}, "To": {"+15005550006"}, "Body": {"hours"}}
		text := p.door.URL + "/hook/lecker/sms-twilio"
		for _, name := range slices.Sorted(maps.Keys(form)) {
			text += name + form.Get(name)
		}
		body, header["Content-Type"] = form.Encode(), "application/x-www-form-urlencoded"
		header["X-Twilio-Signature"] = base64.StdEncoding.EncodeToString(mac(sha1.New, secret, text))
	default:
		return
	}
	request(p.t, http.MethodPost, p.URL+"/hook/lecker/"+p.kind, body, header)
}

// prove runs the command as a process, which believes the doorway, and has a word be
// written once it asks for one.
func (p proving) prove(secret string, args ...string) (code int, stdout string) {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), os.Args[0], append([]string{"channel", "prove", "-c", p.path, "--channel", p.kind}, args...)...) //nolint:gosec // the test binary itself
	cmd.Env = append(os.Environ(), asProcess+"=1", "SSL_CERT_FILE="+p.door.roots)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		stdout += lines.Text() + "\n"
		if secret != "" && strings.HasPrefix(lines.Text(), "Write a word") {
			p.write(secret)
		}
	}
	_ = cmd.Wait() // its code tells
	if strings.Contains(stdout+stderr.String(), kindToken) || strings.Contains(stdout+stderr.String(), kindSecret) {
		p.t.Errorf("a secret is told: %s%s", stdout, &stderr)
	}
	return cmd.ProcessState.ExitCode(), stdout + stderr.String()
}

// refusingMailbox is a mail server that lets nobody in.
func refusingMailbox(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				_, _ = io.WriteString(c, "220 mail.example.org ESMTP\r\n")
				for lines := bufio.NewScanner(c); lines.Scan(); {
					said := "250 ok\r\n"
					switch command, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " "); command {
					case "EHLO":
						said = "250-mail.example.org\r\n250 AUTH PLAIN LOGIN\r\n"
					case "AUTH":
						said = "535 5.7.8 authentication failed\r\n"
					}
					_, _ = io.WriteString(c, said)
				}
			}()
		}
	}()
	return l.Addr().String()
}

// platformSays answers by the end of a call's path; an answer that begins with digits
// has that status. All others are answered by "". Its clock is so much behind.
func platformSays(t *testing.T, behind time.Duration, header, says map[string]string) string {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(-behind).UTC().Format(http.TimeFormat))
		for name, value := range header {
			w.Header().Set(name, value)
		}
		said := says[""]
		for end, one := range says {
			if end != "" && strings.HasSuffix(r.URL.Path, end) {
				said = one
			}
		}
		if code, rest, ok := strings.Cut(said, " "); ok && len(code) == 3 {
			status, _ := strconv.Atoi(code)
			w.WriteHeader(status)
			said = rest
		}
		_, _ = io.WriteString(w, said)
	}))
	t.Cleanup(api.Close)
	return api.URL
}

const allScopes = "app_mentions:read,channels:read,chat:write,commands,groups:read,im:history,im:write,mpim:history,reactions:read"

// TestEachMistakeOfAnAccountIsNamedWhereItIsMade walks accounts at platforms that behave
// as their documents say, each with one mistake.
func TestEachMistakeOfAnAccountIsNamedWhereItIsMade(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		kind string
		// behind is how far the platform's clock is.
		behind time.Duration
		header map[string]string
		says   map[string]string
		// config is laid over the channel's settings; signed is the secret by which a word
		// comes, none where nobody writes.
		config []string
		signed string
		// away: what the public address leads to is another server.
		away bool
		// state is the step that is not good, and what is said of it.
		state, step, said string
	}{
		"nothing": {kind: "whatsapp", signed: kindSecret, state: "ok", step: "Answer", said: "left"},
		"a wrong token": {
			kind: "telegram", says: map[string]string{"": `401 {"ok":false,"error_code":401,"description":"Unauthorized"}`},
			state: "missing", step: "Account", said: "knows no bot by this token",
		},
		"a token whose number is another's": {
			kind: "whatsapp", says: map[string]string{numberID: `400 {"error":{"message":"Unsupported get request","type":"GraphMethodException","code":100,"error_subcode":33}}`},
			state: "missing", step: "Account", said: "knows no such account",
		},
		"a webhook at another address": {
			kind: "telegram", says: map[string]string{"/getWebhookInfo": `{"ok":true,"result":{"url":"https://elsewhere.example/hook"}}`},
			state: "missing", step: "Webhook", said: "elsewhere.example",
		},
		"a webhook that the world can't reach": {
			kind: "telegram", says: map[string]string{"/getWebhookInfo": `{"ok":true,"result":{"url":"HOOK","pending_update_count":2,"last_error_date":1,"last_error_message":"Connection timed out","allowed_updates":["callback_query","edited_message","message","message_reaction","my_chat_member"]}}`},
			state: "missing", step: "Address", said: "Connection timed out",
		},
		"a proxy that leads elsewhere": {kind: "slack", away: true, state: "missing", step: "Address", said: "is not this channel of this server"},
		"a right that is missing": {
			kind: "slack", header: map[string]string{"X-OAuth-Scopes": "commands,chat:write"},
			state: "missing", step: "Rights", said: "im:history",
		},
		"another signing secret": {kind: "slack", signed: "another-secret-0123456789", state: "missing", step: "Message", said: "signature or secret"},
		"a clock that is off": {
			kind: "slack", behind: 20 * time.Minute,
			state: "missing", step: "Clock", said: "20 minutes",
		},
		"nobody's word is delivered": {kind: "slack", state: "missing", step: "Message", said: "Nothing came"},
		"a telephone that is not listed": {
			kind: "whatsapp", signed: kindSecret, says: map[string]string{"/messages": `400 {"error":{"message":"(#131030) Recipient phone number not in allowed list","type":"OAuthException","code":131030}}`},
			state: "missing", step: "Answer", said: "API Setup",
		},
		"a token that ends soon": {
			kind: "whatsapp", signed: kindSecret, says: map[string]string{"/debug_token": fmt.Sprintf(`{"data":{"is_valid":true,"expires_at":%d,"scopes":["whatsapp_business_messaging","whatsapp_business_management"]}}`, time.Now().Add(48*time.Hour).Unix())},
			state: "mind", step: "Rights", said: "ends on",
		},
		"a number to try with": {
			kind: "whatsapp", signed: kindSecret, says: map[string]string{numberID: `{"display_phone_number":"+49 30 901820","verified_name":"Test Number","account_mode":"SANDBOX","webhook_configuration":{"application":"HOOK"}}`},
			state: "mind", step: "Answer", said: "test number",
		},
		"a trial account whose reader is not verified": {
			kind: "sms-twilio", signed: kindSecret, says: map[string]string{"/Messages.json": `400 {"code":21608,"message":"The number is unverified. Trial accounts cannot send messages to unverified numbers","status":400}`},
			state: "missing", step: "Answer", said: "Verified Caller IDs",
		},
		"a number of another account": {
			kind: "sms-twilio", says: map[string]string{"/IncomingPhoneNumbers.json": `{"incoming_phone_numbers":[]}`},
			state: "missing", step: "Webhook", said: "has no number",
		},
		"a mailbox that lets nobody in": {kind: "email", config: []string{quoted("smtp", "MAILBOX")}, state: "missing", step: "Account", said: "refuses user name and password"},
		"a port that is blocked":        {kind: "email", config: []string{quoted("smtp", "127.0.0.1:1")}, state: "missing", step: "Account", said: "does not answer"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			door := newDoorway(t)
			hook := door.URL + "/hook/lecker/" + tc.kind
			good := map[string]map[string]string{
				"telegram": {
					"":               `{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"Lecker","username":"lecker_bot","message_id":1}}`,
					"/getMyCommands": `{"ok":true,"result":[]}`, "/getWebhookInfo": `{"ok":true,"result":{"url":"HOOK"}}`,
				},
				"whatsapp": {
					"": `{"success":true,"data":[]}`, "/messages": `{"messages":[{"id":"wamid.O1"}]}`, "/app": `{"id":"77"}`,
					numberID:       `{"display_phone_number":"+49 30 901820","verified_name":"Lecker","account_mode":"LIVE","webhook_configuration":{"application":"HOOK"}}`,
					"/debug_token": `{"data":{"is_valid":true,"expires_at":0,"scopes":["whatsapp_business_messaging","whatsapp_business_management"]}}`,
				},
				"slack": {"": `{"ok":true,"team":"Lecker","team_id":"T1","user":"lecker","app_id":"A1","ts":"180.1","channel":"D1"}`},
				"sms-twilio": {
					"": `{"sid":"AC1","friendly_name":"Lecker","status":"active","type":"Trial"}`, "/Messages.json": `201 {"sid":"SM9","status":"queued"}`,
					"/IncomingPhoneNumbers.json": `{"incoming_phone_numbers":[{"sid":"PN1","sms_url":"HOOK","sms_method":"POST"}]}`,
				},
			}[tc.kind]
			says := maps.Clone(good)
			maps.Copy(says, tc.says)
			for end := range says {
				says[end] = strings.ReplaceAll(says[end], "HOOK", hook)
			}
			header := tc.header
			if header == nil {
				header = map[string]string{"X-OAuth-Scopes": allScopes}
			}
			api := quoted("api_base", platformSays(t, tc.behind, header, says))
			config := map[string][]string{
				"telegram": {quoted("token", "123456:"+kindToken), quoted("secret_token", kindSecret), api},
				"whatsapp": {quoted("phone_number_id", numberID), quoted("access_token", kindToken), quoted("app_secret", kindSecret), quoted("verify_token", "e2e-word"), api},
				"slack":    {quoted("bot_token", "xoxb-"+kindToken), quoted("signing_secret", kindSecret), quoted("team_id", "T1"), api},
				"sms-twilio": {
					quoted("account_sid", "AC1"), quoted("auth_token", kindSecret), quoted("from", "+15005550006"), quoted("reply", "api"), api,
				},
				"email": {quoted("address", "news@example.org"), quoted("hook_secret", kindSecret), quoted("username", "news"), quoted("password", kindToken), quoted("tls", "none")},
			}[tc.kind]
			s := newService(t, textBlock("hours", "Open from 9 to 17."), kindBlock(tc.kind, "",
				append(config, strings.Split(strings.ReplaceAll(strings.Join(tc.config, "\n"), "MAILBOX", refusingMailbox(t)), "\n")...)...))
			text, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			text = bytes.Replace(text, []byte("[server]\n"), fmt.Appendf(nil, "[server]\npublic_url = %q\ntrusted_proxies = [\"127.0.0.1/32\"]\n", door.URL), 1)
			if err := os.WriteFile(s.path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			s.start()
			t.Cleanup(s.stop)
			inside := s.URL
			if tc.away {
				other := httptest.NewServer(http.NotFoundHandler())
				t.Cleanup(other.Close)
				inside = other.URL
			}
			door.to.Store(&inside)
			p, report := proving{s, door, tc.kind}, filepath.Join(t.TempDir(), "report.md")
			wait := patience.String()
			if tc.signed == "" {
				wait = "1s"
			}
			code, said := p.prove(tc.signed, "--wait", wait, "--report", report)
			if want := map[bool]int{true: cli.Findings, false: cli.Done}[tc.state == "missing"]; code != want {
				t.Errorf("it ended with %d", code)
			}
			found := false
			for line := range strings.Lines(said) {
				fields := strings.TrimSpace(line)
				found = found || strings.HasPrefix(fields, tc.state) && strings.Contains(fields, " "+tc.step+": ") && strings.Contains(fields, tc.said)
			}
			if written, err := os.ReadFile(report); err != nil || !strings.Contains(string(written), tc.said) || !strings.HasPrefix(string(written), "# ") { //nolint:gosec // of this test
				t.Errorf("the report: %v\n%s", err, written)
			}
			if !found || strings.Count(said, "\n  missing ") > 1 {
				t.Errorf("%s of %s was to be named, with %q:\n%s", tc.state, tc.step, tc.said, said)
			}
		})
	}
}

func TestAProofIsOfOneAccountAndSaysAsJSONWhatItSaysInWords(t *testing.T) {
	s := serveConfig(t, textBlock("hours", "Open from 9 to 17."), chatBlock(), telegramBlock(faceAPI(t).URL, `updates = "poll"`))
	if code, _, stderr := s.run("channel prove"); code != cli.Usage || !strings.Contains(stderr, "2 channels") {
		t.Errorf("of two: %d %s", code, stderr)
	}
	code, stdout, _ := s.run("channel prove --channel web --wait 1s --json")
	var steps []string
	for line := range strings.Lines(stdout) {
		var one struct{ Step, State string }
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatal(err, line)
		}
		steps = append(steps, one.Step+" "+one.State)
	}
	if want := "account good, clock unknown, rights good, webhook unknown, reach good, arrived missing, answered unknown, delivered unknown"; code != cli.Findings || strings.Join(steps, ", ") != want {
		t.Errorf("%d, %v", code, steps)
	}
}
