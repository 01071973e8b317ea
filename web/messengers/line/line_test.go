package line_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/line"
	"keypull/web/messengers/messengertest"
)

const (
	secret = "8c570fa6dd201bb328f1c1eac23a96d8"
	token  = "eyJhbGciOiJIUzI1NiJ9.example-token-0123456789"
	ann    = "U0123456789abcdef0123456789abcdef"
	bea    = "Ufedcba9876543210fedcba9876543210"
	group  = "C0123456789abcdef0123456789abcdef"
	room   = "R0123456789abcdef0123456789abcdef"
)

func suite() messengertest.Case {
	said := func(id, source, text, more string) string {
		return happened(`"message"`, source, `"replyToken":"t`+id+`","message":{"type":"text","id":"`+id+`","quoteToken":"q`+id+`","text":"`+text+`"`+more+`}`)
	}
	us := `,"mention":{"mentionees":[{"index":0,"length":5,"type":"user","userId":"U1","isSelf":true}]}`
	pressed := func(id, source string) string {
		return happened(`"postback"`, source, `"replyToken":"t`+id+`","postback":{"data":"k:news"},"webhookEventId":"01H`+id+`"`)
	}
	thing := func(id, of string) messengers.Delivery {
		return delivery(happened(`"message"`, in("user", "", ann), `"replyToken":"t`+id+`","message":{"id":"`+id+`",`+of+`}`))
	}
	return messengertest.Case{
		Lacks: map[string]string{messengertest.Contacts: "LINE brings no contacts to an account"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures:   thing("51", `"type":"image","contentProvider":{"type":"line"}`),
			messengertest.Recordings: thing("52", `"type":"audio","duration":3000,"contentProvider":{"type":"line"}`),
			messengertest.Videos:     thing("53", `"type":"video","duration":3000,"contentProvider":{"type":"line"}`),
			messengertest.Files:      thing("54", `"type":"file","fileName":"a.pdf","fileSize":2138`),
			messengertest.Stickers:   thing("55", `"type":"sticker","packageId":"446","stickerId":"1988","stickerResourceType":"STATIC","keywords":["cony"]`),
			messengertest.Places:     thing("56", `"type":"location","title":"Wat Arun","address":"158 Thanon Wang Doem","latitude":13.74,"longitude":100.49`),
		},
		Shows:    "Authorization: Bearer {channel_access_token}",
		Kind:     line.Kind,
		Settings: map[string]any{"channel_secret": secret, "channel_access_token": token, "prefix": "!"},
		Base:     "api_base",
		Folder:   "testdata",
		Groups: []messengertest.Group{
			{
				Name:    "by name",
				Member:  delivery(said("31", in("group", group, ann), "@Keys news", us)),
				Other:   delivery(said("32", in("group", group, bea), "@Keys news", us)),
				Private: delivery(said("33", in("user", "", ann), "news", "")),
			},
			{
				Name:    "by the prefix, who wrote it untold",
				Member:  delivery(said("34", in("room", room, ann), "!news", "")),
				Other:   delivery(said("35", `{"type":"room","roomId":"`+room+`"}`, "! news", "")),
				Private: delivery(said("36", in("user", "", ann), "news", "")),
			},
			{
				Name:    "by a button",
				Member:  delivery(pressed("37", in("group", group, ann))),
				Other:   delivery(pressed("38", in("group", group, bea))),
				Private: delivery(pressed("39", in("user", "", ann))),
			},
		},
		Unasked: []messengers.Delivery{
			delivery(said("41", in("group", group, ann), "said among friends", "")),
			delivery(said("42", in("group", group, ann), "@Bea news", strings.Replace(us, `"isSelf":true`, `"isSelf":false`, 1))),
			delivery(said("43", in("group", group, ann), "@All news", strings.Replace(us, `"type":"user","userId":"U1","isSelf":true`, `"type":"all"`, 1))),
			delivery(strings.Replace(pressed("47", in("user", "", ann)), `"data":"k:news"`, `"data":"menu-b","params":{"newRichMenuAliasId":"b","status":"SUCCESS"}`, 1)),
			delivery(strings.Replace(said("44", in("user", "", ann), "news", ""), `"active"`, `"standby"`, 1)),
		},
		Edits: []messengers.Delivery{
			delivery(happened(`"messageEdited"`, in("user", "", ann), `"message":{"type":"text","id":"325708","text":"goals"}`)),
			delivery(happened(`"unsend"`, in("user", "", ann), `"unsend":{"messageId":"325708"}`)),
		},
		Label: "label",
		Press: func(sends string) messengers.Delivery {
			return delivery(strings.Replace(pressed(messengertest.Fresh(), in("user", "", ann)), "k:news", sends, 1))
		},
		Foreign: func(sends, _ string) []messengers.Delivery {
			return []messengers.Delivery{delivery(strings.Replace(pressed("46", in("user", "", ann)), "k:news", sends, 1))}
		},
		Sign: sign,
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["X-Line-Signature"] = []string{signature(secret+"x", d.Body)}
			return d
		},
		Profile: site,
		Address: ann, Other: group,
		Success: `{"sentMessages":[{"id":"461230966842064897","quoteToken":"IStG5h1Tz7b"}]}`, ID: "461230966842064897",
		Rejected: map[string]messengers.Fault{`<html>`: messengers.Uncertain},
		Refusal: func(status, _ int) string {
			return fmt.Sprintf(`{"message":"No, %d, %s","details":[{"message":"May not be empty","property":"messages[0].text"}]}`, status, token)
		},
		Refused: func(no httpapi.Fault) (int, string) { return no.Status, `{"message":"No, ` + no.Saying + `"}` },
		Faults:  map[int]messengers.Fault{403: messengers.TokenInvalid},
		Revoked: []messengertest.Revoked{
			{Status: 401, Body: `{"message":"Authentication failed. Confirm that the access token in the authorization header is valid."}`},
			{Status: 403, Body: `{"message":"Access to this API is not available for your account"}`},
		},
	}
}

