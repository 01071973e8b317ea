package pull

import (
	"cmp"
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/outside"
	"keypull/pull/what"
)

// Matcher is what a publisher has of its own for messages that no keyword is
// near to. It names keywords, never words, and nothing that it says is run: a
// reader is asked. It is safe for concurrent use.
type Matcher interface {
	// Match returns the keywords that the text may mean; none is no error. It
	// keeps to a deadline of its own, and to that of ctx.
	Match(ctx context.Context, a MatcherAsk) ([]Scored, error)
}

// MatcherAsk is all that a matcher is told: nothing of the reader.
type MatcherAsk struct {
	Publisher string
	// Text is what was asked, in normal form, without the words that only ask.
	Text string
	// Language is the tag of the publisher's that the reader is answered in.
	Language string
}

// Scored is a keyword by its id, and how sure the matcher is of it, from 0 to 1.
type Scored struct {
	Keyword string
	Score   float64
}

// How long a matcher may take at most, time in line included, and how long a
// text may be that it is asked about, in characters.
const (
	matcherWait  = 2 * time.Second
	matcherRunes = 200
)

// tierMatcher says in a trace that the publisher's matcher named what was offered.
const tierMatcher what.Tier = "matcher"

// askMatcher asks by what a message means that the index makes nothing of. The
// match is an offer of what the publisher has, at most; false means that there
// is nothing to offer, and that all is as if nobody had been asked.
func (w conversation) askMatcher(ctx context.Context, by Matcher) (what.Match, bool) {
	wait := matcherWait - w.waited
	if by == nil || wait <= 0 || !w.suitsMatcher() {
		return w.match, false
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	began := w.clock()
	scored, err := askMatcherSafely(ctx, by, w.computing, MatcherAsk{Publisher: w.edition.ID, Text: w.match.Core, Language: w.language})
	w.trace.Took.What += journal.Since(w.clock().Sub(began))
	if err != nil {
		w.noteFailure(err)
		return w.match, false
	}
	m := w.match
	m.Candidates = w.proposedCandidates(scored)
	if len(m.Candidates) == 0 {
		return w.match, false
	}
	m.Decision, m.Tier = what.Offer, tierMatcher
	m.Runners = slices.DeleteFunc(slices.Clone(m.Runners), func(c what.Candidate) bool {
		return slices.ContainsFunc(m.Candidates, func(o what.Candidate) bool { return o.Keyword == c.Keyword })
	})
	return m, true
}

// askMatcherSafely asks a matcher; one that breaks down has nothing to propose.
func askMatcherSafely(ctx context.Context, by Matcher, computing *outside.Computation, a MatcherAsk) (scored []Scored, err error) {
	defer computing.Away()()
	defer Caught("ask the matcher", &err)
	return by.Match(ctx, a)
}

// suitsMatcher reports whether a message is one that a matcher is asked about:
// words that ask for something, which no keyword is near to. Words of a reader
// who has not agreed where a channel asks for it go nowhere.
func (w conversation) suitsMatcher() bool {
	m := w.match
	return m.Decision == what.None && m.Reason == what.ReasonUnknown && m.Core != "" && w.ask.Tap == "" &&
		utf8.RuneCountInString(m.Core) <= matcherRunes &&
		w.keeps()
}

// proposedCandidates returns the keywords that the publisher has among those of a matcher,
// the surest first, as many as an offer lists.
func (w conversation) proposedCandidates(scored []Scored) []what.Candidate {
	scored = slices.Clone(scored)
	slices.SortStableFunc(scored, func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) })
	var all []what.Candidate
	for _, s := range scored {
		named := func(c what.Candidate) bool { return c.Keyword == s.Keyword }
		if w.edition.keywordByID(s.Keyword) == nil || slices.ContainsFunc(all, named) {
			continue
		}
		if all = append(all, what.Candidate{Keyword: s.Keyword}); len(all) == offerAtMost {
			break
		}
	}
	return all
}
