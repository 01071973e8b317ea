package pull

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// choice is what a reader's words say to an open question: the number of an
// option from 1 on, or one of the values below.
type choice int

const (
	choiceNone choice = 0
	choiceYes  choice = -1
	choiceNo   choice = -2
	choiceLast choice = -3
	// choiceBoth takes two options, where there are no others; choiceAll takes all of them.
	choiceBoth choice = -4
	choiceAll  choice = -5
)

// readChoice reads a message as an answer to q. A bare number in range always is
// one; words are, unless they ask for something else.
func (w questions) readChoice(q who.Question) choice {
	// What an SMS reader was not shown cannot be counted.
	listed := len(q.Options)
	if q.Corrected && w.channel.SMS {
		listed = 0
	}
	whole, core := textform.Fold(w.ask.Text), textform.Fold(w.match.Core)
	forms := []string{whole, plainly(w.ask.Text), core}
	otherNumbers := (q.Past || q.Renews && w.channel.Choices > 0) && w.listsSince(&q)
	switch {
	case q.WantsYesOrNo():
		return w.readYesOrNo(&q, forms, !otherNumbers)
	case otherNumbers:
		listed = 0
	}
	for _, said := range forms {
		if n := countedOption(said, q.Options[:listed]); n != choiceNone {
			return n
		}
		if n := onlyOption(said, q.Options, sameName); n != choiceNone {
			return n
		}
	}
	asked := w.match.Decision == what.Run && !w.match.Corrected
	// The question below an answer is small print: a keyword goes before it.
	if q.Corrected && asked {
		return choiceNone
	}
	if c := choiceWords()[whole]; c == choiceYes || c == choiceNo {
		return c
	}
	for _, said := range forms {
		c := choiceWords()[said]
		if takesAll(c, q.Options) {
			return choiceAll
		}
		if c == choiceLast {
			c = choice(listed)
		}
		if c > 0 && int(c) <= listed {
			return c
		}
	}
	// Who says the same again means the same again, and who names what an instruction is about may want
	// something else with it.
	if asked || q.Said != "" && q.Said == w.choiceKey() || slices.ContainsFunc(q.Options, func(o who.Option) bool { return o.Keyword == "" }) {
		return choiceNone
	}
	for _, said := range forms {
		if n := onlyOption(said, q.Options, partOfName); n != choiceNone {
			return n
		}
	}
	return choiceNone
}

// takesAll reports whether words take all of some options, each of them a keyword.
func takesAll(c choice, options []who.Option) bool {
	const both = 2
	return len(options) >= both && (c == choiceAll || c == choiceBoth && len(options) == both) &&
		!slices.ContainsFunc(options, func(o who.Option) bool { return o.Keyword == "" })
}

// readYesOrNo reads a message as yes or no, by word or by the number that each is shown with.
func (w questions) readYesOrNo(q *who.Question, forms []string, numbered bool) choice {
	language := w.edition.servedLanguage(q.Language, w.ask.Language)
	shown := []who.Option{{Label: wordYes.inLanguage(language)}, {Label: wordNo.inLanguage(language)}}
	for _, said := range forms {
		switch n := countedOption(said, shown); {
		case n == choiceNone || !numbered:
		case n == saysNo:
			return choiceNo
		default:
			return choiceYes
		}
	}
	if c := choiceWords()[forms[0]]; c == choiceYes || c == choiceNo {
		return c
	}
	return choiceNone
}

// Agrees and refuses are the words that say yes or no to what was told back, among others.
var (
	agrees  = sync.OnceValue(func() map[string]bool { return saidInQuestions("yes", "right") })
	refuses = sync.OnceValue(func() map[string]bool { return saidInQuestions("no", "rather-not") })
)