// happened returns a delivery of one event.
func happened(kind, source, more string) string {
	return `{"destination":"U1","events":[{"type":` + kind + `,"mode":"active","timestamp":1795165199000,"source":` + source +
		`,"deliveryContext":{"isRedelivery":false},"webhookEventId":"01HXX",` + more + `}]}`
}

func in(kind, chat, user string) string {
	return strings.Replace(`{"type":"`+kind+`","`+kind+`Id":"`+chat+`","userId":"`+user+`"}`, `"userId":"",`, "", 1)
}

func delivery(body string) messengers.Delivery {
	return sign(messengers.Delivery{
		Method: http.MethodPost, Header: map[string][]string{"Content-Type": {"application/json"}},
		Body: []byte(body), At: messengertest.Now(),
	})
}

func sign(d messengers.Delivery) messengers.Delivery {
	if d.Header = maps.Clone(d.Header); d.Header == nil {
		d.Header = map[string][]string{}
	}
	d.Header["X-Line-Signature"] = []string{signature(secret, d.Body)}
	return d
}

func signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestLineKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, line.Kind)
}

// FuzzReceive: whatever comes signed is acknowledged, and asks of nobody are none.
func FuzzReceive(f *testing.F) {
	for _, d := range append(suite().Edits, suite().Unasked...) {
		f.Add(string(d.Body))
	}
	f.Add(`{"events":[{"type":"message","source":{"type":"user","userId":"\ud800"},"message":{"id":"1","type":"text","text":"\u0000\ud800"}}]}`)
	f.Add(`{"events":[{"type":"message","source":{"type":"group","groupId":"C"},"message":{"id":"1","type":"text","text":"é","mention":{"mentionees":[{"index":9223372036854775807,"length":1,"isSelf":true}]}}}]}`)
	m := suite().Open(f, "http://127.0.0.1:9", nil)
	f.Fuzz(func(t *testing.T, body string) {
		r, err := m.Receive(t.Context(), delivery(body))
		if err != nil || r.Status != 0 {
			t.Fatalf("status %d, %v", r.Status, err)
		}
		for _, in := range r.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" {
				t.Fatalf("an ask of nobody: %+v", in)
			}
		}
	})
}
