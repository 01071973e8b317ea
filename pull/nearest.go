package pull

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// Bounds of what comes nearest to a message that nothing answers: how much of it the names of a keyword
// have at least, and how many words tell what a message is about that asks for nothing by a word.
const (
	nearestShare = 0.5
	nearestWords = 3
)

// nearestNamed returns the keywords whose names have the most of what a message asks for, where that is half
// of it or more: "seniors lunch wednesday" comes near the lunches of the senior center. A day, or the most or least of
// something, is asked of those that know it.
func (w conversation) nearestNamed() (nearest []what.Candidate) {
	said := w.readInside(w.ask.Text)
	languages := w.edition.readingLanguages(w.language)
	if thing := slices.DeleteFunc(slices.Clone(said.words), func(word ItemWord) bool { return slices.Contains(said.aspects, word.Text) }); len(thing) > 0 {
		said.words = thing // the price of oil is near no metal
	}
	if day := what.DayIn(w.ask.Text, languages...); day != "" {
		said.words = slices.DeleteFunc(said.words, func(word ItemWord) bool { return partOfName(textform.Fold(day), textform.Fold(word.Text)) })
	}
	if len(said.words) == 0 || !said.asks && len(said.words) > nearestWords || w.ask.Tap != "" || w.match.Reason == what.ReasonNegated {
		return nil
	}
	all, most := 0.0, 0.0
	for _, word := range said.words {
		all += word.Weight
	}
	for _, k := range w.edition.order {
		if w.edition.keywordName(k, "") == "" || !w.mayTell(k) {
			continue
		}
		has, lacks := k.sharesWords(said.words, languages)
		if has < all*nearestShare || has < most || lacks {
			continue
		}
		if has > most {
			nearest, most = nil, has
		}
		c := what.Candidate{Keyword: k.ID, Language: w.language, Argument: w.timeMeant(k, w.edition.keywordName(k, w.language))}
		if c.Argument == "" {
			c.Argument = w.rankAsked(k, w.ask.Text)
		}
		nearest = append(nearest, c)
	}
	if len(nearest) > offerAtMost {
		return nil // a word that many have tells none
	}
	return nearest
}

// sharesWords returns how much the words weigh that stand in the phrases of a keyword, in any inflection; lacks
// says that one weighs as much that does not, where none of the phrases stands there whole, or more.
func (k *keyword) sharesWords(words []ItemWord, languages []string) (weight float64, lacks bool) {
	var phrases [][]string
	for _, all := range k.Phrases {
		for _, phrase := range all {
			phrases = append(phrases, strings.Fields(textform.Fold(phrase)))
		}
	}
	has, other := 0.0, 0.0 // what weighs most
	for _, word := range words {
		if slices.ContainsFunc(phrases, func(names []string) bool {
			return isForm(word.Text, names, languages)
		}) {
			weight, has = weight+word.Weight, max(has, word.Weight)
		} else {
			other = max(other, word.Weight)
		}
	}
	whole := slices.ContainsFunc(phrases, func(names []string) bool {
		return !slices.ContainsFunc(names, func(name string) bool {
			return !slices.ContainsFunc(words, func(word ItemWord) bool { return isForm(word.Text, []string{name}, languages) })
		})
	})
	return weight, other > has || other == has && !whole
}

// isForm reports whether a word is one of some folded names, in any inflection of some languages.
func isForm(word string, names, languages []string) bool {
	folded := textform.Fold(word)
	if slices.Contains(names, folded) {
		return true
	}
	return slices.ContainsFunc(languages, func(tag string) bool {
		root := stem.Of(folded, tag)
		return slices.ContainsFunc(names, func(name string) bool { return stem.Of(name, tag) == root })
	})
}

// narrowCandidate has a keyword that is called without an argument be asked for what of the message stands beside its phrase, where that
// is of some of what it tells: of "when is the course on sauces" the sauces.
func (w conversation) narrowCandidate(ctx context.Context, c what.Candidate) what.Candidate {
	k := w.edition.keywordByID(c.Keyword)
	if k == nil || c.Argument != "" || w.ask.Tap != "" || w.match.Tier == what.TierExact || !k.takesWords() || k.Slot != "" || utf8.RuneCountInString(w.ask.Text) > insideRunes {
		return c
	}
	if q, ok := k.source.Source.(Questioned); ok && q.ByQuestion() {
		return c
	}
	languages := w.edition.readingLanguages(w.language)
	called := strings.Fields(textform.Fold(c.Phrase))
	said := w.readInside(w.ask.Text)
	beside := slices.DeleteFunc(said.words, func(word ItemWord) bool {
		return word.Weight <= emptyWeight || isForm(word.Text, called, languages) || slices.Contains(said.aspects, word.Text) || w.isMeant(k, word.Text)
	})
	if len(beside) == 0 || said.refuses {
		return c
	}
	ctx, cancel := context.WithTimeout(ctx, w.lookTime)
	defer cancel()
	all, ok := w.itemsNamed(ctx, k, "")
	if !ok || len(all) < 2 {
		return c
	}
	var has []string
	for _, word := range beside {
		some, ok := w.itemsNamed(ctx, k, word.Text)
		titled := slices.ContainsFunc(some, func(it what.Item) bool { return isForm(word.Text, strings.Fields(textform.Fold(it.Title)), languages) })
		if ok && len(some) > 0 && len(some) < len(all) && (titled || word.Weight > ordinaryWeight) {
			has = append(has, word.Text)
		}
	}
	argument := strings.Join(has, " ")
	if some, _ := w.itemsNamed(ctx, k, argument); argument != "" && len(some) > 0 {
		c.Argument = argument
	}
	return c
}

