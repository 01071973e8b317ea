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
	// saysDanger says that somebody may die, or wants to.
	saysDanger
	sparseParts
)

// near reports whether few words may stand between those of a line: of what did not come, and of danger.
func (p sparsePart) near() bool { return p >= paidMissing }

// sparseSections returns what sections hold, by the file and the name of each.
func sparseSections() map[string]sparsePart {
	return map[string]sparsePart{
		"paid.txt things": paidThing, "paid.txt ending": paidEnding, "paid.txt leaving": paidLeaving, "paid.txt asking": paidAsking,
		"paid.txt papers": paidPaper, "paid.txt missing": paidMissing, "commands.txt danger-amid": saysDanger,
	}
}

// Bounds of what is read: one more than the most words of a message that are looked at, the
// fewest letters of a word that may be misspelt, and the most words from one of a near line to
// the next, or bytes between two in a script without spaces, and the most forms of an alternative.
const (
	sparseMany = 48
	minSlipped = 6
	nearWords  = 3
	nearJoined = 18
	maxForms   = 64
)

// sparseLine is a line whose places are filled in a message in this order, with or without other
// words between them. Each place has alternatives, one of which may be empty, and each of them
// pieces.
type sparseLine struct {
	places   [][][]int32
	language int
	part     sparsePart
}

// joinedLine is one in a script without spaces.
type joinedLine struct {
	places   [][]string
	language int
	part     sparsePart
}

// sparseLines are those of all languages, by their first pieces. A piece is a word, or with a
// hyphen the beginning or the end of one.
type sparseLines struct {
	tags                 []string
	english              uint64
	lines                []sparseLine
	joined               []joinedLine
	first                map[int32][]int32
	whole, begins, finis *hashtable.Map[int32]
	spelt                map[spelling][]string
	// numbers are those of the pieces, paid says which are of lines about what is paid for, forms
	// are the folded forms of words.
	numbers map[string]int32
	paid    map[int32]bool
	forms   map[string][]string
}

// readSparseLines reads those of all languages.
func readSparseLines() *sparseLines {
	t := &sparseLines{
		tags: languages.Tags(), first: map[int32][]int32{}, spelt: map[spelling][]string{},
		whole: hashtable.NewMap[int32](), begins: hashtable.NewMap[int32](), finis: hashtable.NewMap[int32](),
		numbers: map[string]int32{}, paid: map[int32]bool{}, forms: map[string][]string{},
	}
	parts := sparseSections()
	for language, tag := range t.tags {
		if tag == "en" {
			t.english = 1 << language
		}
		for _, file := range [...]string{"paid.txt", "commands.txt"} {
			for section, line := range languages.Patterns(tag, file) {
				if part, ok := parts[file+" "+section]; ok {
					t.addLine(line, language, part)
				}
			}
		}
	}
	t.whole.Fit()
	t.begins.Fit()
	t.finis.Fit()
	t.forms = nil
	return t
}

// placesOf returns the alternatives at each place of a line: "(no|any) more texts" has three.
func placesOf(line string) (places [][]string) {
	for line != "" {
		end := strings.IndexByte(line, ' ')
		if line[0] == '(' {
			if closed := strings.IndexByte(line, ')'); closed > 0 {
				end = closed + 1
			}
		}
		if end < 0 {
			end = len(line)
		}
		places = append(places, strings.Split(strings.Trim(line[:end], "()"), "|"))
		line = strings.TrimSpace(line[end:])
	}
	return places
}

// addLine adds a line, with the alternatives at its places.
func (t *sparseLines) addLine(line string, language int, part sparsePart) {
	places := placesOf(line)
	if strings.IndexFunc(line, isJoined) >= 0 {
		for _, alternatives := range places {
			for i, text := range alternatives {
				alternatives[i] = textform.FoldNormal(textform.Normal(strings.NewReplacer(" ", "", "-", "").Replace(text)))
			}
		}
		t.joined = append(t.joined, joinedLine{places, language, part})
		return
	}
	added := sparseLine{language: language, part: part}
	for _, alternatives := range places {
		var of [][]int32
		for _, text := range alternatives {
			for _, form := range t.formsOf(text) {
				of = append(of, t.piecesOf(form, part))
			}
		}
		added.places = append(added.places, of)
	}
	n := int32(len(t.lines)) //nolint:gosec // there are some thousand
	t.lines = append(t.lines, added)
	for _, pieces := range added.places[0] {
		if len(pieces) == 0 {
			continue
		}
		if all := t.first[pieces[0]]; len(all) == 0 || all[len(all)-1] != n {
			t.first[pieces[0]] = append(all, n)
		}
	}
}

