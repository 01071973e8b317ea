package signs_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/signs"
)

func TestANumberComesBackFromItsCode(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, signs.Most).Draw(t, "signs")
		number := rapid.Uint64Range(0, 1<<(signs.Bits*(n-1))-1).Draw(t, "number")
		code := signs.Write(number, n)
		if written, back, ok := signs.Read(strings.ToLower(code)); !ok || back != number || written != code || len(code) != n {
			t.Fatalf("%d in %d signs is %q, and that %d, %v", number, n, code, back, ok)
		}
	})
}

// Any one sign that is wrong, and any two that changed places, are found.
func TestAWrongOrSwappedSignIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, signs.Most).Draw(t, "signs")
		code := signs.Write(rapid.Uint64().Draw(t, "number"), n)
		i, j := rapid.IntRange(0, n-1).Draw(t, "one"), rapid.IntRange(0, n-1).Draw(t, "other")
		wrong, swapped := []byte(code), []byte(code)
		wrong[i] = rapid.SampledFrom([]byte(signs.Alphabet)).Draw(t, "sign")
		swapped[i], swapped[j] = swapped[j], swapped[i]
		for _, other := range []string{string(wrong), string(swapped)} {
			if _, _, ok := signs.Read(other); ok != (other == code) {
				t.Fatalf("%s for %s is read: %v", other, code, ok)
			}
		}
	})
}

func TestWhatIsNoCodeIsNone(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", "0", "U0", "É0", "0-0", strings.Repeat("0", signs.Most+1)} {
		if code, _, ok := signs.Read(typed); ok {
			t.Errorf("%q is read as %s", typed, code)
		}
	}
}
