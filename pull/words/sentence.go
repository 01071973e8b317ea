package words

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// sentence is a text in one language, ready to be filled.
type sentence struct {
	// plain is what is said, or forms where the number decides.
	plain []piece
	forms map[plural.Form][]piece
	// room is about what it takes filled in, in bytes.
	room int
}

// piece is words that stand as they are, or the name of what is filled in.
type piece struct{ words, place string }

// counts are the places whose number chooses the form, the first that is there.
var counts = []string{"n", "number"}

// named begins a place that another sentence of the same language stands in
// for: {@command.menu}.
const named = "@"

var place = regexp.MustCompile(`\{([a-z][a-z0-9_]*|@[a-z][a-z0-9_.]*)\}`)

// parseSentence reads a sentence with its places.
func parseSentence(text string) ([]piece, error) {
	var pieces []piece
	last := 0
	for _, at := range place.FindAllStringSubmatchIndex(text, -1) {
		if at[0] > last {
			pieces = append(pieces, piece{words: text[last:at[0]]})
		}
		pieces = append(pieces, piece{place: text[at[2]:at[3]]})
		last = at[1]
	}
	if last < len(text) {
		pieces = append(pieces, piece{words: text[last:]})
	}
	for _, p := range pieces {
		if strings.ContainsAny(p.words, "{}") {
			return nil, fmt.Errorf("%q has a brace that names no place", text)
		}
	}
	if text == "" {
		return nil, errors.New("it says nothing")
	}
	return pieces, nil
}

// placeholders returns the set of the names that a sentence fills in.
func (s *sentence) placeholders() []string {
	names := map[string]bool{}
	add := func(pieces []piece) {
		for _, p := range pieces {
			if p.place != "" && !strings.HasPrefix(p.place, named) {
				names[p.place] = true
			}
		}
	}
	add(s.plain)
	for _, pieces := range s.forms {
		add(pieces)
	}
	return sortedKeys(names)
}

// linkReferences puts the sentences that are named in this one in their places, and
// returns their keys and those that are not there.
func (s *sentence) linkReferences(known map[string]*sentence) (keys, missing []string) {
	put := func(pieces []piece) []piece {
		var whole []piece
		for _, p := range pieces {
			if key, ok := strings.CutPrefix(p.place, named); ok {
				said := known[key]
				keys = append(keys, key)
				if said == nil || len(said.plain) != 1 || said.plain[0].place != "" {
					missing = append(missing, key)
					continue
				}
				p = said.plain[0]
			}
			if last := len(whole) - 1; last >= 0 && p.place == "" && whole[last].place == "" {
				whole[last].words += p.words
				continue
			}
			whole = append(whole, p)
		}
		return whole
	}
	s.plain = put(s.plain)
	for form, pieces := range s.forms {
		s.forms[form] = put(pieces)
	}
	return keys, missing
}

// piecesFor chooses the form that the number among the arguments takes.
func (s *sentence) piecesFor(tag language.Tag, args Args) []piece {
	if s.forms == nil {
		return s.plain
	}
	for _, name := range counts {
		if value, ok := args[name]; ok {
			if pieces, ok := s.forms[formOf(tag, value)]; ok {
				return pieces
			}
		}
	}
	return s.forms[plural.Other]
}

// formOf returns the plural form that a number takes; what is none takes "other".
func formOf(tag language.Tag, value any) plural.Form {
	text, ok := canonicalNumber(value)
	if !ok {
		return plural.Other
	}
	whole, rest, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	// The rules look at the last digits alone, and tell millions from the rest.
	const tail = 7
	i, scale := 0, 1
	for at := len(whole) - 1; at >= 0 && scale < 1e7; at-- {
		i += int(whole[at]-'0') * scale
		scale *= 10
	}
	if len(whole) > tail && i < 1e6 {
		i += 1e6
	}
	f, t := 0, 0
	rest = rest[:min(len(rest), tail)]
	for _, d := range rest {
		f = f*10 + int(d-'0')
	}
	trimmed := strings.TrimRight(rest, "0")
	for _, d := range trimmed {
		t = t*10 + int(d-'0')
	}
	return plural.Cardinal.MatchPlural(tag, i, len(rest), len(trimmed), f, t)
}

// toLeft reports whether the sentence is written from right to left.
func (s *sentence) toLeft() bool {
	pieces := s.plain
	if s.forms != nil {
		pieces = s.forms[plural.Other]
	}
	for _, p := range pieces {
		if first, ok := textDirection(p.words); ok {
			return first
		}
	}
	return false
}
