package pull

import "keypull/pull/what"

// rights are the commands by which readers claim what is theirs, with what is
// said before whom to turn to: people serve them until the service does.
var rights = map[what.Command]Word{
	what.CommandMyData: wordRightData,
	what.CommandForget: wordRightForget,
	what.CommandHuman:  wordRightHuman,
	what.CommandWhy:    wordRightWhy,
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
func personal(c what.Command) bool {
	switch c {
	case what.CommandMyData, what.CommandForget, what.CommandHuman, what.CommandWhy,
		what.CommandSave, what.CommandUnsave, what.CommandMy, what.CommandLink, what.CommandUnlink:
		return true
	}
	return false
}

// aside asks the member of a group who wants something of their own to write in
// private.
func (w ordering) aside(c what.Command) *Reply {
	w.ordered(c)
	return w.say(wordAside, "publisher", w.edition.Name)
}
