package console

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/catalogue"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// addNames has what is proposed be asked for by what its page is called, too: by what no other page is called, and nothing
// that is asked for by name. Symbols in such names, and those of columns, are asked for as well.
func (w *wording) addNames(all []part) {
	const most, fewest = 5, 3
	rows := rowsOf(all)
	for i, p := range all {
		for _, name := range p.found.Names {
			name = strings.ToLower(w.shortTitle(name))
			first, _, _ := strings.Cut(titleSigns.Replace(name), "\x00")
			if before, _, listed := strings.Cut(first, ", "); listed && strings.Contains(before, " ") { // "bread, cakes and pies" is not of bread
				first = before
			}
			if utf8.RuneCountInString(first) >= fewest && !slices.ContainsFunc(strings.Fields(first), isNumber) && len(strings.Fields(first)) <= most && !rows[textform.Fold(first)] && !w.isOther(first, all, i) {
				w.addPhrase(&p.keywords[0], first, w.page)
			}
		}
	}
	for i, p := range all {
		for _, symbol := range symbolsOf(p.found) {
			symbol = strings.ToLower(symbol)
			if !rows[textform.Fold(symbol)] && !w.isOther(symbol, all, i) && !slices.ContainsFunc(all, func(other part) bool {
				return other.proposed != p.proposed && slices.ContainsFunc(symbolsOf(other.found), func(of string) bool { return strings.EqualFold(of, symbol) })
			}) {
				w.addPhrase(&p.keywords[0], symbol, w.page)
			}
		}
	}
}

// symbolsOf returns the symbols of columns, and those that a name of a page lists: "Inflation: CPI and RPI".
func symbolsOf(f Found) (all []string) {
	const most, fewest = 4, 3
	all = slices.Clone(f.Symbols)
	for _, name := range f.Names {
		_, listed, of := strings.Cut(name, ": ")
		if !of {
			continue
		}
		for word := range strings.FieldsFuncSeq(listed, func(r rune) bool { return strings.ContainsRune(" ,;()&/–—", r) }) {
			if utf8.RuneCountInString(word) >= fewest && !strings.ContainsFunc(word, unicode.IsLower) && strings.ContainsFunc(word, unicode.IsUpper) {
				all = append(all, word)
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), most)]
}

// isNumber reports whether a word has no letter: it is of a day, which goes by.
func isNumber(word string) bool {
	return !strings.ContainsFunc(word, unicode.IsLetter) && strings.ContainsFunc(word, unicode.IsDigit)
}

// rowsOf returns what is asked for by name, folded.
func rowsOf(all []part) map[string]bool {
	rows := map[string]bool{}
	for _, p := range all {
		for _, row := range p.names {
			if len(p.names) > 1 {
				rows[textform.Fold(row)] = true
			}
		}
	}
	return rows
}

// addPhrase has a keyword be asked for by a phrase that no other has, where the linter has nothing to say of it.
func (w *wording) addPhrase(k *catalogue.Keyword, phrase, tag string) {
	before := k.Phrases[tag]
	if w.phrases[textform.Fold(phrase)] || slices.Contains(before, phrase) {
		return
	}
	k.Phrases[tag] = append(before[:len(before):len(before)], phrase)
	if len(w.linter().Check(*k)) > 0 {
		if k.Phrases[tag] = before; len(before) == 0 {
			delete(k.Phrases, tag)
		}
		return
	}
	w.linter().Put(*k)
	w.phrases[textform.Fold(phrase)] = true
}

// addTopics has what tells of a topic that many outlets have be asked for by the words of readers for it: the keyword
// that is called by one of them, else the one whose page is, where there is no other such.
func (w *wording) addTopics(all []part) {
	rows := rowsOf(all)
	for _, key := range words.Core().Keys(ofTopics) {
		topic := words.Text{Key: key}
		i := w.tellsTopic(strings.Split(topic.In(w.page), "|"), all)
		if i < 0 {
			continue
		}
		for _, tag := range w.languages {
			if words.Base(tag) != "en" && topic.In(tag) == topic.In("en") {
				continue
			}
			for word := range strings.SplitSeq(topic.In(tag), "|") {
				if !rows[textform.Fold(word)] && !w.isCalled(word, all, i) {
					w.addPhrase(&all[i].keywords[0], word, tag)
				}
			}
		}
	}
}

// tellsTopic returns which source tells of a topic best; -1 if none does, or several pages do.
func (w *wording) tellsTopic(topic []string, all []part) int {
	ranks := make([]int, len(all))
	for i, p := range all {
		ranks[i] = w.rankTopic(topic, p)
	}
	found, most := -1, 0
	for i, p := range all {
		beside := func(other part) bool { return !other.found.Guess && other.isOfPage(p) }
		switch {
		case p.found.Guess && slices.ContainsFunc(all, beside): // the data of a page go before its texts
		case ranks[i] > most:
			found, most = i, ranks[i]
		case ranks[i] == most && found >= 0 && !all[found].isOfPage(p):
			found = -1
		}
	}
	return found
}

// rankTopic returns how well a source tells of a topic: it is called by one of its words, the better the earlier that
// stands, has one in its name, or its page has; 0 if it does not. When something is open tells of nothing else.
func (w *wording) rankTopic(topic []string, p part) int {
	const called, named, page = 3000, 2000, 1000
	phrases := p.keywords[0].Phrases[w.page]
	hours := func(word string) bool { return hasWords(phrases[0], word, w.page) }
	if len(phrases) == 0 || p.found.Part || slices.ContainsFunc(strings.Split(words.Text{Key: "asked.hours"}.In(w.page), "|"), hours) {
		return 0
	}
	rank := 0
	for n, word := range topic {
		// One word alone may be of anything, as the gold of a medal, where no column bears another one.
		more := func(other string) bool {
			return other != word && hasWords(strings.ReplaceAll(p.told, "_", " "), other, w.page)
		}
		says := func(name string) bool {
			return hasWords(name, word, w.page) && (strings.ContainsRune(word, ' ') || slices.ContainsFunc(topic, more))
		}
		switch {
		case slices.ContainsFunc(phrases, func(phrase string) bool { return isSameWord(phrase, word, w.page) }):
			rank = max(rank, called-n)
		case slices.ContainsFunc(phrases, says):
			rank = max(rank, named)
		case slices.ContainsFunc(p.found.Names, says):
			rank = max(rank, page)
		}
	}
	return rank
}

// isOfPage reports whether two sources are made of one page.
func (p part) isOfPage(other part) bool {
	at := p.found.Settings["url"]
	return at != nil && at == other.found.Settings["url"]
}

// isCalled reports whether a name is in what another page is called, or calls a keyword.
func (w *wording) isCalled(name string, all []part, of int) bool {
	within := func(called string) bool {
		return strings.Contains(" "+textform.Fold(called)+" ", " "+textform.Fold(name)+" ")
	}
	own := all[of]
	return slices.ContainsFunc(all, func(p part) bool {
		return p.proposed != own.proposed && !p.isOfPage(own) && (slices.ContainsFunc(p.found.Names, within) || slices.ContainsFunc(p.keywords[0].Phrases[w.page], within))
	})
}

// isOther reports whether a name of a page is what readers ask outlets for, or words of what another page is called.
func (w *wording) isOther(name string, all []part, of int) bool {
	asked := &catalogue.Keyword{Phrases: map[string][]string{w.page: {name}}}
	return len(usualBeside(asked, []string{w.page}, asksAll)) > 0 || w.isCalled(name, all, of)
}
