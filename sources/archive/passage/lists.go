package passage

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

//go:embed lists
var files embed.FS

// lexicon is what is known of the questions of one language.
type lexicon struct {
	// asked are the phrases that say what kind of answer is wanted.
	asked []questionPhrase
	// stop are the folded words that say nothing in a question.
	stop map[string]bool
	// groups are the numbers of the groups of one meaning that a stem belongs to.
	groups map[string][]int
	// members are the folded words of each group.
	members map[int][]string
	// The folded words by which a text tells a time, how many, how much money, a
	// reason for certain or perhaps, from which moment, the newest, and how far from one. priced are those
	// that ask for money, which those that ask for one of the kind that the next word names.
	time, amounts, months, days, money, priced, paid, charge, because, perhaps, since, latest, ago, which map[string]bool
	// units are the words that a measure is told by: old, years.
	units map[string]map[string]bool
	// becauseStems are the stems of because.
	becauseStems map[string]bool
	// verbs are what verbs begin with that may stand alone, what their participles and infinitives
	// have behind that, and their endings, by section.
	verbs map[string][]string
	// dayWords say which day is meant: 0 today, -1 yesterday.
	dayWords map[string]int
	// rank is how many words of the language are more frequent than one of those that
	// are very frequent.
	rank map[string]int
	// stems are those of all words that the language is known to have.
	stems map[string]bool
	// forms are its words as they were taken apart before.
	forms forms
	// month and weekday count them, from 1 and, with Sunday, from 0.
	month, weekday map[string]int
}

type questionPhrase struct {
	words []string
	kind  kind
}

// kind is what kind of answer a question wants.
type kind string

const (
	when   kind = "when"
	amount kind = "amount"
	person kind = "who"
	place  kind = "where"
	reason kind = "why"
)

var (
	lexicons     = map[string]*lexicon{}
	lexiconsLock sync.Mutex
)

// lexiconOf returns what is known of a language, which is read when it is asked for; of
// one that has no list, its dates alone.
func lexiconOf(language string) *lexicon {
	tag := languages.Base(language)
	lexiconsLock.Lock()
	defer lexiconsLock.Unlock()
	l := lexicons[tag]
	switch {
	case l != nil:
	case !slices.Contains(languages.Tags(), tag):
		l = &lexicon{}
	default:
		l = readLexicon(tag)
		lexicons[tag] = l
	}
	return l
}

// readLexicon reads the lists of a language.
func readLexicon(tag string) *lexicon {
	l := &lexicon{
		stop: map[string]bool{}, groups: map[string][]int{}, members: map[int][]string{}, time: map[string]bool{}, amounts: map[string]bool{},
		months: map[string]bool{}, days: map[string]bool{}, dayWords: map[string]int{}, month: map[string]int{}, weekday: map[string]int{},
		money: map[string]bool{}, priced: map[string]bool{}, paid: map[string]bool{}, charge: map[string]bool{}, because: map[string]bool{}, perhaps: map[string]bool{},
		since: map[string]bool{}, latest: map[string]bool{}, ago: map[string]bool{}, which: map[string]bool{}, rank: map[string]int{}, stems: map[string]bool{}, becauseStems: map[string]bool{}, units: map[string]map[string]bool{},
	}
	l.readDates(tag)
	l.readRanks(tag)
	text, err := files.ReadFile("lists/" + tag + ".txt")
	if err != nil {
		return l
	}
	number := 0
	textform.EachLine(string(text), func(section, line string) {
		switch {
		case l.wordSections()[section] != nil:
			addWords(l.wordSections()[section], line)
		case strings.HasPrefix(section, "verb-"):
			if l.verbs == nil {
				l.verbs = map[string][]string{}
			}
			l.verbs[section] = strings.Fields(line)
		case section == "same":
			left, right, _ := strings.Cut(line, "|")
			l.addSynonyms(tag, left, number)
			l.addSynonyms(tag, right, number+1)
			number += 2
		case section == "unit":
			measured, by, _ := strings.Cut(line, "|")
			units := map[string]bool{}
			addWords(units, by)
			for word := range strings.FieldsSeq(textform.Fold(measured)) {
				l.units[word] = units
			}
		default:
			l.asked = append(l.asked, questionPhrase{strings.Fields(textform.Fold(line)), kind(section)})
		}
	})
	for w := range l.because {
		l.becauseStems[stem.Of(w, tag)] = true
	}
	// The longest phrase decides.
	slices.SortStableFunc(l.asked, func(a, b questionPhrase) int { return len(b.words) - len(a.words) })
	return l
}

