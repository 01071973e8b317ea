package telegram

import (
	"strconv"
	"strings"

	"keypull/web/messengers"
)

var _ messengers.Identifier = (*Bot)(nil)

// userLink is how Telegram's own links name somebody.
const userLink = "tg://user?id="

// Identify takes the number of a person or chat, as Telegram's own link to it or
// with the topic of an address behind it. User names change hands, and none is
// kept.
func (*Bot) Identify(typed string) (string, bool) {
	number, _, _ := strings.Cut(strings.TrimPrefix(typed, userLink), "/")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n == 0 {
		return "", false
	}
	return strconv.FormatInt(n, 10), true
}
