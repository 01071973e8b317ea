package people

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"io"
)

// secretBytes are drawn for every secret; no list of guesses comes near them,
// so that a fast hash of a secret is enough.
const secretBytes = 32

// secretLength is how many characters write them.
const secretLength = 43

// idLength is how many characters an id has: 80 bits.
const idLength = 16

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewSecret draws a secret, 43 characters of base64url, and the hash by which
// it is known afterwards. When random fails, the system's own is used, which
// never does.
func NewSecret(random io.Reader) (secret, hash string) {
	secret = base64.RawURLEncoding.EncodeToString(randomBytes(random, secretBytes))
	return secret, HashSecret(secret)
}

// HashSecret returns the SHA-256 of a secret in hex.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// NewID draws an id: 16 characters of a to z and 2 to 7.
func NewID(random io.Reader) string { return newID(random, idLength) }

// newID draws an id of that many characters, which must be a multiple of 8.
func newID(random io.Reader, length int) string {
	return idEncoding.EncodeToString(randomBytes(random, length*5/8))
}

func randomBytes(random io.Reader, n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		_, _ = rand.Read(b)
	}
	return b
}

func isID(s string, length int) bool {
	if len(s) != length {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// isSecret reports whether s has the form in which NewSecret writes.
func isSecret(s string) bool {
	if len(s) != secretLength {
		return false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(b) == secretBytes
}

// equalSecrets compares without telling by its time how much is alike. Nothing is the
// same as an empty string.
func equalSecrets(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
