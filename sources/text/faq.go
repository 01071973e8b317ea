package text

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/textform"
	"keypull/sources"
)

// FAQ finds which of a set of questions with their answers are asked: the same question in
// several wordings, the same answer in several variants. It is immutable.
type FAQ struct {
	entries []entry
	// index finds questions as keywords are found; meanings what is left.
	index    *what.Index
	meanings meanings
	speak    []string
}

// entry is one question. Its variants share a title.
type entry struct {
	// value asks for it alone, in few enough letters for a button.
	value    string
	title    string
	language string
	names    []string
	variants []answer
}

// NewFAQ returns the FAQ of items whose titles are questions.
func NewFAQ(items []what.Item, languages []string) *FAQ {
	answers := make([]answer, len(items))
	for i, it := range items {
		answers[i] = answer{item: it, questions: opening(it.Title)}
	}
	return newFAQ(answers, languages)
}

// maxValue is how long a title may be that is asked for as it stands, in bytes.
const maxValue = 24

func newFAQ(answers []answer, languages []string) *FAQ {
	b := &FAQ{speak: languages}
	at := map[string]int{}
	for _, a := range answers {
		title := a.item.Title
		if title == "" {
			// One that nothing asks for stands in the list by its first words.
			title = sources.Shorten(sources.Line(a.item.Body), 60)
		}
		folded := textform.Fold(title) + "\x00" + a.item.Language
		i, known := at[folded]
		if !known {
			i = len(b.entries)
			at[folded] = i
			b.entries = append(b.entries, entry{value: valueOf(title, a.item.Language), title: title, language: a.item.Language, names: []string{title}})
		}
		e := &b.entries[i]
		e.variants = append(e.variants, a)
		for _, q := range a.questions {
			if !slices.Contains(e.names, q) {
				e.names = append(e.names, q)
			}
		}
	}
	b.makeValuesDistinct()
	keywords := make([]what.Keyword, len(b.entries))
	for i, e := range b.entries {
		keywords[i] = what.Keyword{ID: e.value, Phrases: map[string][]string{}, Tie: true}
		for _, language := range e.languagesAmong(languages) {
			keywords[i].Phrases[language] = e.names
		}
	}
	b.index = what.NewIndex(keywords, what.Options{Commands: []command.Command{}})
	b.meanings = newMeanings(b.entries, languages)
	return b
}

// valueOf returns a title if it is short, else a name made of it.
func valueOf(title, language string) string {
	if len(title) <= maxValue && language == "" {
		return title
	}
	sum := sha256.Sum256([]byte(textform.Fold(title) + "\x00" + language))
	return "#" + hex.EncodeToString(sum[:5])
}

// makeValuesDistinct has no two entries asked for by one value.
func (b *FAQ) makeValuesDistinct() {
	seen := map[string]bool{}
	for i := range b.entries {
		for seen[textform.Fold(b.entries[i].value)] {
			b.entries[i].value += "#"
		}
		seen[textform.Fold(b.entries[i].value)] = true
	}
}

// languagesAmong returns those that an entry may be asked in.
func (e *entry) languagesAmong(all []string) []string {
	if e.language != "" {
		return []string{e.language}
	}
	return all
}

// Terms returns the questions as what can be asked for, by the names that readers know.
func (b *FAQ) Terms() []what.Term {
	terms := make([]what.Term, len(b.entries))
	for i, e := range b.entries {
		terms[i] = what.Term{Value: e.value, Names: slices.Clone(e.names), Language: e.language}
	}
	return terms
}

// told returns one item: that of the reader's language first, one written for a
// certain time before those that always hold; those that are alike take turns
// by the minute.
func (e *entry) told(there map[string]bool, q pull.Query) []what.Item {
	items := itemsOf(e.variants, func(a answer) bool { return there[a.item.ID] })
	if len(items) == 0 {
		return nil
	}
	return items[turnOf(len(items), q):][:1]
}

// Select picks what answers a query; without an argument it lists the questions.
func (b *FAQ) Select(q pull.Query) pull.Selection {
	there := map[string]bool{}
	for _, e := range b.entries {
		for _, v := range e.variants {
			there[v.item.ID] = true
		}
	}
	return b.selectAnswers(there, q)
}

