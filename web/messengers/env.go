package messengers

import "crypto/rand"

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
	_, _ = rand.Read(key)
	return key
}
