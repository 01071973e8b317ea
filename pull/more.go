package pull

import (
	"context"
	"time"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// Bounds of what MORE goes on with: for how long after an answer, how far into
// its list, and how long an argument the reader's document keeps for it, in
// characters.
const (
	moreOpen  = 30 * time.Minute
	moreAtAll = 10_000
	moreRunes = 60
)

// follow keeps where MORE goes on behind an answer: it always means the last.
func (w answering) follow(k *keyword, found Selection, q Query) {
	w.reader.Cursor = nil
	next := q.Offset + len(found.Items)
	if !found.More || next > moreAtAll || utf8.RuneCountInString(q.Argument) > moreRunes {
		return
	}
	w.reader.Cursor = &who.Cursor{
		Keyword: k.ID, Argument: q.Argument, Offset: next, Began: q.First(), Expires: w.ask.At.Add(moreOpen),
	}
}

// more answers with what stands behind the last answer.
func (w answering) more(ctx context.Context) *Reply {
	c := w.reader.Cursor
	w.reader.Cursor = nil
	if c == nil || w.ask.At.After(c.Expires) || w.edition.keywords[c.Keyword] == nil {
		return w.say(wordNoMore)
	}
	k := w.edition.keywords[c.Keyword]
	w.from = c
	w.trace.What.Keyword, w.trace.What.Argument, w.trace.When.Source = k.ID, c.Argument, k.Source
	if reply := w.unavailable(k); reply != nil {
		return reply
	}
	reply := w.answer(ctx, k, c.Argument)
	switch {
	case w.trace.Outcome == journal.Refused:
		// Upstream may be back in a moment: MORE still goes on from here.
		w.reader.Cursor = c
	case w.reader.Cursor != nil:
		reply.Buttons = append(reply.Buttons, Button{Label: w.words(wordMenuMore), Send: tapCommand + string(command.More)})
	}
	return reply
}
