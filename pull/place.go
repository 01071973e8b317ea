package pull

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/instruction"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// nameWords is how many words a name has at most that nobody lists.
const nameWords = 3

// affixes are written to a word: what begins with them, and what ends so.
type affixes struct{ begins, ends []string }

// affixesOf reads the affixes of a section of what answers a question, in all languages.
func affixesOf(section string) (all affixes) {
	for _, tag := range languages.Tags() {
		for _, text := range languages.Lines(tag, choiceFile, section) {
			if end, ok := strings.CutPrefix(text, "-"); ok {
				all.ends = append(all.ends, end)
			} else if beginning, ok := strings.CutSuffix(text, "-"); ok {
				all.begins = append(all.begins, beginning)
			}
		}
	}
	return all
}

// Asides name nothing and answer nothing, "no idea", "brr", by the words or the ends of words;
// besidePlace is what is written to a place and is no part of its name.
var (
	asides      = sync.OnceValue(func() map[string]bool { return saidInQuestions("aside") })
	asideEnds   = sync.OnceValue(func() affixes { return affixesOf("aside") })
	besidePlace = sync.OnceValue(func() affixes { return affixesOf("beside-place") })
)

// placing reads where a place stands in a text.
type placing struct {
	text    string
	tokens  []textform.Token
	tongues speech.Tongues
	read    []string
	// idle are the words of asides.
	idle []bool
}

func (w conversation) newPlacing(text string) placing {
	read := w.edition.readingLanguages(w.reader.Language, w.ask.Language)
	p := placing{text: text, tokens: textform.Tokenise(text, nil), read: read}
	p.tongues = speech.Mark(p.tokens, w.reader.Language, w.ask.Language)
	p.idle = make([]bool, len(p.tokens))
	for from := range p.tokens {
		for to := from + 1; to <= min(len(p.tokens), from+longestRun); to++ {
			if asides()[foldedRun(p.tokens[from:to])] {
				for i := from; i < to; i++ {
					p.idle[i] = true
				}
			}
		}
	}
	return p
}

// typed returns what was typed from a word to before another, without what is written to a place.
func (p *placing) typed(from, to int) string {
	said := p.text[p.tokens[from].Start:p.tokens[to-1].End]
	const least = 2
	longest := ""
	for _, end := range besidePlace().ends {
		if strings.HasSuffix(said, end) && utf8.RuneCountInString(strings.TrimSuffix(said, end)) >= least && len(end) > len(longest) {
			longest = end
		}
	}
	said = strings.TrimSuffix(said, longest)
	for _, beginning := range besidePlace().begins {
		if rest, ok := strings.CutPrefix(said, beginning); ok && utf8.RuneCountInString(rest) >= least {
			said = rest
		}
	}
	return said
}

// endsTelling reports whether a word is a verb by its end: "bilmiyorum", "알겠어요".
func endsTelling(word string) bool {
	return slices.ContainsFunc(asideEnds().ends, func(end string) bool { return len(word) > len(end) && strings.HasSuffix(word, end) })
}

// isUnknown reports whether a word is one of no language, that stands in no wording of instructions:
// "unsave it" is no place.
func (p *placing) isUnknown(i int) bool {
	k := &p.tokens[i]
	return k.Roles == 0 && !p.stands(i) && !endsTelling(k.Normal) && !speech.IsCommon(k.Folded, p.tongues) && !instruction.Knows(k.Folded, p.read)
}

// stands reports whether a word may stand before a place, or between it and what was asked before:
// "and in", "no sorry", "today".
func (p *placing) stands(i int) bool {
	const beside = speech.Joint | speech.Article | speech.Link | speech.Instead | speech.Greeting | speech.Harmless
	k := &p.tokens[i]
	joined := k.Folded[k.JoinedFrom:k.JoinedTo]
	if k.Roles&speech.Negation != 0 && k.Roles&speech.Link == 0 && (i > 0 || k.Roles&speech.Instead == 0) {
		return false // "no, not Leeds"
	}
	return p.idle[i] || k.Roles&beside != 0 || speech.IsPolite(k.Normal) || joined != "" && speech.Does(joined, speech.Joint)
}

// placeBeside returns the place that a message names for what was asked before: a name by itself,
// or behind a preposition, "and in Lund"; "" where it says anything else.
func (w conversation) placeBeside(text string) string {
	if !mayNamePlace(text) {
		return ""
	}
	p := w.newPlacing(text)
	if len(p.tokens) == 0 {
		return ""
	}
	if p.tokens[0].Spaceless {
		if w.instruction.Kind == instruction.Also && len(p.tokens) <= 2*slotWords && !p.asks() && !endsTelling(textform.Normal(text)) {
			return p.typed(0, len(p.tokens))
		}
		return ""
	}
	from := 0
	for from < len(p.tokens) && !p.isUnknown(from) && !p.isWritten(from, len(p.tokens)) {
		if !p.stands(from) {
			return ""
		}
		from++
	}
	to := from
	if p.isWritten(from, len(p.tokens)) {
		to = len(p.tokens)
	}
	for to < len(p.tokens) && p.isUnknown(to) && !p.tokens[to].Spaceless {
		to++
	}
	if to == from || to-from > nameWords {
		return ""
	}
	for i := to; i < len(p.tokens); i++ {
		if !p.stands(i) && p.tokens[i].Roles&(speech.Glue|speech.QuestionBehind) == 0 {
			return ""
		}
	}
	return p.typed(from, to)
}

