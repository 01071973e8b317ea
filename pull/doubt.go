package pull

import (
	"cmp"
	"context"
	"math/big"
	"reflect"
	"slices"
	"time"

	"keypull/pull/what"
	"keypull/pull/words"
)

// Bounds beyond which a snapshot is held back beside the last good one. Small
// lists swing widely by nature, so shrinking is judged from manyItems on.
const (
	manyItems  = 10
	shrunkTo   = 10 // percent
	futureSlop = 24 * time.Hour
)

// A doubtful snapshot is believed when so many fetches, each at least max_age
// and doubtApart after the one before, agree with each other.
const (
	doubtsOverruled = 3
	doubtApart      = 30 * time.Second
)

// doubtful is what was put into quarantine at a place: the newest of the
// snapshots that agree with each other, how many fetches brought them, and
// when the first and the last of these did. Immutable.
type doubtful struct {
	snapshot    Snapshot
	why         words.Text
	count       int
	since, last time.Time
	// refused: somebody said that it is wrong. While what comes agrees with it, it
	// is believed by no number of fetches.
	refused bool
}

// doubtInterval returns how far the fetches that count lie from each other.
func (w Want) doubtInterval() time.Duration {
	return max(w.Freshness.For(), doubtApart)
}

// judgeResult keeps a new snapshot, unless it is doubtful beside the last good one. Then
// only fetches that lie apart in time make it credible.
func (k *flights) judgeResult(f *flight, w Want, s Snapshot, last *Snapshot) (*Snapshot, bool, error) {
	s.Unchanged = s.Unchanged || last != nil && s.Revision == last.Revision && reflect.DeepEqual(s.Items, last.Items)
	why := doubtAbout(s, last, k.clock())
	if why.IsZero() && !s.Unchanged && !last.hasSamePrices(s.Items) {
		why = Odd(s.Items)
	}
	if !why.IsZero() && last == nil {
		// There is nothing to tell in its place.
		f.doubted, f.odd = true, &doubtful{snapshot: s, why: why}
		return nil, false, heldBackError(w.ID.Source, why)
	}
	until := w.Freshness.FreshUntil(s.freshnessTimes())
	if why.IsZero() {
		return k.keepResult(f, w.ID, &cached{snapshot: &s, until: until}), last == nil || !s.Unchanged, nil
	}
	var before *doubtful
	if h, ok := k.memory.cached.GetIfPresent(w.ID); ok {
		before = h.doubtful
	}
	d := before.addSnapshot(s, why, k.clock(), w.doubtInterval())
	if d.count >= doubtsOverruled {
		s.Warnings = append(s.Warnings[:len(s.Warnings):len(s.Warnings)], words.Text{Key: "fetch.believed", Args: words.Args{
			"at": clockTime(k.clock()), "count": d.count, "since": clockTime(d.since), "reason": why, "before": clockTime(last.Fetched), "gist": last.shortText(),
		}})
		return k.keepResult(f, w.ID, &cached{snapshot: &s, until: until}), true, nil
	}
	f.doubted = true
	k.keepResult(f, w.ID, &cached{snapshot: last, doubtful: d, until: w.Freshness.FreshUntil(last.freshnessTimes())})
	return nil, false, heldBackError(w.ID.Source, why)
}

// heldBackError says why a snapshot is not told.
func heldBackError(source string, why words.Text) error {
	return &Error{Kind: Unusable, Op: "check " + source, Hint: words.Text{Key: "fetch.held_back", Args: words.Args{"reason": why}}}
}

// addSnapshot returns the quarantine with one more snapshot in it. One that comes too
// early does not count, one that disagrees starts anew.
func (d *doubtful) addSnapshot(s Snapshot, why words.Text, now time.Time, apart time.Duration) *doubtful {
	switch {
	case d == nil || !snapshotsAgree(s, d.snapshot, now):
		return &doubtful{snapshot: s, why: why, count: 1, since: now, last: now}
	case d.refused:
		return &doubtful{snapshot: s, why: why, count: 1, since: d.since, last: now, refused: true}
	case now.Sub(d.last) < apart:
		return d
	}
	return &doubtful{snapshot: s, why: why, count: d.count + 1, since: d.since, last: now}
}

// snapshotsAgree reports whether neither of two snapshots makes the other doubtful.
func snapshotsAgree(a, b Snapshot, now time.Time) bool {
	if (len(a.Items) == 0) != (len(b.Items) == 0) {
		return false
	}
	// That both lie in the future is no disagreement.
	now = now.Add(max(0, a.AsOf.Sub(now), b.AsOf.Sub(now)))
	return doubtAbout(a, &b, now).IsZero() && doubtAbout(b, &a, now).IsZero()
}

