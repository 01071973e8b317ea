package pull

import (
	"cmp"
	"context"
	"strings"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/slot"
	"keypull/pull/who"
	"keypull/pull/words"
)

// slotWords is how many words an answer to "which one" has at most, unless the keyword
// takes questions.
const slotWords = 6

// tierSlot says in a trace that a message filled the slot that was asked for.
const tierSlot = "slot"

// askForArgument asks what of a keyword is wanted, with examples of what it knows, and
// takes the next message for the answer.
func (w answering) askForArgument(k *keyword) *Reply {
	q := who.Question{Slot: k.ID}
	var names []string
	for _, t := range w.local.sampleTerms(k, offerAtMost) {
		names = append(names, termShown(t))
		if o := w.choiceOption(k, t); k.Slot == "" && o.Argument == t.Value {
			q.Options = append(q.Options, o)
		}
	}
	if len(names) == 0 || w.ask.Group || w.channel.Proxy {
		// Nobody can say who answers next in a group, or what a program was asked.
		if len(names) == 0 && slot.Kind(k.Slot) == slot.Place && !w.ask.Group && !w.channel.Proxy {
			reply := w.refuseWith(wordWhichFact, "name", preferring(w).factLabel(who.City))
			questions(w).keepOpen(q)
			return w.withMenu(reply)
		}
		reply := w.withExample(w.refuseWith(wordMissing, "keyword", w.local.keywordName(k), "example", w.local.exampleAsk(k)), k)
		if len(names) == 0 {
			questions(w).keepOpen(q)
		}
		return reply
	}
	reply := w.refuseWith(wordWhichOf, "examples", words.List(w.local.servedLanguage(), names))
	questions(w).distinguishLabels(q.Options)
	reply.Buttons = questions(w).keepOpen(q)
	return w.withMenu(reply)
}

// fillSlot takes a message for the argument that q asked for; nil where it asks for
// something else. What the keyword's source knows by name goes before a keyword, and a
// keyword before anything else.
func (w conversation) fillSlot(ctx context.Context, q who.Question) *Reply {
	k := w.edition.keywordByID(q.Slot)
	if k == nil || w.ask.Tap != "" {
		return nil
	}
	text, place := w.ask.Text, ""
	if slot.Kind(k.Slot) == slot.Place || q.Need == who.City {
		if place = w.placeIn(text); place != "" {
			w.ask.Text = place
		}
	}
	t, named := w.termSaid(k)
	if !named && !w.mayFill(k, q.Need == who.City, place) || q.Past && !w.fillsLate(k, q) {
		w.ask.Text = text
		return nil
	}
	if q.Need != "" {
		return w.fillNeed(ctx, k, q)
	}
	c := what.Candidate{Keyword: k.ID, Argument: t.Value, Phrase: w.edition.keywordName(k, w.language)}
	if !named {
		c.Argument = w.slotArgument(c)
	}
	w.trace.What.Tier = tierSlot
	if !q.Due.IsZero() {
		ordering(w).noteCommand(command.Later)
		return planning(w).orderLater(ctx, c, q.Due)
	}
	reply := answering(w).answerCandidate(ctx, c)
	if w.trace.Outcome == journal.Refused && w.reader.Question == nil {
		questions(w).keepOpen(q)
	}
	if slot.Kind(k.Slot) == slot.Place {
		return preferring(w).offerRemembering(reply, who.City, w.trace.What.Argument)
	}
	return reply
}

// fillsLate reports whether a message fits the slot that was asked for before something else
// was, and not what was answered since.
func (w conversation) fillsLate(k *keyword, q who.Question) bool {
	if last := w.lastAnswered(); last != nil && last.ID != k.ID {
		if _, fits := w.fittingArgument(last); fits {
			return false
		}
	}
	_, fits := w.fittingArgument(k)
	return fits && q.Need == ""
}

// fillNeed takes a message for the fact of the reader that was asked for, for this ask
// alone.
func (w conversation) fillNeed(ctx context.Context, k *keyword, q who.Question) *Reply {
	value := clipRunes(strings.Join(strings.Fields(w.ask.Text), " "), optionRunes)
	w.facts = map[string]string{q.Need: value}
	w.trace.What.Tier = tierSlot
	reply := answering(w).answerCandidate(ctx, what.Candidate{Keyword: k.ID, Phrase: w.edition.keywordName(k, w.language)})
	return preferring(w).offerRemembering(reply, q.Need, value)
}

