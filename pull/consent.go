package pull

import (
	"keypull/pull/journal"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// What a reply says to a channel's page of the consent that its reader has just given or
// refused, so that the page shows it.
const (
	consentGiven   = "given"
	consentRefused = "refused"
)

// Keeps reports whether anything of a reader may be kept beyond the answer: where a channel
// asks for consent, once that is given; and never where readers may be children, since
// theirs would be none.
func (e *Edition) Keeps(c Channel, consent who.Consent) bool {
	return !e.UnderAge && (c.Consent == "" || consent.Given)
}

// keeps reports whether anything of the reader may be kept beyond the answer.
func (w *work) keeps() bool { return w.edition.Keeps(w.channel, w.reader.Consent) }

// noteDecision takes down what the reader says to the channel's text, for the reader's
// document; the returned word is for the reply.
func (w *work) noteDecision(given bool) string {
	w.reader.Consent = w.consentNow(given)
	if given {
		return consentGiven
	}
	return consentRefused
}

// renewConsent asks a reader below an answer whether they still agree, where the channel's
// text is another than the one that they agreed to: once for each text.
func (w noting) renewConsent(reply *Reply) {
	c := w.reader.Consent
	if reply == nil || w.ask.Group || w.channel.Consent == "" || !c.Given || c.Text == "" || w.reader.State != who.Active ||
		w.reader.Question != nil || w.trace.Outcome != journal.Answered {
		return
	}
	version := textVersion(w.channel.Consent)
	if c.Text == version || c.Asked == version {
		return
	}
	w.reader.Consent.Asked = version
	questions(w).keepOpen(who.Question{Renews: true})
	reply.Blocks = append(reply.Blocks, Block{Kind: Note, Own: true, Text: w.local.textOf(wordConsentAgain, "text", w.channel.Consent)})
	reply.Buttons = append(reply.Buttons, questions(w).yesOrNo()...)
}

// answerRenewal takes down whether the reader agrees to the channel's new text.
func (w instructing) answerRenewal(given bool) *Reply {
	ordering(w).noteCommand(command.Drop)
	said := wordNotKept
	if given {
		said = wordConsentAgreed
	}
	reply := w.local.replyOf(said)
	reply.Consent = w.noteDecision(given)
	return reply
}
