package presignin

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// MaxCarried is how much a form may hold that is carried over signing in: with
// what encoding adds, it still fits into a form itself.
const MaxCarried = 4 << 20

// Names of the fields by which a form travels within another.
const (
	// Carried holds a form as Carry wrote it.
	Carried = "_carried"
	// Token is the field of every form with the secret of its session.
	Token = "_csrf"
)

// Carry writes all that was typed into a form as one line, for a hidden field
// of the page that asks for a sign-in first; false if it is too much.
func Carry(form url.Values) (string, bool) {
	text := form.Encode()
	return base64.RawURLEncoding.EncodeToString([]byte(text)), len(text) <= MaxCarried
}

// Uncarry reads what Carry wrote; false if it is nothing of the kind.
func Uncarry(text string) (url.Values, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) > MaxCarried {
		return nil, false
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, false
	}
	return Clean(form), true
}

// Clean has every value of a form be text.
func Clean(form url.Values) url.Values {
	for _, values := range form {
		for i := range values {
			values[i] = strings.ToValidUTF8(values[i], "\uFFFD")
		}
	}
	return form
}
