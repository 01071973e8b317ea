package pull

import (
	"slices"
	"sync"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/textform"
)

// audienced is what the views of an edition share, of which some keywords are not for
// everybody.
type audienced struct {
	// all is the edition of all keywords, for what is fetched and for editors.
	all       *Edition
	audiences []*audience
	// shared are the keywords of each phrase that some keyword with an audience has, in
	// their order.
	shared map[sharedPhrase][]*keyword
	// subscribing are the sources that know subscribers.
	subscribing map[string]*Opened

	mu sync.Mutex
	// views are what readers see, by verdicts, the latest last.
	views []*Edition
}

// sharedPhrase is a phrase of a language as readers write it.
type sharedPhrase struct{ language, folded string }

// maxViewed bounds the views that are kept, in keywords of all of them together, which take
// about a hundred bytes each.
const maxViewed = 200_000

// settleAudiences gives the edition the keywords that are for everybody, and has those that
// are not be found by whom they are for.
func (e *Edition) settleAudiences(usable []*keyword, sources map[string]*openedSource, former *what.Index) {
	known := &audienced{shared: map[sharedPhrase][]*keyword{}, subscribing: map[string]*Opened{}}
	for _, k := range usable {
		if k.audience == nil {
			continue
		}
		k.audience.number = len(known.audiences)
		known.audiences = append(known.audiences, k.audience)
		for _, id := range k.audience.subscribers {
			if s := sources[id]; s != nil && s.Problem == nil {
				known.subscribing[id] = &s.Opened
			}
		}
		for p := range k.sharedPhrases {
			known.shared[p] = nil
		}
	}
	if len(known.audiences) == 0 {
		e.setKeywords(usable, former)
		return
	}
	for _, k := range usable {
		for p := range k.sharedPhrases {
			if list, ok := known.shared[p]; ok && !slices.Contains(list, k) {
				known.shared[p] = append(list, k)
			}
		}
	}
	all := *e
	all.setKeywords(usable, former)
	known.all, e.audienced = &all, known
	e.show(make([]verdict, len(known.audiences)))
}

// sharedPhrases walks the phrases of a keyword.
func (k *keyword) sharedPhrases(yield func(sharedPhrase) bool) {
	for language, list := range k.Phrases {
		for _, phrase := range list {
			if !yield(sharedPhrase{language, textform.Fold(phrase)}) {
				return
			}
		}
	}
}

// everything returns the edition of all keywords, whomever they are for.
func (e *Edition) everything() *Edition {
	if e.audienced == nil {
		return e
	}
	return e.all
}

