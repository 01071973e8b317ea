package command

import (
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// paidPart is what a line of paid.txt is to a message that has its words.
type paidPart uint8

const (
	// paidThing is what readers pay for, or get for it: a subscription, an order.
	paidThing paidPart = iota
	// paidEnding ends such a thing, paidLeaving a service as well, so that it is no
	// wish about a thing where none is named.
	paidEnding
	paidLeaving
	// paidAsking makes a question of a message.
	paidAsking
	paidParts
)

var paidSections = map[string]paidPart{"things": paidThing, "ending": paidEnding, "leaving": paidLeaving, "asking": paidAsking}

// paidMany is one more than the most words of a message that are looked at.
const paidMany = 48

// minSlipped is the fewest letters of a word that may be misspelt.
const minSlipped = 6

// paidLine is a line of paid.txt: pieces that stand in a message in this order,
// with or without other words between them.
type paidLine struct {
	pieces   []int32
	language int
	part     paidPart
}

// paidTables are the lines of all languages, by their first pieces. A piece is a
// word, or with a hyphen the beginning or the end of one.
type paidTables struct {
	tags                 []string
	english              uint64
	lines                []paidLine
	first                map[int32][]int32
	whole, begins, finis *hashtable.Map[int32]
	// joined are the lines of scripts without spaces, piece by piece.
	joined []joinedLine
	spelt  map[spelling][]string
	// bare are the usual opt-outs that say no more than that a paid thing ends, each
	// with a space before it, and one behind it unless it goes on.
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

type joinedLine struct {
	pieces   []string
	language int
	part     paidPart
}

var knownPaid = sync.OnceValue(func() *paidTables {
	t := &paidTables{first: map[int32][]int32{}, spelt: map[spelling][]string{}, bareBy: map[string][]int32{}}
	t.whole, t.begins, t.finis = hashtable.NewMap[int32](), hashtable.NewMap[int32](), hashtable.NewMap[int32]()
	pieces := map[string]int32{}
	for language, tag := range languages.Tags() {
		t.tags = append(t.tags, tag)
		if tag == "en" {
			t.english = 1 << language
		}
		for section, line := range languages.Lines(tag, "paid.txt") {
			part, ok := paidSections[section]
			for _, text := range paidForms(line) {
				if ok {
					t.add(pieces, text, language, part)
				}
			}
		}
		for _, line := range languages.Lines(tag, "stop.txt", "bare") {
			for _, form := range paidForms(line) {
				t.addBare(strings.TrimSuffix(form, "-"), strings.HasSuffix(form, "-"))
			}
		}
	}
	t.whole.Fit()
	t.begins.Fit()
	t.finis.Fit()
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

// paidForms returns the folded forms of a line, word by word, with the hyphens that
// say where a word goes on.
func paidForms(line string) []string {
	all := []string{""}
	for word := range strings.FieldsSeq(line) {
		bare := strings.Trim(word, "-")
		before, behind, _ := strings.Cut(word, bare)
		var longer []string
		for _, form := range textform.Folds(bare) {
			for _, begun := range all {
				longer = append(longer, strings.TrimSpace(begun+" "+before+form+behind))
			}
		}
		all = longer
	}
	return all
}

func (t *paidTables) add(pieces map[string]int32, text string, language int, part paidPart) {
	if strings.IndexFunc(text, isJoined) >= 0 {
		t.joined = append(t.joined, joinedLine{strings.Fields(text), language, part})
		return
	}
	line := paidLine{language: language, part: part}
	for word := range strings.FieldsSeq(text) {
		id, ok := pieces[word]
		if !ok {
			id = int32(len(pieces)) //nolint:gosec // there are some thousand
			pieces[word] = id
			t.enter(word, id)
		}
		line.pieces = append(line.pieces, id)
	}
	t.first[line.pieces[0]] = append(t.first[line.pieces[0]], int32(len(t.lines))) //nolint:gosec // the same
	t.lines = append(t.lines, line)
}

func (t *paidTables) enter(word string, id int32) {
	if begins, ok := strings.CutSuffix(word, "-"); ok {
		t.begins.Set(begins, id)
		return
	}
	if ends, ok := strings.CutPrefix(word, "-"); ok {
		t.finis.Set(ends, id)
		return
	}
	t.whole.Set(word, id)
	if n := utf8.RuneCountInString(word); n >= minSlipped {
		r, _ := utf8.DecodeRuneInString(word)
		t.spelt[spelling{r, n}] = append(t.spelt[spelling{r, n}], word)
	}
}

// paidWords is what a message says of paid things: for each part the set of the
// languages that say it.
type paidWords struct {
	by    [paidParts]uint64
	words int
	// bare says that a usual opt-out was among them, only that there is no word that
	// neither ends something nor only asks.
	bare, only bool
}

// read reads a normal form. The usual opt-outs name no thing, but end one. What is
// misspelt counts where it is forgiven.
func (t *paidTables) read(normal string, forgiving bool) (found paidWords) {
	folded := textform.FoldNormal(strings.ReplaceAll(normal, "'", " "))
	without := t.withoutBare(folded)
	found = t.say(without, forgiving)
	if without != folded {
		things := found.by[paidThing]
		found = t.say(folded, forgiving)
		found.by[paidThing], found.bare = things, true
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

// say reads a folded form.
func (t *paidTables) say(folded string, forgiving bool) (found paidWords) {
	if strings.IndexFunc(folded, isJoined) >= 0 {
		joined := strings.ReplaceAll(folded, " ", "")
		for i := range t.joined {
			if l := &t.joined[i]; inOrder(joined, l.pieces) {
				found.by[l.part] |= 1 << l.language
			}
		}
	}
	var of [paidMany][]int32
	found.only = true
	for word := range strings.FieldsSeq(folded) {
		if found.words == paidMany {
			break
		}
		of[found.words] = t.pieces(word, forgiving)
		found.only = found.only && (len(of[found.words]) > 0 || speech.Surrounds(word, speech.Any))
		found.words++
	}
	for at := range found.words {
		for _, id := range of[at] {
			for _, n := range t.first[id] {
				if l := &t.lines[n]; followed(l.pieces[1:], of[at+1:found.words]) {
					found.by[l.part] |= 1 << l.language
				}
			}
		}
	}
	return found
}

// inOrder reports whether pieces stand in a text one behind another.
func inOrder(text string, pieces []string) bool {
	for _, p := range pieces {
		_, rest, ok := strings.Cut(text, p)
		if !ok {
			return false
		}
		text = rest
	}
	return true
}

// followed reports whether pieces stand in the words one behind another.
func followed(pieces []int32, of [][]int32) bool {
	for _, p := range pieces {
		at := 0
		for at < len(of) && !slices.Contains(of[at], p) {
			at++
		}
		if at == len(of) {
			return false
		}
		of = of[at+1:]
	}
	return true
}

// pieces returns those that a word is: itself, its beginning, its end, and where it is
// none and no word of any language, what it misspells. A word that ends or leaves
// something is no thing by its end: désabonnement.
func (t *paidTables) pieces(word string, forgiving bool) (ids []int32) {
	if id := t.whole.Find(word); id != nil {
		ids = append(ids, *id)
	}
	for i := range word + " " {
		if id := t.begins.Find(word[:i]); id != nil {
			ids = append(ids, *id)
		}
	}
	if !slices.ContainsFunc(ids, t.ends) {
		for i := range word {
			if id := t.finis.Find(word[i:]); id != nil {
				ids = append(ids, *id)
			}
		}
	}
	if len(ids) == 0 && forgiving {
		ids = t.misspelt(word)
	}
	return ids
}

// ends reports whether a piece is the first of a line that ends or leaves something.
func (t *paidTables) ends(id int32) bool {
	return slices.ContainsFunc(t.first[id], func(n int32) bool { return t.lines[n].part == paidEnding || t.lines[n].part == paidLeaving })
}

func (t *paidTables) misspelt(word string) (ids []int32) {
	n := utf8.RuneCountInString(word)
	if n < minSlipped-1 || speech.IsKnown(word, speech.Any) || speech.IsCommon(word, speech.Any) {
		return nil
	}
	letters := []rune(word)
	for length := max(n-1, minSlipped); length <= n+1; length++ {
		for _, other := range t.spelt[spelling{letters[0], length}] {
			if textform.OneError(letters, []rune(other)) {
				ids = append(ids, *t.whole.Find(other))
			}
		}
	}
	return ids
}

// mixedWords is the most words of a message in which an English verb ends a thing
// of another language: "cancel abo".
const mixedWords = 4

// EndsPaid reports whether a message is about the end of something that readers pay
// for: a verb of ending with such a thing, in whatever words stand around them, or
// such a verb within a question. That is no wish to stop the service.
func EndsPaid(normal string) bool {
	if len(normal) > maxCommand || normal == "" {
		return false
	}
	found := knownPaid().read(normal, true)
	things, ends := found.by[paidThing], found.by[paidEnding]|found.by[paidLeaving]
	switch {
	case things&ends != 0, things != 0 && ends&knownPaid().english != 0 && found.words <= mixedWords:
		return true
	case found.by[paidAsking]&found.by[paidEnding] == 0:
		return false
	}
	w, ok := tabledWord(normal)
	return found.bare || found.only || ok && w.command == Stop || worded(normal, wanted{commands: onlyStop, tongues: speech.Any}).tongues != 0
}

// EndsAlike reports whether two messages that are about the end of a paid thing both end it
// for good, or both do not.
func EndsAlike(a, b string) bool {
	one, other := knownPaid().read(a, true), knownPaid().read(b, true)
	return (one.by[paidEnding] == 0) == (other.by[paidEnding] == 0)
}

// Ends reports whether a message has a verb that ends something, and no word that asks about that:
// "stornieren", but not "wie kann ich stornieren".
func Ends(text string) bool {
	normal := bounded(text)
	if len(normal) > maxCommand || normal == "" {
		return false
	}
	found := knownPaid().read(normal, true)
	return found.by[paidEnding]&^found.by[paidAsking] != 0
}

// NamesPaid reports whether a message names something that readers pay for.
func NamesPaid(normal string) bool {
	return normal != "" && len(normal) <= maxCommand && knownPaid().read(normal, true).by[paidThing] != 0
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

// paidLanguage returns the language in which alone a message is about a paid thing, ""
// where it is none or several.
func paidLanguage(normal string) string {
	found := knownPaid().read(normal, true)
	in := found.by[paidThing] & (found.by[paidEnding] | found.by[paidLeaving])
	if bits.OnesCount64(in) != 1 {
		return ""
	}
	return knownPaid().tags[bits.TrailingZeros64(in)]
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
	return ok && NamesPaid(rest)
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
	return goesOn(normal)
}

// goesOn reports whether some words of a message, one behind another, ask that the messages go
// on; in scripts without spaces some letters do.
func goesOn(normal string) bool {
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
