package pull

import (
	"context"
	"slices"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
)

// rights are the commands by which readers claim what is theirs, with what is
// said before whom to turn to: people serve them until the service does.
var rights = map[command.Command]Word{
	command.MyData: wordRightData,
	command.Forget: wordRightForget,
	command.Human:  wordRightHuman,
	command.Why:    wordRightWhy,
}

// answerRight names who serves a claim: the publisher's contact, and where its notice
// stands. Addresses end their lines, so that no sign is taken for part of them.
func (w ordering) answerRight(lead string) *Reply {
	text := lead + " " + w.contactText()
	if w.edition.Privacy != "" {
		text += "\n" + w.local.textOf(wordNotice, "privacy", w.edition.Privacy)
	}
	return &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Own: true, Text: text}}}
}

// answerNobody says that no person reads along, and how the publisher is reached: what its
// own keyword tells of that, else whom to turn to.
func (w ordering) answerNobody(ctx context.Context) *Reply {
	lead := w.local.textOf(wordRightNobody)
	for _, k := range w.edition.order {
		s, ok := k.source.Source.(Reached)
		if !ok || w.edition.Contact != "" || !k.isAvailable(w.ask.At, w.edition.Zone) || !s.TellsContact() {
			continue
		}
		if reply := answering(w).answerCandidate(ctx, what.Candidate{Keyword: k.ID}); w.trace.Outcome == journal.Answered {
			reply.Blocks = slices.Insert(reply.Blocks, 0, Block{Kind: Paragraph, Own: true, Text: lead})
			return reply
		}
		w.noteCommand(command.Human)
	}
	return w.answerRight(lead)
}

// rememberedChoices lists what the reader is answered at once, since it was chosen before.
func (w ordering) rememberedChoices() []Block {
	var lines []string
	for _, c := range w.reader.KnownChoices(w.ask.At) {
		if k := w.edition.keywordByID(c.Keyword); k != nil {
			lines = append(lines, c.Said+": "+w.local.candidateName(k, what.Candidate{Keyword: c.Keyword, Argument: c.Argument}))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return []Block{{Kind: Paragraph, Own: true, Text: w.local.textOf(wordMyChoices)}, {Kind: Bullets, Lines: lines, Tight: true}}
}

// contactText says whom readers may turn to.
func (w ordering) contactText() string {
	if w.edition.Contact == "" {
		return w.local.textOf(wordTurnTo, "publisher", w.edition.Name)
	}
	return w.local.textOf(wordWriteTo, "publisher", w.edition.Name, "contact", w.edition.Contact)
}

// isClaim reports whether a command is answered after STOP as well, by one message:
// what a reader is owed, and whom to turn to.
func isClaim(c command.Command) bool {
	_, owed := rights[c]
	return owed || c == command.Help || c == command.Paid
}
