package viber_test

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/viber"
)

const (
	token = "445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9"
	ann   = "01234567890A+/b="
	sent  = "5741311803571721087"
)

func suite() messengertest.Case {
	return messengertest.Case{
		Lacks: map[string]string{messengertest.Threads: "a chat is one thread, and nothing is quoted", messengertest.Others: "an account speaks to one person", messengertest.Recordings: "Viber brings no recordings to an account"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures: thing("1", `"type":"picture","media":"https://media.example.org/a.jpg"`),
			messengertest.Videos:   thing("2", `"type":"video","media":"https://media.example.org/a.mp4","duration":10`),
			messengertest.Files:    thing("3", `"type":"file","media":"https://media.example.org/a.pdf","file_name":"a.pdf"`),
			messengertest.Stickers: thing("4", `"type":"sticker","sticker_id":46105`),
			messengertest.Contacts: thing("5", `"type":"contact","contact":{"name":"Bob","phone_number":"+380441234567"}`),
			messengertest.Places:   thing("6", `"type":"location","location":{"lat":50.76,"lon":6.11,"address":"Sofiivska St, Kyiv"}`),
		},
		Shows:    "X-Viber-Auth-Token: {auth_token}",
		Kind:     viber.Kind,
		Settings: map[string]any{"auth_token": token},
		Base:     "api_base",
		Folder:   "testdata",
		Label:    "Text",
		Press: func(sends string) messengers.Delivery {
			return delivery(`{"event":"message","message_token":` + messengertest.Fresh() + `,"silent":true,"sender":{"id":"` + ann + `"},"message":{"type":"text","text":"` + sends + `"}}`)
		},
		Foreign: func(sends, _ string) []messengers.Delivery {
			return []messengers.Delivery{delivery(`{"event":"message","message_token":4912661846655239001,"sender":{"id":"` + ann + `"},"message":{"type":"text","text":"` + sends + `"}}`)}
		},
		Tells: messengers.Delivered,
		Told: func(id string) messengers.Delivery {
			return delivery(`{"event":"delivered","message_token":` + id + `,"user_id":"` + ann + `"}`)
		},
		Sign: sign,
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["X-Viber-Content-Signature"] = []string{signature(token+"x", d.Body)}
			return d
		},
		Profile: site,
		Address: ann, Other: "other/B+c=",
		Success: `{"status":0,"status_message":"ok","message_token":` + sent + `,"chat_hostname":"SN-CHAT-05_","billing_status":1}`, ID: sent,
		Rejected: map[string]messengers.Fault{
			`{"status":2,"status_message":"invalidAuthToken"}`:       messengers.TokenInvalid,
			`{"status":5,"status_message":"receiverNotRegistered"}`:  messengers.Permanent,
			`{"status":6,"status_message":"receiverNotSubscribed"}`:  messengers.Blocked,
			`{"status":10,"status_message":"webhookNotSet"}`:         messengers.TokenInvalid,
			`{"status":12,"status_message":"tooManyRequests"}`:       messengers.LimitedUntil,
			`{"status":13,"status_message":"apiVersionNotSupport"}`:  messengers.Permanent,
			`{"status":21,"status_message":"unsupportedCountry"}`:    messengers.Permanent,
			`{"status":23,"status_message":"freeQuotaUsed"}`:         messengers.WindowClosed,
			`{"status":98,"status_message":"generalError"}`:          messengers.Temporary,
			`{"status_message":"nothing that says whether it left"}`: messengers.Uncertain,
			`<html>`: messengers.Uncertain,
		},
		Refusal: func(status, _ int) string { return fmt.Sprintf(`{"status":%d,"status_message":%q}`, status, token) },
		Refused: func(no httpapi.Fault) (int, string) {
			return cmp.Or(no.Status, 200), `{"status":` + cmp.Or(no.Codes, "1") + `,"status_message":"no"}`
		},
		Faults: map[int]messengers.Fault{403: messengers.TokenInvalid},
		Revoked: []messengertest.Revoked{
			{Status: 200, Body: `{"status":2,"status_message":"invalidAuthToken"}`}, {Status: 200, Body: `{"status":7,"status_message":"publicAccountBlocked"}`},
			{Status: 200, Body: `{"status":8,"status_message":"publicAccountNotFound"}`}, {Status: 200, Body: `{"status":9,"status_message":"publicAccountSuspended"}`},
		},
	}
}

// thing returns a message of another kind than a text.
func thing(id, of string) messengers.Delivery {
	return delivery(`{"event":"message","message_token":491266184665523700` + id + `,"sender":{"id":"` + ann + `"},"message":{` + of + `}}`)
}

func delivery(body string) messengers.Delivery {
	return sign(messengers.Delivery{Method: http.MethodPost, Body: []byte(body), At: messengertest.Now()})
}

func sign(d messengers.Delivery) messengers.Delivery {
	if d.Header = maps.Clone(d.Header); d.Header == nil {
		d.Header = map[string][]string{}
	}
	d.Header["X-Viber-Content-Signature"] = []string{signature(token, d.Body)}
	return d
}

func signature(token string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func TestViberKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, viber.Kind)
}

// FuzzReceive: whatever comes signed is acknowledged, and asks of nobody are none.
func FuzzReceive(f *testing.F) {
	f.Add(`{"event":"message","message_token":9223372036854775808,"sender":{"id":"a"},"message":{"type":"text","text":"\ud800\u0000"}}`)
	f.Add(`{"event":"conversation_started","message_token":1,"user":{"id":"\u0000"},"context":"_"}`)
	f.Add(string(suite().Press("k:news").Body))
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
