package console

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// AskTally counts what became of asks.
type AskTally interface {
	Day(publisher string, from, until time.Time) journal.Day
	// Version grows with each ask that counts for the publisher.
	Version(publisher string) uint64
}

// Today is what "today.get" works with.
type Today struct {
	Tally AskTally
	// Counted is closed once the Tally has what was asked before the start; nil
	// where it has.
	Counted <-chan struct{}
	// Demanded knows which words may be shown; none are where nil.
	Demanded  DemandCounts
	Health    Health
	Channels  *messengers.Channels
	Catalogue Catalogue
	Clock     func() time.Time
	// Damaged counts what was found damaged; nothing was where it is nil.
	Damaged func() Damaged
	// Failures know what fails; nil: nothing does.
	Failures *Failures
}

// Damaged counts, since the start of the server and over all publishers, what
// was found damaged and replaced.
type Damaged struct {
	ReadersAnew int `json:"readers_anew" doc:"Readers who started anew since their documents could not be opened any more; a STOP of theirs stands."`
	DayKeys     int `json:"day_keys" doc:"Days that lost a copy of their key, or both and got a new one."`
	Records     int `json:"records" doc:"Records and values that could not be read any more and stand aside; the rest is served."`
}

// TodayAnswer is the output: a publisher's asks since midnight in its zone, and
// how its sources and channels are doing.
type TodayAnswer struct {
	Day         journal.Day    `json:"day"`
	Zone        string         `json:"zone" doc:"The publisher's time zone, in which the day is told."`
	Sources     []TodaySource  `json:"sources" doc:"Up to 50, those in trouble first."`
	MoreSources int            `json:"more_sources" doc:"How many sources are left out."`
	Channels    []TodayChannel `json:"channels"`
	Failures    []Failure      `json:"failures" doc:"What fails now, as failure.list tells it."`
	StandingIn  []StandingIn   `json:"standing_in" doc:"The keywords for which a text answers now."`
	Crisis      time.Time      `json:"crisis,omitzero" doc:"Until when the crisis text stands; missing where none does."`
	Proposed    time.Time      `json:"crisis_proposed,omitzero" doc:"Until when the crisis text would stand that waits for a second person; missing where none does."`
	Damaged     Damaged        `json:"damaged" doc:"What was found damaged on the whole installation since the server started."`
	// Version changes whenever anything else here does.
	Version string `json:"version"`
}

// ETag returns the version.
func (t TodayAnswer) ETag() string { return t.Version }

// TodaySource is how a source is doing.
type TodaySource struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	SourceHealth
}

// TodayChannel is how a channel is doing.
type TodayChannel struct {
	ID    string            `json:"id"`
	Kind  string            `json:"kind"`
	State State             `json:"state" enum:"ok,warning,bad,idle"`
	Error string            `json:"error,omitempty" doc:"What went wrong last; empty while all is well."`
	Live  messengers.Health `json:"health"`
}

// GetToday is "today.get".
var GetToday = Declare[Of, TodayAnswer](Declaration{
	Name: "today.get", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/today",
	Summary: "Show what readers asked since midnight, and how sources and channels are doing.",
	Help: "The day begins at midnight in the publisher's time zone; counts are those that demand has of it. Misses are told in the words " +
		"that five distinct readers wrote; other counts all the rest.",
})

// Operation returns "today.get".
func (t Today) Operation() Bound {
	return GetToday.Bind((&day{Today: t}).answerToday)
}

// day is Today with the words of the last answers, since pages ask for them every
// other second and demand is large.
type day struct {
	Today
	misses heldAnswers[[]journal.Count]
}

func (t *day) answerToday(ctx context.Context, in Of) (TodayAnswer, error) {
	pub, err := publisherOf(t.Catalogue, in.Publisher)
	if err != nil {
		return TodayAnswer{}, err
	}
	if err := t.waitUntilCounted(ctx); err != nil {
		return TodayAnswer{}, err
	}
	zone, now := ZoneOf(pub), t.Clock()
	// The version comes first: an ask that is counted in between makes the next
	// answer another one.
	version := t.Tally.Version(pub.ID)
	out := TodayAnswer{
		Day: t.Tally.Day(pub.ID, journal.StartOfDay(now.In(zone)), now), Zone: zone.String(),
		Channels: t.channelsToday(ctx, pub, now),
	}
	if out.Day.Misses, err = t.missesOf(ctx, pub, &out.Day); err != nil {
		return TodayAnswer{}, err
	}
	out.Sources, out.MoreSources = t.sourcesToday(ctx, pub)
	out.StandingIn = standingIn(pub, now)
	if pub.Crisis.TextAt(now, "") != "" {
		out.Crisis = *pub.Crisis.Until
	}
	if c := pub.Crisis; c.Proposed != "" && c.Until != nil && now.Before(*c.Until) {
		out.Proposed = *c.Until
	}
	if t.Damaged != nil {
		out.Damaged = t.Damaged()
	}
	if out.Failures, err = t.Failures.failuresOf(ctx, pub); err != nil {
		return TodayAnswer{}, err
	}
	fingerprint, err := fingerprintOf(out)
	// The counts begin anew with the server, so that their version alone says too little.
	out.Version = fmt.Sprintf("%d-%s", version, fingerprint)
	return out, err
}

