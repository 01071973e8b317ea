package pull

import (
	"strings"

	"keypull/pull/journal"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// askForget asks a reader once whether all that is held of them is to go.
func (w ordering) askForget() *Reply {
	w.trace.Outcome = journal.Ordered
	reply := questions(w).askReader(wordForgetAsk, who.Question{Erase: true}, "publisher", w.edition.Name)
	reply.Buttons = questions(w).yesOrNo()
	return reply
}

// answerForget has all go that is held of the reader, or keeps it. What is left until the
// one confirmation has arrived is a tombstone; see who.Reader.Tombstone.
func (w ordering) answerForget(yes bool) *Reply {
	w.noteCommand(command.Forget)
	if !yes {
		return w.local.replyOf(wordForgetKept)
	}
	stopped := w.reader.State == who.Stopped
	w.reader.Leaves = w.ask.At
	w.reader = w.reader.Tombstone()
	reply := w.local.replyOf(wordForgetDone, "publisher", w.edition.Name)
	if stopped {
		reply.Blocks[0].Text += " " + w.local.textOf(wordForgetStopped)
	}
	return reply
}

// answersForget reports whether a message answers the question whether all is to go: who
// said STOP may answer that too.
func (w ordering) answersForget() bool {
	q := questions(w).openQuestion()
	if q == nil || !q.Erase || w.ask.Group {
		return false
	}
	if strings.HasPrefix(w.ask.Tap, tapOption) {
		_, token, _ := readOptionPayload(w.ask.Tap)
		return token == q.Token
	}
	c := questions(w).readChoice(*q)
	return w.ask.Tap == "" && (c == choiceYes || c == choiceNo)
}
