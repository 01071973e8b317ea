package settings

import "keypull/pull/words"

// Starting is the option of a Settings struct whose plug-in can begin with what an
// outlet of some sort is asked most: an editor fills in the answers.
type Starting interface {
	// StarterSets lists what there is, in the order of menus.
	StarterSets() []StarterSet
	// Answering returns the settings that tell a text, by the languages of its wordings.
	Answering(texts map[string]string) map[string]any
}

// StarterSet is what outlets of one sort are asked.
type StarterSet struct {
	// Name is that of the set in addresses.
	Name        string
	Title, Help words.Text
	Entries     []Starter
}

// Starter is something that readers ask.
type Starter struct {
	// Name is that of the entry within its set.
	Name string
	// Phrase are the words to ask for it by, parted by |. Text is an answer with a Gap
	// wherever the outlet's own goes.
	// One with Questions has no Text: it takes a request down, of the kind Request.
	Phrase, Text words.Text
	Request      string
	Questions    []StarterQuestion
}

// StarterQuestion is something that readers are asked for a request: Slot is the kind of the
// answer, "" is any text.
type StarterQuestion struct {
	Text words.Text
	Slot string
}

// Gap stands in the text of a Starter for what only the outlet knows.
const Gap = "[…]"
