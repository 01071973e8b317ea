package recipe

import (
	"embed"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
	"keypull/sources/fulltext"
)

// vocabularyFiles are the words of what readers ask a source of recipes for: a file for
// each language, and one of words that are of none. A line of a section has phrases
// with commas between them; a * stands for the rest of a word, {n} for a number.
//
//	[asks]     asks for what is made with what follows, or stands before
//	[made]     asks of a dish that is named how it is made, or of what, [measures] how
//	           much of something is in it, [energy] what it nourishes
//	[idle]     only asks          [dish]    is what people cook
//	[main]     asks for a dish, or for the main one, where nothing else is named
//	[meal]     says when something is eaten, which no recipe has to say of itself
//	[without]  leaves out what follows, [behind] what stands before it, and
//	[endings]  the word that they end; [between] may stand between the two
//	[with]     ends that, [and] goes on with it
//	[servings] [minutes] [quick]  for how many, and how long it may take
//	[vegan] and the like are what a recipe says of itself
//	[food egg] an ingredient: by its names; + counts as it, ? may hold it,
//	           ~ does in a list alone, - is none, ! says that there is none, = another food belongs to it
//	[dish pie] the same of what a recipe makes, by its title
//
//go:embed kitchen
var vocabularyFiles embed.FS

// phrases finds phrases among words.
type phrases struct {
	first   map[string][][]pattern
	starred [][]pattern
	// joined are those of scripts without spaces, which stand within words.
	joined []string
}

// pattern is a word of a phrase: front and back say that more may stand before and
// behind it, form that it may have another ending.
type pattern struct {
	stem              string
	front, back, form bool
}

// maxEnding is how many letters longer another form of a name is at most.
const maxEnding = 2

func (p pattern) matchesWord(word string) bool {
	switch {
	case p.front && p.back:
		return strings.Contains(word, p.stem)
	case p.front:
		return strings.HasSuffix(word, p.stem)
	case p.form:
		return strings.HasPrefix(word, p.stem) && utf8.RuneCountInString(word[len(p.stem):]) <= maxEnding
	case p.back:
		return strings.HasPrefix(word, p.stem)
	}
	return word == p.stem
}

// addPhrase adds a phrase; where it is a name, its * stands for an ending.
func (p *phrases) addPhrase(phrase string, name bool) {
	var all []pattern
	for field := range strings.FieldsSeq(phrase) {
		words := fulltext.Words(strings.Trim(field, "*"))
		for i, word := range words {
			back := i == len(words)-1 && strings.HasSuffix(field, "*")
			all = append(all, pattern{stem: word, front: i == 0 && field[0] == '*', back: back, form: back && name})
		}
	}
	if len(all) == 0 {
		return
	}
	r, _ := utf8.DecodeRuneInString(all[0].stem)
	switch {
	case textform.IsSpaceless(r):
		var b strings.Builder
		for _, word := range all {
			b.WriteString(word.stem)
		}
		p.joined = append(p.joined, b.String())
	case all[0].front || all[0].back:
		p.starred = append(p.starred, all)
	default:
		if p.first == nil {
			p.first = map[string][][]pattern{}
		}
		p.first[all[0].stem] = append(p.first[all[0].stem], all)
	}
}

// lengthAt returns how many words the longest phrase takes that stands at a place.
func (p *phrases) lengthAt(words []string, i int) int {
	if p == nil {
		return 0
	}
	n := 0
	for _, all := range [...][][]pattern{p.first[words[i]], p.starred} {
		for _, phrase := range all {
			if len(phrase) > n && i+len(phrase) <= len(words) && slices.EqualFunc(phrase, words[i:i+len(phrase)], pattern.matchesWord) {
				n = len(phrase)
			}
		}
	}
	if n == 0 && slices.Contains(p.joined, words[i]) {
		n = 1
	}
	return n
}

// food is an ingredient as readers leave it out: one section of a table by sign.
type food map[string]*phrases

// table is the words of one language.
type table struct {
	sections         map[string]*phrases
	servings, within []*regexp.Regexp
	// numbers are the words one to twelve, in figures.
	numbers map[string]string
	foods   map[string]food
	// says is the first phrase of a section as it is written.
	says map[string]string
	// marks are the phrases of marking.
	marks phrases
	// known are all words of scripts without spaces, the longest first.
	known []string
}

// madeMark begins the names of the foods that are what a recipe makes.
const madeMark = "dish "

// Signs of the lines of a food; a line without one has its names.
const (
	signName  = ""
	signHolds = "+"
	signLists = "~"
	signMay   = "?"
	signNot   = "-"
	signFree  = "!"
	signOther = "="
)

// marking are the sections without whose words, an ending or a number nothing is
// wished for.
var marking = []string{"asks", "made", "measures", "energy", "without", "behind", "quick", "vegan", "vegetarian", "gluten free", "low lactose"}

