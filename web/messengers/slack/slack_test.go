package slack_test

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/slack"
)

const (
	token     = "xoxb-0123456789-abcdef"
	signing   = "8f742231b10e8888abcd99yyyzzz85a5"
	appSecret = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	nowhere   = "http://127.0.0.1:9"
)

// signedWith signs a delivery at its moment.
func signedWith(secret string, d messengers.Delivery) messengers.Delivery {
	d.Header = maps.Clone(d.Header)
	if d.Header == nil {
		d.Header = map[string][]string{}
	}
	stamp := strconv.FormatInt(messengertest.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + string(d.Body)))
	d.Header["X-Slack-Request-Timestamp"] = []string{stamp}
	d.Header["X-Slack-Signature"] = []string{"v0=" + hex.EncodeToString(mac.Sum(nil))}
	return d
}

func signed(d messengers.Delivery) messengers.Delivery { return signedWith(signing, d) }

func forged(d messengers.Delivery) messengers.Delivery {
	d.Header["X-Slack-Signature"] = []string{"v0=" + strings.Repeat("0", 64)}
	return d
}

func delivery(kind, body string) messengers.Delivery {
	return messengers.Delivery{Method: http.MethodPost, Header: map[string][]string{"Content-Type": {kind}}, Body: []byte(body), At: messengertest.Now()}
}

// event returns one in the workspace, of a person unless its JSON says otherwise.
func event(team, inner string) messengers.Delivery {
	return delivery("application/json", `{"type":"event_callback","team_id":"`+team+`","api_app_id":"A0KRQLJ9H","event_id":"Ev1","authorizations":[{"team_id":"`+team+`","user_id":"U0BOT","is_bot":true}],"event":`+inner+`}`)
}

func written(kind, user, channel, ts, text string) string {
	return `{"type":"` + kind + `","user":"` + user + `","channel":"` + channel + `","ts":"` + ts + `","text":"` + text + `"}`
}

func command(team, trigger string) messengers.Delivery {
	return delivery("application/x-www-form-urlencoded", url.Values{
		"team_id": {team}, "user_id": {"U1"}, "channel_id": {"C1"}, "command": {"/lecker"}, "text": {"news"}, "trigger_id": {trigger},
	}.Encode())
}

func press(user, channel, sends, trigger string) messengers.Delivery {
	return delivery("application/x-www-form-urlencoded", url.Values{"payload": {
		`{"type":"block_actions","trigger_id":"` + trigger + `","team":{"id":"T1"},"user":{"id":"` + user + `"},"channel":{"id":"` + channel + `"},` +
			`"message":{"ts":"1.5","thread_ts":"1.2"},"actions":[{"type":"button","text":{"text":"News"},"value":"` + sends + `"}]}`,
	}}.Encode())
}

