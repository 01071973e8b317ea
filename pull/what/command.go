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
	if w, ok := commandWord(normal); ok {
		return w.command, true
	}
	if isStop(normal) {
		return CommandStop, true
	}
	w, ok := commandWord(impolite(normal))
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

// commandWords is the table by normal and by folded form.
var commandWords = sync.OnceValue(func() map[string]word {
	table := map[string]word{}
	each := func(f func(form string, w word)) {
		for _, entry := range commandTable {
			for text := range strings.SplitSeq(entry.texts, "|") {
				f(Normal(text), entry.word)
			}
		}
	}
	each(func(form string, w word) { table[form] = w })
	each(func(form string, w word) {
		for _, f := range folds(form) {
			if _, taken := table[f]; !taken && utf8.RuneCountInString(f) >= minFolded {
				table[f] = w
			}
		}
	})
	return table
})

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
	table := commandWords()
	if w, ok := table[normal]; ok {
		return w, true
	}
	if isASCII(normal) || len(normal) > maxCommand {
		return word{}, false
	}
	folded := fold(normal)
	w, ok := table[folded]
	return w, ok && utf8.RuneCountInString(folded) >= minFolded
}

// isStop reports whether a message says stop and nothing else, in however many
// words: "please stop it now", "STOP STOP", "stop 🛑". It takes in no word that
// closes first, since "end it all" asks for something else.
func isStop(normal string) bool {
	rest := impolite(normal)
	first, _, _ := strings.Cut(rest, " ")
	if !isStopWord(first) {
		if w, ok := commandWord(rest); !ok || w.command != CommandStop {
			return false
		}
		return true
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
