package who_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/who"
)

// drawKey draws a key as readers have them.
func drawKey(t *rapid.T) (key who.Key, hash string) {
	hash = rapid.StringMatching(`[a-z2-7]{26}`).Draw(t, "hash")
	return who.Key("lecker." + hash), hash
}

func TestACodeTellsHowItsReaderIsCalled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key, hash := drawKey(t)
		code := key.Code()
		if len(code) != 11 || code[5] != '-' {
			t.Fatalf("the code is %q", code)
		}
		for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(code, "-", " – "), strings.NewReplacer("0", "o", "1", "l").Replace(strings.ToLower(code))} {
			if begins, ok := who.ReadCode(typed); !ok || len(begins) != 9 || !strings.HasPrefix(hash, begins) {
				t.Fatalf("%q is read as %q, %v; want the beginning of %s", typed, begins, ok, hash)
			}
		}
	})
}

func TestAWrongSignIsNoCode(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key, _ := drawKey(t)
		code := []byte(strings.ReplaceAll(key.Code(), "-", ""))
		i, other := rapid.IntRange(0, len(code)-1).Draw(t, "place"), rapid.SampledFrom([]byte("0123456789ABCDEFGHJKMNPQRSTVWXYZU")).Draw(t, "sign")
		if code[i] == other {
			return
		}
		code[i] = other
		if begins, ok := who.ReadCode(string(code)); ok {
			t.Fatalf("%s is read as %s", code, begins)
		}
	})
	for _, typed := range []string{"", "lecker", "1234", "session-of-somebody", strings.Repeat("0", 11), "ÄÖÜÄÖ"} {
		if begins, ok := who.ReadCode(typed); ok {
			t.Errorf("%q is read as %s", typed, begins)
		}
	}
	for _, key := range []who.Key{"", "lecker", "lecker.web-1", "lecker.abc"} {
		if code := key.Code(); code != "" {
			t.Errorf("%s has the code %s", key, code)
		}
	}
}

func FuzzReadCode(f *testing.F) {
	f.Add("7F3K9-2XQ8M")
	f.Add("00000 0000o")
	f.Fuzz(func(t *testing.T, typed string) {
		begins, ok := who.ReadCode(typed)
		if !ok {
			return
		}
		if again, ok := who.ReadCode(who.Key("lecker." + begins).Code()); !ok || again != begins {
			t.Fatalf("%q is %s, and that %s, %v", typed, begins, again, ok)
		}
	})
}
