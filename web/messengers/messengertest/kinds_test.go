package messengertest_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/kinds/gateway"
	"keypull/web/messengers/messengertest/kinds/official"
	"keypull/web/messengers/messengertest/kinds/pages"
	"keypull/web/messengers/messengertest/kinds/smsbox"
	"keypull/web/messengers/messengertest/kinds/workspace"
)

const secret = "signing-secret-0123456789"

// workspaceCase returns the case of the kind with signed events and commands.
func workspaceCase() messengertest.Case {
	event := func(channel, kind, user, ts string) messengers.Delivery {
		typ := map[bool]string{true: "message", false: "app_mention"}[kind == "im"]
		return signed(messengers.Delivery{
			Method: http.MethodPost, Header: map[string][]string{"Content-Type": {"application/json"}}, At: messengertest.Now(),
			Body: []byte(`{"event":{"channel":"` + channel + `","channel_type":"` + kind + `","text":"news","ts":"` + ts + `","type":"` + typ + `","user":"` + user + `"},"team_id":"T1","type":"event_callback"}`),
		})
	}
	edit := event("D1", "im", "U1", "1.1")
	edit.Body = []byte(`{"event":{"channel":"D1","channel_type":"im","message":{"text":"goals","ts":"170.1","type":"message","user":"U1"},"subtype":"message_changed","type":"message"},"team_id":"T1","type":"event_callback"}`)
	press := func(id, channel, user, sends string) messengers.Delivery {
		return signed(messengers.Delivery{
			Method: http.MethodPost, Header: map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}}, At: messengertest.Now(),
			Body: []byte(url.Values{"payload": {`{"actions":[{"text":{"text":"News"},"value":"` + sends + `"}],"channel":{"id":"` + channel + `"},"team":{"id":"T1"},"trigger_id":"` + id + `","user":{"id":"` + user + `"}}`}}.Encode()),
		})
	}
	own, heard := event("D1", "im", "U1", "3.1"), event("C1", "channel", "U1", "3.2")
	own.Body = bytes.ReplaceAll(own.Body, []byte(`"user":"U1"`), []byte(`"bot_id":"B1","user":"U9"`))
	heard.Body = bytes.ReplaceAll(heard.Body, []byte(`"app_mention"`), []byte(`"message"`))
	taken := event("D1", "im", "U1", "3.3")
	taken.Body = []byte(`{"event":{"channel":"D1","channel_type":"im","deleted_ts":"1.1","subtype":"message_deleted","type":"message"},"team_id":"T1","type":"event_callback"}`)
	file := func(ts, kind string) messengers.Delivery {
		d := event("D1", "im", "U1", ts)
		d.Body = bytes.ReplaceAll(d.Body, []byte(`"text":"news"`), []byte(`"files":[{"mimetype":"`+kind+`","name":"a"}],"text":""`))
		return signed(d)
	}
	return messengertest.Case{
		Kind: workspace.Kind, Settings: map[string]any{"bot_token": "xoxb-0123456789", "signing_secret": secret}, Base: "api_base",
		Shows: "Authorization: Bearer {bot_token}", Alone: "ephemeral", Label: "text",
		Lacks:  map[string]string{messengertest.Stickers: "a workspace knows no stickers", messengertest.Places: "a workspace knows no places", messengertest.Contacts: "a contact comes as a file"},
		Brings: map[string]messengers.Delivery{messengertest.Pictures: file("4.1", "image/png"), messengertest.Recordings: file("4.2", "audio/mp4"), messengertest.Videos: file("4.3", "video/mp4"), messengertest.Files: file("4.4", "application/pdf")},
		Folder: "kinds/workspace/testdata", Deliveries: []messengers.Delivery{event("D1", "im", "U1", "1.1"), event("D1", "im", "U1", "1.2"), signed(messengers.Delivery{
			Method: http.MethodPost, Header: map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}}, At: messengertest.Now(),
			Body: []byte("text=news&user_id=U1&team_id=T1&channel_id=D1&trigger_id=tr.9"),
		})},
		Groups: []messengertest.Group{{
			Name: "by name", Member: event("C1", "channel", "U1", "2.1"), Other: event("C1", "channel", "U2", "2.2"), Private: event("D1", "im", "U1", "2.3"),
		}, {
			Name: "by a button", Member: press("tr.1", "C1", "U1", "k:news"), Other: press("tr.2", "C1", "U2", "k:news"), Private: press("tr.3", "D1", "U1", "k:news"),
		}},
		Unasked: []messengers.Delivery{signed(own), signed(heard)},
		Press:   func(sends string) messengers.Delivery { return press("tr."+messengertest.Fresh(), "D1", "U1", sends) },
		Foreign: func(sends, label string) []messengers.Delivery {
			d := press("tr.5", "D1", "U1", sends)
			d.Body = bytes.ReplaceAll(d.Body, []byte("News"), []byte(label))
			return []messengers.Delivery{signed(d)}
		},
		Tells: messengers.Reacted,
		Told: func(id string) messengers.Delivery {
			d := event("D1", "im", "U1", "3.4")
			d.Body = []byte(`{"event":{"item":{"ts":"` + id + `"},"reaction":"+1","type":"reaction_added","user":"U1"},"team_id":"T1","type":"event_callback"}`)
			return signed(d)
		},
		Edits: []messengers.Delivery{signed(edit), signed(taken)}, Sign: signed, Replay: 5 * 60e9,
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["X-Workspace-Signature"] = []string{"v0=" + strings.Repeat("0", 64)}
			return d
		},
		Address: "D1", Other: "C7", Success: `{"ok":true,"ts":"180.5"}`, ID: "180.5",
		Rejected: map[string]messengers.Fault{`{"ok":false,"error":"ratelimited"}`: messengers.LimitedUntil, `{"ok":false,"error":"channel_not_found"}`: messengers.Permanent, `{"ok":false,"error":"token_revoked"}`: messengers.TokenInvalid},
		Revoked:  []messengertest.Revoked{{Status: 200, Body: `{"ok":false,"error":"token_revoked"}`}, {Status: 401}},
	}
}

