package pull

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// How long what was asked in vain is remembered for learning, how long an ask
// can be to be proposed as an alias, and what a trace keeps of it, in
// characters.
const (
	missOpen   = time.Minute
	aliasRunes = 60
	// quotedRunes is what is quoted of a message that is not understood.
	quotedRunes = 40
	coreRunes   = 120
)

// greetingBytes is more than anybody takes to say hello; what is longer was
// not read to its end.
const greetingBytes = 400

// isGreeting reports whether a message asked for nothing: the index read it and
// left nothing that was asked.
func isGreeting(m what.Match) bool {
	return m.Core == "" && (m.Reason != "" || m.Unknown == "")
}

// commandGreet marks a message that asked for nothing; no word calls it.
const commandGreet command.Command = journal.Greeting

// commandWrong marks a message that says that an answer is not right.
const commandWrong command.Command = "wrong"

// answerMissed answers a message that no keyword knows: with the word that was not
// understood, what comes nearest, and the way to everything else.
func (w conversation) answerMissed(ctx context.Context) *Reply {
	m := w.match
	blank := strings.TrimSpace(w.ask.Text) == ""
	no := !w.ask.Group && choiceWords()[textform.Fold(w.ask.Text)] == choiceNo
	if !no && (desking(w)).wasAway() { // a greeting is the message, too
		if reply := (desking(w)).passMessage(); reply != nil {
			return reply
		}
	}
	if !blank && isGreeting(m) && len(w.ask.Text) <= greetingBytes {
		return w.answerGreeting()
	}
	if no {
		// Nothing is asked any more; no is no word that is missing.
		return w.answerNo(who.Question{})
	}
	if reply := (desking(w)).passMessage(); reply != nil {
		return reply
	}
	if (desking(w)).asksAboutTopic() {
		ordering(w).noteCommand(command.Human)
		return desking(w).answerHuman(ctx)
	}
	if !blank {
		if reply := requesting(w).answerTakingBack(ctx); reply != nil {
			return reply
		}
		if reply := w.fillLast(ctx); reply != nil {
			return reply
		}
		if reply := w.answerMeant(ctx); reply != nil {
			return reply
		}
		if found := w.lookInside(ctx); len(found) > 0 {
			return w.offerInside(ctx, found, w.besideTexts(found))
		}
		if reply := planning(w).answerDay(ctx); reply != nil {
			return reply
		}
		if reply := w.refuseUnread(); reply != nil {
			w.local.addMenu(reply)
			return reply
		}
	}
	w.trace.Outcome = journal.Missed
	if blank || w.namesPlace() {
		return w.refuseAttachment() // where somebody is, is no word that is missing
	}
	w.trace.What.Unknown = m.Unknown
	core := w.noteCore()
	unknown := shortenText(cmp.Or(m.Unknown, w.ask.Text), quotedRunes)
	options, said := questions(w).optionsOf(m.Runners), w.choiceKey()
	if reply := answering(w).answerAsChosen(ctx, said, options); reply != nil {
		return reply
	}
	if reply := w.offerInstruction(ctx, unknown, options); reply != nil {
		return reply
	}
	if len(options) == 0 {
		if reply := w.refuseDay(); reply != nil {
			return reply
		}
		options = questions(w).optionsOf(w.nearestNamed())
	}
	options = append(options, w.askTexts(ctx)...)
	options = options[:min(len(options), offerAtMost)]
	if len(options) == 0 {
		reply := w.local.replyOf(wordUnknown, "word", unknown)
		menu{w.local}.addFeatured(reply)
		planning(w).offerOwed(reply, core)
		return reply
	}
	if reply := w.answerChosen(ctx, options); reply != nil {
		return reply
	}
	reply := w.offerBehindUnknown(unknown, options, core)
	planning(w).offerOwed(reply, core)
	return reply
}

// offerBehindUnknown says what is not known, and offers what may be meant.
func (w conversation) offerBehindUnknown(unknown string, options []who.Option, core string) *Reply {
	lead := wordUnknownNear
	if len(options) == 1 {
		lead = wordUnknownOne
	}
	reply := questions(w).askReader(lead, who.Question{Options: options, Core: core, Said: w.choiceKey()}, "word", unknown, "keyword", options[0].Label)
	reply.Buttons = append(reply.Buttons, w.local.menuButton())
	w.local.addDesk(reply)
	return reply
}

