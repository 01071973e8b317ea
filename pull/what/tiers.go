package what

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
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
	t := newTiers(ix, unquoted(text), languages)
	m, ok := t.answer()
	if wish, says := t.beforeReason(); says && (!ok || m.Decision == Offer || m.Decision == None) {
		without := newTiers(ix, wish, languages)
		without.partial = t.partial
		if asked, runs := without.answer(); runs && asked.Decision == Run && !asked.Corrected {
			m, ok = asked, runs
			without.probes += t.probes
			t = without
		}
	}
	if !ok {
		m = Match{Decision: None, Reason: ReasonUnknown, Unknown: unknown(t.text)}
	}
	m.Probes, m.Passed = t.probes, t.passed
	switch {
	case m.Decision != Reserved:
		m.Instructions = t.instructed
	case m.Command == command.Forget:
		m.Instructions = t.forgetsByName()
	}
	t.listsSaved(&m)
	if t.read && (m.Decision != Run || m.Corrected) {
		m.Core = t.core()
	}
	if m.Decision == None {
		m.Unknown = unknown(t.unexplained())
		if m.Reason == "" {
			m.Reason = ReasonUnknown
		}
	}
	return m
}

// leastReasonWords is how many words a reason has at least: "because of rain" is one, "because" is none.
const leastReasonWords = 2

// beforeReason returns what a message asks for before it tells why: "any pancakes because my kids are
// hungry". "News since Friday" gives no reason, nor does a word of a phrase, and who asks for nothing
// before has no reason to. In scripts without spaces the reason stands before its word.
func (q *query) beforeReason() (text string, ok bool) {
	if !q.read {
		return "", false
	}
	asks := false
	for i := range q.tokens {
		asks = asks || q.tokens[i].Roles&(speech.Request|speech.Cue) != 0
		if i == 0 || q.tokens[i].Roles&speech.Because == 0 || q.tokens[i].Spaceless || within(q.spans(), i) {
			continue
		}
		if !asks {
			return "", false
		}
		behind := i
		for behind < len(q.tokens) && q.tokens[behind].Roles&speech.Because != 0 {
			behind++
		}
		if len(q.tokens)-i <= leastReasonWords || behind < len(q.tokens) && q.isDay(behind, len(q.tokens)) {
			return "", false
		}
		return textform.Trim(q.raw(0, i)), true
	}
	return "", false
}

// tiers are the rules by which a message is answered, and the message on its way
// through them.
type tiers struct {
	query
	glance glance
	// behind says that the message is what stands behind a command.
	behind bool
	// leftOut says that the message is a command that is not carried out here: it means
	// nothing, and no keyword that is near.
	leftOut bool
	// partial says that it is one of several parts, and runs one keyword.
	partial bool
	// passed is how sure it was that words are an argument, where they are none.
	passed Certainty
	// instructed are what the message may be an instruction for, if its reader has what it
	// is about.
	instructed []instruction.Instruction
}

func newTiers(ix *Index, text string, languages []string) tiers {
	return tiers{query: query{ix: ix, message: message{text: text, languages: languages, published: ix.layers[0].languages}}}
}

// answer asks the tiers, best first; one that finds nothing is silent, and the
// next one is asked. Whole messages go before parts of them, and exact spelling
// before folded, a keyword's phrase before an entry of a vocabulary.
func (t *tiers) answer() (Match, bool) {
	if len(t.text) > maxRunes && utf8.RuneCountInString(head(t.text)) > maxRunes {
		return Match{}, false
	}
	if t.normal = textform.Normal(t.text); t.normal == "" || len(t.normal) > maxNormal {
		return Match{}, false
	}
	t.glance = t.ix.layers[0].exact.glance(t.normal)
	for _, tier := range [...]func() (Match, bool){
		t.listed, t.alone, t.foldedAlone, t.command, t.exact, t.exactTerm, t.politeCommand, t.foldedPhrase, t.foldedTerm,
		t.wordedCommand,
	} {
		if m, ok := tier(); ok {
			return m, true
		}
	}
	if command.StopsSender(t.normal, t.ix.publisher) {
		return t.reserved(command.Stop)
	}
	if !t.behind && command.ReadPaid(t.normal).Concerns() {
		return t.paid()
	}
	if t.leftOut || !t.read && !t.readWords() {
		return Match{}, false
	}
	for _, tier := range [...]func() (Match, bool){t.instruction, t.behindCommand, t.giveThanks, t.severalTerms, t.wish} {
		if m, ok := tier(); ok {
			return m, true
		}
	}
	m, ok := t.approach()
	if t.stops(m) {
		if m, ok := t.reserved(command.Stop); ok {
			return m, true
		}
	}
	if ok && (m.Decision == Run || m.Decision == Offer && m.Tier != TierPart && m.Tier != TierScript) {
		return m, true
	}
	if c, said := t.saidCommand(); said {
		if c == command.Paid && !t.behind {
			return t.paidBeside(m), true
		}
		if m, ok := t.reserved(c); ok {
			m.Amid = !slices.Contains(neverAnswers[:], c)
			return m, true
		}
	}
	if ok || len(m.Runners) > 0 {
		return m, ok
	}
	if c, said := command.Misspelt(t.normal); said {
		m, ok = t.reserved(c)
		m.Corrected = ok
	}
	return m, ok
}

