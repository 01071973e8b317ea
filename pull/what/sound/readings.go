package sound

import (
	_ "embed" // The readings are part of the program.
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// pinyinTable has a line for each syllable, with the characters that are read so
// first of all, and those that are as well: simplified ones, since folded texts
// have no others, as github.com/mozillazg/go-pinyin (MIT) reads them, without its
// map of 41,000 that each process would fill as it starts; wordTable the words that are not
// read as their letters are, or are written otherwise abroad.
//
//go:embed pinyin.txt
var pinyinTable string

//go:embed words.txt
var wordTable string

// wordList maps words to their readings.
type wordList struct {
	readings map[string]string
	// longest is the length of the longest word, in bytes.
	longest int
}

// words returns those of a language, each written by form.
func words(language string, form func(string) string) func() wordList {
	return sync.OnceValue(func() wordList {
		_, section, _ := strings.Cut(wordTable, "["+language+"]\n")
		section, _, _ = strings.Cut(section, "\n[")
		list := wordList{readings: map[string]string{}}
		for entry := range strings.FieldsSeq(section) {
			word, readings, _ := strings.Cut(entry, ",")
			word = form(word)
			list.readings[word] = readings
			list.longest = max(list.longest, len(word))
		}
		return list
	})
}

// at returns the longest word that a text begins with, and its readings.
func (l *wordList) at(s string) (word string, all []utterance) {
	for end := min(l.longest, len(s)); end > 0; end-- {
		if end < len(s) && !utf8.RuneStart(s[end]) {
			continue
		}
		if readings, ok := l.readings[s[:end]]; ok {
			for reading := range strings.SplitSeq(readings, ",") {
				all = append(all, utterance{said: reading, cost: len(all)})
			}
			return s[:end], all
		}
	}
	return "", nil
}

// pinyinOf maps a character to the numbers of its syllables, the first one first.
type pinyinOf struct {
	syllables []string
	first     [0xa000 - 0x3400]uint16
	others    map[rune][]uint16
}

var knownPinyin = sync.OnceValue(func() *pinyinOf {
	p := &pinyinOf{syllables: []string{""}, others: map[rune][]uint16{}}
	for line := range strings.Lines(pinyinTable) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		number := uint16(len(p.syllables))
		p.syllables = append(p.syllables, fields[0])
		for _, r := range fields[1] {
			if isHan(r) && r >= 0x3400 {
				p.first[r-0x3400] = number
			}
		}
		if len(fields) > 2 {
			for _, r := range fields[2] {
				p.others[r] = append(p.others[r], number)
			}
		}
	}
	return p
})

func (p *pinyinOf) of(r rune) (all []utterance) {
	if r < 0x3400 || r > 0x9fff || p.first[r-0x3400] == 0 {
		return nil
	}
	all = append(all, utterance{said: p.syllables[p.first[r-0x3400]]})
	for _, number := range p.others[r] {
		all = append(all, utterance{said: p.syllables[number], cost: len(all)})
	}
	return all
}

var chineseWords = words("zh", textform.Fold)

// sayPinyin says a folded text in Chinese; nothing if it has letters that it
// cannot say.
func sayPinyin(folded string) []string {
	list, table := chineseWords(), knownPinyin()
	s := sayings{{}}
	for i := 0; i < len(folded); {
		word, options := list.at(folded[i:])
		size := len(word)
		if word == "" {
			var r rune
			r, size = utf8.DecodeRuneInString(folded[i:])
			switch options = table.of(r); {
			case options != nil:
			case isPlainLatin(r):
				options = []utterance{{said: string(r)}}
			case isSpoken(r):
				return nil
			default:
				i += size
				continue
			}
		}
		i += size
		s = s.extended(options, behind)
	}
	return s.likeliest(maxPinyin).texts()
}

func isPlainLatin(r rune) bool { return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' }

var thaiWords = words("th", func(word string) string { return string(spokenThai(textform.Normal(word))) })

// spellThai says a text in Thai by its words, and by its letters what is left
// between them.
func spellThai(normal string) []string {
	list := thaiWords()
	s := sayings{{}}
	for part := range strings.FieldsSeq(normal) {
		if textform.IsASCII(part) {
			s = s.extended([]utterance{{said: part}}, behind)
			continue
		}
		spoken := string(spokenThai(part))
		start := 0
		read := func(end int) {
			if start < end {
				s = s.extended([]utterance{{said: string(sayThai(nil, spoken[start:end]))}}, behind)
			}
		}
		for i := 0; i < len(spoken); {
			word, options := list.at(spoken[i:])
			if next, _ := utf8.DecodeRuneInString(spoken[i+len(word):]); word == "" || isThaiVowel(next) {
				_, size := utf8.DecodeRuneInString(spoken[i:])
				i += size
				continue
			}
			read(i)
			s = s.extended(options, behind)
			i += len(word)
			start = i
		}
		read(len(spoken))
	}
	return s.texts()
}
