// Package sealed is encryption at rest: whose key is destroyed, his data is
// gone, also from backups of the database.
//
// There is one key file, made on first start, and beside it a file of slots
// that holds one key per reader and one per day. Both are needed to read what
// was sealed with a slot; the database and its backups hold neither. The
// package leaves alone where sealed bytes are kept, and who may open them.
package sealed

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"keypull/pull/words"
	"keypull/store"
)

// Errors that callers act on.
var (
	// ErrErased: the key that sealed this has been destroyed, or was never a
	// part of this key file.
	ErrErased = fmt.Errorf("sealed: the key of this has been erased: %w", store.ErrErased)
	// ErrTampered: the bytes are not those that were sealed, or not for this place.
	ErrTampered = fmt.Errorf("sealed: the bytes were changed or are no sealed ones: %w", store.ErrUnreadable)
	// ErrLost: the key file or its slots are damaged, missing, or not each other's.
	ErrLost = errors.New("sealed: the keys are lost")
	// ErrOtherKey: a secret was sealed with another key file.
	ErrOtherKey = words.Fail(nil, "keys.other", nil)
)

// Ring holds the keys of one installation. It is safe for use by many
// goroutines, of one process at a time.
type Ring struct {
	path   string
	logger *slog.Logger
	names
	// paired: slot 0 says that a store belongs to these keys.
	paired  bool
	masters mastersInUse
	slots   *slots
	days    days
}

var _ store.Sealer = (*Ring)(nil)

// The first byte of what is sealed says with which kind of key.
const (
	kindReader = 'R'
	kindDay    = 'D'
	kindSecret = 'S'
	kindBoth   = 'B'
)

// Options say which keys are opened, and how.
type Options struct {
	// Path is the key file; the slots are kept in Path + ".slots".
	Path string
	// Fresh: nothing was sealed with these keys that anybody would miss, so that
	// what is not there is made. Else a file that is missing or empty is ErrLost,
	// unless neither was ever there.
	Fresh bool
	// Wait is how long a predecessor that holds the keys is waited for; a second
	// where it is zero.
	Wait time.Duration
	// Ahead is how many keys of readers are made at a time, before they are needed;
	// 512 where it is zero.
	Ahead int
	// Pages, where set, are where the slots lie in place of their file, wrapped by keys of
	// Path + ".wrapping". Slots that lie in the file are taken over, once.
	Pages Pages
	// Have, where set, says whether all who may take over have a wrapping key: it wraps from then on,
	// or ten minutes later.
	Have func(ctx context.Context, key string) bool
	// Clock is by when wrapping keys are made; time.Now where it is nil.
	Clock func() time.Time
	// Logger is told of damage; nobody is where it is nil.
	Logger *slog.Logger
}

func (o Options) now() time.Time {
	if o.Clock == nil {
		return time.Now()
	}
	return o.Clock()
}

// Open opens the key file and its slots, for this process alone: ErrInUse where
// another one has them. What may be made is made with mode 0600. It refuses
// files that others may read, and with ErrLost files that are damaged, missing
// or not each other's, with a sentence that says what to do.
func Open(o Options) (*Ring, error) {
	r := &Ring{path: o.Path, logger: o.Logger}
	if r.logger == nil {
		r.logger = slog.New(slog.DiscardHandler)
	}
	key, err := masterKey(o)
	if err != nil {
		return nil, err
	}
	if r.names, err = namesOf(key); err != nil {
		return nil, err
	}
	all, err := deriveMasters(key)
	if err != nil {
		return nil, err
	}
	r.masters.now.Store(all)
	if err := r.openSlots(o); err != nil {
		return nil, err
	}
	return r, nil
}

// Close destroys the keys that were made ahead and not handed out, closes the slot
// file and gives it free for others. Nothing can be sealed or opened with slots any
// more.
func (r *Ring) Close() error { return r.slots.close() }

// Pair names these keys to the store that belongs to them: 32 hexadecimal
// digits, from which nothing of the keys can be learnt.
func (n names) Pair() string { return hex.EncodeToString(n.pair[:16]) }

// HashKey returns the key of the hashes by which accepted ids are known: 32 bytes,
// the caller's own.
func (n names) HashKey() []byte { return append([]byte(nil), n.hash...) }

// Pseudonym returns a name for the person that the parts name, in 26 characters of a-z and 2-7.
// Without the key file nobody can tell or check whose it is.
func (r *Ring) Pseudonym(parts ...string) string {
	mac := hmac.New(sha256.New, r.pseudonym)
	for _, part := range parts {
		mac.Write(append(binary.BigEndian.AppendUint64(nil, uint64(len(part))), part...))
	}
	return pseudonyms.EncodeToString(mac.Sum(nil)[:16])
}

// pseudonyms is base32 in letters that keys of the store may have.
var pseudonyms = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Seal encrypts a secret of the installation, such as a channel's token. It
// opens for the same purpose only.
func (r *Ring) Seal(purpose string, plaintext []byte) []byte {
	m := r.masters.latest()
	head := append([]byte{kindSecret}, m.id[:]...)
	return m.secrets.seal(head, plaintext, aad(head, purpose))
}

// secretHead is the kind and the name of a master key.
const secretHead = 1 + len(master{}.id)

// Sealed says that a secret names these keys as those that sealed it.
func (r *Ring) Sealed(secret []byte) bool {
	_, err := r.sealedBy(secret)
	return err == nil
}

// sealedBy returns the master key that sealed a secret, of before or of now.
func (r *Ring) sealedBy(secret []byte) (*master, error) {
	if len(secret) < secretHead || secret[0] != kindSecret {
		return nil, ErrTampered
	}
	for _, m := range r.masters.now.Load().all {
		if m.id == [4]byte(secret[1:]) {
			return m, nil
		}
	}
	return nil, ErrOtherKey
}

// Unseal opens what Seal returned for the same purpose.
func (r *Ring) Unseal(purpose string, sealed []byte) ([]byte, error) {
	m, err := r.sealedBy(sealed)
	if err != nil {
		return nil, err
	}
	return m.secrets.open(sealed[secretHead:], aad(sealed[:secretHead:secretHead], purpose))
}