// refuseDay says that the keyword that was answered last has nothing about a day: "and
// tomorrow?". It is nil where the message asks for something else.
func (w conversation) refuseDay() *Reply {
	k := w.lastAnswered()
	if k == nil {
		return nil
	}
	if said, ok := w.saidBehind(); ok && w.saysDay(said) {
		w.speakAsLast()
		return answering(w).withMenu(w.local.replyOf(wordNothing, "keyword", w.local.keywordName(k), "argument", shortenText(said, quotedRunes)))
	}
	return nil
}

// unreadAttachments says of each kind of attachment that nobody looks at it.
var unreadAttachments = map[what.MediaType]Word{ //nolint:gochecknoglobals // it does not change
	what.Image: wordUnreadImage, what.Sound: wordUnreadSound, what.Video: wordUnreadVideo, what.Document: wordUnreadDocument,
	what.Sticker: wordUnreadSticker, what.Contact: wordUnreadContact,
}

// refuseAttachment answers a message without words: honestly, where it was a picture, a
// recording, a file, a sticker, a contact or a place.
func (w conversation) refuseAttachment() *Reply {
	reply := w.local.replyOf(wordEmpty)
	word, known := Word(""), false
	if len(w.ask.Attachments) > 0 {
		word, known = unreadAttachments[w.ask.Attachments[0].Type]
	} else if w.ask.Location != nil {
		word, known = wordUnreadPlace, true
	}
	if known {
		reply.Blocks[0].Text = w.local.textOf(word) + " " + reply.Blocks[0].Text
	}
	return reply
}

// answerGreeting answers a greeting, thanks, or laughter.
func (w conversation) answerGreeting() *Reply {
	ordering(w).noteCommand(commandGreet)
	w.trace.What.Reason = ""
	reply := w.local.replyOf(wordGreet)
	menu{w.local}.addFeatured(reply)
	return reply
}

// addCorrectionNote says below an answer to misspelt words which keyword was answered,
// and offers what else may have been meant; one that asks something itself stays as it is.
func (w conversation) addCorrectionNote(reply *Reply, m what.Match) *Reply {
	if w.reader.Question != nil || w.passing.Question != nil {
		return reply
	}
	note := w.local.textOf(wordNotThat)
	if k := w.edition.keywordByID(m.Candidates[0].Keyword); k != nil && w.trace.Outcome == journal.Answered {
		note = w.local.textOf(wordCorrected, "keyword", w.local.candidateName(k, m.Candidates[0])) + " " + note
	}
	q := who.Question{Options: questions(w).optionsOf(m.Runners), Core: clipRunes(m.Core, aliasRunes), Said: w.choiceKey()}
	return questions(w).addAlternatives(reply, note, q)
}

// addAlternatives says below an answer why it was given, and leaves open what else may
// have been meant.
func (w questions) addAlternatives(reply *Reply, note string, q who.Question) *Reply {
	q.Corrected = true
	buttons := w.keepOpen(q)
	if w.channel.SMS {
		note += " " + w.local.textOf(wordReplyNo)
	} else {
		ways := slices.DeleteFunc(reply.Buttons, func(b Button) bool { return b.Send == w.local.menuButton().Send })
		reply.Buttons = append(append(ways, buttons...), w.local.menuButton())
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: note})
	return reply
}

// noteCore writes what was asked into the trace, and returns it where it is short
// enough to become an alias.
func (w conversation) noteCore() string {
	w.trace.What.Core = clipRunes(w.match.Core, coreRunes)
	if utf8.RuneCountInString(w.match.Core) > aliasRunes {
		return ""
	}
	return w.match.Core
}

// clipRunes returns the first characters of a text.
func clipRunes(s string, runes int) string {
	n := 0
	for i := range s {
		if n == runes {
			return s[:i]
		}
		n++
	}
	return s
}