func signed(d messengers.Delivery) messengers.Delivery {
	stamp := strconv.FormatInt(messengertest.Now().Unix(), 10)
	if d.Header == nil {
		d.Header = map[string][]string{}
	}
	d.Header["X-Workspace-Request-Timestamp"] = []string{stamp}
	d.Header["X-Workspace-Signature"] = []string{workspace.Sign(secret, stamp, d.Body)}
	return d
}

func smsboxCase() messengertest.Case {
	get := func(id, text string) messengers.Delivery {
		return messengers.Delivery{Method: http.MethodGet, Path: secret, At: messengertest.Now(), Query: map[string][]string{
			"from": {"+336001"}, "text": {text}, "id": {id},
		}}
	}
	return messengertest.Case{
		Kind: smsbox.Kind, Settings: map[string]any{"secret": secret, "username": "kp", "password": "pass-0123456789"}, Base: "sendsms_url",
		Shows: "password={password}", Lacks: map[string]string{messengertest.Threads: "short messages have no threads", messengertest.Others: "a short message has one reader", messengertest.Things: "a gateway brings short messages alone"},
		Deliveries: []messengers.Delivery{get("u-1", "goals"), get("u-2", "météo")},
		Forge:      func(d messengers.Delivery) messengers.Delivery { d.Path = "x" + d.Path; return d },
		Tells:      messengers.Delivered,
		Told: func(id string) messengers.Delivery {
			return messengers.Delivery{Method: http.MethodGet, Path: secret + "/dlr", At: messengertest.Now(), Query: map[string][]string{"d": {"1"}, "message": {id}}}
		},
		Headers: map[string]map[string]string{"goals": nil, "привет": {"X-Kannel-Coding": "2"}},
		Address: "+336001", Other: "+336002", Success: "0: Accepted for delivery", ID: "{key}",
		Faults:  map[int]messengers.Fault{403: messengers.TokenInvalid},
		Revoked: []messengertest.Revoked{{Status: 403}},
	}
}

// attached returns an event that brings something, and no words.
func attached(mid, kind, payload string) string {
	return `{"message":{"attachments":[{"payload":{` + payload + `},"type":"` + kind + `"}],"mid":"` + mid + `"},"sender":{"id":"P1"}}`
}