// neverAnswers are the commands that answer no question and are left to no person, in whatever words.
var neverAnswers = [...]command.Command{command.Danger, command.Drop, command.Forget, command.Menu}

// saidCommand finds the command that the words of a message say, whatever words they are; that somebody is
// in danger goes before all others, where no phrase is named. It finds none in what is quoted, nor in fewer
// than leastSaid words. Words to somebody else say STOP at most, for which they have to be surer, and so have leastSaid words.
// An instruction says STOP at most, too.
func (t *tiers) saidCommand() (command.Command, bool) {
	if t.tells(speech.Quote) {
		return "", false
	}
	names, talks := t.names(), t.tells(speech.Talk)
	if !names && !talks && slices.ContainsFunc(t.clauses(), func(clause string) bool { return command.TellsDanger(textform.Normal(clause)) }) {
		return command.Danger, true
	}
	size := t.size()
	if size < leastSaid {
		return "", false
	}
	instructs := len(t.instructed) > 0
	said, likely := command.Said(t.normal, t.tokens, size == leastSaid || instructs || names)
	switch {
	case said == command.Stop:
		return said, size > leastSaid && !talks || likely >= command.StopSureFrom && !instructs
	case said == "", talks:
		return "", false
	case said == command.Forget:
		return said, size > leastSaid && !instructs && !t.addresses()
	}
	return said, !t.wordsInstruct()
}

// leastSaid is how many words a message has at least that says a command in words that no list has.
const leastSaid = 3

// wordsInstruct reports whether most of the message are the words of an instruction, not what it is about.
func (t *tiers) wordsInstruct() bool {
	return slices.ContainsFunc(t.instructed, func(in instruction.Instruction) bool {
		size := 0
		for _, filled := range in.Gaps {
			size += len(filled)
		}
		return 2*size < len(t.text)
	})
}

// tells reports whether words of a message do something of some roles.
func (msg *message) tells(roles speech.Role) bool {
	return slices.ContainsFunc(msg.tokens, func(k textform.Token) bool { return k.Roles&roles != 0 })
}

// addresses reports whether a name of somebody stands behind what the message begins with:
// "tell Sandra to delete my data".
func (msg *message) addresses() bool {
	return msg.tokens[0].Roles&speech.Greeting == 0 && slices.ContainsFunc(msg.tokens[1:min(3, len(msg.tokens))], func(k textform.Token) bool {
		return k.Capital && k.Roles == 0
	})
}

// clauses are the parts of a message between signs.
func (msg *message) clauses() []string {
	return strings.FieldsFunc(msg.text, func(r rune) bool { return strings.ContainsRune(".!?;,:…–—\n。！？，、；：¡¿،؟।", r) })
}

// stops reports whether a message is STOP itself with whatever little stands behind
// it, and no phrase or entry that has its word.
func (t *tiers) stops(m Match) bool {
	if !command.StopsNamed(t.normal) || t.turned() {
		return false
	}
	word, _, _ := strings.Cut(t.normal, " ")
	return m.Decision != Run || !slices.ContainsFunc(m.Candidates, func(c Candidate) bool {
		return slices.Contains(strings.Fields(textform.Normal(c.Phrase+" "+c.Argument)), word)
	})
}

// turned reports whether a message turns round what it begins with: "stop not".
func (msg *message) turned() bool {
	k := &msg.tokens[len(msg.tokens)-1]
	return k.Roles&speech.Negation != 0 && !refusals().Has(k.Normal)
}

// refusals are the words that say no by themselves.
var refusals = sync.OnceValue(func() *speech.Set { return speech.Forms("choice.txt", "no") })

