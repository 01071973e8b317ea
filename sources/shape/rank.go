package shape

import (
	"cmp"
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
)

//go:embed ranks.txt
var rankTable string

// rankWord is a wording of the table, in folded tokens, and what it says.
type rankWord struct {
	tokens []string
	says   string
}

// rankWords returns the wordings of each language, the longest first.
var rankWords = sync.OnceValue(func() map[string][]rankWord {
	all := map[string][]rankWord{}
	for line := range strings.Lines(rankTable) {
		head, list, ok := strings.Cut(line, ":")
		language, says, _ := strings.Cut(head, " ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for text := range strings.SplitSeq(list, "|") {
			w := rankWord{says: says}
			for _, t := range textform.Tokenise(text, nil) {
				w.tokens = append(w.tokens, t.Folded)
			}
			all[language] = append(all[language], w)
		}
	}
	for _, of := range all {
		slices.SortStableFunc(of, func(a, b rankWord) int { return len(b.tokens) - len(a.tokens) })
	}
	return all
})

// rank is which of several things is asked for: those with most of something, or with least.
type rank struct{ most, price, change bool }

// saidWord is a word of a message, folded, and where it stands there.
type saidWord struct {
	folded     string
	start, end int
}

// readRank reads a message in some languages, and returns the words that it has besides.
func readRank(text string, languages ...string) (r rank, rest []saidWord, ok bool) {
	tokens := textform.Tokenise(text, nil)
	said, taken := map[string]bool{}, make([]bool, len(tokens))
	for _, language := range append(languages[:len(languages):len(languages)], "en") {
		for _, w := range rankWords()[words.Base(language)] {
			for i := 0; i+len(w.tokens) <= len(tokens); i++ {
				if w.standsAt(tokens[i:], taken[i:]) {
					said[w.says] = true
					for j := range w.tokens {
						taken[i+j] = true
					}
				}
			}
		}
		if len(said) > 0 {
			break
		}
	}
	r.price, r.change = said["cheap"] || said["dear"], said["fall"] || said["rise"]
	most, least := said["high"] || said["dear"], said["low"] || said["cheap"]
	r.most = most
	if r.change { // "fell the most"
		r.most = said["rise"] == most
	}
	return r, contentOf(text, tokens, taken, languages...), most != least
}

// standsAt reports whether tokens, none of which another wording has taken, begin with a wording.
func (w rankWord) standsAt(tokens []textform.Token, taken []bool) bool {
	for i, folded := range w.tokens {
		if taken[i] || tokens[i].Folded != folded {
			return false
		}
	}
	return true
}

// contentOf returns the words of a text that say something, without those that are taken. What is left between them
// where no spaces are written is one word.
func contentOf(text string, tokens []textform.Token, taken []bool, languages ...string) (content []saidWord) {
	const asks = speech.Request | speech.Glue | speech.Article | speech.Joint | speech.Greeting | speech.Cue | speech.Question | speech.QuestionBehind
	speech.Mark(tokens, languages...)
	tongues := speech.Of("en")
	for _, language := range languages {
		if language != "" {
			tongues |= speech.Of(language)
		}
	}
	goes := false // whether the word before goes on
	for i, t := range tokens {
		switch small := t.Roles&asks != 0 && t.Roles&speech.Negation == 0; {
		case taken[i], small, t.Spaceless && isParticle(text, tokens, i), !t.Spaceless && (speech.IsSmall(t.Folded) || speech.IsFunction(t.Folded, tongues)):
			goes = false
		case goes && t.Spaceless && t.Start == tokens[i-1].End:
			last := &content[len(content)-1]
			last.folded, last.end = last.folded+t.Folded, t.End
		default:
			content = append(content, saidWord{t.Folded, t.Start, t.End})
			goes = t.Spaceless
		}
	}
	return content
}

// isParticle reports whether a token is one letter of hiragana that stands alone behind another script.
func isParticle(text string, tokens []textform.Token, i int) bool {
	hiragana := func(i int) bool {
		r, _ := utf8.DecodeRuneInString(text[tokens[i].Start:])
		return unicode.Is(unicode.Hiragana, r)
	}
	return i > 0 && hiragana(i) && !hiragana(i-1) && (i+1 == len(tokens) || !hiragana(i+1))
}

// isAmong reports whether a word, or another form of it in one of some languages, is among others.
func (w saidWord) isAmong(all []string, languages ...string) bool {
	return slices.ContainsFunc(all, func(other string) bool {
		return other == w.folded || slices.ContainsFunc(languages, func(language string) bool {
			return stem.Of(other, words.Base(language)) == stem.Of(w.folded, words.Base(language))
		})
	})
}

