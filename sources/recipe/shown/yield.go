package shown

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"keypull/pull/what/textform"
	"keypull/sources/duration"
)

// lineWord is a word, a number or a range of such, or a sign.
var lineWord = regexp.MustCompile(`[0-9]+(?:[.,][0-9]+)?(?:\s*[-–—/]\s*[0-9]+)?|[` + Fractions + `]|[\p{L}\p{M}]+|[^\s]`)

// Bounds of how a line says how much a recipe makes: how long it is, in bytes, how many words
// stand between what says so and the number, and how many words say so.
const (
	maxSaid  = 160
	maxUntil = 10
	maxLabel = 3
)

// yieldLine is a line that may say how much a recipe makes.
type yieldLine struct {
	text  string
	words []string
	// before says that no part of the recipe stands above the line, method that it stands in one.
	before, method bool
	// label is where the last word ended that says so, -1 before one; it opens where it begins a
	// sentence, and is weak where it may mean much else.
	label       int
	opens, weak bool
	// begins says that the next word begins a sentence.
	begins bool
}

// yieldSaid returns how much a recipe makes by what a line says of it: "4 people", "It serves
// six.", "Feeds about 6 hungry people".
func (l leaf) yieldSaid(before, method bool) string {
	if len(l.text) > maxSaid {
		return ""
	}
	y := yieldLine{text: l.text, words: lineWord.FindAllString(l.text, -1), before: before && l.row == 0 && l.level == 0, method: method, label: -1, begins: true}
	for i := 0; i < len(y.words); i++ {
		if n := y.openLabel(i); n > 0 {
			i += n - 1
			continue
		}
		number := digitsOf(y.words[i])
		if y.begins = number == "" && isSign(y.words[i]) && y.words[i] != "'" && y.words[i] != "’"; number != "" && y.isCount(i) {
			return strings.TrimSpace(number + " " + y.countedThing(i))
		}
	}
	return ""
}

// yieldAt returns how much a recipe makes by what a line of a page says of it, or by the number
// behind who eats it: of a table.
func (p *Page) yieldAt(i int, within string) string {
	l := p.lines[i]
	eaters := parts()[textform.Fold(strings.Trim(l.text, aroundHeading))] == partPeople
	if eaters && i+1 < len(p.lines) && onlyNumber.MatchString(p.lines[i+1].text) {
		return p.lines[i+1].text
	}
	return l.yieldSaid(within == "", within == partMethod)
}

// openLabel notes the label of a yield that begins at a word, and returns how many words it takes.
func (y *yieldLine) openLabel(i int) int {
	for n := min(maxLabel, len(y.words)-i); n > 0 && digitsOf(y.words[i]) == ""; n-- {
		name := textform.Fold(strings.Join(y.words[i:i+n], " "))
		if served := UnitWords()["served"][name]; served || parts()[name] == partYield {
			y.label, y.opens, y.weak, y.begins = i+n, y.begins, served || besideWords()[name], false
			return n
		}
	}
	return 0
}

// wordBehind returns the folded word behind another one.
func (y *yieldLine) wordBehind(i int) string {
	return textform.Fold(strings.Join(y.words[i+1:min(i+2, len(y.words))], ""))
}

// countedThing returns what a number counts; "" for nothing that has a name.
func (y *yieldLine) countedThing(i int) string {
	if next := y.wordBehind(i); next == "" || isSign(next) || besideWords()[next] || hasDigit(next) {
		return ""
	}
	return y.words[i+1]
}

// isCount reports whether a number is how much the recipe makes.
func (y *yieldLine) isCount(i int) bool {
	next, short := y.wordBehind(i), len(y.text) <= maxHeading
	ends := next == "" || isSign(next)
	near := y.label >= 0 && i-y.label < maxUntil
	direct := near && (y.label == i || y.label == i-1 && isSign(y.words[i-1]))
	switch part := parts()[next]; {
	case UnitWords()["sizes"][next], duration.IsUnit(next), IsUnit(next) && !direct:
		return false
	case part == partPeople:
		return short || near
	case part == partYield && !besideWords()[next] && short:
		return true
	case besideWords()[next] && !direct, y.weak && !short && !ends, y.method && (y.weak || !y.opens):
		return false
	case part == partPieces:
		return near || y.before && onlyBeside(strings.Join(slices.Delete(slices.Clone(y.words), i, i+2), " "))
	}
	if y.opens && near && (!y.weak || direct || y.before && !slices.Contains(y.words[y.label:i], ":")) {
		return true
	}
	return direct && (ends || isBeside(next, nil))
}

// saysServings reports whether a line among those of a part says for how many people, and nothing
// else.
func (l leaf) saysServings(within string) bool {
	said := l.yieldSaid(false, true)
	if said == "" || within == partMethod {
		return said != "" && len(l.text) <= maxHeading/2 && !strings.Contains(l.text, ". ")
	}
	counted := wordsOf(said)
	return !slices.ContainsFunc(wordsOf(l.text), func(w string) bool {
		return !besideWords()[w] && parts()[w] != partYield && !slices.Contains(counted, w) && !hasDigit(w)
	})
}

// isSign reports whether a word of a line is a sign.
func isSign(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// tellsTime reports whether a text has a number with a unit of time behind it.
func tellsTime(text string) bool {
	words := lineWord.FindAllString(text, -1)
	for i := range words[min(1, len(words)):] {
		if hasDigit(words[i]) && duration.IsUnit(textform.Fold(words[i+1])) {
			return true
		}
	}
	return false
}

// writtenNumbers are the digits of numbers that are written out.
var writtenNumbers = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	EachLine(unitList, func(section, line string) {
		if digits, names, _ := strings.Cut(line, " "); section == "numbers" {
			for name := range strings.FieldsSeq(names) {
				all[textform.Fold(name)] = digits
			}
		}
	})
	return all
})

// digitsOf returns the number that a word is, or "".
func digitsOf(word string) string {
	if word != "" && word[0] >= '0' && word[0] <= '9' {
		return word
	}
	return writtenNumbers()[textform.Fold(word)]
}

// onlyBeside reports whether the words of a text say nothing.
func onlyBeside(text string) bool {
	return !slices.ContainsFunc(wordsOf(text), func(w string) bool { return !besideWords()[w] })
}
