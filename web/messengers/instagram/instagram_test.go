package instagram_test

import (
	"encoding/json"
	"maps"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/instagram"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
)

// event returns a delivery of one event between a person and the account.
func event(what string) string {
	return `{"entry":[{"id":"17841400000000000","messaging":[{"recipient":{"id":"17841400000000000"},"sender":{"id":"6310022334455667"},"timestamp":1795165200000,` + what + `}],"time":1795165200123}],"object":"instagram"}`
}

// attached returns a delivery of something that came without words.
func attached(mid, kind, payload string) messengers.Delivery {
	return metatest.Delivery(event(`"message":{"attachments":[{"payload":{` + payload + `},"type":"` + kind + `"}],"mid":"` + mid + `"}`))
}

func suite() messengertest.Case {
	return messengertest.Case{
		Lacks: map[string]string{
			messengertest.Threads: "a chat is one thread, and nothing is quoted", messengertest.Contacts: "nobody can share a contact with an account",
			messengertest.Places: "nobody can share a place with an account", messengertest.Stickers: "Instagram brings a sticker as a picture",
		},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures:   attached("t1", "image", `"url":"https://cdn.example.org/a.jpg"`),
			messengertest.Recordings: attached("t2", "audio", `"url":"https://cdn.example.org/a.mp4"`),
			messengertest.Videos:     attached("t3", "video", `"url":"https://cdn.example.org/a.mp4"`),
			messengertest.Files:      attached("t4", "file", `"url":"https://cdn.example.org/a.pdf"`),
		},
		Shows: "Authorization: Bearer {access_token}",
		Kind:  instagram.Kind, Base: "api_base", Folder: "testdata",
		Settings: map[string]any{"account_id": "17841400000000000", "access_token": metatest.Token, "app_secret": metatest.Secret, "verify_token": metatest.Verify},
		Deliveries: []messengers.Delivery{
			metatest.Delivery(event(`"message":{"mid":"m1","text":"tiramisu"}`)),
			metatest.Delivery(event(`"postback":{"mid":"m2","payload":"k:news","title":"News"}`)),
		},
		Edits:   []messengers.Delivery{metatest.Delivery(event(`"message":{"is_deleted":true,"mid":"m1"}`))},
		Unasked: []messengers.Delivery{metatest.Delivery(event(`"message":{"is_echo":true,"mid":"m3","text":"12 degrees"}`))},
		Label:   "title",
		Press: func(sends string) messengers.Delivery {
			return metatest.Delivery(event(`"message":{"mid":"` + messengertest.Fresh() + `","quick_reply":{"payload":"` + sends + `"},"text":"News"}`))
		},
		Foreign: func(sends, label string) []messengers.Delivery {
			return []messengers.Delivery{
				metatest.Delivery(event(`"message":{"mid":"m6","quick_reply":{"payload":"` + sends + `"},"text":"` + label + `"}`)),
				metatest.Delivery(event(`"postback":{"mid":"m7","payload":"` + sends + `","title":"` + label + `"}`)),
			}
		},
		Tells: messengers.Read,
		Told:  func(id string) messengers.Delivery { return metatest.Delivery(event(`"read":{"mid":"` + id + `"}`)) },
		Sign:  metatest.Signed(metatest.Secret), Forge: metatest.Forge,
		Address: "6310022334455667", Other: "6310022334455668",
		Success: `{"recipient_id":"6310022334455667","message_id":"m_Out-1"}`, ID: "m_Out-1",
		Refused: metatest.Words,
		Rejected: map[string]messengers.Fault{
			metatest.Refused(10, 2534022): messengers.WindowClosed, metatest.Refused(551, 0): messengers.Blocked, metatest.Refused(190, 0): messengers.TokenInvalid,
			metatest.Refused(613, 0): messengers.LimitedUntil, metatest.Refused(1, 0): messengers.Temporary, metatest.Refused(100, 2534014): messengers.Permanent, `{}`: messengers.Uncertain,
		},
		Faults: map[int]messengers.Fault{403: messengers.TokenInvalid},
		Revoked: []messengertest.Revoked{
			{Status: 401, Body: metatest.Refused(190, 0)}, {Status: 400, Body: metatest.Refused(190, 460)}, {Status: 200, Body: metatest.Refused(190, 463)},
			{Status: 403, Body: metatest.Refused(10, 0)}, {Status: 403, Body: metatest.Refused(200, 0)}, {Status: 400, Body: metatest.Refused(368, 0)},
		},
		App: &messengertest.AppCase{
			Settings: map[string]any{"app_secret": metatest.AppSecret, "verify_token": metatest.Verify},
			Others:   []map[string]any{{"account_id": "103"}},
			Deliveries: []messengers.Delivery{metatest.AppDelivery(
				`{"entry":[{"id":"17841400000000000","messaging":[{"message":{"mid":"a1","text":"goals"},"recipient":{"id":"17841400000000000"},"sender":{"id":"6310022334455667"}}]},` +
					`{"changes":[{"field":"messages","value":{"message":{"mid":"a2","text":"news"},"recipient":{"id":"103"},"sender":{"id":"6310022334455668"}}}],"id":"103"}],"object":"instagram"}`,
			), metatest.Handshake()},
			Sign: metatest.Signed(metatest.AppSecret), Forge: metatest.Forge,
		},
		Profile: platform(""),
	}
}

// platform returns what an account is told of; spoilt are parts beside those that all
// have.
func platform(hook string) func() messengertest.Platform {
	return func() messengertest.Platform {
		s := &metatest.Site{App: "9000", Object: "instagram", AppFields: []string{"comments"}, Fields: []string{"comments"}, Profile: map[string]json.RawMessage{
			"ice_breakers": json.RawMessage(`[{"locale":"it_IT","call_to_actions":[{"question":"Scrivi una parola","payload":"IT"}]}]`),
		}}
		p := s.Platform()
		p.Spoil["words"] = func() {
			s.Profile["ice_breakers"] = json.RawMessage(`[{"locale":"it_IT","call_to_actions":[{"question":"Scrivi una parola","payload":"IT"}]}]`)
		}
		if hook == "" {
			delete(p.Spoil, "webhook")
		}
		return p
	}
}

func TestInstagramKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}

func TestAnAccountOfAPageKeepsThemAsWell(t *testing.T) {
	c := suite()
	c.Settings = maps.Clone(c.Settings)
	c.Settings["login"], c.Profile = "facebook", platform("told")
	messengertest.Run(t, c)
}
