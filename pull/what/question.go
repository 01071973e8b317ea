package what

import (
	"slices"
	"strings"
	"unicode/utf8"
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
	// maxOffer bounds the candidates of an offer.
	maxOffer = 3
)

// Match says what a message means to a reader of these languages, most
// preferred first. Where keywords of different languages share a phrase, the
// reader's language chooses; where they share it in one language, they are
// offered. Match never fails, whatever the text.
func (ix *Index) Match(text string, languages ...string) Match {
	q := question{ix: ix, text: strings.TrimSpace(text), languages: languages}
	m, ok := q.answer()
	if !ok {
		m = Match{Outcome: None, Unknown: unknown(q.text)}
	}
	m.Probes = q.probes
	return m
}

// question is one message on its way through the tiers.
type question struct {
	ix        *Index
	text      string
	languages []string
	// normal is the normal form, folds its folded forms.
	normal string
	folds  []string
	probes int
}

// answer asks the tiers, best first; one that finds nothing is silent, and the
// next one is asked. Whole messages go before parts of them, and exact spelling
// before folded, a keyword's phrase before an entry of a vocabulary.
func (q *question) answer() (Match, bool) {
	if len(q.text) > maxRunes && utf8.RuneCountInString(head(q.text)) > maxRunes {
		return Match{}, false
	}
	if q.normal = Normal(q.text); q.normal == "" || len(q.normal) > maxNormal {
		return Match{}, false
	}
	m, ok := q.command()
	if !ok {
		m, ok = q.exact()
	}
	if !ok {
		m, ok = q.exactTerm()
	}
	if !ok {
		m, ok = q.politeCommand()
	}
	if !ok {
		m, ok = q.folded()
	}
	if !ok {
		m, ok = q.foldedTerm()
	}
	if !ok {
		m, ok = q.withArgument()
	}
	return m, ok
}

// head returns as much of a text as maxRunes and one more can take.
func head(text string) string {
	return text[:min(len(text), maxNormal+utf8.UTFMax)]
}

func (q *question) command() (Match, bool) {
	if w, ok := commandWord(q.normal); ok {
		return reserved(w.command)
	}
	q.probes++
	if c, ok := q.ix.reserved[q.normal]; ok {
		return reserved(c)
	}
	if strings.Contains(q.normal, " ") && isStop(q.normal) {
		return reserved(CommandStop)
	}
	return Match{}, false
}

// politeCommand finds a command among words of politeness. It yields to a
// keyword that is spelt just so.
func (q *question) politeCommand() (Match, bool) {
	if !strings.Contains(q.normal, " ") {
		return Match{}, false
	}
	bare := impolite(q.normal)
	if bare == "" || bare == q.normal {
		return Match{}, false
	}
	if w, ok := commandWord(bare); ok {
		return reserved(w.command)
	}
	q.probes++
	if c, ok := q.ix.reserved[bare]; ok {
		return reserved(c)
	}
	return Match{}, false
}

func reserved(c Command) (Match, bool) {
	return Match{Outcome: Reserved, Command: c, Tier: TierCommand}, true
}

func (q *question) exact() (Match, bool) {
	c, found, alone := q.ix.exact.single(q.normal, q.ix.languages)
	switch {
	case !found:
		q.probes++
		return Match{}, false
	case alone:
		q.probes++
		return Match{Outcome: Run, Tier: TierExact, Candidates: []Candidate{c}}, true
	}
	var buf [8]int32
	hits := q.phrases(q.ix.exact, q.normal, buf[:0])
	return q.decide(TierExact, q.candidates(hits))
}

func (q *question) folded() (Match, bool) {
	q.folds = folds(q.normal)
	var buf [8]int32
	hits := buf[:0]
	for _, form := range q.folds {
		if form != q.normal {
			hits = q.phrases(q.ix.exact, form, hits)
		}
		hits = q.phrases(q.ix.folded, form, hits)
	}
	return q.decide(TierFolded, q.candidates(hits))
}

