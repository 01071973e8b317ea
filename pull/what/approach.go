package what

import (
	"slices"
	"strings"

	"keypull/pull/what/command"
	"keypull/pull/what/keyboard"
	"keypull/pull/what/languages"
	"keypull/pull/what/slot"
	"keypull/pull/what/sound"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// approach asks the tiers that look at words, best first. What merely stands
// within a sentence is the last resort.
func (t *tiers) approach() (Match, bool) {
	// Words that only ask can be phrases themselves, with what follows as their
	// argument: they are taken off after phrases have been looked for.
	cores, polite := t.cores()
	inside, found := t.within()
	if found && (inside.Reason == ReasonTie || inside.Decision == Run && len(inside.Candidates) > 1) && t.parted([2]int{0, len(t.tokens)}) {
		return inside, true
	}
	if m, ok := t.eachCore(cores[:polite], TierOrder, (*lexicon).ordered); ok {
		return m, true
	}
	if found && (inside.Decision == Run || inside.Reason == ReasonNegated || inside.Tier != TierPart) {
		return inside, true
	}
	if m, ok := t.eachCore(cores[polite:], TierOrder, (*lexicon).ordered); ok {
		return m, true
	}
	if t.greets() {
		return inside, found
	}
	for _, tier := range [...]func() (Match, bool){
		func() (Match, bool) { return t.eachCore(cores, TierStem, (*lexicon).inflected) },
		func() (Match, bool) { return t.eachCore(cores, TierFolded, (*lexicon).joined) },
		t.disguised,
		func() (Match, bool) { return t.typed(cores, polite) },
		func() (Match, bool) { return t.typedArgument(cores[len(cores)-1]) },
		t.nearlyNamed(found),
		func() (Match, bool) { return t.script(cores) },
		func() (Match, bool) { return t.parts(cores[len(cores)-1]) },
		func() (Match, bool) { return t.heard(cores[len(cores)-1]) },
	} {
		if m, ok := tier(); ok {
			if found && inside.Reason == ReasonTie && m.Decision == Run && m.Candidates[0].Argument != "" && inside.has(m.Candidates[0]) {
				return inside, true // an entry that is as good as another one by its letters is no better in another form
			}
			return m, true
		}
	}
	return inside, found
}

// has reports whether a candidate is among those of a match.
func (m *Match) has(c Candidate) bool {
	return slices.ContainsFunc(m.Candidates, func(one Candidate) bool { return one.Keyword == c.Keyword && one.Argument == c.Argument })
}

// nearlyNamed looks for what is not spelt so within the message, where nothing
// that is stands there; what it does not run or offer may be found otherwise.
func (t *tiers) nearlyNamed(found bool) func() (Match, bool) {
	return func() (Match, bool) {
		if found {
			return Match{}, false
		}
		m, ok := t.nearly()
		return m, ok && (m.Decision != None || m.Reason == ReasonNegated)
	}
}

// greets reports whether a message is nothing but greetings and politeness.
func (msg *message) greets() bool {
	from, to := msg.stripped(isCourtesy)
	return from == to
}

// core is a part of the message that may be a phrase.
type core struct {
	from, to int
	words    []string
}

// maxCore is the most words of a phrase that is spelt otherwise.
const maxCore = 10

// cores returns the whole message, and what is left of it without the words that
// only ask at its ends: politeness first, then all of them. The last is the
// shortest. A part of a saying is none.
func (msg *message) cores() (all []core, polite int) {
	all, polite = []core{{from: 0, to: len(msg.tokens)}}, 1
	for i, off := range [...]func(*textform.Token) bool{
		isCourtesy,
		func(k *textform.Token) bool {
			return isFiller(k) && k.Roles&(speech.Article|speech.Joint|speech.Link) == 0
		},
		isFiller,
	} {
		from, to := msg.stripped(off)
		if last := all[len(all)-1]; from < to && (from != last.from || to != last.to) && !msg.sayingHolds(span{from: from, to: to}) {
			all = append(all, core{from: from, to: to})
		}
		if i == 0 {
			polite = len(all)
		}
	}
	for i := range all {
		all[i].words = textform.Units(msg.tokens[all[i].from:all[i].to], nil)
	}
	return all, polite
}

// eachCore looks every core up in one relation.
func (t *tiers) eachCore(cores []core, tier Tier, find func(*lexicon, []string, []int32, *int) []int32) (Match, bool) {
	for _, c := range cores {
		if len(c.words) > maxCore {
			continue
		}
		all := t.everywhere(func(l *lexicon, hits []int32) []int32 { return find(l, c.words, hits, &t.probes) })
		if len(all) == 0 && tier == TierStem {
			all = t.inflectedHere(c.words)
		}
		all = slices.DeleteFunc(all, func(r ranked) bool { return tier != TierFolded && r.nature&natureCode != 0 })
		if len(all) == 0 {
			continue
		}
		if slices.ContainsFunc(all, func(r ranked) bool { return r.isSymbol() && isTerse(r.Argument) }) {
			// Of the letters of a symbol, and not written so.
			return offeredMatch(tier, ReasonUnsure, all), true
		}
		switch outside := t.outside(c); {
		case outside.negations > 0, t.denies(c, all):
			return declinedMatch(tier, ReasonNegated, all), true
		case t.dropsWords(c, all), allGuarded(all) && c.to-c.from < len(t.tokens) && !outside.begs():
			continue
		case tier == TierStem && (farInflected(c, all, t.tongues) || isOnlyDay(c, all)):
			return offeredMatch(tier, ReasonSentence, all), true
		}
		return t.weighCore(c, tier, all)
	}
	return Match{}, false
}

// weighCore decides by what stands around a core for which some keywords were found.
func (t *tiers) weighCore(c core, tier Tier, all []ranked) (Match, bool) {
	if c.to-c.from == len(t.tokens) {
		return decideRanked(tier, all)
	}
	spelt := 1.0
	if tier == TierStem {
		spelt = speltInflected
	}
	return t.judged(tier, t.certainty([]span{{from: c.from, to: c.to, all: all, spelt: spelt, tier: tier}}, spelt), all)
}

// denies reports whether a word of a core turns it round and belongs to no phrase
// that it was found for.
func (t *tiers) denies(c core, all []ranked) bool {
	for i := c.from; i < c.to; i++ {
		k := &t.tokens[i]
		if k.Roles&(speech.Negation|speech.NegationBehind) == 0 || k.Spaceless {
			continue
		}
		if !slices.ContainsFunc(all, func(r ranked) bool { return strings.Contains(textform.Fold(r.Phrase), k.Folded) }) {
			return true
		}
	}
	return false
}

// dropsWords reports whether a word beside the only one of a core that says something, which may
// be missing within a phrase of some language, does more in that of the message: "we met at the cinema".
func (t *tiers) dropsWords(c core, all []ranked) bool {
	if len(c.words) != c.to-c.from || len(speech.Content(c.words)) > 1 {
		return false
	}
	return slices.ContainsFunc(t.tokens[c.from:c.to], func(k textform.Token) bool {
		return k.Roles != 0 && k.Roles&speech.Filler == 0 && speech.IsSmall(k.Folded) &&
			!slices.ContainsFunc(all, func(r ranked) bool { return strings.Contains(textform.Fold(r.Phrase), k.Folded) })
	})
}

// outside counts what stands around a core.
func (msg *message) outside(c core) residue {
	var r residue
	for i := range msg.tokens {
		if i < c.from || i >= c.to {
			r.add(&msg.tokens[i])
		}
	}
	return r
}

// isOnlyDay reports whether a core says a day and nothing else, of phrases that say more with
// it: "à demain" is not "la une de demain", whose other words are small ones.
func isOnlyDay(c core, all []ranked) bool {
	content := speech.Content(c.words)
	return len(content) == 1 && slot.Fits(slot.Date, content[0]) && !slices.ContainsFunc(all, func(r ranked) bool { return !strings.Contains(r.Phrase, " ") })
}

// allGuarded reports whether all candidates are codes or ordinary words.
func allGuarded(all []ranked) bool {
	return !slices.ContainsFunc(all, func(r ranked) bool { return !r.nature.guarded() })
}

// farInflected reports whether a single word is more than an ending away from
// the phrase, or, if it is an ordinary word of a language with few endings, more than a
// plural: "canonical" is not Canon, and "sharply" not Sharp.
func farInflected(c core, all []ranked, tongues speech.Tongues) bool {
	if len(c.words) != 1 {
		return false
	}
	typed := c.words[0]
	return !slices.ContainsFunc(all, func(r ranked) bool {
		meant, longest := textform.Fold(r.Phrase), maxLongEnding
		if language := languages.Base(r.Language); language == "en" || language == "" || language == "mul" {
			if speech.IsCommon(typed, tongues) {
				return stem.Light(meant) == stem.Light(typed)
			}
			longest = maxEnding
		}
		script := textform.WritingOf(typed)
		return script != textform.WritingLatin && script != textform.WritingCyrillic || sameButEnding(meant, typed, longest)
	})
}

// maxEnding is the longest ending in English, in letters, maxLongEnding that in
// other languages.
const maxEnding, maxLongEnding = 3, 5

// sameButEnding reports whether two words differ in their endings alone.
func sameButEnding(a, b string, longest int) bool {
	x, y := []rune(a), []rune(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return len(x)-n <= longest && len(y)-n <= longest
}

// disguised looks for what readers stretch, space out, or write in letters that
// only look alike.
func (t *tiers) disguised() (Match, bool) {
	forms := textform.Undisguise(t.normal)
	one, other := textform.Unmask(t.normal)
	for i, form := range append(slices.Clone(forms), one, other) {
		if form == "" || form == t.normal {
			continue
		}
		if c, ok := command.Listed(form); ok {
			if m, ok := t.reserved(c); ok {
				return m, true
			}
		}
		all := t.everywhere(func(l *lexicon, hits []int32) []int32 { return l.reads(form, hits, &t.probes) })
		if i < len(forms) {
			// A code is reached as it is written alone: "aaaa" is no A.
			all = slices.DeleteFunc(all, func(r ranked) bool { return r.isSymbol() || r.nature&(natureCode|natureFunction) != 0 })
		}
		if m, ok := decideRanked(TierFolded, all); ok {
			return m, true
		}
	}
	return Match{}, false
}

// script looks for what is written in another script, or was typed on the
// keyboard of another language.
func (t *tiers) script(cores []core) (Match, bool) {
	for _, typed := range keyboard.Relayouts(t.text) {
		all := t.everywhere(func(l *lexicon, hits []int32) []int32 { return l.reads(textform.Normal(typed), hits, &t.probes) })
		if m, ok := t.respelt(all); ok {
			return m, true
		}
	}
	for _, c := range [...]core{cores[0], cores[len(cores)-1]} {
		if m, ok := t.inLatin(c); ok {
			return m, true
		}
		if len(c.words) > maxTypedWords || len(c.words) > 1 && !t.mostlyRare(c.words) {
			continue
		}
		if m, ok := t.sounding(c); ok {
			return m, true
		}
	}
	return Match{}, false
}

// sounding looks for what sounds alike in another script.
func (t *tiers) sounding(c core) (Match, bool) {
	text := strings.Join(c.words, " ")
	said := sound.Key(text)
	find := func(r relation, key string, least int) []ranked {
		if textform.Weight(key) < least {
			return nil
		}
		all := t.everywhere(func(l *lexicon, hits []int32) []int32 { return l.by(r, key, hits, &t.probes) })
		return slices.DeleteFunc(all, func(r ranked) bool { return r.autocorrect == AutocorrectOff })
	}
	ordinary := len(c.words) == 1 && speech.IsCommon(c.words[0], t.tongues)
	all := find(bySound, said, minSound)
	doubt := sameScript(c, all)
	if ordinary && (doubt || c.to-c.from < len(t.tokens)) {
		return Match{}, false
	}
	if len(all) == 0 {
		relation := bySkeleton
		if leavesVowelsOut(textform.WritingOf(text)) {
			relation = byLatinSkeleton
		}
		all = find(relation, sound.Skeleton(text), minSkeleton)
		doubt = !slices.ContainsFunc(all, func(r ranked) bool {
			meant := sound.Key(textform.Fold(r.Phrase))
			return onlyVowelsMore(said, meant) || onlyVowelsMore(meant, said)
		})
	}
	if len(all) > 0 && (doubt || ordinary) {
		return offeredMatch(TierScript, ReasonUnsure, all), true
	}
	return t.respelt(all)
}

// onlyVowelsMore reports whether a is b with more vowels in it, as when words
// of a script that leaves vowels out are written in Latin letters.
func onlyVowelsMore(a, b string) bool {
	for len(a) > 0 {
		switch {
		case b != "" && a[0] == b[0]:
			a, b = a[1:], b[1:]
		case strings.IndexByte("aeiou", a[0]) >= 0:
			a = a[1:]
		default:
			return false
		}
	}
	return b == ""
}

// isRare reports whether a word is no ordinary one.
func (msg *message) isRare(w string) bool {
	return !speech.IsKnown(w, msg.tongues) && !speech.IsCommon(w, msg.tongues)
}

// mostlyRare reports whether half of some words are no ordinary ones.
func (msg *message) mostlyRare(words []string) bool {
	rare := 0
	for _, w := range words {
		if msg.isRare(w) {
			rare++
		}
	}
	return 2*rare >= len(words)
}

// sameScript reports whether a phrase that merely sounds alike is written in
// the script of the message, and far from it.
func sameScript(c core, all []ranked) bool {
	script := textform.WritingOf(c.words[0])
	return script != textform.WritingSpaceless && slices.ContainsFunc(all, func(r ranked) bool {
		return textform.WritingOf(textform.Fold(r.Phrase)) == script
	})
}

// respelt runs a keyword that is spelt otherwise if it is the only one.
func (t *tiers) respelt(all []ranked) (Match, bool) {
	if len(all) > 1 {
		return offeredMatch(TierScript, ReasonTie, all), true
	}
	m, ok := decideRanked(TierScript, all)
	if ok {
		m.Corrected = true
		if all[0].autocorrect == AutocorrectOffer {
			return offeredMatch(TierScript, ReasonUnsure, all), true
		}
	}
	return m, ok
}
