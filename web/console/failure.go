package console

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/withdrawal"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Failures is what "failure.list" works with.
type Failures struct {
	Catalogue Catalogue
	Health    Health
	Channels  *messengers.Channels
	// Letters are the dead letters; nil if there are none.
	Letters DeadLetters
	// Counts are the figures, by which it is known what is usual; nil if there are none.
	Counts FigureCounts
	// Withdrawn lists what is withdrawn, SeenBy counts in how many answers of the day before
	// a rule something was told that it is about; nil if nobody knows.
	Withdrawn func(ctx context.Context, publisher string) ([]withdrawal.Rule, error)
	SeenBy    func(ctx context.Context, publisher string, r withdrawal.Rule) (int, error)
	// Untold lists who can't be told what fails; nil if nobody is.
	Untold func(publisher, language string) []Failure
	// Conversations tells what fails of those with readers; nil where nobody is handed over.
	Conversations func(publisher, language string) []Failure
	// Store says what keeps the store from taking anything; nil: nothing does.
	Store func() error
	// Backup tells that copies of the installation are too old, or that a standby is behind; nil where there is neither.
	Backup func(language string) []Failure
	Clock  func() time.Time

	mu      sync.Mutex
	counted map[string]lettersCounted
	usual   usualCounts
	seen    seenItems
}

// lettersCounted are the dead letters of a publisher's channels at a moment.
type lettersCounted struct {
	at     time.Time
	counts map[string]int
}

// Failure is one thing that fails now.
type Failure struct {
	Resource string `json:"noun" enum:"source,channel,dead,store,demand,item,alarm,conversation,backup,standby" doc:"What it is: a source, a channel, a channel's dead letters, the store, what readers ask, an item, an address that alarms go to, conversations with your people, copies of the installation, the machine that may take over."`
	ID       string `json:"id,omitempty" doc:"Id of the source, channel, withdrawal or address."`
	Name     string `json:"name,omitempty" doc:"What people call it, where that is not its id."`
	Code     string `json:"code" enum:"broken,failing,held,refused,away,silent,letters,store,peak,withdrawn,untold,waiting,late,bridge,unheard,behind" doc:"How it fails: it could not be opened, it fails, what it brought is held back, its account is refused, its platform is away, nothing arrives any more, answers could not be sent, nothing can be written, far more is asked than usual, it was withdrawn and readers saw it, alarms don't arrive there, readers wait for a person, no copy was made in time, the bridge to your people is down, answers by it did not count, the machine that may take over does not have everything."`
	Text     string `json:"text" doc:"What is wrong."`
	Mend     string `json:"mend" doc:"What to do about it."`
	// Since is zero where nobody knows.
	Since    time.Time `json:"since,omitzero" doc:"Since when, where that is known."`
	Good     time.Time `json:"good,omitzero" doc:"When it last worked."`
	Count    int       `json:"count,omitempty" doc:"How many dead letters there are, answers that told an item, asks within the hour, readers who wait, or answers that did not count."`
	Keywords int       `json:"keywords,omitempty" doc:"How many keywords the source answers."`
}

// FailureListed is the output.
type FailureListed struct {
	Failures []Failure `json:"failures" doc:"The store first, then copies of it, readers who wait for a person, channels, sources, withdrawn items, demand, dead letters, and where alarms don't arrive."`
}

// ListFailures is "failure.list".
var ListFailures = Declare[Of, FailureListed](Declaration{
	Name: "failure.list", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/failures",
	Summary: "List what fails now: sources, channels, dead letters, the store and more, each with what to do about it.",
})

// Operation returns "failure.list".
func (f *Failures) Operation() Bound { return ListFailures.Bind(f.listFailures) }

func (f *Failures) listFailures(ctx context.Context, in Of) (FailureListed, error) {
	pub, err := publisherOf(f.Catalogue, in.Publisher)
	if err != nil {
		return FailureListed{}, err
	}
	all, err := f.failuresOf(ctx, pub)
	return FailureListed{Failures: all}, err
}

// Of returns what fails of a publisher, in the caller's language; nothing of one that is
// not there.
func (f *Failures) Of(ctx context.Context, publisher string) ([]Failure, error) {
	pub := f.Catalogue.Publisher(publisher)
	if pub == nil {
		return nil, nil
	}
	return f.failuresOf(ctx, pub)
}

