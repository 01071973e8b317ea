package moment

import (
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// Part is a part of a day.
type Part struct {
	// From and To are its hours; a night ends behind 24.
	From, To int
	// Today says that it is one of the day on which it is said: tonight.
	Today bool
}

// The hours of the parts.
const (
	morningFrom, noonFrom, afternoonTo, noonTo = 5, 12, 18, 14
	nightFrom, dayEnd                          = 22, 24
)

// EarlyTo is the hour until which a night lasts.
const EarlyTo = morningFrom

// ReadPart reads a phrase that is a part of a day in one of the preferred languages, or in
// English, or in any if it is long; behind says that a day stands before it.
func ReadPart(text string, behind bool, preferred ...string) (Part, bool) {
	const longest = 60
	if len(text) > longest || !mayEndPart(text) {
		return Part{}, false
	}
	phrase, words := phraseOf(text)
	if words == 0 || isShort(phrase) || utf8.RuneCountInString(phrase) == 1 && !textform.BeginsSpaceless(phrase) {
		return Part{}, false // "am", "pm"
	}
	all := lexicons()
	read := func(tag string) role {
		l := all.byTag[languages.Base(tag)]
		if l == nil {
			return 0
		}
		if does := l.ofDay[phrase]; behind && does != 0 {
			return does
		}
		return l.partOf(phrase)
	}
	does := role(0)
	for _, tag := range preferred {
		if does = read(tag); does != 0 {
			break
		}
	}
	if does == 0 {
		does = read("en")
	}
	if does == 0 {
		does = all.parts[phrase]
	}
	return does.hours(), does != 0
}

// CutPart takes the part of a day off the end of a text: the last words, or the end of a word
// with others written to it, as in "samstagabend".
func CutPart(text string, preferred ...string) (rest string, part Part, ok bool) {
	const shortest = 3
	words := strings.Contains(text, " ")
	if !mayEndPart(text) {
		return text, Part{}, false
	}
	for i, r := range text {
		if i < shortest || len(text)-i < shortest || words && r != ' ' {
			continue
		}
		if part, ok = ReadPart(text[i:], true, preferred...); ok {
			return text[:i], part, true
		}
	}
	return text, Part{}, false
}

// Holds reports whether a time of a day lies in the part.
func (p Part) Holds(t time.Time) bool {
	return p.From <= t.Hour() && t.Hour() < p.To || t.Hour()+dayEnd < p.To
}

// partOf returns what a phrase is as a part of the day, with the noon that is a clock elsewhere.
func (l *lexicon) partOf(phrase string) role {
	s := l.phrases[phrase]
	does := s.roles & (amPart | pmPart | nightPart | noonPart | eveningPart)
	if s.roles&named != 0 && s.value[named] == noonFrom*60 {
		does |= noonPart
	}
	if does != 0 {
		does |= s.roles & thisDay
	}
	return does
}

// mayEndPart reports whether the last of several words ends a part of a day in any language.
func mayEndPart(text string) bool {
	last := strings.LastIndexByte(text, ' ')
	if last < 0 {
		return true
	}
	phrase, _ := phraseOf(text[last:])
	return lexicons().ends[phrase[strings.LastIndexByte(phrase, ' ')+1:]]
}

// addParts notes the phrases for parts of the day that are no words of every language, and the
// words that any of them ends with.
func (c *catalogue) addParts(l *lexicon) {
	const shortest = 5
	add := func(phrase string) { c.ends[phrase[strings.LastIndexByte(phrase, ' ')+1:]] = true }
	for phrase := range l.phrases {
		does := l.partOf(phrase)
		if does == 0 {
			continue
		}
		if add(phrase); len(phrase) >= shortest && c.parts[phrase] == 0 {
			c.parts[phrase] = does
		}
	}
	for phrase := range l.ofDay {
		add(phrase)
	}
}

// hours returns the part of the day that a phrase is: a night that is an evening, too, begins as one.
func (does role) hours() Part {
	p := Part{Today: does&thisDay != 0}
	switch {
	case does&noonPart != 0:
		p.From, p.To = noonFrom, noonTo
	case does&(nightPart|eveningPart) == nightPart|eveningPart:
		p.From, p.To = afternoonTo, dayEnd+EarlyTo
	case does&nightPart != 0:
		p.From, p.To = nightFrom, dayEnd+EarlyTo
	case does&eveningPart != 0:
		p.From, p.To = afternoonTo, dayEnd
	case does&pmPart != 0:
		p.From, p.To = noonFrom, afternoonTo
	case does != 0:
		p.From, p.To = morningFrom, noonFrom
	}
	return p
}
