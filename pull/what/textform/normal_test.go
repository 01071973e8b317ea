package textform_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/what/textform"
)

func TestNormalUnifiesWhatReadersTakeForTheSame(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"case and space", "  Tirami  SU\n", "tirami su"},
		{"leading marks", "/#!News!?", "news"},
		{"a cashtag", "$DD", "dd"},
		{"quotes", "“cheese straws”", "cheese straws"},
		{"decoration", "***eendracht aalst!!!", "eendracht aalst"},
		{"kinds of apostrophe", "Côte D’Ivoire", "côte d'ivoire"},
		{"an accent for an apostrophe", "qualité de l´air", "qualité de l'air"},
		{"kinds of hyphen", "Hapag‑Lloyd – Fit-fit", "hapag lloyd fit fit"},
		{"dots between words", "cercle.brugge", "cercle brugge"},
		{"an abbreviation", "S.S.C. Napoli", "ssc napoli"},
		{"a number with a dot", "1. FC Köln", "1 fc köln"},
		{"signs that tell words apart", "C++ C# 100% AT&T", "c++ c# 100% at & t"},
		{"a trailing plus", "Canal+!", "canal+"},
		{"sharp s", "Großer Spaß", "grosser spass"},
		{"diacritics stay", "JÄGERSCHNITZEL pâté", "jägerschnitzel pâté"},
		{"composition", "cafe\u0301", "café"},
		{"full width", "ｂｒａｔａｐｆｅｌ１", "bratapfel1"},
		{"mathematical letters", "𝐬𝐚𝐫𝐭𝐨𝐫𝐢𝐮𝐬", "sartorius"},
		{"ligatures", "ﬁsh", "fish"},
		{"half width kana", "ﾊﾞﾙﾊﾞﾄﾞｽ", "バルバドス"},
		{"ideographic stop", "天气。", "天气"},
		{"final sigma", "ΟΔΟΣ οδός", "οδοσ οδόσ"},
		{"Turkish capital dotted i", "İstanbul", "i\u0307stanbul"},
		{"Arabic stretching", "الــفلبين", "الفلبين"},
		{"Arabic vowel signs", "الَداَنمرك", "الدانمرك"},
		{"a stray Arabic vowel sign", "وجَه َأسد", "وجه اسد"},
		{"Arabic alef and yeh", "أإآٱ ىی", "اااا يي"},
		{"Arabic digits", "١٢٣ ۴۵", "123 45"},
		{"Hebrew points", "שָׁלוֹם", "שלום"},
		{"Devanagari vowels stay", "विप्रो", "विप्रो"},
		{"Thai vowels and tones stay", "ข้าวขาหมู", "ข้าวขาหมู"},
		{"emoji presentation", "🍎️", "🍎"},
		{"an emoji is a word", "chili👍now", "chili 👍 now"},
		{"joined emoji stay joined", "👩‍🍳👍🏽", "👩‍🍳 👍🏽"},
		{"flags are pairs", "🇸🇦🚜🇨🇦🇩🇴", "🇸🇦 🚜 🇨🇦 🇩🇴"},
		{"the flag of a region", "🏴󠁧󠁢󠁥󠁮󠁧󠁿!", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"},
		{"a keycap", "1️⃣", "1⃣"},
		{"spaces of no width", "p\u200bl\u200bu\u200bm jam", "plum jam"},
		{"direction marks", "\u200fmedina\u200e", "medina"},
		{"no-break space", "\u00a0intuit\n", "intuit"},
		{"invalid bytes", "in\xfftuit", "intuit"},
		{"nothing but punctuation", " ?! ", "?!"},
		{"nothing", "  ", ""},
		{"nothing that is seen", "\u200b\u2060", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := textform.Normal(tt.in); got != tt.want {
				t.Errorf("Normal(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestFoldTakesDiacriticsOff(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"accents", "Pâté à l’ail", "pate a lail"},
		{"ligatures", "Œuf Æbler", "oeuf aebler"},
		{"barred letters", "Øl Łódź Đà", "ol lodz da"},
		{"Turkish", "İstanbul ISPARTA ısparta", "istanbul isparta isparta"},
		{"Vietnamese", "phở bò Huế", "pho bo hue"},
		{"Cyrillic yo but not short i", "ёлка мой їжак", "елка мой їжак"},
		{"Greek tonos", "καφές", "καφεσ"},
		{"Arabic feminine ending", "مكتبة", "مكتبه"},
		{"hiragana as katakana", "じぶらるたる", "ジブラルタル"},
		{"voiced kana stay", "が", "ガ"},
		{"hangul stays", "한국", "한국"},
		{"Devanagari nukta", "इज़राइल", "इजराइल"},
		{"Devanagari vowels stay", "कुल कल", "कुल कल"},
		{"Thai tone marks", "ข้าวขาหมู ป่า", "ขาวขาหมู ปา"},
		{"Thai repetition mark", "แฟมากุสตาๆ", "แฟมากุสตา"},
		{"skin tones", "👍🏽", "👍"},
		{"heaped marks", "r̶͜u̶͜s̶͜s̶͜", "russ"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := textform.Fold(tt.in); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestFoldsOfferUmlautsBothWays(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"Knödel", []string{"knodel", "knoedel"}},
		{"Smørrebrød", []string{"smorrebrod", "smoerrebroed"}},
		{"Domino's", []string{"dominos", "domino s"}},
		{"news", []string{"news"}},
	}
	for _, tt := range tests {
		if got := textform.Folds(tt.in); strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("Folds(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// scripts draws texts of the kinds that readers and attackers send.
func scripts() *rapid.Generator[string] {
	pieces := []string{
		"é", "e\u0301", "ß", "İ", "ı", "ё", "й", "Ä", "ö", "ø", "œ", "s", "S", "1", "½", "Ⅷ", "\u0336", "\u0323", "\u20e3",
		"'", "’", "´", "-", "–", ".", "…", "&", "+", "#", "%", "$", "?", "!", "/", " ", "\u00a0", "\n", "\u200b", "\u200d", "\u00ad",
		"أ", "ى", "ـ", "\u064e", "٣", "ש", "\u05c1", "ガ", "か", "\u3099", "ｶ", "ﾞ", "ー", "天", "한", "ᄒ", "ᅡ", "क", "़", "ि",
		"ข", "้", "ๆ", "👍", "🏽", "👩", "🍳", "🇸", "🇦", "️", "🏴", "\U000e0067", "≠", "\u0338", "=", "<", "\xff", "ﷺ", "ŉ", "ΐ", "ς",
	}
	return rapid.OneOf(
		rapid.String(),
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 14), func(ps []string) string { return strings.Join(ps, "") }),
	)
}

func TestNormalFormsAreIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scripts().Draw(t, "text")
		idempotent(t, s)
	})
}

func idempotent(t interface{ Fatalf(string, ...any) }, s string) {
	normal := textform.Normal(s)
	if again := textform.Normal(normal); again != normal {
		t.Fatalf("Normal(%q) = %q (%+q), but once more %q (%+q)", s, normal, normal, again, again)
	}
	folded := textform.Fold(s)
	if again := textform.Fold(folded); again != folded {
		t.Fatalf("Fold(%q) = %q (%+q), but once more %q (%+q)", s, folded, folded, again, again)
	}
	if folded == "" && normal != "" {
		t.Fatalf("Fold(%q) is empty, Normal %q is not", s, normal)
	}
}

func FuzzNormalIsIdempotent(f *testing.F) {
	for _, s := range []string{"Pâté!", "l’air", "S.S.C.", "👩‍🍳🏽", "🇸🇦🇸", "c#\u0301b", "天气Graz", "أَ", "\u0301'", "a\u200d\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { idempotent(t, s) })
}
