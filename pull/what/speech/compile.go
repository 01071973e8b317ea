package speech

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// builder reads the words of all languages.
type builder struct {
	// entries maps the folded words of an entry, joined by spaces, to what it does in
	// each language, firsts the first word of an entry to the most words of one.
	entries, firsts map[string][]uint64
	// short and empty are the languages of which a word is ordinary or says nothing.
	short, empty map[string][]uint64
	affixes      strings.Builder
	tokens       []textform.Token
}

// Compile returns the tables of what words do, by their names.
func Compile() (map[string][]byte, error) {
	b := builder{entries: map[string][]uint64{}, firsts: map[string][]uint64{}, short: map[string][]uint64{}, empty: map[string][]uint64{}}
	for i, tag := range languages.Tags() {
		b.readLanguage(tag, uint64(i))
	}
	all := map[string][]byte{tableAffixes: []byte(b.affixes.String())}
	for name, texts := range map[string]map[string][]uint64{tableEntries: b.entries, tableFirsts: b.firsts, tableShort: b.short, tableEmpty: b.empty} {
		table, err := hashtable.Freeze(texts)
		if err != nil {
			return nil, fmt.Errorf("freeze %s: %w", name, err)
		}
		all[name] = table
	}
	return all, nil
}

// comingDays are the sections of slots.txt whose words stand beside a wish as well
// as in a statement.
var comingDays = map[string]bool{"today": true, "tomorrow": true, "after-tomorrow": true}

// readLanguage takes the words of one language; those of [common] stand many to a line.
func (b *builder) readLanguage(tag string, tongue uint64) {
	for name, line := range languages.Lines(tag, "slots.txt") {
		if comingDays[name] && (!textform.IsASCII(line) || len(line) >= minBorrowed) {
			b.addEntry(line, tongue, Harmless)
		}
	}
	rank := 0
	for name, line := range languages.Lines(tag, "words.txt") {
		roles := sections[name]
		rest := strings.Trim(line, "-")
		if rest != line && roles&(Link|Telling|Request|QuestionBehind) != 0 {
			fmt.Fprintln(&b.affixes, tongue, uint32(roles), strings.HasSuffix(line, "-"), textform.Fold(rest))
			continue
		}
		if roles != Common {
			b.addEntry(line, tongue, roles)
			continue
		}
		for word := range strings.FieldsSeq(line) {
			b.addEntry(word, tongue, roles)
			b.rank(word, tongue, rank)
			rank++
		}
	}
}

// rank notes of one of the most frequent words that it is ordinary.
func (b *builder) rank(word string, tongue uint64, rank int) {
	if rank >= maxFrequent || !isAlphabetic(word) {
		return
	}
	folded := textform.Fold(word)
	if utf8.RuneCountInString(word) <= maxOrdinary {
		mark(b.short, folded, tongue)
	}
	if rank < maxEmpty {
		mark(b.empty, folded, tongue)
	}
}

// mark adds a language to those of a word.
func mark(words map[string][]uint64, folded string, tongue uint64) {
	if words[folded] == nil {
		words[folded] = []uint64{0}
	}
	words[folded][0] |= 1 << tongue
}

// isAlphabetic reports whether a word is written in letters for both consonants
// and vowels.
func isAlphabetic(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek)
	}) < 0
}

// addEntry gives an entry a role in a language.
func (b *builder) addEntry(entry string, tongue uint64, roles Role) {
	folded, words, first := b.foldEntry(entry)
	if words == 0 {
		return
	}
	if most := b.firsts[first]; words > 1 && (len(most) == 0 || most[0] < words) {
		b.firsts[first] = []uint64{words}
	}
	set := b.entries[folded]
	at := slices.IndexFunc(set, func(one uint64) bool { return one>>tongueShift == tongue })
	if at < 0 {
		b.entries[folded] = append(set, tongue<<tongueShift|uint64(roles))
		return
	}
	set[at] |= uint64(roles)
}

// foldEntry returns the words of an entry, folded, how many they are, and the first.
func (b *builder) foldEntry(entry string) (folded string, words uint64, first string) {
	if textform.IsPlain(entry) && !strings.ContainsAny(entry, "0123456789") {
		first, _, _ = strings.Cut(entry, " ")
		return entry, uint64(strings.Count(entry, " ")) + 1, first //nolint:gosec // a count
	}
	b.tokens = textform.Tokenise(entry, b.tokens[:0])
	for i := range b.tokens {
		folded += " " + b.tokens[i].Folded
	}
	if len(b.tokens) == 0 {
		return "", 0, ""
	}
	return folded[1:], uint64(len(b.tokens)), b.tokens[0].Folded
}
