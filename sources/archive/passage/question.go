package passage

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// Question is what a reader wants to know, taken apart.
type Question struct {
	language string
	at       time.Time
	terms    []term
	kind     kind
	// priced says that an amount of money is asked for, long that of time.
	priced, long bool
	// units are the words by one of which the number that is asked for is told.
	units map[string]bool
	// from and until are when what is asked about was told, where the question says so;
	// strict says that nothing else answers.
	from, until time.Time
	strict      bool
	// latest says that the newest is asked for.
	latest bool
	// careful says that names are written with capitals in it.
	careful bool
}

// term is a word of the question that says what it is about.
type term struct {
	word
	// hard says that an answer must have it: a name, or a number.
	hard bool
	// month is that of a year, 0 for any other word; day says that it is a day of the
	// week.
	month int
	day   bool
	// paired says that it is two letters of a script without spaces.
	paired bool
	// kind says that it names what kind of thing is asked for, which answers seldom say.
	kind bool
	// groups are those of the same meaning.
	groups []int
}

// soon is how far in a question a word stands that says by itself that money is asked for.
const soon = 4

// maxTerms bounds how many words of a question are looked for.
const maxTerms = 24

// Parse parses a question. at is its moment in the publisher's zone, spoken
// the languages it may be written in, the likeliest first.
func Parse(text string, at time.Time, spoken []string) Question {
	q := Question{language: languages.Base(LanguageOf(text, spoken)), at: at}
	l := lexiconOf(q.language)
	words := wordsOf(withoutAsking(text, q.language), q.language)
	shouted := !slices.ContainsFunc(words, func(w word) bool { return w.number == "" && !w.code })
	q.careful = slices.ContainsFunc(words, func(w word) bool { return w.capital })
	// Where every word has a capital, none tells a name.
	titled := !slices.ContainsFunc(words[min(1, len(words)):], func(w word) bool { return !w.capital })
	skip := q.readKind(l, words)
	if skip == nil {
		skip = map[int]bool{}
	}
	for i, w := range words {
		if (l.priced[w.folded] || l.charge[w.folded] && i <= soon) && (q.kind == "" || q.kind == amount && !q.long) {
			q.kind, q.priced = amount, true
		}
		q.priced = q.priced || l.paid[w.folded] && q.kind == amount && !q.long
		q.latest = q.latest || l.latest[w.folded]
		if skip[i] {
			continue
		}
		if l.since[w.folded] && i+1 < len(words) && q.limitSince(l, words[i+1], at) {
			skip[i+1] = words[i+1].number == ""
		}
		if l.asksReason(w) && (q.kind == "" || q.kind == reason) {
			q.kind = reason
			continue
		}
		if l.because[w.folded] && speech.IsFunction(w.folded, speech.Of(q.language)) {
			continue
		}
		if day, length := l.dayAt(words[i:]); length > 0 && q.from.IsZero() && (day != 1 || i+length == len(words)) {
			q.limitToDay(at, day)
			for j := range length {
				skip[i+j] = true
			}
			continue
		}
		if speech.TurnsRound(w.folded, speech.Of(q.language)) && len(w.folded) < 7 {
			continue
		}
		named := w.capital && !titled && q.language != "de" && utf8.RuneCountInString(w.folded) > 2
		if !named && l.stop[w.folded] || !named && speech.IsFunction(w.folded, speech.Of(q.language)) || w.number == "" && utf8.RuneCountInString(w.folded) < 2 {
			continue
		}
		if len(q.terms) == maxTerms {
			break
		}
		q.addTerm(l, w, shouted, i > 0 && l.which[words[i-1].folded])
	}
	return q
}

// withoutAsking returns a question without what only asks in it, where its script has no
// spaces to tell that from the rest.
func withoutAsking(text, language string) string {
	if !strings.ContainsFunc(text, textform.IsSpaceless) {
		return text
	}
	tokens := textform.Tokenise(text, nil)
	speech.Mark(tokens, language)
	var b strings.Builder
	for _, t := range tokens {
		asks := t.Spaceless && t.Roles&(speech.Question|speech.QuestionBehind) != 0
		if asks || !t.Glued {
			b.WriteByte(' ')
		}
		if !asks {
			b.WriteString(t.Normal)
		}
	}
	return b.String()
}

// addTerm adds a word of the question to its terms, unless one has the same stem.
func (q *Question) addTerm(l *lexicon, w word, shouted, kind bool) {
	t := term{word: w, groups: l.groups[w.stem]}
	t.month = l.month[w.folded]
	t.day = l.days[w.folded] && utf8.RuneCountInString(w.folded) > 2
	if shouted {
		t.code = w.number != ""
	}
	t.paired = textform.BeginsSpaceless(w.folded)
	t.hard = !t.paired && (w.number != "" || t.code || t.month > 0 || q.isName(w))
	if slices.ContainsFunc(q.terms, func(o term) bool { return o.stem == t.stem }) {
		return
	}
	t.kind = kind && !t.hard
	q.terms = append(q.terms, t)
}

// isName reports whether a word is a name: written as one, or none that the language
// knows.
func (q *Question) isName(w word) bool {
	if len(lexiconOf(q.language).groups[w.stem]) > 0 {
		return false
	}
	tongues := speech.Of(q.language)
	if tongues == 0 {
		return w.capital
	}
	known := q.knowsWord(w)
	if q.language == "de" {
		return !known && !q.endsWithKnown(w) && (w.upper || !q.careful)
	}
	// Who writes names with capitals writes them all so.
	return w.capital || !known && !q.careful
}

