package what

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// LookupCommand returns the command that a whole message is, words of
// politeness and emoji around it aside. It knows the words of every language
// at once: a reader who wants to stop may say so in any.
func LookupCommand(text string) (Command, bool) {
	normal := bounded(text)
	w, ok := commandWord(normal)
	if ok {
		return w.command, true
	}
	rest := impolite(normal)
	if repeatsStop(rest) {
		return CommandStop, true
	}
	if rest != normal {
		w, ok = commandWord(rest)
	}
	return w.command, ok
}

// Closes reports whether a message is one of the words of the stop family that
// close what is open first, and stop the service only where nothing is: cancel,
// end, quit and their like in other languages.
func Closes(text string) bool {
	w, ok := commandWord(impolite(bounded(text)))
	return ok && w.closes
}

// bounded returns the normal form of a message, or nothing where it is too
// long to be a command.
func bounded(text string) string {
	if text = strings.TrimSpace(text); len(text) > maxNormal {
		return ""
	}
	return Normal(text)
}

// maxCommandCuts bounds the words that a command can have before its argument.
const maxCommandCuts = 4

// SplitCommand splits a message that begins with the words of a command and
// goes on, as in "save news" or "lang de". The rest is as the reader typed it,
// trimmed. "subscribe" with something behind it is CommandSave. A message that
// is a command as a whole is not split.
func SplitCommand(text string) (cmd Command, rest string, ok bool) {
	if text = strings.TrimSpace(text); len(text) > maxNormal {
		return "", "", false
	}
	if _, whole := LookupCommand(text); whole {
		return "", "", false
	}
	cuts := cutsOf(text)
	for i := min(len(cuts), maxCommandCuts) - 1; i >= 0; i-- {
		w, found := commandWord(Normal(text[:cuts[i].end]))
		if found && cuts[i].next > cuts[i].end {
			return w.behind(), trimArgument(text[cuts[i].end:]), true
		}
	}
	return "", "", false
}

// word is one entry of the table of commands.
type word struct {
	command Command
	// closes marks the words of the stop family that close first, subscribes
	// the words of start that save what stands behind them.
	closes, subscribes bool
}

// behind is the command that the word is with something behind it.
func (w word) behind() Command {
	if w.subscribes {
		return CommandSave
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
type commandForms struct{ typed, bare map[string]word }

var commandTables = sync.OnceValue(func() commandForms {
	t := commandForms{typed: map[string]word{}, bare: map[string]word{}}
	t.each(func(form string, w word) { t.typed[form] = w })
	t.each(func(form string, w word) {
		for _, f := range folds(form) {
			n := utf8.RuneCountInString(f)
			if n < minFolded || n < minPlain && f == form {
				continue
			}
			if _, taken := t.typed[f]; !taken {
				t.typed[f] = w
			}
			t.bare[f] = t.typed[f]
		}
	})
	return t
})

// each calls f with every entry, the words of stop last, since they win.
func (commandForms) each(f func(form string, w word)) {
	for _, entry := range commandTable {
		for text := range strings.SplitSeq(entry.texts, "|") {
			f(Normal(text), entry.word)
		}
	}
	for _, w := range allStopWordings() {
		for text := range strings.SplitSeq(w.cores, "|") {
			f(Normal(text), word{command: CommandStop})
		}
	}
	for text := range strings.SplitSeq(stopAlone+"|"+stopMisspelt, "|") {
		f(text, word{command: CommandStop})
	}
}

// commandWords is the table by normal form.
func commandWords() map[string]word { return commandTables().typed }

// politeWords and insistentWords are sets of normal forms, folded ones among
// them.
var (
	politeWords    = sync.OnceValue(func() map[string]bool { return set(politeTexts) })
	insistentWords = sync.OnceValue(func() map[string]bool { return set(insistentTexts) })
)

func set(texts string) map[string]bool {
	s := map[string]bool{}
	for text := range strings.SplitSeq(texts, "|") {
		normal := Normal(text)
		s[normal] = true
		s[fold(normal)] = true
	}
	return s
}

// commandWord looks a whole normal form up.
func commandWord(normal string) (word, bool) {
	if len(normal) > maxCommand || normal == "" {
		return word{}, false
	}
	if w, ok := listedCommand(normal); ok {
		return w, true
	}
	if wordsStop(normal) {
		return word{command: CommandStop}, true
	}
	return word{}, false
}

// listedCommand looks a normal form up in the tables alone.
func listedCommand(normal string) (word, bool) {
	if len(normal) > maxCommand || normal == "" {
		return word{}, false
	}
	tables := commandTables()
	if w, ok := tables.typed[normal]; ok {
		return w, true
	}
	if !isASCII(normal) {
		// The capital dotted I of Turkish leaves its dot behind.
		if w, ok := tables.typed[strings.ReplaceAll(normal, "i\u0307", "i")]; ok {
			return w, true
		}
		if w, ok := tables.bare[fold(normal)]; ok {
			return w, true
		}
	}
	return stuttered(normal)
}

// isStop reports whether a message says stop and nothing else, in however many
// words: "please stop it now", "STOP STOP", "stop 🛑". It takes in no word that
// closes first, since "end it all" asks for something else.
func isStop(normal string) bool {
	rest := impolite(normal)
	if repeatsStop(rest) {
		return true
	}
	w, ok := commandWord(rest)
	return ok && w.command == CommandStop
}

// repeatsStop takes a word of stop with others that add nothing to it.
func repeatsStop(rest string) bool {
	first, _, _ := strings.Cut(rest, " ")
	if !isStopWord(first) {
		return false
	}
	for w := range strings.SplitSeq(rest, " ") {
		if !isStopWord(w) && !insistentWords()[w] && !isPolite(w) {
			return false
		}
	}
	return true
}

func isStopWord(form string) bool {
	w, ok := commandWords()[form]
	return ok && w.command == CommandStop && !w.closes
}

// isPolite covers words of politeness and emoji.
func isPolite(form string) bool {
	if politeWords()[form] {
		return true
	}
	r, _ := utf8.DecodeRuneInString(form)
	return isEmojiPart(r)
}

// maxPolite is the most words of one form of politeness.
const maxPolite = 3

// impolite returns a normal form without the words of politeness and the emoji
// at its ends, which may leave nothing.
func impolite(normal string) string {
	for {
		rest := cutFront(cutBack(normal))
		if rest == normal {
			return rest
		}
		normal = rest
	}
}

func cutFront(s string) string {
	end := 0
	for range maxPolite {
		i := strings.IndexByte(s[end:], ' ')
		if i < 0 {
			if isPolite(s) {
				return ""
			}
			return s
		}
		end += i
		if isPolite(s[:end]) {
			return s[end+1:]
		}
		end++
	}
	return s
}

func cutBack(s string) string {
	start := len(s)
	for range maxPolite {
		i := strings.LastIndexByte(s[:start], ' ')
		if i < 0 {
			if isPolite(s) {
				return ""
			}
			return s
		}
		if isPolite(s[i+1:]) {
			return s[:i]
		}
		start = i
	}
	return s
}
