package telegram_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"keypull/web/messengers/telegram"
)

const (
	plainFrom = `"from":{"id":7,"is_bot":false,"first_name":"Ann","last_name":"Ö","username":"ann","language_code":"fr-CA","is_premium":true}`
	plainChat = `"chat":{"id":-100200,"title":"G","username":"g","first_name":"A","last_name":"B","type":"supergroup"}`
)

// odd are updates, and such as are none, in which something needs care.
func odd() []string {
	all := []string{``, ` `, `{`, `{}`, `[]`, `"`, `null`, `{"update_id":1,}`, `{"update_id":1} {}`, `{"update_id":1`, `{"update_id"}`, `{"update_id":}`, `{,}`}
	for _, number := range []string{`01`, `1.0`, `1e3`, `1E3`, `- 1`, `-`, `"1"`, `null`, `true`, `1234567890123456789`, `99999999999999999999`} {
		all = append(all, `{"update_id":`+number+`}`)
	}
	for _, member := range []string{
		`"text":"a\"b"`, `"text":"\u00e4"`, "\"text\":\"a\nb\"", "\"text\":\"\xff\"", `"text":null`, `"text":1`, `"Text":"a"`, `"caption":"a"`, `"photo":[]`,
		`"from":null`, `"from":{}`, `"from":{"ID":1}`, plainFrom + `,"from":{"id":8}`, `"from":{"id":7,"is_bot":1}`, `"from":{"id":7,"is_bot":truer}`,
		`"chat":[]`, `"chat":{"id":1},"chat":{"id":2}`, `"chat":{"id":1,"photo":{}}`, `"date":"x"`,
	} {
		all = append(all, `{"update_id":1,"message":{`+member+`}}`)
	}
	return append(all, `{"update_id":1,"message":{"message_id":1},"message":{"text":"a"}}`, `{"update_id":1,"edited_message":{"message_id":1}}`)
}

func plain() []string {
	return []string{
		`{"update_id":5,"message":{"message_id":1,` + plainFrom + `,` + plainChat + `,"date":1790000000,"text":"pasta für dich 🍝"}}`,
		" {\n\t\"update_id\" : 0 ,\r\n\"message\" : { \"text\" : \"\" , \"message_id\" : -0 } } \n",
		`{"message":{"text":"a","text":"b","message_id":1,"message_id":123456789012345678},"update_id":1,"update_id":-7}`,
	}
}

func TestAnUpdateIsReadAsEncodingJSONWould(t *testing.T) {
	for _, body := range plain() {
		if !sameUpdate(t, []byte(body)) {
			t.Errorf("%s is plain", body)
		}
		if sameUpdate(t, []byte(body+"x")) {
			t.Errorf("something stands behind %s", body)
		}
	}
	for _, body := range odd() {
		if sameUpdate(t, []byte(body)) {
			t.Errorf("%q is not plain", body)
		}
	}
	long := strings.TrimSuffix(plain()[0], "}")
	for i := range long {
		sameUpdate(t, []byte(long[:i]))
	}
}

// sameUpdate reports whether an update is plain, and fails where encoding/json
// reads another.
func sameUpdate(t *testing.T, body []byte) bool {
	t.Helper()
	own, usual, plain, err := telegram.Updates(body)
	if plain && (err != nil || !reflect.DeepEqual(own, usual)) {
		t.Errorf("%q is %+v, and by encoding/json %+v, %v", body, own, usual, err)
	}
	return plain
}

// FuzzUpdate reads whatever is delivered.
func FuzzUpdate(f *testing.F) {
	for _, body := range slices.Concat(plain(), odd()) {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) { sameUpdate(t, body) })
}
