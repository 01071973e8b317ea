package command

import (
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// grammar is how one language words the commands: what each piece says of each
// of them, by their places in commands.
type grammar struct {
	tag    string
	tongue speech.Tongues
	pieces *hashtable.Map[kinds]
	// firsts maps the first word, or character, of a piece to the most of them in
	// one that begins so.
	firsts *hashtable.Map[int]
	joined bool
	// entered are the pieces with their texts, while they are read.
	entered map[string]*kinds
}

// kinds are what a piece says of each command, and the set of those that it says
// a wish of.
type kinds struct {
	of     [numbered]says
	wishes uint32
}

// numbered is how many commands have wordings.
const numbered = 17

// commands are those that have wordings, in the order in which they are tried: what
// only sounds like a wish to erase goes before it.
var commands = [numbered]Command{Stop, Drop, Bot, Abuse, Forget, MyData, Human, Lang, Start, Help, Menu, My, Save, More, Why, Link, Unlink}

// grammars are those of all languages. heads maps the first word of what says a
// wish to the set of the languages, by their places.
type grammars struct {
	all   []grammar
	heads *hashtable.Map[uint64]
	// joined are those of scripts without spaces.
	joined uint64
	spelt  spellings
}

var knownGrammars = sync.OnceValue(func() *grammars {
	g, heads, spelt := &grammars{heads: hashtable.NewMap[uint64]()}, map[string]uint64{}, map[string]bool{}
	for _, tag := range languages.Tags() {
		one := readGrammar(tag)
		if len(one.entered) == 0 {
			continue
		}
		place := uint64(1) << len(g.all)
		if one.joined {
			g.joined |= place
		}
		for text, kinds := range one.entered {
			one.pieces.Set(text, *kinds)
			if one.joined {
				continue
			}
			if kinds.wishes != 0 {
				word, _, _ := strings.Cut(text, " ")
				heads[word] |= place
			}
			if kinds.tells() {
				for word := range strings.SplitSeq(text, " ") {
					spelt[word] = true
				}
			}
		}
		one.entered = nil
		one.pieces.Fit()
		one.firsts.Fit()
		g.all = append(g.all, one)
	}
	for word, places := range heads {
		g.heads.Set(word, places)
	}
	g.heads.Fit()
	g.spelt = spellingsOf(spelt)
	return g
})

// everywhere are the words of stop that readers of every language know.
var everywhere = [...]string{"stop", "unsubscribe"}

// readGrammar reads how one language words its commands. A core says one alone,
// needing only beside one of the objects; leads stand before a core, tails behind
// it, objects on both sides. Stop has a file, leads and tails of its own.
func readGrammar(tag string) grammar {
	g := grammar{tag: tag, tongue: speech.Of(tag), pieces: hashtable.NewMap[kinds](), firsts: hashtable.NewMap[int](), entered: map[string]*kinds{}}
	for section, line := range languages.Lines(tag, "stop.txt") {
		if len(g.entered) == 0 {
			g.joined = strings.IndexFunc(line, isJoined) >= 0
			for _, word := range everywhere {
				g.add(word, saysCore, 1)
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
			if string(commands[c]) == name {
				g.line(line, commandSections[part], 1<<c)
			}
		}
	}
	return g
}

// stopSections are what the sections of stop.txt hold, commandSections what
// those of a command do.
var (
	stopSections = map[string]says{
		"core": saysCore, "needing": saysNeeding, "leads": saysLead, "tails": saysTail, "objects": saysObject,
	}
	commandSections = map[string]says{"": saysCore, "needing": saysNeeding, "objects": saysObject}
)

// line enters a line for some commands; leads, tails and the objects of stop stand
// many to one.
func (g *grammar) line(line string, kind says, of uint32) {
	switch {
	case kind == saysLead, kind == saysTail, kind == saysObject && of == onlyStop:
		for word := range strings.FieldsSeq(line) {
			g.add(word, kind, of)
		}
	case kind != 0:
		g.add(line, kind, of)
	}
}

// add enters a phrase in its normal and its folded forms.
func (g *grammar) add(text string, kind says, of uint32) {
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

func (g *grammar) enter(form string, kind says, of uint32) {
	first, units := form, 1
	if g.joined {
		form = strings.ReplaceAll(form, " ", "")
		_, n := utf8.DecodeRuneInString(form)
		first, units = form[:n], utf8.RuneCountInString(form)
	} else if word, rest, more := strings.Cut(form, " "); more {
		first, units = word, strings.Count(rest, " ")+2
	}
	if most := g.firsts.Find(first); most == nil || *most < units {
		g.firsts.Set(first, units)
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
