// Package speech tells in which languages a message is written, and what its
// words do beside what is asked for: which ask, link, greet, negate, are merely
// polite, or are ordinary words of the language. It decides nothing by them.
package speech

import (
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

	// Link are the roles of words between two things.
	Link = And | Or
	// Filler are the roles of words that only ask.
	Filler = Request | Glue | Article | Joint | Link | Greeting | Signature | Cue | Instead
	// small are the roles of words within phrases that may be missing.
	small = Article | Link
)

// Role is what a word does in a message, as a set.
type Role = textform.Role

// sections names the sections of the language files.
var sections = map[string]Role{
	"request": Request, "glue": Glue, "article": Article, "joint": Joint, "and": And, "or": Or,
	"negation": Negation, "greeting": Greeting, "signature": Signature, "cue": Cue, "common": Common,
	"negation-behind": NegationBehind, "instead": Instead, "because": Because,
	"question": Question, "question-behind": QuestionBehind,
}

// speech knows the roles of words and of phrases of several words, in each
// language.
type speech struct {
	// entries maps the folded words of an entry, joined by spaces, to its place in
	// sets, firsts the first word of an entry to the number of words of the
	// longest one that begins with it.
	entries, firsts *hashtable.Table
	sets            [][]said
	tongues         map[string]Tongues
	// affixes are written to words, and stand for "and".
	affixes []affix
	// grown finds the set that another becomes with one role more.
	grown map[growth]int32
	// tokens are those of the entry that is being read.
	tokens []textform.Token
}

// affix is a beginning or an end of words.
type affix struct {
	text   string
	begins bool
	tongue uint8
}

// said is what an entry does in one language.
type said struct {
	tongue uint8
	roles  Role
}

type growth struct {
	set int32
	said
}

// of returns what an entry does in each language that knows it.
func (s *speech) of(folded string) []said {
	set, ok := s.entries.Find(s.entries.Hash(wordHash, folded))
	if !ok {
		return nil
	}
	return s.sets[set]
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
	const words, firsts = 1 << 17, 1 << 14
	s := &speech{
		entries: hashtable.New(words), firsts: hashtable.New(firsts),
		sets: [][]said{nil}, tongues: map[string]Tongues{}, grown: map[growth]int32{},
	}
	for i, tag := range languages.Tags() {
		s.tongues[tag] = 1 << i
		s.read(tag, uint8(i))
	}
	s.grown, s.tokens = nil, nil
	s.entries.Fit()
	s.firsts.Fit()
	return s
})

// comingDays are the sections of slots.txt whose words ask, beside a phrase: what
// is wanted of today or tomorrow is no story of the past.
var comingDays = map[string]bool{"today": true, "tomorrow": true, "after-tomorrow": true}

// read takes the words of one language; those of [common] stand many to a line.
func (s *speech) read(tag string, tongue uint8) {
	for name, line := range languages.Lines(tag, "slots.txt") {
		if comingDays[name] && (!textform.IsASCII(line) || len(line) >= minBorrowed) {
			s.add(line, said{tongue, Request})
		}
	}
	for name, line := range languages.Lines(tag, "words.txt") {
		e := said{tongue, sections[name]}
		if rest := strings.Trim(line, "-"); e.roles&Link != 0 && rest != line {
			s.affixes = append(s.affixes, affix{textform.Fold(rest), strings.HasSuffix(line, "-"), tongue})
			continue
		}
		if e.roles != Common {
			s.add(line, e)
			continue
		}
		for word := range strings.FieldsSeq(line) {
			if textform.IsPlain(word) {
				s.give(word, e)
				continue
			}
			s.add(word, e)
		}
	}
}

func (s *speech) add(entry string, e said) {
	if textform.IsPlain(entry) && !strings.ContainsAny(entry, "0123456789") {
		s.give(entry, e)
		if first, rest, more := strings.Cut(entry, " "); more {
			s.begins(first, strings.Count(rest, " ")+2)
		}
		return
	}
	tokens := textform.Tokenise(entry, s.tokens[:0])
	if s.tokens = tokens; len(tokens) == 0 {
		return
	}
	var b strings.Builder
	for i := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(tokens[i].Folded)
	}
	s.give(b.String(), e)
	if len(tokens) > 1 {
		s.begins(tokens[0].Folded, len(tokens))
	}
}

// begins notes that an entry of so many words begins with a folded word.
func (s *speech) begins(folded string, words int) {
	first := s.firsts.Hash(wordHash, folded)
	longest, _ := s.firsts.Find(first)
	s.firsts.Set(first, max(longest, int32(words))) //nolint:gosec // entries are short
}

// give adds to the roles of an entry in its folded form. Equal sets stand once.
func (s *speech) give(folded string, e said) {
	key := s.entries.Hash(wordHash, folded)
	held, _ := s.entries.Find(key)
	grown, ok := s.grown[growth{held, e}]
	if !ok {
		grown = s.grow(held, e)
		s.grown[growth{held, e}] = grown
	}
	s.entries.Set(key, grown)
}

func (s *speech) grow(held int32, e said) int32 {
	set := slices.Clone(s.sets[held])
	at := slices.IndexFunc(set, func(other said) bool { return other.tongue == e.tongue })
	switch {
	case at < 0:
		set = append(set, e)
	case set[at].roles|e.roles == set[at].roles:
		return held
	default:
		set[at].roles |= e.roles
	}
	s.sets = append(s.sets, set)
	return int32(len(s.sets) - 1) //nolint:gosec // far less than two thousand million
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

// IsKnown reports whether a folded word is one of some languages that is known.
func IsKnown(folded string, t Tongues) bool { return knownSpeech().in(folded, t) != 0 }

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
func Longest(folded string) int {
	s := knownSpeech()
	n, ok := s.firsts.Find(s.firsts.Hash(wordHash, folded))
	if !ok {
		return 1
	}
	return int(n)
}

// IsAsking reports whether a folded form asks for something, or is polite, in
// whatever language.
func IsAsking(folded string) bool {
	return knownSpeech().in(folded, Any)&(Request|Cue) != 0 || IsPolite(folded)
}

// Joins reports whether a folded word joins two wishes, in whatever language.
func Joins(folded string) bool { return knownSpeech().in(folded, Any)&And != 0 }

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

// wordHash tells the tables that all their texts are words.
const wordHash = 1
