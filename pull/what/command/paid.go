package command

import (
	"math/bits"
	"slices"
	"strings"
	"sync"

	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
)

// paidTables are the sparse lines, and the usual opt-outs that say no more than that a paid
// thing ends.
type paidTables struct {
	*sparseLines
	// bare are those opt-outs, each with a space before it, and one behind it unless it goes
	// on.
	bare []bareWords
	// bareBy lists them by the letters with which they begin, bareAlways those that are
	// looked for whatever a message begins with.
	bareBy     map[string][]int32
	bareAlways []int32
}

// bareWords is one usual opt-out; joined is how it is written without spaces, if it is in a
// script that has none.
type bareWords struct{ text, joined string }

// bareBegins is how many bytes of an opt-out it is found by.
const bareBegins = 3

var knownPaid = sync.OnceValue(func() *paidTables {
	t := &paidTables{sparseLines: readSparseLines(), bareBy: map[string][]int32{}}
	for _, tag := range languages.Tags() {
		for _, line := range languages.Lines(tag, "stop.txt", "bare") {
			for _, form := range sparseForms(line) {
				t.addBare(strings.TrimSuffix(form, "-"), strings.HasSuffix(form, "-"))
			}
		}
	}
	return t
})

// addBare adds a usual opt-out, which may go on.
func (t *paidTables) addBare(form string, goesOn bool) {
	b, at := bareWords{text: " " + form}, int32(len(t.bare)) //nolint:gosec // there are some hundred
	if !goesOn {
		b.text += " "
	}
	if strings.IndexFunc(form, isJoined) >= 0 {
		b.joined = strings.ReplaceAll(form, " ", "")
	}
	t.bare = append(t.bare, b)
	if b.joined != "" || len(form) < bareBegins {
		t.bareAlways = append(t.bareAlways, at)
		return
	}
	begins := (form + " ")[:bareBegins]
	t.bareBy[begins] = append(t.bareBy[begins], at)
}

