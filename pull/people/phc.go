package people

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"

	"keypull/pull/words"
)

// ErrHash says that the hash of a password cannot be read: it was damaged, or
// asks for more memory or time than any that was written here.
var ErrHash = words.Fail(nil, "problem.person.hash", nil)

// cost is how dear one guess is made.
type cost struct {
	memory uint32 // in KiB
	time   uint32
	lanes  uint8
}

// usual is the first of the settings that the OWASP Password Storage Cheat
// Sheet names for argon2id: 46 MiB, one pass, one lane.
var usual = cost{memory: 46 << 10, time: 1, lanes: 1}

// dearest is the most that a kept hash may ask for, so that a forged one eats
// no memory.
var dearest = cost{memory: 128 << 10, time: 8, lanes: 4}

// Bytes of salt and key: what is written, and what is read.
const (
	saltBytes = 16
	keyBytes  = 32
	minBytes  = 8
	maxBytes  = 64
)

// phc is the hash of a password as the PHC string format writes it:
// $argon2id$v=19$m=47104,t=1,p=1$salt$key, both in base64 without padding.
type phc struct {
	cost
	salt, key []byte
}

func (h phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.lanes,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

// parsePHC reads a hash, or returns ErrHash.
func parsePHC(s string) (phc, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return phc{}, ErrHash
	}
	numbers := strings.Split(parts[3], ",")
	if len(numbers) != 3 {
		return phc{}, ErrHash
	}
	memory, okM := number(numbers[0], "m=", dearest.memory)
	time, okT := number(numbers[1], "t=", dearest.time)
	lanes, okP := number(numbers[2], "p=", uint32(dearest.lanes))
	if !okM || !okT || !okP || memory < 8*lanes {
		return phc{}, ErrHash
	}
	salt, okS := binary(parts[4])
	key, okK := binary(parts[5])
	if !okS || !okK {
		return phc{}, ErrHash
	}
	return phc{cost: cost{memory: memory, time: time, lanes: uint8(lanes)}, salt: salt, key: key}, nil //nolint:gosec // at most dearest.lanes
}

// number reads 1 to most, written as a number is written here.
func number(s, name string, most uint32) (uint32, bool) {
	digits, ok := strings.CutPrefix(s, name)
	n, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil || n < 1 || n > uint64(most) || digits != strconv.FormatUint(n, 10) {
		return 0, false
	}
	return uint32(n), true
}

func binary(s string) ([]byte, bool) {
	// The decoder passes over line ends.
	if len(s) > base64.RawStdEncoding.EncodedLen(maxBytes) || strings.ContainsAny(s, "\r\n") {
		return nil, false
	}
	b, err := base64.RawStdEncoding.Strict().DecodeString(s)
	return b, err == nil && len(b) >= minBytes
}

// deriveKey does the dear work.
func (c cost) deriveKey(password string, salt []byte, length int) []byte {
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.lanes, uint32(length)) //nolint:gosec // at most maxBytes
}

func (h phc) matchesPassword(password string) bool {
	return subtle.ConstantTimeCompare(h.deriveKey(password, h.salt, len(h.key)), h.key) == 1
}
