package textform_test

import (
	"testing"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

func TestLettersThatLookAlikeAreUnmasked(t *testing.T) {
	for _, tt := range []struct{ in, latin, other string }{
		{"", "", ""},
		{"weather in berlin", "", ""},
		{"погода", "", ""},
		{"роzоlе", "pozole", ""},
		{"sоnоvа", "sonova", ""},
		{"роzоlе рецепт", "pozole рецепт", ""},
		{"coca cola", "", ""},
		{"борщ с cметаной", "борщ c cметаной", "борщ с сметаной"},
		{"пoгoда", "", "погода"},
		{"сока", "coka", ""},
		{"coк", "cok", "сок"},
		{"tacos", "", "тасоѕ"},
		{"сorn", "corn", ""},
		{"νodka", "vodka", ""},
		{"ντoματα", "vtomata", "ντοματα"},
		{"bo", "", ""},
		{"a1 б", "", "а1 б"},
		{"аё", "", ""},
		{"寿司 сочи", "", ""},
		{"寿司coк", "", ""},
		{"\xffо", "", ""},
	} {
		if latin, other := textform.Unmask(tt.in); latin != tt.latin || other != tt.other {
			t.Errorf("unmask(%q) = %q, %q; want %q, %q", tt.in, latin, other, tt.latin, tt.other)
		}
	}
}

func FuzzUnmask(f *testing.F) {
	for _, s := range []string{"роzоlе", "ντoματα", "coca", "a\xff о", " о  a", "é о"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = textform.Normal(s)
		latin, other := textform.Unmask(s)
		for _, form := range []string{latin, other} {
			if form == s && s != "" {
				t.Errorf("unmask(%q) returns its argument", s)
			}
			if form != "" && utf8.RuneCountInString(form) != utf8.RuneCountInString(s) {
				t.Errorf("unmask(%q) returns %q", s, form)
			}
		}
		if latin != "" {
			if again, _ := textform.Unmask(latin); again != "" {
				t.Errorf("unmask(%q) returns %q, and for that %q", s, latin, again)
			}
		}
	})
}
