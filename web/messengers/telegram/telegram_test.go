package telegram_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/telegram"
)

const (
	token  = "123456:AAExample_Token-0123456789"
	secret = "hook-secret_0123456789"
)

func suite() messengertest.Case {
	return messengertest.Case{
		Shows: "/bot{token}/", Lacks: map[string]string{messengertest.Threads: "the topic of a group is part of its address"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures:   delivery(update("41", reader+","+private+`,"photo":[{"file_id":"x","width":90},{"file_id":"y","width":800}]`)),
			messengertest.Recordings: delivery(update("42", reader+","+private+`,"voice":{"file_id":"x","duration":3}`)),
			messengertest.Videos:     delivery(update("43", reader+","+private+`,"video_note":{"file_id":"x","length":240}`)),
			messengertest.Files:      delivery(update("44", reader+","+private+`,"document":{"file_id":"x","file_name":"a.pdf"}`)),
			messengertest.Stickers:   delivery(update("45", reader+","+private+`,"sticker":{"file_id":"x","emoji":"😀","is_animated":false}`)),
			messengertest.Contacts:   delivery(update("46", reader+","+private+`,"contact":{"phone_number":"+4930901820","first_name":"Bob"}`)),
			messengertest.Places:     delivery(update("47", reader+","+private+`,"location":{"latitude":48.1,"longitude":11.5},"venue":{"title":"Marienplatz","address":"Marienplatz 1","location":{"latitude":48.1,"longitude":11.5}}`)),
		},
		Doubts: []messengertest.Doubtful{
			{Name: "all was brought", Platform: brought(``)},
			{Name: "something was not, long ago", Platform: brought(`,"last_error_date":1,"last_error_message":"Connection timed out"`)},
			{Name: "something waits", Step: messengers.StepReach, Platform: brought(`,"last_error_date":1,"pending_update_count":3,"last_error_message":"Connection timed out"`)},
			{Name: "something waited", Step: messengers.StepReach, Soon: true, Platform: brought(fmt.Sprintf(`,"last_error_date":%d,"last_error_message":"Connection timed out"`, messengertest.Now().Unix()))},
		},
		Kind:     telegram.Kind,
		Settings: map[string]any{"token": token, "secret_token": secret},
		Base:     "api_base",
		Folder:   "testdata",
		Groups: []messengertest.Group{
			{
				Name:    "a command",
				Member:  delivery(update("12", reader+","+group+`,"text":"/news"`)),
				Other:   delivery(update("13", other+","+group+`,"text":"/news"`)),
				Private: delivery(update("14", reader+","+private+`,"text":"/news"`)),
			},
			{
				Name:    "the press of a button",
				Member:  delivery(pressed("15", reader, group)),
				Other:   delivery(pressed("16", other, group)),
				Private: delivery(pressed("17", reader, private)),
			},
			{
				Name:    "an answer in a small group, and one in the group's own name",
				Member:  delivery(update("18", reader+","+small+`,"text":"news",`+answering)),
				Other:   delivery(update("19", unnamed+","+small+`,"text":"news",`+answering)),
				Private: delivery(update("20", reader+","+private+`,"text":"news",`+answering)),
			},
		},
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["X-Telegram-Bot-Api-Secret-Token"] = []string{secret + "x"}
			return d
		},
		Unasked: []messengers.Delivery{delivery(update("22", reader+","+group+`,"text":"said among friends"`))},
		Label:   "text",
		Tells:   messengers.Reacted,
		Told: func(id string) messengers.Delivery {
			chat, message, _ := strings.Cut(id, "/")
			return delivery(`{"update_id":25,"message_reaction":{"chat":{"id":` + chat + `,"type":"private"},"message_id":` + message + `,` + strings.Replace(reader, "from", "user", 1) +
				`,"date":1,"old_reaction":[],"new_reaction":[{"type":"emoji","emoji":"❤"}]}}`)
		},
		Press: func(sends string) messengers.Delivery {
			return delivery(strings.Replace(pressed(messengertest.Fresh(), reader, private), "k:news", sends, 1))
		},
		Foreign: func(sends, label string) []messengers.Delivery {
			bare := strings.Replace(pressed("24", reader, private), "k:news", sends, 1)
			return []messengers.Delivery{delivery(bare), delivery(strings.Replace(bare, `"message_id":2`,
				`"message_id":2,"reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"y"},{"text":"`+label+`","callback_data":"`+sends+`"}]]}`, 1))}
		},
		Edits:   []messengers.Delivery{delivery(`{"update_id":21,"edited_message":{"message_id":1,` + reader + "," + private + `,"text":"x"}}`)},
		Address: "7", Other: "-100200/9",
		Success: `{"ok":true,"result":{"message_id":3}}`, ID: "7/3",
		Rejected: map[string]messengers.Fault{
			`{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`: messengers.Blocked,
			`{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`:            messengers.Permanent,
			`<html>`: messengers.Uncertain,
		},
		Refusal: func(status, retry int) string {
			return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":"No, %s","parameters":{"retry_after":%d}}`, status, token, retry)
		},
		Refused: func(no httpapi.Fault) (int, string) {
			status, moved := cmp.Or(no.Status, 400), 0
			if no.Codes == "moved" {
				moved = -100300
			}
			return status, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":"No","parameters":{"migrate_to_chat_id":%d}}`, status, moved)
		},
		Faults:  map[int]messengers.Fault{404: messengers.TokenInvalid, 409: messengers.Temporary},
		Profile: platform,
		Revoked: []messengertest.Revoked{
			{Status: 401, Body: `{"ok":false,"error_code":401,"description":"Unauthorized"}`}, {Status: 404, Body: `{"ok":false,"error_code":404,"description":"Not Found"}`},
			{Status: 200, Body: `{"ok":false,"error_code":401,"description":"Unauthorized"}`},
		},
	}
}

func delivery(body string) messengers.Delivery {
	return messengers.Delivery{
		Method: http.MethodPost,
		Header: map[string][]string{"X-Telegram-Bot-Api-Secret-Token": {secret}, "Content-Type": {"application/json"}},
		Body:   []byte(body), At: messengertest.Now(),
	}
}

func TestTelegramKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}

// brought answers how the webhook of the channel has been doing.
func brought(more string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":{"url":%q%s}}`, "https://example.org/hook/lecker/test", more)
	}
}