func pagesCase() messengertest.Case {
	entry := func(messaging string) messengers.Delivery {
		return hubSigned(messengers.Delivery{
			Method: http.MethodPost, At: messengertest.Now(), Header: map[string][]string{"Content-Type": {"application/json"}},
			Body: []byte(`{"entry":[{"id":"102","messaging":[` + messaging + `]}],"object":"page"}`),
		})
	}
	return messengertest.Case{
		Kind: pages.Kind, Settings: map[string]any{"page_id": "102", "access_token": "EAA-0123456789", "app_secret": secret, "template": "late_answer"}, Base: "api_base", Shows: "Authorization: Bearer {access_token}", Label: "label",
		Lacks: map[string]string{messengertest.Stickers: "a sticker comes as a picture", messengertest.Contacts: "nobody can share a contact with a page"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures: entry(attached("t1", "image", "")), messengertest.Recordings: entry(attached("t2", "audio", "")), messengertest.Videos: entry(attached("t3", "video", "")),
			messengertest.Files: entry(attached("t4", "file", "")), messengertest.Places: entry(attached("t5", "location", `"coordinates":{"lat":48.1,"long":11.5}`)),
		},
		Deliveries: []messengers.Delivery{
			entry(`{"message":{"mid":"m1","text":"tiramisu"},"sender":{"id":"P1","locale":"fr_FR","phone":"+336001"},"timestamp":1795165190000}`),
			entry(`{"message":{"attachments":[{"payload":{"coordinates":{"lat":48.1,"long":11.5}},"type":"location"},{"payload":{"url":"https://cdn.example.org/a.jpg"},"type":"image"}],"mid":"m2","text":""},"sender":{"id":"P1"}}`),
			entry(`{"postback":{"mid":"m3","referral":{"ref":"weather"},"title":"Get started"},"sender":{"id":"P2"}}`),
			entry(`{"message":{"mid":"m4","quick_reply":{"payload":"k:news"},"text":"News"},"sender":{"id":"P2"}}`),
		},
		Edits: []messengers.Delivery{entry(`{"message_edit":{"mid":"m1","text":"panna cotta"},"sender":{"id":"P1"}}`)},
		Sign:  hubSigned,
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["X-Hub-Signature-256"] = []string{"sha256=" + strings.Repeat("0", 64)}
			return d
		},
		Press: func(sends string) messengers.Delivery {
			return entry(`{"message":{"mid":"` + messengertest.Fresh() + `","quick_reply":{"payload":"` + sends + `"},"text":"News"},"sender":{"id":"P2"}}`)
		},
		Foreign: func(sends, label string) []messengers.Delivery {
			return []messengers.Delivery{
				entry(`{"message":{"mid":"m6","quick_reply":{"payload":"` + sends + `"},"text":"` + label + `"},"sender":{"id":"P2"}}`),
				entry(`{"postback":{"mid":"m7","payload":"` + sends + `"},"sender":{"id":"P2"}}`),
			}
		},
		Tells: messengers.Delivered,
		Told: func(id string) messengers.Delivery {
			return entry(`{"delivery":{"mids":["` + id + `"]},"sender":{"id":"P1"}}`)
		},
		App: &messengertest.AppCase{
			Settings: map[string]any{"app_secret": appSecret, "verify_token": "verify-0123456789"},
			Others:   []map[string]any{{"page_id": "103"}},
			Deliveries: []messengers.Delivery{appSigned(messengers.Delivery{
				Method: http.MethodPost, At: messengertest.Now(), Header: map[string][]string{"Content-Type": {"application/json"}},
				Body: []byte(`{"entry":[{"id":"102","messaging":[{"message":{"mid":"a1","text":"goals"},"sender":{"id":"P1"}}]},{"id":"103","messaging":[{"message":{"mid":"a2","text":"news"},"sender":{"id":"P1"}}]}],"object":"page"}`),
			}), {Method: http.MethodGet, At: messengertest.Now(), Query: map[string][]string{"hub.verify_token": {"verify-0123456789"}, "hub.challenge": {"42"}}}},
			Sign: appSigned,
			Forge: func(d messengers.Delivery) messengers.Delivery {
				if d.Method == http.MethodGet {
					d.Query["hub.verify_token"] = []string{"guess"}
					return d
				}
				d.Header["X-Hub-Signature-256"] = []string{"sha256=" + strings.Repeat("0", 64)}
				return d
			},
		},
		Address: "P1", Other: "P22", Success: `{"message_id":"mid.9","recipient_id":"x"}`, ID: "mid.9",
		Profile:  newPagePlatform,
		Rejected: map[string]messengers.Fault{`{}`: messengers.Uncertain},
		Revoked:  []messengertest.Revoked{{Status: 401}},
	}
}

const appSecret = "secret-of-the-app-0123456789"

func appSigned(d messengers.Delivery) messengers.Delivery {
	d.Header = maps.Clone(d.Header)
	if d.Header == nil {
		d.Header = map[string][]string{}
	}
	d.Header["X-Hub-Signature-256"] = []string{pages.Sign(appSecret, d.Body)}
	return d
}

func hubSigned(d messengers.Delivery) messengers.Delivery {
	d.Header = maps.Clone(d.Header)
	d.Header["X-Hub-Signature-256"] = []string{pages.Sign(secret, d.Body)}
	return d
}