// bareIn returns the numbers of the opt-outs that a folded form may have, in their order.
func (t *paidTables) bareIn(folded string) []int32 {
	found := slices.Clone(t.bareAlways)
	for at := range len(folded) - bareBegins + 1 {
		if at == 0 || folded[at-1] == ' ' {
			found = append(found, t.bareBy[folded[at:at+bareBegins]]...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// PaidWords is what a message says of what readers pay for.
type PaidWords struct {
	sparseFound
	normal string
	// bare says that a usual opt-out was among its words.
	bare bool
}

// read reads a normal form. The usual opt-outs name no thing, but end one. What is
// misspelt counts where it is forgiven.
func (t *paidTables) read(normal string, forgiving bool) *PaidWords {
	folded := foldSparse(normal)
	without := t.withoutBare(folded)
	found := &PaidWords{t.findLines(without, forgiving), normal, without != folded}
	if found.bare {
		things := found.by[paidThing]
		found.sparseFound = t.findLines(folded, forgiving)
		found.by[paidThing] = things
	}
	return found
}

// withoutBare returns a folded form without the usual opt-outs.
func (t *paidTables) withoutBare(folded string) string {
	padded := " " + folded + " "
	spaceless := strings.IndexFunc(folded, isJoined) >= 0
	for _, at := range t.bareIn(folded) {
		bare := &t.bare[at]
		before, behind, ok := strings.Cut(padded, bare.text)
		if !ok && spaceless && bare.joined != "" {
			before, behind, ok = strings.Cut(strings.ReplaceAll(padded, " ", ""), bare.joined)
		}
		if !ok {
			continue
		}
		if !strings.HasSuffix(bare.text, " ") {
			_, behind, _ = strings.Cut(behind, " ")
		}
		padded = before + " " + behind
	}
	return strings.TrimSpace(padded)
}

// mixedWords is the most words of a message in which an English verb ends a thing
// of another language: "cancel abo".
const mixedWords = 4

// ReadPaid reads a normal form, what is misspelt with it. One that is too long for a command says
// nothing of paid things.
func ReadPaid(normal string) *PaidWords {
	if len(normal) > maxCommand || normal == "" {
		return &PaidWords{}
	}
	return knownPaid().read(normal, true)
}

// Ends reports whether a message is about the end of something that readers pay
// for: a verb of ending with such a thing, in whatever words stand around them, or
// such a verb within a question. That is no wish to stop the service.
func (w *PaidWords) Ends() bool {
	things, ends := w.by[paidThing], w.by[paidEnding]|w.by[paidLeaving]
	switch {
	case things&ends != 0, things != 0 && ends&knownPaid().english != 0 && w.words <= mixedWords:
		return true
	case w.by[paidAsking]&w.by[paidEnding] == 0:
		return false
	}
	told, ok := tabledWord(w.normal)
	return w.bare || w.only || ok && told.command == Stop || worded(w.normal, wanted{commands: onlyStop, tongues: speech.Any}).tongues != 0
}

// Lacks reports whether a message is about a paper that did not come, or is charged in vain:
// "no paper this morning". That is no wish to stop the service either.
func (w *PaidWords) Lacks() bool { return w.by[paidPaper]&w.by[paidMissing] != 0 }

// Concerns reports whether a message is about something paid for that is to end, or that did
// not come.
func (w *PaidWords) Concerns() bool { return w.Ends() || w.Lacks() }

// Names reports whether a message names something that readers pay for.
func (w *PaidWords) Names() bool { return w.by[paidThing] != 0 }

// EndsLike reports whether two messages that are about the end of a paid thing both end it
// for good, or both do not.
func (w *PaidWords) EndsLike(other *PaidWords) bool {
	return (w.by[paidEnding] == 0) == (other.by[paidEnding] == 0)
}

// language returns the language in which alone a message is about a paid thing, ""
// where it is none or several.
func (w *PaidWords) language() string {
	in := w.by[paidThing]&(w.by[paidEnding]|w.by[paidLeaving]) | w.by[paidPaper]&w.by[paidMissing]
	if bits.OnesCount64(in) != 1 {
		return ""
	}
	return knownPaid().tags[bits.TrailingZeros64(in)]
}

// Ends reports whether a message has a verb that ends something, and no word that asks about that:
// "stornieren", but not "wie kann ich stornieren".
func Ends(text string) bool {
	found := ReadPaid(bounded(text))
	return found.by[paidEnding]&^found.by[paidAsking] != 0
}

// spares reports whether a message that reads like a command is about a paid thing:
// STOP where it names one or asks how one ends, or is a saying, FORGET where it ends one.
func spares(normal string, c Command) bool {
	if c != Stop && c != Forget {
		return false
	}
	found := knownPaid().read(normal, false)
	if c == Forget {
		return found.by[paidThing]&found.by[paidEnding] != 0
	}
	return found.by[paidThing] != 0 || found.by[paidAsking]&found.by[paidEnding] != 0 || saying(normal)
}

// headed are the words that are STOP with whatever one or two words stand behind them,
// mostly those that are with figures and paid things, since they mean something else
// beside others; unheaded is how what only begins like that begins, and kept what asks,
// wherever it stands, that the messages go on: "no fewer messages".
var (
	headed   = sync.OnceValue(func() *speech.Set { return speech.Forms("stop.txt", "itself") })
	mostly   = sync.OnceValue(func() *speech.Set { return speech.Forms("stop.txt", "mostly") })
	unheaded = sync.OnceValue(func() *speech.Set { return speech.Forms("stop.txt", "unless") })
	kept     = sync.OnceValue(func() *speech.Set { return speech.Forms("stop.txt", "keeps") })
)

// headWords is the most words of such a message, politeness at its end aside.
const headWords = 3

// StopsNaming reports whether a message is STOP itself with one or two words behind
// it that name a paid thing: it is STOP, and its answer says that nothing paid ends.
func StopsNaming(normal string) bool {
	rest, _, ok := behindStop(normal)
	return ok && ReadPaid(rest).Names()
}

// StopsNamed reports whether a message is STOP itself with one or two words behind it,
// whatever they are; behind a word that is not STOP alone they are figures. It is for
// what is no phrase.
func StopsNamed(normal string) bool {
	rest, surely, ok := behindStop(normal)
	return ok && (surely || strings.Trim(rest, "0123456789 ") == "")
}

// StopsSender reports whether a message is STOP with the name of its sender behind it,
// as carriers teach it.
func StopsSender(normal, sender string) bool {
	head, rest, _ := strings.Cut(speech.WithoutPoliteness(normal), " ")
	return rest != "" && rest == sender && (headed().Has(head) || mostly().Has(head))
}

// behindStop returns what stands behind STOP itself, without politeness at its end, and
// whether that is STOP with whatever stands there.
func behindStop(normal string) (rest string, surely, ok bool) {
	head, _, _ := strings.Cut(normal, " ")
	if surely = headed().Has(head); !surely && !mostly().Has(head) || saying(normal) {
		return "", false, false
	}
	bare := speech.WithoutPoliteness(normal)
	rest, ok = strings.CutPrefix(bare, head+" ")
	return rest, surely, ok && strings.Count(bare, " ") < headWords
}

// saying reports whether a message begins with a saying that only begins like STOP, or asks
// somewhere that the messages go on.
func saying(normal string) bool {
	for i, r := range normal + " " {
		if r == ' ' && unheaded().Has(normal[:i]) {
			return true
		}
	}
	return AsksToGoOn(normal)
}

// AsksToGoOn reports whether some words of a message, one behind another, ask that the messages go
// on; in scripts without spaces some letters do.
func AsksToGoOn(normal string) bool {
	parts, between := strings.Fields(normal), " "
	if strings.IndexFunc(normal, isJoined) >= 0 {
		parts, between = strings.Split(strings.ReplaceAll(normal, " ", ""), ""), ""
	}
	for from := range parts {
		for to := from + 1; to <= min(len(parts), from+longestKept); to++ {
			if kept().Has(strings.Join(parts[from:to], between)) {
				return true
			}
		}
	}
	return false
}

// longestKept is the most words, or letters, of what asks that the messages go on.
const longestKept = 10

// Spares reports whether a message is no such command although it reads like one,
// politeness aside: it is about a paid thing, or a saying.
func Spares(normal string, c Command) bool { return spares(normal, c) && !StopsNaming(normal) }
