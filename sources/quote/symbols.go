package quote

import (
	"cmp"
	"hash/maphash"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
)

const (
	maxSymbolsBytes = 48 << 20
	maxSymbols      = pull.MaxTerms
	// maxListed is how many symbols a vocabulary has that comes at once.
	maxListed = 20000
	offered   = 5
	// maxShared is how many symbols are looked at that share a word: what more
	// of them have tells none from the others.
	maxShared = 2000
	// maxChoices is how many symbols a reader is asked to choose from.
	maxChoices = 12
)

// free is what passes for a symbol where none are listed.
var free = regexp.MustCompile(`^[A-Za-z0-9.^=_:&-]{1,20}(/[A-Za-z0-9]{1,10})?$`)

// directory finds symbols by what readers call them. It is made of sorted hashes
// alone, so that 200,000 symbols are found at once and lie in little memory.
type directory struct {
	symbols []Symbol
	// guessed is what was guessed of the list's encoding; "" if nothing was.
	guessed string
	// names are the whole names, worded their words.
	names, worded index
}

// index finds the places of texts by their hashes, which are 64 bits long: that
// two of a million texts share one does not happen in a lifetime.
type index struct {
	seed  maphash.Seed
	known []mark
}

type mark struct {
	hash uint64
	at   uint32
}

func (x *index) addText(text string, at int) {
	if text != "" {
		x.known = append(x.known, mark{maphash.String(x.seed, text), uint32(at)}) //nolint:gosec // there are at most 200,000
	}
}

// sortMarks makes the index ready; the places of one text are in their order.
func (x *index) sortMarks() {
	slices.SortFunc(x.known, func(a, b mark) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.at, b.at)) })
	x.known = slices.Clip(slices.Compact(x.known))
}

// findMarks returns where a text stands.
func (x *index) findMarks(text string) []mark {
	hash := maphash.String(x.seed, text)
	from, _ := slices.BinarySearchFunc(x.known, hash, func(m mark, h uint64) int { return cmp.Compare(m.hash, h) })
	to := from
	for to < len(x.known) && x.known[to].hash == hash {
		to++
	}
	return x.known[from:to]
}

// What a name is, best first: a symbol letter by letter, a symbol whatever its case,
// a name folded, another name.
const (
	asTyped   = "!"
	asWritten = "="
	asCalled  = "~"
	asAlias   = "+"
)

// spelling returns a symbol as it is compared with what was typed: its signs tell it from
// others.
func spelling(symbol string) string {
	written := textform.Written(symbol)
	if strings.Contains(written, "'") { // which folding drops: W's is no WS
		return written
	}
	return textform.FoldNormal(written)
}

func newDirectory(symbols []Symbol) *directory {
	seed := maphash.MakeSeed()
	d := &directory{symbols: slices.Clone(symbols), names: index{seed: seed}, worded: index{seed: seed}}
	for i := range d.symbols {
		s := &d.symbols[i]
		s.Name = sources.Line(s.Name)
		d.names.addText(asTyped+strings.TrimSpace(s.Symbol), i)
		d.names.addText(asWritten+strings.ToLower(strings.TrimSpace(s.Symbol)), i)
		d.names.addText(asWritten+spelling(s.Symbol), i)
		if s.Name != "" {
			d.names.addText(asCalled+textform.Fold(s.Name), i)
		}
		for _, alias := range s.Aliases {
			d.names.addText(asAlias+textform.Fold(alias), i)
		}
		for word := range strings.FieldsFuncSeq(s.called(), noWord) {
			d.worded.addText(word, i)
		}
	}
	d.names.sortMarks()
	d.worded.sortMarks()
	return d
}

// called returns all that readers call a symbol, folded.
func (s *Symbol) called() string {
	return textform.Fold(strings.Join(append([]string{s.Name}, s.Aliases...), " "))
}

func (d *directory) isEmpty() bool { return len(d.symbols) == 0 }

// symbolNamed returns the symbol of that name; where none are listed, whatever may
// be one.
func (d *directory) symbolNamed(name string) (string, bool) {
	name = strings.TrimSpace(name)
	if d.isEmpty() {
		return capitals(name), free.MatchString(name) && strings.Trim(name, ".") != ""
	}
	if name == "" {
		return "", false
	}
	folded := textform.Fold(name)
	for _, text := range []string{asTyped + name, asWritten + strings.ToLower(name), asWritten + spelling(name), asCalled + folded, asAlias + folded} {
		if found := d.names.findMarks(text); len(found) > 0 && len(text) > len(asWritten) {
			return d.symbols[found[0].at].Symbol, true
		}
	}
	return "", false
}

