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
	"time"

	"keypull/pull/signs"
)

// A code is ten signs and one more by which errors are found.
const (
	codeSigns  = 10
	wholeSigns = codeSigns + 1
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

// Read returns the code that a text is, however it is written. Without ok the
// text looks like none; a Code of "" looks like one and has a wrong sign.
func Read(text string) (c Code, ok bool) {
	code, ok := signs.ReadGroups(text, groupSigns, groupSigns, wholeSigns-codeSigns)
	return Code(code), ok
}

// ParseCode returns the code that a text is which should be one, or names one; "" where it does not.
func ParseCode(text string) Code {
	if code := signs.ReadAlone(text, wholeSigns); code != "" {
		return Code(code)
	}
	code, _, _ := Find(text)
	return code
}

// Find returns the code that a message names, and the message without it: "" where
// it says no more. It is as Read where there are several: the first whose signs fit,
// else the first that looks like one.
func Find(text string) (c Code, rest string, ok bool) {
	code, rest, ok := signs.Find(text, func(one string) (string, bool) {
		c, looks := Read(one)
		return string(c), looks
	})
	return Code(code), rest, ok
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
	return Code(signs.Write(k.mix(ask<<momentBits|moment), wholeSigns))
}

// Ask returns the number of the ask that a code would be of. Whether it is tells
// the moment of that ask.
func (k Key) Ask(c Code) uint64 {
	_, number, ok := signs.Read(string(c))
	if !ok || len(c) != wholeSigns {
		return 0
	}
	return k.unmix(number) >> momentBits
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
