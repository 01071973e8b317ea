package shape

import (
	"cmp"
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
)

//go:embed ranks.txt
var rankTable string

// rankWord is a wording of the table, folded, and what it says.
type rankWord struct{ text, says string }

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
			all[language] = append(all[language], rankWord{textform.Fold(strings.TrimSpace(text)), says})
		}
	}
	for _, of := range all {
		slices.SortStableFunc(of, func(a, b rankWord) int { return len(b.text) - len(a.text) })
	}
	return all
})

// rank is which of several things is asked for: those with most of something, or with least.
type rank struct{ most, price, change bool }

// readRank reads a message in some languages, and returns the words that it has besides.
func readRank(text string, languages ...string) (r rank, rest []string, ok bool) {
	left := " " + strings.Join(strings.FieldsFunc(textform.Fold(text), func(r rune) bool { return strings.ContainsRune(" ?!¿¡.,;:。？！“”\"'’", r) }), " ") + " "
	said := map[string]bool{}
	for _, language := range append(languages[:len(languages):len(languages)], "en") {
		for _, w := range rankWords()[words.Base(language)] {
			sought := " " + w.text + " "
			if textform.BeginsSpaceless(w.text) {
				sought = w.text
			}
			if strings.Contains(left, sought) {
				left, said[w.says] = strings.ReplaceAll(left, sought, " "), true
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
	tongues := speech.Of(first(languages)) | speech.Of("en")
	for word := range strings.FieldsSeq(left) {
		if !speech.IsSmall(word) && !speech.IsFunction(word, tongues) {
			rest = append(rest, word)
		}
	}
	return r, rest, most != least
}

// isForm reports whether two folded words are forms of one: one begins the other, or they differ in an end.
func isForm(a, b string) bool {
	const short, alike, end = 4, 6, 3
	if len(a) > len(b) {
		a, b = b, a
	}
	if a == b || len(a) >= short && strings.HasPrefix(b, a) {
		return true
	}
	same := 0
	for same < len(a) && a[same] == b[same] {
		same++
	}
	return same >= alike && len(b)-same <= end
}

// figureOf returns the number that a text has first, as a sort key.
func (m *Maker) figureOf(f what.Fact) (figure float64, ok bool) {
	text := numbers.FindString(strings.NewReplacer("\u00a0", "", "\u202f", "", "−", "-", "–", "-").Replace(f.Text))
	n, err := ReadNumber(text, commaOf(m.options.Language))
	if err != nil {
		return 0, false
	}
	figure, err = strconv.ParseFloat(n.Text, 64)
	return figure, err == nil
}

func first(languages []string) string {
	if len(languages) == 0 {
		return "en"
	}
	return languages[0]
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

// columnsOf returns the columns of rows; none of fewer rows than are worth ordering, and of what is no row.
func (m *Maker) columnsOf(items []what.Item, language string) (all []column) {
	const fewest = 2
	if len(items) < fewest || m.options.Shape != None && m.options.Shape != Product {
		return nil
	}
	key := factCalled(m.options.Key)
	for _, it := range items {
		for _, f := range it.Facts {
			if f.Kind == what.List || f.Name == key || f.Name == FactNames || f.Name == factCurrency || f.Text == "" || f.Text == it.Title {
				continue
			}
			i := slices.IndexFunc(all, func(c column) bool { return c.name == f.Name })
			if i < 0 {
				i = len(all)
				called := strings.Fields(strings.ReplaceAll(textform.Fold(pull.FactLabel(f.Name, language, "en")), "_", " "))
				all = append(all, column{name: f.Name, words: called})
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
	return all
}

// columnNamed returns the column that most of some words name, each of them once, and the words besides;
// nil where several columns do.
func columnNamed(all []column, said []string) (named *column, rest []string) {
	most, tied := 0, false
	for i, c := range all {
		var left []string
		count := 0
		for _, word := range said {
			if slices.ContainsFunc(c.words, func(own string) bool { return own == word || len(word) > 3 && isForm(own, word) }) {
				count++
				continue
			}
			left = append(left, word)
		}
		switch {
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
func (m *Maker) AsksRank(items []what.Item, text string, called []string, languages ...string) string {
	r, said, ranked := readRank(text, languages...)
	columns := m.columnsOf(items, first(languages))
	figured := func(c column) bool { return c.figures*2 >= len(items) }
	if len(said) == 0 || !slices.ContainsFunc(columns, figured) {
		return ""
	}
	calls := func(word string) bool {
		return slices.ContainsFunc(called, func(name string) bool {
			return slices.ContainsFunc(strings.Fields(textform.Fold(name)), func(own string) bool { return isForm(own, textform.Fold(word)) })
		})
	}
	named, left := columnNamed(columns, said)
	if _, usual := m.roles[PlainName(nameOf(named))]; !ranked && (named == nil || usual || !figured(*named) || len(left) > 0 || len(said) < len(named.words)) {
		return ""
	}
	if slices.ContainsFunc(left, func(word string) bool { return !calls(word) }) || len(r.columnsFor(columns, len(items))) == 0 {
		return ""
	}
	return strings.Join(slices.DeleteFunc(strings.Fields(text), func(word string) bool {
		word = strings.Trim(word, "?!.,")
		return calls(word) && slices.Contains(left, textform.Fold(word))
	}), " ")
}

func nameOf(c *column) string {
	if c == nil {
		return ""
	}
	return c.name
}

// rankItems answers what asks for a column of rows, or for those with most or least in one: in that order, with it
// before what else they tell. Words that name neither find the rows. It is false of anything else.
func (m *Maker) rankItems(items []what.Item, q pull.Query) ([]what.Item, bool) {
	languages := []string{q.Language, m.options.Language}
	columns := m.columnsOf(items, cmp.Or(q.Language, m.options.Language))
	if len(columns) == 0 {
		return nil, false
	}
	r, said, ranked := readRank(q.Argument, languages...)
	by, rest := columnNamed(columns, said)
	if by == nil && !ranked {
		return nil, false
	}
	rest = slices.DeleteFunc(rest, func(word string) bool {
		return ranked && slices.ContainsFunc(strings.Fields(textform.Fold(q.Phrase+" "+strings.ReplaceAll(q.Keyword, "-", " "))), func(own string) bool { return isForm(own, word) })
	})
	if len(rest) > 0 {
		search := sources.NewSearch(strings.Join(rest, " "))
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