// selectAnswers picks what answers a query, of the answers that are there: the one
// that is asked for, several to choose from, or those that come nearest.
func (b *FAQ) selectAnswers(there map[string]bool, q pull.Query) pull.Selection {
	holds := make([]bool, len(b.entries))
	for i := range b.entries {
		holds[i] = len(b.entries[i].told(there, q)) > 0
	}
	if strings.TrimSpace(q.Argument) == "" || b.meanings.saysNothing(q.Argument) {
		return b.listAnswers(there, holds, q)
	}
	hits, near := b.findAnswers(q.Argument, holds, q.Language)
	switch {
	case len(hits) == 1:
		return sources.Page(b.entries[hits[0]].told(there, q), q)
	case len(hits) > 1:
		return pull.Selection{Choices: b.choices(hits)}
	case len(near) > 0:
		return pull.Selection{Choices: b.choices(near), Near: true}
	}
	if hits = b.saying(q.Argument, holds); len(hits) == 1 {
		return sources.Page(b.entries[hits[0]].told(there, q), q)
	}
	return pull.Selection{}
}

// listAnswers returns what can be asked, in the reader's language where there is any.
func (b *FAQ) listAnswers(there map[string]bool, holds []bool, q pull.Query) pull.Selection {
	var own, all []int
	for i, e := range b.entries {
		switch {
		case !holds[i]:
		case e.language == "" || e.language == q.Language:
			own = append(own, i)
			fallthrough
		default:
			all = append(all, i)
		}
	}
	if len(own) > 0 {
		all = own
	}
	if len(all) == 1 {
		return sources.Page(b.entries[all[0]].told(there, q), q)
	}
	from := min(max(q.Offset, 0), len(all))
	to := min(from+pull.MaxChoices, len(all))
	return pull.Selection{Choices: b.choices(all[from:to]), More: to < len(all)}
}

func (b *FAQ) choices(entries []int) []what.Term {
	var choices []what.Term
	shown := map[string]bool{}
	for _, i := range entries {
		e := &b.entries[i]
		if title := textform.Fold(e.title); !shown[title] {
			shown[title] = true
			choices = append(choices, what.Term{Value: e.value, Names: []string{e.title}, Language: e.language})
		}
	}
	return choices
}

// maxNear is how many entries are offered where none fits.
const maxNear = 3

// findAnswers returns the entries that a reader's words ask for: by value or name,
// as keywords are found, else by what the words mean; and those that come
// nearest where none is sure.
func (b *FAQ) findAnswers(argument string, holds []bool, language string) (hits, near []int) {
	folded := textform.Fold(argument)
	for i, e := range b.entries {
		named := func(name string) bool { return textform.Fold(name) == folded }
		if holds[i] && (named(e.value) || slices.ContainsFunc(e.names, named)) {
			hits = append(hits, i)
		}
	}
	if len(hits) > 0 {
		return b.spoken(hits, language), nil
	}
	scores := b.meanings.scoreText(argument, holds)
	m := b.index.Match(argument, append([]string{language}, b.speak...)...)
	byValue := func(id string) int {
		return slices.IndexFunc(b.entries, func(e entry) bool { return e.value == id })
	}
	if m.Decision == what.Run && len(m.Candidates) == 1 && m.Tier != what.TierPart {
		if i := byValue(m.Candidates[0].Keyword); i >= 0 && holds[i] && scores.isAmongBest(i) {
			return []int{i}, nil
		}
	}
	if hits = scores.sureEntries(); len(hits) > 0 {
		return b.spoken(hits, language), nil
	}
	near = scores.nearEntries()
	if m.Decision == what.Offer && len(near) == 0 {
		for _, c := range m.Candidates {
			if i := byValue(c.Keyword); i >= 0 && holds[i] {
				near = append(near, i)
			}
		}
	}
	return nil, near[:min(len(near), maxNear)]
}

// saying returns the answers that have each word of an argument as it is written, as the day of one that lists days.
func (b *FAQ) saying(argument string, holds []bool) (all []int) {
	words := strings.Fields(textform.Fold(argument))
	for i, e := range b.entries {
		said := e.title
		for _, v := range e.variants {
			said += "\n" + v.item.Body
		}
		text := strings.FieldsFunc(textform.Fold(said), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if holds[i] && len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool { return !slices.Contains(text, word) }) {
			all = append(all, i)
		}
	}
	return all
}

// spoken keeps the entries of the reader's language, where some of several are.
func (b *FAQ) spoken(entries []int, language string) []int {
	own := slices.DeleteFunc(slices.Clone(entries), func(i int) bool { return b.entries[i].language != language })
	if len(own) > 0 && len(entries) > 1 {
		return own
	}
	return entries
}

// opening returns the first sentence of a question of several, where it says enough to ask
// for it: "My paper did not come. What can I do?"
func opening(question string) []string {
	const fewest = 3
	end := sentenceEnd.FindStringIndex(question)
	if len(end) == 0 || len(strings.Fields(question[:end[0]])) < fewest {
		return nil
	}
	return []string{question[:end[0]]}
}

var sentenceEnd = regexp.MustCompile(`[.!?…]\s|[。！？؟]`)
