package command

import (
	"math/bits"
	"strings"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// Bounds of the messages that are read as a wording of a command: words, and
// bytes of a message without spaces.
const (
	maxWords  = 20
	maxJoined = 120
)

// says is what a piece of a wording is, of several kinds at once.
type says uint8

const (
	saysCore says = 1 << iota
	saysNeeding
	saysObject
	// saysBrief is a core of one word, which stands among leads and tails alone.
	saysBrief
	// saysAround is a word that only asks or links, of no wording in particular.
	saysAround
	saysLead
	saysTail
)

// said are the pieces that count for what a wording has said so far,.
const said = saysCore | saysNeeding | saysObject | saysBrief | saysAround

// wish are the pieces that say what is wanted.
const wish = saysCore | saysBrief | saysNeeding

// reading is what a wording says, and in how many languages it says so: tongues
// is a set of the places of their grammars.
type reading struct {
	command Command
	tongues uint64
}

// wanted is what a message is read for: some commands, in some languages.
type wanted struct {
	commands uint32
	tongues  speech.Tongues
}

// onlyStop is stop alone, notStop all other commands, by their places in commands.
const onlyStop, notStop = 1, ^uint32(1)

// worded reads a message as a wording of a command: words that lead to it, the
// wish itself, and what it is about, and nothing else. "please stop sending me
// texts" is one, "bus stop" is not. Of several commands the first one counts.
func worded(normal string, w wanted) (r reading) {
	if len(normal) > maxCommand || normal == "" {
		return r
	}
	g := knownGrammars()
	if r = g.read(normal, w); r.tongues != 0 {
		return r
	}
	if textform.IsASCII(normal) && !strings.Contains(normal, "'") || !strings.Contains(normal, " ") {
		return r
	}
	for _, form := range textform.FoldsNormal(normal) {
		if form == normal {
			continue
		}
		if r = g.read(form, w); r.tongues != 0 {
			return r
		}
	}
	return r
}

func wordsStop(normal string) bool {
	return worded(normal, wanted{commands: onlyStop, tongues: speech.Any}).tongues != 0 && !spares(normal, Stop)
}

// read reads one form.
func (g *grammars) read(form string, w wanted) (r reading) {
	var buf [maxJoined + 2]int
	form, bounds, may := g.units(form, buf[:0])
	var by [numbered]uint64
	for ; may != 0; may &= may - 1 {
		i := bits.TrailingZeros64(may)
		if g.all[i].tongue&w.tongues == 0 {
			continue
		}
		for whole := g.all[i].reads(form, bounds, w); whole != 0; whole &= whole - 1 {
			by[bits.TrailingZeros32(whole)] |= 1 << i
		}
	}
	for c, tongues := range by {
		if tongues != 0 {
			return reading{commands[c], tongues}
		}
	}
	return r
}

// units finds where the words of a form begin, each one character behind the end of the
// one before, or the characters of a form in a script without spaces, which is returned
// without any, and which languages they may be wordings of. It finds none in one word, or in
// a longer form than is read.
func (g *grammars) units(form string, bounds []int) (string, []int, uint64) {
	if len(form) <= maxJoined && strings.IndexFunc(form, isJoined) >= 0 {
		form = strings.ReplaceAll(form, " ", "")
		for i := range form {
			bounds = append(bounds, i)
		}
		return form, append(bounds, len(form)), g.joined
	}
	if !strings.Contains(form, " ") {
		return form, nil, 0
	}
	may := uint64(0)
	for start := 0; start < len(form); {
		if len(bounds) == maxWords {
			return form, nil, 0
		}
		end := start + max(0, strings.IndexByte(form[start:]+" ", ' '))
		if of := g.heads.Find(form[start:end]); of != nil {
			may |= *of
		}
		bounds, start = append(bounds, start), end+1
	}
	return form, append(bounds, len(form)+1), may &^ g.joined
}

// piece is a part of a message that says something.
type piece struct {
	from, to int
	kinds    *kinds
	// around says that it only asks or links.
	around bool
}

// reads tries every way to cut a message into pieces, since the longest one may
// take a word of the next, and returns the set of the commands that it says, by
// their places.
func (g *grammar) reads(form string, bounds []int, w wanted) (whole uint32) {
	var buf [64]piece
	pieces, wishes := g.cut(form, bounds, buf[:0])
	last := len(bounds) - 1
	var few [maxWords + 1]uint32
	reached := few[:]
	if last >= len(few) {
		reached = make([]uint32, last+1)
	}
	for wishes &= w.commands; wishes != 0; wishes &= wishes - 1 {
		c := bits.TrailingZeros32(wishes)
		clear(reached)
		reached[0] = 1
		readOn(pieces, reached, c)
		for set := reached[last]; set != 0; set &= set - 1 {
			if said32(set).whole() {
				whole |= 1 << c
			}
		}
	}
	return whole
}

// cut finds the pieces of a message, those that begin first before others, and
// the commands that they say a wish of. It ends where no piece ends.
func (g *grammar) cut(form string, bounds []int, pieces []piece) (all []piece, wishes uint32) {
	last := len(bounds) - 1
	end := 0
	for at := range last {
		if at > end {
			return nil, 0
		}
		unit := g.unit(form, bounds, at, at+1)
		own, asking := 0, 0
		if most := g.firsts.Find(unit); most != nil {
			own = *most
		}
		if !g.joined {
			asking = min(maxAround, speech.Longest(unit))
		}
		for to := at + 1; to <= min(last, at+max(own, asking)); to++ {
			p := piece{from: at, to: to}
			text := g.unit(form, bounds, at, to)
			if to-at <= own {
				p.kinds = g.pieces.Find(text)
			}
			p.around = to-at <= asking && speech.Surrounds(text, g.tongue)
			if p.kinds == nil && !p.around {
				continue
			}
			if p.kinds != nil {
				wishes |= p.kinds.wishes
			}
			pieces, end = append(pieces, p), max(end, to)
		}
	}
	return pieces, wishes
}

// unit returns a part of a form.
func (g *grammar) unit(form string, bounds []int, from, to int) string {
	if g.joined {
		return form[bounds[from]:bounds[to]]
	}
	return form[bounds[from] : bounds[to]-1]
}

// readOn goes on from every place that was reached: reached holds, for each place,
// the set of what can have been said up to there, one bit for each.
func readOn(pieces []piece, reached []uint32, c int) {
	for i := range pieces {
		p := &pieces[i]
		if reached[p.from] == 0 {
			continue
		}
		if p.kinds != nil && p.kinds.of[c] != 0 {
			reached[p.to] |= p.kinds.of[c].after(reached[p.from])
		} else if p.around && c > 0 {
			reached[p.to] |= (saysLead | saysTail | saysAround).after(reached[p.from])
		}
	}
}

// maxAround is the most words of an entry that only asks.
const maxAround = 6

// allows reports whether a piece may stand behind what was said: a tail never
// begins a message.
func (s says) allows(kind says) bool {
	if s&wish == 0 {
		return kind&^(saysTail|saysAround) != 0
	}
	return kind != 0
}

// behind returns what a piece of several kinds counts as behind what was said: a
// word that may be a tail says nothing more.
func (s says) behind(before says) says {
	if before&wish != 0 && s&(saysLead|saysTail) != 0 {
		s &^= wish
	}
	return s & said
}

// whole reports whether the wish is complete.
func (s says) whole() bool {
	return s&saysNeeding != 0 && s&saysObject != 0 || s&saysCore != 0 || s&saysBrief != 0 && s&saysAround == 0
}

// isJoined covers the scripts whose wordings are joined.
func isJoined(r rune) bool { return textform.IsSpaceless(r) || 0xac00 <= r && r <= 0xd7a3 }

// said32 returns the first of a set of what can have been said.
func said32(set uint32) says {
	return says(bits.TrailingZeros32(set)) //nolint:gosec // less than 32
}

// after returns the set of what can have been said behind a piece.
func (s says) after(before uint32) uint32 {
	set := uint32(0)
	for ; before != 0; before &= before - 1 {
		if b := said32(before); b.allows(s) {
			set |= 1 << (b | s.behind(b))
		}
	}
	return set
}
