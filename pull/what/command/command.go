package command

import (
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// Lookup returns the command that a whole message is, words of
// politeness and emoji around it aside. It knows the words of every language
// at once: a reader who wants to stop may say so in any.
func Lookup(text string) (Command, bool) {
	normal := bounded(text)
	w, ok := commandWord(normal)
	if ok {
		return w.command, true
	}
	rest := speech.WithoutPoliteness(normal)
	if repeatsStop(rest) {
		return Stop, true
	}
	if rest != normal {
		w, ok = commandWord(rest)
	}
	if !ok || Spares(normal, w.command) {
		return "", false
	}
	return w.command, true
}

// Closes reports whether a message is one of the words of the stop family that
// close what is open first, and stop the service only where nothing is: cancel,
// end, quit and their like in other languages.
func Closes(text string) bool {
	w, ok := commandWord(speech.WithoutPoliteness(bounded(text)))
	return ok && w.closes
}

// bounded returns the normal form of a message, or nothing where it is too
// long to be a command.
func bounded(text string) string {
	if text = strings.TrimSpace(text); len(text) > maxMessage {
		return ""
	}
	return textform.Normal(text)
}

// maxMessage is more than any message with a command has in bytes.
const maxMessage = 2048

// maxCommandCuts bounds the words that a command can have before its argument.
const maxCommandCuts = 4

// Split splits a message that begins with the words of a command and
// goes on, as in "save news" or "lang de". The rest is as the reader typed it,
// trimmed. "subscribe" with something behind it is Save. A message that
// is a command as a whole is not split.
func Split(text string) (cmd Command, rest string, ok bool) {
	if text = strings.TrimSpace(text); len(text) > maxMessage {
		return "", "", false
	}
	if _, whole := Lookup(text); whole {
		return "", "", false
	}
	cuts := textform.Cuts(text)
	for i := min(len(cuts), maxCommandCuts) - 1; i >= 0; i-- {
		w, found := commandWord(textform.Normal(text[:cuts[i].End]))
		if found && cuts[i].Next > cuts[i].End {
			return w.behind(), textform.Trim(text[cuts[i].End:]), true
		}
	}
	return "", "", false
}

// word is one entry of the table of commands.
type word struct {
	command Command
	// closes marks the words of the stop family that close first, subscribes
	// the words of start that save what stands behind them, folded the forms
	// that are words of commands but for diacritics.
	closes, subscribes, folded bool
}

// Bits of the number of a word.
const wordCloses, wordSubscribes, wordFolded = 1, 2, 4

func openWord(numbers []uint64) word {
	return word{commands[numbers[0]], numbers[1]&wordCloses != 0, numbers[1]&wordSubscribes != 0, numbers[1]&wordFolded != 0}
}

// behind returns the command that the word is with something behind it.
func (w word) behind() Command {
	if w.subscribes {
		return Save
	}
	return w.command
}

// minFolded is the shortest word, in characters, that is a command without its
// diacritics as well: shorter ones are words of other languages (Vietnamese
// dừng, German Dung).
const minFolded = 5

// maxCommand is more than any command has in bytes of its normal form.
const maxCommand = 240

// minPlain is the shortest word, in characters, that is found with a diacritic
// that it does not have.
const minPlain = 8

// commandForms is the table by normal form and the forms of those who type
// without diacritics. bare holds folded forms for messages with diacritics, but
// not of short words without any: Swedish bästa is no Spanish basta.
type commandForms struct{ typed, bare *hashtable.Frozen[word] }

var commandTables = sync.OnceValue(func() commandForms {
	return commandForms{
		typed: hashtable.Open(languages.Table(tableTyped), openWord),
		bare:  hashtable.Open(languages.Table(tableBare), openWord),
	}
})

// wordsOf returns what the lines of a section are, where each is a command as a whole
// message.
func wordsOf(section string) (word, bool) {
	switch section {
	case "cancel":
		return word{command: Stop, closes: true}, true
	case "subscribe":
		return word{command: Start, subscribes: true}, true
	}
	return word{command: Command(section)}, slices.Contains(commands[:], Command(section))
}

// insistentWords is a set of words that say no more beside a word of stop than
// that word does: normal forms, folded ones among them.
var insistentWords = sync.OnceValue(func() *speech.Set { return speech.Forms("stop.txt", "insistent") })

// commandWord looks a whole normal form up.
func commandWord(normal string) (word, bool) {
	if len(normal) > maxCommand || normal == "" {
		return word{}, false
	}
	if StopsNaming(normal) {
		return word{command: Stop}, true
	}
	if w, ok := listedWord(normal); ok {
		return w, true
	}
	if wordsStop(normal) {
		return word{command: Stop}, true
	}
	return word{}, false
}

// listedWord looks a normal form up in the tables alone. What reads like STOP or
// FORGET and is about a paid thing is neither.
func listedWord(normal string) (word, bool) {
	w, ok := tabledWord(normal)
	if ok && spares(normal, w.command) {
		return word{}, false
	}
	return w, ok
}

func tabledWord(normal string) (word, bool) {
	if len(normal) > maxCommand || normal == "" {
		return word{}, false
	}
	tables := commandTables()
	if w := tables.typed.Find(normal); w != nil {
		return *w, true
	}
	if !textform.IsASCII(normal) {
		// The capital dotted I of Turkish leaves its dot behind.
		if w := tables.typed.Find(strings.ReplaceAll(normal, "i\u0307", "i")); w != nil {
			return *w, true
		}
		if w := tables.bare.Find(textform.FoldNormal(normal)); w != nil {
			return *w, true
		}
	}
	return stuttered(normal)
}

// IsStop reports whether a message says stop and nothing else, in however many
// words: "please stop it now", "STOP STOP", "stop 🛑". It takes in no word that
// closes first, since "end it all" asks for something else.
func IsStop(normal string) bool {
	rest := speech.WithoutPoliteness(normal)
	if repeatsStop(rest) {
		return true
	}
	w, ok := commandWord(rest)
	return ok && w.command == Stop && !Spares(normal, Stop)
}

// repeatsStop takes a word of stop with others that add nothing to it.
func repeatsStop(rest string) bool {
	first, _, _ := strings.Cut(rest, " ")
	if !isStopWord(first) {
		return false
	}
	for w := range strings.SplitSeq(rest, " ") {
		if !isStopWord(w) && !insistentWords().Has(w) && !speech.IsPolite(w) {
			return false
		}
	}
	return true
}

func isStopWord(form string) bool {
	w := commandTables().typed.Find(form)
	return w != nil && w.command == Stop && !w.closes
}

// Whole returns the command that a whole normal form is, in one word or in
// a sentence that says stop and nothing else.
func Whole(normal string) (Command, bool) {
	if w, ok := commandWord(normal); ok {
		return w.command, true
	}
	if strings.Contains(normal, " ") && IsStop(normal) {
		return Stop, true
	}
	return "", false
}

// Yields reports whether a normal form is a command but for diacritics, and not STOP: a phrase that is
// spelt so goes before it. Portuguese "preço" is no Slovak "prečo".
func Yields(normal string) bool {
	w, ok := tabledWord(normal)
	return ok && w.folded && w.command != Stop
}

// Worded returns the command that a whole normal form says in a sentence of its
// own, in some languages: "please delete all my data". It is not asked for stop,
// which Whole finds.
func Worded(normal string, in speech.Tongues) (Command, bool) {
	if namedLanguage(normal) != "" {
		return Lang, true
	}
	r := worded(normal, wanted{commands: notStop, tongues: in})
	return r.command, r.tongues != 0 && !spares(normal, r.command)
}

// minLanguage is the least of the name of a language that asks for it, in bytes: shorter
// ones are words of every day, or tags.
const minLanguage = 4

// namedLanguage returns the language that a message names, if it says no more: "en anglais
// svp".
func namedLanguage(normal string) string {
	bare := speech.WithoutPoliteness(normal)
	if len(bare) < minLanguage {
		return ""
	}
	tag, _ := slot.Parse(slot.Language, bare, time.Time{})
	return tag
}

// Listed returns the command that a normal form is by the tables of words
// alone, not by what sentences say.
func Listed(normal string) (Command, bool) {
	w, ok := listedWord(normal)
	return w.command, ok
}
