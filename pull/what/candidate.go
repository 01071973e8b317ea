package what

import (
	"slices"

	"keypull/pull/what/languages"
)

// ranked is a candidate with its place in the reader's order of languages.
type ranked struct {
	Candidate
	// number is that of the keyword.
	number int32
	rank   int
	nature nature
	// edits and slip are how far the message is from the phrase.
	edits, slip int
	autocorrect Autocorrect
}

// isSymbol reports whether it is a symbol of a vocabulary.
func (r ranked) isSymbol() bool { return r.nature&natureSymbol != 0 }

// query is a message that looks into an index.
type query struct {
	message
	ix *Index
	// probes counts the look-ups.
	probes int
	// named are the phrases within the message, once they have been looked for.
	naming []span
	looked bool
	// instead says that what it asks for is named instead of something else, which is as good
	// as a request.
	instead bool
}

// among looks in the phrases of the keywords.
func (q *query) among(find func(*lexicon, []int32) []int32) []ranked {
	var all []ranked
	var buf [8]int32
	for i := range q.ix.layers {
		l := &q.ix.layers[i]
		all = q.candidates(all, l, find(l.lexicon, buf[:0]))
	}
	return all
}

// candidates turns phrases of a layer into candidates, one for each keyword, in
// the language that the reader prefers.
func (q *query) candidates(all []ranked, l *layer, hits []int32) []ranked {
	for _, hit := range hits {
		if c := q.candidate(l, hit); c.number >= 0 {
			all = joinRanked(all, c)
		}
	}
	return all
}

// candidate returns what a phrase of a layer stands for; its number is negative if
// its keyword has changed since, or is gone.
func (q *query) candidate(l *layer, hit int32) ranked {
	p := &l.phrases[hit]
	number := l.owners[p.owner]
	if number < 0 {
		return ranked{number: number}
	}
	c := Candidate{Keyword: p.id, Phrase: p.text, Language: l.languages[p.language]}
	return ranked{Candidate: c, number: number, rank: q.rank(c.Language), nature: p.nature, autocorrect: q.ix.keywords[number].autocorrect}
}

// terms adds the terms of bare keywords to the candidates.
func (q *query) terms(all []ranked, b *bareVocabulary, hits []int32) []ranked {
	for _, hit := range hits {
		p := &b.phrases[hit]
		t := &b.terms[p.owner]
		for _, number := range b.keywords {
			k := &q.ix.keywords[number]
			c := Candidate{Keyword: k.id, Argument: t.Value, Phrase: t.name()}
			all = joinRanked(all, ranked{Candidate: c, number: number, nature: p.nature, autocorrect: k.autocorrect})
		}
	}
	return all
}

// everywhere looks in the keywords' phrases, and then in the vocabularies
// whose entries call a keyword alone.
func (q *query) everywhere(find func(*lexicon, []int32) []int32) []ranked {
	var buf [8]int32
	all := q.among(find)
	for i := range q.ix.bare {
		b := &q.ix.bare[i]
		all = q.terms(all, b, find(b.lexicon, buf[:0]))
	}
	return all
}

// joinRanked adds a candidate, or keeps the better of two of one keyword and
// argument.
func joinRanked(all []ranked, c ranked) []ranked {
	for i := range all {
		if all[i].Keyword != c.Keyword || all[i].Argument != c.Argument {
			continue
		}
		if c.edits < all[i].edits || c.edits == all[i].edits && c.rank < all[i].rank {
			all[i] = c
		}
		return all
	}
	return append(all, c)
}

// rank returns a language's place in the reader's order; one that the reader did
// not name comes last, and a phrase of no language belongs to all.
func (msg *message) rank(language string) int {
	language = languages.Base(language)
	if language == "" || language == "mul" || language == "und" {
		return 0
	}
	for i, wanted := range msg.languages {
		if languages.Base(wanted) == language {
			return i
		}
	}
	return len(msg.languages)
}

// decideRanked runs the only candidate, or the only one in the language that the
// reader prefers. Several are offered.
func decideRanked(tier Tier, all []ranked) (Match, bool) {
	if len(all) == 0 {
		return Match{}, false
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return a.rank - b.rank })
	if len(all) > 1 && all[0].rank == all[1].rank {
		return offeredMatch(tier, ReasonTie, all), true
	}
	m := Match{Decision: Run, Tier: tier, Candidates: []Candidate{all[0].Candidate}}
	m.Runners = runnerCandidates(all[1:])
	return m, true
}

// offeredMatch asks which of some candidates is meant.
func offeredMatch(tier Tier, why Reason, all []ranked) Match {
	m := Match{Decision: Offer, Tier: tier, Reason: why}
	for i := range min(len(all), maxOffer) {
		m.Candidates = append(m.Candidates, all[i].Candidate)
	}
	m.Runners = runnerCandidates(all[len(m.Candidates):])
	return m
}

// declinedMatch runs and offers nothing, and keeps what came near.
func declinedMatch(tier Tier, why Reason, all []ranked) Match {
	return Match{Decision: None, Tier: tier, Reason: why, Runners: runnerCandidates(all)}
}

func runnerCandidates(all []ranked) []Candidate {
	var list []Candidate
	for i := range min(len(all), maxRunners) {
		list = append(list, all[i].Candidate)
	}
	return list
}
