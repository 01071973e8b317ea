package what

import (
	"strings"
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
	instruction.Save: command.Save, instruction.Unsave: command.Unsave, instruction.UnsaveAll: command.Unsave, instruction.KeepOnly: command.Unsave, instruction.Saved: command.My,
	instruction.About: command.About, instruction.AboutWord: command.About,
	instruction.ListAdd: command.Save, instruction.ListRemove: command.Unsave, instruction.ListMake: command.Save,
}

// instruction finds a command with something in it. Where that is the name of keywords, it
// has to name some.
func (t *tiers) instruction() (Match, bool) {
	if t.behind || t.partial {
		return Match{}, false
	}
	for _, found := range instruction.Read(t.text, t.tokens, t.isIdle, isFilled, t.languages) {
		if found.Kind == instruction.Here {
			continue
		}
		if made, ok := madeList(found); ok {
			found = made
		} else if _, says := found.Gaps[instruction.Words]; found.Kind == instruction.ListMake && !says {
			t.instructed = append(t.instructed, found) // of nothing
			continue
		}
		var named []Candidate
		if words, says := found.Gaps[instruction.Words]; says && found.Kind != instruction.Also {
			if named = t.keywordsOf(words, &found); len(named) == 0 {
				if found.Kind == instruction.ListAdd {
					found.Gaps[instruction.Unknown] = words
					t.instructed = append(t.instructed, found)
				}
				continue
			}
		}
		c, ok := instructed[found.Kind]
		ok = ok && (found.Kind != instruction.Unsave || len(named) > 0) // "remove it"
		if c == command.About && (t.names() || found.Kind == instruction.AboutWord && strings.Contains(speech.WithoutPoliteness(t.normal), " ")) {
			continue // the publisher's own words go before
		}
		if !ok {
			t.instructed = append(t.instructed, found)
			continue
		}
		m, ok := t.reserved(c)
		t.instructed = append(t.instructed, found)
		m.Instructions, m.Candidates = t.instructed, named
		return m, ok
	}
	t.readComplaint()
	return Match{}, false
}

// forgetsByName returns what a message that FORGET is read from may want forgotten alone: "forget
// my team".
func (t *tiers) forgetsByName() []instruction.Instruction {
	if !t.read && !t.readWords() {
		return nil
	}
	return t.instructionsOf(instruction.Unprefer)
}

// mostClauses is of how many clauses a message is that is read for a complaint.
const mostClauses = 8

// readComplaint finds the complaint that stands in one clause of a message beside others: what
// else is said beside it does not make it less of one.
func (t *tiers) readComplaint() {
	clauses := t.clauses()
	if len(clauses) < 2 || len(clauses) > mostClauses {
		return
	}
	for _, clause := range clauses {
		within := newTiers(t.ix, strings.TrimSpace(clause), t.languages)
		if within.normal = textform.Normal(within.text); within.normal == "" || !within.readWords() {
			continue
		}
		if found := within.instructionsOf(instruction.Complaint); len(found) > 0 {
			t.instructed = append(t.instructed, found[0])
			return
		}
	}
}

// instructionsOf returns the instructions of a kind that a message gives whose words are read.
func (t *tiers) instructionsOf(kind instruction.Kind) (all []instruction.Instruction) {
	for _, found := range instruction.Read(t.text, t.tokens, t.isIdle, isFilled, t.languages) {
		if found.Kind == kind {
			all = append(all, found)
		}
	}
	return all
}

// madeList returns an instruction that pulls a list, or makes one, as the one that makes it of what
// stands behind a sign: "my stocks = INFY, WIPRO", "make a list called tech: WIPRO".
func madeList(found instruction.Instruction) (instruction.Instruction, bool) {
	on := found.Gaps[instruction.OnList]
	sign := strings.IndexAny(on, "=:：")
	makes := found.Kind == instruction.ListMake && found.Gaps[instruction.Words] == ""
	if sign < 0 || !makes && (found.Kind != instruction.List || on[sign] != '=' && !strings.ContainsAny(on[sign:], ",，、،")) {
		return found, false
	}
	name, words := strings.TrimSpace(on[:sign]), strings.TrimSpace(strings.TrimLeft(on[sign:], "=:："))
	if name == "" || words == "" {
		return found, false
	}
	return instruction.Instruction{
		Kind: instruction.ListMake, Language: found.Language, Gaps: map[string]string{instruction.OnList: name, instruction.Words: words},
	}, true
}