// wordsOf returns the words of a name that say something, folded, or all of them where none does.
func wordsOf(name string, languages ...string) (all []string) {
	tokens := textform.Tokenise(strings.NewReplacer("_", " ", "-", " ").Replace(name), nil)
	for _, w := range contentOf(name, tokens, make([]bool, len(tokens)), languages...) {
		all = append(all, w.folded)
	}
	if all == nil {
		for _, t := range tokens {
			all = append(all, t.Folded)
		}
	}
	return all
}

// figureSigns are signs of numbers as ReadNumber knows them.
var figureSigns = strings.NewReplacer("\u00a0", "", "\u202f", "", "−", "-", "–", "-")

// figureOf returns the number that a text has first, as a sort key.
func (m *Maker) figureOf(f what.Fact) (figure float64, ok bool) {
	n, err := ReadNumber(numbers.FindString(figureSigns.Replace(f.Text)), commaOf(m.options.Language))
	if err != nil {
		return 0, false
	}
	figure, err = strconv.ParseFloat(n.Text, 64)
	return figure, err == nil
}

// column is a fact that rows have, as readers name it.
type column struct {
	name  string
	words []string
	// figures counts the rows that have a figure there, prices those with a price, signed those that
	// say how it changed.
	figures, prices, signed int
	// share says that its figures are in hundredths.
	share bool
}

// columnsOf returns the columns of rows by their names, not yet counted; none of fewer rows than are worth ordering,
// and of what is no row.
func (m *Maker) columnsOf(items []what.Item, languages ...string) (all []column) {
	const fewest = 2
	if len(items) < fewest || m.options.Shape != None && m.options.Shape != Product {
		return nil
	}
	for _, it := range items {
		for _, f := range it.Facts {
			if m.isCell(it, f) && columnAt(all, f) < 0 {
				all = append(all, column{name: f.Name, words: wordsOf(pull.FactLabel(f.Name, append(languages[:len(languages):len(languages)], "en")...), languages...)})
			}
		}
	}
	return all
}

// isCell reports whether a fact may be of a column that rows are ordered by: not what they are called by.
func (m *Maker) isCell(it what.Item, f what.Fact) bool {
	return f.Kind != what.List && f.Name != factCalled(m.options.Key) && f.Name != FactNames && f.Name != factCurrency && f.Text != "" && f.Text != it.Title
}

func columnAt(all []column, f what.Fact) int {
	return slices.IndexFunc(all, func(c column) bool { return c.name == f.Name })
}

// countFigures counts what rows have in columns.
func (m *Maker) countFigures(all []column, items []what.Item) {
	for _, it := range items {
		for _, f := range it.Facts {
			i := columnAt(all, f)
			if i < 0 || !m.isCell(it, f) {
				continue
			}
			if _, ok := m.figureOf(f); ok {
				all[i].figures++
				all[i].share = all[i].share || strings.Contains(f.Text, "%")
				if IsPrice(f.Text) || f.Name == factPrice {
					all[i].prices++
				}
				if strings.ContainsAny(f.Text[:1], "+-") || strings.HasPrefix(f.Text, "−") || f.Name == factChange {
					all[i].signed++
				}
			}
		}
	}
}

// columnNamed returns the column that most of some words name, each of them once, and the words besides;
// nil where several columns do.
func columnNamed(all []column, said []saidWord, languages ...string) (named *column, rest []saidWord) {
	most, tied := 0, false
	for i, c := range all {
		left := slices.DeleteFunc(slices.Clone(said), func(word saidWord) bool { return word.isAmong(c.words, languages...) })
		switch count := len(said) - len(left); {
		case count > most:
			named, rest, most, tied = &all[i], left, count, false
		case count == most:
			tied = true
		}
	}
	if most == 0 || tied {
		return nil, said
	}
	return named, rest
}

// columnsFor returns the columns that things may be ordered by where none is named: those of prices, of changes, else
// all of figures.
func (r rank) columnsFor(all []column, rows int) (fits []*column) {
	for _, count := range []func(column) int{
		func(c column) int {
			switch {
			case r.price:
				return c.prices
			case r.change:
				return c.signed
			}
			return 0
		},
		func(c column) int { return c.figures },
	} {
		for i, c := range all {
			if count(c)*2 >= rows && count(c) > 1 {
				fits = append(fits, &all[i])
			}
		}
		if len(fits) > 0 {
			break
		}
	}
	if shares := slices.DeleteFunc(slices.Clone(fits), func(c *column) bool { return !c.share }); r.change && len(shares) == 1 {
		return shares
	}
	return fits
}

