package pull

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/instruction"
	"keypull/pull/what/slot"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// answerMeant answers a message that no keyword knows, and that a source knows to be for
// it; nil where none does. Where several do, the reader is asked which is meant.
func (w conversation) answerMeant(ctx context.Context) *Reply {
	if w.ask.Tap != "" || w.match.Reason == what.ReasonNegated || utf8.RuneCountInString(w.ask.Text) > insideRunes {
		return nil
	}
	said := w.ask.Text
	if behind, ok := w.saidBehind(); ok && w.saysDay(behind) {
		if said = behind; w.saysDayOfLast(said) && slot.Kind(w.lastAnswered().Slot) == slot.Place {
			return w.refuseDay() // "and tomorrow?" is about that place
		}
	}
	var meant []what.Candidate
	seen := map[string]bool{}
	for _, k := range w.edition.order {
		if !seen[k.Source] && w.edition.keywordName(k, "") != "" && w.mayTell(k) {
			argument := ""
			if w.isMeant(k, said) {
				argument = said
			} else if seen[k.Source] = k.takesWords(); seen[k.Source] {
				argument = w.rankAsked(k, said)
			}
			if argument != "" {
				seen[k.Source] = true
				meant = append(meant, what.Candidate{Keyword: k.ID, Argument: argument, Language: w.language})
			}
		}
	}
	if len(meant) == 0 {
		return nil
	}
	// The same in the reader's own language is what they mean.
	if own := slices.DeleteFunc(slices.Clone(meant), func(c what.Candidate) bool {
		return len(w.edition.keywordByID(c.Keyword).Phrases[w.language]) == 0
	}); len(own) > 0 {
		meant = own
	}
	if own := slices.DeleteFunc(slices.Clone(meant), func(c what.Candidate) bool {
		return !w.edition.keywordByID(c.Keyword).isCalledWithin(said)
	}); len(own) > 0 {
		meant = own // "what is on" asks for it, "what is on this weekend" does
	}
	w.trace.What.Tier, w.trace.What.Reason = string(tierInside), ""
	core := w.noteCore()
	if len(meant) == 1 && !w.saysDayOfLast(said) {
		return answering(w).answerCandidate(ctx, meant[0])
	}
	options := questions(w).optionsOf(meant)
	w.trace.Outcome = journal.Offered
	lead := wordOffer
	if len(options) == 1 {
		lead = wordWant
	}
	reply := questions(w).askReader(lead, who.Question{Options: options, Core: core}, "keyword", options[0].Label)
	reply.Buttons = append(reply.Buttons, w.local.menuButton())
	return reply
}

// isCalledWithin reports whether all words of a phrase of a keyword stand in a message in their order.
func (k *keyword) isCalledWithin(message string) bool {
	said := textform.Tokenise(message, nil)
	for _, phrases := range k.Phrases {
		for _, phrase := range phrases {
			at := 0
			left := slices.DeleteFunc(textform.Tokenise(phrase, nil), func(word textform.Token) bool {
				n := slices.IndexFunc(said[at:], func(t textform.Token) bool { return t.Folded == word.Folded })
				at += n + 1
				return n >= 0
			})
			if len(left) == 0 && at > 0 {
				return true
			}
		}
	}
	return false
}

// isOfAnother reports whether a message in which an entry has called its keyword by itself is known to be for another
// keyword: "what is on at the weekend" asks for no edition of the weekend.
func (w conversation) isOfAnother(c what.Candidate) bool {
	k := w.edition.keywordByID(c.Keyword)
	said := w.ask.Text
	if w.ask.Tap != "" || c.Argument == "" || k == nil || k.isCalled(c.Phrase) || textform.SameName(said, c.Phrase) || w.isMeant(k, said) {
		return false
	}
	return slices.ContainsFunc(w.edition.order, func(other *keyword) bool {
		return other != k && w.mayTell(other) && other.isCalledWithin(said) && w.isMeant(other, said)
	})
}