// tables are those of all languages by their tags, and that of none by "".
var tables = sync.OnceValue(func() map[string]*table {
	all := map[string]*table{}
	files, err := vocabularyFiles.ReadDir("kitchen")
	if err != nil {
		panic(err) // it is embedded
	}
	for _, f := range files {
		text, err := vocabularyFiles.ReadFile("kitchen/" + f.Name())
		if err != nil {
			panic(err) // it is embedded
		}
		tag := strings.TrimSuffix(strings.TrimSuffix(f.Name(), path.Ext(f.Name())), "any")
		all[tag] = readTable(string(text))
		all[tag].numbers = numberWords(tag)
	}
	return all
})

// numberWords returns the words one to twelve of a language, folded, in figures.
func numberWords(tag string) map[string]string {
	all, n := map[string]string{}, 0
	for _, line := range languages.Lines(tag, "slots.txt", "numbers") {
		n++
		for word := range strings.FieldsSeq(line) {
			all[textform.Fold(word)] = strconv.Itoa(n)
		}
	}
	return all
}

func readTable(text string) *table {
	t := &table{sections: map[string]*phrases{}, foods: map[string]food{}, says: map[string]string{}}
	textform.EachLine(text, func(section, line string) {
		switch section {
		case "servings":
			t.servings = append(t.servings, numberPatterns(line)...)
		case "minutes":
			t.within = append(t.within, numberPatterns(line)...)
		default:
			t.readLine(section, line)
		}
	})
	slices.SortStableFunc(t.known, func(a, b string) int { return len(b) - len(a) })
	return t
}

// readLine adds the phrases of a line to its section.
func (t *table) readLine(section, line string) {
	into := t.sections
	if name, ok := strings.CutPrefix(section, "food "); ok || strings.HasPrefix(section, madeMark) {
		if t.foods[name] == nil {
			t.foods[name] = food{}
		}
		into, section = t.foods[name], signName
		if strings.ContainsAny(line[:1], signHolds+signLists+signMay+signNot+signFree+signOther) {
			section, line = line[:1], line[1:]
		}
	}
	p := t.sectionIn(into, section)
	for phrase := range strings.SplitSeq(line, ",") {
		if phrase = strings.TrimSpace(phrase); t.says[section] == "" {
			t.says[section] = phrase
		}
		name := section == signName && strings.HasSuffix(phrase, "*")
		if name {
			t.sectionIn(into, signHolds).addPhrase(phrase, false)
		}
		if p.addPhrase(phrase, name); section == signFree || slices.Contains(marking, section) {
			t.marks.addPhrase(phrase, false)
		}
	}
	t.known = append(t.known, p.joined...)
}

// sectionIn returns the phrases of a section, which is made where it is missing.
func (*table) sectionIn(sections map[string]*phrases, name string) *phrases {
	if sections[name] == nil {
		sections[name] = &phrases{}
	}
	return sections[name]
}

// numberPatterns returns what finds the phrases of a line with a number in them.
func numberPatterns(line string) (all []*regexp.Regexp) {
	part := func(s string) string { return strings.ReplaceAll(regexp.QuoteMeta(s), " ", `\s+`) }
	for phrase := range strings.SplitSeq(line, ",") {
		before, after, _ := strings.Cut(strings.TrimSpace(phrase), "{n}")
		head, tail := `(?:^|\s)`, `(?:[\s,.!?]|$)`
		if before == "" && after != "" && !strings.HasPrefix(after, " ") {
			head, tail = `(?:^|[^0-9])`, ``
		}
		all = append(all, regexp.MustCompile(`(?i)`+head+`(`+part(before)+`([0-9]{1,3})`+part(after)+`)`+tail))
	}
	return all
}

// vocabulary is the tables of some languages.
type vocabulary []*table

// vocabularyOf returns the tables of some languages: those of all where none is known.
func vocabularyOf(tags ...string) vocabulary {
	k := vocabulary{tables()[""]}
	var done []string
	for _, tag := range tags {
		if base := languages.Base(tag); base != "" && tables()[base] != nil && !slices.Contains(done, base) {
			done, k = append(done, base), append(k, tables()[base])
		}
	}
	if len(done) > 0 {
		return k
	}
	for tag, t := range tables() {
		if tag != "" {
			k = append(k, t)
		}
	}
	return k
}

// sectionAt returns how many words a phrase of a section takes at a place.
func (k vocabulary) sectionAt(section string, words []string, i int) (n int) {
	for _, t := range k {
		n = max(n, t.sections[section].lengthAt(words, i))
	}
	return n
}

// isSection reports whether some words are phrases of a section, and nothing else.
func (k vocabulary) isSection(section string, words []string) bool {
	for i := 0; i < len(words); {
		n := k.sectionAt(section, words, i)
		if n == 0 {
			return false
		}
		i += n
	}
	return len(words) > 0
}

