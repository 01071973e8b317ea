package whatsapp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
	"keypull/web/messengers/whatsapp"
)

const own = "106540352242922"

// change returns what Meta delivers of a number.
func change(number, value string) string {
	return `{"changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"4930901820","phone_number_id":"` + number + `"},` + value + `}}],"id":"102290129340398"}`
}

func envelope(entries ...string) string {
	return `{"entry":[` + strings.Join(entries, ",") + `],"object":"whatsapp_business_account"}`
}

// wrote returns a delivery of one message.
func wrote(message string) string {
	return envelope(change(own, `"messages":[{"from":"4915112345678","timestamp":"1795165200",`+message+`}]`))
}

func inGroup(from, id, what string) messengers.Delivery {
	return metatest.Delivery(envelope(change(own, `"messages":[{"from":"`+from+`","group_id":"Y2Fw","id":"`+id+`",`+what+`}]`)))
}

func suite() messengertest.Case {
	said := func(id, text string) messengers.Delivery {
		return metatest.Delivery(wrote(`"id":"` + id + `","text":{"body":"` + text + `"},"type":"text"`))
	}
	thing := func(id, kind, of string) messengers.Delivery {
		return metatest.Delivery(wrote(`"id":"wamid.` + id + `","type":"` + kind + `","` + kind + `":` + of))
	}
	return messengertest.Case{
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures:   thing("T1", "image", `{"id":"1","mime_type":"image/jpeg"}`),
			messengertest.Recordings: thing("T2", "audio", `{"id":"2","mime_type":"audio/ogg; codecs=opus","voice":true}`),
			messengertest.Videos:     thing("T3", "video", `{"id":"3","mime_type":"video/mp4"}`),
			messengertest.Files:      thing("T4", "document", `{"id":"4","filename":"a.pdf","mime_type":"application/pdf"}`),
			messengertest.Stickers:   thing("T5", "sticker", `{"id":"5","mime_type":"image/webp","animated":false}`),
			messengertest.Contacts:   thing("T6", "contacts", `[{"name":{"formatted_name":"Bob"},"phones":[{"phone":"+4930901820"}]}]`),
			messengertest.Places:     thing("T7", "location", `{"latitude":48.1,"longitude":11.5,"name":"Marienplatz"}`),
		},
		Doubts: []messengertest.Doubtful{
			{Name: "all is well", Platform: tokenOf(`["whatsapp_business_messaging","whatsapp_business_management"]`, 0, "LIVE")},
			{Name: "a right is missing", Step: messengers.StepRights, Platform: tokenOf(`["whatsapp_business_messaging"]`, 0, "LIVE")},
			{Name: "the token ends soon", Step: messengers.StepRights, Soon: true, Platform: tokenOf(`[]`, messengertest.Now().Add(24*time.Hour).Unix(), "LIVE")},
			{Name: "a number to try with", Step: messengers.StepAnswered, Soon: true, Platform: tokenOf(`[]`, 0, "SANDBOX")},
		},
		Shows: "Authorization: Bearer {access_token}",
		Kind:  whatsapp.Kind, Base: "api_base", Folder: "testdata",
		Settings: map[string]any{
			"phone_number_id": own, "access_token": metatest.Token, "app_secret": metatest.Secret, "verify_token": metatest.Verify,
			"number": "+49 30 901820", "template": "late_answer", "account_id": "102290129340398",
		},
		Deliveries: []messengers.Delivery{said("wamid.A1", "tiramisu"), said("wamid.A2", "news")},
		Groups: []messengertest.Group{{
			Name:    "by its number",
			Member:  inGroup("4915112345678", "wamid.G1", `"text":{"body":"@4930901820 news"},"type":"text"`),
			Other:   inGroup("4915112345679", "wamid.G2", `"text":{"body":"@4930901820 news"},"type":"text"`),
			Private: said("wamid.G3", "news"),
		}},
		Unasked: []messengers.Delivery{inGroup("4915112345678", "wamid.G4", `"text":{"body":"news"},"type":"text"`)},
		Edits: []messengers.Delivery{
			metatest.Delivery(wrote(`"edit":{"message":{"text":{"body":"goals"},"type":"text"},"original_message_id":"wamid.A1"},"id":"wamid.A3","type":"edit"`)),
			metatest.Delivery(wrote(`"id":"wamid.A4","revoke":{"original_message_id":"wamid.A1"},"type":"revoke"`)),
		},
		Label: "title",
		Press: func(sends string) messengers.Delivery {
			return metatest.Delivery(wrote(`"id":"wamid.` + messengertest.Fresh() + `","interactive":{"button_reply":{"id":"` + sends + `","title":"News"},"type":"button_reply"},"type":"interactive"`))
		},
		Foreign: func(sends, label string) []messengers.Delivery {
			return []messengers.Delivery{
				metatest.Delivery(wrote(`"id":"wamid.A6","button":{"payload":"` + sends + `","text":"` + label + `"},"type":"button"`)),
				metatest.Delivery(wrote(`"id":"wamid.A7","interactive":{"button_reply":{"id":"` + sends + `","title":"` + label + `"},"type":"button_reply"},"type":"interactive"`)),
				metatest.Delivery(wrote(`"id":"wamid.A8","interactive":{"list_reply":{"id":"` + sends + `","title":"` + label + `","description":"x"},"type":"list_reply"},"type":"interactive"`)),
			}
		},
		Tells: messengers.Delivered,
		Told: func(id string) messengers.Delivery {
			return metatest.Delivery(envelope(change(own, `"statuses":[{"id":"`+id+`","recipient_id":"4915112345678","status":"delivered"}]`)))
		},
		Sign: metatest.Signed(metatest.Secret), Forge: metatest.Forge,
		Address: "4915112345678", Other: "DE.13491208655302741918",
		Success: `{"messaging_product":"whatsapp","contacts":[{"input":"4915112345678","wa_id":"4915112345678"}],"messages":[{"id":"wamid.O1"}]}`, ID: "wamid.O1",
		Refused: metatest.Words,
		Rejected: map[string]messengers.Fault{
			metatest.Refused(131047, 0): messengers.WindowClosed, metatest.Refused(131026, 0): messengers.Blocked, metatest.Refused(190, 0): messengers.TokenInvalid,
			metatest.Refused(131056, 0): messengers.LimitedUntil, metatest.Refused(131016, 0): messengers.Temporary, metatest.Refused(131051, 0): messengers.Permanent, `{}`: messengers.Uncertain,
		},
		Faults: map[int]messengers.Fault{403: messengers.TokenInvalid},
		Revoked: []messengertest.Revoked{
			{Status: 401, Body: metatest.Refused(190, 0)}, {Status: 400, Body: metatest.Refused(190, 460)}, {Status: 200, Body: metatest.Refused(190, 463)},
			{Status: 403, Body: metatest.Refused(10, 0)}, {Status: 403, Body: metatest.Refused(200, 0)}, {Status: 400, Body: metatest.Refused(131031, 0)}, {Status: 400, Body: metatest.Refused(133010, 0)}, {Status: 400, Body: metatest.Refused(131042, 0)},
		},
		App: &messengertest.AppCase{
			Settings: map[string]any{"app_secret": metatest.AppSecret, "verify_token": metatest.Verify},
			Others:   []map[string]any{{"phone_number_id": "900"}},
			Deliveries: []messengers.Delivery{metatest.AppDelivery(`{"entry":[{"changes":[` +
				`{"field":"messages","value":{"messages":[{"from":"4915112345678","id":"wamid.B1","text":{"body":"goals"},"type":"text"}],"metadata":{"phone_number_id":"` + own + `"}}},` +
				`{"field":"messages","value":{"messages":[{"from":"4915112345678","id":"wamid.B2","text":{"body":"news"},"type":"text"}],"metadata":{"phone_number_id":"900"}}},` +
				`{"field":"account_update","value":{"event":"VERIFIED_ACCOUNT"}}],"id":"102290129340398"}],"object":"whatsapp_business_account"}`,
			), metatest.Handshake()},
			Sign: metatest.Signed(metatest.AppSecret), Forge: metatest.Forge,
		},
		Profile: func() messengertest.Platform { return newGraph().platform() },
	}
}

func TestWhatsAppKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}

// shownSecret is what 360dialog shows in place of a signature.
const shownSecret = "hook-secret-0123456789"

func shows(d messengers.Delivery) messengers.Delivery {
	d.Header = map[string][]string{"Authorization": {"Bearer " + shownSecret}, "Content-Type": {"application/json"}}
	return d
}

func TestANumberBy360dialogKeepsThemAsWell(t *testing.T) {
	c := suite()
	c.Settings = map[string]any{"auth": "d360", "access_token": metatest.Token, "hook_secret": shownSecret, "number": "+49 30 901820", "template": "late_answer"}
	c.Doubts = c.Doubts[:1]
	c.Kind.App, c.App, c.Sign, c.Folder, c.Shows = nil, nil, nil, "", "D360-Api-Key: {access_token}"
	for _, all := range [][]messengers.Delivery{c.Deliveries, c.Edits, c.Unasked} {
		for i := range all {
			all[i] = shows(all[i])
		}
	}
	for i, g := range c.Groups {
		g.Member, g.Other, g.Private = shows(g.Member), shows(g.Other), shows(g.Private)
		c.Groups[i] = g
	}
	for of, d := range c.Brings {
		c.Brings[of] = shows(d)
	}
	press, foreign, told := c.Press, c.Foreign, c.Told
	c.Foreign = func(sends, label string) []messengers.Delivery {
		all := foreign(sends, label)
		for i := range all {
			all[i] = shows(all[i])
		}
		return all
	}
	c.Press = func(sends string) messengers.Delivery { return shows(press(sends)) }
	c.Told = func(id string) messengers.Delivery { return shows(told(id)) }
	c.Forge = func(d messengers.Delivery) messengers.Delivery {
		d.Header["Authorization"] = []string{"Bearer " + shownSecret[1:] + "0"}
		return d
	}
	c.Refusal = func(status, _ int) string {
		if status != http.StatusForbidden {
			return ""
		}
		return `{"meta":{"success":false,"http_code":403,"developer_message":"Invalid api key"}}`
	}
	c.Profile = func() messengertest.Platform {
		kept := map[string]any{"others": "of somebody else"}
		return messengertest.Platform{
			Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					var body map[string]any
					_ = json.NewDecoder(r.Body).Decode(&body)
					maps.Copy(kept, body)
				}
				_ = json.NewEncoder(w).Encode(kept)
			}),
			Changes: func(r *http.Request) bool { return r.Method != http.MethodGet },
			Kept: func() string {
				all, _ := json.Marshal(kept)
				return string(bytes.ReplaceAll(all, []byte(shownSecret), nil))
			},
			Others: "of somebody else",
			Spoil:  map[string]func(){"webhook": func() { kept["headers"] = map[string]any{} }},
		}
	}
	messengertest.Run(t, c)
}

// tokenOf answers what is asked about a token and its number.
func tokenOf(scopes string, ends int64, mode string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/debug_token") {
			_, _ = fmt.Fprintf(w, `{"data":{"app_id":"1","type":"SYSTEM_USER","is_valid":true,"expires_at":%d,"scopes":%s}}`, ends, scopes)
			return
		}
		_, _ = fmt.Fprintf(w, `{"id":"1","account_mode":%q}`, mode)
	}
}
