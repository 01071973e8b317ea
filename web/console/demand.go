package console

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what/command"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// DemandCounts tells what a publisher's readers asked, up to the last ask: what was counted of its days from
// one until before another, by their numbers (journal.DemandDay), and what they wrote.
type DemandCounts interface {
	counter
	Days(ctx context.Context, publisher string, from, until int, tell func(day int, of journal.DayDemand)) error
	CountedTexts(ctx context.Context, publisher string) (uint64, error)
	Texts(ctx context.Context, publisher string, l journal.Listing) (journal.Demand, error)
}

// demandSums holds what was asked in all days together before the last one, which no ask changes any more.
type demandSums struct {
	before heldAnswers[journal.DayDemand]
}

// sumDays adds up what was asked from a day on.
func (h *demandSums) sumDays(ctx context.Context, counts DemandCounts, pub *catalogue.Setup, from, today int) (sum journal.DayDemand, err error) {
	add := func(_ int, of journal.DayDemand) { sum.AddDay(of) }
	if from < today {
		before, err := h.before.answerOnce(ctx, countsBefore(counts, pub, today), pub, []int{from, today}, func(s journal.DayDemand) int { return 100 * len(s.Keywords) }, func() (journal.DayDemand, error) {
			err := counts.Days(ctx, pub.ID, from, today, add)
			return sum, err //nolint:wrapcheck // the store's own sentence
		})
		if err != nil {
			return before, err
		}
		sum = journal.DayDemand{}
		sum.AddDay(before)
	}
	err = counts.Days(ctx, pub.ID, max(from, today), math.MaxInt, add)
	return sum, err //nolint:wrapcheck // the store's own sentence
}

// Demand is what "demand.list" and "demand.adopt" work with.
type Demand struct {
	Demanded   DemandCounts
	Publishing Publishing
	Clock      func() time.Time
	// Waiting tells how many readers of a publisher wait for an answer, by what they said.
	Waiting func(publisher string) map[string]int
	sums    *demandSums
	texts   *heldAnswers[DemandAnswer]
}

// Bounds of a list of demand.
const (
	usualDemandDays = 30
	usualDemand     = 100
	mostDemand      = 1000
	shownNear       = 3
)

// DemandList is the input of "demand.list".
type DemandList struct {
	Of
	Days  int `json:"days,omitempty" query:"days" min:"1" max:"90" doc:"How many days back, today among them; 30 where not given."`
	Limit int `json:"limit,omitempty" query:"limit" min:"1" max:"1000" doc:"How long each list is at most; 100 where not given."`
}

// DemandAnswer is the output: what readers asked, met and unmet.
type DemandAnswer struct {
	Days int `json:"days" doc:"How many days the counts are of, in the publisher's time zone."`
	// KnownReaders is below how many readers nothing is shown of a text.
	KnownReaders int            `json:"known_readers" doc:"A text is told from so many distinct readers on; readers is 0 where there were fewer."`
	Demand       journal.Demand `json:"demand"`
	RareTexts    int            `json:"rare_texts" doc:"How many texts there were that too few readers wrote to be told."`
	RareAsks     int            `json:"rare_asks" doc:"How often these were asked, all together."`
	MoreUnmet    int            `json:"more_unmet" doc:"How many texts are left out."`
	MoreKeywords int            `json:"more_keywords" doc:"How many keywords are left out."`
	Version      string         `json:"version" doc:"Changes whenever anything else here does."`
}

// ETag returns the version.
func (a DemandAnswer) ETag() string { return a.Version }

