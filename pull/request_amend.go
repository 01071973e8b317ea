package pull

import (
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// amendRequest takes what a reader says to a request that was told back, and is neither yes nor
// no, for what is to be put right in it: "no wait, it's 14 Main Street". It is told back again.
func (w requesting) amendRequest(ctx context.Context, k *keyword, a who.Asking) *Reply {
	said, corrects := w.saidInstead(w.ask.Text)
	a.Answers = slices.Clone(a.Answers)
	words := strings.Fields(said)
	for i := range k.Request.Ask {
		q := &k.Request.Ask[i]
		if w.takesAnyWords(q) {
			continue
		}
		if value, at, n := w.valueAmong(q, words); n > 0 && value != a.Answers[i] {
			a.Answers[i] = value
			return w.askNext(ctx, k, a)
		} else if n > 0 {
			words = slices.Delete(slices.Clone(words), at, at+n)
		}
	}
	if corrects && k.Request.Kind == catalogue.Appointment {
		a.From, a.Skip, a.On, a.SumsUp = time.Time{}, 0, clipRunes(said, labelRunes), false
		return w.offerTimes(ctx, k, a, wordRequestTimes)
	}
	i, asksAgain := w.questionAmended(k, &a, said, corrects)
	switch {
	case i < 0:
		return w.sumUp(k, a)
	case asksAgain:
		a.Answers[i], a.SumsUp = "", false
		return w.askQuestion(k, a, i, "")
	}
	a.Answers[i] = clipRunes(said, answerRunes)
	return w.sumUp(k, a)
}

// saidInstead returns what a text says without the words that take back what was said before,
// and whether it has some.
func (w *work) saidInstead(text string) (said string, corrects bool) {
	text = strings.TrimSpace(text)
	tokens := textform.Tokenise(text, nil)
	speech.Mark(tokens, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	for _, t := range tokens {
		takesBack := t.Roles&(speech.Negation|speech.Instead) != 0
		if !takesBack && t.Roles&speech.Filler == 0 {
			return text[t.Start:], corrects
		}
		corrects = corrects || takesBack
	}
	return "", corrects
}

// valueAmong returns what the most of some words, one behind another, answer a question with, and
// where they stand; n is 0 where none do.
func (w requesting) valueAmong(q *catalogue.Question, said []string) (value string, at, n int) {
	for n = min(len(said), spanWords); n > 0; n-- {
		for at = 0; at+n <= len(said); at++ {
			if value, ok := w.readValue(q, strings.Join(said[at:at+n], " ")); ok {
				return value, at, n
			}
		}
	}
	return "", 0, 0
}

// onlyValue is valueAmong where all else that is said are everyday words, none of which takes it
// back: "from tomorrow on", "there are 4 of us".
func (w requesting) onlyValue(q *catalogue.Question, said []string) (string, bool) {
	value, at, n := w.valueAmong(q, said)
	if n == 0 || w.asksBack() {
		return "", false
	}
	rest := slices.Delete(slices.Clone(said), at, at+n)
	if _, _, more := w.valueAmong(q, rest); more > 0 {
		return "", false
	}
	tokens := textform.Tokenise(strings.Join(rest, " "), nil)
	tongues := speech.Mark(tokens, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	return value, !slices.ContainsFunc(tokens, func(t textform.Token) bool {
		return t.Roles&speech.Negation != 0 || t.Roles == 0 && !speech.IsCommon(t.Folded, tongues)
	})
}

// questionAmended returns the question that takes any words and is to be answered anew: one that
// is named, which is asked again ("the address is wrong"), one whose answer has a word of what is
// said, or else, where something is taken back, the last.
func (w requesting) questionAmended(k *keyword, a *who.Asking, said string, corrects bool) (at int, asksAgain bool) {
	at = -1
	var likely, last = -1, -1
	for i := range k.Request.Ask {
		q := &k.Request.Ask[i]
		switch {
		case len(w.choicesOf(q)) == 0 && corrects && sharesWord(w.questionText(q), said):
			return i, true
		case !w.takesAnyWords(q):
			continue
		case sharesWord(a.Answers[i], said):
			likely = i
		}
		last = i
	}
	switch {
	case said == "":
	case likely >= 0:
		at = likely
	case corrects:
		at = last
	}
	return at, false
}

// sharesWord reports whether two texts have a word in common that says something.
func sharesWord(a, b string) bool {
	one, other := textform.Tokenise(a, nil), textform.Tokenise(b, nil)
	tongues := speech.Mark(one)
	return slices.ContainsFunc(one, func(t textform.Token) bool {
		return t.Roles&(speech.Filler|speech.Question|speech.QuestionBehind|speech.Negation|speech.NegationBehind) == 0 && !speech.IsFunction(t.Folded, tongues) &&
			slices.ContainsFunc(other, func(o textform.Token) bool { return o.Folded == t.Folded })
	})
}
