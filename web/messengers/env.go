package messengers

import (
	cryptorand "crypto/rand"
	"log/slog"
	"math/rand/v2"
)

// keyBytes is the length of the keys that messengers get.
const keyBytes = 32

// KeyFor is Key where the world has one, else bytes that nobody else has and
// that end with the process.
func (e Env) KeyFor(purpose string) []byte {
	if e.Key != nil {
		return e.Key(purpose)
	}
	key := make([]byte, keyBytes)
	// crypto/rand never fails: it ends the process instead.
	_, _ = cryptorand.Read(key)
	return key
}

// LoggerFor is Logger where the world has one, else one that writes nothing.
func (e Env) LoggerFor() *slog.Logger {
	if e.Logger != nil {
		return e.Logger
	}
	return slog.New(slog.DiscardHandler)
}

// RandFor returns a generator of the messenger's own, seeded by Rand where the world
// has one: a generator is not safe for use by several.
func (e Env) RandFor() *rand.Rand {
	if e.Rand != nil {
		return rand.New(rand.NewPCG(e.Rand.Uint64(), e.Rand.Uint64())) //nolint:gosec // spreads retries, guards nothing
	}
	return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) //nolint:gosec // spreads retries, guards nothing
}
