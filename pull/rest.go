package pull

import (
	"context"
	"slices"

	"keypull/pull/journal"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// keepCut keeps where MORE goes on with an answer that the channel cuts, and offers that.
// The answer is complete by then: whatever else it says takes room.
func (w noting) keepCut(reply *Reply) {
	if w.channel.Cut == nil || w.trace.Outcome != journal.Answered || replyRunes(reply) < w.channel.Room/2 {
		return
	}
	if _, cut := w.channel.Cut(*reply); !cut {
		return
	}
	more := Button{Label: wordMenuMore.inLanguage(reply.Language), Send: tapCommand + string(command.More)}
	if !slices.Contains(reply.Buttons, more) {
		reply.Buttons = append(reply.Buttons, more)
	}
	c := who.Cursor{Place: who.Place{Language: reply.Language}}
	if w.reader.Cursor != nil {
		c = *w.reader.Cursor
	}
	c.Cut, c.Expires = w.ask.ID, w.ask.At.Add(moreOpen)
	w.reader.Cursor = &c
}

// answerRest answers with what the channel had no room for in an answer, as it was told
// then; nil where no record has it any more, or one of its keywords is not there now.
func (w answering) answerRest(ctx context.Context, c *who.Cursor) *Reply {
	w.reader.Cursor = nil
	behind := *c
	if behind.Cut = 0; !behind.Menu() {
		w.reader.Cursor = &behind
	}
	if w.past == nil || w.channel.Cut == nil {
		return nil
	}
	t, reply, ok, err := w.past.Settled(ctx, c.Cut)
	if err != nil {
		w.noteFailure(err)
	}
	if !ok || reply == nil {
		return nil
	}
	told := reply.Answers
	if len(told) == 0 {
		told = []Answer{{Keyword: t.What.Keyword}}
	}
	for _, one := range told {
		k := w.edition.keywordByID(one.Keyword)
		if k == nil {
			return nil
		}
		if refusal := w.answerShut(k); refusal != nil {
			return refusal
		}
		if refusal := w.refuseOutsideTime(k); refusal != nil {
			return refusal
		}
	}
	rest, cut := w.channel.Cut(*reply)
	if !cut {
		return nil
	}
	if reply.TooOld(w.ask.At) {
		over, trace := w.edition.Overdue(*reply, t, w.ask.At)
		w.trace.Outcome, w.trace.Error = trace.Outcome, trace.Error
		return w.withMenu(&over)
	}
	rest = rest.retold(w.ask.At)
	w.private = reply.Proof == ""
	w.trace.What.Keyword, w.trace.What.Argument, w.trace.Wishes, w.trace.When = t.What.Keyword, t.What.Argument, t.Wishes, t.When
	w.trace.Outcome = journal.Answered
	if w.reader.Cursor != nil {
		rest.Buttons = append(rest.Buttons, w.local.commandButton(wordMenuMore, command.More))
	}
	return &rest
}
