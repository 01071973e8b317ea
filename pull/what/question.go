package what

import (
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull/what/command"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// Bounds of what is looked at in one message.
const (
	// maxRunes is the longest message that can be a keyword, with or without
	// an argument. Of a longer one nothing but its beginning is looked at.
	maxRunes = 512
	// maxNormal bounds its normal form in bytes, which some characters make
	// eighteen times longer.
	maxNormal = maxRunes * utf8.UTFMax
	// maxUnknown bounds Match.Unknown, in characters.
	maxUnknown = 60
	// maxOffer bounds the candidates of an offer, maxRunners those beside it.
	maxOffer, maxRunners = 3, 5
)

// Match says what a message means to a reader of these languages, most
// preferred first. Where keywords of different languages share a phrase, the
// reader's language chooses; where they share it in one language, they are
// offered. Match never fails, whatever the text.
func (ix *Index) Match(text string, languages ...string) Match {
	q := question{ix: ix, text: strings.TrimSpace(text), languages: languages}
	m, ok := q.answer()
	if !ok {
		m = Match{Outcome: None, Reason: ReasonUnknown, Unknown: unknown(q.text)}
	}
	m.Probes = q.probes
	if q.read && (m.Outcome != Run || m.Corrected) {
		m.Core = q.core()
	}
	if m.Outcome == None {
		m.Unknown = unknown(q.unexplained())
		if m.Reason == "" {
			m.Reason = ReasonUnknown
		}
	}
	return m
}

// question is one message on its way through the tiers.
type question struct {
	ix        *Index
	text      string
	languages []string
	normal    string
	glance    glance
	probes    int
	// tokens are the words of the message without a sign-off, once it is read.
	tokens []textform.Token
	read   bool
	// behind says that it is what stands behind a command.
	behind bool
}

// answer asks the tiers, best first; one that finds nothing is silent, and the
// next one is asked. Whole messages go before parts of them, and exact spelling
// before folded, a keyword's phrase before an entry of a vocabulary.
func (q *question) answer() (Match, bool) {
	if len(q.text) > maxRunes && utf8.RuneCountInString(head(q.text)) > maxRunes {
		return Match{}, false
	}
	if q.normal = textform.Normal(q.text); q.normal == "" || len(q.normal) > maxNormal {
		return Match{}, false
	}
	q.glance = q.ix.layers[0].exact.glance(q.normal)
	for _, tier := range [...]func() (Match, bool){
		q.listed, q.alone, q.foldedAlone, q.command, q.exact, q.exactTerm, q.politeCommand, q.foldedPhrase, q.foldedTerm,
	} {
		if m, ok := tier(); ok {
			return m, true
		}
	}
	if q.leavesOut() || !q.readWords() {
		return Match{}, false
	}
	if m, ok := q.behindCommand(); ok {
		return m, true
	}
	return q.approach()
}

// head returns as much of a text as maxRunes and one more can take.
func head(text string) string {
	return text[:min(len(text), maxNormal+utf8.UTFMax)]
}

// Listed knows the words of the service, and those that the publisher has
// added, of which none takes STOP away.
func (q *question) listed() (Match, bool) {
	if c, ok := command.Listed(q.normal); ok && (c == command.Stop || len(q.ix.reserved) == 0) {
		return q.reserved(c)
	}
	q.probes++
	if c, ok := q.ix.reserved[q.normal]; ok {
		if m, ok := q.command(); ok && m.Command == command.Stop {
			return m, true
		}
		return q.reserved(c)
	}
	return Match{}, false
}

// alone finds the phrase that is spelt so, if it is the only one and no word of
// the service: most messages are one.
func (q *question) alone() (Match, bool) {
	if !q.plain() {
		return Match{}, false
	}
	q.probes++
	l := &q.ix.layers[0]
	c, alone := l.exact.single(&q.glance, l.languages)
	if !alone {
		return Match{}, false
	}
	return Match{Outcome: Run, Tier: TierExact, Candidates: []Candidate{c}}, true
}

// plain reports whether there is one layer and nothing in it is gone.
func (q *question) plain() bool { return len(q.ix.layers) == 1 && q.ix.layers[0].whole }

// foldedAlone finds the only phrase that is spelt so but for diacritics, if it
// is no word of the service.
func (q *question) foldedAlone() (Match, bool) {
	forms := textform.FoldsNormal(q.normal)
	if len(q.ix.bare) > 0 || len(forms) > 1 || q.glance.first.sum == q.glance.sum || !q.plain() {
		return Match{}, false
	}
	l := &q.ix.layers[0]
	run := func(c Candidate) (Match, bool) {
		return Match{Outcome: Run, Tier: TierFolded, Candidates: []Candidate{c}}, true
	}
	g, key := l.exact.glance(forms[0]), hashOf(l.keys, byFold, forms[0])
	q.probes += 2
	number, ok := l.keys.Find(key)
	if c, alone := l.exact.single(&g, l.languages); alone && !ok && forms[0] != q.normal {
		return run(c)
	}
	if _, spelt := l.exact.settled(&g); spelt || !ok || number < 0 || l.phrases[number].nature&natureReserved != 0 {
		return Match{}, false
	}
	return run(q.candidate(l, number).Candidate)
}

func (q *question) command() (Match, bool) {
	if c, ok := command.Whole(q.normal); ok {
		return q.reserved(c)
	}
	return Match{}, false
}

// leavesOut reports whether the message is a command that is not carried out
// here: it means nothing, and no keyword that is near.
func (q *question) leavesOut() bool {
	if q.ix.commands == nil {
		return false
	}
	_, ok := command.Whole(q.normal)
	return ok
}

// politeCommand finds a command among words of politeness. It yields to a
// keyword that is spelt just so.
func (q *question) politeCommand() (Match, bool) {
	if !strings.Contains(q.normal, " ") {
		return Match{}, false
	}
	bare := speech.WithoutPoliteness(q.normal)
	if bare == "" || bare == q.normal {
		return Match{}, false
	}
	if c, ok := command.Whole(bare); ok {
		return q.reserved(c)
	}
	q.probes++
	if c, ok := q.ix.reserved[bare]; ok {
		return q.reserved(c)
	}
	return Match{}, false
}

// behindCommand finds a keyword behind a word that saves it or lets it go:
// "subscribe tiramisu" is save, and "unsubscribe from the news" does not stop
// everything.
func (q *question) behindCommand() (Match, bool) {
	if q.behind {
		return Match{}, false
	}
	c, rest, ok := command.Split(q.text)
	switch {
	case !ok:
		return Match{}, false
	case c == command.Stop:
		c = command.Unsave
	case c != command.Save:
		return Match{}, false
	}
	m, ok := q.reserved(c)
	if !ok {
		return Match{}, false
	}
	named := question{ix: q.ix, text: rest, languages: q.languages, behind: true}
	found, ok := named.answer()
	q.probes += named.probes
	if !ok || found.Outcome != Run {
		return Match{}, false
	}
	m.Candidates = found.Candidates
	return m, true
}

// reserved answers with a command, if it is one that is carried out here.
func (q *question) reserved(c command.Command) (Match, bool) {
	if q.ix.commands != nil && !slices.Contains(q.ix.commands, c) {
		return Match{}, false
	}
	return Match{Outcome: Reserved, Command: c, Tier: TierCommand}, true
}

func (q *question) exact() (Match, bool) {
	return q.decide(TierExact, q.among(func(l *lexicon, hits []int32) []int32 { return l.spelt(q.normal, hits, &q.probes) }))
}

func (q *question) foldedPhrase() (Match, bool) {
	return q.decide(TierFolded, q.among(func(l *lexicon, hits []int32) []int32 { return l.folded(q.normal, hits, &q.probes) }))
}

func (q *question) exactTerm() (Match, bool) {
	var all []ranked
	for i := range q.ix.bare {
		b := &q.ix.bare[i]
		all = q.terms(all, b, b.spelt(q.normal, nil, &q.probes))
	}
	return q.decide(TierVocabulary, all)
}

func (q *question) foldedTerm() (Match, bool) {
	var all []ranked
	for i := range q.ix.bare {
		b := &q.ix.bare[i]
		all = q.terms(all, b, b.folded(q.normal, nil, &q.probes))
	}
	return q.decide(TierVocabulary, all)
}

// unknown cuts a message that no keyword explains to what a reply can quote:
// without politeness around it, and not too long.
func unknown(text string) string {
	fields := strings.Fields(strings.ToValidUTF8(head(text), ""))
	for len(fields) > 1 && speech.IsPolite(textform.Normal(fields[len(fields)-1])) {
		fields = fields[:len(fields)-1]
	}
	for len(fields) > 1 && speech.IsPolite(textform.Normal(fields[0])) {
		fields = fields[1:]
	}
	words := strings.Join(fields, " ")
	if trimmed := textform.Trim(words); trimmed != "" {
		words = trimmed
	}
	runes := 0
	for i := range words {
		if runes++; runes > maxUnknown {
			return strings.TrimSpace(words[:i])
		}
	}
	return words
}