// viewOf returns what readers with these verdicts see of the edition.
func (e *Edition) viewOf(verdicts []verdict) *Edition {
	if slices.Equal(verdicts, e.seen) {
		return e
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	at := slices.IndexFunc(e.views, func(v *Edition) bool { return slices.Equal(v.seen, verdicts) })
	if at >= 0 {
		v := e.views[at]
		e.views = append(slices.Delete(e.views, at, at+1), v)
		return v
	}
	view := *e
	view.show(verdicts)
	e.views = append(e.views, &view)
	if most := max(1, maxViewed/max(1, len(e.all.order))); len(e.views) > most {
		e.views = slices.Delete(e.views, 0, len(e.views)-most)
	}
	return &view
}

// rank orders the keywords of one phrase: what is for the reader before what is not, and of
// that what is told by more before what is told by less.
func (k *keyword) rank(seen []verdict) int {
	if k.audience == nil {
		return 1
	}
	switch seen[k.audience.number].stand {
	case asked, open:
		return 1 + len(k.audience.names)
	case teased:
		return 0
	}
	return -1
}

// show has the edition be what readers with these verdicts see: of the keywords of one phrase
// the most specific one that is for them, the first of the catalogue where several are.
func (e *Edition) show(verdicts []verdict) {
	e.seen = verdicts
	winners := make(map[sharedPhrase]*keyword, len(e.shared))
	for p, list := range e.shared {
		for _, k := range list {
			if best := winners[p]; k.rank(verdicts) >= 0 && (best == nil || k.rank(verdicts) > best.rank(verdicts)) {
				winners[p] = k
			}
		}
	}
	order := make([]*keyword, 0, len(e.all.order))
	var gone []*keyword
	for _, k := range e.all.order {
		if seen := k.seenAs(verdicts, winners); seen != nil {
			order = append(order, seen)
		} else {
			gone = append(gone, k)
		}
	}
	e.setKeywords(order, e.everything().matchIndex())
	for _, k := range gone {
		e.followVariant(k, winners)
	}
	e.ids.Fit()
	e.featured = slices.Clone(e.featured)
	for i, id := range e.featured {
		if k := e.keywordByID(id); k != nil {
			e.featured[i] = k.ID
		}
	}
}

// seenAs returns a keyword as readers with these verdicts see it; nil where it is not there for
// them, or others answer by all its phrases.
func (k *keyword) seenAs(verdicts []verdict, winners map[sharedPhrase]*keyword) *keyword {
	rank := k.rank(verdicts)
	if rank < 0 {
		return nil
	}
	seen, left, lost := *k.Keyword, 0, 0
	phrases := make(map[string][]string, len(k.Phrases))
	for language, list := range k.Phrases {
		for _, phrase := range list {
			by := winners[sharedPhrase{language, textform.Fold(phrase)}]
			// Keywords for everybody may share a phrase on purpose.
			if by == nil || by == k || by.audience == nil && k.audience == nil {
				phrases[language], left = append(phrases[language], phrase), left+1
				continue
			}
			lost++
			if by.Source == k.Source && by.Bare && verdictOf(by, verdicts).stand == open {
				seen.Bare = false
			}
		}
	}
	switch {
	case left == 0 && lost > 0:
		return nil
	case k.audience == nil && lost == 0:
		return k
	}
	seen.Phrases = phrases
	if v := verdictOf(k, verdicts); v.stand != open {
		return shutKeyword(&seen, v, k.audience)
	}
	return &keyword{&seen, k.conduct}
}

func verdictOf(k *keyword, verdicts []verdict) verdict {
	if k.audience == nil {
		return verdict{stand: open}
	}
	return verdicts[k.audience.number]
}

// shutKeyword returns what stands in the place of a keyword for those whom it is not for: its
// phrases, and nothing of what it answers.
func shutKeyword(of *catalogue.Keyword, v verdict, a *audience) *keyword {
	bare := &catalogue.Keyword{
		ID: of.ID, Formerly: of.Formerly, Source: of.Source, Phrases: of.Phrases, Argument: of.Argument, Slot: of.Slot, Autocorrect: of.Autocorrect,
		Tie: of.Tie, Count: 1, Audience: of.Audience, Teaser: of.Teaser,
	}
	why := &shut{verdict: v}
	if v.stand == asked {
		why.subscribers = a.subscribers
	}
	return &keyword{bare, &conduct{source: &Opened{Problem: errShut}, shut: why, audience: a}}
}

// errShut is what a source is that nothing may be asked for this reader.
var errShut = &Error{Kind: Denied, Op: "answer a keyword that is for others"}

// followVariant has the ids of a keyword that is not there for a reader lead to the one that
// answers by its phrase: buttons of before and what readers keep name it so.
func (e *Edition) followVariant(k *keyword, winners map[sharedPhrase]*keyword) {
	for p := range k.sharedPhrases {
		by := winners[p]
		if by == nil || by == k {
			continue
		}
		at, ok := e.ids.Find(e.ids.Hash(idHash, by.ID))
		if !ok {
			continue
		}
		for _, id := range append([]string{k.ID}, k.Formerly...) {
			if e.keywordByID(id) == nil {
				e.ids.Set(e.ids.Hash(idHash, id), at)
			}
		}
		return
	}
}

// variantsOf tells of the keyword that answers, and of those that share a phrase with it, how
// the reader stands to each; nil where all are for everybody.
func (e *Edition) variantsOf(k *keyword) (all []journal.Variant) {
	if e.audienced == nil {
		return nil
	}
	of := e.all.keywordByID(k.ID)
	if of == nil {
		return nil
	}
	const most = 10
	variants := []*keyword{of}
	for p := range of.sharedPhrases {
		for _, other := range e.shared[p] {
			if !slices.Contains(variants, other) {
				variants = append(variants, other)
			}
		}
	}
	if len(variants) == 1 && of.audience == nil {
		return nil
	}
	slices.SortStableFunc(variants[1:], func(a, b *keyword) int { return b.rank(e.seen) - a.rank(e.seen) })
	for _, one := range variants[:min(len(variants), most)] {
		v := verdictOf(one, e.seen)
		told := journal.Variant{Keyword: one.ID, Stand: stands[v.stand], Lacks: v.lacks}
		if one.audience != nil {
			told.By = one.audience.names
		}
		all = append(all, told)
	}
	return all
}
