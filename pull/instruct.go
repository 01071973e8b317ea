package pull

import (
	"cmp"
	"context"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
	"keypull/pull/who"
)

// carryOut carries out what a reader says with something in it: what to remember, to keep,
// to go on with. It is nil where the message is no such instruction, or the reader has
// nothing that it could be about.
func (w instructing) carryOut(ctx context.Context) *Reply {
	if w.ask.Tap != "" || w.ask.Group || w.channel.Proxy {
		return nil
	}
	for _, in := range w.match.Instructions {
		w.instruction = in
		if reply := w.carryOutOne(ctx); reply != nil {
			return reply
		}
	}
	if len(w.match.Instructions) == 0 {
		if reply := w.rateLast(ctx, ThumbOf(w.ask.Text)); reply != nil {
			return reply
		}
		return w.goOn(ctx)
	}
	return nil
}

// carryOutOne carries out what the message says by one of its readings.
func (w instructing) carryOutOne(ctx context.Context) *Reply {
	in := w.instruction
	switch in.Kind {
	case instruction.List:
		if list, ok := w.ownList(in.Gaps[instruction.OnList]); ok {
			return answering(w).answerSaved(ctx, list, time.Time{})
		}
	case instruction.ListAdd:
		if list, ok := w.ownList(in.Gaps[instruction.OnList]); ok && in.Gaps[instruction.Unknown] != "" {
			return w.saveWords(nil, list, in.Gaps[instruction.Unknown])
		}
	case instruction.ListDrop, instruction.Unprefer:
		if list, ok := w.ownList(cmp.Or(in.Gaps[instruction.OnList], in.Gaps[instruction.Name])); ok {
			return w.dropList(list)
		}
		if in.Kind == instruction.ListDrop {
			return w.refuseEmptyList()
		}
	case instruction.ListMake:
		if in.Gaps[instruction.Words] == "" {
			return w.refuseEmptyList()
		}
	case instruction.Unsave:
		if in.Gaps[instruction.Words] == "" {
			return w.dropLast()
		}
	case instruction.Good:
		return w.rateLast(ctx, 1)
	case instruction.Bad:
		return w.rateLast(ctx, -1)
	case instruction.Complaint:
		if w.match.Decision == what.Run {
			return nil // it is answered, and a person is asked for below
		}
		return desking(w).answerComplaint(ctx)
	case instruction.Owe:
		return planning(w).orderOwed(ctx, planning(w).missedLately())
	case instruction.About, instruction.AboutWord:
		return nil // a command
	case instruction.Thanks:
		return w.answerThanks()
	case instruction.Also, instruction.Last, instruction.Nth, instruction.Again, instruction.NotThat, instruction.Wrong:
		return w.goOn(ctx)
	}
	return preferring(w).carryOut(ctx)
}

// commandAside marks a message that is for a private chat; no word calls it.
const commandAside command.Command = "aside"

// askAside asks the member of a group who says something of themselves or of the last answer,
// complains, or wants to be told later, to write in private; nil where the message does none of
// that, or runs a keyword.
func (w instructing) askAside() *Reply {
	if w.match.Decision == what.Run && !w.match.Corrected {
		return nil
	}
	for _, in := range w.match.Instructions {
		switch in.Kind {
		case instruction.Lives:
			continue
		case instruction.Wrong, instruction.Complaint, instruction.Owe:
			return ordering(w).askInPrivate(commandAside)
		}
		if preferring(w).tellsSomething(in) {
			return ordering(w).askInPrivate(commandAside)
		}
	}
	return nil
}

// carryOutFact remembers a fact that the message tells, if it does; else it is nil.
func (w instructing) carryOutFact(ctx context.Context) *Reply {
	for _, in := range w.match.Instructions {
		if w.instruction = in; in.Kind == instruction.City || in.Kind == instruction.Prefer {
			return preferring(w).carryOut(ctx)
		}
	}
	return nil
}

// mayKeep reports whether something of the reader may be kept, who is no group.
func (w instructing) mayKeep() bool {
	return !w.ask.Group && w.keeps()
}

// askConsent asks a reader who wants something kept whether it may be, with the text that
// the channel has for that. What is wanted is done when the answer is yes.
func (w instructing) askConsent(ctx context.Context) *Reply {
	if w.edition.UnderAge {
		return w.refuseKeeping(ctx, commandPrefer)
	}
	w.trace.Outcome = journal.Offered
	q := who.Question{Wish: clipRunes(cmp.Or(w.ask.Tap, w.ask.Text), optionRunes)}
	if last := w.lastPulled(); last != nil {
		q.Last = last.Named()
	}
	reply := questions(w).askReader(wordConsent, q, "text", w.channel.Consent)
	reply.Buttons = questions(w).yesOrNo()
	return reply
}

