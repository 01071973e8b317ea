// Package signs writes numbers as codes that people read out and type: signs of base
// 32 that are hard to take for each other, and one more by which errors are found.
//
// What a code stands for is not known here.
package signs

import "strings"

// Alphabet are the signs: base 32 without I, L, O and U.
const Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Bits is what a sign holds.
const Bits = 5

// Most is how many signs a code has at most, with the one by which errors are found.
const Most = 64/Bits + 1

// ValueOf returns the number of a sign, with look-alikes and small letters.
func ValueOf(b byte) (n byte, ok bool) {
	if b >= 'a' && b <= 'z' {
		b -= 'a' - 'A'
	}
	switch b {
	case 'O':
		b = '0'
	case 'I', 'L':
		b = '1'
	}
	i := strings.IndexByte(Alphabet, b)
	return byte(max(i, 0)), i >= 0 //nolint:gosec // below 32
}

// Signs weigh by the powers of a root of x⁵+x²+1 over two elements. As many of them
// differ as a code has, so that a sum of zero is lost by any one wrong sign, and by any
// two that change places.
const (
	rootOf = 0b100101
	beyond = 1 << Bits
)

func times(a, b byte) (product byte) {
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			product ^= a
		}
		if a <<= 1; a&beyond != 0 {
			a ^= rootOf
		}
	}
	return product
}

// checkOf returns the sign that makes the sum of a code zero. Its own weight is one.
func checkOf(values []byte) (sum byte) {
	weight := byte(1)
	for _, v := range values {
		weight = times(weight, 2) //nolint:mnd // the root
		sum ^= times(v, weight)
	}
	return sum
}

// Write writes the lowest bits of a number as a code of n signs, no more than Most.
func Write(number uint64, n int) string {
	values := make([]byte, n-1, n)
	for i := range values {
		values[n-2-i] = byte(number >> (Bits * i) & (beyond - 1))
	}
	values = append(values, checkOf(values))
	for i, v := range values {
		values[i] = Alphabet[v]
	}
	return string(values)
}

// Read returns the code that signs are, as Write writes it, and the number that it
// stands for; false where they are no signs, or one is wrong.
func Read(typed string) (code string, number uint64, ok bool) {
	n := len(typed)
	if n < 2 || n > Most { //nolint:mnd // a sign, and that by which errors are found
		return "", 0, false
	}
	values := make([]byte, n)
	for i := range values {
		if values[i], ok = ValueOf(typed[i]); !ok {
			return "", 0, false
		}
	}
	if checkOf(values[:n-1]) != values[n-1] {
		return "", 0, false
	}
	for _, v := range values[:n-1] {
		number = number<<Bits | uint64(v)
	}
	return Write(number, n), number, true
}
