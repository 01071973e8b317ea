package moment

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// role is what a phrase does in a moment, as a set.
type role uint32

const (
	atWord role = 1 << iota
	hourWord
	minuteUnit
	hourUnit
	waiting
	amPart
	pmPart
	nightPart
	named
	beforeHour
	behindHour
	numeral
	lasting
	each
	recurs
	repeated
	filler
	remindLink
	remindThis
	dayName
	noonPart
	eveningPart
	thisDay
)

// sectionRoles are the sections of moments.txt, and what their phrases do.
var sectionRoles = map[string]role{
	"at": atWord, "hour": hourWord, "minutes": minuteUnit | repeated, "hours": hourUnit | repeated, "wait": waiting,
	"am": amPart | repeated, "pm": pmPart | repeated, "night": nightPart | repeated, "noon": pmPart | noonPart | repeated, "evening": pmPart | eveningPart | repeated, "this-day": thisDay,
	"clocks": named, "before-hour": beforeHour, "behind-hour": behindHour,
	"hour-names": numeral, "counts": numeral, "waits": lasting, "each": each, "recurring": recurs, "filler": filler, "remind-links": remindLink, "remind-this": remindThis,
}

// slotRoles are the sections of slots.txt that are read here, too.
var slotRoles = map[string]role{"in": waiting, "filler": filler, "today": dayName, "tomorrow": dayName, "after-tomorrow": dayName, "weekdays": repeated, "days": repeated, "weeks": repeated, "numbers": numeral}

// sense is what a phrase means: a number of minutes, an hour, or a count, where it has one.
type sense struct {
	roles role
	value map[role]int
}

// frame is what stands before and behind what is to be sent, of which somebody is to be
// reminded, or about whose changes they want to hear.
type frame struct {
	before, behind []string
	asks           wish
}

// wish is what the words around a message ask for.
type wish int

const (
	noWish wish = iota
	sending
	reminding
	// watching is to be told whenever something happens, at no time that can be named.
	watching
)

// wishSections are the sections of moments.txt that hold frames.
var wishSections = map[string]wish{"send": sending, "remind": reminding, "whenever": watching}

// lexicon holds the words of one language.
type lexicon struct {
	tag     string
	bit     uint64
	phrases map[string]sense
	// ofDay are words that are a part of a day only behind one: "samstag morgen".
	ofDay   map[string]role
	longest int
	frames  []frame
}

// anyLanguage is the bit of a clock in figures, which all languages write.
const anyLanguage uint64 = 1 << 63

// catalogue holds all languages, and the words that tell in which a message may name a moment.
type catalogue struct {
	byTag map[string]*lexicon
	tags  []string
	clues map[string]clue
	// parts are the phrases for a part of the day that are understood of whoever reads in
	// another language.
	parts map[string]role
	// ends are the words that phrases for a part of the day end with.
	ends map[string]bool
}

// clue says of a word in which languages a message with it may name a moment, and which it is
// written in if it does: those in which the word is not short.
type clue struct{ wanted, own uint64 }

var lexicons = sync.OnceValue(func() *catalogue {
	c := &catalogue{byTag: map[string]*lexicon{}, clues: map[string]clue{}, parts: map[string]role{}, ends: map[string]bool{}}
	for _, tag := range languages.Tags() {
		l := &lexicon{tag: tag, bit: 1 << (len(c.tags) % 63), phrases: map[string]sense{}, ofDay: map[string]role{}}
		for section, line := range languages.Lines(tag, "moments.txt") {
			l.addLine(section, line)
		}
		if len(l.phrases) == 0 {
			continue
		}
		l.addSlots()
		c.byTag[tag], c.tags = l, append(c.tags, tag)
		l.addClues(c.clues)
		c.addParts(l)
	}
	return c
})

