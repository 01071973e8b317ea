package console

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
	"keypull/pull/what/textform"
)

// What keywords are listed by beside their states.
const (
	stateAll      = "all"
	stateFindings = "findings"
)

// KeywordList is the input of "keyword.list".
type KeywordList struct {
	Of
	Page
	Q        string `json:"q,omitempty" query:"q" doc:"What the id or a phrase holds or nearly is, written however."`
	Source   string `json:"source,omitempty" query:"source" doc:"Id of the source that answers."`
	Language string `json:"language,omitempty" query:"language" doc:"A language that the keyword has phrases in."`
	Group    string `json:"group,omitempty" query:"group" doc:"The group that the keyword is in."`
	Sort     string `json:"sort,omitempty" query:"sort" enum:"id,name,group,asked,changed" doc:"By id, by name, by group, the most asked of the last 30 days first, or the last changed first; by id where not given."`
	State    string `json:"state,omitempty" query:"state" enum:"all,open,closed,failing,partly,unanswerable,findings" doc:"Those of a state, or that have findings."`
}

// KeywordListed is the output.
type KeywordListed struct {
	Keywords []KeywordEntry `json:"keywords"`
	Next     string         `json:"next,omitempty"`
	Total    int            `json:"total" doc:"How many there are on all pages."`
	Groups   []string       `json:"groups,omitempty" doc:"The groups that the publisher's keywords are in."`
}

