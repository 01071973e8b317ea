package what_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull/what/keyboard"
	"keypull/pull/what/sound"
	"keypull/pull/what/textform"
)

func TestScriptsOfLongTextsAreReadInLinearTime(t *testing.T) {
	for _, piece := range []string{
		"a", "e", "j", "h", "ei", "iej", "tsch", "kh", "c", "a ", "a b ", "ab ab c ", "aab ", "4a", "$ ", " $ ", "ж", "жa", "аc ", "क", "क्", "ー", "キャ", "ァ",
		"한", "ก", "เก", "ا", "ال", "א", "ו", "萬", "萬a", "🇩🇴 ", "\xff", "ά", "ու",
	} {
		swift(t, piece, func(s string) {
			for _, s := range []string{s, textform.Fold(s)} {
				sound.Key(s)
				sound.Skeleton(s)
				sound.Spellings(s, "ja")
				sound.Spelled(sound.ThaiLatin, s)
				textform.Unmask(s)
				keyboard.Relayouts(s)
				textform.Undisguise(s)
			}
		})
	}
}

// swift fails the test where work on 64 KiB takes longer than any work does
// that is linear.
func swift(t *testing.T, piece string, work func(string)) {
	t.Helper()
	s := strings.Repeat(piece, 1+(64<<10)/len(piece))[:64<<10]
	start := time.Now()
	work(s)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("64 KiB of %q took %v", piece, took)
	}
}
