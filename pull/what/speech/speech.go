// Package speech tells in which languages a message is written, and what its
// words do beside what is asked for: which ask, link, greet, negate, are merely
// polite, or are ordinary words of the language. It decides nothing by them.
package speech

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

const (
	// Request asks for something, or is nothing but polite.
	Request Role = 1 << iota
	// Glue stands in a request and says nothing alone.
	Glue
	// Article may be missing within a phrase.
	Article
	// Joint links an argument to its phrase.
	Joint
	// Or stands between two things of which one is meant, or nobody knows.
	Or
	// Negation turns a request round.
	Negation
	// Greeting means nothing around a keyword and asks for nothing alone.
	Greeting
	// Signature begins a sign-off.
	Signature
	// Cue ends a clause right before what is asked for.
	Cue
	// Common is an ordinary word.
	Common
	// NegationBehind turns round what stands before it.
	NegationBehind
	// Because begins what is said about a wish, and asks for nothing.
	Because
	// Instead stands between what is not meant and what is.
	Instead
	// Question begins a question: when, where, is there.
	Question
	// QuestionBehind makes a question of its sentence wherever it stands.
	QuestionBehind
	// And stands between two things that are both meant.
	And
	// Harmless stands beside a wish, and neither asks nor tells: days, pronouns, now.
	Harmless
	// Past says that something has happened: was, had, ago.
	Past
	// Auxiliary is a verb in the past that says nothing alone: was, had.
	Auxiliary
	// Opinion judges or generalises: boring, always, I love.
	Opinion
	// Deed has a thing for its object that is not wished for: lost, bought, hate.
	Deed
	// Talk speaks to somebody else, or of one: mum, did you, see you.
	Talk
	// Quote leads to what others wrote or said: wrote, forwarded message.
	Quote
	// Idiom is a saying in which no word means itself: no news is good news.
	Idiom
	// Therefore draws a conclusion from what was told: so, therefore.
	Therefore
	// Thanks gives thanks for what stands behind it, and asks for nothing: thanks for the.
	Thanks
	// ThanksBehind does so for what stands before it.
	ThanksBehind
	// Receipt says that something has come, and asks for nothing where thanks stand behind it:
	// "got the news, thanks".
	Receipt
	// Aspect is what is wanted of a thing, or to be done with it: results, times, to book.
	Aspect

	// Telling are the roles of words that tell something, and ask for nothing.
	Telling = Past | Opinion | Deed | Talk | Quote | Idiom

	// Link are the roles of words between two things.
	Link = And | Or
	// Filler are the roles of words that only ask.
	Filler = Request | Glue | Article | Joint | Link | Greeting | Signature | Cue | Instead | Harmless
	// small are the roles of words within phrases that may be missing.
	small = Article | Link
)

// Role is what a word does in a message, as a set.
type Role = textform.Role

// sections names the sections of the language files.
var sections = map[string]Role{
	"request": Request, "glue": Glue, "article": Article, "joint": Joint, "and": And, "or": Or,
	"negation": Negation, "greeting": Greeting, "signature": Signature, "cue": Cue, "common": Common,
	"negation-behind": NegationBehind, "instead": Instead, "therefore": Therefore, "because": Because,
	"thanks": Greeting | Thanks, "thanks-behind": Greeting | ThanksBehind, "receipt": Receipt, "question": Question, "question-behind": QuestionBehind, "harmless": Harmless, "aspect": Aspect,
	"past": Past, "auxiliary": Past | Auxiliary, "opinion": Opinion, "deed": Deed, "talk": Talk, "quote": Quote, "idiom": Idiom,
}

// speech knows the roles of words and of phrases of several words, in each
// language.
type speech struct {
	// entries maps the folded words of an entry, joined by spaces, to what it does,
	// firsts the first word of an entry to the number of words of the longest one
	// that begins with it.
	entries *hashtable.Frozen[[]said]
	firsts  *hashtable.Frozen[int]
	// short and empty are the languages in which a word is ordinary as a keyword,
	// and tells nothing of what a message is about.
	short, empty *hashtable.Frozen[Tongues]
	tongues      map[string]Tongues
	// affixes are written to words, and stand for "and"; suffixes are those of
	// words that tell something or ask.
	affixes, suffixes []affix
}

// affix is a beginning or an end of words.
type affix struct {
	text   string
	begins bool
	tongue uint8
	roles  Role
}

// said is what an entry does in one language.
type said struct {
	tongue uint8
	roles  Role
}

// tongueShift is where the language stands in the number of what is said, above
// the roles.
const tongueShift = 32

// The names of the tables.
const (
	tableEntries = "speech.entries"
	tableFirsts  = "speech.firsts"
	tableShort   = "speech.short"
	tableEmpty   = "speech.empty"
	tableAffixes = "speech.affixes"
)

// of returns what an entry does in each language that knows it.
func (s *speech) of(folded string) []said {
	if set := s.entries.Find(folded); set != nil {
		return *set
	}
	return nil
}

