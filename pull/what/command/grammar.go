package command

import (
	"strings"
	"sync"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
)

// grammar is how one language words the commands: what each piece says of each
// of them, by their places in commands.
type grammar struct {
	tag    string
	tongue speech.Tongues
	pieces *hashtable.Frozen[kinds]
	// firsts maps the first word, or character, of a piece to the most of them in
	// one that begins so.
	firsts *hashtable.Frozen[int]
	joined bool
}

// kinds are what a piece says of each command, and the set of those that it says
// a wish of.
type kinds struct {
	of     [numbered]says
	wishes uint32
}

// numbered is how many commands have wordings.
const numbered = 20

// commands are those that have wordings, in the order in which they are tried: what
// only sounds like a wish to erase goes before it.
var commands = [numbered]Command{Stop, Drop, Bot, Abuse, Forget, MyData, Human, Lang, Start, Help, Menu, My, Save, More, Why, Proof, Link, Unlink, Unlater, Later}

// grammars are those of all languages. heads maps the first word of what says a
// wish to the set of the languages, by their places.
type grammars struct {
	all   []grammar
	heads *hashtable.Frozen[uint64]
	// joined are those of scripts without spaces.
	joined uint64
	spelt  spellings
}

var knownGrammars = sync.OnceValue(func() *grammars {
	g := &grammars{heads: hashtable.Open(languages.Table(tableHeads), openNumber[uint64]), spelt: openSpellings(languages.Table(tableSpelt))}
	for line := range strings.Lines(languages.Table(tableGrammars)) {
		tag, joined, _ := strings.Cut(strings.TrimSpace(line), " ")
		one := grammar{
			tag: tag, tongue: speech.Of(tag), joined: joined != "",
			pieces: hashtable.Open(languages.Table(tablePieces+tag), openKinds),
			firsts: hashtable.Open(languages.Table(tableFirsts+tag), openNumber[int]),
		}
		if one.joined {
			g.joined |= 1 << len(g.all)
		}
		g.all = append(g.all, one)
	}
	return g
})

// saysBits are those of what a piece says in its number, below the command's place.
const saysBits = 8

func openKinds(numbers []uint64) (k kinds) {
	for _, n := range numbers {
		c := n >> saysBits
		k.of[c] = says(n) //nolint:gosec // as it was written
		if k.of[c]&wish != 0 {
			k.wishes |= 1 << c
		}
	}
	return k
}

// openNumber takes a value that is one number.
func openNumber[N int | uint64](numbers []uint64) N { return N(numbers[0]) }