// selectHeld selects so much of what is held of a keyword for an argument; false where nothing is held of it.
func (w conversation) selectHeld(ctx context.Context, k *keyword, argument string, count int) (s Selection, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			s, ok = Selection{}, false
			w.noteFailure(Broken("select an entry", p))
		}
	}()
	q := Query{Argument: argument, Keyword: k.ID, Phrase: w.edition.keywordName(k, w.language), Count: count, Language: w.language, At: w.ask.At}
	key, err := k.source.Key(q)
	if err != nil {
		return Selection{}, false
	}
	held := w.cache.Last(ctx, k.source.SnapshotID(w.edition.ID, k.Source, key))
	if held == nil {
		return Selection{}, false
	}
	s, err = w.cache.Select(ctx, w.edition.ID, k.Source, k.source.Source, *held, q)
	return s, err == nil
}

// tellsItems reports whether a keyword that is called alone tells something, and does not ask what of it is meant.
func (w conversation) tellsItems(ctx context.Context, k *keyword) bool {
	s, ok := w.selectHeld(ctx, k, "", max(k.Count, 1))
	return ok && len(s.Items) > 0
}

// itemsCounted is up to how many items of a keyword are counted.
const itemsCounted = 256

// itemsNamed returns what of a keyword is held that has all of some words; false where nothing is held of it.
func (w conversation) itemsNamed(ctx context.Context, k *keyword, words string) ([]what.Item, bool) {
	s, ok := w.selectHeld(ctx, k, words, itemsCounted)
	if s.Near {
		return nil, ok
	}
	return s.Items, ok
}

// entryText is how much of what a keyword tells of an entry is compared with a message, in bytes.
const entryText = 4 << 10

// entryWords returns the words of what a keyword is called and tells of an entry, folded; false where nothing is held of it.
func (w conversation) entryWords(ctx context.Context, c what.Candidate) (names []string, ok bool) {
	k := w.edition.keywordByID(c.Keyword)
	if k == nil {
		return nil, false
	}
	s, ok := w.selectHeld(ctx, k, answering(w).parseArgument(k, c.Argument), max(k.Count, 1))
	if !ok || s.isEmpty() {
		return nil, false
	}
	var b strings.Builder
	b.WriteString(c.Phrase + " ")
	if !s.Near {
		b.WriteString(c.Argument + " ") // whatever it is called there
	}
	for _, t := range s.Choices {
		b.WriteString(strings.Join(t.Names, " ") + " ")
	}
	for _, phrases := range k.Phrases {
		b.WriteString(strings.Join(phrases, " ") + " ")
	}
	for _, it := range s.Items {
		b.WriteString(it.Title + " ")
		for _, f := range it.Facts {
			b.WriteString(f.Name + " " + f.Text + " " + strings.Join(f.List, " ") + " ")
		}
	}
	for _, it := range s.Items {
		b.WriteString(it.Summary + " " + it.Body + " ")
	}
	text := b.String()
	text = strings.ToValidUTF8(text[:min(len(text), entryText)], "")
	names = strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
	for i, name := range names {
		names[i] = textform.Fold(name)
	}
	return names, true
}

// Bounds of what is offered of texts that do not answer: how much of a message they have, how much of one in which a
// word asks a question or that ends as one, and how sure their source is of them at least for that, for one that asks within, and for
// one that asks by no word; for that, too, where they have much of it.
const (
	textShare   = 0.5
	textLeading = 0.4
	textMuch    = 0.65
	textHardly  = 0.05
	textLikely  = 0.2
	textSure    = 0.5
)

// offersText reports whether texts are offered that do not answer a message, but come nearest to it. Beside what was
// found elsewhere the archive has to be sure of them, and of a sentence that tells something they have to have nearly all.
func (s insideSaid) offersText(e journal.Inside, found []insight) bool {
	asks := s.asks || len(s.aspects) > 0
	switch {
	case s.names && e.Coverage >= insideWhole:
		return true
	case s.isOrdinary() && e.Certainty < textLikely:
		return false
	case e.Coverage >= insideWhole:
		return true
	case s.tells || len(found) > 0 && found[0].hit.Coverage >= insideMost:
		return false
	case len(found) > 0:
		return e.Coverage >= textShare && e.Certainty >= textSure
	case s.questions || s.leads:
		return e.Coverage >= insideMost || e.Coverage >= textLeading && e.Certainty >= textHardly
	case e.Coverage < textShare:
		return false
	case !asks:
		each := s.length / float64(len(s.words)) // a sentence has more words beside those that tell what it is about
		return each < 2 && e.Certainty >= textSure || each <= 2 && e.Certainty >= textLikely && e.Coverage >= textMuch
	}
	return e.Certainty >= textLikely || e.Coverage >= insideMost
}

