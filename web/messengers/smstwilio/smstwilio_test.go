package smstwilio_test

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio's own
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/smstwilio"
)

const (
	sid   = "AC0123456789abcdef0123456789abcdef"
	token = "tok-0123456789abcdef0123456789ab"
	hook  = "https://example.org/hook/lecker/test"
)

func suite() messengertest.Case {
	return messengertest.Case{
		Lacks: map[string]string{
			messengertest.Threads: "short messages have no threads", messengertest.Others: "a short message has one reader", messengertest.Stops: "Twilio answers STOP itself", messengertest.Times: "Twilio tells no time of a message",
			messengertest.Stickers: "Twilio brings a sticker as a picture", messengertest.Places: "a short message brings no place",
		},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures: thing("1", "image/jpeg"), messengertest.Recordings: thing("2", "audio/amr"), messengertest.Videos: thing("3", "video/3gpp"),
			messengertest.Files: thing("4", "application/pdf"), messengertest.Contacts: thing("5", "text/x-vcard"),
		},
		Shows: "Authorization: Basic {account_sid}:{auth_token}",
		Kind:  smstwilio.Kind, Settings: map[string]any{"account_sid": sid, "auth_token": token, "from": "+33700000000"}, Base: "api_base",
		Folder: "testdata/sms", Sign: signed,
		Deliveries: []messengers.Delivery{sms("SM1", "Body", "goal psg é"), sms("SM2", "Body", "MÉTÉO Lyon & Paris")},
		Unasked:    []messengers.Delivery{sms("SM3", "Body", "Stop."), sms("SM4", "Body", "news", "From", "+33700000000")},
		Tells:      messengers.Delivered,
		Told: func(id string) messengers.Delivery {
			return signed(form("status", "MessageSid", id, "MessageStatus", "delivered", "To", "+33612345678", "From", "+33700000000"))
		},
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["X-Twilio-Signature"] = []string{strings.Repeat("A", 27) + "="}
			return d
		},
		Doubts: []messengertest.Doubtful{
			{Name: "a full account", Platform: typed("Full")},
			{Name: "a trial account", Step: messengers.StepAnswered, Soon: true, Platform: typed("Trial")},
		},
		Profile: platform,
		Address: "+33612345678", Other: "+33687654321",
		Success: `{"sid":"SM77","status":"queued","error_code":null}`, ID: "SM77",
		Rejected: map[string]messengers.Fault{`<html>`: messengers.Uncertain, `{"sid":"SM78","status":"failed","error_code":30004}`: messengers.Blocked, `{"sid":"SM79","status":"failed","error_code":21610}`: messengers.Permanent},
		Refusal: func(status, _ int) string {
			return fmt.Sprintf(`{"code":%d,"message":"No, %s","more_info":"https://www.twilio.com/docs/errors","status":%d}`, 99000+status, token, status)
		},
		Refused: func(no httpapi.Fault) (int, string) {
			return cmp.Or(no.Status, 400), `{"code":` + cmp.Or(no.Codes, "99000") + `,"message":"no"}`
		},
		Faults: map[int]messengers.Fault{403: messengers.TokenInvalid, 404: messengers.TokenInvalid},
		Revoked: []messengertest.Revoked{
			{Status: 401, Body: `{"code":20003,"message":"Authenticate","status":401}`}, {Status: 403, Body: `{"code":20005,"message":"Account not active","status":403}`},
			{Status: 201, Body: `{"sid":"SM79","status":"failed","error_code":30002}`, Sending: true}, {Status: 400, Body: `{"code":21606,"message":"The 'From' number is not a valid one"}`, Sending: true},
			{Status: 404, Body: `{"code":20404,"message":"The requested resource was not found","status":404}`}, {Status: 400, Body: `{"code":30002,"message":"Account suspended"}`, Sending: true},
		},
	}
}

// thing returns a message that brings a file of that type, and no words.
func thing(id, kind string) messengers.Delivery {
	return sms("SMT"+id, "Body", "", "NumMedia", "1", "MediaContentType0", kind, "MediaUrl0", "https://api.example.org/a")
}

