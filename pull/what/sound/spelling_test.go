package sound_test

import (
	"slices"
	"strings"
	"testing"

	"keypull/pull/what/sound"
	"keypull/pull/what/textform"
)

func TestTextsAreSpeltInLatinLetters(t *testing.T) {
	for _, tt := range []struct {
		language, text string
		by             sound.Spelling
		latin          []string
	}{
		{"zh", "小籠包", sound.Pinyin, []string{"xiao long bao"}},
		{"zh", "重庆", sound.Pinyin, []string{"chongqing"}},
		{"zh", "重要", sound.Pinyin, []string{"zhongyao", "chongyao"}},
		{"zh", "绿豆", sound.Pinyin, []string{"lüdou", "lvdou", "ludou"}},
		{"", "地铁3号线", sound.Pinyin, []string{"ditie 3 hao xian"}},
		{"ja", "小籠包", sound.Romaji, nil},
		{"ja", "お好み焼き", sound.Romaji, []string{"okonomiyaki", "okonomi yaki"}},
		{"ja", "天気予報", sound.Romaji, []string{"tenkiyoho", "tenki yohō", "tenkiyohou", "tenki yohoo"}},
		{"ja", "花火", sound.Romaji, []string{"hanabi"}},
		{"ja", "学校", sound.Romaji, []string{"gakkou", "gakko"}},
		{"ja", "散歩", sound.Romaji, []string{"sanpo", "sampo"}},
		{"ja", "人々", sound.Romaji, []string{"hitobito"}},
		{"ja", "新宿", sound.Romaji, []string{"shinjuku", "sinzyuku"}},
		{"en", "ラーメン", sound.Romaji, []string{"ramen", "raamen"}},
		{"th", "ต้มยำกุ้ง", sound.ThaiLatin, []string{"tom yum goong", "tom yam kung"}},
		{"en", "ผัดไทย", sound.ThaiLatin, []string{"pad thai", "phat thai"}},
		{"th", "กล้วย", sound.ThaiLatin, []string{"kluai", "gluay"}},
		{"th", "จันทร์", sound.ThaiLatin, []string{"chan", "jan"}},
		{"ko", "北京", sound.NoSpelling, nil},
		{"zh", "pizza", sound.NoSpelling, nil},
		{"ru", "кисель", sound.NoSpelling, nil},
		{"zh", strings.Repeat("北京", 40), sound.NoSpelling, nil},
	} {
		by, keys := sound.Spellings(textform.Normal(tt.text), tt.language)
		if by != tt.by {
			t.Errorf("%s in %q is spelt by %d, want %d", tt.text, tt.language, by, tt.by)
		}
		for _, s := range tt.latin {
			if key := sound.Spelled(by, textform.Fold(s)); !slices.Contains(keys, key) {
				t.Errorf("%s is spelt %q, and not %s, which is %q", tt.text, keys, s, key)
			}
		}
	}
}

func TestSpellingsOfTheSouthMeet(t *testing.T) {
	if a, b := sound.Loosely("gongbaojiding"), sound.Loosely("gonbaojidin"); a != b {
		t.Errorf("%q and %q", a, b)
	}
	if a, b := sound.Loosely("gongbao"), sound.Loosely("hongbao"); a == b {
		t.Errorf("both are %q", a)
	}
}

func FuzzSpellings(f *testing.F) {
	for _, s := range []string{"お好み焼き", "小笼包", "ต้มยำกุ้ง", "々", "一一", "ー", "์", "เ", "ก็", "รร", "ผัด", "は", "3号線", "學校 cafe", "\xff焼", "焼\xff", "ไหม่"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, language := range []string{"ja", "zh", "th", ""} {
			_, keys := sound.Spellings(textform.Normal(s), language)
			if len(keys) > 8 {
				t.Errorf("%q has %d keys", s, len(keys))
			}
			for i, key := range keys {
				if key == "" || slices.Contains(keys[:i], key) || strings.ContainsFunc(key, isNoLatin) {
					t.Errorf("%q is spelt %q", s, keys)
				}
			}
		}
		for _, by := range []sound.Spelling{sound.Pinyin, sound.Romaji, sound.ThaiLatin} {
			if key := sound.Spelled(by, s); strings.ContainsFunc(key, isNoLatin) {
				t.Errorf("%q is spelt %q", s, key)
			}
		}
	})
}

func isNoLatin(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("ANWY", r)
}
