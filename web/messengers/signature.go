package messengers

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"hash"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// Signature is an HMAC by which a platform proves what it delivers.
type Signature struct {
	// Header is where it stands, in canonical form; Prefix begins it.
	Header string
	Prefix string
	Secret settings.Secret
	// Hash is SHA-256 and Encode hexadecimal where nil.
	Hash   func() hash.Hash
	Encode func(sum []byte) string
}

// Of returns the signature of some parts, one behind the other.
func (s Signature) Of(parts ...[]byte) string {
	if s.Hash == nil {
		s.Hash = sha256.New
	}
	if s.Encode == nil {
		s.Encode = hex.EncodeToString
	}
	mac := hmac.New(s.Hash, []byte(s.Secret.Reveal()))
	for _, part := range parts {
		mac.Write(part)
	}
	return s.Prefix + s.Encode(mac.Sum(nil))
}

// Proves tells that a delivery has one such header, which signs some parts, letter by
// letter. Without a secret nothing is proven.
func (s Signature) Proves(d Delivery, parts ...[]byte) bool {
	return s.Secret.Reveal() != "" && d.Shows(s.Header, s.Of(parts...))
}

// Only returns the value of a header that a delivery has once, else "".
func (d Delivery) Only(header string) string {
	if values := d.Header[header]; len(values) == 1 {
		return values[0]
	}
	return ""
}

// Bearer returns the token of the one Authorization header, or "" if there is none.
func (d Delivery) Bearer() string {
	scheme, token, _ := strings.Cut(d.Only("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// Is tells that the body of a delivery is of a media type.
func (d Delivery) Is(mediaType string) bool {
	said, _, err := mime.ParseMediaType(d.Only("Content-Type"))
	return err == nil && said == mediaType
}

// Language returns that of the console which whoever delivers reads best.
func (d Delivery) Language() string {
	return words.Accepted(strings.Join(d.Header["Accept-Language"], ","))
}

// Shows tells that a delivery has one header of a name, which holds a secret. It takes
// as long for a near guess as for a far one; an empty secret is shown by nobody.
func (d Delivery) Shows(header, secret string) bool { return Same(d.Only(header), secret) }

// Same compares what was shown to a secret, for Shows.
func Same(shown, secret string) bool {
	return secret != "" && subtle.ConstantTimeCompare([]byte(shown), []byte(secret)) == 1
}

// Digest names some texts together without telling them, in 32 hexadecimal digits.
func Digest(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// Stamped tells that a header of a delivery holds a moment, in seconds, that is no
// further from its arrival than within.
func (d Delivery) Stamped(header string, within time.Duration) bool {
	seconds, err := strconv.ParseInt(d.Only(header), 10, 64)
	return err == nil && d.At.Sub(time.Unix(seconds, 0)).Abs() <= within
}

// Refused returns the status by which a delivery is turned away: everything but a
// POST to the hook itself is, and what is not proven. It is 0 where none does.
func (d Delivery) Refused(proven bool) int {
	switch {
	case d.Path != "":
		return http.StatusNotFound
	case d.Method != "" && d.Method != http.MethodPost:
		return http.StatusMethodNotAllowed
	case !proven:
		return http.StatusUnauthorized
	}
	return 0
}