// keywordsOf returns the keywords that the words of an instruction name, each as if it were
// asked for, and notes what names none. Where each part between signs names something, they
// are named one by one, so that they can be taken back one by one.
func (t *tiers) keywordsOf(words string, found *instruction.Instruction) (named []Candidate) {
	var unknown []string
	parts := strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune(",;/+，、；،\n", r) })
	if len(parts) > mostNamed {
		return nil
	}
	for _, part := range parts {
		all, ok := t.named(strings.TrimSpace(part))
		if !ok {
			unknown = append(unknown, strings.TrimSpace(part))
		}
		named = append(named, all...)
	}
	if len(unknown) == 0 {
		return named
	}
	if all, ok := t.named(words); ok {
		return all
	}
	if len(parts) > 1 {
		found.Gaps[instruction.Unknown] = strings.Join(unknown, ", ")
		return named
	}
	return nil
}

// mostNamed is how many things an instruction names at most, parted by signs.
const mostNamed = 20

// named returns the keywords that words run: none where they name several and run one of them.
func (t *tiers) named(words string) ([]Candidate, bool) {
	within := newTiers(t.ix, words, t.languages)
	within.behind = true
	runs, ok := within.answer()
	ok = ok && runs.Decision == Run && (len(runs.Candidates) > 1 || !within.joinsPhrases())
	t.probes += within.probes
	return runs.Candidates, ok
}

// joinsPhrases reports whether a word or a sign joins two phrases of the message.
func (t *tiers) joinsPhrases() bool {
	spans := t.spans()
	if len(spans) < 2 {
		return false
	}
	cuts, ok := parting{t, spans}.cuts()
	return ok && len(cuts) > 0
}

// listsSaved notes that a wish for the saved words is one for their names alone.
func (t *tiers) listsSaved(m *Match) {
	if m.Command != command.My || len(m.Instructions) > 0 || !t.read && !t.readWords() {
		return
	}
	m.Instructions = t.instructionsOf(instruction.Saved)
}

// isFilled reports whether what stands in the gaps of an instruction is what belongs there.
func isFilled(in instruction.Instruction) bool {
	for kind, gap := range map[slot.Kind]string{slot.Number: in.Gaps[instruction.Number], slot.Language: languageGap(in)} {
		if gap == "" || in.Kind == instruction.Nth { // which one is said in words, too
			continue
		}
		if _, ok := slot.Parse(kind, gap, time.Time{}, in.Language); !ok || in.Kind == instruction.LanguageAgain && isTag(gap) {
			return false
		}
	}
	return true
}

// longestTag is how many letters the tag of a language has at most.
const longestTag = 3

// isTag reports whether the name of a language is a tag, which are words of other languages: "en", "it",
// "da". Who means one says it behind the word for LANG alone.
func isTag(name string) bool {
	return textform.IsASCII(name) && len(strings.TrimSpace(name)) <= longestTag
}

// languageGap returns what an instruction names as the language of answers.
func languageGap(in instruction.Instruction) string {
	if in.Kind != instruction.Language && in.Kind != instruction.LanguageAgain {
		return ""
	}
	return in.Gaps[instruction.Value]
}

// isIdle reports whether words before or behind an instruction add nothing to it.
func (t *tiers) isIdle(words []textform.Token, before bool) bool {
	const greets, asks = speech.Greeting, speech.Request | speech.Cue
	if len(words) == 1 && (words[0].Roles&greets != 0 || before && words[0].Roles&asks != 0) {
		return true
	}
	return speech.IsPolite(textform.Normal(t.text[words[0].Start:words[len(words)-1].End]))
}
