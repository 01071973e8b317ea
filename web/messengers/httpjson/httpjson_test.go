package httpjson_test

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/httpjson"
	"keypull/web/messengers/messengertest"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// signed returns a delivery with the proof of Standard Webhooks.
func signed(d messengers.Delivery) messengers.Delivery {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	stamp := strconv.FormatInt(messengertest.Now().Unix(), 10)
	sum := sha256.Sum256(d.Body)
	id := "msg_" + base64.RawURLEncoding.EncodeToString(sum[:9])
	if len(d.Header["Webhook-Id"]) > 0 {
		id = d.Header["Webhook-Id"][0]
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "." + string(d.Body)))
	if d.Header == nil {
		d.Header = map[string][]string{}
	}
	d.Header["Webhook-Id"], d.Header["Webhook-Timestamp"] = []string{id}, []string{stamp}
	d.Header["Webhook-Signature"] = []string{"v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))}
	return d
}

func post(body string) messengers.Delivery {
	return messengers.Delivery{
		Method: http.MethodPost, URL: "https://example.org/hook/lecker/test", At: messengertest.Now(), Body: []byte(body),
		Header: map[string][]string{"Content-Type": {"application/json"}},
	}
}

// thing returns a message that brings a medium, and no words.
func thing(kind string) messengers.Delivery {
	return signed(post(`{"id":"t-` + kind[:4] + `","from":"+254711000111","kind":"attachment","media":[{"type":"` + kind + `","url":"https://example.org/a"}]}`))
}

func native() messengertest.Case {
	return messengertest.Case{
		Lacks: map[string]string{messengertest.Secrets: "the secret signs the body", messengertest.Others: "a program is answered in its own response"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures: thing("image"), messengertest.Recordings: thing("voice"), messengertest.Videos: thing("video"),
			messengertest.Files: thing("document"), messengertest.Stickers: thing("sticker"), messengertest.Contacts: thing("text/vcard"),
			messengertest.Places: signed(post(`{"id":"t9","from":"+254711000111","kind":"location","location":{"lat":48.1,"lon":11.5,"name":"Marienplatz"}}`)),
		},
		Kind: httpjson.Kind, Settings: map[string]any{"secret": secret}, Base: "reply_url", Folder: "testdata", Sign: signed, Replay: 5 * 60e9,
		Deliveries: []messengers.Delivery{
			signed(post(`{"id":"m1","from":"+254711000111","text":"WEATHER"}`)), signed(post(`{"id":"m2","from":"reader-7","text":"a<b> “é”","language":"fr"}`)),
		},
		Unasked: []messengers.Delivery{signed(post(`{"id":"m3","from":"+254711000111","kind":"end"}`)), signed(post(`{"id":"m4","from":"+254711000111","kind":"stop"}`))},
		Label:   "label",
		Press: func(sends string) messengers.Delivery {
			return signed(post(`{"id":"` + messengertest.Fresh() + `","from":"+254711000111","kind":"press","payload":"` + sends + `","text":"News"}`))
		},
		Foreign: func(sends, label string) []messengers.Delivery {
			return []messengers.Delivery{signed(post(`{"id":"m6","from":"+254711000111","kind":"press","payload":"` + sends + `","text":"` + label + `"}`))}
		},
		Tells: messengers.Delivered,
		Told: func(id string) messengers.Delivery {
			d := post(`{"id":"` + id + `","status":"delivered"}`)
			d.Path = "status"
			return signed(d)
		},
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["Webhook-Signature"] = []string{"v1," + strings.Repeat("A", 43) + "="}
			return d
		},
		Address: "+254711000111", Other: "reader-7", Success: `{}`, ID: "{key}",
		Faults:  map[int]messengers.Fault{404: messengers.Blocked, 410: messengers.Blocked},
		Revoked: []messengertest.Revoked{{Status: 401, Body: `{"error":"unknown signature"}`}},
	}
}