// waitUntilCounted waits until all of the day is counted: half of it is no figure.
func (t *day) waitUntilCounted(ctx context.Context) error {
	if t.Counted == nil {
		return nil
	}
	select {
	case <-t.Counted:
		return nil
	case <-ctx.Done():
		return &pull.Error{Kind: pull.Unavailable, Op: "sum up the day", Hint: words.Text{Key: "refusal.counting"}, Err: ctx.Err()}
	}
}

// ZoneOf returns a publisher's time zone.
func ZoneOf(pub *catalogue.Setup) *time.Location {
	zone, err := time.LoadLocation(pub.TimeZone)
	if err != nil {
		// A zone was checked when it was written; this machine lacks it.
		return time.UTC
	}
	return zone
}

// shownSources is how many sources are told of.
const shownSources = 50

// sourcesToday tells of those that the publisher has, the troubled ones first and
// otherwise in their order, and how many are left out.
func (t Today) sourcesToday(ctx context.Context, pub *catalogue.Setup) (shown []TodaySource, more int) {
	health := t.Health.HealthOf(pub.ID)
	all := make([]TodaySource, 0, len(pub.Sources))
	for i := range pub.Sources {
		s := &pub.Sources[i]
		all = append(all, TodaySource{ID: s.ID, Kind: s.Kind, SourceHealth: healthOf(health[s.ID], pub.Broken[catalogue.ResourceSource][s.ID], s.Freshness, CallerLanguage(ctx))})
	}
	trouble := []State{Bad, Doubtful, OK, Idle}
	if len(all) > shownSources {
		slices.SortStableFunc(all, func(a, b TodaySource) int {
			return cmp.Compare(slices.Index(trouble, a.State), slices.Index(trouble, b.State))
		})
	}
	n := min(len(all), shownSources)
	return all[:n], len(all) - n
}

func (t Today) channelsToday(ctx context.Context, pub *catalogue.Setup, now time.Time) []TodayChannel {
	all := make([]TodayChannel, 0, len(pub.Channels))
	for i := range pub.Channels {
		c := TodayChannel{ID: pub.Channels[i].ID, Kind: pub.Channels[i].Kind}
		if opened := t.Channels.Find(pub.ID, c.ID); opened != nil {
			c.Live = opened.Health()
		}
		var why words.Text
		c.State, why = channelState(c.Live, pub.Broken[catalogue.ResourceChannel][c.ID], now)
		c.Error, c.Live.Error = why.In(CallerLanguage(ctx)), c.Live.Why.In(CallerLanguage(ctx))
		all = append(all, c)
	}
	return all
}

// fingerprintOf returns a short hash of an answer, which changes with anything in it.
func fingerprintOf(answer any) (string, error) {
	b, err := json.Marshal(answer)
	if err != nil {
		return "", fmt.Errorf("encode an answer: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), nil
}

// shownMisses is how many texts of the day are told.
const shownMisses = 20

// missesOf ranks what the day's readers asked in vain, in the words that demand
// may show; the rest is a number.
func (t *day) missesOf(ctx context.Context, pub *catalogue.Setup, d *journal.Day) (journal.Ranked, error) {
	none := journal.Ranked{Top: []journal.Count{}, Other: d.Missed}
	if t.Demanded == nil || d.Missed == 0 {
		return none, nil
	}
	texts := func(ctx context.Context) (uint64, error) { return t.Demanded.CountedTexts(ctx, pub.ID) }
	top, err := t.misses.answerOnce(ctx, texts, pub, d.From.Unix(), func(top []journal.Count) int { return 200 * (len(top) + 1) }, func() (top []journal.Count, err error) {
		of, err := t.Demanded.Texts(ctx, pub.ID, journal.Listing{From: d.From, Until: d.Until, Met: pub.HasPhrase, Now: keywordNow(pub)})
		for _, u := range of.Unmet {
			if u.Text != "" && u.Missed > 0 && len(top) < shownMisses && mayBePhrase(pub, u.Text) {
				top = append(top, journal.Count{Name: u.Text, Asks: u.Missed, Last: u.Last})
			}
		}
		return top, err
	})
	if err != nil {
		return none, err
	}
	words := journal.Ranked{Top: append(none.Top, top...), Other: none.Other}
	for _, shown := range top {
		words.Other -= shown.Asks
	}
	words.Other = max(words.Other, 0)
	return words, nil
}
