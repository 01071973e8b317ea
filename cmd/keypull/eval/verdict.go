package eval

import (
	"slices"
	"strings"
	"unicode"

	"keypull/pull/what/command"
	"keypull/pull/what/textform"
)

// verdict is what an answer is worth beside its expectation.
type verdict string

// The verdicts, best first.
const (
	verdictRight        verdict = "right"
	verdictOfferedRight verdict = "offered-right"
	verdictOfferedPart  verdict = "offered-part"
	verdictMissed       verdict = "missed"
	verdictOfferedWrong verdict = "offered-wrong"
	verdictFalseOffer   verdict = "false-offer"
	verdictWrongArg     verdict = "wrong-arg"
	verdictWrongRun     verdict = "wrong-run"
)

// verdicts lists the verdicts with what one answer of each is worth: an
// offer costs the reader one more message, a wrong answer their trust.
var verdicts = []struct {
	verdict
	worth float64
}{
	{verdictRight, 1}, {verdictOfferedRight, 0.6}, {verdictOfferedPart, 0.3}, {verdictMissed, 0},
	{verdictOfferedWrong, -0.1}, {verdictFalseOffer, -0.1}, {verdictWrongArg, -0.5}, {verdictWrongRun, -3},
}

// maxOffered is how many ids of an offer count.
const maxOffered = 3

// judgePrediction holds an answer against an expectation. Reached is the share of the
// keywords meant that a reader gets to see, run or offered.
func judgePrediction(x *expectation, p *prediction) (v verdict, reached float64) {
	if p == nil {
		p = &prediction{Type: "none"}
	}
	offered := offeredIDs(p)
	kind := p.Type
	if kind == "offer" && len(offered) == 0 {
		kind = "none"
	}
	switch x.Type {
	case "run":
		return judgeRun(x, p, kind, offered)
	case "offer":
		return judgeOffer(x, p, kind, offered)
	case "reserved":
		return judgeReserved(x, p, kind, offered)
	}
	return judgeNone(x, kind, offered), 0
}

func judgeRun(x *expectation, p *prediction, kind string, offered []string) (v verdict, reached float64) {
	switch {
	case kind == "none":
		return verdictMissed, 0
	case kind == "offer" && slices.Contains(offered, x.ID):
		return verdictOfferedRight, 1
	case kind == "offer":
		return verdictOfferedWrong, 0
	case kind != "run" || p.ID != x.ID:
		return verdictWrongRun, 0
	case x.Arg != nil && bareLetters(*x.Arg) != bareLetters(p.Arg):
		return verdictWrongArg, 1
	}
	return verdictRight, 1
}

func judgeOffer(x *expectation, p *prediction, kind string, offered []string) (v verdict, reached float64) {
	switch kind {
	case "none":
		return verdictMissed, 0
	case "offer":
		need := x.Need
		if need == 0 {
			need = len(x.IDs)
		}
		need = min(need, maxOffered)
		hits := 0
		for _, id := range offered {
			if slices.Contains(x.IDs, id) {
				hits++
			}
		}
		reached = min(1, float64(hits)/float64(need))
		switch {
		case hits >= need:
			return verdictRight, reached
		case hits > 0:
			return verdictOfferedPart, reached
		}
		return verdictOfferedWrong, 0
	case "run":
		if len(x.IDs) == 1 && p.ID == x.IDs[0] {
			return verdictRight, 1
		}
	}
	return verdictWrongRun, 0
}

func judgeNone(x *expectation, kind string, offered []string) verdict {
	switch kind {
	case "none":
		return verdictRight
	case "offer":
		for _, id := range offered {
			if !slices.Contains(x.OK, id) {
				return verdictFalseOffer
			}
		}
		return verdictRight
	}
	return verdictWrongRun
}

func judgeReserved(x *expectation, p *prediction, kind string, offered []string) (v verdict, reached float64) {
	switch {
	case kind == "reserved" && (p.ID == x.ID || guides(p.ID) && guides(x.ID)):
		return verdictRight, 1
	case kind == "none":
		return verdictMissed, 0
	case kind == "offer" && slices.Contains(offered, x.ID):
		return verdictOfferedRight, 1
	case kind == "offer":
		return verdictOfferedWrong, 0
	}
	return verdictWrongRun, 0
}

// guides reports whether a command tells what there is to ask: HELP and MENU may stand for
// each other.
func guides(id string) bool { return id == string(command.Help) || id == string(command.Menu) }

// offeredIDs returns the ids of an offer that count: the first three that differ.
func offeredIDs(p *prediction) []string {
	var ids []string
	for _, id := range p.IDs {
		if len(ids) < maxOffered && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// bareLetters returns what of an argument is compared: letters, marks and digits,
// without case, width and kind.
func bareLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, textform.Normal(s))
}
