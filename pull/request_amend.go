package pull

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

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
	if k.Request.Kind == catalogue.Appointment {
		if reply := w.takeOtherTime(ctx, k, a, said); reply != nil {
			return reply
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
	amended, whole := w.putRight(a.Answers[i], said)
	if !whole {
		a.Answers[i], a.SumsUp = "", false
		return w.askQuestion(k, a, i, "")
	}
	a.Answers[i] = clipRunes(amended, answerRunes)
	return w.sumUp(k, a)
}

// takeOtherTime takes another time that is free, or of those that were offered, by its number; nil where none is named.
func (w requesting) takeOtherTime(ctx context.Context, k *keyword, a who.Asking, said string) *Reply {
	if reply := w.takeTimeSaid(ctx, k, a, w.ask.Text); reply != nil {
		return reply
	}
	n := int(choiceWords()[textform.Fold(said)])
	if n <= 0 {
		return nil
	}
	free, refusal := w.openTimes(ctx, k, a.On)
	if refusal != nil || a.Skip+n > len(free) {
		return nil
	}
	a.From = free[a.Skip+n-1].From
	return w.sumUp(k, a)
}

// putRight returns an answer as it is by what is said of it: with the part put right that is
// named, "flat 3 not flat 2", with the only number that is another now, or else what is said in
// its place. It is not whole where that says much less than the answer did.
func (w requesting) putRight(answer, said string) (amended string, whole bool) {
	said, wrong := w.cutRefused(said)
	if at := strings.Index(answer, wrong); wrong != "" && at >= 0 {
		return answer[:at] + said + answer[at+len(wrong):], true
	}
	parts := strings.Split(answer, ",")
	if named := placesSharing(parts, said); len(parts) > 1 && len(named) == 1 && !strings.Contains(said, ",") {
		parts[named[0]] = strings.Repeat(" ", min(named[0], 1)) + said
		return strings.Join(parts, ","), true
	}
	is, other := onlyNumber(answer), onlyNumber(said)
	if is != "" && other != "" && w.isEveryday(strings.Replace(said, other, "", 1)) {
		return strings.Replace(answer, is, other, 1), true
	}
	return said, 2*len(strings.Fields(said)) >= len(strings.Fields(answer))
}

// cutRefused returns what is said before what it says is wrong, and that: "flat 3 not flat 2".
func (w requesting) cutRefused(said string) (right, wrong string) {
	tokens := textform.Tokenise(said, nil)
	speech.Mark(tokens, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	for i := 1; i+1 < len(tokens); i++ {
		if tokens[i].Roles&(speech.Negation|speech.Instead) != 0 {
			return strings.TrimRight(said[:tokens[i-1].End], " ,"), textform.Trim(said[tokens[i+1].Start:])
		}
	}
	return said, ""
}

// placesSharing returns the places of the parts that have a word in common with a text.
func placesSharing(parts []string, said string) (all []int) {
	for i, part := range parts {
		if sharesWord(part, said) {
			all = append(all, i)
		}
	}
	return all
}

// onlyNumber returns the word of a text that has digits, "" where none has or several have.
func onlyNumber(text string) (number string) {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }) {
		if !strings.ContainsFunc(word, unicode.IsDigit) {
			continue
		}
		if number != "" {
			return ""
		}
		number = word
	}
	return number
}

// isEveryday reports whether all words of a text are those of a language, and none takes back.
func (w requesting) isEveryday(text string) bool {
	tokens := textform.Tokenise(text, nil)
	tongues := speech.Mark(tokens, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	return !slices.ContainsFunc(tokens, func(t textform.Token) bool {
		return t.Roles&speech.Negation != 0 || t.Roles == 0 && !speech.IsCommon(t.Folded, tongues)
	})
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
	return value, w.isEveryday(strings.Join(rest, " "))
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
