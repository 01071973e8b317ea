package withdrawal

import (
	"reflect"
	"slices"
	"time"
)

// decidedAt returns when a rule was last made to hold, or ended.
func (r *Rule) decidedAt() time.Time {
	if r.Acted.IsZero() {
		return r.At
	}
	return r.Acted
}

// End returns what is kept of a rule that holds no more, so that nothing older brings
// it back.
func (r *Rule) End(at time.Time) Rule {
	return Rule{ID: r.ID, At: r.At, Until: r.Until, Acted: r.next(at), Ended: true}
}

// next returns a moment behind the one at which a rule was decided, whatever became of
// the clock.
func (r *Rule) next(at time.Time) time.Time {
	if last := r.decidedAt(); !at.After(last) {
		return last.Add(1)
	}
	return at
}

// Put has a rule hold among others at a moment, in place of one of its id.
func Put(rules []Rule, r Rule, at time.Time) []Rule {
	for _, o := range rules {
		if o.ID == r.ID && !r.decidedAt().After(o.decidedAt()) {
			r.Acted = o.next(at)
		}
	}
	return append(slices.DeleteFunc(rules, func(o Rule) bool { return o.ID == r.ID }), r)
}

// Join returns what two accounts of one publisher's rules say together, ordered by
// when it was decided: of each rule what was decided last. Where both say that it
// holds since then, of items under ids that their sources had at different times,
// both are right.
func Join(a, b []Rule) []Rule {
	last := map[string]time.Time{}
	all := slices.Concat(a, b)
	for i := range all {
		if r := &all[i]; r.decidedAt().After(last[r.ID]) {
			last[r.ID] = r.decidedAt()
		}
	}
	place := map[[2]string]int{}
	var joined []Rule
	for _, r := range all {
		if r.decidedAt().Before(last[r.ID]) {
			continue
		}
		named := [2]string{r.ID, r.Source}
		if r.Ended {
			named[1] = ""
		}
		at, known := place[named]
		if !known {
			place[named] = len(joined)
			joined = append(joined, r)
			continue
		}
		joined[at] = both(joined[at], r)
	}
	slices.SortStableFunc(joined, func(a, b Rule) int { return a.decidedAt().Compare(b.decidedAt()) })
	return joined
}

// both returns one rule of two accounts.
func both(a, b Rule) Rule {
	if a.Ended {
		return a
	}
	if b.Ended {
		return b
	}
	a.Found = slices.Clone(a.Found)
	for _, f := range b.Found {
		same := func(o Found) bool { return o.Source == f.Source && o.ID == f.ID }
		if len(a.Found) < MaxFound && !slices.ContainsFunc(a.Found, same) {
			a.Found = append(a.Found, f)
		}
	}
	return a
}

// Bound leaves at most so many rules, without those that are over: first those
// give way that have been ended, the oldest first.
func Bound(rules []Rule, most int, at time.Time) []Rule {
	rules = slices.DeleteFunc(rules, func(r Rule) bool { return r.Over(at) })
	surplus := len(rules) - most
	for _, ended := range []bool{true, false} {
		rules = slices.DeleteFunc(rules, func(r Rule) bool {
			goes := surplus > 0 && r.Ended == ended
			if goes {
				surplus--
			}
			return goes
		})
	}
	return rules
}

// Lacking returns those of some rules that an account does not have as they are.
func Lacking(account, rules []Rule) (lacking []Rule) {
	had := map[[2]string]*Rule{}
	for i := range account {
		had[[2]string{account[i].ID, account[i].Source}] = &account[i]
	}
	for _, r := range rules {
		if o := had[[2]string{r.ID, r.Source}]; o == nil || !o.same(r) {
			lacking = append(lacking, r)
		}
	}
	return lacking
}

// same reports whether two say the same, whatever place their times are told of.
func (r *Rule) same(o Rule) bool {
	if !r.At.Equal(o.At) || !r.Until.Equal(o.Until) || !r.Acted.Equal(o.Acted) || !slices.Equal(r.Found, o.Found) {
		return false
	}
	o.At, o.Until, o.Acted, o.Found = r.At, r.Until, r.Acted, r.Found
	return reflect.DeepEqual(*r, o)
}