// The operations demand.*.
var (
	ListDemand = Declare[DemandList, DemandAnswer](Declaration{
		Name: "demand.list", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/demand",
		Summary: "Show what readers asked: texts that no keyword answered, aliases that readers' choice speaks for, and counts of keywords.",
		Help: "A text is told once five distinct readers wrote it; numbers and addresses in it are hidden. " +
			"Nothing is told of readers who have not agreed that anything is kept, but how many asks they made. " +
			"What the publisher tried itself in vain stands behind all that, marked as own, and is in no count.",
	})

	AdoptDemand = Declare[DemandAdopt, KeywordEntry](Declaration{
		Name: "demand.adopt", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/demand/adopt",
		Summary: "Add a text that readers write to the phrases of a keyword; readers are answered by it at once.",
		Help:    "A text that is a phrase of that keyword already changes nothing.",
	})
)

// Operations returns demand.list, demand.adopt and those that look at the publisher's own
// site.
func (d Demand) Operations() []Bound {
	d.sums, d.texts = &demandSums{}, &heldAnswers[DemandAnswer]{}
	looks := &siteLooks{Demand: d, of: map[string]DemandOnSite{}}
	return []Bound{
		ListDemand.Bind(d.listDemand),
		AdoptDemand.Bind(d.adoptText),
		LookDemand.Bind(looks.lookDemand),
		DemandLooked.Bind(looks.lastLook),
	}
}

