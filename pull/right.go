package pull

import "keypull/pull/what/command"

// rights are the commands by which readers claim what is theirs, with what is
// said before whom to turn to: people serve them until the service does.
var rights = map[command.Command]Word{
	command.MyData: wordRightData,
	command.Forget: wordRightForget,
	command.Human:  wordRightHuman,
	command.Why:    wordRightWhy,
}

// right names who serves a claim: the publisher's contact, and where its notice
// stands. Addresses end their lines, so that no sign is taken for part of them.
func (w ordering) right(lead Word) *Reply {
	text := w.words(lead) + " "
	if w.edition.Contact == "" {
		text += w.words(wordTurnTo, "publisher", w.edition.Name)
	} else {
		text += w.words(wordWriteTo, "publisher", w.edition.Name, "contact", w.edition.Contact)
	}
	if w.edition.Privacy != "" {
		text += "\n" + w.words(wordNotice, "privacy", w.edition.Privacy)
	}
	return &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Text: text}}}
}

// personal reports whether a command is about one reader alone, so that its
// answer must not be given before others.
func personal(c command.Command) bool {
	switch c {
	case command.MyData, command.Forget, command.Human, command.Why,
		command.Save, command.Unsave, command.My, command.Link, command.Unlink:
		return true
	}
	return false
}

// aside asks the member of a group who wants something of their own to write in
// private.
func (w ordering) aside(c command.Command) *Reply {
	w.ordered(c)
	return w.say(wordAside, "publisher", w.edition.Name)
}
