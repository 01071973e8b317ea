package pull

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// tierChosen says in a trace that the message was answered by the option that the reader
// took for it before.
const tierChosen = "chosen"

// choiceKey returns what the reader's choice is remembered by: the message without the
// words that only ask; "" for one that asks for several things, or is long.
func (w *work) choiceKey() string {
	said := textform.Fold(cmp.Or(w.match.Core, w.ask.Text))
	if w.ask.Tap != "" || w.match.Decision == what.Run && len(w.match.Candidates) > 1 || utf8.RuneCountInString(said) > aliasRunes {
		return ""
	}
	return said
}

// noteTaken remembers what the reader took of an open question, be it by its keyword.
func (w *work) noteTaken(q *who.Question) {
	if q == nil || q.Said == "" || w.trace.Outcome != journal.Answered || w.trace.What.Tier == tierChosen {
		return
	}
	for _, argument := range []string{w.trace.What.Argument, ""} { // a keyword alone has its own
		o := who.Option{Keyword: w.trace.What.Keyword, Argument: argument}
		if hasOption(q.Options, what.Candidate{Keyword: o.Keyword, Argument: argument}) {
			w.reader = w.reader.Choose(q.Said, o, w.ask.At)
			return
		}
	}
}

// answerAsChosen answers what may mean several things by the one of them that the reader
// has always taken, says so, and leaves the others open; nil where there is none.
func (w answering) answerAsChosen(ctx context.Context, said string, options []who.Option) *Reply {
	i := w.reader.Chosen(said, options, w.ask.At)
	if i < 0 || w.trace.What.Tier == tierChosen {
		return nil
	}
	chosen := options[i]
	w.trace.What.Tier = tierChosen
	reply := w.answerCandidate(ctx, what.Candidate{Keyword: chosen.Keyword, Argument: chosen.Argument})
	if w.trace.Outcome != journal.Answered {
		return reply
	}
	w.reader = w.reader.Choose(said, chosen, w.ask.At)
	others := slices.Concat(options[:i], options[i+1:])
	note := w.local.textOf(wordAsChosen)
	if w.channel.SMS {
		note += " " + w.local.textOf(wordNotThat)
	}
	return questions(w).addAlternatives(reply, note, who.Question{Options: others, Said: said, Chosen: true})
}