func onWhatsApp() messengertest.Case {
	c := suite()
	c.Settings = map[string]any{"account_sid": sid, "auth_token": token, "from": "whatsapp:+4930000000", "template": "HX01"}
	c.Folder, c.Profile, c.Label = "testdata/whatsapp", nil, "2 4 6 8 10 12 14 16 18 20"
	c.Deliveries = []messengers.Delivery{
		sms("SM1", "Body", "WETTER", "From", "whatsapp:+4915100000001", "To", "whatsapp:+4930000000", "WaId", "4915100000001", "ProfileName", "A"),
		sms("SM2", "Body", "Wetter", "From", "whatsapp:DE.abc123", "To", "whatsapp:+4930000000"),
	}
	c.Unasked = []messengers.Delivery{sms("SM3", "OptOutType", "STOP", "Body", "ADIOS", "From", "whatsapp:+4915100000001", "To", "whatsapp:+4930000000")}
	c.Press = func(sends string) messengers.Delivery {
		return sms("SM"+messengertest.Fresh(), "ButtonPayload", sends, "ButtonText", "News", "Body", "News", "From", "whatsapp:+4915100000001", "To", "whatsapp:+4930000000")
	}
	c.Foreign = func(sends, label string) []messengers.Delivery {
		from := []string{"From", "whatsapp:+4915100000001", "To", "whatsapp:+4930000000"}
		return []messengers.Delivery{
			sms("SM6", append(from, "ButtonPayload", sends, "ButtonText", label, "Body", label)...), sms("SM7", append(from, "ButtonText", label, "Body", label)...),
			sms("SM8", append(from, "ListId", sends, "ListTitle", label, "Body", label)...),
		}
	}
	c.Address, c.Other = "whatsapp:+4915100000001", "whatsapp:DE.abc123"
	delete(c.Lacks, messengertest.Places)
	c.Brings[messengertest.Places] = sms("SMT6", "Body", "", "Latitude", "48.1", "Longitude", "11.5", "Label", "Marienplatz", "From", "whatsapp:+4915100000001", "To", "whatsapp:+4930000000")
	return c
}

// sms returns a signed message: fields by name and value laid over the usual ones.
func sms(id string, fields ...string) messengers.Delivery {
	return signed(form("", append([]string{
		"MessageSid", id, "AccountSid", sid, "From", "+33612345678", "To", "+33700000000", "NumMedia", "0", "NumSegments", "1",
	}, fields...)...))
}

func form(path string, fields ...string) messengers.Delivery {
	f := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		f.Set(fields[i], fields[i+1])
	}
	d := messengers.Delivery{
		Method: http.MethodPost, Path: path, URL: hook, At: messengertest.Now(), Body: []byte(f.Encode()),
		Header: map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}},
	}
	if path != "" {
		d.URL += "/" + path
	}
	return d
}

// signed returns a delivery with Twilio's proof.
func signed(d messengers.Delivery) messengers.Delivery {
	data := d.URL
	if fields, err := url.ParseQuery(string(d.Body)); err == nil && d.Method == http.MethodPost {
		var names []string
		for name := range fields {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			data += name + fields.Get(name)
		}
	}
	if d.Header == nil {
		d.Header = map[string][]string{}
	}
	d.Header["X-Twilio-Signature"] = []string{proof(token, data)}
	return d
}

func proof(token, data string) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(data))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestTwilioKeepsThePromisesOfAMessenger(t *testing.T) {
	t.Run("short messages", func(t *testing.T) { messengertest.Run(t, suite()) })
	t.Run("WhatsApp", func(t *testing.T) { messengertest.Run(t, onWhatsApp()) })
	t.Run("WhatsApp with buttons", func(t *testing.T) {
		c := onWhatsApp()
		c.Folder = ""
		c.Settings = map[string]any{"account_sid": sid, "auth_token": token, "from": "whatsapp:+4930000000", "buttons": []any{"HX01", "HX02", "HX03"}}
		messengertest.Run(t, c)
	})
	t.Run("by the API alone", func(t *testing.T) {
		c := suite()
		c.Settings = map[string]any{"account_sid": sid, "auth_token": token, "from": "MG0123456789abcdef0123456789abcdef", "reply": "api"}
		c.Folder, c.Unasked, c.Profile = "", c.Unasked[:1], nil
		messengertest.Run(t, c)
	})
}

// typed answers as an account of a type.
func typed(of string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"sid":%q,"friendly_name":"Lecker","status":"active","type":%q}`, sid, of)
	}
}
