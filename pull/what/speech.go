package what

import (
	"embed"
	"io/fs"
	"strings"
	"sync"
	"unicode/utf8"
)

// languageFiles holds what is known of each language, a file for each: the
// names of sections in brackets, which are those of the roles below, and under
// each its words and phrases, one a line; the words of [common] stand many to a
// line, the frequent ones first. Lines that begin with # say why.
//
//go:embed languages/*.txt
var languageFiles embed.FS

// role is what a word does in a message beside the keyword, as a set.
type role uint16

const (
	// roleRequest asks for something, or is nothing but polite.
	roleRequest role = 1 << iota
	// roleGlue stands in a request and says nothing alone.
	roleGlue
	// roleArticle may be missing within a phrase.
	roleArticle
	// roleJoint links an argument to its phrase.
	roleJoint
	// roleOr stands between two things.
	roleOr
	// roleNegation turns a request round.
	roleNegation
	// roleGreeting means nothing around a keyword and asks for nothing alone.
	roleGreeting
	// roleSignature begins a sign-off.
	roleSignature
	// roleCue ends a clause right before what is asked for.
	roleCue
	// roleCommon is an ordinary word.
	roleCommon

	// roleFiller are the roles of words that only ask.
	roleFiller = roleRequest | roleGlue | roleArticle | roleJoint | roleOr | roleGreeting | roleSignature | roleCue
	// roleSmall are the roles of words within phrases that may be missing.
	roleSmall = roleArticle | roleOr
)

// sections names the sections of the language files.
var sections = map[string]role{
	"request": roleRequest, "glue": roleGlue, "article": roleArticle, "joint": roleJoint, "or": roleOr,
	"negation": roleNegation, "greeting": roleGreeting, "signature": roleSignature, "cue": roleCue, "common": roleCommon,
}

// speech knows the roles of words and of phrases of several words, of every
// language at once: readers mix them, and most messages are too short to tell.
type speech struct {
	// roles maps the folded words of an entry, joined by spaces, to its roles,
	// firsts the first word of an entry to the number of words of the longest
	// one that begins with it.
	roles, firsts *table
}

// of returns the roles of an entry.
func (s *speech) of(folded string) role {
	value, _ := s.roles.find(s.roles.hash(byWord, folded))
	return role(value) //nolint:gosec // written as a role
}

var knownSpeech = sync.OnceValue(func() *speech {
	const words, firsts = 1 << 17, 1 << 14
	s := &speech{roles: newTable(words), firsts: newTable(firsts)}
	files, err := fs.ReadDir(languageFiles, "languages")
	if err != nil {
		return s // it is embedded, so it is there
	}
	for _, file := range files {
		text, err := languageFiles.ReadFile("languages/" + file.Name())
		if err == nil {
			s.read(string(text))
		}
	}
	return s
})

func (s *speech) read(text string) {
	section := role(0)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = sections[strings.Trim(line, "[] ")]
		case section == roleCommon:
			for word := range strings.FieldsSeq(line) {
				if isPlain(word) {
					s.give(word, section)
					continue
				}
				s.add(word, section)
			}
		default:
			s.add(line, section)
		}
	}
}

func (s *speech) add(entry string, r role) {
	var buf [16]token
	tokens := tokenise(entry, buf[:0])
	if len(tokens) == 0 {
		return
	}
	var b strings.Builder
	for i := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(tokens[i].folded)
	}
	s.give(b.String(), r)
	if len(tokens) > 1 {
		first := s.firsts.hash(byWord, tokens[0].folded)
		longest, _ := s.firsts.find(first)
		s.firsts.set(first, max(longest, int32(len(tokens)))) //nolint:gosec // entries are short
	}
}

// give adds to the roles of an entry in its folded form.
func (s *speech) give(folded string, r role) {
	key := s.roles.hash(byWord, folded)
	held, _ := s.roles.find(key)
	s.roles.set(key, held|int32(r))
}

// mark tells each token what it does, alone and as part of a longer entry.
func (s *speech) mark(tokens []token) {
	var buf [96]byte
	for i := range tokens {
		longest, ok := s.firsts.find(s.firsts.hash(byWord, tokens[i].folded))
		if !ok {
			longest = 1
		}
		key := buf[:0]
		for n := range min(int(longest), len(tokens)-i) {
			if n > 0 {
				key = append(key, ' ')
			}
			key = append(key, tokens[i+n].folded...)
			if r := s.of(string(key)); r != 0 && !tornAt(tokens, i) && !tornAt(tokens, i+n+1) {
				s.play(tokens[i:i+n+1], r)
			}
		}
	}
}

// tornAt reports whether a word of katakana goes on across the beginning of a
// token.
func tornAt(tokens []token, i int) bool {
	return i > 0 && i < len(tokens) && tokens[i].glued && isKatakana(tokens[i].normal) && isKatakana(tokens[i-1].normal)
}

func (s *speech) play(tokens []token, r role) {
	if len(tokens) > 1 {
		// What is ordinary as a whole need not be so word by word.
		r &^= roleCommon
	}
	if tokens[0].spaceless && len(tokens) == 1 {
		// One sign of a script without spaces is no word.
		r &^= roleCommon
	}
	for i := range tokens {
		tokens[i].roles |= r
		if len(tokens) > 1 && r&roleNegation == 0 && !tokens[i].spaceless {
			tokens[i].roles &^= roleNegation
			tokens[i].carried = true
		}
	}
	if r&roleSignature != 0 {
		tokens[0].signs = true
	}
}

// ordinary are the roles by which a word is known to be an ordinary one.
const ordinary = roleCommon | roleGlue | roleArticle | roleJoint | roleOr | roleNegation

// isCommon reports whether a folded word is an ordinary word of some language,
// or an English one with a usual ending.
func isCommon(folded string) bool {
	s := knownSpeech()
	if s.of(folded)&ordinary != 0 {
		return true
	}
	for _, ending := range [...]string{"s", "es", "d", "ed", "ing", "ly"} {
		root, ok := strings.CutSuffix(folded, ending)
		if !ok || len(root) < 3 {
			continue
		}
		if s.of(root)&roleCommon != 0 || ending == "ing" && s.of(root+"e")&roleCommon != 0 {
			return true
		}
	}
	return false
}

// isSmall reports whether a word may be missing within a phrase.
func isSmall(folded string) bool {
	r := knownSpeech().of(folded)
	return r&roleSmall != 0 && r&roleNegation == 0 && utf8.RuneCountInString(folded) <= 6
}
