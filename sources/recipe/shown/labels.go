package shown

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"keypull/pull/what/textform"
)

// labelled are the parts that are told as a value beside a label, with the
// properties that they are.
var labelled = map[string]string{"total": "totalTime", "prep": "prepTime", "cook": "cookTime", partYield: "recipeYield"}

// maxLabelled is how long a line of labels and values may be, in bytes.
const maxLabelled = 200

// labelWords finds the labels of a line: those that stand at its beginning, or
// behind the value of another one.
var labelWords = sync.OnceValue(func() *regexp.Regexp {
	var all []string
	for _, section := range [...]string{partMethod, "total", "prep", "cook", partYield} {
		for _, name := range names()[section] {
			all = append(all, regexp.QuoteMeta(name))
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return regexp.MustCompile(`(?i)(?:^|[\s|,;•·/(])(` + strings.Join(all, "|") + `)(\s*\([^)]*\))?\s*(?:([:：=|–—-])|[^\p{L}\p{M}]|$)`)
})

// valued is what a value begins with: an amount, behind a few short words.
var valued = regexp.MustCompile(`^(?:\p{L}{1,10}[.:]?\s+){0,2}[(~≈]?\s*[0-9½¼¾⅓⅔]`)

// unitOfTime is a number with a unit of time behind it.
var unitOfTime = regexp.MustCompile(`(?i)[0-9½¼¾⅓⅔]\s*(?:h|hr|hrs|hours?|heures?|std|stdn|stunden?|horas?|or[ae]|uur|uren|u|godz|m|mn|mins?|minutes?|minuten|minut[aoyi]s?|minut|дк|dk|dakika|saat|t|timer?|timmar|мин|минут|ч|часа?|часов|分|分钟|分鐘|分間|時間|小时|นาที|menit|jam|'|’|′)(?:[^\p{L}]|$)`)

// lasts reports whether a line is a time and nothing else: what the heading of a
// method stands above is no method then, but how long it takes.
func lasts(line string) bool {
	return len(line) <= maxHeading/2 && valued.MatchString(strings.TrimSpace(line)) && unitOfTime.MatchString(line)
}

// labels are times and yield as lines tell them: "Serves: 4", a label above or
// below its value, several of them in one line.
func (p *Page) labels() map[string]string {
	found := map[string]string{}
	put := func(part, value string) bool {
		value = strings.Trim(value, " :：=|-–—,;•·/")
		if part == partMethod && lasts(value) {
			part = "prep"
		}
		name := labelled[part]
		timed := part == partYield && unitOfTime.MatchString(value)
		if name == "" || timed || len(value) > maxHeading || !valued.MatchString(value) {
			return false
		}
		if found[name] == "" {
			found[name] = html.EscapeString(value)
		}
		return true
	}
	in, at := "", -2
	for i, l := range p.lines {
		part, many := partFor(l.text)
		if part == partMethod && i+1 < len(p.lines) && lasts(p.lines[i+1].text) {
			put(part, p.lines[i+1].text)
			continue
		}
		if part == partIngredients || part == partMethod || part == partEnd {
			if many != "" && !within(many, put) {
				put(partYield, many)
			}
			if in = part; at == i-1 {
				// So do tables of contents.
				in = ""
			}
			at = i
			continue
		}
		switch {
		case in == partEnd && l.row > 0, in == partMethod && part == "" && !l.labelled() && (l.row > 0 || !l.serves(in)):
		case part != "":
			below := i+1 < len(p.lines) && !begins(p.lines[i+1].text) && (p.lines[i+1].row == l.row || !measures(p.lines[i+1].text))
			_ = below && put(part, p.lines[i+1].text) ||
				i > 0 && (i < 2 || partOf(p.lines[i-2].text) == "") && put(part, p.lines[i-1].text)
		case len(l.text) <= maxLabelled:
			within(l.text, put)
			put(partYield, l.yieldSaid(in == "", in == partMethod))
			if i+1 < len(p.lines) && parts()[textform.Fold(strings.Trim(l.text, aroundHeading))] == partPeople && onlyNumber.MatchString(p.lines[i+1].text) {
				put(partYield, p.lines[i+1].text)
			}
		}
	}
	p.named(put)
	return found
}

var onlyNumber = regexp.MustCompile(`^[0-9]{1,3}(?:\s*[-–—/]\s*[0-9]{1,3})?\.?$`)

// labelled reports whether a line is a label and its value.
func (l leaf) labelled() bool {
	if l.row > 0 || len(l.text) > maxHeading {
		return false
	}
	label, value, marked := labelOf(l.text)
	switch part := partOf(label); {
	case label == "", part == partMethod && !lasts(value):
		return false
	case part == partYield && !marked:
		return onlyNumber.MatchString(value)
	case !marked && len(label) < 8:
		return false
	}
	return valued.MatchString(value)
}

// begins reports whether a line begins with a label.
func begins(line string) bool {
	label, value, _ := labelOf(line)
	return label != "" && (partOf(label) != partMethod || lasts(value))
}

// labelOf returns the label that a line begins with, what stands behind it, and
// whether a sign parts them.
func labelOf(line string) (label, value string, marked bool) {
	at := labelWords().FindStringSubmatchIndex(line)
	if len(at) < 8 || at[2] > 0 {
		return "", line, false
	}
	return line[:at[3]], strings.TrimLeft(line[max(at[3], at[5]):], " :：=|-–—"), at[6] >= 0
}

// within reads the labels and values of one line. A label that no sign parts from
// its value is none in a sentence.
func within(line string, put func(part, value string) bool) (found bool) {
	at := labelWords().FindAllStringSubmatchIndex(line, -1)
	value := func(i int) string {
		end := len(line)
		if i+1 < len(at) {
			end = at[i+1][2]
		}
		return line[max(at[i][3], at[i][5]):end]
	}
	valuable := 0
	for i := range at {
		if valued.MatchString(strings.TrimLeft(value(i), " :：=|-–—")) {
			valuable++
		}
	}
	for i, m := range at {
		label, before := line[m[2]:m[3]], strings.Trim(line[:m[2]], " |,;•·/(")
		if strings.Trim(value(i), " .)") == "" && len(at) == 1 && len(line) <= maxHeading {
			return !strings.Contains(before, " ") && partOf(label) == partYield && put(partYield, before+" "+label) || partOf(label) != partYield && put(partOf(label), before)
		}
		if marked := m[6] >= 0 || valuable > 1; !marked && (before != "" || !strings.Contains(label, " ") && partOf(label) != partYield && len(line) > maxHeading/2) {
			continue
		}
		found = put(partOf(label), value(i)) || found
	}
	return found
}

// counted is a number of people or portions.
var counted = regexp.MustCompile(`(?:^|[\s|,;•·/(])([0-9]{1,3}(?:\s*(?:[-–—/]|to|à|a|bis|o|or)\s*[0-9]{1,3})?\s*([\p{L}\p{M}()]+))`)

// yieldWord is a word, a number or a range of such, or a sign.
var yieldWord = regexp.MustCompile(`[0-9]+(?:[.,][0-9]+)?(?:\s*[-–—/]\s*[0-9]+)?|[\p{L}\p{M}]+|[^\s]`)

// Bounds of how a line says how much a recipe makes: how long it is, in bytes, how many words
// stand between what says so and the number, and how many words one label has.
const (
	maxSaid  = 160
	maxUntil = 10
	maxLabel = 3
)

// yieldSaid returns how much a recipe makes by what a line says of it: "4 people", "It serves
// six.", "Feeds about 6 hungry people". before says that no part of the recipe stands above it.
func (l leaf) yieldSaid(before, method bool) string {
	if len(l.text) > maxSaid {
		return ""
	}
	words := yieldWord.FindAllString(l.text, -1)
	// label is where one ended; it opens where it begins a sentence, and is weak where it may
	// mean anything.
	label, opens, weak, begins := -1, false, false, true
	for i := 0; i < len(words); i++ {
		if n, name := labelAt(words[i:]); n > 0 {
			label, opens, weak = i+n, begins, besideWords()[name] || UnitWords()["served"][name]
			i += n - 1
			begins = false
			continue
		}
		number := digitsOf(words[i])
		if number == "" {
			begins = isSign(words[i]) && words[i] != "'" && words[i] != "’"
			if label >= 0 && weak && words[i] == ":" && label != i {
				label = -1
			}
			continue
		}
		next := textform.Fold(strings.Join(words[i+1:min(i+2, len(words))], ""))
		begins = false
		direct := label == i || label == i-1 && label >= 0 && isSign(words[i-1])
		near := label >= 0 && i-label < maxUntil
		switch part := parts()[next]; {
		case UnitWords()["sizes"][next], IsUnit(next) && !direct, next == "%", next == "°", next == "€":
		case part == partPeople && (len(l.text) <= maxHeading || near), part == partYield && !besideWords()[next] && len(l.text) <= maxHeading:
			return number + " " + words[i+1]
		case method && (weak || !opens), weak && len(l.text) > maxHeading && next != "" && !isSign(next), besideWords()[next] && !direct:
		case near && opens && (!weak || direct || before && l.row == 0), direct && (next == "" || isSign(next) || isBeside(next, nil)), part == partPieces && near:
			if next == "" || isSign(next) || besideWords()[next] || hasDigit(next) {
				return number
			}
			return number + " " + words[i+1]
		case part == partPieces && before && l.level == 0 && onlyBeside(strings.Replace(strings.Replace(l.text, words[i+1], "", 1), words[i], "", 1)):
			return number + " " + words[i+1]
		}
	}
	return ""
}

// labelAt returns how many words a label of a yield takes that some words begin with.
func labelAt(words []string) (n int, name string) {
	for n := min(maxLabel, len(words)); n > 0; n-- {
		if name := textform.Fold(strings.Join(words[:n], " ")); (parts()[name] == partYield || UnitWords()["served"][name]) && digitsOf(words[0]) == "" {
			return n, name
		}
	}
	return 0, ""
}

// isSign reports whether a word of a line is a sign.
func isSign(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
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

// serves reports whether a line among those of a part says for how many people, and nothing
// else.
func (l leaf) serves(within string) bool {
	text := strings.Trim(l.text, "(). ")
	if within == partMethod {
		return len(text) <= maxHeading/2 && !strings.Contains(text, ". ") && l.yieldSaid(false, true) != ""
	}
	m := counted.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	part := parts()[textform.Fold(m[2])]
	return (part == partPeople || part == partYield) && onlyBeside(strings.Replace(text, m[1], "", 1))
}

// onlyBeside reports whether the words of a text say nothing.
func onlyBeside(text string) bool {
	return !slices.ContainsFunc(wordsOf(text), func(w string) bool { return !besideWords()[w] })
}

// named reads what elements hold that are called times or yields.
func (p *Page) named(put func(part, value string) bool) {
	p.root.each(func(e *element) bool {
		if e.tag == "nav" || e.tag == "footer" || silent(e.tag) {
			return false
		}
		part := e.names().measure
		if part == "" {
			return true
		}
		text := e.brief()
		if e.tag == "input" || e.tag == "option" {
			text = e.get("value")
		}
		if label, value, _ := labelOf(text); label != "" {
			part, text = partOf(label), value
		}
		return !put(part, text)
	})
}
