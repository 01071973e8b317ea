package what

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"keypull/pull/what/textform"
)

// Names is what one thing is called, made ready for those who look for it in a
// list: by the beginning or a part of a name, with the errors of hasty fingers.
type Names struct {
	// text holds the folded names, each behind a nameEnd.
	text string
	mark letterMark
}

// nameEnd stands before every name and behind the last one.
const nameEnd = '\n'

// NewNames makes names ready.
func NewNames(names ...string) Names {
	var b strings.Builder
	b.WriteByte(nameEnd)
	for _, name := range names {
		b.WriteString(textform.Fold(name))
		b.WriteByte(nameEnd)
	}
	text := b.String()
	return Names{text: text, mark: lettersOf(text)}
}

// lettersOf marks the letters of a text of any length, without how many.
func lettersOf(text string) letterMark {
	var m letterMark
	for _, r := range text {
		m |= markOf([]rune{r})
	}
	return m & (1<<markedLetters - 1)
}

// Fit is how well what somebody typed fits a name; the least is the best.
type Fit int

// The fits.
const (
	// FitWhole is the name itself, FitBegun its beginning, FitWord that of a word
	// of it or of several, FitWithin any other part.
	FitWhole Fit = iota + 1
	FitBegun
	FitWord
	FitWithin
	// FitMeant is for those who know more of the text than its letters.
	FitMeant
	// FitSlipped is the name with one typing error; FitNear its beginning, or
	// words of it, with one, or with two in longer texts.
	FitSlipped
	FitNear
	noFit
)

// Found is one thing that was found.
type Found struct {
	// Place is that of the thing among all, Name that of the name among its own.
	Place, Name int
	Fit         Fit
	// far tells the likelier of those that fit as well.
	far int
}

// Find returns the things whose names a text may stand for, the best first, at
// most that many. Where a name is what was typed, nothing that is only near
// counts; where names have it as a part, those do that are one error away.
func Find(all []Names, text string, most int) []Found {
	s := newSought(text)
	best := make([]Found, 0, min(most, len(all)))
	keep := func(f Found) {
		at, _ := slices.BinarySearchFunc(best, f, Found.compare)
		if at < most {
			best = slices.Insert(best[:min(len(best), most-1)], at, f)
		}
	}
	s.each(all, keep)
	return best
}

// FindAll returns the places of those that Find finds, in their order.
func FindAll(all []Names, text string) []int {
	var places []int
	newSought(text).each(all, func(f Found) { places = append(places, f.Place) })
	slices.Sort(places)
	return places
}

func (f Found) compare(other Found) int {
	return cmp.Or(cmp.Compare(f.Fit, other.Fit), cmp.Compare(f.far, other.far), cmp.Compare(f.Place, other.Place))
}

// sought is what somebody typed.
type sought struct {
	text    string
	letters []rune
	words   [][]rune
	mark    letterMark
}

// maxSought is the most letters of a text that names are compared with.
const maxSought = maxPhraseLetters

func newSought(text string) *sought {
	s := &sought{text: textform.Fold(text)}
	s.letters = []rune(s.text)
	s.letters = s.letters[:min(len(s.letters), maxSought)]
	for _, w := range strings.Fields(string(s.letters)) {
		s.words = append(s.words, []rune(w))
	}
	s.mark = lettersOf(string(s.letters))
	return s
}

// each calls keep with everything that fits, in no order.
func (s *sought) each(all []Names, keep func(Found)) {
	if s.text == "" {
		return
	}
	best := noFit
	for place := range all {
		if f := s.literal(&all[place]); f.Fit < noFit {
			f.Place, best = place, min(best, f.Fit)
			keep(f)
		}
	}
	worst := FitNear
	switch {
	case best == FitWhole:
		return
	case best < noFit:
		worst = FitSlipped
	}
	for place := range all {
		n := &all[place]
		if !s.mayBeNear(n) || best < noFit && s.literal(n).Fit < noFit {
			continue
		}
		if f := s.near(n); f.Fit <= worst {
			f.Place = place
			keep(f)
		}
	}
}

// literal finds the text as it is written.
func (s *sought) literal(n *Names) Found {
	found := Found{Fit: noFit}
	if s.mark&^n.mark != 0 {
		return found
	}
	for at := strings.Index(n.text, s.text); at >= 0; {
		end := at + len(s.text)
		fit, before := FitWithin, n.text[at-1]
		switch {
		case before == nameEnd && n.text[end] == nameEnd:
			fit = FitWhole
		case before == nameEnd:
			fit = FitBegun
		case before == ' ':
			fit = FitWord
		}
		if fit < found.Fit {
			found = Found{Fit: fit, Name: strings.Count(n.text[:at], string(nameEnd)) - 1, far: strings.IndexByte(n.text[end:], nameEnd)}
		}
		next := strings.Index(n.text[at+1:], s.text)
		if next < 0 || fit == FitWhole {
			break
		}
		at += 1 + next
	}
	if found.Fit > FitWord && len(s.words) > 1 {
		if name, ok := s.begins(n); ok {
			found = Found{Fit: FitWord, Name: name, far: len(n.text)}
		}
	}
	return found
}