// AsksRank returns the words of a message that ask which of the rows that came last has most or least of something,
// by what they or one of their columns are called, or for a column of figures alone; "" where it asks for anything else.
// Names are compared first, and the first rows alone are read, since all of them are much to read for each message.
func (m *Maker) AsksRank(items []what.Item, text string, called []string, languages ...string) string {
	languages = append(languages[:len(languages):len(languages)], cmp.Or(m.options.Language, "en"))
	r, said, ranked := readRank(text, languages...)
	if len(said) == 0 {
		return ""
	}
	const sampledRows = 100
	items = items[:min(len(items), sampledRows)]
	columns := m.columnsOf(items, languages...)
	named, rows := columnNamed(columns, said, languages...)
	if len(columns) == 0 || !ranked && !m.isAlone(named, said, rows) || !areCalled(rows, called, languages...) {
		return ""
	}
	m.countFigures(columns, items)
	if !ranked && named.figures*2 < len(items) || len(r.columnsFor(columns, len(items))) == 0 {
		return ""
	}
	return without(text, rows)
}

// isAlone reports whether words are the whole name of a column that only these rows have, and nothing else.
func (m *Maker) isAlone(named *column, said, rest []saidWord) bool {
	if named == nil || len(rest) > 0 || len(said) < len(named.words) {
		return false
	}
	_, usual := m.roles[PlainName(named.name)]
	return !usual
}

// areCalled reports whether each of some words is one of what rows are called.
func areCalled(said []saidWord, called []string, languages ...string) bool {
	if len(said) == 0 {
		return true
	}
	var own []string
	for _, name := range called {
		own = append(own, wordsOf(name, languages...)...)
	}
	return !slices.ContainsFunc(said, func(word saidWord) bool { return !word.isAmong(own, languages...) })
}

// without returns a text without some of its words.
func without(text string, said []saidWord) string {
	for _, word := range slices.Backward(said) {
		text = text[:word.start] + " " + text[word.end:]
	}
	return strings.Join(strings.Fields(text), " ")
}

// rankItems answers what asks for a column of rows, or for those with most or least in one: in that order, with it
// before what else they tell. Words that name neither find the rows. It is false of anything else.
func (m *Maker) rankItems(items []what.Item, q pull.Query) ([]what.Item, bool) {
	languages := []string{cmp.Or(q.Language, m.options.Language, "en"), m.options.Language}
	columns := m.columnsOf(items, languages...)
	if len(columns) == 0 {
		return nil, false
	}
	r, said, ranked := readRank(q.Argument, languages...)
	by, rest := columnNamed(columns, said, languages...)
	if by == nil && !ranked {
		return nil, false
	}
	m.countFigures(columns, items)
	if ranked {
		called := append(wordsOf(q.Phrase, languages...), wordsOf(q.Keyword, languages...)...)
		rest = slices.DeleteFunc(rest, func(word saidWord) bool { return word.isAmong(called, languages...) })
	}
	if len(rest) > 0 {
		var sought []string
		for _, word := range rest {
			sought = append(sought, q.Argument[word.start:word.end])
		}
		search := sources.NewSearch(strings.Join(sought, " "))
		items = slices.DeleteFunc(slices.Clone(items), func(it what.Item) bool {
			found := sources.Ranked(search, []what.Item{it}, func(it what.Item) ([]sources.Field, string) { return m.searched(it, false), it.Language })
			return len(found) == 0
		})
	}
	if by == nil {
		if fits := r.columnsFor(columns, len(items)); len(fits) == 1 {
			by = fits[0]
		}
	}
	if by == nil || len(items) == 0 {
		return items, len(items) > 0 // all of them, where it is not clear by what
	}
	var kept []what.Item
	figures := map[string]float64{}
	for _, it := range items {
		i := slices.IndexFunc(it.Facts, func(f what.Fact) bool { return f.Name == by.name })
		if i < 0 || it.Facts[i].Text == "" {
			continue
		}
		figure, ok := m.figureOf(it.Facts[i])
		if ranked && !ok {
			continue
		}
		figures[it.ID] = figure
		facts := append(what.Facts{it.Facts[i]}, it.Facts[:i]...)
		it.Facts = append(facts, it.Facts[i+1:]...)
		kept = append(kept, it)
	}
	if ranked {
		slices.SortStableFunc(kept, func(a, b what.Item) int {
			if r.most {
				a, b = b, a
			}
			return cmp.Compare(figures[a.ID], figures[b.ID])
		})
	}
	return kept, len(kept) > 0
}
