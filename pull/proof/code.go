// Package proof is how anybody can tell that a publisher gave an answer: a short
// code that stands on it, and a text that the publisher has signed. A code is
// looked up by what is kept of the ask anyway; a text proves by itself. Nothing of
// the reader is in either.
//
// The package keeps nothing and looks nothing up.
package proof

import (
	"crypto/aes"
	"crypto/sha256"
	"encoding/binary"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// alphabet are the signs of codes and texts: base 32 without I, L, O and U.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// A code is ten signs and one more by which errors are found.
const (
	codeSigns  = 10
	wholeSigns = codeSigns + 1
	signBits   = 5
	groupSigns = 5
)

// Code is the code of an answer, as eleven capital signs.
type Code string

// String returns the code as people read it: 7F3K9-2XQ8M-4.
func (c Code) String() string {
	if len(c) != wholeSigns {
		return string(c)
	}
	return string(c[:groupSigns] + "-" + c[groupSigns:codeSigns] + "-" + c[codeSigns:])
}

// signOf returns the number of a sign, with look-alikes and small letters.
func signOf(b byte) (n byte, ok bool) {
	if b >= 'a' && b <= 'z' {
		b -= 'a' - 'A'
	}
	switch b {
	case 'O':
		b = '0'
	case 'I', 'L':
		b = '1'
	}
	i := strings.IndexByte(alphabet, b)
	return byte(max(i, 0)), i >= 0 //nolint:gosec // below 32
}

// Signs weigh by the powers of a root of x⁵+x²+1 over two elements. Eleven of them
// differ, so that a sum of zero is lost by any one wrong sign, and by any two that
// change places.
const (
	rootOf  = 0b100101
	carried = 1 << signBits
)

func times(a, b byte) (product byte) {
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			product ^= a
		}
		if a <<= 1; a&carried != 0 {
			a ^= rootOf
		}
	}
	return product
}

// checkSign returns the sign that makes the sum of a code zero. Its own weight is one.
func checkSign(signs []byte) (sum byte) {
	weight := byte(1)
	for _, s := range signs {
		weight = times(weight, 2) //nolint:mnd // the root
		sum ^= times(s, weight)
	}
	return sum
}

// newCode writes fifty bits as a code.
func newCode(bits uint64) Code {
	var signs [codeSigns]byte
	for i := range signs {
		signs[codeSigns-1-i] = byte(bits >> (signBits * i) & (carried - 1))
	}
	code := make([]byte, 0, wholeSigns)
	for _, s := range signs {
		code = append(code, alphabet[s])
	}
	return Code(append(code, alphabet[checkSign(signs[:])]))
}

// bits returns what a code stands for.
func (c Code) bits() (n uint64) {
	for i := range codeSigns {
		s, _ := signOf(c[i])
		n = n<<signBits | uint64(s)
	}
	return n
}

// shape is what a code looks like: in groups, with hyphens or spaces between, or in
// one. How people's keyboards write a hyphen differs.
var shape = regexp.MustCompile(`(?i)^([0-9a-z]{5})([-‐‑‒–—−_. ]?)([0-9a-z]{5})([-‐‑‒–—−_. ]?)([0-9a-z])$`)

// Read returns the code that a text is, however it is written. Without ok the
// text looks like none; a Code of "" looks like one and has a wrong sign.
func Read(text string) (c Code, ok bool) {
	m := shape.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	typed := m[1] + m[3] + m[5]
	hasDigit, hasLetter := strings.ContainsAny(typed, "0123456789"), strings.IndexFunc(typed, func(r rune) bool { return r > '9' }) >= 0
	grouped := m[2] != "" && m[2] != " " && m[4] != "" && m[4] != " "
	// What is a word of eleven letters, or a number, is no code by chance.
	if !hasLetter || !hasDigit && !grouped {
		return "", false
	}
	var signs [wholeSigns]byte
	for i := range signs {
		s, known := signOf(typed[i])
		if !known {
			return "", true
		}
		signs[i] = s
	}
	if checkSign(signs[:codeSigns]) != signs[codeSigns] {
		return "", true
	}
	code := make([]byte, 0, wholeSigns)
	for _, s := range signs {
		code = append(code, alphabet[s])
	}
	return Code(code), true
}