// begins finds a name in which each word of the text begins another one.
func (s *sought) begins(n *Names) (name int, ok bool) {
	for _, w := range s.words {
		if !strings.Contains(n.text, " "+string(w)) && !strings.Contains(n.text, string(nameEnd)+string(w)) {
			return 0, false
		}
	}
	for i, text := range n.each {
		if !slices.ContainsFunc(s.words, func(w []rune) bool { return !strings.Contains(" "+text, " "+string(w)) }) {
			return i, true
		}
	}
	return 0, false
}

// each goes through the names.
func (n *Names) each(yield func(i int, name string) bool) {
	i := 0
	for name := range strings.SplitSeq(n.text[1:], string(nameEnd)) {
		if name != "" && !yield(i, name) {
			return
		}
		i++
	}
}

// mistakes returns how many typing errors a text of that many letters may have.
func mistakes(letters int) int {
	const longText = 8
	switch {
	case letters < minPrefix:
		return 0
	case letters < longText:
		return 1
	}
	return 2
}

// minPrefix is the fewest letters of what may be misspelt.
const minPrefix = 3

// mayBeNear tells most names that are far at a glance: each error may bring one
// letter that a name does not have.
func (s *sought) mayBeNear(n *Names) bool {
	return bits.OnesCount64(uint64(s.mark&^n.mark)) <= mistakes(len(s.letters))
}

// near finds the text with typing errors, in the whole name, its beginning or
// its words.
func (s *sought) near(n *Names) Found {
	found := Found{Fit: noFit}
	limit := mistakes(len(s.letters))
	if limit == 0 {
		return found
	}
	var buf [maxDistance]rune
	better := func(f Found) {
		if f.compare(found) < 0 {
			found = f
		}
	}
	for i, name := range n.each {
		letters := appendSome(buf[:0], name)
		whole, begin := typedOf(s.letters, letters, limit)
		switch {
		case whole == 1:
			better(Found{Fit: FitSlipped, Name: i, far: slip(s.letters, letters)})
		case whole <= limit:
			better(Found{Fit: FitNear, Name: i, far: 10*whole + slip(s.letters, letters)})
		case begin <= limit:
			better(Found{Fit: FitNear, Name: i, far: 10*begin + likeBeginning})
		default:
			if d := s.wordsIn(letters, limit); d <= limit {
				better(Found{Fit: FitNear, Name: i, far: 10*d + likeWords})
			}
		}
	}
	return found
}

// Beginnings and words are less likely meant than whole names with as many
// errors, whatever their slip.
const likeBeginning, likeWords = 6, 8

// wordsIn returns how many errors there are if each word of the text begins some
// word of the name, or far.
func (s *sought) wordsIn(name []rune, limit int) int {
	if !slices.Contains(name, ' ') {
		return far
	}
	total := 0
	for _, w := range s.words {
		least := far
		for at := range name {
			if at == 0 || name[at-1] == ' ' {
				_, begin := typedOf(w, wordAt(name, at), min(limit, mistakes(len(w))))
				least = min(least, begin)
			}
		}
		if total += least; total > limit {
			return far
		}
	}
	return total
}

func wordAt(name []rune, at int) []rune {
	if end := slices.Index(name[at:], ' '); end >= 0 {
		return name[at : at+end]
	}
	return name[at:]
}

// typedOf returns the distance of a text to a name, and to that beginning of it which
// is nearest; far where that is more than limit.
func typedOf(text, name []rune, limit int) (whole, begin int) {
	whole, begin = far, far
	var rows [3][maxDistance + 2]uint8
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range min(len(name), limit) + 1 {
		last[j] = uint8(j)
	}
	for i := 1; i <= len(text); i++ {
		// Cells further from the diagonal are more than limit anyway.
		from, to := max(1, i-limit), min(len(name), i+limit)
		least := uint8(far)
		if row[from-1] = far; from == 1 {
			row[0], least = uint8(i), uint8(i)
		}
		if i+limit <= len(name) {
			last[to] = far
		}
		for j := from; j <= to; j++ {
			cost := uint8(1)
			if text[i-1] == name[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && text[i-1] == name[j-2] && text[i-2] == name[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j], least = d, min(least, d)
		}
		if int(least) > limit || from > to {
			return far, far
		}
		before, last, row = last, row, before
	}
	for j := max(0, len(text)-limit); j <= min(len(name), len(text)+limit); j++ {
		begin = min(begin, int(last[j]))
	}
	if len(name) <= len(text)+limit && len(name) >= len(text)-limit {
		whole = int(last[len(name)])
	}
	return whole, begin
}

// appendSome appends the letters of a name, as many as are compared.
func appendSome(buf []rune, s string) []rune {
	for _, r := range s {
		if len(buf) == cap(buf) {
			break
		}
		buf = append(buf, r)
	}
	return buf
}