func sinch() messengertest.Case {
	c := native()
	sign := func(d messengers.Delivery) messengers.Delivery {
		stamp := strconv.FormatInt(messengertest.Now().Unix(), 10)
		mac := hmac.New(sha256.New, []byte("sinch-secret-0123456789"))
		mac.Write([]byte(string(d.Body) + ".01FJA8." + stamp))
		if d.Header == nil {
			d.Header = map[string][]string{}
		}
		d.Header["X-Sinch-Webhook-Signature-Timestamp"], d.Header["X-Sinch-Webhook-Signature-Nonce"] = []string{stamp}, []string{"01FJA8"}
		d.Header["X-Sinch-Webhook-Signature"] = []string{base64.StdEncoding.EncodeToString(mac.Sum(nil))}
		return d
	}
	says := func(id, message string) messengers.Delivery {
		return sign(post(`{"app_id":"01F","message":{"id":"` + id + `","direction":"TO_APP","contact_message":{` + message + `},"channel_identity":{"channel":"WHATSAPP","identity":"4915100000001","app_id":"01F"}}}`))
	}
	c.Settings = map[string]any{"reply_url": "https://example.org", "secret": "sinch-secret-0123456789", "profile": "sinch", "values": map[string]any{"app_id": "01F", "channel": "WHATSAPP"}, "authorization": "Basic c2VjcmV0LXRva2Vu"}
	c.Folder, c.Sign, c.Shows = "", sign, "Authorization: {authorization}"
	delete(c.Lacks, messengertest.Secrets)
	c.Deliveries = []messengers.Delivery{
		says("01A", `"text_message":{"text":"Wetter"}`),
		says("01B", `"location_message":{"title":"Marienplatz","coordinates":{"latitude":48.1,"longitude":11.5}}`),
		says("01C", `"media_message":{"url":"https://cdn.example.org/a.jpg"}`),
	}
	medium := func(id, name string) messengers.Delivery {
		return says(id, `"media_message":{"url":"https://cdn.example.org/`+name+`?size=5"}`)
	}
	c.Lacks[messengertest.Threads] = "a partner has no threads"
	c.Lacks[messengertest.Stickers] = "Sinch brings a sticker as a medium"
	c.Brings = map[string]messengers.Delivery{
		messengertest.Pictures: medium("02A", "a.JPG"), messengertest.Recordings: medium("02B", "a.ogg"), messengertest.Videos: medium("02C", "a.mp4"),
		messengertest.Files: medium("02D", "a"), messengertest.Contacts: medium("02E", "a.vcf"),
		messengertest.Places: says("02F", `"location_message":{"title":"Marienplatz","coordinates":{"latitude":48.1,"longitude":11.5}}`),
	}
	c.Unasked = []messengers.Delivery{sign(post(`{"app_id":"01F","event":{"contact_event":{"composing_event":{}}}}`))}
	c.Label = "text"
	c.Press = func(sends string) messengers.Delivery {
		return says(messengertest.Fresh(), `"choice_response_message":{"message_id":"01X","postback_data":"`+sends+`"}`)
	}
	c.Foreign = func(sends, _ string) []messengers.Delivery { return []messengers.Delivery{c.Press(sends)} }
	c.Tells = messengers.Delivered
	c.Told = func(id string) messengers.Delivery {
		return sign(post(`{"app_id":"01F","message_delivery_report":{"message_id":"` + id + `","status":"DELIVERED","channel_identity":{"channel":"WHATSAPP","identity":"4915100000001"}}}`))
	}
	c.Forge = func(d messengers.Delivery) messengers.Delivery {
		d.Header["X-Sinch-Webhook-Signature"] = []string{strings.Repeat("A", 43) + "="}
		return d
	}
	c.Address, c.Other, c.Success, c.ID = "4915100000001", "4915100000002", `{"message_id":"01X","accepted_time":"2026-11-20T09:00:00Z"}`, "01X"
	c.Rejected = map[string]messengers.Fault{`{}`: messengers.Uncertain}
	c.Faults = map[int]messengers.Fault{403: messengers.TokenInvalid}
	c.Revoked = []messengertest.Revoked{{Status: 401, Sending: true}, {Status: 403, Sending: true}}
	return c
}

