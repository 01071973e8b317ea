package what

import (
	"cmp"
	"slices"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// errorsAllowed returns how many typing errors some words may have: none under four
// letters, one up to seven (six in several words), two from there, three in
// long phrases.
func errorsAllowed(words []string) int {
	letters := 0
	for _, w := range words {
		letters += textform.Weight(w)
	}
	switch {
	case letters < 4:
		return 0
	case letters < 8 && (len(words) == 1 || letters < 7):
		return 1
	case letters < 16:
		return 2
	}
	return 3
}

// typed looks for typing errors. The whole message goes first, since the word
// that only asks may be part of the phrase: "bout us".
func (t *tiers) typed(cores []core, polite int) (Match, bool) {
	for i, c := range cores {
		if i >= polite && i < len(cores)-1 || len(c.words) > maxCore {
			continue
		}
		if m, ok := t.misspelt(c); ok {
			return m, true
		}
	}
	return Match{}, false
}

// misspelt decides on a core with typing errors.
func (t *tiers) misspelt(c core) (Match, bool) {
	limit := errorsAllowed(c.words)
	ordinary := len(c.words) == 1 && speech.IsCommon(c.words[0], t.tongues)
	if ordinary {
		limit = min(limit, 1)
	}
	if limit == 0 {
		return Match{}, false
	}
	all, crowded := t.slips(c.words, limit)
	if len(all) == 0 && limit == 1 && !ordinary {
		all, crowded = t.barely(c)
	}
	if len(all) == 0 {
		return Match{}, false
	}
	switch outside := t.outside(c); {
	case outside.negations > 0:
		return declinedMatch(TierTyping, ReasonNegated, all), true
	case !outside.asks() || allGuarded(all) && len(c.words) > 1:
		return Match{}, false
	}
	nearest := 0
	for nearest < len(all) && all[nearest].edits == all[0].edits {
		nearest++
	}
	best := all[:nearest]
	if nearest > 1 || crowded || ordinary || !t.confident(c, &best[0]) {
		m := offeredMatch(TierTyping, ReasonUnsure, best)
		if nearest > 1 {
			m.Reason = ReasonTie
		}
		m.Runners = runnerCandidates(append(best[min(len(best), maxOffer):], all[nearest:]...))
		return m, true
	}
	return Match{
		Decision: Run, Tier: TierTyping, Corrected: true,
		Candidates: []Candidate{best[0].Candidate}, Runners: runnerCandidates(all[nearest:]),
	}, true
}

// barely returns the candidates that a single word of six or seven letters may
// stand for with two errors: longer words that begin or end like it. They are
// offered at most.
func (q *query) barely(c core) (all []ranked, crowded bool) {
	const letters, begin = 6, 3
	if len(c.words) != 1 || textform.Weight(c.words[0]) < letters {
		return nil, false
	}
	typed := []rune(c.words[0])
	all, crowded = q.slips(c.words, 2)
	all = slices.DeleteFunc(all, func(r ranked) bool {
		meant := []rune(textform.Fold(r.Phrase))
		if len(typed) < letters || len(meant) <= letters {
			return true
		}
		alike := slices.Equal(typed[:begin], meant[:begin]) || typed[0] == meant[0] && len(meant) > letters+1
		return !alike && !slices.Equal(typed[len(typed)-begin-1:], meant[len(meant)-begin-1:])
	})
	return all, crowded
}

// slips returns the candidates that are some typing errors away, the nearest and
// likeliest first.
func (q *query) slips(words []string, limit int) (all []ranked, crowded bool) {
	for i := range q.ix.layers {
		l := &q.ix.layers[i]
		found, full := l.misspelt(words, limit, l.counts(), &q.probes)
		crowded = crowded || full
		for _, s := range found {
			if c := q.candidate(l, s.hit); c.number >= 0 {
				c.edits, c.slip = s.edits, s.slip
				all = joinRanked(all, c)
			}
		}
	}
	for i := range q.ix.bare {
		b := &q.ix.bare[i]
		found, full := b.misspelt(words, limit, nil, &q.probes)
		crowded = crowded || full
		for _, s := range found {
			for _, c := range q.terms(nil, b, []int32{s.hit}) {
				c.edits, c.slip = s.edits, s.slip
				all = joinRanked(all, c)
			}
		}
	}
	all = slices.DeleteFunc(all, func(r ranked) bool { return r.autocorrect == AutocorrectOff })
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(a.edits-b.edits, a.slip-b.slip, a.rank-b.rank)
	})
	return all, crowded
}

// confident reports whether the nearest keyword is surely meant.
func (t *tiers) confident(c core, best *ranked) bool {
	if best.autocorrect == AutocorrectOffer || best.edits > 2 || best.isSymbol() || best.Argument != "" && textform.IsSymbol(t.asTyped(c.from, c.to)) {
		// A symbol that is one letter away is another one.
		return false
	}
	if meant := textform.Fold(best.Phrase); best.nature&natureCode != 0 && (textform.Weight(meant) < twoErrors || hasDigit([]rune(meant))) {
		return false
	}
	letters := 0
	for _, w := range c.words {
		letters += textform.Weight(w)
		if hasDigit([]rune(w)) && len(c.words) == 1 {
			return false
		}
	}
	if letters < twoErrors || len(c.words) > 1 && best.nature.guarded() {
		return false
	}
	if len(c.words) == 1 {
		// Few err in the first letter of a word, unless two are swapped, and
		// few twice in a short one.
		return best.slip < 3 && (best.edits < 2 || textform.Weight(textform.Fold(best.Phrase)) >= twiceWrong)
	}
	return supported(c, best, t.tongues)
}

// twiceWrong is from how many letters on a word may be wrong twice.
const twiceWrong = 8

// supported reports whether some word of several is spelt as in the phrase, or
// some word is no ordinary one: "moving boxes" is not "boxing gloves".
func supported(c core, best *ranked, tongues speech.Tongues) bool {
	var tokens [16]textform.Token
	meant := textform.Units(textform.Tokenise(best.Phrase, tokens[:0]), nil)
	for _, w := range speech.Content(c.words) {
		if slices.Contains(meant, w) || !speech.IsCommon(w, tongues) {
			return true
		}
	}
	return false
}