// knowsWord reports whether a word is known in the question's language.
func (q *Question) knowsWord(w word) bool {
	return speech.IsCommon(w.folded, speech.Of(q.language)) || lexiconOf(q.language).knowsWord(w.folded, w.stem, q.language)
}

// compoundParts returns the two words of a compound, or nil if a word is no compound of
// words that the language knows.
func (q *Question) compoundParts(w word) []string {
	const least = 3
	if !languages.WritesCompounds(q.language) || w.number != "" {
		return nil
	}
	known := func(part string) bool {
		return len(part) >= least && lexiconOf(q.language).knowsWord(part, stem.Of(part, q.language), q.language)
	}
	for i := least; i <= len(w.folded)-least; i++ {
		first, last := w.folded[:i], w.folded[i:]
		if !utf8.RuneStart(w.folded[i]) || len(last) <= least || !known(last) {
			continue
		}
		for _, joint := range []string{"", "s", "n", "en", "es", "er"} {
			if bare, ok := strings.CutSuffix(first, joint); ok && known(bare) {
				return []string{bare, last}
			}
		}
	}
	return nil
}

// endsWithKnown reports whether a word of a language that writes compounds ends with a word
// that the language knows.
func (q *Question) endsWithKnown(w word) bool {
	const least = 4
	known := func(tail string) bool {
		return len(tail) > least && lexiconOf(q.language).knowsWord(tail, tail, q.language)
	}
	if q.compoundParts(w) != nil {
		return true
	}
	for i := least; i <= len(w.folded)-least; i++ {
		if utf8.RuneStart(w.folded[i]) && (known(w.folded[i:]) || i < len(w.stem) && known(w.stem[i:])) {
			return true
		}
	}
	return false
}

// readKind finds what kind of answer is wanted, and returns the places of the
// words that say so.
func (q *Question) readKind(l *lexicon, words []word) map[int]bool {
	for _, a := range l.asked {
		for i := 0; i+len(a.words) <= len(words); i++ {
			if !slices.EqualFunc(words[i:i+len(a.words)], a.words, func(w word, said string) bool { return w.folded == said }) || len(a.words) == 1 && i > 3 && a.kind != reason {
				continue
			}
			q.kind = a.kind
			skip := map[int]bool{}
			for j := range a.words {
				skip[i+j] = true
			}
			if last := a.words[len(a.words)-1]; a.kind == amount {
				q.long, q.units = spanWords[last], l.units[last]
			}
			return skip
		}
	}
	return nil
}

// spanWords are the words that ask for a span of time: how long, wie lange.
var spanWords = map[string]bool{"long": true, "lange": true, "temps": true, "tiempo": true}

// limitToDay notes the day that is asked of. What is asked of tomorrow may have been announced
// for a while, what happened yesterday is told yesterday or today; today is now as well,
// whenever that was told.
func (q *Question) limitToDay(at time.Time, day int) {
	const announced = 21
	begin := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
	q.strict = day != 0
	switch {
	case day > 0:
		q.from, q.until = begin.AddDate(0, 0, -announced), at
	case day < 0:
		q.from, q.until = begin.AddDate(0, 0, day), begin.AddDate(0, 0, day+2)
	default:
		q.from, q.until = begin, begin.AddDate(0, 0, 1)
	}
}

// limitSince notes the moment from which on something is asked of, where a word tells one.
func (q *Question) limitSince(l *lexicon, w word, at time.Time) bool {
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
	var from time.Time
	switch n, weekday := l.weekday[w.folded]; {
	case yearOf(w.number) > 0:
		from = time.Date(yearOf(w.number), 1, 1, 0, 0, 0, 0, at.Location())
	case weekday:
		from = day.AddDate(0, 0, -(int(day.Weekday())-n+7)%7)
	case l.month[w.folded] > 0:
		from = time.Date(at.Year(), time.Month(l.month[w.folded]), 1, 0, 0, 0, 0, at.Location())
	default:
		return false
	}
	if from.After(at) {
		from = from.AddDate(-1, 0, 0)
	}
	q.from, q.until = from, at
	return true
}

// Words lists the words of the question, folded, in the order of Corpus.Having,
// and some that mean the same.
func (q Question) Words() (own, alike []string) {
	const most, each = 16, 6
	l := lexiconOf(q.language)
	for _, t := range q.terms {
		own = append(own, t.folded)
		alike = append(alike, q.compoundParts(t.word)...)
		before := len(alike)
		for _, n := range t.groups {
			for _, w := range l.members[n] {
				if w != t.folded && len(alike) < most && len(alike) < before+each {
					alike = append(alike, w)
				}
			}
		}
	}
	return own, alike
}

// haveCommon reports whether two lists have a number in common.
func haveCommon(a, b []int) bool {
	return slices.ContainsFunc(a, func(n int) bool { return slices.Contains(b, n) })
}

// yearOf returns the year that a number may be, or 0 if it is none.
func yearOf(number string) int {
	if len(number) != len("2026") {
		return 0
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1000 || n > 2200 {
		return 0
	}
	return n
}
