package meta

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"keypull/web/messengers"
)

// maxRef is how long the payload of a deep link may be; it is made of letters,
// digits and a few signs.
const maxRef = 250

// coded begins a payload that holds other words in base64.
const coded = "w."

// Link returns a deep link that asks words: as they are where they may stand in its
// payload, else coded; without them where they are too many.
func Link(account, words string) string {
	ref := strings.ReplaceAll(words, " ", "_")
	if strings.Contains(words, "_") || !messengers.Alphanumeric(ref, "_-") || strings.HasPrefix(ref, coded) {
		ref = coded + base64.RawURLEncoding.EncodeToString([]byte(words))
	}
	if words == "" || len(ref) > maxRef {
		return account
	}
	return account + "?ref=" + ref
}

// asked returns the words of a deep link's payload.
func asked(ref string) string {
	if code, ok := strings.CutPrefix(ref, coded); ok {
		if raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(code, "=")); err == nil && utf8.Valid(raw) {
			return messengers.Clean(string(raw))
		}
	}
	return messengers.Clean(strings.ReplaceAll(ref, "_", " "))
}
