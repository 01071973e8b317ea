package pull

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// hearing finds out what an ask says, and in which language it is answered.
type hearing struct{ *work }

// hearMessage reads the message, settles what is asked and in which language it is answered.
func (w hearing) hearMessage(ctx context.Context) {
	foreign := w.readTap()
	w.noteConsent()
	w.readWords()
	w.readForeignPayload(foreign)
	w.readLabel(ctx)
	w.readInstruction()
	w.settleLanguage()
}

// readWords settles what the words of a message mean. A payload is no words, although some
// platforms send it as the text.
func (w hearing) readWords() {
	w.match = what.Match{Decision: what.None}
	switch {
	case w.readCode():
		w.match = what.Match{Decision: what.Reserved, Command: commandJoin, Tier: what.TierCommand}
	case w.readNumber():
		w.match = what.Match{Decision: what.Reserved, Command: commandRequest, Tier: what.TierCommand}
	case w.readProof():
		w.match = what.Match{Decision: what.Reserved, Command: command.Check, Tier: what.TierCommand}
	case w.readAlarm():
		w.match = what.Match{Decision: what.Reserved, Command: commandAlarm, Tier: what.TierCommand}
	case w.readMove():
		w.match = what.Match{Decision: what.Reserved, Command: command.MyData, Tier: what.TierCommand}
	case w.ask.Tap == "" || w.ask.Tap != w.ask.Text:
		w.match = w.edition.index.Match(w.ask.Text, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
		if w.refusesCode() {
			w.match = what.Match{Decision: what.Reserved, Command: commandJoin, Tier: what.TierCommand}
		}
	}
}

// readInstruction takes the likeliest of what the message may be an instruction for.
func (w hearing) readInstruction() { w.instruction = likeliest(w.match) }

// likeliest returns the likeliest of what a message may be an instruction for, if it is one.
func likeliest(m what.Match) (in instruction.Instruction) {
	if len(m.Instructions) > 0 {
		in = m.Instructions[0]
	}
	return in
}

// readTap takes a payload that came as text, as web pages send it, for a tap, and a
// tap whose payload is not ours for its words: what is written on the button, else
// the payload. It returns such a payload where there are both.
func (w hearing) readTap() (foreign string) {
	switch {
	case w.ask.Tap == "" && len(w.ask.Text) <= maxPayload && isOwnPayload(w.ask.Text) && !strings.ContainsAny(w.ask.Text, " \n\t"):
		w.ask.Tap = w.ask.Text
	case w.ask.Tap == "" || isOwnPayload(w.ask.Tap):
	case strings.TrimSpace(w.ask.Text) == "" || w.ask.Text == w.ask.Tap:
		w.ask.Text, w.ask.Tap = w.ask.Tap, ""
	default:
		foreign, w.ask.Tap = w.ask.Tap, ""
	}
	return foreign
}

// readForeignPayload reads the payload of a button that is not ours, if its label is not
// understood.
func (w hearing) readForeignPayload(foreign string) {
	if foreign == "" || w.match.Decision == what.Run || w.match.Decision == what.Reserved {
		return
	}
	m := w.edition.index.Match(foreign, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	if m.Decision == what.Run || m.Decision == what.Reserved {
		w.ask.Text, w.match = foreign, m
	}
}

// readLabel takes a message for a tap on the button that has it for its label, where one was shown
// within the last minutes and the message is no keyword or command by itself.
func (w hearing) readLabel(ctx context.Context) {
	if w.ask.Tap != "" || w.ask.Group || w.channel.Proxy || w.ask.Text == "" || utf8.RuneCountInString(w.ask.Text) > optionRunes || !w.mayBeLabel() {
		return
	}
	if w.ask.Tap = w.tapLabelled(w.passing.Taps); w.ask.Tap != "" {
		return
	}
	for t, reply := range w.settledBefore(ctx, whyLooksBack) {
		if w.ask.At.Sub(t.At) > questionOpen {
			return
		}
		if reply == nil {
			continue
		}
		var shown []who.Tap
		for _, b := range reply.Buttons {
			shown = append(shown, who.Tap{Label: b.Label, Send: b.Send})
		}
		if w.ask.Tap = w.tapLabelled(shown); w.ask.Tap != "" {
			w.shownIn = reply.Language
			return
		}
	}
}

// mayBeLabel reports whether a message is worth looking for among the labels of buttons: it means
// nothing by itself, or is worded as the button that has something remembered, whatever that is
// the name of.
func (w hearing) mayBeLabel() bool {
	switch w.match.Decision {
	case what.Run, what.Reserved:
		if !w.match.Corrected && (planning(w).isWhole() || !w.isWordedAs(wordRememberThat, "value")) {
			return false
		}
	}
	return true
}

// isWordedAs reports whether a message begins and ends as a sentence of the publisher's languages
// does around what fills it.
func (w hearing) isWordedAs(word Word, gap string) bool {
	const filling = "x1x"
	said := textform.Fold(w.ask.Text)
	return slices.ContainsFunc(w.edition.Languages, func(tag string) bool {
		before, after, ok := strings.Cut(textform.Fold(word.inLanguage(w.edition.servedLanguage(tag, w.ask.Language), gap, filling)), filling)
		return ok && strings.HasPrefix(said, before) && strings.HasSuffix(said, after)
	})
}

// tapLabelled returns what the button sends whose label the message is; "" where that is none of
// those that were shown. The options of a question are its own to read.
func (w hearing) tapLabelled(shown []who.Tap) string {
	said := textform.Fold(w.ask.Text)
	for _, t := range shown {
		if textform.Fold(t.Label) == said && isOwnPayload(t.Send) && !strings.HasPrefix(t.Send, tapOption) {
			return t.Send
		}
	}
	return ""
}

// noteConsent notes what came with the message.
func (w hearing) noteConsent() {
	if w.channel.Consent == "" || w.ask.Consent == "" {
		return
	}
	given := w.ask.Consent == "given"
	if w.reader.Consent.Given == given && w.reader.Consent.Refused != given {
		return
	}
	w.reader.Consent = w.consentNow(given)
}

// consentNow returns what the reader says to the channel's text at this moment.
func (w *work) consentNow(given bool) who.Consent {
	return who.Consent{Given: given, Refused: !given, At: w.ask.At, Channel: w.ask.Channel, Text: textVersion(w.channel.Consent)}
}

// settleLanguage decides which language to answer in, and says why: that of the
// phrase, of the command or of the question that is open, that of a message in which
// nothing was recognised, what the reader chose, that of the words beside a name, what the
// platform says, the publisher's first. None but the publisher's own
// count. A program says outright which one its reader has.
func (w hearing) settleLanguage() {
	w.language, w.trace.Who.From = w.edition.Languages[0], "publisher"
	chosen, told := func() string { return w.reader.Language }, func() string { return w.ask.Language }
	ways := []struct {
		tag  func() string // asked for only where those before tell none
		from string
	}{{w.languageAround, "message"}, {w.recognisedLanguage, "phrase"}, {w.writtenLanguage, "message"}, {chosen, "reader"}, {w.languageBeside, "message"}, {told, "platform"}}
	if w.channel.Proxy {
		slices.Reverse(ways)
	}
	for _, l := range ways {
		if tag, ok := w.edition.matchLanguage(l.tag()); ok {
			w.language, w.trace.Who.From = tag, l.from
			break
		}
	}
	w.zone = w.edition.Zone
	if z, err := time.LoadLocation(w.reader.TimeZone); err == nil && w.reader.TimeZone != "" {
		w.zone = z
	}
	w.trace.Who.Language, w.trace.Who.Zone = w.language, w.zone.String()
	w.setLocalizer()
}

// recognisedLanguage returns the language of the words that were recognised, or "" if they are of
// several, or none were: of an instruction those around what it names.
func (w hearing) recognisedLanguage() string {
	if w.shownIn != "" {
		return w.shownIn
	}
	if len(w.match.Candidates) == 0 || w.match.Command == command.Paid {
		if q := (questions(w)).openQuestion(); q != nil && (!q.Past || questions(w).readChoice(*q) != choiceNone) {
			return q.Language
		}
		if c := w.reader.Cursor; c != nil && w.wantedCommand() == command.More {
			return c.Language // it goes on as it began
		}
		return cmp.Or(w.checkedIn, command.Language(w.ask.Text))
	}
	if w.match.Decision == what.Reserved && w.instruction.Language != "" {
		return w.instruction.Language
	}
	language := w.match.Candidates[0].Language
	for _, c := range w.match.Candidates {
		if c.Language != language {
			return ""
		}
	}
	return language
}

// writtenLanguage returns the language of a message in which no wording was recognised: a greeting, a
// sentence that asks for what is not there, a command in words of its own.
func (w hearing) writtenLanguage() string {
	if w.ask.Tap != "" || w.match.Decision != what.None && w.match.Decision != what.Reserved {
		return ""
	}
	return what.Written(w.ask.Text, w.edition.Languages)
}

// languageBeside returns the language of what is said beside a name that is of none: "combien
// vaut Infosys ?".
func (w hearing) languageBeside() string {
	if w.ask.Tap != "" || len(w.match.Candidates) == 0 {
		return ""
	}
	text := textform.Fold(w.ask.Text)
	for _, c := range w.match.Candidates {
		text = strings.ReplaceAll(text, textform.Fold(cmp.Or(c.Phrase, c.Argument)), " ")
	}
	if strings.TrimSpace(text) == "" && conversation(w).readInside(w.ask.Text).refuses {
		text = w.ask.Text // "tiramisu ohne Alkohol" is more than a name
	}
	return what.Written(text, w.edition.Languages)
}

// languageAround returns the language of what is said around a word that may be meant: "comment
// je vous contacte", which is near to an English phrase.
func (w hearing) languageAround() string {
	if w.match.Decision != what.Offer {
		return ""
	}
	return w.languageBeside()
}

// wantedCommand returns the command of a message, by tap or by words. CANCEL, END
// and QUIT close what is open first.
func (w hearing) wantedCommand() command.Command {
	if c, ok := strings.CutPrefix(w.ask.Tap, tapCommand); ok {
		name, _, _ := strings.Cut(c, ":")
		return command.Command(name)
	}
	if w.ask.Tap == "" && w.match.Decision != what.Run && w.isTypedMore() {
		return command.More
	}
	if w.ask.Tap != "" || w.match.Decision != what.Reserved || w.isAnswer() {
		return ""
	}
	if w.match.Command == command.Stop && !w.channel.SMS && command.Closes(w.ask.Text) && w.hasOpenMatter() {
		return command.Drop
	}
	return w.match.Command
}

// isAnswer reports whether what looks like a command is what somebody said who was asked for
// words, or speaks with a person: what no list has as a command, or is about something paid for, unless
// it is STOP. What confirms a request is, whatever else it says: "oui c'est bon".
func (w hearing) isAnswer() bool {
	q := (questions(w)).openQuestion()
	if q != nil && q.Asks != nil && q.Asks.SumsUp && (questions(w)).readAgreement() == choiceYes {
		return true
	}
	if !w.match.Amid && w.match.Command != command.Paid || w.match.Command == command.Stop {
		return false
	}
	return w.reader.Mode == who.Human || q != nil && q.Asks != nil
}

// hasOpenMatter reports whether there is something that CANCEL, END and QUIT close, so
// that they do not mean STOP. On a channel that sends nothing by itself there is
// nothing to stop but what the reader ordered.
func (w hearing) hasOpenMatter() bool {
	if w.reader.Mode != who.Bot {
		return true
	}
	// The question below an answer is not what a reader would close.
	if q := (questions(w)).openQuestion(); q != nil && !q.Corrected && !q.Renews {
		return true
	}
	return (planning(w)).justOrdered() != nil || requesting(w).requestMeant(context.Background()) != nil || (w.ask.Fleeting || w.channel.Guests) && len(w.reader.Laters) == 0
}

// isTypedMore reports whether a message is the label of the MORE button of the list
// above it.
func (w hearing) isTypedMore() bool {
	c := w.reader.Cursor
	return c != nil && !w.ask.At.After(c.Expires) &&
		textform.Fold(w.ask.Text) == textform.Fold(wordMenuMore.inLanguage(w.edition.servedLanguage(c.Language, w.ask.Language)))
}

// wantsPersonal reports whether a program asks for what is a reader's own.
func (w hearing) wantsPersonal() bool {
	if !w.channel.Proxy {
		return false
	}
	switch w.wantedCommand() {
	case "", command.Start, command.Help, command.Menu, command.More, command.Drop, command.Bot, command.About, command.Abuse, command.Danger, command.Paid, command.Human, command.Why, command.Proof, command.Check:
		return false
	}
	return true
}
