package pull

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"keypull/pull/what"
	"keypull/pull/withdrawal"
)

// EverySource stands in the place of a source's id where something is kept for
// all of a publisher's.
const EverySource = "_"

// WithdrawnPlace returns where it is kept what is withdrawn of a publisher, under
// EverySource; under the id of a source lie ids that an earlier keypull kept.
func WithdrawnPlace(publisher, source string) SnapshotID {
	return SnapshotID{Publisher: publisher, Source: source, Key: "\x00withdrawn"}
}

// MaxWithdrawn is how many rules of one publisher are kept; the oldest give way.
const MaxWithdrawn = 10_000

// Withdrawn keeps the rules of publishers once more, beside the Snapshots: where
// those are put back as they were before, it still has what was decided since.
type Withdrawn interface {
	// Rules are those of a publisher as they were last kept; none where it has
	// none.
	Rules(publisher string) ([]withdrawal.Rule, error)
	// Keep has rules stand in place of those of their ids. It is durable when it
	// returns.
	Keep(publisher string, rules []withdrawal.Rule) error
}

// publisherRules are the withdrawals of one publisher, as far as they have been read.
type publisherRules struct {
	rules []withdrawal.Rule
	set   *withdrawal.Set
	// read are the sources whose own places have been.
	read map[string]bool
}

// withdrawals are what is withdrawn of publishers, where it has been read.
type withdrawals struct {
	options *CacheOptions
	clock   func() time.Time
	memory  *memory

	mu sync.Mutex
	of map[string]*publisherRules
	// writing lets one change of it be made at a time.
	writing sync.Mutex
}

// rulesFor returns the rules that hold for a source now. They are read once; while they
// cannot be read, nothing of the source is told.
func (ws *withdrawals) rulesFor(ctx context.Context, publisher, source string) (*withdrawal.Set, error) {
	if source == "" {
		source = EverySource // what was tried belongs to none yet
	}
	if set, known := ws.knownRules(publisher, source); known {
		return set, nil
	}
	ws.writing.Lock()
	defer ws.writing.Unlock()
	if err := ws.readRules(ctx, publisher, source); err != nil {
		return nil, err
	}
	set, _ := ws.knownRules(publisher, source)
	return set, nil
}

// knownRules returns the rules if they have been read, without those that have ended.
func (ws *withdrawals) knownRules(publisher, source string) (*withdrawal.Set, bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	s := ws.of[publisher]
	if s == nil || !s.read[source] {
		return nil, false
	}
	if s.set == nil {
		return nil, true // as it nearly always is: it costs no look at the clock
	}
	if now := ws.clock(); s.set.Over(now) {
		s.set = withdrawal.New(s.rules, now)
	}
	return s.set, true
}

// readRules reads what is kept of a source; ws.writing is held.
func (ws *withdrawals) readRules(ctx context.Context, publisher, source string) error {
	ws.mu.Lock()
	s := ws.publisherRulesOf(publisher)
	rules, all, own := s.rules, s.read[EverySource], s.read[source]
	ws.mu.Unlock()
	if !all {
		if err := ws.readPlace(ctx, WithdrawnPlace(publisher, EverySource), &rules); err != nil {
			return err
		}
		var err error
		if rules, err = ws.joinCopies(ctx, publisher, rules); err != nil {
			return err
		}
	}
	if !own && source != EverySource {
		var ids []string
		if err := ws.readPlace(ctx, WithdrawnPlace(publisher, source), &ids); err != nil {
			return err
		}
		for _, id := range ids {
			r := withdrawal.Rule{Source: source, Item: id}
			r.ID = ruleID(r)
			if !slices.ContainsFunc(rules, func(o withdrawal.Rule) bool { return o.ID == r.ID }) {
				rules = append(rules, r)
			}
		}
	}
	ws.setRules(publisher, rules, EverySource, source)
	return nil
}

// joinCopies returns what the Snapshots say of a publisher, and what is kept beside
// them; each is told what it lacks.
func (ws *withdrawals) joinCopies(ctx context.Context, publisher string, kept []withdrawal.Rule) ([]withdrawal.Rule, error) {
	if ws.options.Beside == nil {
		return kept, nil
	}
	beside, err := ws.options.Beside.Rules(publisher)
	if err != nil {
		return nil, fmt.Errorf("read what was withdrawn: %w", err)
	}
	rules := withdrawal.Bound(withdrawal.Join(beside, kept), MaxWithdrawn, ws.clock())
	if err := ws.saveCopy(publisher, beside, rules); err != nil || len(withdrawal.Lacking(kept, rules)) == 0 {
		return rules, err
	}
	return rules, ws.saveRules(ctx, publisher, rules)
}

