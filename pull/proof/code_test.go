package proof_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull/proof"
)

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var asked = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func drawCode(t *rapid.T) (proof.Key, uint64, proof.Code) {
	key := proof.Key(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "key"))
	ask := rapid.Uint64Range(1, 1<<38-1).Draw(t, "ask")
	code := key.Code(ask, asked.Add(time.Duration(rapid.Int64Range(0, 1<<40).Draw(t, "moment"))))
	return key, ask, code
}

func TestACodeTellsItsAskToWhomHasTheKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key, ask, code := drawCode(t)
		if got := key.Ask(code); got != ask || len(code) != 11 {
			t.Fatalf("%s is of ask %d, not %d", code, got, ask)
		}
		if read, ok := proof.Read(code.String()); !ok || read != code {
			t.Fatalf("%s is read as %q", code, read)
		}
		for _, written := range []string{string(code), strings.ToLower(string(code)), " " + code.String() + " ", "is " + code.String() + " real?"} {
			if read := proof.ParseCode(written); read != code {
				t.Fatalf("%q is read as %q", written, read)
			}
		}
	})
}

// One code in sixty has no digit, and is a word to who reads a message.
func TestACodeOfLettersAloneIsReadWhereOneIsExpected(t *testing.T) {
	key := proof.Key("a key of some publisher, 32 bytes")
	ask := uint64(1)
	for strings.ContainsAny(string(key.Code(ask, asked)), "0123456789") {
		ask++
	}
	code := key.Code(ask, asked)
	written := strings.ToLower(string(code))
	if read := proof.ParseCode(written); read != code {
		t.Errorf("%s is read as %q", written, read)
	}
	if read, looks := proof.Read(written); looks {
		t.Errorf("the word %s is read as %q", written, read)
	}
}

// Any one sign that is wrong, and any two that changed places, are found.
func TestAWrongOrSwappedSignIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, code := drawCode(t)
		for i := range len(code) {
			for _, other := range alphabet {
				wrong := code[:i] + proof.Code(other) + code[i+1:]
				if read, _ := proof.Read(wrong.String()); wrong != code && read != "" {
					t.Fatalf("%s passes for %s", wrong, code)
				}
			}
			for j := i + 1; j < len(code); j++ {
				swapped := []byte(code)
				swapped[i], swapped[j] = swapped[j], swapped[i]
				if read, _ := proof.Read(proof.Code(swapped).String()); proof.Code(swapped) != code && read != "" {
					t.Fatalf("%s passes for %s", swapped, code)
				}
			}
		}
	})
}

func TestACodeIsReadAsPeopleWriteIt(t *testing.T) {
	key := proof.Key("a key of some publisher, 32 bytes")
	var code proof.Code
	for ask := uint64(1); !strings.ContainsAny(string(code), "0") || !strings.ContainsAny(string(code), "1") || !strings.ContainsAny(string(code), "ABCDEFGHJK"); ask++ {
		code = key.Code(ask, asked)
	}
	lookalike := strings.NewReplacer("0", "o", "1", "l").Replace(strings.ToLower(code.String()))
	for _, text := range []string{
		code.String(), string(code), strings.ToLower(code.String()), lookalike, strings.ReplaceAll(code.String(), "-", "–"), strings.ReplaceAll(code.String(), "-", " "),
	} {
		for _, message := range []string{text, "“" + text + "”", "#" + text + ".", "check " + text, "is " + text + " real?", "CHECK:\n" + text} {
			if found, _, ok := proof.Find(message); !ok || found != code {
				t.Errorf("in %q stands %q, %v; want %s", message, found, ok, code)
			}
		}
	}
	if _, rest, _ := proof.Find("is " + lookalike + " real?"); rest != "is real" {
		t.Errorf("beside the code stands %q", rest)
	}
}

func TestWhatIsNoCodeIsNone(t *testing.T) {
	for _, message := range []string{
		"", "check", "check the weather", "programming", "PRESENTABLE", "01512345678", "the weather in berlin", "check these words b", "tiramisu for 2",
		"WIPRO 500", "2026-11-23 09:00", "3 5 7 9 11", "recette gateau chocolat", strings.Repeat("7F3K9-2XQ8M-4 ", 100),
	} {
		if found, _, ok := proof.Find(message); ok {
			t.Errorf("in %q stands %q", message, found)
		}
	}
	if found, _, ok := proof.Find("check UUUU9-2XQ8M-4"); !ok || found != "" {
		t.Errorf("a code with a wrong sign is %q, %v", found, ok)
	}
}

// A number that is given anew after a store was put back has another code, and
// what codes cannot tell has none.
func TestCodesAreOfOneAskAlone(t *testing.T) {
	key := proof.Key("a key of some publisher, 32 bytes")
	if a, b := key.Code(7, asked), key.Code(7, asked.Add(time.Minute)); a == b || key.Ask(a) != 7 || key.Ask(b) != 7 {
		t.Errorf("two moments have %s and %s", a, b)
	}
	if other := proof.Key("the key of another, of 32 bytes.."); other.Code(7, asked) == key.Code(7, asked) {
		t.Error("two publishers have the same code")
	}
	for _, ask := range []uint64{0, 1 << 38, 1 << 63} {
		if code := key.Code(ask, asked); code != "" {
			t.Errorf("ask %d has %s", ask, code)
		}
	}
}

func BenchmarkCode(b *testing.B) {
	key := proof.Key("a key of some publisher, 32 bytes")
	for b.Loop() {
		key.Code(4711, asked)
	}
}
