package textform_test

import (
	"slices"
	"testing"

	"keypull/pull/what/textform"
)

func TestDisguisesAreUndone(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"staaaade reims", []string{"staade reims", "stade reims"}},
		{"n3t34s3", []string{"netease"}},
		{"gr4n turc4", []string{"gran turca"}},
		{"p1zz4", []string{"pizza", "plzza"}},
		{"a u c k l a n d", []string{"auckland"}},
		{"weather a u c k l a n d", []string{"weather auckland"}},
		{"p i z z a recipe", []string{"pizza recipe"}},
		{"п и ц ц а", []string{"пицца"}},
		{"p i z z z z a", []string{"pizzzza", "pizza", "piza"}},
		{"🇩🇴 🇩🇴 🇩🇴", []string{"🇩🇴"}},
		{"pizza pizza pizza", []string{"pizza"}},
		{"new york new york", []string{"new york"}},
		{"pizza pizza recipe", []string{"pizza recipe"}},
		{"goool goool", []string{"goool", "gool gool", "gool", "gol gol", "gol"}},
		{"ca $ h", []string{"cash"}},
		{"погодаааа", []string{"погодаа", "погода"}},
		{"p@ella", []string{"paella"}},
	} {
		if got := textform.Undisguise(tt.in); !slices.Equal(got, tt.want) {
			t.Errorf("undisguise(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestPlainTextsAreNoDisguise(t *testing.T) {
	for _, s := range []string{"", "pizza", "weather in berlin", "1000", "10000 300", "i a m", "a b c", "🇩🇴", "24 7", "東京", "a b c d e two words", "\xff\xff\xff"} {
		if got := textform.Undisguise(s); len(got) > 0 {
			t.Errorf("undisguise(%q) = %q", s, got)
		}
	}
}

func FuzzUndisguise(f *testing.F) {
	for _, s := range []string{"staaaade", "n3t34s3 1", "a b c d", "a a a b a a a b", "ca $ h $ 1", "\xff\xff\xff a", "111a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, s := range []string{s, textform.Normal(s)} {
			forms := textform.Undisguise(s)
			if len(forms) > 6 {
				t.Errorf("undisguise(%q) = %q", s, forms)
			}
			for i, form := range forms {
				if form == "" || form == s || slices.Contains(forms[:i], form) {
					t.Errorf("undisguise(%q) = %q", s, forms)
				}
			}
		}
	})
}
