package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"sync"
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

// drawn is randomness for nonces, which are no secret; keys are never made of it.
// A nonce of its own from the system costs as much as sealing 300 bytes.
type drawn struct {
	bytes [4096]byte
	used  int
}

var nonces = sync.Pool{New: func() any { return &drawn{used: len(drawn{}.bytes)} }}

// appendNonce appends a nonce that was never used.
func appendNonce(b []byte) []byte {
	d, _ := nonces.Get().(*drawn)
	defer nonces.Put(d)
	if d.used+nonceBytes > len(d.bytes) {
		_, _ = rand.Read(d.bytes[:]) // never fails
		d.used = 0
	}
	d.used += nonceBytes
	return append(b, d.bytes[d.used-nonceBytes:d.used]...)
}

// contexts are buffers for what is authenticated beside a text.
var contexts = sync.Pool{New: func() any { return new([]byte) }}

// withAAD calls f with head and place, which are valid until it returns.
func withAAD(head []byte, place string, f func(context []byte)) {
	b, _ := contexts.Get().(*[]byte)
	defer contexts.Put(b)
	*b = append(append((*b)[:0], head...), place...)
	f(*b)
}