func (q *question) exactTerm() (Match, bool) {
	q.probes++
	return q.decide(TierVocabulary, q.terms(q.ix.terms.exact[q.normal]))
}

func (q *question) foldedTerm() (Match, bool) {
	var refs []termRef
	for _, form := range q.folds {
		q.probes += 2
		refs = append(refs, q.ix.terms.exact[form]...)
		refs = append(refs, q.ix.terms.folded[form]...)
	}
	return q.decide(TierVocabulary, q.terms(refs))
}

// phrases appends the phrases of a form to hits.
func (q *question) phrases(m *forms, form string, hits []int32) []int32 {
	q.probes++
	number, ok := m.find(form)
	switch {
	case !ok:
		return hits
	case number >= 0:
		return append(hits, number)
	default:
		return append(hits, q.ix.lists[^number]...)
	}
}

// ranked is a candidate with its place in the reader's order of languages.
type ranked struct {
	Candidate
	rank int
}

// candidates turns phrases into candidates, one for each keyword, in the
// language that the reader prefers.
func (q *question) candidates(hits []int32) []ranked {
	var all []ranked
	for _, hit := range hits {
		c := q.candidate(hit)
		all = join(all, ranked{c, q.rank(c.Language)})
	}
	return all
}

func (q *question) candidate(hit int32) Candidate {
	p := &q.ix.phrases[hit]
	return Candidate{
		Keyword:  p.id,
		Phrase:   p.text,
		Language: q.ix.languages[p.language],
	}
}

// terms turns terms of bare keywords into candidates.
func (q *question) terms(refs []termRef) []ranked {
	var all []ranked
	for _, ref := range refs {
		k := &q.ix.keywords[ref.keyword]
		t := &k.vocabulary.terms[ref.term]
		c := Candidate{Keyword: k.id, Argument: t.Value, Phrase: t.name()}
		all = join(all, ranked{Candidate: c})
	}
	return all
}

// name is what readers know the term by.
func (t *Term) name() string {
	if len(t.Names) > 0 {
		return t.Names[0]
	}
	return t.Value
}

// join adds a candidate, or keeps the better of two of one keyword and
// argument.
func join(all []ranked, c ranked) []ranked {
	for i := range all {
		if all[i].Keyword != c.Keyword || all[i].Argument != c.Argument {
			continue
		}
		if c.rank < all[i].rank {
			all[i] = c
		}
		return all
	}
	return append(all, c)
}

// rank is a language's place in the reader's order; one that the reader did
// not name comes last, and a phrase of no language belongs to all.
func (q *question) rank(language string) int {
	language = baseLanguage(language)
	if language == "" || language == "mul" || language == "und" {
		return 0
	}
	for i, wanted := range q.languages {
		if baseLanguage(wanted) == language {
			return i
		}
	}
	return len(q.languages)
}

// decide runs the only candidate, or the only one in the language that the
// reader prefers. Several are offered.
func (q *question) decide(tier Tier, all []ranked) (Match, bool) {
	if len(all) == 0 {
		return Match{}, false
	}
	m := Match{Outcome: Run, Tier: tier}
	if len(all) > 1 {
		slices.SortStableFunc(all, func(a, b ranked) int { return a.rank - b.rank })
		if all[0].rank == all[1].rank {
			m.Outcome = Offer
			all = all[:min(len(all), maxOffer)]
		} else {
			all = all[:1]
		}
	}
	m.Candidates = make([]Candidate, len(all))
	for i := range all {
		m.Candidates[i] = all[i].Candidate
	}
	return m, true
}

// unknown cuts a message that no keyword explains to what a reply can quote:
// without politeness around it, and not too long.
func unknown(text string) string {
	fields := strings.Fields(strings.ToValidUTF8(head(text), ""))
	for len(fields) > 1 && isPolite(Normal(fields[len(fields)-1])) {
		fields = fields[:len(fields)-1]
	}
	for len(fields) > 1 && isPolite(Normal(fields[0])) {
		fields = fields[1:]
	}
	words := strings.Join(fields, " ")
	if trimmed := trimArgument(words); trimmed != "" {
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