// refuseKeeping says that nothing is kept of readers here, below the answer to what else
// the message asks for, or to what is named.
func (w instructing) refuseKeeping(ctx context.Context, c command.Command, named ...what.Candidate) *Reply {
	var reply *Reply
	m := w.match
	switch {
	case len(named) > 0:
		reply = answering(w).answerCandidate(ctx, named[0])
	case w.ask.Tap == "" && len(m.Candidates) > 0 && (m.Decision == what.Reserved || m.Decision == what.Run && !m.Corrected):
		reply = conversation(w).answerNamed(ctx)
	}
	if reply == nil {
		ordering(w).noteCommand(c)
		return answering(w).withMenu(w.local.replyOf(wordKeepsNothing))
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Note, Own: true, Text: w.local.textOf(wordKeepsNothing)})
	return reply
}

// answerConsent does what was wanted when the reader agrees that it is kept. Else it
// answers what was asked, if anything was, and keeps nothing.
func (w instructing) answerConsent(ctx context.Context, q who.Question, given bool) *Reply {
	if q.Need != "" && q.Slot == "" { // of who agreed before
		return preferring(w).answerRemembering(ctx, q, given)
	}
	said := w.noteDecision(given)
	reply := w.doWanted(ctx, q, given)
	if reply != nil {
		reply.Consent = said
	}
	return reply
}

// doWanted does what was wanted before consent was asked for, or what of it needs none.
func (w instructing) doWanted(ctx context.Context, q who.Question, given bool) *Reply {
	w.ask.Tap, w.ask.Text = "", q.Wish
	if q.Last != nil {
		last := *q.Last
		w.passing.Last, last.At = &last, w.ask.At
	}
	hearing(w).readTap()
	w.setLocalizer()
	hearing(w).readWords()
	hearing(w).readInstruction()
	switch {
	case given && w.ask.Tap != "":
		return w.doTapped(ctx)
	case given && w.joining != "":
		return w.joinAlarms(ctx)
	case given && w.asksMove && w.past != nil:
		return w.answerMove(ctx, w.moving, true)
	case given && q.Core != "":
		return planning(w).orderOwed(ctx, q.Core)
	case given:
		if reply := planning(w).answerOrder(ctx, ""); reply != nil {
			return reply
		}
		if k := w.edition.requestMeant(w.match); k != nil {
			return conversation(w).answerMatch(ctx)
		}
		return ordering(w).runCommand(ctx, w.match.Command)
	case w.match.Decision == what.Reserved && len(w.match.Candidates) > 0:
		return conversation(w).answerNamed(ctx)
	case q.Slot != "" && w.instruction.Gaps[instruction.Value] != "":
		w.ask.Text = w.instruction.Gaps[instruction.Value] // for this once
		if reply := conversation(w).fillSlot(ctx, who.Question{Slot: q.Slot, Need: q.Need}); reply != nil {
			return reply
		}
	}
	ordering(w).noteCommand(command.Drop)
	return answering(w).withMenu(w.local.replyOf(wordNotKept))
}

// doTapped does what a button was to do before consent was asked for.
func (w instructing) doTapped(ctx context.Context) *Reply {
	if c := hearing(w).wantedCommand(); c != "" {
		return ordering(w).runCommand(ctx, c)
	}
	return preferring(w).rememberTapped(ctx)
}

// answerNamed answers the keywords that a command names, without the command.
func (w conversation) answerNamed(ctx context.Context) *Reply {
	w.match.Decision, w.match.Command, w.match.Instructions = what.Run, "", nil
	return w.answerMatch(ctx)
}

// offerInstruction asks whether a message which is not understood is an instruction that it
// may be by its words, worded as it would be understood, before the keywords that are near, or
// what it lacks; nil where it is none that can be carried out.
func (w conversation) offerInstruction(ctx context.Context, unknown string, near []who.Option) *Reply {
	if w.ask.Tap != "" || w.ask.Group || w.channel.Proxy {
		return nil
	}
	if _, checks := command.AsksToCheck(w.ask.Text); checks {
		return ordering(w).checkProof(ctx) // with which code
	}
	in, ok := w.edition.index.Guess(w.ask.Text, w.mayInstruct, w.reader.Lists(), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	switch in.Kind {
	case instruction.Language:
		return ordering(w).chooseLanguage(ctx) // which, since it names none
	case instruction.City:
		first, _ := utf8.DecodeRuneInString(toldValue(in))
		ok = ok && preferring(w).isName(toldValue(in)) && !unicode.IsDigit(first)
	}
	said := clipRunes(instruction.Say(in), optionRunes)
	if !ok || said == "" {
		return nil
	}
	w.trace.Outcome = journal.Offered
	options := slices.Insert(near, 0, who.Option{Argument: said, Label: said})
	reply := questions(w).askReader(wordUnknownOne, who.Question{Options: options}, "word", shortenText(unknown, quotedRunes), "keyword", said)
	reply.Buttons = append(reply.Buttons, w.local.menuButton())
	return reply
}

// mayInstruct reports whether a reader may mean an instruction of a kind: there is something
// that it could be about.
func (w conversation) mayInstruct(kind instruction.Kind) bool {
	switch kind {
	case instruction.Save, instruction.ListMake:
		return w.match.Reason != what.ReasonNegated
	case instruction.Unsave:
		return len(w.reader.Saved) > 0
	case instruction.Unlater:
		return len(w.reader.Laters) > 0
	case instruction.ForgetCity:
		return w.reader.Preferences[who.City] != ""
	}
	return true
}