// saveRules writes the rules of a publisher to the Snapshots.
func (ws *withdrawals) saveRules(ctx context.Context, publisher string, rules []withdrawal.Rule) error {
	if ws.memory.snapshots == nil {
		return nil
	}
	extra, err := json.Marshal(rules)
	if err != nil {
		return fmt.Errorf("write what is withdrawn: %w", err)
	}
	if err := ws.memory.snapshots.Keep(ctx, WithdrawnPlace(publisher, EverySource), Snapshot{Extra: extra, Fetched: ws.clock()}); err != nil {
		return fmt.Errorf("keep what is withdrawn: %w", err)
	}
	return nil
}

// saveCopy writes those rules beside the Snapshots that are not there yet.
func (ws *withdrawals) saveCopy(publisher string, beside, rules []withdrawal.Rule) error {
	lacking := withdrawal.Lacking(beside, rules)
	if ws.options.Beside == nil || len(lacking) == 0 {
		return nil
	}
	if err := ws.options.Beside.Keep(publisher, lacking); err != nil {
		return fmt.Errorf("keep what is withdrawn: %w", err)
	}
	return nil
}

// readPlace reads what lies at a place, where something does.
func (ws *withdrawals) readPlace(ctx context.Context, p SnapshotID, into any) error {
	if ws.memory.snapshots == nil {
		return nil
	}
	s, ok, err := ws.memory.snapshots.Snapshot(ctx, p)
	if err == nil && ok {
		err = json.Unmarshal(s.Extra, into)
	}
	if err != nil {
		return fmt.Errorf("read what was withdrawn: %w", err)
	}
	return nil
}

// publisherRulesOf returns what is known of a publisher's rules; ws.mu is held.
func (ws *withdrawals) publisherRulesOf(publisher string) *publisherRules {
	if ws.of[publisher] == nil {
		ws.of[publisher] = &publisherRules{read: map[string]bool{}}
	}
	return ws.of[publisher]
}

// setRules has rules hold from now on.
func (ws *withdrawals) setRules(publisher string, rules []withdrawal.Rule, read ...string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	s := ws.publisherRulesOf(publisher)
	s.rules, s.set = rules, withdrawal.New(rules, ws.clock())
	for _, source := range read {
		s.read[source] = true
	}
}

// ruleID names a rule by what it says.
func ruleID(r withdrawal.Rule) string {
	const bytes = 8
	r.ID, r.Found = "", nil
	b, _ := json.Marshal(r) // it is made of texts and times
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:bytes])
}

// Withdraw has a rule hold for a publisher, and remembers in it which items it is
// about. Once it returns, the rule is kept, no answer is begun that tells what it
// withdraws, and none that was begun before is settled or leaves: see Recalled.
func (c *Cache) Withdraw(ctx context.Context, publisher string, r withdrawal.Rule) (withdrawal.Rule, error) {
	if r.At.IsZero() {
		r.At = c.clock()
	}
	if r.ID == "" {
		r.ID = ruleID(r)
	}
	r = c.MeetItems(publisher, r)
	err := c.withdrawals.changeRules(ctx, publisher, func(rules []withdrawal.Rule) []withdrawal.Rule {
		return withdrawal.Bound(withdrawal.Put(rules, r, c.clock()), MaxWithdrawn, c.clock())
	})
	return r, err
}

// MeetItems returns a rule that remembers which items it is about, and changes nothing.
func (c *Cache) MeetItems(publisher string, r withdrawal.Rule) withdrawal.Rule {
	// The second time also those are found that another source tells by the same
	// link.
	for range 2 {
		for p, s := range c.memory.snapshotsOf(publisher) {
			r.Meet(p.Source, s.Items)
		}
	}
	return r
}

// Restore ends a rule, and returns it, or false if there is none of that id.
func (c *Cache) Restore(ctx context.Context, publisher, id string) (was withdrawal.Rule, found bool, err error) {
	err = c.withdrawals.changeRules(ctx, publisher, func(rules []withdrawal.Rule) []withdrawal.Rule {
		for i, o := range rules {
			if o.ID == id && !o.Ended && !o.Over(c.clock()) {
				was, found, rules[i] = o, true, o.End(c.clock())
			}
		}
		return rules
	})
	return was, found, err
}

// Withdrawals lists the rules of a publisher that hold, the latest last.
func (c *Cache) Withdrawals(ctx context.Context, publisher string) ([]withdrawal.Rule, error) {
	set, err := c.withdrawals.rulesFor(ctx, publisher, EverySource)
	return set.Rules(), err
}