// isOrdinary reports whether a message says no more than one ordinary word.
func (s insideSaid) isOrdinary() bool {
	weight := 0.0
	for _, word := range s.words {
		if word.Weight > emptyWeight {
			weight += word.Weight
		}
	}
	return weight <= ordinaryWeight
}

// sharesOf returns how much of a message's words some names have, in any inflection, and which they lack; of what is written
// without spaces nobody knows.
func (s insideSaid) sharesOf(names, languages []string) (share float64, lacked string) {
	all := 0.0
	for _, word := range s.words {
		all += word.Weight
		if textform.BeginsSpaceless(word.Text) || isForm(word.Text, names, languages) {
			share += word.Weight
		} else if word.Weight > emptyWeight {
			lacked = strings.TrimSpace(lacked + " " + word.Text)
		}
	}
	return share / max(all, emptyWeight), lacked
}

// withoutAspects leaves out of some words those that say what is wanted of a thing, which nobody lacks.
func (s insideSaid) withoutAspects(lacked string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(lacked), func(word string) bool { return slices.Contains(s.aspects, word) }), " ")
}

// textHit is what the texts of a keyword have of a message.
type textHit struct {
	keyword *keyword
	Selection
}

// optionOf returns what asks for one of the texts.
func (h textHit) optionOf(t what.Term) who.Option {
	return who.Option{Keyword: h.keyword.ID, Argument: t.Value, Label: shortenText(termShown(t), labelRunes)}
}

// terms returns what asks for the text that answers, else for those that come nearest.
func (h textHit) terms() []what.Term {
	if len(h.Items) > 0 {
		return []what.Term{h.Alone}
	}
	return h.Choices
}

// options returns the options of these.
func (h textHit) options() (options []who.Option) {
	for _, t := range h.terms() {
		if t.Value != "" {
			options = append(options, h.optionOf(t))
		}
	}
	return options
}

// searchTexts asks the texts of this reader's archives; none where the message is one ordinary word, and more than a name.
func (w conversation) searchTexts(ctx context.Context, said insideSaid) (hits []textHit) {
	if len(said.words) == 0 || w.ask.Tap != "" || w.match.Reason == what.ReasonNegated || utf8.RuneCountInString(w.ask.Text) > optionRunes || !said.asks && !said.names && said.isOrdinary() {
		return nil
	}
	told := w.edition.findable()
	ctx, cancel := context.WithTimeout(ctx, w.lookTime)
	defer cancel()
	for _, p := range told.placesFor(w.work) {
		if !told.texts[p] {
			continue
		}
		k := told.keywords[p][slices.IndexFunc(told.keywords[p], w.mayTell)]
		if s, ok := w.selectHeld(ctx, k, w.ask.Text, 1); ok && s.Evidence != nil {
			hits = append(hits, textHit{k, s})
		}
	}
	return hits
}

// askTexts returns what the texts of this reader's archives answer to a message, else those that come nearest to it.
func (w conversation) askTexts(ctx context.Context) []who.Option {
	said := w.readInside(w.ask.Text)
	return w.textOptions(said, w.searchTexts(ctx, said), nil)
}

// textOptions returns what texts answer to a message, else those that come nearest to it where they have much of it, and no
// entry that was found has nearly all; without those that were found as entries.
func (w conversation) textOptions(said insideSaid, hits []textHit, found []insight) (options []who.Option) {
	whole := len(found) > 0 && found[0].hit.Coverage >= insideWhole
	for _, hit := range hits {
		if len(hit.Items) > 0 || !whole && said.offersText(*hit.Evidence, found) {
			if len(options)+len(found) == 0 {
				w.trace.What.Inside = hit.Evidence
			}
			options = append(options, hit.options()...)
		}
	}
	return slices.DeleteFunc(options, func(o who.Option) bool {
		return slices.ContainsFunc(found, func(i insight) bool { return sameName(i.option.Label, o.Label) })
	})
}

// byPassage returns the option of an entry that was found, which is told by what in its text comes nearest to the message where
// that is an article of an archive, and more is asked of it than its name and summary tell.
func (s insideSaid) byPassage(o who.Option, found insight, hits []textHit) who.Option {
	if found.link == "" || !s.questions && found.hit.Coverage >= insideWhole {
		return o
	}
	for _, hit := range hits {
		for _, t := range hit.terms() {
			if text := hit.optionOf(t); sameAddress(found.link, t.Link) && sameName(found.option.Label, text.Label) {
				o.Keyword, o.Argument, o.Item = text.Keyword, text.Argument, ""
				return o
			}
		}
	}
	return o
}

// sameAddress reports whether two links lead to one page, whatever they say of the way to it.
func sameAddress(a, b string) bool {
	a, _, _ = strings.Cut(a, "?")
	b, _, _ = strings.Cut(b, "?")
	return strings.TrimRight(a, "/") == strings.TrimRight(b, "/")
}
