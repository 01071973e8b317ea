package console

import (
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/when"
)

// KeywordState reports whether a keyword answers at a moment.
type KeywordState string

// The states.
const (
	// KeywordOpen: nothing is known that would keep it from answering.
	KeywordOpen KeywordState = "open"
	// KeywordClosed: it is outside its time.
	KeywordClosed KeywordState = "closed"
	// KeywordFailing: its source fails.
	KeywordFailing KeywordState = "failing"
	// KeywordPartly: some of what it was set up for is not answered.
	KeywordPartly KeywordState = "partly"
	// KeywordNever: no message is answered by it.
	KeywordNever KeywordState = "unanswerable"
)

// keywordStates tell of the keywords of a publisher whether they answer now. All that
// says of a keyword that it answers goes by them.
type keywordStates struct {
	pub          *catalogue.Setup
	health       map[string]pull.Health
	language     string
	availability *availability
	saved        journal.SavedWords
}

func (p keywords) newKeywordStates(ctx context.Context, pub *catalogue.Setup) keywordStates {
	s := keywordStates{pub: pub, health: p.Snapshots.HealthOf(pub.ID), language: CallerLanguage(ctx), availability: newAvailability(pub.TimeZone, p.Clock())}
	if p.Saved != nil {
		// Keywords are shown all the same where that is not known.
		s.saved, _ = p.Saved.Of(ctx, pub.ID)
	}
	return s
}

// savedBy returns how many readers keep a keyword; nil where they are too few to tell.
func (s keywordStates) savedBy(id string) *KeywordSaved {
	if n := s.saved.Readers[id]; n >= journal.KnownReaders {
		return &KeywordSaved{Readers: n, AsOf: s.saved.At}
	}
	return nil
}

func (s keywordStates) keywordEntry(ctx context.Context, k *catalogue.Keyword, doc Doc, found []catalogue.Finding) KeywordEntry {
	found = append(slices.Clip(found), k.CheckOver(s.availability.at)...)
	return KeywordEntry{
		Keyword: doc, Standing: standingOf(s.pub, s.pub.MetaOf(catalogue.ResourceKeyword, k.ID)),
		Findings: saidFindings(ctx, found), Failing: s.sourceError(k), State: s.stateOf(k, found), Saved: s.savedBy(k.ID),
	}
}

// sourceError returns why the source of a keyword fails now; "" while it does not.
func (s keywordStates) sourceError(k *catalogue.Keyword) string {
	if h := healthOf(s.health[k.Source], s.pub.Broken[catalogue.ResourceSource][k.Source], k.Freshness, s.language); h.State == Bad {
		return h.Error
	}
	return ""
}

// stateOf returns the state of a keyword with these findings.
func (s keywordStates) stateOf(k *catalogue.Keyword, found []catalogue.Finding) KeywordState {
	switch far := catalogue.AnswersBy(found); {
	case far == catalogue.Never:
		return KeywordNever
	case !s.availability.open(k):
		return KeywordClosed
	case s.sourceError(k) != "":
		return KeywordFailing
	case far == catalogue.Partly:
		return KeywordPartly
	}
	return KeywordOpen
}

// filterByState returns which keywords are listed by a state; nil where all are.
func (s keywordStates) filterByState(state string, findings map[string][]catalogue.Finding) (func(*catalogue.Keyword) bool, error) {
	all := []string{stateAll, string(KeywordOpen), string(KeywordClosed), string(KeywordFailing), string(KeywordPartly), string(KeywordNever), stateFindings}
	switch {
	case state == "" || state == stateAll:
		return nil, nil //nolint:nilnil // nil lets all through
	case state == stateFindings:
		return func(k *catalogue.Keyword) bool { return len(findings[k.ID])+len(k.CheckOver(s.availability.at)) > 0 }, nil
	case slices.Contains(all, state):
		return func(k *catalogue.Keyword) bool { return s.stateOf(k, findings[k.ID]) == KeywordState(state) }, nil
	}
	return nil, notOneOf("state", state, all...)
}

// availability returns which keywords answer at one moment.
type availability struct {
	at   time.Time
	zone *time.Location
	// hours remembers lines of hours, since many keywords share them.
	hours map[string]bool
}

func newAvailability(zone string, at time.Time) *availability {
	a := &availability{at: at, hours: map[string]bool{}}
	if z, err := time.LoadLocation(zone); err == nil {
		a.zone = z
	}
	return a
}

func (a *availability) open(k *catalogue.Keyword) bool {
	switch {
	case k.From != nil && a.at.Before(*k.From), k.Until != nil && a.at.After(*k.Until):
		return false
	case len(k.Hours) == 0:
		return true
	}
	lines := strings.Join(k.Hours, "\n")
	open, known := a.hours[lines]
	if !known {
		h, err := when.ParseHours(k.Hours)
		open = err == nil && h.Open(a.at, a.zone)
		a.hours[lines] = open
	}
	return open
}
