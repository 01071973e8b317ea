// Package sealed is encryption at rest: whose key is destroyed, his data is
// gone, also from backups of the database.
//
// There is one key file, made on first start, and beside it a file of slots
// that holds one key per reader and one per day. Both are needed to read what
// was sealed with a slot; the database and its backups hold neither. The
// package leaves alone where sealed bytes are kept, and who may open them.
package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"sync"

	"keypull/store"
)

// Errors that callers act on.
var (
	// ErrErased: the key that sealed this has been destroyed, or was never a
	// part of this key file.
	ErrErased = fmt.Errorf("sealed: the key of this has been erased: %w", store.ErrErased)
	// ErrTampered: the bytes are not what Seal returned.
	ErrTampered = fmt.Errorf("sealed: the bytes were changed or are no sealed ones: %w", store.ErrUnreadable)
	// ErrOtherKey: a secret was sealed with another key file.
	ErrOtherKey = errors.New("sealed: made with another key file; put that one back or enter the secret anew")
)

// Ring holds the keys of one installation. It is safe for use by many
// goroutines. One process at a time may write with it: whoever holds the store
// does.
type Ring struct {
	path      string
	pseudonym []byte
	// macs are hashes keyed with pseudonym, ready to be used again.
	macs    sync.Pool
	hash    []byte
	secrets cipher.AEAD
	id      [4]byte
	slots   *slots
	days    days
}

var _ store.Sealer = (*Ring)(nil)

// The first byte of what is sealed says with which kind of key.
const (
	kindReader = 'R'
	kindDay    = 'D'
	kindSecret = 'S'
)

// OpenKeyFile opens the key file at path, and makes it with mode 0600 when
// there is none; the slots are kept in path + ".slots". It refuses files that
// others may read, and files that are not whole, with a sentence that says
// what to do.
func OpenKeyFile(path string) (*Ring, error) {
	master, err := masterKey(path)
	if err != nil {
		return nil, err
	}
	r := &Ring{path: path}
	keys := make(map[string][]byte)
	for _, use := range []string{"pseudonym", "hash", "secrets", "slots", "id"} {
		if keys[use], err = hkdf.Key(sha256.New, master, nil, "keypull "+use, 32); err != nil {
			return nil, fmt.Errorf("derive keys: %w", err)
		}
	}
	r.pseudonym, r.hash = keys["pseudonym"], keys["hash"]
	copy(r.id[:], keys["id"])
	if r.secrets, err = newAEAD(keys["secrets"]); err != nil {
		return nil, err
	}
	if r.slots, err = openSlots(path+".slots", keys["slots"], r.days.found); err != nil {
		return nil, err
	}
	return r, nil
}

// Close closes the slot file. Nothing can be sealed or opened with slots any
// more.
func (r *Ring) Close() error { return r.slots.file.Close() }

// newAEAD is AES-256-GCM that puts a random nonce of 12 bytes in front.
func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	return aead, nil
}

// HashKey is the key of the hashes by which accepted ids are known: 32 bytes,
// the caller's own.
func (r *Ring) HashKey() []byte { return append([]byte(nil), r.hash...) }

// Pseudonym names whoever the parts name, in 26 characters of a-z and 2-7.
// Without the key file nobody can tell or check whose it is.
func (r *Ring) Pseudonym(parts ...string) string {
	mac, ok := r.macs.Get().(hash.Hash)
	if !ok {
		mac = hmac.New(sha256.New, r.pseudonym)
	}
	mac.Reset()
	defer r.macs.Put(mac)
	var length [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		mac.Write(length[:])
		mac.Write([]byte(part))
	}
	return pseudonyms.EncodeToString(mac.Sum(nil)[:16])
}

// pseudonyms is base32 in letters that keys of the store may have.
var pseudonyms = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Seal encrypts a secret of the installation, such as a channel's token. It
// opens for the same purpose only.
func (r *Ring) Seal(purpose string, plaintext []byte) []byte {
	head := append([]byte{kindSecret}, r.id[:]...)
	return seal(r.secrets, head, plaintext, secretContext(head, purpose))
}

// Unseal opens what Seal returned for the same purpose.
func (r *Ring) Unseal(purpose string, sealed []byte) ([]byte, error) {
	const headBytes = 1 + len(r.id)
	if len(sealed) < headBytes || sealed[0] != kindSecret {
		return nil, ErrTampered
	}
	head := sealed[:headBytes:headBytes]
	if [4]byte(head[1:]) != r.id {
		return nil, ErrOtherKey
	}
	return open(r.secrets, sealed[headBytes:], secretContext(head, purpose))
}

func secretContext(head []byte, purpose string) []byte {
	return append(append(make([]byte, 0, len(head)+len(purpose)), head...), purpose...)
}

// seal encrypts and appends to head.
func seal(aead cipher.AEAD, head, plaintext, context []byte) []byte {
	return aead.Seal(head, nil, plaintext, context) //nolint:gosec // no nonce, since aead makes its own
}

// open decrypts and says ErrTampered for whatever the cipher says.
func open(aead cipher.AEAD, sealed, context []byte) ([]byte, error) {
	plaintext, err := aead.Open(nil, nil, sealed, context)
	if err != nil {
		return nil, ErrTampered
	}
	return plaintext, nil
}
