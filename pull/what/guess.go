package what

import (
	"cmp"
	"slices"
	"strings"

	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// maxGuessed is the longest name of a list, or of a place, that is guessed, in words.
const maxGuessed = 4

// mostPulling is how many words a message has at most that wants a list to be pulled, shortStop one
// that is of something else than STOP where it has a word that nobody knows.
const mostPulling, shortStop = 5, 4

// Guess returns the instruction that a message may be by its words alone, where none of the
// wordings fits, of the kinds that its reader, who has those lists, may mean. It is right in three of
// four cases: good enough to be asked about, not to be carried out.
func (ix *Index) Guess(text string, may func(instruction.Kind) bool, lists []string, preferred ...string) (in instruction.Instruction, ok bool) {
	t, ok := ix.wordsOf(text, preferred)
	if !ok {
		return in, false
	}
	if asked := instruction.Read(t.text, t.tokens, t.isIdle, isUnknownLanguage, t.languages); len(asked) > 0 {
		return asked[0], true
	}
	names := make([]bool, len(t.tokens))
	list := t.listNamed(lists, names)
	words := t.namedWords(names)
	if list != "" {
		return t.guessOnList(list, names, words)
	}
	guess, ok := instruction.GuessKind(t.tokens, names, may, t.languages)
	if may(instruction.Stop) && (!ok || guess.Kind == instruction.Stop) && !slices.Contains(names, true) && t.mayStop() {
		return instruction.Instruction{Kind: instruction.Stop, Language: guess.Language, Gaps: map[string]string{}}, true
	}
	if !ok {
		return in, false
	}
	if guess.Kind == instruction.Stop && (command.GoesOn(t.tokens) || guess.Cue > 0 && speech.TurnsRound(t.tokens[guess.Cue-1].Folded, t.tongues)) {
		return in, false // "don't you stop"
	}
	switch guess.Kind {
	case instruction.Save, instruction.ListMake, instruction.Short, instruction.Long, instruction.Plain:
		if t.tokens[0].Roles&speech.Question != 0 {
			return in, false // "when do school holidays start", "how long can a letter be"
		}
	}
	in = instruction.Instruction{Kind: guess.Kind, Language: guess.Language, Gaps: map[string]string{instruction.Words: strings.Join(words, ", ")}}
	taken, ends := slices.Clone(names), len(names)
	for i := range taken {
		taken[i] = names[i] || guess.Known[i] || t.tokens[i].Roles&(speech.Filler|speech.Joint) != 0 || speech.IsPolite(t.tokens[i].Normal)
		if names[i] && i > guess.Cue {
			ends = min(ends, i)
		}
	}
	left := cmp.Or(t.lastLeft(taken, guess.Cue, ends), t.lastLeft(taken, ends, len(taken)), t.lastLeft(taken, 0, guess.Cue))
	switch {
	case left != "" && guess.Kind == instruction.ListMake:
		in.Gaps[instruction.OnList] = left
	case guess.Kind == instruction.ListMake:
		in.Kind = instruction.Save
	case guess.Kind == instruction.City:
		in.Gaps[instruction.Value] = left
		return in, left != ""
	case !slices.Contains(names, true) && (guess.Kind != instruction.Stop || len(t.tokens) <= shortStop) && t.asksOfElse(taken):
		return in, false
	}
	return in, true
}

// mayStop reports whether the words of a message may say STOP. One word, or one
// letter of a script without spaces, says too little.
func (t *tiers) mayStop() bool {
	if len(t.tokens) == 1 {
		return false
	}
	c, likely := command.Likeliest(t.tokens)
	return c == command.Stop && likely >= guessedFrom && !command.Spares(t.normal, c)
}

// guessedFrom is how likely a command is at least that is asked about.
const guessedFrom = 0.55

// asksOfElse reports whether a message that asks has a word that neither the wordings nor the language
// know, among those that are not taken: it is of what that names.
func (t *tiers) asksOfElse(taken []bool) bool {
	for i, token := range t.tokens {
		if !taken[i] && token.Roles == 0 && !speech.IsKnown(token.Folded, t.tongues) && !speech.IsCommon(token.Folded, t.tongues) {
			return true
		}
	}
	return false
}

// wordsOf reads the words of a message; it is false where it has none, or too many.
func (ix *Index) wordsOf(text string, preferred []string) (t tiers, ok bool) {
	t = newTiers(ix, strings.TrimSpace(text), preferred)
	t.normal = textform.Normal(t.text)
	return t, t.normal != "" && len(t.normal) <= maxNormal && t.readWords()
}

// isUnknownLanguage reports whether an instruction wants answers in a language that nobody has
// heard of: "language Klingon".
func isUnknownLanguage(in instruction.Instruction) bool {
	gap := languageGap(in)
	return in.Kind == instruction.Language && gap != "" && !strings.Contains(gap, " ") && !isFilled(in)
}

// namedWords notes which words name keywords, of those that name nothing else, and returns each
// name as it was typed.
func (t *tiers) namedWords(names []bool) (words []string) {
	spans := t.spans()
	if len(spans) == 0 {
		spans = t.inflectedSpans(nil, make([]bool, len(t.tokens)))
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	for _, s := range spans {
		if slices.Contains(names[s.from:s.to], true) || t.everyday(s) == idle && t.tokens[s.from].Roles != 0 {
			continue // a word of the language
		}
		for i := s.from; i < s.to; i++ {
			names[i] = true
		}
		words = append(words, t.text[t.tokens[s.from].Start:t.tokens[s.to-1].End])
	}
	return words
}

// listNamed returns the longest of some lists that the words name, and notes which of them do.
func (t *tiers) listNamed(lists []string, names []bool) (list string) {
	at := 0
	for _, of := range lists {
		words := textform.Tokenise(of, nil)
		for i := 0; len(of) > len(list) && i+len(words) <= len(t.tokens); i++ {
			if slices.EqualFunc(words, t.tokens[i:i+len(words)], func(a, b textform.Token) bool { return a.Folded == b.Folded }) {
				list, at = of, i
			}
		}
	}
	for i := range textform.Tokenise(list, nil) {
		names[at+i] = true
	}
	return list
}

// guessOnList returns what a message may want of one of its reader's lists: beside keywords that
// they go on it, or off it, else that it is deleted, or, in few words, pulled.
func (t *tiers) guessOnList(list string, names []bool, words []string) (in instruction.Instruction, ok bool) {
	in.Gaps = map[string]string{instruction.OnList: list, instruction.Words: strings.Join(words, ", ")}
	in.Kind, in.Language, ok = instruction.GuessOnList(t.tokens, names, len(words) > 0, t.languages)
	if len(words) == 0 && (in.Kind == instruction.List || !ok) {
		in.Kind, ok = instruction.List, len(t.tokens) <= mostPulling
	}
	return in, ok
}

// lastLeft returns the last words between two places that are not taken; "" where there are none,
// or too many.
func (t *tiers) lastLeft(taken []bool, from, to int) string {
	for to > from && taken[to-1] {
		to--
	}
	first := to
	for first > from && !taken[first-1] {
		first--
	}
	if first == to || to-first > maxGuessed && !t.tokens[first].Spaceless {
		return ""
	}
	return t.text[t.tokens[first].Start:t.tokens[to-1].End]
}
