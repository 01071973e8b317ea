package textform_test

import (
	"testing"

	"keypull/pull/what/textform"
)

// TestAnEndingBehindASignBelongsToNoName: as Turkish and Finnish inflect the names of others.
func TestAnEndingBehindASignBelongsToNoName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"wipro'yu": {"wipro"}, "Bursa’da hava": {"bursa", "hava"}, "THY'nin hissesi": {"thy", "hissesi"}, "wipro:n kurssi": {"wipro", "kurssi"}, "Nokia:lle": {"nokia"},
		"shepherd's pie": {"shepherd's", "pie"}, "don't": {"don't"}, "l'a": {"l'a"}, "gazete:haber": {"gazete", "haber"}, "9:30": {"9", "30"}, "Київ'я": {"київ'я"}, "'da": {"da"},
	} {
		var got []string
		for _, k := range textform.Tokenise(text, nil) {
			got = append(got, k.Normal)
			if name := text[k.Start:k.End]; textform.Normal(name) != k.Normal {
				t.Errorf("%q: %q stands for %q", text, name, k.Normal)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%q is cut into %q, want %q", text, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q is cut into %q, want %q", text, got, want)
			}
		}
	}
}
