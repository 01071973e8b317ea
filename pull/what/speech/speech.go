// Package speech tells what the words of a message do beside what is asked for:
// which ask, link, greet, negate, are merely polite, or are ordinary words of a
// language. It decides nothing by them.
package speech

import (
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

const (
	// Request asks for something, or is nothing but polite.
	Request textform.Role = 1 << iota
	// Glue stands in a request and says nothing alone.
	Glue
	// Article may be missing within a phrase.
	Article
	// Joint links an argument to its phrase.
	Joint
	// Or stands between two things.
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

	// Filler are the roles of words that only ask.
	Filler = Request | Glue | Article | Joint | Or | Greeting | Signature | Cue
	// small are the roles of words within phrases that may be missing.
	small = Article | Or
)

// sections names the sections of the language files.
var sections = map[string]textform.Role{
	"request": Request, "glue": Glue, "article": Article, "joint": Joint, "or": Or,
	"negation": Negation, "greeting": Greeting, "signature": Signature, "cue": Cue, "common": Common,
}

// speech knows the roles of words and of phrases of several words, of every
// language at once: readers mix them, and most messages are too short to tell.
type speech struct {
	// roles maps the folded words of an entry, joined by spaces, to its roles,
	// firsts the first word of an entry to the number of words of the longest
	// one that begins with it.
	roles, firsts *hashtable.Table
}

// of returns the roles of an entry.
func (s *speech) of(folded string) textform.Role {
	value, _ := s.roles.Find(s.roles.Hash(wordHash, folded))
	return textform.Role(value) //nolint:gosec // written as a role
}

var knownSpeech = sync.OnceValue(func() *speech {
	const words, firsts = 1 << 17, 1 << 14
	s := &speech{roles: hashtable.New(words), firsts: hashtable.New(firsts)}
	for _, tag := range languages.Tags() {
		s.read(tag)
	}
	return s
})

// read takes the words of one language; those of [common] stand many to a line.
func (s *speech) read(tag string) {
	for name, line := range languages.Lines(tag, "words.txt") {
		section := sections[name]
		if section != Common {
			s.add(line, section)
			continue
		}
		for word := range strings.FieldsSeq(line) {
			if textform.IsPlain(word) {
				s.give(word, section)
				continue
			}
			s.add(word, section)
		}
	}
}

func (s *speech) add(entry string, r textform.Role) {
	var buf [16]textform.Token
	tokens := textform.Tokenise(entry, buf[:0])
	if len(tokens) == 0 {
		return
	}
	var b strings.Builder
	for i := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(tokens[i].Folded)
	}
	s.give(b.String(), r)
	if len(tokens) > 1 {
		first := s.firsts.Hash(wordHash, tokens[0].Folded)
		longest, _ := s.firsts.Find(first)
		s.firsts.Set(first, max(longest, int32(len(tokens)))) //nolint:gosec // entries are short
	}
}

// give adds to the roles of an entry in its folded form.
func (s *speech) give(folded string, r textform.Role) {
	key := s.roles.Hash(wordHash, folded)
	held, _ := s.roles.Find(key)
	s.roles.Set(key, held|int32(r))
}

// Mark tells of each token what it does, in whatever language.
func Mark(tokens []textform.Token) { knownSpeech().mark(tokens) }

// mark tells each token what it does, alone and as part of a longer entry.
func (s *speech) mark(tokens []textform.Token) {
	var buf [96]byte
	for i := range tokens {
		longest, ok := s.firsts.Find(s.firsts.Hash(wordHash, tokens[i].Folded))
		if !ok {
			longest = 1
		}
		key := buf[:0]
		for n := range min(int(longest), len(tokens)-i) {
			if n > 0 {
				key = append(key, ' ')
			}
			key = append(key, tokens[i+n].Folded...)
			if r := s.of(string(key)); r != 0 && !tornAt(tokens, i) && !tornAt(tokens, i+n+1) {
				s.play(tokens[i:i+n+1], r)
			}
		}
	}
}

// tornAt reports whether a word of katakana goes on across the beginning of a
// token.
func tornAt(tokens []textform.Token, i int) bool {
	return i > 0 && i < len(tokens) && tokens[i].Glued && textform.IsKatakana(tokens[i].Normal) && textform.IsKatakana(tokens[i-1].Normal)
}

func (s *speech) play(tokens []textform.Token, r textform.Role) {
	if len(tokens) > 1 {
		// What is ordinary as a whole need not be so word by word.
		r &^= Common
	}
	if tokens[0].Spaceless && len(tokens) == 1 {
		// One sign of a script without spaces is no word.
		r &^= Common
	}
	for i := range tokens {
		tokens[i].Roles |= r
		if len(tokens) > 1 && r&Negation == 0 && !tokens[i].Spaceless {
			tokens[i].Roles &^= Negation
			tokens[i].Carried = true
		}
	}
	if r&Signature != 0 {
		tokens[0].Signs = true
	}
}

// ordinary are the roles by which a word is known to be an ordinary one.
const ordinary = Common | Glue | Article | Joint | Or | Negation

// IsCommon reports whether a folded word is an ordinary word of some language,
// or an English one with a usual ending.
func IsCommon(folded string) bool {
	s := knownSpeech()
	if s.of(folded)&ordinary != 0 {
		return true
	}
	for _, ending := range [...]string{"s", "es", "d", "ed", "ing", "ly"} {
		root, ok := strings.CutSuffix(folded, ending)
		if !ok || len(root) < 3 {
			continue
		}
		if s.of(root)&Common != 0 || ending == "ing" && s.of(root+"e")&Common != 0 {
			return true
		}
	}
	return false
}

// IsSmall reports whether a word may be missing within a phrase.
func IsSmall(folded string) bool {
	r := knownSpeech().of(folded)
	return r&small != 0 && r&Negation == 0 && utf8.RuneCountInString(folded) <= 6
}

// wordHash tells the tables that all their texts are words.
const wordHash = 1