func (p keywords) listKeywords(ctx context.Context, in KeywordList) (KeywordListed, error) {
	out := KeywordListed{Keywords: []KeywordEntry{}}
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	id := func(i int) string { return pub.Keywords[i].ID }
	l, err := in.startListing(placeBehind(pub, catalogue.ResourceKeyword, len(pub.Keywords), id))
	if err != nil {
		return out, err
	}
	findings := map[string][]catalogue.Finding{}
	if pub.Linter != nil {
		findings = pub.Linter.Findings()
	}
	in.Source = pub.Now(catalogue.ResourceSource, in.Source)
	states := p.newKeywordStates(ctx, pub)
	inState, err := states.filterByState(in.State, findings)
	if err != nil {
		return out, err
	}
	isLeftOut := func(i int) bool {
		k := &pub.Keywords[i]
		return in.Source != "" && k.Source != in.Source || in.Language != "" && len(k.Phrases[in.Language]) == 0 || in.Group != "" && k.Group != in.Group ||
			inState != nil && !inState(k)
	}
	order := slices.AppendSeq(make([]int, 0, len(pub.Keywords)), p.findPlaces(pub, in.Q))
	first := len(order)
	if in.Cursor == "" { // nobody looks behind the first page, or for what is left out
		order, first = slices.DeleteFunc(order, isLeftOut), l.limit+1
	}
	if err := p.sortKeywords(ctx, pub, in.Sort, order, first); err != nil {
		return out, err
	}
	inOrder := in.Sort != "" && in.Sort != sortID
	if inOrder {
		l, err = in.startListing(func(last string) int {
			return 1 + slices.IndexFunc(order, func(i int) bool { return pub.Keywords[i].ID == last })
		})
		if err != nil {
			return out, err
		}
	}
	for n, i := range order {
		if !inOrder {
			n = i
		}
		if in.Cursor == "" || !isLeftOut(i) {
			l.addAt(n, i)
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
		out.Keywords = append(out.Keywords, states.keywordEntry(ctx, k, docs[n], findings[k.ID]))
	}
	out.Next, out.Total, out.Groups = l.nextCursor(id), l.total, pub.Groups()
	return out, nil
}

// The orders in which keywords are listed.
const (
	sortID      = "id"
	sortName    = "name"
	sortGroup   = "group"
	sortAsked   = "asked"
	sortChanged = "changed"
)

// sortKeywords puts the first places of keywords into an order.
func (p keywords) sortKeywords(ctx context.Context, pub *catalogue.Setup, order string, places []int, first int) error {
	switch order {
	case "", sortID:
		return nil
	case sortName, sortGroup, sortChanged:
		ranks, err := p.ranks.answerOnce(ctx, untilSetUp, pub, order, func(ranks []int) int { return 8 * len(ranks) }, func() ([]int, error) { return rankKeywords(pub, order), nil })
		sortPlaces(places, first, func(i int) int { return ranks[i] }, cmp.Compare)
		return err
	case sortAsked:
		asked, err := p.askCounts(ctx, pub)
		if err != nil {
			return err
		}
		sortPlaces(places, first, func(i int) int { return asked(pub.Keywords[i].ID) }, func(a, b int) int { return b - a })
		return nil
	}
	return notOneOf("sort", order, sortID, sortName, sortGroup, sortAsked, sortChanged)
}

// rankKeywords returns which place each keyword has in an order that lasts until something is set up.
func rankKeywords(pub *catalogue.Setup, order string) []int {
	at := func(i int) *catalogue.Keyword { return &pub.Keywords[i] }
	places := make([]int, len(pub.Keywords))
	for i := range places {
		places[i] = i
	}
	switch order {
	case sortName:
		sortPlaces(places, len(places), func(i int) string { return textform.Fold(at(i).Name(pub.Languages)) }, strings.Compare)
	case sortGroup:
		sortPlaces(places, len(places), func(i int) string { return textform.Fold(at(i).Group) }, func(one, other string) int {
			if (one == "") != (other == "") {
				return strings.Compare(other, one) // what is in no group stands last
			}
			return strings.Compare(one, other)
		})
	case sortChanged:
		sortPlaces(places, len(places), func(i int) time.Time { return pub.MetaOf(catalogue.ResourceKeyword, at(i).ID).Changed }, func(a, b time.Time) int { return b.Compare(a) })
	}
	ranks := make([]int, len(places))
	for rank, place := range places {
		ranks[place] = rank
	}
	return ranks
}

// sortPlaces sorts the first of places, which rise, by what stands at each; where that is equal they rise.
func sortPlaces[K any](places []int, first int, keyOf func(place int) K, compare func(a, b K) int) {
	type keyed struct {
		place int
		key   K
	}
	all := make([]keyed, len(places))
	for n, place := range places {
		all[n] = keyed{place, keyOf(place)}
	}
	journal.SortFirst(all, first, func(a, b keyed) int { return cmp.Or(compare(a.key, b.key), a.place-b.place) })
	for n := range all {
		places[n] = all[n].place
	}
}

// askCounts tells how often each keyword was asked lately.
func (p keywords) askCounts(ctx context.Context, pub *catalogue.Setup) (asked func(id string) int, err error) {
	if p.Demanded == nil {
		return func(string) int { return 0 }, nil // nobody counts
	}
	today := p.Clock().In(ZoneOf(pub))
	from := journal.StartOfDay(today).AddDate(0, 0, 1-usualDemandDays)
	sum, err := p.asked.sumDays(ctx, p.Demanded, pub, journal.DemandDay(from), journal.DemandDay(today))
	keywords := journal.ByTodaysIDs(sum.Keywords, keywordNow(pub))
	return func(id string) int { return keywords[id].Total() }, err
}

// findPlaces goes through the places of the keywords that a search finds; a list of
// all of them is never made.
func (p keywords) findPlaces(pub *catalogue.Setup, q string) iter.Seq[int] {
	if strings.TrimSpace(q) != "" {
		return slices.Values(p.searchKeywords(pub, q))
	}
	return func(yield func(int) bool) {
		for i := range pub.Keywords {
			if !yield(i) {
				return
			}
		}
	}
}

// notOneOf refuses a value that is not among the choices of a field.
func notOneOf(field, got string, choices ...string) error {
	for i, c := range choices {
		choices[i] = strconv.Quote(c)
	}
	return settings.Problems{settings.NewProblem(field, "choice", "choices", strings.Join(choices, ", "), "got", strconv.Quote(got))}
}
