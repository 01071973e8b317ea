package matrix_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/matrix"
	"keypull/web/messengers/messengertest"
)

const (
	token   = "syt_token_0123456789"
	hsToken = "hs-token-0123456789"
	bot     = "@news:lecker.example"
	ann     = "@ann:example.org"
	bob     = "@bob:example.org"
	direct  = "!direct:example.org"
	crowd   = "!crowd:example.org"
)

// members returns the events that tell who is in a room.
func members(room string, isDirect bool, users ...string) string {
	var all []string
	for _, user := range users {
		all = append(all, fmt.Sprintf(`{"type":"m.room.member","event_id":"$join-%s","room_id":%q,"sender":%q,"state_key":%q,"origin_server_ts":1795165200000,`+
			`"content":{"membership":"join","displayname":%q,"is_direct":%v}}`, strings.Trim(user, "@"), room, user, user, map[bool]string{true: "Lecker Bot", false: "Ann"}[user == bot], isDirect))
	}
	return strings.Join(all, ",")
}

func said(id, room, sender, content string) string {
	return fmt.Sprintf(`{"type":"m.room.message","event_id":%q,"room_id":%q,"sender":%q,"origin_server_ts":1795165200000,"content":%s}`, id, room, sender, content)
}

func txt(body string) string { return fmt.Sprintf(`{"msgtype":"m.text","body":%q}`, body) }

// pushed returns a transaction of an application service.
func pushed(events ...string) messengers.Delivery {
	return messengers.Delivery{
		Method: http.MethodPut, Path: "_matrix/app/v1/transactions/7", At: messengertest.Now(),
		Header: map[string][]string{"Authorization": {"Bearer " + hsToken}, "Content-Type": {"application/json"}},
		Body:   []byte(`{"events":[` + strings.Join(events, ",") + `]}`),
	}
}

func inPrivate(id, content string) messengers.Delivery {
	return pushed(members(direct, true, bot, ann), said(id, direct, ann, content))
}

func inGroup(id, who, content string) messengers.Delivery {
	return pushed(members(crowd, false, bot, ann, bob), said(id, crowd, who, content))
}

const mentioning = `{"msgtype":"m.text","body":"Lecker Bot: news","m.mentions":{"user_ids":["` + bot + `"]}}`