// isWritten reports whether some words are written as a name of several is: "New York". In German,
// which writes all nouns so, it has one that is no word.
func (p *placing) isWritten(from, to int) bool {
	const asks = speech.Request | speech.Question | speech.Instead | speech.Negation
	unknown := speech.Of("de")&p.tongues == 0
	for i := from; i < to; i++ {
		first, _ := utf8.DecodeRuneInString(p.text[p.tokens[i].Start:])
		if !unicode.IsUpper(first) || p.idle[i] || p.tokens[i].Roles&asks != 0 || speech.IsPolite(p.tokens[i].Normal) {
			return false
		}
		unknown = unknown || p.isUnknown(i)
	}
	return unknown && to-from > 1 && to-from <= nameWords
}

// asks reports whether a text has a word of asking.
func (p *placing) asks() bool {
	return slices.ContainsFunc(p.tokens, func(k textform.Token) bool { return k.Roles&(speech.Question|speech.QuestionBehind) != 0 })
}

// isAside reports whether a message begins with what answers nothing: "I don't know", "brr".
func (w conversation) isAside() bool {
	p := w.newPlacing(w.ask.Text)
	return w.ask.Tap == "" && len(p.tokens) > 0 && (p.idle[0] || endsTelling(textform.Normal(w.ask.Text)))
}

// placeIn returns the place that an answer to "which city" names: one where the reader tells to be, a
// word, several of which a language does not know all, or several that are written as names are:
// "New Town". In a sentence it stands behind a preposition; "" where there is none.
func (w conversation) placeIn(text string) string {
	if place := w.placeTold(text); place != "" || !mayNamePlace(text) {
		return place
	}
	p := w.newPlacing(text)
	n := len(p.tokens)
	if n == 0 || slices.ContainsFunc(p.tokens, func(k textform.Token) bool { return endsTelling(k.Normal) }) || endsTelling(textform.Normal(text)) {
		return ""
	}
	if p.tokens[0].Spaceless {
		if n > 2*slotWords || p.idle[0] && p.idle[n-1] {
			return ""
		}
		return p.typed(0, n)
	}
	if n == 1 {
		const says = speech.Instead | speech.Negation | speech.Greeting
		if first, _ := utf8.DecodeRuneInString(text); p.idle[0] || p.tokens[0].Roles&says != 0 && !unicode.IsUpper(first) {
			return ""
		}
		return p.typed(0, 1)
	}
	return p.nameAmong()
}

// nameAmong returns the name among several words, "" where none is surely one.
func (p *placing) nameAmong() string {
	from, to, written, sentence := -1, 0, 0, false
	for i := range p.tokens {
		first, _ := utf8.DecodeRuneInString(p.text[p.tokens[i].Start:])
		unknown := p.isUnknown(i)
		if k := &p.tokens[i]; unicode.IsUpper(first) && !p.idle[i] && k.Roles&(speech.Negation|speech.Instead) == 0 && !speech.IsPolite(k.Normal) {
			written++
			unknown = unknown || i > 0 && p.tokens[i].Roles&speech.Greeting == 0
		}
		switch {
		case unknown && from < 0:
			from, to = i, i+1
		case unknown:
			to = i + 1
		case from < 0 && !p.stands(i):
			sentence = true
		}
	}
	all := len(p.tokens)
	if named := written > 1 && written >= all-1; named && all <= nameWords+1 {
		return p.typed(0, all)
	}
	if from < 0 {
		return ""
	}
	if sentence {
		// Behind the last preposition before the end: "ich bin heute in Erfurt".
		for i := to - 1; i >= max(from, 1); i-- {
			if p.tokens[i-1].Roles&(speech.Joint|speech.Article) != 0 {
				return p.shortName(i, to)
			}
		}
		return ""
	}
	return p.shortName(from, to)
}

// shortName returns what was typed from a word to before another, "" where that is longer than a name.
func (p *placing) shortName(from, to int) string {
	if to-from > slotWords {
		return ""
	}
	return p.typed(from, to)
}

// placeTold returns where the reader tells to live or to be, "" where a text is about something else.
func (w conversation) placeTold(text string) string {
	tokens := textform.Tokenise(text, nil)
	speech.Mark(tokens)
	idle := func(words []textform.Token, _ bool) bool {
		const beside = speech.Instead | speech.Greeting | speech.Harmless
		return len(words) == 1 && (words[0].Roles&beside != 0 || asides()[words[0].Folded])
	}
	told := func(in instruction.Instruction) bool {
		switch in.Kind {
		case instruction.Lives, instruction.Here, instruction.City, instruction.Also:
			value := in.Gaps[instruction.Value] + in.Gaps[instruction.Words]
			return mayNamePlace(value) && len(textform.Tokenise(value, nil)) <= slotWords && !endsTelling(textform.Normal(value)) && !asides()[textform.Fold(value)]
		}
		return false
	}
	read := instruction.Read(text, tokens, idle, told, w.edition.readingLanguages(w.reader.Language, w.ask.Language))
	switch {
	case len(read) == 0:
		return ""
	case read[0].Kind == instruction.Also:
		return w.placeBeside(read[0].Gaps[instruction.Words])
	}
	return read[0].Gaps[instruction.Value]
}

// mayNamePlace reports whether a text has a letter, or so many figures as the number of a place.
func mayNamePlace(text string) bool {
	const least = 4
	return strings.ContainsFunc(text, unicode.IsLetter) || len(text) >= least
}