func telnyx() messengertest.Case {
	c := native()
	private := ed25519.NewKeyFromSeed([]byte("0123456789abcdef0123456789abcdef"))
	public, _ := private.Public().(ed25519.PublicKey)
	sign := func(d messengers.Delivery) messengers.Delivery {
		stamp := strconv.FormatInt(messengertest.Now().Unix(), 10)
		if d.Header == nil {
			d.Header = map[string][]string{}
		}
		d.Header["Telnyx-Timestamp"] = []string{stamp}
		d.Header["Telnyx-Signature-Ed25519"] = []string{base64.StdEncoding.EncodeToString(ed25519.Sign(private, []byte(stamp+"|"+string(d.Body))))}
		return d
	}
	says := func(id, body string) messengers.Delivery {
		return sign(post(`{"data":{"event_type":"message.received","id":"e-` + id + `","payload":{"id":"` + id + `","type":"RCS","from":{"phone_number":"+13125550001"},"body":{` + body + `}}}}`))
	}
	c.Settings = map[string]any{"reply_url": "https://example.org", "secret": base64.StdEncoding.EncodeToString(public), "profile": "rcs-telnyx", "values": map[string]any{"agent_id": "agent", "messaging_profile_id": "mp"}, "authorization": "Bearer KEY0123456789"}
	c.Folder, c.Sign, c.Shows = "", sign, "Authorization: {authorization}"
	delete(c.Lacks, messengertest.Secrets)
	c.Deliveries = []messengers.Delivery{says("1", `"text":"Weather"`), says("2", `"location":{"latitude":41.8,"longitude":-87.6}`)}
	file := func(id, kind string) messengers.Delivery {
		return says(id, `"user_file":{"payload":{"mime_type":"`+kind+`","file_uri":"https://rcs.example.org/a"}}`)
	}
	c.Lacks[messengertest.Threads] = "a partner has no threads"
	c.Lacks[messengertest.Stickers] = "RCS brings a sticker as a picture"
	c.Brings = map[string]messengers.Delivery{
		messengertest.Pictures: file("21", "image/jpeg"), messengertest.Recordings: file("22", "audio/ogg"), messengertest.Videos: file("23", "video/mp4"),
		messengertest.Files: file("24", "application/pdf"), messengertest.Contacts: file("25", "text/vcard"),
		messengertest.Places: says("26", `"location":{"latitude":41.8,"longitude":-87.6}`),
	}
	c.Unasked = []messengers.Delivery{sign(post(`{"data":{"event_type":"message.typing","payload":{"id":"3","from":{"phone_number":"+13125550001"}}}}`))}
	c.Label = "text"
	c.Press = func(sends string) messengers.Delivery {
		return says(messengertest.Fresh(), `"suggestion_response":{"text":"News","postback_data":"`+sends+`"}`)
	}
	c.Foreign = func(sends, label string) []messengers.Delivery {
		return []messengers.Delivery{says("5", `"suggestion_response":{"text":"`+label+`","postback_data":"`+sends+`"}`)}
	}
	c.Tells = messengers.Delivered
	c.Told = func(id string) messengers.Delivery {
		return sign(post(`{"data":{"event_type":"message.finalized","payload":{"id":"` + id + `","to":[{"phone_number":"+13125550001","status":"delivered"}]}}}`))
	}
	c.Forge = func(d messengers.Delivery) messengers.Delivery {
		d.Header["Telnyx-Signature-Ed25519"] = []string{base64.StdEncoding.EncodeToString(make([]byte, ed25519.SignatureSize))}
		return d
	}
	c.Address, c.Other, c.Success, c.ID = "+13125550001", "+13125550002", `{"data":{"id":"m-9"}}`, "m-9"
	c.Rejected = map[string]messengers.Fault{`{}`: messengers.Uncertain}
	c.Faults = map[int]messengers.Fault{403: messengers.TokenInvalid}
	c.Revoked = []messengertest.Revoked{{Status: 401, Sending: true}, {Status: 403, Sending: true}}
	return c
}

func TestPartnersKeepThePromisesOfAMessenger(t *testing.T) {
	for name, c := range map[string]func() messengertest.Case{"native": native, "sinch": sinch, "rcs-telnyx": telnyx} {
		t.Run(name, func(t *testing.T) { messengertest.Run(t, c()) })
	}
	t.Run("at the reply address alone", func(t *testing.T) {
		c := native()
		c.Folder, c.Settings = "", map[string]any{"secret": secret, "reply": "url", "reply_url": "https://example.org/replies"}
		messengertest.Run(t, c)
	})
}

func TestEachProfileCanBeChosen(t *testing.T) {
	fields, err := settings.Fields(httpjson.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("profiles/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for i := range fields {
		if fields[i].Name != "profile" {
			continue
		}
		for j, file := range files {
			files[j] = strings.TrimSuffix(filepath.Base(file), ".json")
		}
		slices.Sort(fields[i].Choices)
		if !slices.Equal(fields[i].Choices, files) {
			t.Errorf("the profiles are %v, and %v can be chosen", files, fields[i].Choices)
		}
	}
	native().Open(t, "", nil) // fails where a profile can't be read
}

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, httpjson.Kind)
}