// wordSections returns the sets of the sections that list words.
func (l *lexicon) wordSections() map[string]map[string]bool {
	return map[string]map[string]bool{
		"stop": l.stop, "time": l.time, "number": l.amounts, "money": l.money, "priced": l.priced, "paid": l.paid, "charge": l.charge,
		"because": l.because, "perhaps": l.perhaps, "since-word": l.since, "latest": l.latest, "ago": l.ago, "which": l.which,
	}
}

// addWords adds the folded words of a line to a set.
func addWords(set map[string]bool, line string) {
	for word := range strings.FieldsSeq(line) {
		for part := range strings.FieldsSeq(textform.Fold(word)) {
			set[part] = true
		}
	}
}

// addSynonyms adds the words of a line to the group of a number.
func (l *lexicon) addSynonyms(tag, line string, number int) {
	for word := range strings.FieldsSeq(line) {
		folded := textform.Fold(word)
		if l.stop[folded] {
			continue
		}
		l.members[number] = append(l.members[number], folded)
		s := stem.Of(folded, tag)
		if !slices.Contains(l.groups[s], number) {
			l.groups[s] = append(l.groups[s], number)
		}
	}
}

// readDates takes the words of dates and numbers from what is known of every
// language.
func (l *lexicon) readDates(tag string) {
	at := map[string]int{}
	for section, line := range languages.Lines(tag, "slots.txt") {
		at[section]++
		switch section {
		case "months":
			for word := range strings.FieldsSeq(textform.Fold(line)) {
				if l.month[word] == 0 && len(word) > 2 {
					l.month[word] = (at[section]-1)%12 + 1
				}
			}
			addWords(l.months, line)
		case "weekdays":
			addWords(l.days, line)
			for word := range strings.FieldsSeq(textform.Fold(line)) {
				l.weekday[word] = at[section] - 1
			}
		case "today", "yesterday", "before-yesterday", "tomorrow":
			day := map[string]int{"today": 0, "yesterday": -1, "before-yesterday": -2, "tomorrow": 1}[section]
			// What is asked of now need not have been told today: of the words for today
			// the first alone is the day.
			if section != "today" || at[section] == 1 {
				l.dayWords[textform.Fold(line)] = day
			}
		case "days", "weeks":
			addWords(l.time, line)
		case "numbers":
			addWords(l.amounts, line)
		}
	}
}

// Ranks up to which a word says very little, or little.
const (
	veryFrequent = 600
	frequent     = 2000
)

// readRanks takes the most frequent words, with which the ordinary ones begin.
func (l *lexicon) readRanks(tag string) {
	n := 0
	for _, line := range languages.Lines(tag, "words.txt", "common") {
		for word := range strings.FieldsSeq(line) {
			folded := textform.Fold(word)
			l.stems[stem.Of(folded, tag)] = true
			if n++; n <= frequent && l.rank[folded] == 0 {
				l.rank[folded] = n
			}
		}
	}
}

// frequencyWeight returns what a word weighs by how frequent it is in the language.
func (l *lexicon) frequencyWeight(folded string) float64 {
	switch rank := l.rank[folded]; {
	case rank == 0:
		return 1
	case rank < veryFrequent:
		return 0.6
	}
	return 0.8
}

// asksReason reports whether a word asks for a reason, in any of its forms.
func (l *lexicon) asksReason(w word) bool { return l.because[w.folded] || l.becauseStems[w.stem] }

// dayAt returns the day that the words begin with, and of how many words it is.
func (l *lexicon) dayAt(words []word) (day, length int) {
	if len(words) > 1 {
		if day, ok := l.dayWords[words[0].folded+" "+words[1].folded]; ok {
			return day, 2
		}
	}
	if day, ok := l.dayWords[words[0].folded]; ok {
		return day, 1
	}
	return 0, 0
}

// knowsWord reports whether a word, of some stem, is one that the language is known to have.
func (l *lexicon) knowsWord(folded, stem, language string) bool {
	return speech.IsKnown(folded, speech.Of(language)) || l.stems[stem] || len(l.groups[stem]) > 0
}
