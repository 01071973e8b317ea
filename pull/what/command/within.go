package command

import (
	"math/bits"
	"slices"
	"strings"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// Bounds of the messages within which a wording is looked for: words, and bytes of a
// message without spaces.
const (
	mostWords  = 60
	mostJoined = 480
)

// Bounds of a wording that says a command by itself wherever it stands: words, or
// characters of a script without spaces.
const (
	leastWords  = 3
	leastJoined = 5
	// mostParticles is the most characters of politeness behind one.
	mostParticles = 4
)

// within are the commands that are looked for among other words, those first that count
// before others. The wordings of the others are words of every day: help, forget it.
var within = [...]Command{Danger, Stop, Forget, MyData, Human, Start, Menu}

// Within returns the command that one of the clauses of a message says beyond doubt by some of
// its words, whatever stands around them: at its end what is wanted beside what of, or a wording
// of several words, or anywhere those of a sparse line. "we have moved, so no more texts to this
// number please" is STOP. Clauses are normal forms.
func Within(clauses []string, in speech.Tongues) (Command, bool) {
	lines := make([]sparseFound, len(clauses))
	for i, clause := range clauses {
		lines[i] = knownPaid().findLines(textform.FoldNormal(strings.ReplaceAll(clause, "'", " ")), false)
	}
	for n, c := range within {
		for i, clause := range clauses {
			if lines[i].by[firstAmid+sparsePart(n)] != 0 || c != Menu && c != Danger && saysWithin(clause, c, in) {
				return c, !spares(strings.Join(clauses, " "), c)
			}
		}
	}
	return "", false
}

// saysWithin reports whether a clause has a wording of a command in some of its forms.
func saysWithin(clause string, c Command, in speech.Tongues) bool {
	return slices.ContainsFunc(append(textform.FoldsNormal(clause), clause), func(form string) bool {
		return knownGrammars().within(form, c, in)
	})
}

// within reports whether a form has a wording of a command in some languages.
func (g *grammars) within(form string, c Command, in speech.Tongues) bool {
	form, bounds, may := g.units(form, nil, mostWords, mostJoined)
	for ; may != 0; may &= may - 1 {
		one := &g.all[bits.TrailingZeros64(may)]
		if one.tongue&in != 0 && one.saysCommand(form, bounds, slices.Index(commands[:], c)) {
			return true
		}
	}
	return false
}

// forget is the place of FORGET in commands.
var forget = slices.Index(commands[:], Forget)

// saysCommand reports whether some pieces of a message, one behind another, say a command that nothing
// beside them turns round.
func (g *grammar) saysCommand(form string, bounds []int, c int) bool {
	var buf [64]piece
	pieces, wishes := g.cut(form, bounds, buf[:0], true)
	if wishes&(1<<c) == 0 || commands[c] == MyData && wishes&(1<<forget) != 0 {
		return false // what is to be erased is not to be shown
	}
	turned := func(at int) bool {
		return at >= 0 && speech.TurnsRound(textform.FoldNormal(g.unit(form, bounds, at, at+1)), g.tongue)
	}
	least := leastWords
	if g.joined {
		least = leastJoined
	}
	reached := make([]uint32, len(bounds))
	for from := range len(bounds) - least {
		if turned(from - 1) {
			continue
		}
		clear(reached)
		reached[from] = 1
		readOn(pieces, reached, c)
		for to := from + least; to < len(bounds); to++ {
			for set := reached[to]; set != 0; set &= set - 1 {
				if said32(set).whole(true) && g.parts(form, bounds, to) {
					return true
				}
			}
		}
	}
	for _, p := range pieces {
		if p.kinds != nil && p.kinds.of[c]&saysCore != 0 && p.to-p.from >= least && !turned(p.from-1) && g.parts(form, bounds, p.to) {
			return true
		}
	}
	return false
}

// parts reports whether what stands before a place is over there: the clause is, but for a few
// letters where words aren't told apart, or another part of it begins.
func (g *grammar) parts(form string, bounds []int, at int) bool {
	last := len(bounds) - 1
	if g.joined {
		return last-at <= mostParticles
	}
	return at == last || speech.Parts(textform.FoldNormal(g.unit(form, bounds, at, at+1)), g.tongue)
}