// head returns as much of a text as maxRunes and one more can take.
func head(text string) string {
	return text[:min(len(text), maxNormal+utf8.UTFMax)]
}

// Listed knows the words of the service, and those that the publisher has
// added, of which none takes STOP away.
func (t *tiers) listed() (Match, bool) {
	if c, ok := command.Listed(t.normal); ok && (c == command.Stop || len(t.ix.reserved) == 0) {
		if m, ok := t.outspelt(); ok {
			return m, true
		}
		return t.reserved(c)
	}
	t.probes++
	if c, ok := t.ix.reserved[t.normal]; ok {
		if m, ok := t.command(); ok && m.Command == command.Stop {
			return m, true
		}
		return t.reserved(c)
	}
	return Match{}, false
}

// alone finds the phrase that is spelt so, if it is the only one and no word of
// the service: most messages are one.
func (t *tiers) alone() (Match, bool) {
	if !t.plain() {
		return Match{}, false
	}
	t.probes++
	l := &t.ix.layers[0]
	c, alone := l.exact.single(&t.glance, l.languages)
	if !alone {
		return Match{}, false
	}
	return Match{Decision: Run, Tier: TierExact, Candidates: []Candidate{c}}, true
}

// plain reports whether there is one layer and nothing in it is gone.
func (q *query) plain() bool { return len(q.ix.layers) == 1 && q.ix.layers[0].whole }

// foldedAlone finds the only phrase that is spelt so but for diacritics, if it
// is no word of the service.
func (t *tiers) foldedAlone() (Match, bool) {
	forms := textform.FoldsNormal(t.normal)
	if len(t.ix.bare) > 0 || len(forms) > 1 || t.glance.first.sum == t.glance.sum || !t.plain() {
		return Match{}, false
	}
	l := &t.ix.layers[0]
	run := func(c Candidate) (Match, bool) {
		return Match{Decision: Run, Tier: TierFolded, Candidates: []Candidate{c}}, true
	}
	g, key := l.exact.glance(forms[0]), hashOf(l.keys, byFold, forms[0])
	t.probes += 2
	number, ok := l.keys.Find(key)
	if c, alone := l.exact.single(&g, l.languages); alone && !ok && forms[0] != t.normal {
		return run(c)
	}
	if _, spelt := l.exact.settled(&g); spelt || !ok || number < 0 || l.phrases[number].nature&natureReserved != 0 {
		return Match{}, false
	}
	return run(t.candidate(l, number).Candidate)
}

func (t *tiers) command() (Match, bool) {
	if c, ok := command.Whole(t.normal); ok {
		if m, ok := t.outspelt(); ok {
			return m, true
		}
		return t.reserved(c)
	}
	return Match{}, false
}

// outspelt finds the phrase that a message is, where it is a command only but for diacritics.
func (t *tiers) outspelt() (Match, bool) {
	if !command.Yields(t.normal) {
		return Match{}, false
	}
	if m, ok := t.exact(); ok {
		return m, true
	}
	return t.foldedPhrase()
}

// politeCommand finds a command among words of politeness. It yields to a
// keyword that is spelt just so.
func (t *tiers) politeCommand() (Match, bool) {
	if !strings.Contains(t.normal, " ") {
		return Match{}, false
	}
	if bare := speech.WithoutPoliteness(t.normal); bare != "" && bare != t.normal {
		if c, ok := command.Whole(bare); ok && !command.Spares(t.normal, c) {
			return t.reserved(c)
		}
		t.probes++
		if c, ok := t.ix.reserved[bare]; ok {
			return t.reserved(c)
		}
	}
	return Match{}, false
}

// wordedCommand finds a command that is said in a sentence. It yields to phrases
// that are spelt just so.
func (t *tiers) wordedCommand() (Match, bool) {
	if !t.read && !t.readWords() {
		return Match{}, false
	}
	c, ok := command.Worded(t.normal, t.written())
	if !ok || slices.Contains(yielding[:], c) && (t.names() || t.namesBehind()) {
		return Match{}, false
	}
	if c == command.Menu {
		if len(t.instructionsOf(instruction.Saved)) > 0 {
			c = command.My // "my list" is none of what is answered here
		}
	}
	return t.reserved(c)
}

// written returns the languages that the message is written in, all of them where
// none is found.
func (msg *message) written() speech.Tongues {
	if msg.tongues == 0 {
		return speech.Any
	}
	return msg.tongues
}

