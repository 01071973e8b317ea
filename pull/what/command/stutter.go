package command

import (
	"strings"
	"unicode/utf8"
)

// stuttered finds the few words that readers type with a key held too long:
// stoppp, sttop, helpp.
func stuttered(normal string) (word, bool) {
	if len(normal) > maxStutter || !stutters(normal) || stutterWords[normal] {
		return word{}, false
	}
	var buf [maxStutter]byte
	short, before := buf[:0], rune(0)
	for _, r := range normal {
		if r != before {
			short = utf8.AppendRune(short, r)
		}
		before = r
	}
	w, ok := stutterCommands[string(short)]
	return word{command: w}, ok
}

// stutters reports whether a word has a letter twice in a row, and is of one
// that may be a command.
func stutters(normal string) bool {
	before := rune(0)
	for i, r := range normal {
		if i == 0 && !strings.ContainsRune("shmсм", r) {
			return false
		}
		if r == before {
			return true
		}
		before = r
	}
	return false
}

var stutterCommands = map[string]Command{
	"stop": Stop, "стоп": Stop, "help": Help, "menu": Menu, "меню": Menu, "start": Start, "старт": Start,
}

// maxStutter bounds a word that was typed with a key held too long, in bytes.
const maxStutter = 64

// stutterWords are words of their own that look like a stuttered command.
var stutterWords = map[string]bool{"stoop": true, "staart": true}
