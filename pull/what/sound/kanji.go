package sound

import (
	_ "embed" // The readings are part of the program.
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// kanjiTable has the readings of each character, those from China first and the
// Japanese ones behind a stroke; one that ends in a hyphen goes before kana.
//
//go:embed kanji.txt
var kanjiTable string

// knownKanji maps a character to its readings as the table has them.
var knownKanji = sync.OnceValue(func() map[rune]string {
	all := map[rune]string{}
	for entry := range strings.FieldsSeq(kanjiTable) {
		r, size := utf8.DecodeRuneInString(entry)
		all[r] = entry[size:]
	}
	return all
})

var japaneseWords = words("ja", func(word string) string { return word })

func isSpoken(r rune) bool { return unicode.IsLetter(r) }

func isKana(r rune) bool { return 'ぁ' <= r && r <= 'ヿ' && r != '・' }

func isHiragana(r rune) bool { return 'ぁ' <= r && r <= 'ゖ' }

// sayJapanese says a text in Japanese, the likeliest way first; nothing if it has
// characters that it cannot say.
func sayJapanese(normal string) []string {
	list := japaneseWords()
	s := sayings{{}}
	// joined says that what was read last was written in kanji.
	joined := false
	last := rune(0)
	for i := 0; i < len(normal); {
		word, options := list.at(normal[i:])
		r, size := utf8.DecodeRuneInString(normal[i:])
		switch {
		case word != "":
			size = len(word)
			last, _ = utf8.DecodeLastRuneInString(word)
		case isKana(r):
			size = kanaRun(normal[i:], &list)
			options = []utterance{{said: sayParticle(normal[i : i+size])}}
		case isHan(r):
			if r != '々' {
				last = r
			}
			options = kanjiReadings(last, normal[i+size:], joined || r == '々')
			if options == nil {
				return nil
			}
		case isPlainLatin(r):
			options = []utterance{{said: string(r)}}
		case isSpoken(r):
			return nil
		default:
			i += size
			joined = false
			continue
		}
		joined = isHan(r)
		i += size
		s = s.extended(options, assimilated)
	}
	return s.texts()
}

// kanaRun returns how many bytes of kana a text begins with, up to a word.
func kanaRun(s string, list *wordList) int {
	for i, r := range s {
		if !isKana(r) {
			return i
		}
		if i > 0 {
			if word, _ := list.at(s[i:]); word != "" {
				return i
			}
		}
	}
	return len(s)
}

// sayParticle says kana; は and へ that stand alone are particles.
func sayParticle(kana string) string {
	switch kana {
	case "は":
		return "wa"
	case "へ":
		return "e"
	}
	return string(sayKana(nil, kana))
}

// kanjiReadings returns the readings of a character before rest. Within a compound
// those from China are likelier, alone and before kana the Japanese ones.
func kanjiReadings(r rune, rest string, joined bool) (all []utterance) {
	entry, ok := knownKanji()[r]
	if !ok {
		return nil
	}
	after, _ := utf8.DecodeRuneInString(rest)
	compound := joined || isHan(after)
	kana := isHiragana(after) && !strings.ContainsRune("のがはをとにへで", after)
	on, kun, _ := strings.Cut(entry, "/")
	cost := 0
	if !compound {
		cost = 2
	}
	for reading := range strings.SplitSeq(on, ",") {
		if reading != "" {
			all = append(all, utterance{reading, kindOn, cost})
			cost++
		}
	}
	cost = 0
	if compound {
		cost = 1
	}
	for reading := range strings.SplitSeq(kun, ",") {
		stem, before := strings.CutSuffix(reading, "-")
		switch {
		case reading == "" || before && !isHiragana(after), !before && kana && stemOf(kun, reading):
			continue
		case before && kana:
			all = append(all, utterance{stem, kindKun, min(cost, 1)})
		case before || kana:
			all = append(all, utterance{stem, kindKun, cost + 2})
		default:
			all = append(all, utterance{stem, kindKun, cost})
		}
		cost++
	}
	return all
}

// stemOf reports whether the beginning of a reading goes before kana, which then
// write its end.
func stemOf(kun, reading string) bool {
	for stem := range strings.SplitSeq(kun, ",") {
		if stem, before := strings.CutSuffix(stem, "-"); before && strings.HasPrefix(reading, stem) {
			return true
		}
	}
	return false
}

// assimilated says a reading behind another as they sound together: gaku and kou
// are gakkou, hana and hi hanabi, ten and hu tenpu.
func assimilated(before, next utterance) []utterance {
	said, cost := before.said, before.cost+next.cost
	if said == "" || next.kind == kindOther {
		return []utterance{{said + next.said, next.kind, cost}}
	}
	if before.kind != kindOther && before.kind != next.kind {
		cost += 2
	}
	plain := utterance{said + next.said, next.kind, cost}
	if next.kind == kindKun {
		voiced := voice(next.said)
		if voiced == "" || before.kind == kindOther && isRomanVowel(said[len(said)-1]) && next.cost == 0 {
			return []utterance{plain}
		}
		plain.cost++
		return []utterance{{said + voiced, kindKun, cost}, plain}
	}
	all := []utterance{plain}
	if short := shortened(said, next.said); short != "" && before.kind == kindOn {
		all[0].cost++
		all = append(all, utterance{short, kindOn, cost})
	}
	if rest, ok := strings.CutPrefix(next.said, "h"); ok && strings.HasSuffix(said, "n") {
		all = append(all, utterance{said + "p" + rest, kindOn, cost + 1})
	}
	if voiced := voice(next.said); voiced != "" {
		all = append(all, utterance{said + voiced, kindOn, cost + 3})
	}
	return all
}

// voice returns what a reading becomes within a compound, or "" if nothing changes: a
// word that has a voiced sound already takes no other.
func voice(s string) string {
	if strings.ContainsAny(s, "bdgjz") {
		return ""
	}
	for _, pair := range [...][2]string{{"sh", "j"}, {"ch", "j"}, {"ts", "z"}, {"k", "g"}, {"s", "z"}, {"t", "d"}, {"h", "b"}, {"f", "b"}} {
		if rest, ok := strings.CutPrefix(s, pair[0]); ok {
			return pair[1] + rest
		}
	}
	return ""
}

// shortened returns a compound in which the end of the first reading became one
// with the beginning of the second, or "" if it does not.
func shortened(said, next string) string {
	first := next[0]
	for _, end := range [...]string{"tsu", "chi"} {
		if rest, ok := strings.CutSuffix(said, end); ok && strings.IndexByte("kstcp", first) >= 0 {
			return rest + next[:1] + next
		} else if ok && (first == 'h' || first == 'f') {
			return rest + "pp" + next[1:]
		}
	}
	if rest, ok := strings.CutSuffix(said, "ku"); ok && first == 'k' {
		return rest + "k" + next
	}
	return ""
}
