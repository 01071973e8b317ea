package sound_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"keypull/pull/what/sound"
	"keypull/pull/what/textform"
)

// romanised lists words with their romanisations, one word to a line.
var romanised = [][]string{
	{"кисель", "kisel", "kisel'", "kissel"},
	{"блины", "bliny", "blini", "blinyi", "bliny"},
	{"привет", "privet"},
	{"погода", "pogoda"},
	{"борщ", "borshch", "borsch", "borsh", "borscht", "borschtsch"},
	{"пожарская", "pozharskaya", "pozharskaja", "pozharskaia"},
	{"пельмени", "pelmeni", "pel'meni", "pelmyeni"},
	{"щи", "shchi", "schi"},
	{"хачапури", "khachapuri", "hachapuri", "ხაჭაპური"},
	{"цыпленок", "tsyplenok", "tsiplenok"},
	{"чай", "chai", "chay"},
	{"шашлык", "shashlyk", "shashlik", "schaschlik"},
	{"Київ", "kyiv", "kiiv"},
	{"квас", "kvas", "kwas", "kvass"},
	{"таджин", "tajin", "tadzhin"},
	{"баница", "banitsa", "banitza"},
	{"τζατζίκι", "tzatziki", "tsatsiki"},
	{"σουβλάκι", "souvlaki", "suvlaki"},
	{"μουσακάς", "mousakas", "moussakas"},
	{"γύρος", "gyros", "giros"},
	{"μπακλαβάς", "baklavas"},
	{"χταπόδι", "htapodi", "khtapodi"},
	{"सही", "sahi", "शाही"},
	{"शाही पनीर", "shahi paneer", "shahi panir"},
	{"मटर पनीर", "matar paneer", "mattar paneer"},
	{"चटनी", "chatni"},
	{"राजमा", "rajma"},
	{"जीरा", "jeera", "jira"},
	{"बिरयानी", "biryani", "biriani"},
	{"खीर", "kheer", "khir"},
	{"छोले भटूरे", "chole bhature", "chhole bhatoore"},
	{"नमकीन", "namkeen", "namkin"},
	{"दोसा", "dosa", "ਦੋਸਾ", "દોસા", "దోస"},
	{"ಇಡ್ಲಿ", "idli", "இட்லி", "ఇడ్లి"},
	{"রসগোল্লা", "rosogolla", "rosogola"},
	{"సాంబార్", "sambar", "sambaar"},
	{"なごや", "nagoya", "ナゴヤ"},
	{"らーめん", "ramen", "ラーメン", "raamen"},
	{"とうきょう", "tokyo", "tokio", "toukyou", "tookyoo"},
	{"すし", "sushi", "susi"},
	{"てんぷら", "tempura", "tenpura"},
	{"ちゃんぽん", "champon", "chanpon"},
	{"ひゃく", "hyaku"},
	{"にっぽん", "nippon"},
	{"カフェ", "kafe", "cafe"},
	{"パーティー", "pati", "paati"},
	{"비빔밥", "bibimbap"},
	{"불고기", "bulgogi"},
	{"떡볶이", "tteokbokki", "teokboki"},
	{"신라", "silla"},
	{"서울", "seoul"},
	{"국물", "gungmul"},
	{"ไทย", "thai"},
	{"ตลาด", "talat"},
	{"ขนม", "khanom"},
	{"սուջուխ", "sujukh"},
	{"პიცა", "pitsa", "pizza"},
	{"محمد", "mhmd"},
	{"مندي", "mndi"},
	{"שלום", "shlom"},
	{"x1", "ks1"},
}

func TestAWordSoundsAsItsRomanisations(t *testing.T) {
	for _, group := range romanised {
		want := sound.Key(textform.Fold(group[0]))
		if want == "" {
			t.Errorf("%s has no sound", group[0])
		}
		for _, s := range group[1:] {
			if got := sound.Key(textform.Fold(s)); got != want {
				t.Errorf("%s sounds %q, %s sounds %q", group[0], want, s, got)
			}
		}
	}
}

func TestDifferentWordsSoundDifferently(t *testing.T) {
	for _, tt := range [][2]string{
		{"кисель", "киселёв"}, {"pogoda", "pagoda"}, {"sushi", "susa"}, {"rice", "rise up"}, {"borsch", "bosch"}, {"कल", "काली"},
		{"bar", "par"}, {"100", "10"}, {"pizza", "pisa"},
	} {
		if a, b := sound.Key(textform.Fold(tt[0])), sound.Key(textform.Fold(tt[1])); a == b {
			t.Errorf("%s and %s both sound %q", tt[0], tt[1], a)
		}
	}
}

func TestChineseCharactersHaveNoSound(t *testing.T) {
	for _, s := range []string{"北京", "寿司 sushi", "東京タワー", "", "🍕", "?"} {
		if got := sound.Key(textform.Fold(s)); got != "" {
			t.Errorf("%s sounds %q", s, got)
		}
	}
}

func TestSkeletonsOfArabicAndHebrewMeetLatin(t *testing.T) {
	for _, group := range [][]string{
		{"مندي", "mandi", "mendy", "المندي"},
		{"كبسة", "kabsa", "kabsah", "al kabsa"},
		{"شاورما", "shawarma", "shawurma", "schawarma"},
		{"فلافل", "falafel", "felafel"},
		{"معمول", "mamoul", "maamoul", "ma'amoul"},
		{"حمص", "hummus", "hommos"},
		{"تبولة", "tabbouleh", "tabouli", "taboule"},
		{"طاجين", "tajine", "tagine"},
		{"مقلوبة", "maqluba", "makloubeh"},
		{"الكويت", "kuwait"},
		{"جرجير", "jarjir", "gargir"},
		{"שקשוקה", "shakshuka", "shakshouka"},
		{"תל אביב", "tel aviv"},
		{"בורקס", "burekas", "bourekas"},
		{"ירושלים", "yerushalayim"},
	} {
		want := sound.Skeleton(textform.Fold(group[0]))
		for _, s := range group[1:] {
			if got := sound.Skeleton(textform.Fold(s)); got != want || got == "" {
				t.Errorf("the skeleton of %s is %q, that of %s is %q", group[0], want, s, got)
			}
		}
	}
}

func FuzzSound(f *testing.F) {
	for _, s := range []string{
		"borshch", "zzh", "tsch schtsch", "iyaieiu", "eea eia aia", "dj dzh dsch jj", "skh nkh tkh", "кисель объём", "шъи", "मटर पनीर", "ヴァイオリン",
		"떡볶이", "ต้มยำกุ้ง", "Αυγό", "いゃ", "xcx qu que", "ャ", "c", "chhr", "\xffab", "3d h1h", "mnb nnp",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, s := range []string{s, textform.Fold(s)} {
			key := sound.Key(s)
			if again := sound.Key(key); again != key {
				t.Errorf("%q sounds %q, and that %q", s, key, again)
			}
			for i := range len(key) {
				c := key[i]
				if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != 'C' && c != ' ' {
					t.Errorf("%q sounds %q", s, key)
				}
			}
			if strings.TrimSpace(key) != key || strings.Contains(key, "  ") {
				t.Errorf("%q sounds %q", s, key)
			}
			if bones := sound.Skeleton(s); strings.ContainsAny(bones, "aeiouwy") || !utf8.ValidString(bones) {
				t.Errorf("the skeleton of %q is %q", s, bones)
			}
		}
	})
}
