package metatest

import (
	"net/http"
	"strings"
	"testing"

	"keypull/web/messengers"
)

// Seeds are bodies that something is wrong with.
func Seeds() [][]byte {
	long := strings.Repeat("x", 1<<20)
	event := func(of string) string {
		return `{"object":"page","entry":[{"id":"1","messaging":[{"sender":{"id":"2"},"recipient":{"id":"1"},` + of + `}]}]}`
	}
	number := func(of string) string {
		return `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},` + of + `}}]}]}`
	}
	var all [][]byte
	for _, s := range []string{
		``, `null`, `[]`, `{`, `{"object":"page","entry":{}}`, `{"object":"page","entry":[null,1,"x",[],{"id":{}}]}`, "\x00", "\xff\xfe",
		event(`"message":{"mid":"m","text":"\ud800 \u0000 a"}`), event(`"message":{"mid":1e400,"text":{}}`), event(`"message":{"mid":"m","text":"` + long + `"}`),
		event(`"message":{"mid":"` + long + `","text":"a"}`), event(`"postback":[]`), event(`"message":{"mid":"m","attachments":{"type":1}}`),
		event(`"message":{"mid":"m","attachments":[{"type":"location","payload":{"coordinates":{"lat":"x"}}},null]}`), event(`"referral":{"ref":"w.////"}`),
		number(`"messages":[{"from":"1","id":"w","type":"text","text":{"body":"` + long + `"}}]`), number(`"messages":{"id":"w"}`),
		number(`"messages":[{"from":"491511234567","id":"w","type":"edit","edit":{"original_message_id":"v","message":{"type":"edit","edit":{"message":{}}}}}]`),
		number(`"messages":[{"from":"491511234567","id":"w","type":"interactive","interactive":[]}],"statuses":[{"id":"s","status":"failed","errors":{"code":1}}]`),
		number(`"contacts":[null,{"wa_id":7}],"messages":[{"id":"w","type":"system","system":{"wa_id":"491511234567"}}]`),
		strings.Repeat(`{"entry":[`, 50_000), strings.Repeat("[", 60) + strings.Repeat("]", 60),
	} {
		all = append(all, []byte(s))
	}
	return all
}

// Fuzz hands a messenger whatever may come, signed as it would be: it neither
// breaks down nor fails, and what it understands has all that an ask must have.
func Fuzz(f *testing.F, m messengers.Messenger) {
	f.Helper()
	for _, body := range Seeds() {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := m.Receive(t.Context(), Delivery(string(body)))
		if err != nil || r.Status >= http.StatusInternalServerError {
			t.Fatalf("%d, %v", r.Status, err)
		}
		for _, in := range r.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" || strings.Contains(in.Text+in.ID+in.Reader, "\x00") {
				t.Fatalf("an ask that is none: %+v", in)
			}
		}
	})
}