// formsOf returns the folded forms of an alternative.
func (t *sparseLines) formsOf(text string) []string {
	forms, ok := t.forms[text]
	if !ok {
		forms = sparseForms(text)
		t.forms[text] = forms
	}
	return forms
}

// sparseForms returns the folded forms of some words, with the hyphens that say where one goes on.
func sparseForms(text string) []string {
	var places [][]string
	for word := range strings.FieldsSeq(text) {
		bare := strings.Trim(word, "-")
		before, behind, _ := strings.Cut(word, bare)
		var forms []string
		for _, form := range textform.Folds(bare) {
			forms = append(forms, before+form+behind)
		}
		places = append(places, forms)
	}
	return phrasesOf(places, maxForms)
}

// piecesOf returns the numbers of the pieces of a folded form.
func (t *sparseLines) piecesOf(form string, part sparsePart) (pieces []int32) {
	for word := range strings.FieldsSeq(form) {
		id, ok := t.numbers[word]
		if !ok {
			id = int32(len(t.numbers)) //nolint:gosec // there are some thousand
			t.numbers[word] = id
			t.enter(word, id)
		}
		pieces = append(pieces, id)
		if part != saysDanger {
			t.paid[id] = true
		}
	}
	return pieces
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

// foldSparse returns the folded form of a normal one in which lines are found.
func foldSparse(normal string) string {
	return textform.FoldNormal(strings.ReplaceAll(normal, "'", " "))
}

// TellsDanger reports whether a clause of a message, a normal form, says beyond doubt that somebody
// may die, or wants to, whatever stands around it.
func TellsDanger(clause string) bool {
	found := knownPaid().findLines(foldSparse(clause), false)
	return found.by[saysDanger] != 0
}

// findLines finds the lines that stand in a folded form.
func (t *sparseLines) findLines(folded string, forgiving bool) (found sparseFound) {
	if strings.IndexFunc(folded, isJoined) >= 0 {
		joined := strings.ReplaceAll(folded, " ", "")
		for i := range t.joined {
			l := &t.joined[i]
			within := len(joined)
			if l.part.near() {
				within = nearJoined
			}
			if inOrder(joined, l.places, within, false) {
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

// stands reports whether a line stands in some words, beginning at a place, and where it tells of
// danger, no other word in front of it or between turns it round: "I don't want to die".
func (t *sparseLines) stands(l *sparseLine, at int, words []string, of [][]int32) bool {
	w := standing{line: l, words: words, of: of, within: len(words)}
	if l.part.near() {
		w.within = nearWords
	}
	if l.part == saysDanger {
		w.tongue = speech.Of(t.tags[l.language])
	}
	if at > 0 && w.turned(at-1) {
		return false
	}
	for _, pieces := range l.places[0] {
		if len(pieces) > 0 && slices.Contains(of[at], pieces[0]) && w.goesOn(pieces[1:], at+1, 1) {
			return true
		}
	}
	return false
}

// standing is a line that is looked for in the words of a message, of which each is of some
// pieces.
type standing struct {
	line   *sparseLine
	words  []string
	of     [][]int32
	within int
	tongue speech.Tongues
}

// turned reports whether a word turns round what stands beside it.
func (w *standing) turned(at int) bool {
	return w.tongue != 0 && speech.TurnsRound(w.words[at], w.tongue)
}

// goesOn reports whether from a word on there are some pieces, and one of the alternatives at each
// place of the line from one on.
func (w *standing) goesOn(pieces []int32, from, place int) bool {
	if len(pieces) == 0 {
		return place == len(w.line.places) || slices.ContainsFunc(w.line.places[place], func(next []int32) bool {
			return w.goesOn(next, from, place+1)
		})
	}
	for at := from; at < min(len(w.words), from+w.within); at++ {
		if slices.Contains(w.of[at], pieces[0]) && w.goesOn(pieces[1:], at+1, place) {
			return true
		}
		if w.turned(at) {
			return false
		}
	}
	return false
}

// inOrder reports whether one of the alternatives at each place of a line stands in a text, each
// within so many bytes of the one before, if the line has begun.
func inOrder(text string, places [][]string, within int, begun bool) bool {
	if len(places) == 0 {
		return true
	}
	most := len(text)
	if begun {
		most = within
	}
	for _, piece := range places[0] {
		rest, passed := text, 0
		for {
			at := strings.Index(rest, piece)
			if at < 0 || passed+at > most {
				break
			}
			rest, passed = rest[at+len(piece):], passed+at+len(piece)
			if inOrder(rest, places[1:], within, true) {
				return true
			}
			if piece == "" {
				break
			}
		}
	}
	return false
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