// Accept believes what is held back at the places of a source, because an
// editor says so, and returns how many places that were. For a while Doubt can
// take it back.
func (c *Cache) Accept(publisher, source string) int {
	name := publisher + "/" + source
	was := accepted{at: c.clock(), places: map[SnapshotID]acceptance{}}
	c.flights.mu.Lock()
	for p, h := range c.memory.cached.All() {
		if p.Publisher != publisher || p.Source != source || h.doubtful == nil {
			continue
		}
		s := h.doubtful.snapshot
		c.memory.cached.Set(p, &cached{snapshot: &s})
		was.places[p] = acceptance{was: h, wait: c.flights.backOffs[p], now: &s}
		delete(c.flights.backOffs, p)
	}
	for p, r := range c.flights.backOffs {
		if p.Publisher == publisher && p.Source == source && r.odd != nil {
			s := r.odd.snapshot
			c.memory.cached.Set(p, &cached{snapshot: &s})
			was.places[p] = acceptance{wait: r, now: &s}
			delete(c.flights.backOffs, p)
		}
	}
	if h := c.flights.health[name]; h != nil && len(was.places) > 0 {
		was.err, was.cause = h.Error, h.Err
		h.Error = words.Text{}
	}
	if len(was.places) > 0 {
		c.rememberAccepted(name, was)
	}
	c.flights.mu.Unlock()
	for p, a := range was.places {
		c.flights.saveDecided(p, a.now)
	}
	return len(was.places)
}

// Refuse says of what is held back at the places of a source that it is wrong,
// because an editor says so, and returns how many places that were: it is not
// believed by itself while upstream keeps to it, and Accept still believes it.
func (c *Cache) Refuse(publisher, source string) (places int) {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	for p, h := range c.memory.cached.All() {
		if p.Publisher != publisher || p.Source != source || h.doubtful == nil {
			continue
		}
		refused := *h.doubtful
		refused.refused, refused.count = true, 1
		c.memory.cached.Set(p, &cached{snapshot: h.snapshot, doubtful: &refused, until: h.until})
		places++
	}
	for p, r := range c.flights.backOffs {
		if p.Publisher == publisher && p.Source == source && r.odd != nil {
			refused := *r.odd
			refused.refused = true
			r.odd = &refused
			places++
		}
	}
	return places
}

// Doubtful is what is held back at one place of a source, beside what is told there.
type Doubtful struct {
	Why words.Text
	// Since is when it came first, Count how many fetches have brought the same,
	// Needed how many make it believed; 0 if nothing is told in its place and only an
	// editor does; Refused says that none do.
	Since         time.Time
	Count, Needed int
	Refused       bool
	// Before is what is told, Now what would be.
	Before, Now []what.Item
}

// maxDoubts bounds how many places are shown.
const maxDoubts = 20

// Doubts lists what is held back of a source, without what is withdrawn.
func (c *Cache) Doubts(ctx context.Context, publisher, source string) ([]Doubtful, error) {
	set, err := c.withdrawals.rulesFor(ctx, publisher, source)
	if err != nil {
		return nil, err
	}
	var all []Doubtful
	c.flights.mu.Lock()
	for p, r := range c.flights.backOffs {
		if d := r.odd; d != nil && p.Publisher == publisher && p.Source == source && !isPrivate(p) && len(all) < maxDoubts {
			all = append(all, Doubtful{Why: d.why, Since: d.since, Count: d.count, Refused: d.refused, Now: set.Rest(source, d.snapshot.Items)})
		}
	}
	c.flights.mu.Unlock()
	for p, h := range c.memory.cached.All() {
		if p.Publisher != publisher || p.Source != source || h.doubtful == nil || isPrivate(p) || len(all) >= maxDoubts {
			continue
		}
		d := h.doubtful
		all = append(all, Doubtful{
			Why: d.why, Since: d.since, Count: d.count, Needed: doubtsOverruled, Refused: d.refused,
			Before: set.Rest(source, h.snapshot.Items), Now: set.Rest(source, d.snapshot.Items),
		})
	}
	slices.SortFunc(all, func(a, b Doubtful) int { return a.Since.Compare(b.Since) })
	return all, nil
}

// saveDecided keeps what an editor decided is to be told at a place.
func (k *flights) saveDecided(p SnapshotID, s *Snapshot) {
	k.saveSnapshot(&flight{snapshot: s}, p, nil)
	k.options.tellChanged(p)
}

// accepted is what Accept did at a source, and when; acceptance is one place of
// it: as it was, and what was believed.
type (
	accepted struct {
		at     time.Time
		places map[SnapshotID]acceptance
		err    words.Text
		cause  error
	}
	acceptance struct {
		was  *cached // nil where nothing was told
		wait *backOff
		now  *Snapshot
	}
)

// Of how many sources is remembered what was accepted, and for how long.
const (
	maxAccepted  = 64
	acceptedKept = 15 * time.Minute
)

// rememberAccepted keeps what was accepted; c.mu is held.
func (c *Cache) rememberAccepted(name string, a accepted) {
	for other, b := range c.accepted {
		if a.at.Sub(b.at) > acceptedKept || len(c.accepted) >= maxAccepted {
			delete(c.accepted, other)
		}
	}
	c.accepted[name] = a
}