func suite() messengertest.Case {
	return messengertest.Case{
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures:   inPrivate("$t1", `{"msgtype":"m.image","body":"a.png","url":"mxc://example.org/a"}`),
			messengertest.Recordings: inPrivate("$t2", `{"msgtype":"m.audio","body":"a.ogg","url":"mxc://example.org/b","info":{"mimetype":"audio/ogg"}}`),
			messengertest.Videos:     inPrivate("$t3", `{"msgtype":"m.video","body":"a.mp4","url":"mxc://example.org/c"}`),
			messengertest.Files:      inPrivate("$t4", `{"msgtype":"m.file","body":"a.pdf","url":"mxc://example.org/d","info":{"mimetype":"application/pdf"}}`),
			messengertest.Contacts:   inPrivate("$t5", `{"msgtype":"m.file","body":"a.vcf","url":"mxc://example.org/e","info":{"mimetype":"text/vcard"}}`),
			messengertest.Places:     inPrivate("$t6", `{"msgtype":"m.location","body":"Marienplatz","geo_uri":"geo:48.1,11.5;u=35"}`),
			messengertest.Stickers: pushed(members(direct, true, bot, ann), `{"type":"m.sticker","event_id":"$t7","room_id":"`+direct+`","sender":"`+ann+
				`","origin_server_ts":1795165200000,"content":{"body":"Cat","url":"mxc://example.org/f","info":{"mimetype":"image/png"}}}`),
		},
		Shows:    "Authorization: Bearer {access_token}",
		Kind:     matrix.Kind,
		Settings: map[string]any{"access_token": token, "hs_token": hsToken, "user_id": bot},
		Base:     "homeserver",
		Folder:   "testdata",
		Profile:  profile,
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["Authorization"] = []string{"Bearer " + hsToken + "x"}
			return d
		},
		Groups: []messengertest.Group{
			{Name: "a mention", Member: inGroup("$g1", ann, mentioning), Other: inGroup("$g2", bob, mentioning), Private: inPrivate("$g3", mentioning)},
			{Name: "a call", Member: inGroup("$g4", ann, txt("@Lecker Bot news")), Other: inGroup("$g5", bob, txt("lecker bot, news")), Private: inPrivate("$g6", txt("news"))},
		},
		Unasked: []messengers.Delivery{
			inGroup("$u1", ann, txt("said among friends of the news")), inGroup("$u2", ann, `{"msgtype":"m.text","body":"@bob news","m.mentions":{"user_ids":["`+bob+`"]}}`),
			inPrivate("$u3", `{"msgtype":"m.notice","body":"I am a program"}`), pushed(members(direct, true, bot, ann), said("$u4", direct, bot, txt("news"))),
			pushed(members("!x:example.org", true, bot, ann), `{"type":"m.room.encrypted","event_id":"$u5","room_id":"!x:example.org","sender":"`+ann+`","content":{"algorithm":"m.megolm.v1.aes-sha2","ciphertext":"x"}}`),
			pushed(members("!y:example.org", true, bot, ann), `{"type":"m.room.encryption","event_id":"$u6","state_key":"","room_id":"!y:example.org","sender":"`+ann+`","content":{"algorithm":"m.megolm.v1.aes-sha2"}}`, said("$u7", "!y:example.org", ann, txt("news"))),
		},
		Edits: []messengers.Delivery{
			inPrivate("$e2", `{"msgtype":"m.text","body":"* tiramisu","m.new_content":{"msgtype":"m.text","body":"tiramisu"},"m.relates_to":{"rel_type":"m.replace","event_id":"$text"}}`),
			pushed(`{"type":"m.room.redaction","event_id":"$e3","room_id":"` + direct + `","sender":"` + ann + `","redacts":"$text","content":{}}`),
			pushed(`{"type":"m.room.redaction","event_id":"$e4","room_id":"` + direct + `","sender":"` + ann + `","content":{"redacts":"$text"}}`),
		},
		Tells: messengers.Reacted,
		Told: func(id string) messengers.Delivery {
			return pushed(`{"type":"m.reaction","event_id":"$r1","room_id":"` + direct + `","sender":"` + ann + `","content":{"m.relates_to":{"rel_type":"m.annotation","event_id":"` + id + `","key":"👍🏽"}}}`)
		},
		Address: direct, Other: "!other:example.org",
		Success: `{"event_id":"$sent"}`, ID: "$sent",
		Rejected: map[string]messengers.Fault{
			`{}`: messengers.Uncertain, `{"errcode":"M_FORBIDDEN","error":"no"}`: messengers.Blocked, `{"errcode":"M_UNKNOWN_TOKEN","error":"no"}`: messengers.TokenInvalid,
		},
		Aside: func(r *http.Request) (string, bool) {
			return `{"errcode":"M_NOT_FOUND","error":"none"}`, r.Method == http.MethodGet
		},
		Refusal: func(status, retry int) string {
			if status == http.StatusTooManyRequests {
				return fmt.Sprintf(`{"errcode":"M_LIMIT_EXCEEDED","error":"slow down, %s","retry_after_ms":%d}`, token, retry*1000)
			}
			return fmt.Sprintf(`{"errcode":"M_UNKNOWN","error":"no, %s"}`, token)
		},
		Refused: func(no httpapi.Fault) (int, string) {
			return cmp.Or(no.Status, 403), `{"errcode":"` + cmp.Or(no.Codes, "M_UNKNOWN") + `","error":"no"}`
		},
		Faults: map[int]messengers.Fault{404: messengers.Permanent, 413: messengers.Permanent},
		Revoked: []messengertest.Revoked{
			{Status: 401, Body: `{"errcode":"M_UNKNOWN_TOKEN","error":"no","soft_logout":true}`}, {Status: 403, Body: `{"errcode":"M_USER_DEACTIVATED","error":"no"}`},
			{Status: 403, Body: `{"errcode":"M_USER_LOCKED","error":"no"}`}, {Status: 403, Body: `{"errcode":"M_USER_SUSPENDED","error":"no"}`},
		},
	}
}

func TestMatrixKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}