// readAgreement reads a message as yes or no to what was told back, by words that stand among
// others which say nothing more: "yes send it please", "actually no".
func (w questions) readAgreement() choice {
	tokens := textform.Tokenise(w.ask.Text, nil)
	speech.Mark(tokens, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	c := choiceNone
	for from := 0; from < len(tokens); {
		says, n := choiceNone, 0
		for to := from + 1; to <= min(len(tokens), from+longestRun); to++ {
			switch said := foldedRun(tokens[from:to]); {
			case agrees()[said]:
				says, n = choiceYes, to-from
			case refuses()[said]:
				says, n = choiceNo, to-from
			}
		}
		switch k := &tokens[from]; {
		case n > 0 && c != choiceNone && says != c, n == 0 && c != choiceNone && k.Roles&speech.Instead != 0:
			return choiceNone // "no wait"
		case n > 0:
			c, from = says, from+n
			continue
		case speech.IsPolite(k.Normal), k.Roles&(speech.Greeting|speech.Thanks) != 0, asides()[k.Folded], k.Roles&speech.Instead != 0:
		default:
			return choiceNone
		}
		from++
	}
	return c
}

// longestRun is how many words what answers has at most, or letters of a script without spaces.
const longestRun = 12

// foldedRun returns words as they are folded in one.
func foldedRun(tokens []textform.Token) (said string) {
	for i := range tokens {
		if i > 0 && !tokens[i].Glued {
			said += " "
		}
		said += tokens[i].Folded
	}
	return said
}

// plainly folds what a reader says, without what is nothing but polite around it.
func plainly(said string) string {
	return textform.Fold(speech.WithoutPoliteness(textform.Normal(said)))
}

// countedOption reads a number in digits of any script, bare or with what commonly
// stands beside one: "no. 1", "1st", "第1", "1 tiramisu" as the list shows it.
func countedOption(said string, options []who.Option) choice {
	said = strings.TrimSuffix(said, "\u20e3")
	from := strings.IndexFunc(said, unicode.IsDigit)
	if from < 0 {
		return choiceNone
	}
	to, n := from, 0
	for to < len(said) {
		r, size := utf8.DecodeRuneInString(said[to:])
		if !unicode.IsDigit(r) {
			break
		}
		if n = n*10 + digitValue(r); n > len(options) {
			return choiceNone
		}
		to += size
	}
	if n < 1 || n > len(options) {
		return choiceNone
	}
	before, after := strings.TrimSpace(said[:from]), strings.TrimSpace(said[to:])
	isName := func() bool { return before == "" && after == textform.Fold(options[n-1].Label) }
	if before != "" && !countHeads()[before] || after != "" && !countTails()[after] && !isName() {
		return choiceNone
	}
	return choice(n)
}

// digitValue returns the value of a decimal digit. Unicode lists those of a script in
// one row, from zero on.
func digitValue(r rune) int {
	for _, row := range unicode.Nd.R16 {
		if rune(row.Lo) <= r && r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10
		}
	}
	for _, row := range unicode.Nd.R32 {
		if rune(row.Lo) <= r && r <= rune(row.Hi) { //nolint:gosec // code points are far below 2³¹
			return int(r-rune(row.Lo)) % 10 //nolint:gosec // the same
		}
	}
	return 0
}

// onlyOption returns the only option whose folded label fits what was said.
func onlyOption(said string, options []who.Option, fits func(label, said string) bool) choice {
	found := choiceNone
	if said == "" {
		return found
	}
	for i, o := range options {
		if !fits(textform.Fold(o.Label), said) {
			continue
		}
		if found != choiceNone {
			return choiceNone
		}
		found = choice(i + 1)
	}
	return found
}

func sameName(label, said string) bool { return label == said }

// minPart is the shortest word, in characters, that tells an option alone:
// shorter ones are articles.
const minPart = 3

// partOfName reports whether all words said stand in the label; in scripts
// without spaces, whether the characters do.
func partOfName(label, said string) bool {
	if strings.ContainsFunc(said, isSpaceless) {
		return strings.Contains(label, said)
	}
	words, long := strings.Fields(label), false
	for word := range strings.FieldsSeq(said) {
		if !slices.Contains(words, word) {
			return false
		}
		long = long || utf8.RuneCountInString(word) >= minPart
	}
	return long
}

func isSpaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