// slotArgument returns what a message says as an argument: as if the keyword had stood
// before it.
func (w conversation) slotArgument(c what.Candidate) string {
	m := w.edition.index.Match(c.Phrase+" "+w.ask.Text, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	if m.Decision == what.Run && len(m.Candidates) == 1 && m.Candidates[0].Keyword == c.Keyword && m.Candidates[0].Argument != "" {
		return m.Candidates[0].Argument
	}
	return strings.TrimSpace(w.ask.Text)
}

// mayFill reports whether a message that is no name is an answer: no keyword, no
// greeting, and no longer than what is asked for.
func (w conversation) mayFill(k *keyword, needsPlace bool, place string) bool {
	m := w.match
	if strings.TrimSpace(w.ask.Text) == "" || m.Decision == what.Run && !m.Corrected || m.Decision == what.None && isGreeting(m) {
		return false
	}
	switch kind := slot.Kind(k.Slot); {
	case kind == slot.Place, needsPlace:
		return place != ""
	case kind != "":
		_, ok := slot.Parse(kind, w.ask.Text, w.ask.At.In(w.zone), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
		return ok
	}
	return answersQuestions(k.source.Source) || len(strings.Fields(w.ask.Text)) <= slotWords
}

// lastAnswered returns the keyword that the reader got an answer from last, as long as a
// question would be open; nil where there is none.
func (w conversation) lastAnswered() *keyword {
	if len(w.reader.Recent) == 0 || who.PullMoment(w.ask.At).Sub(w.reader.Recent[0].At) > questionOpen {
		return nil
	}
	return w.edition.keywordByID(w.reader.Recent[0].Keyword)
}

// fillLast takes a message that means nothing by itself, or several keywords, for what
// the keyword that was answered last may be asked for: "weather", and then "Leeds". It
// is answered in the language of that answer; nil where it does not fit.
func (w conversation) fillLast(ctx context.Context) *Reply {
	k := w.lastAnswered()
	if k == nil || w.ask.Tap != "" || w.channel.Proxy || w.match.Reason == what.ReasonNegated {
		return nil
	}
	c := what.Candidate{Keyword: k.ID}
	var fits bool
	if c.Argument, fits = w.refinedArgument(k); fits {
		w.refined = cmp.Or(w.match.Core, w.ask.Text)
	} else {
		if c.Argument, fits = w.fittingArgument(k); !fits || w.match.Decision == what.Offer && !w.offersAlone(c) {
			return nil
		}
	}
	w.speakAsLast()
	c.Phrase = w.edition.keywordName(k, w.language)
	w.trace.What.Tier, w.trace.What.Reason, w.trace.What.Corrected = tierSlot, "", false
	return answering(w).answerCandidate(ctx, c)
}

// refinedArgument returns the argument of the last answer with what the message says of it.
func (w conversation) refinedArgument(k *keyword) (argument string, fits bool) {
	source, refines := k.source.Source.(Refined)
	last := w.reader.Recent[0].Argument
	if !refines || !k.takesWords() || last == "" || strings.HasSuffix(last, dots) {
		return "", false
	}
	for _, said := range []string{w.match.Core, w.ask.Text} {
		if argument, fits = source.Refine(last, said); fits {
			break
		}
	}
	return argument, fits
}

// speakAsLast has the message answered in the language of the last answer.
func (w conversation) speakAsLast() {
	if tag, ok := w.edition.matchLanguage(w.reader.Recent[0].Language); ok {
		w.language, w.trace.Who.Language, w.trace.Who.From = tag, tag, "phrase"
		w.setLocalizer()
	}
}

// offersAlone reports whether an entry is offered, and no other one of its keyword.
func (w conversation) offersAlone(c what.Candidate) bool {
	same := 0
	for _, o := range w.match.Candidates {
		if o.Keyword != c.Keyword {
			continue
		}
		if same++; o.Argument != c.Argument {
			return false
		}
	}
	return same > 0
}

// fittingArgument returns what a message says, beside words that only ask, as an argument
// of a keyword, if it looks like one: an entry that its source knows, a value of its
// slot, or where that is a place, a name by itself or behind a preposition.
func (w conversation) fittingArgument(k *keyword) (argument string, fits bool) {
	if !k.takesWords() {
		return "", false
	}
	kind := slot.Kind(k.Slot)
	if kind == "" && answersDays(k.source.Source) {
		kind = slot.Date
	}
	if t, named := w.termSaid(k); named {
		return t.Value, true
	}
	switch kind {
	case slot.Date, slot.Number, slot.Amount, slot.Language:
		for _, said := range []string{w.ask.Text, w.match.Core} {
			if _, fits = slot.Parse(kind, said, w.ask.At.In(w.zone), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...); fits {
				return said, true
			}
		}
	}
	if kind == slot.Place && len(w.match.Runners) == 0 {
		argument = w.placeBeside(w.ask.Text)
	}
	return argument, argument != ""
}

// termSaid returns the entry that a keyword is asked for by a message, or by what is left
// of it without the words that only ask.
func (w conversation) termSaid(k *keyword) (what.Term, bool) {
	t, named := w.local.namedTerm(k, w.ask.Text)
	if !named && w.match.Core != "" {
		t, named = w.local.namedTerm(k, w.match.Core)
	}
	return t, named
}

// isNameMisread reports whether a message is taken for a command that is not spelt so, and
// fits the question that is open or what was answered last.
func (w conversation) isNameMisread(question *who.Question) bool {
	if w.match.Decision != what.Reserved || !w.match.Corrected || w.ask.Tap != "" || w.match.Command == command.Stop {
		return false
	}
	if question != nil && question.Asks != nil {
		return true
	}
	k := w.lastAnswered()
	if question != nil && question.Slot != "" && !question.Past {
		k = w.edition.keywordByID(question.Slot)
	}
	if k == nil {
		return false
	}
	_, fits := w.fittingArgument(k)
	return fits
}
