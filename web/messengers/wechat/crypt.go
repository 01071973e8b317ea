package wechat

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

// An encrypted message is AES-256-CBC of random bytes, a length, the message and
// the AppID, padded to blocks of 32 bytes; its first vector is the key's own half.
const (
	padTo  = 32
	head   = 16
	prefix = head + 4
)

// decrypt opens an encrypted message for us; false where it is not.
func (a *account) decrypt(text string) ([]byte, bool) {
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return nil, false
	}
	block, err := aes.NewCipher(a.key)
	if err != nil {
		return nil, false
	}
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
func (a *account) encrypt(message []byte) (string, error) {
	block, err := aes.NewCipher(a.key)
	if err != nil {
		return "", err //nolint:wrapcheck // the key was checked when it was saved
	}
	plain := make([]byte, prefix, prefix+len(message)+len(a.appID)+padTo)
	_, _ = rand.Read(plain[:head])                                       // it never fails: it ends the process instead
	binary.BigEndian.PutUint32(plain[head:prefix], uint32(len(message))) //nolint:gosec // an answer has a few thousand bytes
	plain = append(append(plain, message...), a.appID...)
	pad := padTo - len(plain)%padTo
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, a.key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}

// newNonce is one for an answer.
func newNonce() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // it never fails: it ends the process instead
	return hex.EncodeToString(b)
}
