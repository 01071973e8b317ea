package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// The names of the tables; those of pieces and of first words are followed by
// that of a language.
const (
	tableTyped    = "command.typed"
	tableBare     = "command.bare"
	tableOwn      = "command.own"
	tableGrammars = "command.grammars"
	tableHeads    = "command.heads"
	tableSpelt    = "command.spelt"
	tablePieces   = "command.pieces."
	tableFirsts   = "command.firsts."
)

// builder collects tables, by their names, as texts with numbers.
type builder struct {
	tables map[string]map[string][]uint64
	// plain are those that are read as they stand.
	plain map[string][]byte
}

// Compile returns the tables of what commands are worded by, by their names.
func Compile() (map[string][]byte, error) {
	b := builder{tables: map[string]map[string][]uint64{}, plain: map[string][]byte{}}
	b.addForms()
	b.addOwn()
	b.addGrammars()
	all := maps.Clone(b.plain)
	for name, texts := range b.tables {
		table, err := hashtable.Freeze(texts)
		if err != nil {
			return nil, fmt.Errorf("freeze %s: %w", name, err)
		}
		all[name] = table
	}
	return all, nil
}

// wordings are the pieces of one language, and the most words, or characters, of those
// that begin with one.
type wordings struct {
	entered map[string]*kinds
	firsts  map[string][]uint64
	joined  bool
}

// addGrammars adds what says a wish in each language.
func (b *builder) addGrammars() {
	heads, spelt, lines, place := map[string][]uint64{}, map[spelling]map[string]bool{}, "", 0
	for _, tag := range languages.Tags() {
		one := readGrammar(tag)
		if len(one.entered) == 0 {
			continue
		}
		pieces := map[string][]uint64{}
		for text, kinds := range one.entered {
			pieces[text] = kinds.numbers()
			if one.joined {
				continue
			}
			if kinds.wishes != 0 {
				word, _, _ := strings.Cut(text, " ")
				if heads[word] == nil {
					heads[word] = []uint64{0}
				}
				heads[word][0] |= 1 << place
			}
			if kinds.tells() {
				for word := range strings.SplitSeq(text, " ") {
					addSpelling(spelt, word)
				}
			}
		}
		b.tables[tablePieces+tag], b.tables[tableFirsts+tag] = pieces, one.firsts
		lines += tag
		if one.joined {
			lines += " joined"
		}
		lines += "\n"
		place++
	}
	b.tables[tableHeads] = heads
	b.plain[tableGrammars] = []byte(lines)
	var groups []string
	for _, words := range spelt {
		groups = append(groups, strings.Join(slices.Sorted(maps.Keys(words)), " "))
	}
	slices.Sort(groups)
	b.plain[tableSpelt] = []byte(strings.Join(groups, "\n"))
}

// addSpelling adds a word to those that are looked up by the same.
func addSpelling(spelt map[spelling]map[string]bool, word string) {
	by := spellingOf(word)
	if by.letters < minMisspelt {
		return
	}
	if spelt[by] == nil {
		spelt[by] = map[string]bool{}
	}
	spelt[by][word] = true
}

// numbers are what a piece says of each command, with the command's place before it.
func (k *kinds) numbers() (all []uint64) {
	for c, says := range k.of {
		if says != 0 {
			all = append(all, uint64(c)<<saysBits|uint64(says))
		}
	}
	return all
}

// everywhere are the words of stop that readers of every language know.
var everywhere = [...]string{"stop", "unsubscribe"}

// readGrammar reads how one language words its commands. A core says one alone, and
// so does what is worded, which the tables of whole messages do not hold; needing does
// only beside one of the objects; leads stand before a core, tails behind it, objects on
// both sides. Stop has a file, leads and tails of its own. What of a reader's data can be
// asked for can be erased as well.
func readGrammar(tag string) wordings {
	g := wordings{entered: map[string]*kinds{}, firsts: map[string][]uint64{}}
	for section, line := range languages.Lines(tag, "stop.txt") {
		if len(g.entered) == 0 {
			g.joined = strings.IndexFunc(line, isJoined) >= 0
			for _, word := range everywhere {
				g.addWording(word, saysCore, 1)
			}
		}
		g.line(line, stopSections[section], onlyStop)
	}
	for section, line := range languages.Lines(tag, "commands.txt") {
		if kind := stopSections[section]; kind == saysLead || kind == saysTail {
			g.line(line, kind, notStop)
			continue
		}
		name, part, _ := strings.Cut(section, "-")
		for c := 1; c < numbered; c++ {
			if string(commands[c]) == name || part == "objects" && commands[c] == Forget && name == string(MyData) {
				g.line(line, commandSections[part], 1<<c)
			}
		}
	}
	g.readLanguages(tag)
	return g
}

// readLanguages enters the names of languages as what LANG is about, and the words around
// them as its wish: "in German".
func (g *wordings) readLanguages(own string) {
	of := uint32(1) << slices.Index(commands[:], Lang)
	for section, line := range languages.Lines(own, "names.txt") {
		switch section {
		case "in":
			g.line(line, saysNeeding, of)
		case "frames":
			g.line(line, saysObject, of)
		}
	}
	for _, in := range [...]string{own, "en"} {
		for _, name := range languages.Names(in) {
			g.line(name, saysObject, of)
		}
	}
	for _, tag := range languages.Tags() {
		for section, name := range languages.Lines(tag, "names.txt") {
			if section == "names" && len(name) >= minLanguage {
				g.line(name, saysObject, of)
			}
		}
	}
}