// yielding are the commands whose wordings may ask for a keyword that stands in
// them: "what is on the menu of the day".
var yielding = [...]command.Command{
	command.Menu, command.Help, command.More, command.Start, command.Lang, command.My, command.Why, command.Save,
}

// names reports whether a phrase stands within the message that says something.
func (t *tiers) names() bool {
	if !t.read && !t.readWords() || len(t.tokens) > maxSpanned {
		return false
	}
	found := t.spans()
	if len(found) == 0 {
		found = t.inflectedSpans(nil, make([]bool, len(t.tokens)))
	}
	return slices.ContainsFunc(found, func(s span) bool { return t.everyday(s) != idle })
}

// namesBehind reports whether a phrase stands behind a word that saves it or lets it go, be it one
// that says nothing elsewhere: "save about".
func (t *tiers) namesBehind() bool {
	if t.behind {
		return false
	}
	c, rest, ok := command.Split(t.text)
	if !ok || c != command.Save && c != command.Stop {
		return false
	}
	_, runs := t.named(rest)
	return runs
}

// behindCommand finds a keyword behind a word that saves it or lets it go:
// "subscribe tiramisu" is save, and "unsubscribe from the news" does not stop
// everything.
func (t *tiers) behindCommand() (Match, bool) {
	if t.behind {
		return Match{}, false
	}
	c, rest, ok := command.Split(t.text)
	switch {
	case !ok:
		return Match{}, false
	case c == command.Stop:
		c = command.Unsave
	case c != command.Save:
		return Match{}, false
	}
	m, ok := t.reserved(c)
	if !ok {
		return Match{}, false
	}
	named := newTiers(t.ix, rest, t.languages)
	named.behind, named.partial = true, true
	found, ok := named.answer()
	t.probes += named.probes
	if !ok || found.Decision != Run {
		return Match{}, false
	}
	m.Candidates = found.Candidates
	return m, true
}

// paid answers a wish that something paid for ends: with the keyword that says so,
// which wins, else with those that may tell of it. It is no wish to stop.
func (t *tiers) paid() (Match, bool) {
	if !t.read && !t.readWords() {
		return Match{Decision: Reserved, Command: command.Paid, Tier: TierCommand}, true
	}
	found, _ := t.approach()
	if found.Decision == Run && found.Tier != TierArgument && found.Tier != TierPart && !found.Corrected {
		if said := command.ReadPaid(textform.Normal(found.Candidates[0].Phrase)); said.Concerns() || !said.Names() {
			return found, true
		}
	}
	return t.paidBeside(found), true
}

// paidBeside answers such a wish in which no keyword runs, with what was found in it.
func (t *tiers) paidBeside(found Match) Match {
	m := Match{Decision: Reserved, Command: command.Paid, Tier: TierCommand}
	for _, c := range append(found.Candidates, found.Runners...) {
		if len(m.Candidates) < maxOffer && command.ReadPaid(textform.Normal(cmp.Or(c.Phrase, c.Argument))).Names() {
			if found.Tier == TierArgument {
				c.Argument = "" // what stands beside it tells of the paper: "missing paper again this morning"
			}
			m.Candidates = append(m.Candidates, c)
		}
	}
	return m
}

// reserved answers with a command, if it is one that is carried out here.
func (t *tiers) reserved(c command.Command) (Match, bool) {
	if t.ix.commands != nil && !slices.Contains(t.ix.commands, c) {
		t.leftOut = true
		return Match{}, false
	}
	return Match{Decision: Reserved, Command: c, Tier: TierCommand}, true
}

func (t *tiers) exact() (Match, bool) {
	return decideRanked(TierExact, t.among(func(l *lexicon, hits []int32) []int32 { return l.spelt(t.normal, hits, &t.probes) }))
}

func (t *tiers) foldedPhrase() (Match, bool) {
	return decideRanked(TierFolded, t.among(func(l *lexicon, hits []int32) []int32 { return l.folded(t.normal, hits, &t.probes) }))
}

func (t *tiers) exactTerm() (Match, bool) {
	written := textform.Written(t.text)
	var all []ranked
	for i := range t.ix.bare {
		b := &t.ix.bare[i]
		if hits := b.spelt(written, nil, &t.probes); len(hits) > 0 {
			all = t.terms(all, b, b.preferred(hits, t.text))
		}
	}
	return decideRanked(TierVocabulary, all)
}

func (t *tiers) foldedTerm() (Match, bool) {
	return decideRanked(TierVocabulary, t.entries(nil, t.text))
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