// changeRules changes the rules of a publisher, and tells of what is told otherwise
// by them.
func (ws *withdrawals) changeRules(ctx context.Context, publisher string, change func([]withdrawal.Rule) []withdrawal.Rule) error {
	if err := ws.changeRulesOnDisk(ctx, publisher, change); err != nil || ws.options.Changed == nil {
		return err
	}
	// Whoever is told may ask what is withdrawn.
	for p := range ws.memory.snapshotsOf(publisher) {
		ws.options.Changed(p)
	}
	return nil
}

// changeRulesOnDisk changes the rules of a publisher, on disk first.
func (ws *withdrawals) changeRulesOnDisk(ctx context.Context, publisher string, change func([]withdrawal.Rule) []withdrawal.Rule) error {
	ws.writing.Lock()
	defer ws.writing.Unlock()
	if err := ws.readRules(ctx, publisher, EverySource); err != nil {
		return err
	}
	ws.mu.Lock()
	former := ws.of[publisher].rules
	ws.mu.Unlock()
	rules := change(slices.Clone(former))
	if err := ws.saveCopy(publisher, former, rules); err != nil {
		return err
	}
	if err := ws.saveRules(ctx, publisher, rules); err != nil {
		return err
	}
	ws.setRules(publisher, rules, EverySource)
	return nil
}

// Select has a source pick what answers a query, without what is withdrawn: also
// of a source that picks from an index of its own.
func (c *Cache) Select(ctx context.Context, publisher, source string, from Source, s Snapshot, q Query) (Selection, error) {
	set, err := c.withdrawals.rulesFor(ctx, publisher, source)
	if err != nil {
		return Selection{}, err
	}
	if q.Item != "" {
		return selectItem(s, q, set, source), nil
	}
	if set != nil {
		q.Gone = func(it *what.Item) bool { return set.Gone(source, it) }
	}
	found, err := from.Select(ctx, s, q)
	if err != nil || set == nil {
		return found, err //nolint:wrapcheck // the source's own
	}
	found.Choices = withoutTerms(set, source, found.Choices)
	if q.Offset == 0 && len(set.Rest(source, found.Items)) == len(found.Items) {
		return found, nil
	}
	return selectRest(ctx, set, source, from, s, q)
}

// selectItem picks the one item of a snapshot that a query names by its mark.
func selectItem(s Snapshot, q Query, set *withdrawal.Set, source string) (found Selection) {
	for i := range s.Items {
		if it := &s.Items[i]; q.Offset == 0 && withdrawal.Mark(it.ID) == q.Item && !set.Gone(source, it) {
			found.Items = append(found.Items, *it)
			break
		}
	}
	return found
}

// maxPassedOver bounds how many withdrawn items a selection passes over.
const maxPassedOver = 1024

// selectRest counts the items of a selection as if those that are withdrawn were
// not there.
func selectRest(ctx context.Context, set *withdrawal.Set, source string, from Source, s Snapshot, q Query) (Selection, error) {
	wanted := q.Offset + max(q.Count, 1)
	for over := 8; ; over *= 4 {
		all := q
		all.Offset, all.Count = 0, wanted+over
		found, err := from.Select(ctx, s, all)
		if err != nil {
			return found, err //nolint:wrapcheck // the source's own
		}
		rest := set.Rest(source, found.Items)
		if len(rest) > wanted || !found.More || over >= maxPassedOver {
			found.More = found.More || len(rest) > wanted
			found.Items = rest[min(q.Offset, len(rest)):min(wanted, len(rest))]
			found.Choices = withoutTerms(set, source, found.Choices)
			return found, nil
		}
	}
}

// withoutTerms leaves out of a list of names those of withdrawn items.
func withoutTerms(set *withdrawal.Set, source string, terms []what.Term) []what.Term {
	gone := func(t what.Term) bool {
		return set.Gone(source, &what.Item{ID: t.Value, Link: cmp.Or(t.Link, t.Value)}) || len(t.Names) > 0 && set.Names(source, t.Names[0])
	}
	if set == nil || !slices.ContainsFunc(terms, gone) {
		return terms
	}
	return slices.DeleteFunc(slices.Clone(terms), gone)
}

// Terms leaves out of what a source is known to answer the names of what is
// withdrawn.
func (c *Cache) Terms(ctx context.Context, publisher, source string, terms []what.Term) []what.Term {
	if len(terms) == 0 {
		return terms
	}
	set, err := c.withdrawals.rulesFor(ctx, publisher, source)
	if err != nil {
		return nil
	}
	return withoutTerms(set, source, terms)
}
