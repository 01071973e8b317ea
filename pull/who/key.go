package who

import (
	"strings"

	"keypull/pull/signs"
)

// Key is a reader's pseudonym: the publisher's id, a point, and a keyed hash of
// publisher, channel and platform id. It can be neither guessed nor reversed
// without the installation's key, and sorts a publisher's readers together.
type Key string

// A code is made of how the hash begins: nine letters, which two readers of a publisher
// hardly ever have in common, and a sign by which errors are found.
const (
	codeLetters = 9
	codeSigns   = codeLetters + 1
	codeGroup   = 5
)

// letters are what hashes are written in; each stands for as much as a sign of a code.
const letters = "abcdefghijklmnopqrstuvwxyz234567"

// Code returns the short code by which a reader can be named: 7F3K9-2XQ8M. It is "" of a
// key that has none.
func (k Key) Code() string {
	_, hash, _ := strings.Cut(string(k), ".")
	if len(hash) < codeLetters {
		return ""
	}
	number := uint64(0)
	for i := range codeLetters {
		at := strings.IndexByte(letters, hash[i])
		if at < 0 {
			return ""
		}
		number = number<<signs.Bits | uint64(at)
	}
	code := signs.Write(number, codeSigns)
	return code[:codeGroup] + "-" + code[codeGroup:]
}

// between is what people write between the groups of a code.
var between = strings.NewReplacer(" ", "", "-", "", "‐", "", "‑", "", "–", "", "—", "", "−", "", "_", "", ".", "")

// ReadCode returns how the hash of whoever has a code begins, however the code is typed;
// false where it is none.
func ReadCode(typed string) (begins string, ok bool) {
	typed = between.Replace(typed)
	if len(typed) != codeSigns {
		return "", false
	}
	_, number, ok := signs.Read(typed)
	if !ok {
		return "", false
	}
	hash := make([]byte, codeLetters)
	for i := range hash {
		hash[codeLetters-1-i] = letters[number>>(signs.Bits*i)%uint64(len(letters))]
	}
	return string(hash), true
}
