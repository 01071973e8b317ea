package command

import (
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// sparsePart is what a sparse line is to a message that has its words.
type sparsePart uint8

const (
	// paidThing is what readers pay for, or get for it: a subscription, an order.
	paidThing sparsePart = iota
	// paidEnding ends such a thing, paidLeaving a service as well, so that it is no
	// wish about a thing where none is named.
	paidEnding
	paidLeaving
	// paidAsking makes a question of a message.
	paidAsking
	// paidPaper is what an outlet sends its subscribers, paidMissing says that it did not come, or
	// not whole.
	paidPaper
	paidMissing
	// From firstAmid on, each is one of the commands that are looked for within a message.
	firstAmid
	sparseParts = firstAmid + sparsePart(len(within))
)

// near reports whether few words may stand between those of a line.
func (p sparsePart) near() bool { return p >= paidMissing }

// sparseSection is where such lines stand.
type sparseSection struct {
	file, name string
	part       sparsePart
}

// sparseSections returns all of them.
func sparseSections() []sparseSection {
	all := []sparseSection{
		{"paid.txt", "things", paidThing},
		{"paid.txt", "ending", paidEnding},
		{"paid.txt", "leaving", paidLeaving},
		{"paid.txt", "asking", paidAsking},
		{"paid.txt", "papers", paidPaper},
		{"paid.txt", "missing", paidMissing},
	}
	for i, c := range within {
		file, name := "commands.txt", string(c)+"-amid"
		if c == Stop {
			file, name = "stop.txt", "amid"
		}
		all = append(all, sparseSection{file, name, firstAmid + sparsePart(i)})
	}
	return all
}

// Bounds of what is read: one more than the most words of a message that are looked at, the
// fewest letters of a word that may be misspelt, and the most words from one of a near line to
// the next, or bytes between two in a script without spaces.
const (
	sparseMany = 48
	minSlipped = 6
	nearWords  = 3
	nearJoined = 18
)

// sparseLine is a line whose pieces stand in a message in this order, with or without other
// words between them.
type sparseLine struct {
	pieces   []int32
	language int
	part     sparsePart
}

// sparseLines are those of all languages, by their first pieces. A piece is a word, or with a
// hyphen the beginning or the end of one.
type sparseLines struct {
	tags                 []string
	english              uint64
	lines                []sparseLine
	numbers              map[string]int32
	first                map[int32][]int32
	whole, begins, finis *hashtable.Map[int32]
	// paid are the pieces of lines about what is paid for.
	paid map[int32]bool
	// joined are the lines of scripts without spaces, piece by piece.
	joined []joinedLine
	spelt  map[spelling][]string
}

type joinedLine struct {
	pieces   []string
	language int
	part     sparsePart
}

// readSparseLines reads those of all languages.
func readSparseLines() *sparseLines {
	t := &sparseLines{tags: languages.Tags(), numbers: map[string]int32{}, paid: map[int32]bool{}, first: map[int32][]int32{}, spelt: map[spelling][]string{}}
	t.whole, t.begins, t.finis = hashtable.NewMap[int32](), hashtable.NewMap[int32](), hashtable.NewMap[int32]()
	for language, tag := range t.tags {
		if tag == "en" {
			t.english = 1 << language
		}
		for _, from := range sparseSections() {
			for _, line := range languages.Lines(tag, from.file, from.name) {
				for _, text := range sparseForms(line) {
					t.add(text, language, from.part)
				}
			}
		}
	}
	t.whole.Fit()
	t.begins.Fit()
	t.finis.Fit()
	return t
}

// sparseForms returns the folded forms of a line, word by word, with the hyphens that
// say where a word goes on.
func sparseForms(line string) []string {
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

func (t *sparseLines) add(text string, language int, part sparsePart) {
	if strings.IndexFunc(text, isJoined) >= 0 {
		t.joined = append(t.joined, joinedLine{strings.Fields(strings.ReplaceAll(text, "-", "")), language, part})
		return
	}
	line := sparseLine{language: language, part: part}
	for word := range strings.FieldsSeq(text) {
		id, ok := t.numbers[word]
		if !ok {
			id = int32(len(t.numbers)) //nolint:gosec // there are some thousand
			t.numbers[word] = id
			t.enter(word, id)
		}
		line.pieces = append(line.pieces, id)
		if part < firstAmid {
			t.paid[id] = true
		}
	}
	t.first[line.pieces[0]] = append(t.first[line.pieces[0]], int32(len(t.lines))) //nolint:gosec // the same
	t.lines = append(t.lines, line)
}

func (t *sparseLines) enter(word string, id int32) {
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

// sparseFound is what a message says: for each part the set of the languages that say it.
type sparseFound struct {
	by    [sparseParts]uint64
	words int
	// only says that there is no word that neither is of a line about what is paid for nor only
	// asks.
	only bool
}

// say reads a folded form.
func (t *sparseLines) say(folded string, forgiving bool) (found sparseFound) {
	if strings.IndexFunc(folded, isJoined) >= 0 {
		joined := strings.ReplaceAll(folded, " ", "")
		for i := range t.joined {
			l := &t.joined[i]
			within := len(joined)
			if l.part.near() {
				within = nearJoined
			}
			if inOrder(joined, l.pieces, within) {
				found.by[l.part] |= 1 << l.language
			}
		}
	}
	var of [sparseMany][]int32
	var words [sparseMany]string
	found.only = true
	for word := range strings.FieldsSeq(folded) {
		if found.words == sparseMany {
			break
		}
		words[found.words], of[found.words] = word, t.pieces(word, forgiving)
		found.only = found.only && (slices.ContainsFunc(of[found.words], t.isPaid) || speech.Surrounds(word, speech.Any))
		found.words++
	}
	for at := range found.words {
		for _, id := range of[at] {
			for _, n := range t.first[id] {
				l := &t.lines[n]
				if t.stands(l, at, words[:found.words], of[:found.words]) {
					found.by[l.part] |= 1 << l.language
				}
			}
		}
	}
	return found
}

func (t *sparseLines) isPaid(piece int32) bool { return t.paid[piece] }

// stands reports whether a line stands in some words, its first piece at a place, and where it
// is one of a command, no other word in front of it or between turns it round: "don't stop
// sending".
func (t *sparseLines) stands(l *sparseLine, at int, words []string, of [][]int32) bool {
	turned := func(i int) bool {
		return l.part >= firstAmid && i >= 0 && speech.TurnsRound(words[i], speech.Of(t.tags[l.language]))
	}
	if turned(at - 1) {
		return false
	}
	within := len(words)
	if l.part.near() {
		within = nearWords
	}
	for _, p := range l.pieces[1:] {
		next, last := at+1, min(len(words), at+1+within)
		for next < last && !slices.Contains(of[next], p) {
			if turned(next) {
				return false
			}
			next++
		}
		if next == last {
			return false
		}
		at = next
	}
	return true
}

// inOrder reports whether pieces stand in a text one behind another, with at most so many bytes
// between them.
func inOrder(text string, pieces []string, within int) bool {
	for {
		_, rest, ok := strings.Cut(text, pieces[0])
		if !ok || follow(rest, pieces[1:], within) {
			return ok
		}
		text = rest
	}
}

// follow reports whether a text goes on with pieces.
func follow(text string, pieces []string, within int) bool {
	for _, p := range pieces {
		at := strings.Index(text, p)
		if at < 0 || at > within {
			return false
		}
		text = text[at+len(p):]
	}
	return true
}

// pieces returns those that a word is: itself, its beginning, its end, and where it is
// none and no word of any language, what it misspells. A word that ends or leaves
// something is no thing by its end: désabonnement.
func (t *sparseLines) pieces(word string, forgiving bool) (ids []int32) {
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
func (t *sparseLines) ends(id int32) bool {
	return slices.ContainsFunc(t.first[id], func(n int32) bool { return t.lines[n].part == paidEnding || t.lines[n].part == paidLeaving })
}

func (t *sparseLines) misspelt(word string) (ids []int32) {
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
