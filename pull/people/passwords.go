package people

import (
	"context"
	"fmt"
	"io"
	"runtime"
)

// Passwords makes and compares the hashes of passwords. Each takes 46 MiB and
// tens of milliseconds of one processor, so that only half of the processors
// work on them at a time and everybody else waits. It is safe for use by many
// goroutines.
type Passwords struct {
	slots  chan struct{}
	random io.Reader
}

// NewPasswords takes the salts from random, which must be fit for secrets and
// for use by many goroutines.
func NewPasswords(random io.Reader) *Passwords {
	return &Passwords{slots: make(chan struct{}, max(1, runtime.NumCPU()/2)), random: random}
}

// Hash returns the hash of a password in the PHC string format, by argon2id.
// It does not check the password, see CheckPassword. The error is that of ctx,
// which ends only the waiting.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	release, err := p.enter(ctx)
	if err != nil {
		return "", fmt.Errorf("hash the password: %w", err)
	}
	defer release()
	h := phc{cost: usual, salt: randomBytes(p.random, saltBytes)}
	h.key = h.deriveKey(normalPassword(password), h.salt, keyBytes)
	return h.String(), nil
}

// Verify reports whether the password is the one of the hash. Where there is
// no hash, or none that can be read, it takes as long as if there were one, so
// that nobody learns by the time who has an account; a hash that cannot be
// read is ErrHash besides. ctx ends only the waiting.
func (p *Passwords) Verify(ctx context.Context, hash, password string) (bool, error) {
	release, err := p.enter(ctx)
	if err != nil {
		return false, fmt.Errorf("verify the password: %w", err)
	}
	defer release()
	long := len(password) > maxPasswordBytes
	if long {
		password = ""
	}
	password = normalPassword(password)
	known, err := parsePHC(hash)
	if err != nil {
		usual.deriveKey(password, make([]byte, saltBytes), keyBytes)
		if hash == "" {
			return false, nil
		}
		return false, err
	}
	return known.matchesPassword(password) && !long, nil
}

// enter waits for a slot.
func (p *Passwords) enter(ctx context.Context) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case p.slots <- struct{}{}:
		return func() { <-p.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
