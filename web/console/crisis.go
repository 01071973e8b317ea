package console

import (
	"slices"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// judgeCrisisLine finds a crisis text whose line takes more than one message where the
// publisher has a channel of short messages.
func (p publishers) judgeCrisisLine(r *review, pub *catalogue.Setup, v *catalogue.Publisher) {
	if len(v.Crisis.Text) == 0 || pub == nil || !slices.ContainsFunc(pub.Channels, p.sendsShortMessages) {
		return
	}
	for _, language := range v.Languages {
		if over := runesOver(words.Core().Say(language, "reply.crisis", words.Args{"text": v.Crisis.Text.In(language)})); over > 0 {
			r.addDocProblem("publisher.crisis.text", "document.crisis_segment", "language", language, "n", over)
			return
		}
	}
}

func (p publishers) sendsShortMessages(c catalogue.Channel) bool {
	k, ok := p.Kinds.Messenger(c.Kind)
	return ok && k.Preview != nil && k.Preview.Limits().SMS
}

// runesOver returns by how many characters a line passes one short message, as it is sent.
func runesOver(line string) (over int) {
	for text := line; ; over++ {
		sent := messengers.Shape(pull.Reply{Blocks: []pull.Block{{Kind: pull.Note, Text: text}}}, messengers.SMSLimits())
		if len(sent) == 0 {
			return over
		}
		if n, _ := messengers.Segments(sent[0].Text); n == 1 && len(sent) == 1 {
			return over
		}
		_, last := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-last]
	}
}