// namesSection reports whether a phrase of a section stands among some words.
func (k vocabulary) namesSection(section string, words []string) bool {
	for i := range words {
		if k.sectionAt(section, words, i) > 0 {
			return true
		}
	}
	return false
}

// foodAt returns the foods that are named at a place by one of some signs, and how many
// words that takes.
func (k vocabulary) foodAt(words []string, i int, signs ...string) (names []string, n int) {
	for _, t := range k {
		for name, f := range t.foods {
			for _, sign := range signs {
				switch m := f[sign].lengthAt(words, i); {
				case m > n:
					names, n = []string{name}, m
				case m == n && n > 0 && !slices.Contains(names, name):
					names = append(names, name)
				}
			}
		}
	}
	return names, n
}

// isFood reports whether a word, or the words of a name, are an ingredient, or what people
// cook.
func (k vocabulary) isFood(name string) bool {
	words := strings.Fields(name)
	_, n := k.foodAt(words, 0, signName, signHolds, signLists, signMay, signFree)
	return n == len(words) || k.sectionAt("dish", words, 0) == len(words)
}

// stemBeforeEnding returns what a word says that there is none of by its end: egg of eggless.
func (k vocabulary) stemBeforeEnding(word string) string {
	for _, t := range k {
		p := t.sections["endings"]
		if p == nil {
			continue
		}
		for ending := range p.first {
			if stem, ok := strings.CutSuffix(word, ending); ok && stem != "" && k.isFood(stem) {
				return stem
			}
		}
	}
	return ""
}

func (k vocabulary) mayBeWish(words []string) bool {
	for i, word := range words {
		if strings.ContainsAny(word, "0123456789") || k.stemBeforeEnding(word) != "" {
			return true
		}
		for _, t := range k {
			if n := t.numbers[word]; n != "" && n != oneFigure || t.marks.lengthAt(words, i) > 0 || slices.ContainsFunc(t.marks.joined, func(s string) bool { return strings.Contains(word, s) }) {
				return true
			}
		}
	}
	return false
}

// cutWords returns the words of a text; where letters of a script without spaces leave
// something out, those are cut where it does.
func (k vocabulary) cutWords(text string) (all []string) {
	words := wordsOf(text)
	leaves := false
	for _, word := range words {
		if !textform.BeginsSpaceless(word) {
			all = append(all, word)
			continue
		}
		parts := k.cutKnown(word)
		for i := range parts {
			leaves = leaves || k.sectionAt("without", parts, i) > 0 || k.sectionAt("behind", parts, i) > 0
		}
		all = append(all, parts...)
	}
	if leaves {
		return all
	}
	all = nil
	for _, word := range words {
		if textform.BeginsSpaceless(word) {
			all = append(all, k.cutIdle(word)...)
		} else {
			all = append(all, word)
		}
	}
	return all
}

// longSound makes the vowel before it longer, within a word of kana.
const longSound = "ー"

// wordsOf returns the words of a text; one of kana is not cut where a vowel is long.
func wordsOf(text string) (all []string) {
	long := false
	for _, word := range fulltext.Words(text) {
		kana := textform.BeginsSpaceless(word)
		if last := len(all) - 1; last >= 0 && (long && kana || word == longSound) {
			all[last] += word
		} else {
			all = append(all, word)
		}
		long = word == longSound
	}
	return all
}

// cutKnown cuts a word of a script without spaces into those of the tables and what
// stands between them.
func (k vocabulary) cutKnown(word string) (all []string) {
	rest := ""
	end := func() {
		if rest = strings.Trim(rest, textform.Fold(particles)); rest != "" {
			all = append(all, rest)
		}
		rest = ""
	}
	for word != "" {
		found := ""
		for _, t := range k {
			for _, known := range t.known {
				if len(known) > len(found) && strings.HasPrefix(word, known) {
					found = known
				}
			}
		}
		r, size := utf8.DecodeRuneInString(word)
		particle := strings.ContainsRune(textform.Fold(particles), r)
		if found == "" || particle && rest != "" && len(found) == size {
			rest += word[:size]
			word = word[size:]
			continue
		}
		end()
		all, word = append(all, found), word[len(found):]
	}
	end()
	return all
}

// particles are written to the words that they follow, in scripts without
// spaces.
const particles = "のをでにとがはも的を了"

// cutIdle cuts what only asks out of a word of a script without spaces.
func (k vocabulary) cutIdle(word string) (all []string) {
	for _, t := range k {
		for _, section := range append([]string{"idle"}, askingOfDish...) {
			if p := t.sections[section]; p != nil {
				for _, idle := range p.joined {
					if utf8.RuneCountInString(idle) > 1 {
						word = strings.ReplaceAll(word, idle, " ")
					}
				}
			}
		}
	}
	for part := range strings.FieldsSeq(word) {
		if part = strings.Trim(part, textform.Fold(particles)); part != "" {
			all = append(all, part)
		}
	}
	return all
}