// stopSections are what the sections of stop.txt hold, commandSections what
// those of a command do.
var (
	stopSections = map[string]says{
		"core": saysCore, "worded": saysCore, "needing": saysNeeding, "leads": saysLead, "tails": saysTail, "objects": saysObject,
	}
	commandSections = map[string]says{"": saysCore, "worded": saysCore, "needing": saysNeeding, "objects": saysObject, "leads": saysLead, "tails": saysTail}
)

// line enters a line for some commands; leads, tails and the objects of stop stand
// many to one.
func (g *wordings) line(line string, kind says, of uint32) {
	switch {
	case kind == saysLead, kind == saysTail, kind == saysObject && of == onlyStop:
		for word := range strings.FieldsSeq(line) {
			g.addWording(word, kind, of)
		}
	case kind != 0:
		g.addWording(line, kind, of)
	}
}

// addWording enters a phrase in its normal and its folded forms.
func (g *wordings) addWording(text string, kind says, of uint32) {
	normal := textform.Normal(text)
	if normal == "" {
		return
	}
	if kind == saysCore && !g.joined && of != onlyStop && !strings.Contains(normal, " ") {
		kind = saysBrief
	}
	g.enter(normal, kind, of)
	for _, form := range textform.FoldsNormal(normal) {
		if form != normal && (kind&(saysLead|saysTail|saysObject) != 0 || utf8.RuneCountInString(form) >= minFolded) {
			g.enter(form, kind, of)
		}
	}
}

func (g *wordings) enter(form string, kind says, of uint32) {
	first, units := form, uint64(1)
	if g.joined {
		form = strings.ReplaceAll(form, " ", "")
		_, n := utf8.DecodeRuneInString(form)
		first, units = form[:n], uint64(utf8.RuneCountInString(form)) //nolint:gosec // a count
	} else if word, rest, more := strings.Cut(form, " "); more {
		first, units = word, uint64(strings.Count(rest, " "))+2 //nolint:gosec // a count
	}
	if most := g.firsts[first]; len(most) == 0 || most[0] < units {
		g.firsts[first] = []uint64{units}
	}
	held := g.entered[form]
	if held == nil {
		held = new(kinds)
		g.entered[form] = held
	}
	for c := range held.of {
		if of>>c&1 != 0 {
			held.of[c] |= kind
			if kind&wish != 0 {
				held.wishes |= 1 << c
			}
		}
	}
}

// numbers are those of a word of some command.
func (w word) numbers() []uint64 {
	flags := uint64(0)
	if w.closes {
		flags |= wordCloses
	}
	if w.subscribes {
		flags |= wordSubscribes
	}
	if w.folded {
		flags |= wordFolded
	}
	return []uint64{uint64(slices.Index(commands[:], w.command)), flags} //nolint:gosec // every command has a place
}

// addForms adds the forms of the words that are commands as they stand.
func (b *builder) addForms() {
	type entry struct {
		form string
		word
	}
	var all []entry
	typed, bare := map[string][]uint64{}, map[string][]uint64{}
	eachWord(func(form string, w word) {
		typed[form] = w.numbers()
		all = append(all, entry{form, w})
	})
	for _, e := range all {
		for _, f := range textform.FoldsNormal(e.form) {
			n := utf8.RuneCountInString(f)
			if n < minFolded || n < minPlain && f == e.form {
				continue
			}
			e.folded = true
			if typed[f] == nil {
				typed[f] = e.numbers()
			}
			bare[f] = []uint64{typed[f][0], typed[f][1] | wordFolded}
		}
	}
	b.tables[tableTyped], b.tables[tableBare] = typed, bare
}

// eachWord calls f with every entry, the words of stop last, since they win.
func eachWord(f func(form string, w word)) {
	for _, tag := range languages.Tags() {
		for section, text := range languages.Lines(tag, "commands.txt") {
			if w, ok := wordsOf(section); ok {
				f(textform.Normal(text), w)
			}
		}
	}
	for _, tag := range languages.Tags() {
		for section, text := range languages.Lines(tag, "stop.txt") {
			if section == "core" || section == "alone" || section == "misspelt" {
				f(textform.Normal(text), word{command: Stop})
			}
		}
	}
}

// addOwn adds which language alone says a command so, by its place and one, or 0.
func (b *builder) addOwn() {
	own := map[string][]uint64{}
	add := func(form string, of uint64) {
		if before := own[form]; len(before) > 0 && before[0] != of {
			of = 0
		}
		own[form] = []uint64{of}
	}
	for i, tag := range languages.Tags() {
		for _, file := range []string{"commands.txt", "stop.txt"} {
			for section, text := range languages.Lines(tag, file) {
				if _, listed := wordsOf(section); file == "stop.txt" && section != "core" && section != "alone" || file != "stop.txt" && !listed {
					continue
				}
				normal, of := textform.Normal(text), uint64(i)+1 //nolint:gosec // a place
				if tag == "en" && !strings.Contains(normal, " ") {
					of = 0
				}
				add(normal, of)
				for _, form := range textform.FoldsNormal(normal) {
					if form != normal && utf8.RuneCountInString(form) >= minFolded {
						add(form, of)
					}
				}
			}
		}
	}
	b.tables[tableOwn] = own
}
