package pull

import (
	"context"
	"strings"

	"keypull/pull/journal"
	"keypull/pull/what"
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
	t, named := w.local.namedTerm(k, w.ask.Text)
	if !named && !w.mayFill(k) {
		return nil
	}
	c := what.Candidate{Keyword: k.ID, Argument: t.Value, Phrase: w.edition.keywordName(k, w.language)}
	if !named {
		c.Argument = w.slotArgument(c)
	}
	w.trace.What.Tier = tierSlot
	reply := answering(w).answerCandidate(ctx, c)
	if w.trace.Outcome == journal.Refused && w.reader.Question == nil {
		questions(w).keepOpen(q)
	}
	return reply
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
func (w conversation) mayFill(k *keyword) bool {
	m := w.match
	if strings.TrimSpace(w.ask.Text) == "" || m.Decision == what.Run && !m.Corrected || m.Decision == what.None && isGreeting(m) {
		return false
	}
	if k.Slot != "" {
		_, ok := slot.Parse(slot.Kind(k.Slot), w.ask.Text, w.ask.At.In(w.zone), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
		return ok
	}
	return answersQuestions(k.source.Source) || len(strings.Fields(w.ask.Text)) <= slotWords
}
