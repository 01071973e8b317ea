package what

import (
	"time"

	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// instructed are the kinds of instructions that are carried out whatever the reader has,
// with the commands that they are; those about what a reader has are none by
// themselves.
var instructed = map[instruction.Kind]command.Command{
	instruction.Language: command.Lang,
	instruction.Short:    "short", instruction.Long: "long", instruction.Plain: "plain",
	instruction.Save: command.Save, instruction.Unsave: command.Unsave, instruction.Saved: command.My,
	instruction.ListAdd: command.Save, instruction.ListRemove: command.Unsave, instruction.ListMake: command.Save,
}

// instruction finds a command with something in it. Where that is the name of keywords, it
// has to name some.
func (t *tiers) instruction() (Match, bool) {
	if t.behind || t.partial {
		return Match{}, false
	}
	found, ok := instruction.Read(t.text, t.tokens, isIdle, t.languages)
	if !ok || !isFilled(found) {
		return Match{}, false
	}
	var named []Candidate
	if words, says := found.Gaps[instruction.Words]; says {
		within := newTiers(t.ix, words, t.languages)
		within.behind = true
		runs, ok := within.answer()
		t.probes += within.probes
		if !ok || runs.Decision != Run {
			return Match{}, false
		}
		named = runs.Candidates
	}
	c, ok := instructed[found.Kind]
	if !ok {
		t.instructed = found
		return Match{}, false
	}
	m, ok := t.reserved(c)
	m.Instruction, m.Candidates = found, named
	return m, ok
}

// isFilled reports whether what stands in the gaps of an instruction is what belongs there.
func isFilled(in instruction.Instruction) bool {
	for kind, gap := range map[slot.Kind]string{slot.Number: in.Gaps[instruction.Number], slot.Language: languageGap(in)} {
		if gap == "" {
			continue
		}
		if _, ok := slot.Parse(kind, gap, time.Time{}, in.Language); !ok {
			return false
		}
	}
	return true
}

// languageGap returns what an instruction names as the language of answers.
func languageGap(in instruction.Instruction) string {
	if in.Kind != instruction.Language {
		return ""
	}
	return in.Gaps[instruction.Value]
}

// isIdle reports whether a word before or behind an instruction adds nothing to it.
func isIdle(k *textform.Token, before bool) bool {
	return speech.IsPolite(k.Normal) || k.Roles&speech.Greeting != 0 || before && k.Roles&(speech.Request|speech.Cue) != 0
}