// Doubt takes an Accept back: what was held back of a source is again, and
// what was told before is told. It returns false where that is too long ago, or
// the source has brought something else since.
func (c *Cache) Doubt(publisher, source string) bool {
	name := publisher + "/" + source
	c.flights.mu.Lock()
	a, ok := c.accepted[name]
	for p, of := range a.places {
		h, held := c.memory.cached.GetIfPresent(p)
		ok = ok && held && reflect.DeepEqual(h.snapshot.Items, of.now.Items)
	}
	if !ok || c.clock().Sub(a.at) > acceptedKept {
		c.flights.mu.Unlock()
		return false
	}
	delete(c.accepted, name)
	for p, of := range a.places {
		if of.was == nil {
			c.memory.cached.Invalidate(p)
		} else {
			c.memory.cached.Set(p, of.was)
		}
		if of.wait != nil {
			c.flights.backOffs[p] = of.wait
		}
	}
	if h := c.flights.health[name]; h != nil {
		h.Error, h.Err = a.err, a.cause
	}
	c.flights.mu.Unlock()
	for p, of := range a.places {
		before := &Snapshot{} // which snapshotAt takes for none
		if of.was != nil {
			before = of.was.snapshot
		}
		c.flights.saveDecided(p, before)
	}
	return true
}

// doubtAbout says why s is hard to believe beside last, or nothing. There is doubt only
// where there is something to serve instead; what a source insists on is
// believed in the end.
func doubtAbout(s Snapshot, last *Snapshot, now time.Time) words.Text {
	if last == nil || s.Unchanged || len(last.Items) == 0 {
		return words.Text{}
	}
	switch {
	case len(s.Items) == 0:
		return words.Text{Key: "doubt.empty"}
	case len(last.Items) >= manyItems && len(s.Items)*100 <= len(last.Items)*shrunkTo:
		return words.Text{Key: "doubt.shrunk"}
	case s.AsOf.After(now.Add(futureSlop)):
		return words.Text{Key: "doubt.future"}
	case priceLeapt(s, *last):
		return words.Text{Key: "doubt.leapt"}
	}
	return words.Text{}
}

// Bounds of the change of a price, in percent and as a multiple of the price itself.
const (
	allLost     = -100
	mostPercent = 10_000
	mostChange  = 100
)

// Odd says why what is told of prices is hard to believe by itself, or nothing: one
// that is 0 and was not before, and a change that none can have.
func Odd(items []what.Item) words.Text {
	for _, it := range items {
		number := func(fact string) *big.Rat {
			n, _ := new(big.Rat).SetString(it.Facts.Text(fact))
			return n
		}
		price, change, percent, before := number("price"), number("change"), number("change_percent"), number("previous")
		if price == nil {
			continue
		}
		if it.Facts.Text("change_unit") == "%" {
			change, percent = nil, cmp.Or(percent, change)
		}
		moved := change != nil && change.Sign() != 0 || percent != nil && percent.Sign() != 0
		if price.Sign() == 0 && (moved || before != nil && before.Sign() != 0) {
			return words.Text{Key: "doubt.nothing"}
		}
		far := percent != nil && (percent.Cmp(big.NewRat(allLost, 1)) <= 0 || percent.Cmp(big.NewRat(mostPercent, 1)) > 0)
		if change != nil && price.Sign() != 0 {
			most := new(big.Rat).Abs(price)
			far = far || new(big.Rat).Abs(change).Cmp(most.Mul(most, big.NewRat(mostChange, 1))) > 0
		}
		if far && price.Sign() > 0 {
			return words.Text{Key: "doubt.change"}
		}
	}
	return words.Text{}
}

// hasSamePrices reports whether what is held tells the same prices, whatever the time at
// which they were asked for.
func (s *Snapshot) hasSamePrices(items []what.Item) bool {
	return s != nil && slices.EqualFunc(s.Items, items, func(a, b what.Item) bool {
		return a.ID == b.ID && !slices.ContainsFunc([]string{"price", "change", "change_percent", "change_unit", "previous"}, func(fact string) bool {
			return a.Facts.Text(fact) != b.Facts.Text(fact)
		})
	})
}

// priceLeapt reports whether the price of a single quoted item moved by more than
// half of what it was.
func priceLeapt(s, last Snapshot) bool {
	if len(s.Items) != 1 || len(last.Items) != 1 {
		return false
	}
	now, ok1 := new(big.Rat).SetString(s.Items[0].Facts.Text("price"))
	was, ok2 := new(big.Rat).SetString(last.Items[0].Facts.Text("price"))
	if !ok1 || !ok2 || was.Sign() == 0 {
		return false
	}
	moved := now.Sub(now, was)
	moved.Abs(moved).Quo(moved, was.Abs(was))
	return moved.Cmp(big.NewRat(1, 2)) > 0
}

// shortText returns a snapshot in a few words: its price where it has one.
func (s *Snapshot) shortText() words.Text {
	if len(s.Items) == 1 && s.Items[0].Facts.Text("price") != "" {
		return words.Verbatim(s.Items[0].Facts.Text("price"))
	}
	return words.Text{Key: "fetch.gist_items", Args: words.Args{"n": len(s.Items)}}
}

func clockTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
