package sealed

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// names are what stays for good, whatever the master key is by now: they follow from the
// first one that there was, so that a reader is known by the same name after a rotation.
type names struct{ pseudonym, hash, pair []byte }

func namesOf(key []byte) (n names, err error) {
	if len(key) < masterBytes {
		return n, fmt.Errorf("derive names: a key of %d bytes", len(key))
	}
	first := key[len(key)-masterBytes:]
	for use, at := range map[string]*[]byte{"pseudonym": &n.pseudonym, "hash": &n.hash, "pair": &n.pair} {
		if *at, err = deriveKey(first, use); err != nil {
			return n, err
		}
	}
	return n, nil
}

// master is what one master key opens: secrets that name it, and keys in slots.
type master struct {
	id            [4]byte
	secrets, wrap *gcm
}

// masters are those of a key file, the latest first. All of them open secrets; slots are opened
// by those up to head, the one that slot 0 is wrapped by: by the latest alone once a rotation is
// over.
type masters struct {
	all  []*master
	head int
}

// mastersInUse change while they are in use.
type mastersInUse struct {
	now atomic.Pointer[masters]
	// wrapping is held for reading from when a key is wrapped until it is written.
	wrapping sync.RWMutex
}

func (m *mastersInUse) latest() *master { return m.now.Load().all[0] }

func deriveMasters(key []byte) (*masters, error) {
	all := &masters{}
	for secret := range slices.Chunk(key, masterBytes) {
		m := &master{}
		for use, take := range map[string]func([]byte) error{
			"id":      func(b []byte) error { copy(m.id[:], b); return nil },
			"secrets": func(b []byte) (err error) { m.secrets, err = newGCM(b); return err },
			"slots":   func(b []byte) (err error) { m.wrap, err = newGCM(b); return err },
		} {
			b, err := deriveKey(secret, use)
			if err == nil {
				err = take(b)
			}
			if err != nil {
				return nil, err
			}
		}
		all.all = append(all.all, m)
	}
	return all, nil
}

// deriveKey makes a key of its own for a use.
func deriveKey(master []byte, use string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, master, nil, "keypull "+use, 32)
	if err != nil {
		return nil, fmt.Errorf("derive keys: %w", err)
	}
	return key, nil
}

// NextKey returns a key file with a new master key before those of one.
func NextKey(key []byte) []byte {
	next := make([]byte, masterBytes, masterBytes+len(key))
	_, _ = rand.Read(next) // never fails
	return append(next, key...)
}

// KeyID names the master key of a key file in eight digits, from which nothing of it can be
// learnt.
func KeyID(key []byte) (string, error) {
	id, err := deriveKey(key[:min(masterBytes, len(key))], "id")
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(id[:len(master{}.id)]), nil
}

// PairOf names the store that a key file belongs to, as Ring.Pair does.
func PairOf(key []byte) (string, error) {
	n, err := namesOf(key)
	if err != nil {
		return "", err
	}
	return n.Pair(), nil
}

// KeyID names the master key that seals now.
func (r *Ring) KeyID() string { id := r.masters.latest().id; return hex.EncodeToString(id[:]) }
