package messenger_test

import (
	"encoding/json"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messenger"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
)

// event returns a delivery of one event between a person and the page.
func event(what string) string {
	return `{"entry":[{"id":"102030405060708","messaging":[{"recipient":{"id":"102030405060708"},"sender":{"id":"7420011223344556"},"timestamp":1795165200000,` + what + `}],"time":1795165200123}],"object":"page"}`
}

// attached returns a delivery of something that came without words.
func attached(mid, kind, payload string) messengers.Delivery {
	return metatest.Delivery(event(`"message":{"attachments":[{"payload":{` + payload + `},"type":"` + kind + `"}],"mid":"` + mid + `"}`))
}

func suite() messengertest.Case {
	return messengertest.Case{
		Lacks: map[string]string{messengertest.Threads: "a chat is one thread, and nothing is quoted", messengertest.Contacts: "nobody can share a contact with a page"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures:   attached("t1", "image", `"url":"https://cdn.example.org/a.jpg"`),
			messengertest.Recordings: attached("t2", "audio", `"url":"https://cdn.example.org/a.mp4"`),
			messengertest.Videos:     attached("t3", "video", `"url":"https://cdn.example.org/a.mp4"`),
			messengertest.Files:      attached("t4", "file", `"url":"https://cdn.example.org/a.pdf"`),
			messengertest.Stickers:   attached("t5", "image", `"sticker_id":144884805710,"url":"https://cdn.example.org/s.png"`),
			messengertest.Places:     attached("t6", "location", `"coordinates":{"lat":48.1,"long":11.5}`),
		},
		Shows: "Authorization: Bearer {access_token}",
		Kind:  messenger.Kind, Base: "api_base", Folder: "testdata",
		Settings: map[string]any{"page_id": "102030405060708", "access_token": metatest.Token, "app_secret": metatest.Secret, "verify_token": metatest.Verify},
		Deliveries: []messengers.Delivery{
			metatest.Delivery(event(`"message":{"mid":"m1","text":"tiramisu"}`)),
			metatest.Delivery(event(`"postback":{"mid":"m2","payload":"k:news","title":"News"}`)),
		},
		Edits: []messengers.Delivery{
			metatest.Delivery(event(`"message_edit":{"mid":"m1","num_edit":1,"text":"goals"}`)),
			metatest.Delivery(event(`"message":{"is_deleted":true,"mid":"m1"}`)),
		},
		Unasked: []messengers.Delivery{
			metatest.Delivery(event(`"message":{"is_echo":true,"mid":"m3","text":"12 degrees"}`)),
			metatest.Delivery(`{"object":"page","entry":[{"id":"1","messaging":[{"sender":{"id":"2"},"message":{"mid":"m4","text":"not ours"}}]}]}`),
		},
		Label: "title",
		Press: func(sends string) messengers.Delivery {
			return metatest.Delivery(event(`"message":{"mid":"` + messengertest.Fresh() + `","quick_reply":{"payload":"` + sends + `"},"text":"News"}`))
		},
		Foreign: func(sends, label string) []messengers.Delivery {
			return []messengers.Delivery{
				metatest.Delivery(event(`"message":{"mid":"m6","quick_reply":{"payload":"` + sends + `"},"text":"` + label + `"}`)),
				metatest.Delivery(event(`"postback":{"mid":"m7","payload":"` + sends + `","title":"` + label + `"}`)),
			}
		},
		Tells: messengers.Delivered,
		Told: func(id string) messengers.Delivery {
			return metatest.Delivery(event(`"delivery":{"mids":["` + id + `"],"watermark":1795165200000}`))
		},
		Sign: metatest.Signed(metatest.Secret), Forge: metatest.Forge,
		Address: "7420011223344556", Other: "7420011223344557",
		Success: `{"recipient_id":"7420011223344556","message_id":"m_Out-1"}`, ID: "m_Out-1",
		Refused: metatest.Words,
		Rejected: map[string]messengers.Fault{
			metatest.Refused(10, 2018278): messengers.WindowClosed, metatest.Refused(551, 1545041): messengers.Blocked, metatest.Refused(190, 463): messengers.TokenInvalid,
			metatest.Refused(613, 0): messengers.LimitedUntil, metatest.Refused(2, 0): messengers.Temporary, metatest.Refused(100, 2018001): messengers.Permanent, `{}`: messengers.Uncertain,
		},
		Faults: map[int]messengers.Fault{403: messengers.TokenInvalid},
		Revoked: []messengertest.Revoked{
			{Status: 401, Body: metatest.Refused(190, 0)}, {Status: 400, Body: metatest.Refused(190, 460)}, {Status: 200, Body: metatest.Refused(190, 463)},
			{Status: 403, Body: metatest.Refused(10, 0)}, {Status: 403, Body: metatest.Refused(200, 0)}, {Status: 400, Body: metatest.Refused(368, 0)},
		},
		App: &messengertest.AppCase{
			Settings: map[string]any{"app_secret": metatest.AppSecret, "verify_token": metatest.Verify},
			Others:   []map[string]any{{"page_id": "103"}},
			Deliveries: []messengers.Delivery{metatest.AppDelivery(
				`{"entry":[{"id":"102030405060708","messaging":[{"message":{"mid":"a1","text":"goals"},"recipient":{"id":"102030405060708"},"sender":{"id":"7420011223344556"}}]},` +
					`{"id":"103","messaging":[{"message":{"mid":"a2","text":"news"},"recipient":{"id":"103"},"sender":{"id":"7420011223344557"}}]}],"object":"page"}`,
			), metatest.Handshake()},
			Sign: metatest.Signed(metatest.AppSecret), Forge: metatest.Forge,
		},
		Profile: func() messengertest.Platform {
			s := &metatest.Site{App: "9000", Object: "page", AppFields: []string{"feed"}, Fields: []string{"feed"}, Profile: map[string]json.RawMessage{
				"greeting": json.RawMessage(`[{"locale":"it_IT","text":"Scrivi una parola"}]`),
			}}
			p := s.Platform()
			p.Spoil["greeting"] = func() { s.Profile["greeting"] = json.RawMessage(`[{"locale":"it_IT","text":"Scrivi una parola"}]`) }
			p.Spoil["commands"] = func() { delete(s.Profile, "get_started") }
			return p
		},
	}
}

func TestMessengerKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}
