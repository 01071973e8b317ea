package console

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/when"
)

// The states by which keywords are listed.
const (
	stateAll      = "all"
	stateOpen     = "open"
	stateClosed   = "closed"
	stateFindings = "findings"
)

// KeywordList is the input of "keyword.list".
type KeywordList struct {
	Of
	Page
	Q        string `json:"q,omitempty" query:"q" doc:"What the id or a phrase holds or nearly is, written however."`
	Source   string `json:"source,omitempty" query:"source" doc:"Id of the source that answers."`
	Language string `json:"language,omitempty" query:"language" doc:"A language that the keyword has phrases in."`
	State    string `json:"state,omitempty" query:"state" enum:"all,open,closed,findings" doc:"Those that answer now, that don't, or that have findings."`
}

// KeywordListed is the output.
type KeywordListed struct {
	Keywords []KeywordEntry `json:"keywords"`
	Next     string         `json:"next,omitempty"`
	Total    int            `json:"total" doc:"How many there are on all pages."`
}

func (p keywords) list(ctx context.Context, in KeywordList) (KeywordListed, error) {
	out := KeywordListed{Keywords: []KeywordEntry{}}
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	id := func(i int) string { return pub.Keywords[i].ID }
	l, err := in.list(behind(pub, catalogue.NounKeyword, len(pub.Keywords), id))
	if err != nil {
		return out, err
	}
	findings := map[string][]catalogue.Finding{}
	if pub.Linter != nil {
		findings = pub.Linter.Findings()
	}
	inState, err := p.stateFilter(pub, in.State, findings)
	if err != nil {
		return out, err
	}
	for i := range p.found(pub, in.Q) {
		k := &pub.Keywords[i]
		if in.Source != "" && k.Source != in.Source || in.Language != "" && len(k.Phrases[in.Language]) == 0 {
			continue
		}
		if inState == nil || inState(k) {
			l.add(i)
		}
	}
	page := make([]*catalogue.Keyword, len(l.places))
	for n, i := range l.places {
		page[n] = &pub.Keywords[i]
	}
	docs, err := keywordDocs(page)
	if err != nil {
		return out, err
	}
	for n, k := range page {
		out.Keywords = append(out.Keywords, keywordEntry(ctx, pub, k, docs[n], findings[k.ID]))
	}
	out.Next, out.Total = l.next(id), l.total
	return out, nil
}

// found goes through the places of the keywords that a search finds; a list of
// all of them is never made.
func (p keywords) found(pub *catalogue.Setup, q string) iter.Seq[int] {
	if strings.TrimSpace(q) != "" {
		return slices.Values(p.search(pub, q))
	}
	return func(yield func(int) bool) {
		for i := range pub.Keywords {
			if !yield(i) {
				return
			}
		}
	}
}

// stateFilter says which keywords are in a state; nil where all are.
func (p keywords) stateFilter(pub *catalogue.Setup, state string, findings map[string][]catalogue.Finding) (func(*catalogue.Keyword) bool, error) {
	switch state {
	case "", stateAll:
		return nil, nil //nolint:nilnil // nil lets all through
	case stateFindings:
		return func(k *catalogue.Keyword) bool { return len(findings[k.ID]) > 0 }, nil
	case stateOpen, stateClosed:
		a := newAvailability(pub.TimeZone, p.Clock())
		return func(k *catalogue.Keyword) bool { return a.open(k) == (state == stateOpen) }, nil
	}
	var choices []string
	for _, s := range []string{stateAll, stateOpen, stateClosed, stateFindings} {
		choices = append(choices, strconv.Quote(s))
	}
	return nil, settings.Problems{settings.NewProblem("state", "choice", "choices", strings.Join(choices, ", "), "got", strconv.Quote(state))}
}

// availability says which keywords answer at one moment.
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
