package shown

import (
	"regexp"
	"slices"
	"strconv"
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
	// maxCell is how long the cell of a table is that says it alone.
	maxCell = 16
	// aDozen is how many that is, maxDozens how many of them a kitchen makes.
	aDozen, maxDozens = 12, 20
)

// yieldLine is a line that may say how much a recipe makes.
type yieldLine struct {
	text  string
	words []string
	// before says that no part of the recipe stands above the line, method that it stands in one,
	// whole that it is no part of a longer one.
	before, method, whole bool
	// label is where the last word ended that says so, -1 before one; it opens where it begins a
	// sentence, and is weak where it may mean much else.
	label       int
	opens, weak bool
	// begins says that the next word begins a sentence.
	begins bool
}

// factMarks part what a line tells: "30 pieces | 60 minutes".
const factMarks = "|·•;/,"

// yieldSaid returns how much a recipe makes by what a line says of it: "4 people", "It serves
// six.", "Feeds about 6 hungry people".
func (l leaf) yieldSaid(before, method bool) string {
	if len(l.text) > maxSaid {
		return ""
	}
	if said := l.yieldOf(before, method, true); said != "" || !strings.ContainsAny(l.text, factMarks) {
		return said
	}
	if len(l.text) > maxHeading {
		return ""
	}
	for text := range strings.FieldsFuncSeq(l.text, func(r rune) bool { return strings.ContainsRune(factMarks, r) }) {
		l.text = text
		if said := l.yieldOf(before, method, false); said != "" {
			return said
		}
	}
	return ""
}

// yieldOf is yieldSaid of a line that tells one thing.
func (l leaf) yieldOf(before, method, whole bool) string {
	y := yieldLine{text: l.text, words: lineWord.FindAllString(l.text, -1), before: before && l.level == 0 && (l.row == 0 || len(l.text) <= maxCell), method: method, whole: whole, label: -1, begins: true}
	for i := 0; i < len(y.words); i++ {
		if n := y.openLabel(i); n > 0 {
			i += n - 1
			continue
		}
		number := digitsOf(y.words[i])
		if y.label == i && UnitWords()["about"][textform.Fold(y.words[i])] {
			y.label++
			continue
		}
		if y.begins = number == "" && isSign(y.words[i]) && y.words[i] != "'" && y.words[i] != "’"; number == "" {
			continue
		}
		if times, ok := dozens(number, y.wordBehind(i)); ok {
			number = times
			y.words = slices.Delete(y.words, i+1, i+2)
		}
		if y.isOne(i) && y.label == i && !y.countsPiece(i) {
			y.label++ // an article: "pour une trentaine"
			continue
		}
		if y.isCount(i) {
			return strings.TrimSpace(number + " " + y.countedThing(i))
		}
	}
	return ""
}

// dozens returns how many so many dozens are, where the word behind the number is one.
func dozens(number, behind string) (times string, ok bool) {
	n, err := strconv.Atoi(number)
	if err != nil || n > maxDozens || !UnitWords()["dozens"][behind] {
		return "", false
	}
	return strconv.Itoa(n * aDozen), true
}

// yieldAt returns how much a recipe makes by what a line of a page says of it, or by the number
// behind who eats it, or what that counts: of a table.
func (p *Page) yieldAt(i int, within string) string {
	l := p.lines[i]
	part := parts()[textform.Fold(strings.Trim(l.text, aroundHeading))]
	if counted := part == partPeople || part == partPieces; counted && i+1 < len(p.lines) && onlyNumber.MatchString(p.lines[i+1].text) {
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
	return textform.Fold(strings.Join(y.words[min(i+1, len(y.words)):min(i+2, len(y.words))], ""))
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
	if (next == "-" || next == "–") && UnitWords()["sizes"][y.wordBehind(i+1)] {
		return false // 9-inch
	}
	ends := next == "" || isSign(next)
	near := y.label >= 0 && i-y.label < maxUntil
	direct := near && (y.label == i || y.label == i-1 && isSign(y.words[i-1]))
	switch part := parts()[next]; {
	case y.isOne(i) && !y.countsPiece(i):
		return false
	case UnitWords()["sizes"][next], duration.IsUnit(next), IsUnit(next) && !direct:
		return false
	case y.isOne(i):
		return near
	case part == partPeople:
		return short || near
	case part == partYield && !besideWords()[next] && short:
		return true
	case besideWords()[next] && !direct, y.weak && !short && !ends, y.method && (y.weak || !y.opens):
		return false
	case part == partPieces:
		others := wordsOf(strings.Join(slices.Delete(slices.Clone(y.words), i, i+2), " "))
		return near || y.before && !slices.ContainsFunc(others, func(w string) bool { return !besideWords()[w] })
	}
	if y.opens && near && (!y.weak || direct || y.before && !slices.Contains(y.words[y.label:i], ":")) {
		return true
	}
	return direct && (ends || isBeside(next, nil) || y.whole && y.before && short && !y.weak && !strings.Contains(y.text, ","))
}

// isOne reports whether a word is one, written out, which may be any thing's article.
func (y *yieldLine) isOne(i int) bool {
	return writtenNumbers()[textform.Fold(y.words[i])] == "1"
}

// countsPiece reports whether one of the two words behind a number is what recipes make.
func (y *yieldLine) countsPiece(i int) bool {
	return y.label >= 0 && slices.ContainsFunc(y.words[i+1:min(i+3, len(y.words))], func(w string) bool { return parts()[textform.Fold(w)] == partPieces })
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

// beginsWithTime reports whether a text begins with a number and a unit of time: what the heading
// of a method stands before is no method then.
func beginsWithTime(text string) bool {
	words := lineWord.FindAllString(text, 3)
	return len(words) > 1 && hasDigit(words[0]) && duration.IsUnit(textform.Fold(words[1])) || isDuration(text)
}

// writtenNumbers are the digits of numbers that are written out.
var writtenNumbers = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	textform.EachLine(unitList, func(section, line string) {
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