func officialCase() messengertest.Case {
	post := func(rest string) messengers.Delivery {
		return messengers.Delivery{
			Method: http.MethodPost, At: messengertest.Now(), Body: []byte(`<xml><FromUserName>reader1</FromUserName>` + rest + `</xml>`),
			Query: map[string][]string{"timestamp": {"1795165200"}, "nonce": {"n0nce"}, "signature": {official.Sign(secret, "1795165200", "n0nce")}},
		}
	}
	return messengertest.Case{
		Kind: official.Kind, Settings: map[string]any{"token": secret, "app_secret": "app-secret-0123456789"}, Base: "api_base", Shows: "?access_token=token-of-the-hour",
		Brings: map[string]messengers.Delivery{messengertest.Places: post(`<MsgType>location</MsgType><MsgId>51</MsgId><Location_X>48.1</Location_X><Location_Y>11.5</Location_Y><Label>Marienplatz</Label>`)},
		Lacks: map[string]string{
			messengertest.Others: "an account speaks to one person", messengertest.Threads: "a chat is one thread, and nothing is quoted",
			messengertest.Pictures: "an account is brought no pictures", messengertest.Recordings: "what is spoken comes as text", messengertest.Videos: "an account is brought no videos",
			messengertest.Files: "an account is brought no files", messengertest.Stickers: "an account is brought no stickers", messengertest.Contacts: "an account is brought no contacts",
		},
		Deliveries: []messengers.Delivery{
			post(`<MsgType>text</MsgType><MsgId>41</MsgId><CreateTime>1795165190</CreateTime><Content>goals</Content>`), post(`<MsgType>voice</MsgType><MsgId>42</MsgId><Recognition>weather</Recognition>`),
			post(`<MsgType>location</MsgType><MsgId>43</MsgId><Location_X>48.1</Location_X><Location_Y>11.5</Location_Y><Label>Marienplatz</Label>`),
		},
		Forge:   func(d messengers.Delivery) messengers.Delivery { d.Query["signature"] = []string{"0123"}; return d },
		Address: "reader1", Other: "reader2", Success: `{"errcode":0,"errmsg":"ok"}`,
		Rejected: map[string]messengers.Fault{`{"errcode":45015}`: messengers.WindowClosed, `{"errcode":43004}`: messengers.Blocked, `{"errcode":45002}`: messengers.Permanent},
		Revoked:  []messengertest.Revoked{{Status: 200, Body: `{"errcode":40001}`, Sending: true}},
		Aside: func(r *http.Request) (string, bool) {
			return `{"access_token":"token-of-the-hour"}`, strings.HasSuffix(r.URL.Path, "/stable_token")
		},
	}
}

// brought returns a letter with a file of that kind, and no words.
func brought(kind string) string {
	return `{"files":[{"type":"` + kind + `","url":"https://example.org/a"}],"from":"ann@example.org","id":"<` + kind + `@x>","text":""}`
}

func gatewayCase() messengertest.Case {
	push := func(body string) messengers.Delivery {
		return messengers.Delivery{Method: http.MethodPost, At: messengertest.Now(), Body: []byte(body), Header: map[string][]string{"Authorization": {"Bearer " + secret}}}
	}
	return messengertest.Case{
		Kind: gateway.Kind, Settings: map[string]any{"token": secret}, Base: "base", Shows: "Authorization: Bearer {token}",
		Lacks: map[string]string{messengertest.Places: "a letter knows no places"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures: push(brought("image")), messengertest.Recordings: push(brought("sound")), messengertest.Videos: push(brought("video")),
			messengertest.Files: push(brought("document")), messengertest.Stickers: push(brought("sticker")), messengertest.Contacts: push(brought("contact")),
		},
		Deliveries: []messengers.Delivery{
			push(`{"from":"ann@example.org","id":"<1@x>","subject":"news","text":"","thread":"t1"}`),
			push(`{"files":[{"type":"document","url":"https://example.org/a.pdf"}],"from":"ann@example.org","id":"<2@x>","text":"tiramisu"}`),
		},
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["Authorization"] = []string{"Bearer x"}
			return d
		},
		Address: "ann@example.org", Other: "bob@example.org", Success: `{}`, Revoked: []messengertest.Revoked{{Status: 401, Sending: true}},
	}
}

func TestSmallKindsKeepThePromisesOfAMessenger(t *testing.T) {
	for name, c := range map[string]messengertest.Case{
		"workspace": workspaceCase(), "smsbox": smsboxCase(), "pages": pagesCase(), "official": officialCase(), "gateway": gatewayCase(),
	} {
		t.Run(name, func(t *testing.T) { messengertest.Run(t, c) })
	}
}

func TestAPageIsLedToByALinkWithWords(t *testing.T) {
	m := pagesCase().Open(t, "http://127.0.0.1:9", nil).(messengers.Linker)
	u, err := url.Parse(m.Link("weather & wind"))
	if err != nil || u.Query().Get("ref") != "weather & wind" || m.Link("") != "https://m.example.org/102" {
		t.Errorf("%v, %v, %s", u, err, m.Link(""))
	}
}
