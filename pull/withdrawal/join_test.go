package withdrawal_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull/withdrawal"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// told are rules by id and source, those that have ended with a minus.
func told(rules []withdrawal.Rule) string {
	var all []string
	for _, r := range rules {
		name := r.ID + r.Source
		if r.Ended {
			name = "-" + name
		}
		for _, f := range r.Found {
			name += "+" + f.ID
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

func TestTwoAccountsAreJoined(t *testing.T) {
	rule := func(id string, minute int, found ...withdrawal.Found) withdrawal.Rule {
		return withdrawal.Rule{ID: id, At: noon.Add(time.Duration(minute) * time.Minute), Found: found}
	}
	of := func(source string, r withdrawal.Rule) withdrawal.Rule { r.Source = source; return r }
	ended := func(r withdrawal.Rule, minute int) withdrawal.Rule {
		return r.End(noon.Add(time.Duration(minute) * time.Minute))
	}
	again := func(r withdrawal.Rule, minute int) withdrawal.Rule {
		return withdrawal.Put([]withdrawal.Rule{ended(r, minute)}, r, noon)[0]
	}
	a, b := rule("a", 0), rule("b", 1)
	for name, c := range map[string]struct {
		one, other []withdrawal.Rule
		want       string
	}{
		"neither has any":                  {nil, nil, ""},
		"one has none":                     {[]withdrawal.Rule{b, a}, nil, "a b"},
		"each has one":                     {[]withdrawal.Rule{b}, []withdrawal.Rule{a}, "a b"},
		"ended since":                      {[]withdrawal.Rule{ended(a, 5)}, []withdrawal.Rule{a, b}, "b -a"},
		"ended before its time":            {[]withdrawal.Rule{ended(a, -5)}, []withdrawal.Rule{a}, "-a"},
		"made to hold again":               {[]withdrawal.Rule{again(a, 5)}, []withdrawal.Rule{ended(a, 5)}, "a"},
		"found in two":                     {[]withdrawal.Rule{rule("a", 0, withdrawal.Found{ID: "x"})}, []withdrawal.Rule{rule("a", 0, withdrawal.Found{ID: "y"})}, "a+x+y"},
		"of a source with another id":      {[]withdrawal.Rule{of("s", a)}, []withdrawal.Rule{of("t", a)}, "as at"},
		"of a source, ended":               {[]withdrawal.Rule{of("s", a), of("t", a)}, []withdrawal.Rule{ended(a, 1)}, "-a"},
		"one without a time, as once kept": {[]withdrawal.Rule{{ID: "a"}}, []withdrawal.Rule{b}, "a b"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(withdrawal.Join(c.one, c.other)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if other := withdrawal.Join(c.other, c.one); len(other) != len(withdrawal.Join(c.one, c.other)) {
				t.Errorf("the other way round %q", told(other))
			}
			joined := withdrawal.Join(c.one, c.other)
			if lacking := withdrawal.Lacking(joined, joined); len(lacking) > 0 {
				t.Errorf("it lacks %q of itself", told(lacking))
			}
		})
	}
}

func TestWhatHasEndedGivesWayFirst(t *testing.T) {
	var rules []withdrawal.Rule
	for _, id := range []string{"a", "b", "c", "d"} {
		rules = append(rules, withdrawal.Rule{ID: id, At: noon})
	}
	rules[1], rules[2] = rules[1].End(noon), rules[2].End(noon)
	for most, want := range map[int]string{4: "a -b -c d", 3: "a -c d", 2: "a d", 1: "d"} {
		if got := told(withdrawal.Bound(append([]withdrawal.Rule(nil), rules...), most, noon)); got != want {
			t.Errorf("of %d: %q, want %q", most, got, want)
		}
	}
}
