package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
)

const (
	nonceBytes = 12
	tagBytes   = 16
)

// gcm is AES-256-GCM that puts a random nonce of 12 bytes in front.
type gcm struct{ aead cipher.AEAD }

func newGCM(key []byte) (*gcm, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	return &gcm{aead}, nil
}

// seal encrypts and appends to head.
func (g *gcm) seal(head, plain, context []byte) []byte {
	b := appendNonce(head)
	return g.aead.Seal(b, b[len(head):], plain, context)
}

// open decrypts and says ErrTampered for whatever the cipher says.
func (g *gcm) open(sealed, context []byte) ([]byte, error) {
	if len(sealed) < nonceBytes {
		return nil, ErrTampered
	}
	plain, err := g.aead.Open(nil, sealed[:nonceBytes], sealed[nonceBytes:], context)
	if err != nil {
		return nil, ErrTampered
	}
	return plain, nil
}

// appendNonce appends a nonce that was never used.
func appendNonce(b []byte) []byte {
	b = append(b, make([]byte, nonceBytes)...)
	_, _ = rand.Read(b[len(b)-nonceBytes:]) // never fails
	return b
}

// aad returns what is authenticated beside a text: its head, and the place or purpose
// that it is sealed for.
func aad(head []byte, place string) []byte {
	return append(head[:len(head):len(head)], place...)
}