// failuresOf returns what fails of a publisher, in the caller's language.
func (f *Failures) failuresOf(ctx context.Context, pub *catalogue.Setup) ([]Failure, error) {
	all := []Failure{}
	if f == nil {
		return all, nil
	}
	if f.Store != nil {
		if err := f.Store(); err != nil {
			all = append(all, Failure{Resource: "store", Code: "store", Text: words.Said(err).In(CallerLanguage(ctx)), Mend: mendOf(ctx, "store")})
		}
	}
	if f.Backup != nil {
		all = append(all, f.Backup(CallerLanguage(ctx))...)
	}
	if f.Conversations != nil {
		all = append(all, f.Conversations(pub.ID, CallerLanguage(ctx))...)
	}
	counts, err := f.usualOf(ctx, pub)
	if err != nil {
		return nil, err
	}
	all = append(all, f.failingChannels(ctx, pub, counts)...)
	all = append(all, f.failingSources(ctx, pub)...)
	seen, err := f.seenItems(ctx, pub)
	if err != nil {
		return nil, err
	}
	all = append(all, seen...)
	all = append(all, f.peaks(ctx, counts)...)
	letters, err := f.channelsWithLetters(ctx, pub)
	if all = append(all, letters...); f.Untold != nil {
		all = append(all, f.Untold(pub.ID, CallerLanguage(ctx))...)
	}
	return all, err
}

func mendOf(ctx context.Context, code string) string { return MendOf(code, CallerLanguage(ctx)) }

// MendOf says what to do about something that fails, by how it does.
func MendOf(code, language string) string {
	if code == "refused" {
		return messengers.MendRefused.In(language)
	}
	return words.Text{Key: "fails.mend_" + code}.In(language)
}

func (f *Failures) failingChannels(ctx context.Context, pub *catalogue.Setup, counts *usualCount) (all []Failure) {
	for i := range pub.Channels {
		c := &pub.Channels[i]
		var h messengers.Health
		if opened := f.Channels.Find(pub.ID, c.ID); opened != nil {
			h = opened.Health()
		}
		failure := Failure{Resource: "channel", ID: c.ID, Text: h.Why.In(CallerLanguage(ctx)), Good: h.Good}
		switch broken := pub.Broken[catalogue.ResourceChannel][c.ID]; {
		case !broken.IsZero():
			failure.Code, failure.Text = "broken", broken.In(CallerLanguage(ctx))
		case !h.Refused.IsZero():
			failure.Code, failure.Since = "refused", h.Refused
		case !h.Why.IsZero() && h.Paused.After(f.Clock()):
			failure.Code = "away"
		case counts.isSilent(c.ID, h.Heard):
			failure.Code, failure.Since, failure.Text = "silent", h.Heard, words.Text{Key: "fails.silent"}.In(CallerLanguage(ctx))
		default:
			continue
		}
		failure.Mend = mendOf(ctx, failure.Code)
		all = append(all, failure)
	}
	return all
}

func (f *Failures) failingSources(ctx context.Context, pub *catalogue.Setup) (all []Failure) {
	health := f.Health.HealthOf(pub.ID)
	for i := range pub.Sources {
		s := &pub.Sources[i]
		broken := pub.Broken[catalogue.ResourceSource][s.ID]
		met, known := health[s.ID]
		if !known && broken.IsZero() {
			continue
		}
		h := healthOf(met, broken, s.Freshness, CallerLanguage(ctx))
		failure := Failure{Resource: "source", ID: s.ID, Name: s.Title, Text: h.Error, Good: h.Good, Code: "failing"}
		switch {
		case !broken.IsZero():
			failure.Code = "broken"
		case h.State == Bad:
		case h.Held:
			failure.Code = "held"
			if len(h.Warnings) > 0 {
				failure.Text = h.Warnings[0]
			}
		default:
			continue
		}
		failure.Mend, failure.Keywords = mendOf(ctx, failure.Code), len(pub.KeywordsOf(s.ID, -1))
		all = append(all, failure)
	}
	return all
}

// countedFor is for how long a count of letters is good: pages ask for it often.
const countedFor = 2 * time.Second

func (f *Failures) channelsWithLetters(ctx context.Context, pub *catalogue.Setup) (all []Failure, err error) {
	if f.Letters == nil {
		return nil, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	of, now := f.counted[pub.ID], f.Clock()
	if of.counts == nil || now.Sub(of.at).Abs() > countedFor {
		if of.counts, err = f.Letters.Counts(ctx, pub.ID); err != nil {
			return nil, err
		}
		if f.counted == nil {
			f.counted = map[string]lettersCounted{}
		}
		of.at = now
		f.counted[pub.ID] = of
	}
	for _, id := range slices.Sorted(maps.Keys(of.counts)) {
		n := of.counts[id]
		all = append(all, Failure{Resource: "dead", ID: id, Code: "letters", Count: n,
			Text: words.Text{Key: "fails.letters", Args: words.Args{"n": n}}.In(CallerLanguage(ctx)), Mend: mendOf(ctx, "letters")})
	}
	return all, nil
}