func suite() messengertest.Case {
	thing := func(ts, kind string) messengers.Delivery {
		return signed(event("T061EG9R6", `{"type":"message","subtype":"file_share","user":"U1","channel":"D1","ts":"4.`+ts+`","text":"","files":[{"id":"F1","name":"a","mimetype":"`+kind+`"}]}`))
	}
	return messengertest.Case{
		Lacks: map[string]string{messengertest.Stickers: "Slack knows no stickers", messengertest.Places: "Slack knows no places"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures: thing("1", "image/png"), messengertest.Recordings: thing("2", "audio/mp4"), messengertest.Videos: thing("3", "video/mp4"),
			messengertest.Files: thing("4", "application/pdf"), messengertest.Contacts: thing("5", "text/vcard"),
		},
		Doubts: []messengertest.Doubtful{
			{Name: "all rights", Platform: scoped("app_mentions:read,channels:read,chat:write,commands,groups:read,im:history,im:write,mpim:history,reactions:read")},
			{Name: "a right is missing", Step: messengers.StepRights, Platform: scoped("app_mentions:read,channels:read,chat:write,commands")},
		},
		Shows: "Authorization: Bearer {bot_token}", Alone: "ephemeral",
		Kind: slack.Kind, Settings: map[string]any{"bot_token": token, "signing_secret": signing, "team_id": "T061EG9R6"}, Base: "api_base",
		Folder: "testdata", Sign: signed, Forge: forged, Replay: 5 * time.Minute,
		Groups: []messengertest.Group{{
			Name: "by a mention", Member: signed(event("T061EG9R6", written("app_mention", "U1", "C1", "2.1", "<@U0BOT> news"))),
			Other:   signed(event("T061EG9R6", written("app_mention", "U2", "C1", "2.2", "<@U0BOT> news"))),
			Private: signed(event("T061EG9R6", written("message", "U1", "D1", "2.3", "news"))),
		}, {
			Name: "by a button", Member: signed(team(press("U1", "C1", "k:news", "tr.1"))), Other: signed(team(press("U2", "C1", "k:news", "tr.2"))),
			Private: signed(team(press("U1", "D1", "k:news", "tr.3"))),
		}},
		Unasked: []messengers.Delivery{
			signed(event("T061EG9R6", written("message", "U1", "C1", "3.1", "said among friends"))),
			signed(event("T061EG9R6", written("message", "U0BOT", "D1", "3.2", "said by ourselves"))),
			signed(event("T061EG9R6", written("message", "USLACKBOT", "D1", "3.4", "said by Slack"))),
			signed(event("T9", written("message", "U1", "D1", "3.3", "said elsewhere"))),
		},
		Edits: []messengers.Delivery{
			signed(event("T061EG9R6", `{"type":"message","subtype":"message_changed","channel":"D024BE91L","message":{"type":"message","user":"W012A3CDE","text":"x","ts":"1795165190.000200","edited":{"user":"W012A3CDE"}}}`)),
			signed(event("T061EG9R6", `{"type":"message","subtype":"message_deleted","channel":"D024BE91L","deleted_ts":"1795165190.000200"}`)),
		},
		Label: "text",
		Press: func(sends string) messengers.Delivery {
			return signed(team(press("U1", "D1", sends, "tr."+messengertest.Fresh())))
		},
		Foreign: func(sends, label string) []messengers.Delivery {
			button := press("U1", "D1", sends, "tr.5")
			button.Body = bytes.ReplaceAll(button.Body, []byte("News"), []byte(label))
			chosen := button
			chosen.Body = bytes.ReplaceAll(button.Body, []byte(url.QueryEscape(`"type":"button","text":{"text":"`+label+`"},"value":"`+sends+`"`)),
				[]byte(url.QueryEscape(`"type":"static_select","selected_option":{"text":{"text":"`+label+`"},"value":"`+sends+`"}`)))
			former := delivery("application/x-www-form-urlencoded", url.Values{"payload": {
				`{"type":"interactive_message","trigger_id":"tr.6","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"D1"},"message_ts":"1.5","callback_id":"x",` +
					`"actions":[{"name":"x","type":"button","value":"` + sends + `"}]}`,
			}}.Encode())
			return []messengers.Delivery{signed(team(button)), signed(team(chosen)), signed(team(former))}
		},
		Tells: messengers.Reacted,
		Told: func(id string) messengers.Delivery {
			channel, ts, _ := strings.Cut(id, "/")
			return signed(event("T061EG9R6", `{"type":"reaction_added","user":"U1","reaction":"thumbsdown","item":{"type":"message","channel":"`+channel+`","ts":"`+ts+`"}}`))
		},
		Address: "D1", Other: "U7/C7", Success: `{"ok":true,"channel":"D1","ts":"1795165300.000100"}`, ID: "D1/1795165300.000100",
		Rejected: map[string]messengers.Fault{
			`{"ok":false,"error":"ratelimited"}`:                         messengers.LimitedUntil,
			`{"ok":false,"error":"channel_not_found"}`:                   messengers.Permanent,
			`{"ok":false,"error":"token_revoked"}`:                       messengers.TokenInvalid,
			`{"ok":false,"error":"missing_scope","needed":"chat:write"}`: messengers.TokenInvalid,
			`{"ok":false,"error":"internal_error"}`:                      messengers.Temporary,
			`<html>`:                                                     messengers.Uncertain,
		},
		Refused: func(no httpapi.Fault) (int, string) {
			return cmp.Or(no.Status, 200), `{"ok":false,"error":"` + cmp.Or(no.Codes, "unknown") + `"}`
		},
		Faults: map[int]messengers.Fault{403: messengers.TokenInvalid},
		Revoked: []messengertest.Revoked{
			{Status: 200, Body: `{"ok":false,"error":"invalid_auth"}`}, {Status: 200, Body: `{"ok":false,"error":"account_inactive"}`},
			{Status: 200, Body: `{"ok":false,"error":"token_revoked"}`}, {Status: 200, Body: `{"ok":false,"error":"token_expired"}`}, {Status: 403},
			{Status: 200, Body: `{"ok":false,"error":"enterprise_is_restricted"}`}, {Status: 200, Body: `{"ok":false,"error":"team_access_not_granted"}`},
		},
		App: &messengertest.AppCase{
			Settings: map[string]any{"signing_secret": appSecret}, Others: []map[string]any{{"team_id": "T0OTHER"}}, Apart: true,
			Deliveries: []messengers.Delivery{
				appSigned(event("T061EG9R6", written("message", "U1", "D1", "5.1", "news"))), appSigned(event("T0OTHER", written("message", "U1", "D1", "5.2", "news"))),
				appSigned(command("T0OTHER", "tr.5")), appSigned(team(press("U1", "D1", "k:news", "tr.6"))),
				appSigned(delivery("application/json", `{"type":"url_verification","challenge":"abc"}`)),
			},
			Sign: appSigned, Forge: forged,
		},
	}
}

func appSigned(d messengers.Delivery) messengers.Delivery { return signedWith(appSecret, d) }

// team has what was pressed be in the case's own workspace.
func team(d messengers.Delivery) messengers.Delivery {
	d.Body = []byte(strings.Replace(string(d.Body), url.QueryEscape(`"T1"`), url.QueryEscape(`"T061EG9R6"`), 1))
	return d
}

func TestSlackKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}

func FuzzReceive(f *testing.F) {
	for _, d := range []messengers.Delivery{
		event("T061EG9R6", written("app_mention", "U1", "C1", "2.1", "<@U0BOT> news <https://x|y> &lt;")), command("T061EG9R6", "tr.1"),
		press("U1", "C1", "k:news", "tr.2"), delivery("application/json", `{"type":"url_verification","challenge":"abc"}`),
		event("T061EG9R6", `{"type":"message","subtype":"message_changed","channel":"D1","message":{"user":"U1","ts":"1.1","edited":{}},"text":"\ud800\u0000"}`),
	} {
		f.Add(d.Header["Content-Type"][0], d.Body)
	}
	m := suite().Open(f, nowhere, nil)
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		r, err := m.Receive(t.Context(), signed(delivery(kind, string(body))))
		if err != nil || r.Status >= http.StatusBadRequest {
			t.Fatalf("status %d, %v", r.Status, err)
		}
		for _, in := range r.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" || strings.Contains(in.Text+in.Tap, "\x00") {
				t.Errorf("an ask of nobody: %+v", in)
			}
		}
	})
}

// scoped answers for a token with some rights.
func scoped(rights string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-OAuth-Scopes", rights)
		_, _ = w.Write([]byte(`{"ok":true,"team":"Lecker","team_id":"T061EG9R6","user":"lecker","app_id":"A1"}`))
	}
}
