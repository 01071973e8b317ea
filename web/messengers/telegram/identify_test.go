package telegram_test

import (
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
)

func TestAPersonIsNamedByANumber(t *testing.T) {
	var bot messengers.Identifier = &telegram.Bot{}
	for typed, want := range map[string]string{
		"123456789": "123456789", "tg://user?id=123456789": "123456789", "123456789/17": "123456789", "-1001234567890": "-1001234567890",
		"00123": "123", "@ann": "", "ann": "", "": "", "0": "", "12 34": "", "99999999999999999999": "",
	} {
		if id, ok := bot.Identify(typed); id != want || ok != (want != "") {
			t.Errorf("%q is %q, %v", typed, id, ok)
		}
	}
}
