package instruction

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

// File is the name of the file with the wordings of a language.
const File = "instructions.txt"

// Compile returns the tables of what instructions are worded by, by their names.
func Compile() (map[string][]byte, error) {
	var lines, fillers, last []string
	for _, tag := range languages.Tags() {
		for section, line := range languages.Lines(tag, File) {
			switch section {
			case sectionThis:
				last = append(last, tag+" "+textform.Normal(line))
				continue
			case sectionFiller:
				fillers = append(fillers, tag+" "+textform.Normal(line))
				continue
			}
			w, err := wordingOf(section, tag, line)
			if err != nil {
				return nil, err
			}
			lines = append(lines, w.line())
		}
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	anchors := map[string][]uint64{}
	for i, line := range lines {
		w := parse(line)
		first := w.parts[0]
		if isGap(first) {
			first = w.parts[1]
		}
		anchors[first] = append(anchors[first], uint64(i))
	}
	table, err := hashtable.Freeze(anchors)
	if err != nil {
		return nil, fmt.Errorf("freeze %s: %w", tableAnchors, err)
	}
	tables, err := compileGuesses()
	if err != nil {
		return nil, err
	}
	tables[tableWordings], tables[tableAnchors] = []byte(strings.Join(lines, "\n")), table
	tables[tableFillers], tables[tableThis] = []byte(strings.Join(fillers, "\n")), []byte(strings.Join(last, "\n"))
	return tables, nil
}

// sectionThis holds what a language says of the last answer: this, that one. sectionFiller
// holds words that may stand anywhere in an instruction, and add nothing to it.
const (
	sectionThis   = "this"
	sectionFiller = "filler"
)

// wordingOf reads a line of the file: words, and gaps in angle brackets.
func wordingOf(section, tag, line string) (wording, error) {
	w := wording{kind: Kind(section), language: tag}
	for said := line; said != ""; {
		words, rest, _ := strings.Cut(said, "<")
		for _, k := range textform.Tokenise(words, nil) {
			w.parts, w.literal = append(w.parts, k.Normal), w.literal+1
		}
		if rest == "" {
			break
		}
		gap, behind, closed := strings.Cut(rest, ">")
		if !closed {
			return w, fmt.Errorf("%s/%s: %q: a < is not closed", tag, File, line)
		}
		ending := endingOf(behind)
		w.parts, said = append(w.parts, "<"+gap+">"+textform.Normal(ending)), behind[len(ending):]
	}
	switch n := len(w.parts); {
	case w.literal == 0 || n > maxWording:
		return w, fmt.Errorf("%s/%s: %q: a wording has 1 to %d words", tag, File, line, maxWording)
	case n > 1 && isGap(w.parts[0]) && isGap(w.parts[1]):
		return w, fmt.Errorf("%s/%s: %q: words stand between two gaps", tag, File, line)
	case w.saysLittle():
		return w, fmt.Errorf("%s/%s: %q: so few letters stand in sentences about anything", tag, File, line)
	}
	return w, nil
}

// leastLetters is how many letters the words of a wording have whose gap takes anything; two of a
// script without spaces are enough.
const leastLetters = 3

// saysLittle reports whether a wording takes whatever stands beside a small word ("o", "я з") for
// where the reader lives: what stands in other gaps has to name something that is known.
func (w *wording) saysLittle() bool {
	if w.kind != Lives && w.kind != City {
		return false
	}
	letters := 0
	for _, p := range w.parts {
		if _, ending, gap := strings.Cut(p, ">"); gap {
			p = ending
		}
		if letters += utf8.RuneCountInString(textform.FoldNormal(p)); textform.BeginsSpaceless(p) {
			letters++
		}
	}
	return letters < leastLetters
}

// endingOf returns the letters that are written to what fills a gap, in scripts with spaces
// between words: "<value>에 살아요".
func endingOf(behind string) string {
	ends := strings.IndexFunc(behind, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) || textform.IsSpaceless(r) })
	if ends < 0 {
		ends = len(behind)
	}
	return behind[:ends]
}

// line returns the line of the table for a wording, whose words are folded.
func (w *wording) line() string {
	parts := slices.Clone(w.parts)
	for i, p := range parts {
		if !isGap(p) {
			parts[i] = textform.FoldNormal(p)
		}
	}
	return string(w.kind) + " " + w.language + " " + strings.Join(parts, " ")
}
