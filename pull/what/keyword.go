package what

import (
	"keypull/pull/what/command"
	"keypull/pull/what/slot"
)

// Argument says whether a keyword takes words beside its phrase.
type Argument string

// The three answers; the empty value means ArgumentNone.
const (
	ArgumentNone     Argument = "none"
	ArgumentOptional Argument = "optional"
	ArgumentRequired Argument = "required"
)

// Keyword is what the index needs to know of a keyword.
type Keyword struct {
	ID string
	// Phrases maps a language tag to the phrases that call the keyword; the
	// first of each language is its name in that language.
	Phrases  map[string][]string
	Argument Argument
	// Vocabulary lists the arguments that the keyword's source is known to
	// answer. Words outside of it are still passed on as typed.
	Vocabulary *Vocabulary
	// Wish reports whether a text asks for some of the entries by what they are, in
	// words that its source knows: pull.Wished. It belongs to the vocabulary.
	Wish func(text string, alone bool, known func(folded string) bool) bool
	// Bare lets an entry of the vocabulary alone call the keyword.
	Bare bool
	// Several says that one ask may name several entries of the vocabulary.
	Several bool
	// Whole says that words which only ask are part of an argument: where it is a
	// question, how much is not how long.
	Whole bool
	// Dated says that it answers for days: one that stands beside a phrase is the
	// argument, and part of a longer one.
	Dated bool
	// Kind says what kind of argument it is where no vocabulary lists them.
	Slot slot.Kind
	// Autocorrect says what a typing error in one of its phrases does; empty
	// means what the index says.
	Autocorrect Autocorrect
	// Tie says that the editor means the keyword to share phrases with others.
	Tie bool
}

// Autocorrect says what becomes of a message with a typing error.
type Autocorrect string

// The three ways. The empty value means AutocorrectConfident.
const (
	// AutocorrectConfident runs the only sensible keyword, and offers where
	// there is a doubt.
	AutocorrectConfident Autocorrect = "confident"
	// AutocorrectOffer always asks.
	AutocorrectOffer Autocorrect = "offer"
	// AutocorrectOff neither runs nor offers.
	AutocorrectOff Autocorrect = "off"
)

// Options is what an index is told beside its keywords.
type Options struct {
	Reserved []ReservedWords
	// All are those that are carried out; nil means all of them. The words
	// of others mean nothing.
	Commands []command.Command
	// Autocorrect holds for every keyword that says nothing of its own.
	Autocorrect Autocorrect
	// Wishes is how many keywords one message may run, up to MaxWishes; 0 and 1
	// are one.
	Wishes int
	// Sure says how sure it must be that a message asks for a keyword; SureUsual if
	// it is empty.
	Sure Sure
	// Publisher is whose index it is: STOP with that name behind it is STOP.
	Publisher string
	// Former is the index of the catalogue as it was before a change, if there
	// was one: what has not changed is taken over from it.
	Former *Index
}

// Term is one entry of a vocabulary: the argument and the names it goes by.
type Term struct {
	// Value is what the source is asked for: a ticker, a recipe's id.
	Value string
	// Names are matched like phrases; the first one is shown to readers.
	// Value itself always counts as a name.
	Names []string
	// Language is that of what it stands for, as a BCP 47 tag; "" if it is of
	// none, or nobody said.
	Language string
	// Link is the page of what it stands for, if there is one.
	Link string
}