// capitals writes a symbol that was typed in small letters, or with the capital that
// a keyboard puts first, in capitals; what has others, as RDSa.L, stays.
func capitals(typed string) string {
	_, first := utf8.DecodeRuneInString(typed)
	if rest := typed[min(first, len(typed)):]; rest != strings.ToLower(rest) {
		return typed
	}
	return strings.ToUpper(typed)
}

// findSymbol returns the symbol that an argument means.
func (d *directory) findSymbol(argument string) (string, error) {
	argument = strings.TrimSpace(argument)
	if argument == "" {
		return "", &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: d.needed()}
	}
	if symbol, ok := d.symbolNamed(argument); ok {
		return symbol, nil
	}
	if d.isEmpty() {
		return "", &pull.Error{Kind: pull.Unknown, Op: op, Field: "argument", Hint: own.Text("symbol_odd", nil)}
	}
	switch found := d.sharing(argument); len(found) {
	case 0:
		return "", &pull.Error{Kind: pull.Unknown, Op: op, Field: "argument", Hint: own.Text("symbol_unknown", words.Args{"symbols": d.examples()})}
	case 1:
		if !mayBeAnother(argument, d.symbols[found[0]].Symbol) {
			return d.symbols[found[0]].Symbol, nil
		}
		fallthrough
	default:
		e := &pull.Error{Kind: pull.Several, Op: op, Field: "argument", Hint: own.Text("several", nil)}
		for _, i := range found {
			e.Choices = append(e.Choices, d.symbols[i].toTerm())
		}
		return "", e
	}
}

// mayBeAnother reports whether what was typed may be a symbol of its own, and not a
// word of the name that it stands in: it is written like one, or is a part of this
// one, as SAP is of SAP.DE.
func mayBeAnother(argument, symbol string) bool {
	return textform.IsSymbol(argument) || slices.Contains(strings.FieldsFunc(strings.ToLower(symbol), noWord), strings.ToLower(argument))
}

// sharing returns the symbols that have all words of an argument among the words
// of their names, the shorter names first.
func (d *directory) sharing(argument string) []int {
	wanted := strings.FieldsFunc(textform.Fold(argument), noWord)
	if len(wanted) == 0 {
		return nil
	}
	lists := make([][]mark, 0, len(wanted))
	for _, word := range wanted {
		lists = append(lists, d.worded.findMarks(word))
	}
	slices.SortStableFunc(lists, func(a, b []mark) int { return len(a) - len(b) })
	var best []int
	for _, m := range lists[0][:min(len(lists[0]), maxShared)] {
		if !inAll(lists[1:], m.at) {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, int(m.at), func(i, j int) int { return cmp.Or(d.length(i)-d.length(j), i-j) })
		if at < maxChoices {
			best = slices.Insert(best, at, int(m.at))
			best = best[:min(len(best), maxChoices)]
		}
	}
	return best
}

// inAll says whether a place stands in all of some lists, of which it takes off
// what stands before: it is asked for one place after the other.
func inAll(lists [][]mark, at uint32) bool {
	in := true
	for i, list := range lists {
		n := 0
		for n < len(list) && list[n].at < at {
			n++
		}
		lists[i] = list[n:]
		in = in && n < len(list) && list[n].at == at
	}
	return in
}

// length returns how much readers call a symbol.
func (d *directory) length(i int) int {
	n := len(d.symbols[i].Name)
	for _, alias := range d.symbols[i].Aliases {
		n += len(alias)
	}
	return n
}

func noWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }

// examples returns some symbols to ask for.
func (d *directory) examples() string {
	var names []string
	for _, s := range d.symbols[:min(len(d.symbols), offered)] {
		names = append(names, s.Symbol)
	}
	return strings.Join(names, ", ")
}

// needed asks for a symbol, with examples where any are known.
func (d *directory) needed() words.Text {
	if d.isEmpty() {
		return own.Text("symbol_needed", nil)
	}
	return own.Text("symbol_needed_try", words.Args{"symbols": d.examples()})
}

// listed returns what the list says of a symbol; nothing of one that it does not have.
func (d *directory) listed(symbol string) (s Symbol) {
	for _, text := range []string{asTyped + symbol, asWritten + strings.ToLower(symbol)} {
		if found := d.names.findMarks(text); len(found) > 0 {
			return d.symbols[found[0].at]
		}
	}
	return s
}

func (d *directory) allTerms() []what.Term {
	terms := make([]what.Term, 0, len(d.symbols))
	for _, s := range d.symbols {
		terms = append(terms, s.toTerm())
	}
	return terms
}

// toTerm returns the symbol with its names, the company's first.
func (s Symbol) toTerm() what.Term {
	t := what.Term{Value: s.Symbol}
	for _, name := range append([]string{s.Name, s.Symbol}, s.Aliases...) {
		if name != "" && (len(t.Names) == 0 || name != t.Names[0]) {
			t.Names = append(t.Names, name)
		}
	}
	return t
}