// addLine takes a line of moments.txt in.
func (l *lexicon) addLine(section, line string) {
	if asks := wishSections[section]; asks != noWish {
		before, behind, _ := strings.Cut(line, "...")
		f := frame{asks: asks}
		front, _ := phraseOf(before)
		back, _ := phraseOf(behind)
		f.before, f.behind = strings.Fields(front), strings.Fields(back)
		l.frames = append(l.frames, f)
		return
	}
	value := 0
	switch section {
	case "of-day":
		part, word, _ := strings.Cut(line, " ")
		phrase, _ := phraseOf(word)
		l.ofDay[phrase] = sectionRoles[part]
		return
	case "clocks", "before-hour", "behind-hour", "counts", "waits", "hour-names":
		number, rest, _ := strings.Cut(line, " ")
		hours, minutes, isClock := strings.Cut(number, ":")
		value, _ = strconv.Atoi(hours)
		if m, err := strconv.Atoi(minutes); isClock && err == nil {
			value = value*60 + m
		}
		line = rest
	}
	l.addPhrase(line, sectionRoles[section], value)
}

// addSlots takes the words of dates and numbers in.
func (l *lexicon) addSlots() {
	number := 0
	for section, line := range languages.Lines(l.tag, "slots.txt") {
		does, ok := slotRoles[section]
		if !ok {
			continue
		}
		if section == "numbers" {
			number++
		}
		for name := range strings.FieldsSeq(line) {
			l.addPhrase(name, does, number)
		}
	}
}

func (l *lexicon) addPhrase(line string, does role, value int) {
	for _, form := range textform.Folds(line) {
		phrase, words := phraseOf(form)
		if phrase == "" || does == 0 {
			continue
		}
		s := l.phrases[phrase]
		if does == waiting && s.roles&(amPart|pmPart|nightPart) != 0 {
			continue // without its accents, the "coming" of a slot is the "evening" of a clock
		}
		s.roles |= does
		if does&(named|beforeHour|behindHour|numeral|lasting) != 0 {
			if s.value == nil {
				s.value = map[role]int{}
			}
			if _, taken := s.value[does]; !taken {
				s.value[does] = value
			}
		}
		l.phrases[phrase] = s
		l.longest = max(l.longest, words)
	}
}

// cluing are the roles without which a message names no moment.
const cluing = atWord | hourWord | minuteUnit | hourUnit | amPart | pmPart | nightPart | named | beforeHour | behindHour | lasting | each | recurs

// addClues notes the first words of what a moment cannot do without, and of what makes a day of
// one.
func (l *lexicon) addClues(clues map[string]clue) {
	add := func(phrase string, wanted bool) {
		word, _, _ := strings.Cut(phrase, " ")
		c := clues[word]
		if wanted {
			c.wanted |= l.bit
		}
		if !isShort(word) {
			c.own |= l.bit
		}
		clues[word] = c
	}
	for phrase, s := range l.phrases {
		if s.roles&(cluing|repeated|dayName) != 0 {
			add(phrase, s.roles&cluing != 0)
		}
	}
	for _, f := range l.frames {
		if f.asks != sending {
			add(slices.Concat(f.before, f.behind)[0], true)
		}
	}
}

// lookForClues returns the languages in which a message may name a moment, and of which it has words
// that are not short.
func lookForClues(items []item) (all clue) {
	for i := range items {
		k := &items[i]
		if k.digits == 0 {
			c := lexicons().clues[k.word]
			all.wanted |= c.wanted
			all.own |= c.own
		} else if i > 0 && isPair(items[i-1], k) {
			all.wanted |= anyLanguage
		}
	}
	return all
}

// at returns what the longest phrase at a place that has one of some roles means, and
// of how many items it is; 0 if there is none. Readers of another language do not mean
// its short words.
func (r *reading) at(p, end int, does role) (sense, int) {
	var room [64]byte
	key := room[:0]
	var best sense
	length := 0
	for n := 0; n < r.lexicon.longest && p+n < end && r.items[p+n].digits == 0 && !r.items[p+n].katakana; n++ {
		if n > 0 {
			key = append(key, ' ')
		}
		key = append(key, r.items[p+n].word...)
		if s, ok := r.lexicon.phrases[string(key)]; ok && s.roles&does != 0 && (r.own || !isShort(string(key))) {
			best, length = s, n+1
		}
	}
	return best, length
}

func (r *reading) longest(p, end int, does role) int {
	_, n := r.at(p, end, does)
	return n
}

// isShort reports whether a phrase is so short that it is a word of many languages.
func isShort(phrase string) bool {
	return textform.IsASCII(phrase) && utf8.RuneCountInString(phrase) <= 3
}