// around are the signs that people write around a code.
const around = " \t\r\n\"'“”„‘’«»()[]<>*_~`#.,:;!?。、！？¿¡…："

// longestCode is what a code has at most in bytes, with hyphens of three.
const longestCode = wholeSigns + 2*3

// maxSaid is more than a message has that asks about a code, in bytes.
const maxSaid = 200

// Find returns the code that a message names, and the message without it: "" where
// it says no more. It is as Read where there are several: the first whose signs fit,
// else the first that looks like one.
func Find(text string) (c Code, rest string, ok bool) {
	if len(text) > maxSaid || !strings.ContainsAny(text, "0123456789-‐‑‒–—−_.") {
		return "", "", false // as nearly every message
	}
	words := strings.Fields(spaced(text))
	const most = 3 // groups, apart
	for i := range words {
		for n := 1; n <= most && i+n <= len(words); n++ {
			one := strings.Trim(strings.Join(words[i:i+n], " "), around)
			if len(one) < wholeSigns || len(one) > longestCode {
				continue
			}
			found, looks := Read(one)
			if !looks || ok && found == "" {
				continue
			}
			c, ok = found, true
			rest = strings.Trim(strings.Join(append(append([]string{}, words[:i]...), words[i+n:]...), " "), around)
			if c != "" {
				return c, rest, true
			}
		}
	}
	return c, rest, ok
}

// spaced puts a space between a sign of ours and a letter of a script that writes
// none.
func spaced(text string) string {
	var b strings.Builder
	before := false // a sign of ours
	joined := false
	for _, r := range text {
		own := r < utf8.RuneSelf && (r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
		other := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
		if before && other || joined && own {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		before, joined = own, other
	}
	return b.String()
}

// Key is what the codes of a publisher are made with: nobody else can guess or count
// them.
type Key []byte

// What a code stands for: the number of an ask, and so much of its moment that a
// number given anew, after a store was put back, has another code.
const (
	askBits    = 38
	momentBits = 12
	halfBits   = (askBits + momentBits) / 2
	rounds     = 10
)

// Code returns the code of the answer to an ask; "" where its number is beyond all
// that codes can tell.
func (k Key) Code(ask uint64, at time.Time) Code {
	if ask == 0 || ask >= 1<<askBits || len(k) == 0 {
		return ""
	}
	moment := uint64(at.UnixMilli()) & (1<<momentBits - 1)
	return newCode(k.mix(ask<<momentBits | moment))
}

// Ask returns the number of the ask that a code would be of. Whether it is tells
// the moment of that ask.
func (k Key) Ask(c Code) uint64 {
	if len(c) != wholeSigns {
		return 0
	}
	return k.unmix(c.bits()) >> momentBits
}

// mix is a permutation of fifty bits (a Feistel network).
func (k Key) mix(n uint64) uint64 {
	left, right, round := n>>halfBits, n&(1<<halfBits-1), k.newRound()
	for i := range byte(rounds) {
		left, right = right, left^round(i, right)
	}
	return left<<halfBits | right
}

func (k Key) unmix(n uint64) uint64 {
	left, right, round := n>>halfBits, n&(1<<halfBits-1), k.newRound()
	for i := byte(rounds); i > 0; i-- {
		left, right = right^round(i-1, left), left
	}
	return left<<halfBits | right
}

// newRound returns what a half is mixed with in a round.
func (k Key) newRound() func(i byte, half uint64) uint64 {
	key := sha256.Sum256(k)
	block, _ := aes.NewCipher(key[:]) // a key of that length is none that fails
	var b [aes.BlockSize]byte
	return func(i byte, half uint64) uint64 {
		b = [aes.BlockSize]byte{i}
		binary.BigEndian.PutUint64(b[1:], half)
		block.Encrypt(b[:], b[:])
		return binary.BigEndian.Uint64(b[:]) & (1<<halfBits - 1)
	}
}