// rankAsked returns the words of a message that ask which of the entries of a keyword's source have most or least of
// something; "" where it asks for anything else.
func (w conversation) rankAsked(k *keyword, said string) (argument string) {
	defer func() {
		if p := recover(); p != nil {
			argument = ""
			w.noteFailure(Broken("read a message", p))
		}
	}()
	s, ok := k.source.Source.(Ranking)
	if !ok || k.source.Problem != nil || !k.takesWords() {
		return ""
	}
	last := w.cache.Last(context.Background(), w.edition.vocabularyPlace(k))
	if last == nil {
		return ""
	}
	var called []string
	for _, other := range w.edition.order {
		if other.Source == k.Source && other.takesWords() {
			called = append(called, answering(w).phrasesToLookUp(other, "")...)
		}
	}
	return s.AsksRank(last, said, called, w.edition.readingLanguages(w.language)...)
}

// saysDayOfLast reports whether a message is a day and nothing else behind an answer that is
// none of a day: "weather Leeds", and then "tomorrow?" may ask for more of that.
func (w conversation) saysDayOfLast(said string) bool {
	k := w.lastAnswered()
	return k != nil && !w.isMeant(k, said) && w.saysDay(said)
}

// saysDay reports whether words are a day and nothing else.
func (w conversation) saysDay(said string) bool {
	_, day := slot.Parse(slot.Date, said, w.ask.At.In(w.zone), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	return day
}

// saidBehind returns what is said to be about the answer before: "and tomorrow?".
func (w conversation) saidBehind() (said string, ok bool) {
	for _, in := range w.match.Instructions {
		if in.Kind == instruction.Also {
			return in.Gaps[instruction.Words], true
		}
	}
	return "", false
}

// timeMeant returns the words of a message, beside the phrase of a keyword, by which its source knows
// alone that it is asked: "this weekend" of "what events are on this weekend". It is "" where there
// are none.
func (w conversation) timeMeant(k *keyword, phrase string) string {
	const longest, most = 3, 30
	if _, ok := k.source.Source.(Meant); !ok {
		return ""
	}
	tokens := textform.Tokenise(w.ask.Text, nil)
	tokens = tokens[:min(len(tokens), most)]
	called := textform.Fold(phrase)
	for n := longest; n > 0; n-- {
		for i := 0; i+n <= len(tokens); i++ {
			if said := w.ask.Text[tokens[i].Start:tokens[i+n-1].End]; !strings.Contains(called, textform.Fold(said)) && w.isMeant(k, said) {
				return said
			}
		}
	}
	return ""
}

// isMeant reports whether a keyword's source knows words to be for it.
func (w conversation) isMeant(k *keyword, said string) (meant bool) {
	defer func() {
		if p := recover(); p != nil {
			meant = false
			w.noteFailure(Broken("read a message", p))
		}
	}()
	s, ok := k.source.Source.(Meant)
	return ok && k.source.Problem == nil && k.takesWords() &&
		s.IsMeant(said, w.ask.At.In(w.zone), w.edition.readingLanguages(w.language)...)
}

// entryBefore returns the entry that an argument names of the keyword after which one with texts is called, that has no
// such entry: "gold rate today in Chennai" asks for the gold rate of Chennai.
func (w conversation) entryBefore(c what.Candidate) what.Candidate {
	k := w.edition.keywordByID(c.Keyword)
	if k == nil || c.Argument == "" || w.ask.Tap != "" {
		return c
	}
	if q, ok := k.source.Source.(Questioned); !ok || !q.ByQuestion() {
		return c
	}
	if _, own := w.local.namedTerm(k, c.Argument); own {
		return c
	}
	var named []string
	for _, word := range w.readInside(c.Argument).words {
		named = append(named, word.Text)
	}
	for _, other := range w.edition.order {
		if !k.isCalledAfter(other) || !w.mayTell(other) {
			continue
		}
		if term, known := w.local.namedTerm(other, strings.Join(named, " ")); known {
			c.Keyword, c.Argument = other.ID, term.Value
			break
		}
	}
	return c
}
