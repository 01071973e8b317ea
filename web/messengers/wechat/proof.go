package wechat

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the platform's own
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/web/messengers"
)

// believed is for how long after its moment, and before, a delivery is believed.
const believed = 10 * time.Minute

// signature returns that of some texts: their sorted letters, hashed.
func signature(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the platform's own
	return hex.EncodeToString(sum[:])
}

// proof is the query of a delivery.
type proof struct{ url.Values }

// sign returns the signature of the proof's own moment and nonce, and of more.
func (a *account) sign(p proof, more ...string) string {
	return signature(append(more, a.token, p.Get("timestamp"), p.Get("nonce"))...)
}

// signs says that the query is WeChat's. Nothing of the body stands in it: in
// plain mode it is the nonce, which comes once, that binds the two.
func (a *account) signs(p proof) bool {
	return messengers.Same(p.Get("signature"), a.sign(p)) && p.Get("nonce") != ""
}

// fresh says that a delivery is of these minutes.
func (p proof) fresh(at time.Time) bool {
	seconds, err := strconv.ParseInt(p.Get("timestamp"), 10, 64)
	return err == nil && at.Sub(time.Unix(seconds, 0)).Abs() <= believed
}

// An encrypted message is AES-256-CBC of random bytes, a length, the message and
// the AppID, padded to blocks of 32 bytes; its first vector is the key's own half.
const (
	padTo  = 32
	head   = 16
	prefix = head + 4
)

// decrypt opens an encrypted message for us; false if it is not.
func (a *account) decrypt(text string) ([]byte, bool) {
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return nil, false
	}
	block, _ := aes.NewCipher(a.key) // it was checked when it was saved
	cipher.NewCBCDecrypter(block, a.key[:aes.BlockSize]).CryptBlocks(sealed, sealed)
	pad := int(sealed[len(sealed)-1])
	if pad < 1 || pad > padTo || pad > len(sealed) || len(sealed)-pad < prefix {
		return nil, false
	}
	plain := sealed[:len(sealed)-pad]
	length := binary.BigEndian.Uint32(plain[head:prefix])
	if rest := plain[prefix:]; uint64(length) <= uint64(len(rest)) && bytes.Equal(rest[length:], []byte(a.appID)) {
		return rest[:length], true
	}
	return nil, false
}

// encrypt seals an answer.
func (a *account) encrypt(message []byte) string {
	block, _ := aes.NewCipher(a.key)
	plain := make([]byte, prefix, prefix+len(message)+len(a.appID)+padTo)
	_, _ = rand.Read(plain[:head])                                       // it never fails: it ends the process instead
	binary.BigEndian.PutUint32(plain[head:prefix], uint32(len(message))) //nolint:gosec // an answer has a few thousand bytes
	plain = append(append(plain, message...), a.appID...)
	pad := padTo - len(plain)%padTo
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, a.key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}