func (d Demand) listDemand(ctx context.Context, in DemandList) (DemandAnswer, error) {
	out := DemandAnswer{Days: usualDemandDays, KnownReaders: journal.KnownReaders}
	pub, err := publisherOf(d.Publishing.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	limit := usualDemand
	for _, n := range []struct {
		field     string
		got, most int
		to        *int
	}{{"days", in.Days, journal.DemandDays, &out.Days}, {"limit", in.Limit, mostDemand, &limit}} {
		if n.got < 0 || n.got > n.most {
			return out, &pull.Error{Kind: pull.Invalid, Field: n.field, Hint: words.Text{Key: "refusal.number", Args: words.Args{"most": n.most}}}
		}
		if n.got > 0 {
			*n.to = n.got
		}
	}
	now := d.Clock().In(ZoneOf(pub))
	from := journal.StartOfDay(now).AddDate(0, 0, 1-out.Days)
	listing := journal.Listing{From: from, Until: now, Met: pub.HasPhrase, Now: keywordNow(pub)}
	texts := func(ctx context.Context) (uint64, error) { return d.Demanded.CountedTexts(ctx, pub.ID) }
	out, err = d.texts.answerOnce(ctx, texts, pub, []any{from.Unix(), journal.DemandDay(now), limit}, demandBytes, func() (DemandAnswer, error) {
		var err error
		if out.Demand, err = d.Demanded.Texts(ctx, pub.ID, listing); err != nil {
			return out, err //nolint:wrapcheck // the store's own sentence
		}
		out.noteRare()
		out.shorten(pub, limit)
		out.noteNoPhrase(pub)
		out.Demand.Unmet = slices.Clone(out.Demand.Unmet)
		return out, nil
	})
	if err != nil {
		return out, err
	}
	sum, err := d.sums.sumDays(ctx, d.Demanded, pub, journal.DemandDay(from), journal.DemandDay(now))
	if err != nil {
		return out, err
	}
	out.Demand.SetDays(sum, listing.Now, limit)
	out.MoreKeywords = max(len(out.Demand.Keywords)-limit, 0)
	out.Demand.Keywords = out.Demand.Keywords[:len(out.Demand.Keywords)-out.MoreKeywords]
	out.Demand.Until, out.Demand.Unmet = now, slices.Clone(out.Demand.Unmet)
	out.noteWaiting(d.Waiting(pub.ID))
	out.Version, err = out.fingerprint()
	return out, err
}

// demandBytes is about what an answer takes: its texts, each with a number for each day.
func demandBytes(a DemandAnswer) int {
	return len(a.Demand.Unmet)*(200+8*a.Days) + (len(a.Demand.Proposals)+len(a.Demand.Helps))*150
}

// noteRare counts what is not told in words, and puts it behind what is.
func (a *DemandAnswer) noteRare() {
	told := make([]journal.Unmet, 0, len(a.Demand.Unmet))
	var rare []journal.Unmet
	for _, u := range a.Demand.Unmet {
		if u.Text != "" {
			told = append(told, u)
			continue
		}
		rare = append(rare, u)
		a.RareAsks += u.Asks
	}
	told = append(told, rare...)
	a.RareTexts, a.Demand.Unmet = len(rare), told
}

// noteNoPhrase marks the texts that no keyword can be made of.
func (a *DemandAnswer) noteNoPhrase(pub *catalogue.Setup) {
	for i := range a.Demand.Unmet {
		u := &a.Demand.Unmet[i]
		u.NoPhrase = u.Text != "" && !mayBePhrase(pub, u.Text)
	}
}

// mayBePhrase reports whether a text that readers write is one to propose as a phrase: it
// has a letter, and is no command of the service.
func mayBePhrase(pub *catalogue.Setup, text string) bool {
	if !strings.ContainsFunc(text, unicode.IsLetter) {
		return false
	}
	if _, ok := command.Lookup(text); ok {
		return false
	}
	for _, reserved := range pub.Reserved {
		for _, word := range reserved {
			if textform.Fold(word) == textform.Fold(text) {
				return false
			}
		}
	}
	return true
}

// shorten leaves out what is too much, and keywords that are no more.
func (a *DemandAnswer) shorten(pub *catalogue.Setup, limit int) {
	gone := func(id string) bool { _, ok := pub.Keyword(id); return !ok }
	d := &a.Demand
	d.Proposals = slices.DeleteFunc(d.Proposals, func(p journal.Proposal) bool { return gone(p.Keyword) })
	d.Proposals = d.Proposals[:min(len(d.Proposals), limit)]
	d.Helps = slices.DeleteFunc(d.Helps, func(p journal.Proposal) bool { return gone(p.Keyword) })
	d.Helps = d.Helps[:min(len(d.Helps), limit)]
	a.MoreUnmet = max(len(d.Unmet)-limit, 0)
	d.Unmet = d.Unmet[:len(d.Unmet)-a.MoreUnmet]
	for i := range d.Unmet {
		near := slices.DeleteFunc(d.Unmet[i].Near, gone)
		d.Unmet[i].Near = near[:min(len(near), shownNear)]
	}
	// What the publisher tried itself stands behind what readers asked, and takes
	// nothing of their room.
	for _, u := range d.Own[:min(len(d.Own), limit)] {
		u.Near = slices.DeleteFunc(u.Near, gone)
		u.Near = u.Near[:min(len(u.Near), shownNear)]
		d.Unmet = append(d.Unmet, u)
	}
	d.Own = nil
}

// noteWaiting notes with each text how many readers wait for an answer to it, where they
// are so many that it may be told.
func (a *DemandAnswer) noteWaiting(waiting map[string]int) {
	for i := range a.Demand.Unmet {
		if n := waiting[a.Demand.Unmet[i].Text]; n >= journal.KnownReaders {
			a.Demand.Unmet[i].Waiting = n
		}
	}
}

// fingerprint changes with what is answered, but not with the passing of time.
func (a DemandAnswer) fingerprint() (string, error) {
	a.Demand.From, a.Demand.Until = time.Time{}, time.Time{}
	return fingerprintOf(a)
}

// languageOf returns the language of an alias: the one that was named, else the one
// that its keyword speaks first.
func languageOf(pub *catalogue.Setup, k *catalogue.Keyword, named string) string {
	if named != "" {
		return named
	}
	for _, l := range pub.Languages {
		if len(k.Phrases[l]) > 0 {
			return l
		}
	}
	if len(pub.Languages) > 0 {
		return pub.Languages[0]
	}
	return "en"
}

// hidesPart reports whether something is hidden in a text.
func hidesPart(text string) bool { return strings.Contains(text, journal.Hidden) }
