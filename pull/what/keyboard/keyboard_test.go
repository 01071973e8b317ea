package keyboard_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"keypull/pull/what/keyboard"
)

func TestNeighboursLieSideBySideOnSomeKeyboard(t *testing.T) {
	for _, tt := range []struct {
		a, b rune
		want bool
	}{
		{'q', 'w', true}, {'a', 's', true}, {'g', 'v', true}, {'g', 'b', true}, {'g', 't', true}, {'g', 'y', true},
		{'t', 'z', true}, {'l', 'm', true}, {'n', 'm', true}, {'q', 'p', false}, {'a', 'p', false}, {'a', 'a', false},
		{'e', 't', false}, {'o', 'ö', false}, {'l', 'ö', true}, {'п', 'р', true}, {'ж', 'д', true}, {'л', 'о', true},
		{'ы', 'і', true}, {'и', 'м', true}, {'ф', 'ъ', false}, {'α', 'σ', true}, {'ε', 'δ', true}, {'α', 'μ', false},
		{'ل', 'ا', true}, {'ب', 'ي', true}, {'ش', 'ط', false}, {'क', 'त', true}, {'त', 'थ', true}, {'म', 'न', true},
		{'क', 'म', false}, {'ก', 'ด', true}, {'ก', 'ห', true}, {'ท', 'ม', true}, {'ฟ', 'ง', false}, {'a', 'ф', false},
		{0xfffd, 0xfffd, false}, {-1, 'a', false},
	} {
		if got := keyboard.Neighbours(tt.a, tt.b); got != tt.want {
			t.Errorf("neighbours(%c, %c) = %v", tt.a, tt.b, got)
		}
		if keyboard.Neighbours(tt.a, tt.b) != keyboard.Neighbours(tt.b, tt.a) {
			t.Errorf("%c and %c are neighbours in one direction only", tt.a, tt.b)
		}
	}
}

func TestTheKeysOfAnotherKeyboardAreRead(t *testing.T) {
	for _, tt := range []struct{ raw, want string }{
		{",kbys", "блины"}, {"цуферук", "weather"}, {"Ghbdtn", "привет"}, {"ghbdtn!", "привет"}, {"ЦУФЕРУК", "weather"},
		{"gjujlf d vjcrdt", "погода в москве"}, {"ςεατηερ", "weather"}, {"kal;hm;era", "καλημερα"},
		{"akuo", "שלום"}, {"lvpfh", "مرحبا"}, {"dkssud", "안녕"}, {"ㅈㄷㅁ", "wea"}, {"rlacl", "김치"},
		{"안녕", "dkssud"}, {"l;ylfu", "สวัสดี"}, {"hello", "руддщ"}, {"لاخ", "bo"}, {"لاخ", "gho"},
	} {
		if got := keyboard.Relayouts(tt.raw); !slices.Contains(got, tt.want) {
			t.Errorf("relayouts(%q) = %q, which lacks %q", tt.raw, got, tt.want)
		}
	}
}

func TestWhatIsNoWordOnAnotherKeyboardIsNotOffered(t *testing.T) {
	for _, raw := range []string{"", "?", "a", "42", "寿司", "погода, пожалуйста", "x", "\xff\xfe", strings.Repeat("g", 65), "хорошо"} {
		if got := keyboard.Relayouts(raw); len(got) > 0 {
			t.Errorf("relayouts(%q) = %q", raw, got)
		}
	}
}

func FuzzNeighbours(f *testing.F) {
	f.Add('a', 's')
	f.Add('ф', '\U0010ffff')
	f.Add(rune(-5), rune(0))
	f.Fuzz(func(t *testing.T, a, b rune) {
		near := keyboard.Neighbours(a, b)
		if near != keyboard.Neighbours(b, a) || near && a == b {
			t.Errorf("neighbours(%q, %q) = %v", a, b, near)
		}
	})
}

func FuzzRelayouts(f *testing.F) {
	for _, s := range []string{",kbys", "цуферук", "rlacl", "안녕", "kal;hm;era", "لاخ", "สวัสดี", "Ã\xff", "ㅏㅋ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		all := keyboard.Relayouts(s)
		if len(all) > 6 {
			t.Errorf("relayouts(%q) = %q", s, all)
		}
		for i, form := range all {
			if form == "" || form == s || slices.Contains(all[:i], form) || !utf8.ValidString(form) {
				t.Errorf("relayouts(%q) = %q", s, all)
			}
		}
	})
}
