package textform_test

import (
	"testing"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

func TestTraditionalAndJapaneseCharactersBecomeSimplified(t *testing.T) {
	for s, want := range map[string]string{
		"":            "",
		"weather":     "weather",
		"🍕 pizza":     "🍕 pizza",
		"天氣":          "天气",
		"天気":          "天气",
		"臺灣":          "台湾",
		"網易股價":        "网易股价",
		"蘭州拉麵":        "兰州拉面",
		"宮保雞丁":        "宫保鸡丁",
		"廣東":          "广东",
		"広島の天気":       "广岛の天气",
		"円":           "圆",
		"乾麵 recipe":   "干面 recipe",
		"北京":          "北京",
		"龍鬚糖":         "龙须糖",
		"紅燒豬腳":        "红烧猪脚",
		"蠔油生菜":        "蚝油生菜",
		"東京駅":         "东京驿",
		"a\xff麵\xffb": "a\xff面\xffb",
	} {
		if got := textform.Simplified(s); got != want {
			t.Errorf("simplified(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestEveryCharacterIsSimplifiedAtOnce(t *testing.T) {
	changed := 0
	for r := rune(0x3400); r <= 0x9fff; r++ {
		once := textform.Simplified(string(r))
		if again := textform.Simplified(once); again != once {
			t.Errorf("%c becomes %s, and that %s", r, once, again)
		}
		if utf8.RuneCountInString(once) != 1 {
			t.Errorf("%c becomes %q", r, once)
		}
		if once != string(r) {
			changed++
		}
	}
	if changed < 2500 {
		t.Errorf("only %d characters are simplified", changed)
	}
}

func TestTextsWithoutChineseCostNoMemory(t *testing.T) {
	for _, s := range []string{"the weather in berlin", "погода в берлине", "らーめん", "北京"} {
		textform.Simplified(s)
		if n := testing.AllocsPerRun(10, func() { textform.Simplified(s) }); n != 0 {
			t.Errorf("simplified(%q) allocates %v times", s, n)
		}
	}
}

func FuzzSimplified(f *testing.F) {
	for _, s := range []string{"", "天氣", "a\xff麵\xffb", "東京タワー", "\xe9\xba"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := textform.Simplified(s)
		if again := textform.Simplified(once); again != once {
			t.Errorf("%q becomes %q, and that %q", s, once, again)
		}
		if utf8.RuneCountInString(once) != utf8.RuneCountInString(s) {
			t.Errorf("%q becomes %q", s, once)
		}
	})
}