// longest returns the most words of an entry that begins with a folded word.
func (s *speech) longest(folded string) int {
	if words := s.firsts.Find(folded); words != nil {
		return *words
	}
	return 1
}

// in returns the roles of an entry in some languages.
func (s *speech) in(folded string, t Tongues) (roles Role) {
	for _, e := range s.of(folded) {
		if t.has(e.tongue) {
			roles |= e.roles
		}
	}
	return roles
}

var knownSpeech = sync.OnceValue(func() *speech {
	s := &speech{
		entries: hashtable.Open(languages.Table(tableEntries), openSaid),
		firsts:  hashtable.Open(languages.Table(tableFirsts), func(numbers []uint64) int { return int(numbers[0]) }),
		short:   hashtable.Open(languages.Table(tableShort), func(numbers []uint64) Tongues { return Tongues(numbers[0]) }),
		empty:   hashtable.Open(languages.Table(tableEmpty), func(numbers []uint64) Tongues { return Tongues(numbers[0]) }),
		tongues: map[string]Tongues{},
	}
	for i, tag := range languages.Tags() {
		s.tongues[tag] = 1 << i
	}
	s.readAffixes(languages.Table(tableAffixes))
	return s
})

func openSaid(numbers []uint64) []said {
	set := make([]said, len(numbers))
	for i, n := range numbers {
		set[i] = said{uint8(n >> tongueShift), Role(n)} //nolint:gosec // as they were written
	}
	return set
}

// readAffixes reads a line for each.
func (s *speech) readAffixes(table string) {
	for line := range strings.Lines(table) {
		var a affix
		if _, err := fmt.Sscan(line, &a.tongue, &a.roles, &a.begins, &a.text); err != nil {
			panic(err) // it is part of the program
		}
		if a.roles&Link != 0 {
			s.affixes = append(s.affixes, a)
		} else {
			s.suffixes = append(s.suffixes, a)
		}
	}
}

// ordinary are the roles by which a word is known to be an ordinary one.
const ordinary = Common | Glue | Article | Joint | Link | Negation

// IsCommon reports whether a folded word is an ordinary word of one of some
// languages, or an English one with a usual ending.
func IsCommon(folded string, t Tongues) bool {
	s := knownSpeech()
	if s.in(folded, t)&ordinary != 0 {
		return true
	}
	english := t & s.tongues["en"]
	if english == 0 {
		return false
	}
	for _, ending := range [...]string{"s", "es", "d", "ed", "ing", "ly"} {
		root, ok := strings.CutSuffix(folded, ending)
		if !ok || len(root) < 3 {
			continue
		}
		if s.in(root, english)&Common != 0 || ending == "ing" && s.in(root+"e", english)&Common != 0 {
			return true
		}
	}
	return false
}

// IsKnown reports whether a folded word is one of some languages that is known: an aspect alone
// may be a keyword that is misspelt.
func IsKnown(folded string, t Tongues) bool { return knownSpeech().in(folded, t)&^Aspect != 0 }

// IsFunction reports whether a folded word is one of those that say nothing
// alone, in one of some languages: an article, a pronoun, a preposition.
func IsFunction(folded string, t Tongues) bool {
	return knownSpeech().in(folded, t)&functionRoles != 0
}

// Surrounds reports whether a folded form does nothing in some languages but ask,
// greet or link.
func Surrounds(folded string, t Tongues) bool {
	r := knownSpeech().in(folded, t)
	return r&(Filler) != 0 && r&(Negation|NegationBehind|Instead) == 0
}

// Longest returns the most words of an entry that begins with a folded word.
func Longest(folded string) int { return knownSpeech().longest(folded) }

// IsAsking reports whether a folded form asks for something, or is polite, in
// whatever language.
func IsAsking(folded string) bool {
	return knownSpeech().in(folded, Any)&(Request|Cue) != 0 || IsPolite(folded)
}

// Does reports whether a folded form does something of some roles in whatever language.
func Does(folded string, roles Role) bool { return knownSpeech().in(folded, Any)&roles != 0 }

// Joins reports whether a folded word joins two wishes: one letter does in some languages
// alone, since "a" is and in Czech, and an article elsewhere.
func Joins(folded string, t Tongues) bool {
	if utf8.RuneCountInString(folded) > 1 {
		t = Any
	}
	return knownSpeech().in(folded, t)&And != 0
}

// TurnsRound reports whether a folded form turns a wish round in some languages.
func TurnsRound(folded string, t Tongues) bool {
	return knownSpeech().in(folded, t)&(Negation|NegationBehind) != 0
}

// maxSmall is the most letters of a word that may be missing.
const maxSmall = 6

// IsSmall reports whether a word may be missing within a phrase of whatever
// language.
func IsSmall(folded string) bool {
	return utf8.RuneCountInString(folded) <= maxSmall && slices.ContainsFunc(knownSpeech().of(folded), func(e said) bool {
		return e.roles&small != 0 && e.roles&Negation == 0
	})
}
