package journal

import (
	"slices"
	"time"

	"keypull/pull/what/textform"
)

// What demand keeps of readers' words.
const (
	// KnownReaders is by how many distinct readers a text must have been written
	// before anybody is shown it: below that it may be somebody's secret.
	KnownReaders = 5
	// DemandDays is how long a text is kept that nobody writes any more, and how
	// far back counts go.
	DemandDays = 90

	maxWordings  = 3
	maxLanguages = 4
	maxNear      = 8
	maxTaken     = 5
)

// DemandDay numbers the days of the zone that at is told in, from 1970 on.
func DemandDay(at time.Time) int {
	_, offset := at.Zone()
	return int((at.Unix() + int64(offset)) / (24 * 60 * 60))
}

// Tell is one thing that an ask tells of a text: that it was missed or offered
// for, or, where Keyword is set, that its reader took this keyword instead.
type Tell struct {
	Text    string
	Outcome Outcome
	// Near are keywords that came near.
	Near     []string
	Language string
	Keyword  string
	// Argument is what the keyword was asked for, beside its own query.
	Argument string
	At       time.Time
}

// Tells returns what a trace tells of texts, masked, and whether it has one of
// which only the count may be kept, since it is long or all of it is private.
func Tells(t *Trace) (tells []Tell, withheld bool) {
	if asked := t.askedText(); asked != "" {
		text, ok := Masked(asked)
		if ok {
			tells = append(tells, Tell{Text: text, Outcome: t.missedAs(), Near: t.nearKeywords(), Language: t.Who.Language, At: t.At})
		}
		withheld = !ok
	}
	taken := t.Outcome == Answered || t.Outcome == Refused
	if taken && t.What.Accepted != "" && t.What.Keyword != "" {
		if text, ok := Masked(textform.Normal(t.What.Accepted)); ok {
			tells = append(tells, Tell{Text: text, Keyword: t.What.Keyword, Argument: t.What.AcceptedArgument, Language: t.Who.Language, At: t.At})
		}
	}
	return tells, withheld
}

// missedAs returns as what an ask counts in demand: one that was refused has missed what it asked a keyword for.
func (t *Trace) missedAs() Outcome {
	if counted := t.Counted(); counted != Refused {
		return counted
	}
	return Missed
}

// nearKeywords returns the keywords that came near what was asked, or whose items helped an ask that meant none.
func (t *Trace) nearKeywords() []string {
	switch t.Counted() {
	case Refused:
		return nil
	case Helped:
		return t.helpers()
	default:
		return slices.Concat(t.What.Offered, t.What.Runners)
	}
}

// helpers returns the keywords whose items helped an ask that meant none.
func (t *Trace) helpers() []string {
	if t.Outcome == Offered {
		return t.What.Offered
	}
	return []string{t.What.Keyword}
}

// askedText returns what was asked in vain, "" where nothing was. Normal form takes the signs out of an address,
// so that one that Unknown shows is looked for there.
func (t *Trace) askedText() string {
	switch w := t.What; t.Counted() {
	case Missed, Offered, Helped:
		if w.Core == "" || isAddressed(w.Unknown) {
			return w.Unknown
		}
		return w.Core
	case Refused:
		return w.Core
	default:
		return ""
	}
}

// Cluster is what is kept of texts that are the same words.
type Cluster struct {
	// Wordings are how it was written, the most frequent first.
	Wordings []Named `json:"wordings,omitempty"`
	// Days are how often it was missed and offered for: day, missed, offered;
	// the oldest first.
	Days      [][3]int  `json:"days,omitempty"`
	Last      time.Time `json:"last"`
	Near      []Named   `json:"near,omitempty"`
	Languages []Named   `json:"languages,omitempty"`
	Readers   Readers   `json:"readers,omitzero"`
	// Taken are the keywords that readers took instead, Helped those whose items helped.
	Taken  []Taken `json:"taken,omitempty"`
	Helped []Taken `json:"helped,omitempty"`

	key []rune // see SetKey
}

// Named is how often something was named.
type Named struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

// Taken is a keyword that readers took after they had written the text.
type Taken struct {
	Keyword string `json:"keyword"`
	// Argument is what it was asked for, beside its own query; Sealed is how it is kept
	// while few readers took it.
	Argument string    `json:"argument,omitempty"`
	Sealed   []byte    `json:"sealed,omitempty"`
	Days     [][3]int  `json:"days,omitempty"`
	Last     time.Time `json:"last"`
	Readers  Readers   `json:"readers,omitzero"`
}

// Known says that enough readers wrote it to be shown.
func (c *Cluster) Known() bool { return c.Readers.Count() >= KnownReaders }

// Tell adds what an ask tells; reader is the hash of who asked, in a period.
func (c *Cluster) Tell(t Tell, period int, reader uint64) {
	day := DemandDay(t.At)
	if t.At.After(c.Last) {
		c.Last = t.At
	}
	c.Wordings = named(c.Wordings, t.Text, maxWordings)
	c.Readers.Add(period, reader, mostReaders)
	if t.Language != "" {
		c.Languages = named(c.Languages, t.Language, maxLanguages)
	}
	switch {
	case t.Keyword != "":
		c.Taken = addTaken(c.Taken, t, t.Keyword, period, reader)
	case t.Outcome == Helped:
		for _, id := range t.Near {
			c.Helped = addTaken(c.Helped, t, id, period, reader)
		}
		return
	case t.Outcome == Offered:
		c.Days = addDayCount(c.Days, day, 0, 1)
	default:
		c.Days = addDayCount(c.Days, day, 1, 0)
	}
	for _, id := range t.Near {
		c.Near = named(c.Near, id, maxNear)
	}
}

// addTaken counts that a reader took a keyword, or was helped by it, in place of the rarest
// where there are too many.
func addTaken(all []Taken, t Tell, keyword string, period int, reader uint64) []Taken {
	i := slices.IndexFunc(all, func(o Taken) bool { return o.Keyword == keyword && o.Argument == t.Argument })
	if i < 0 {
		if len(all) == maxTaken {
			slices.SortStableFunc(all, func(a, b Taken) int { return sumOf(b.Days, 0) - sumOf(a.Days, 0) })
			all = all[:maxTaken-1]
		}
		i = len(all)
		all = append(all, Taken{Keyword: keyword, Argument: t.Argument})
	}
	all[i].Sealed = nil
	all[i].Days = addDayCount(all[i].Days, DemandDay(t.At), 1, 0)
	all[i].Readers.Add(period, reader, mostTakers)
	if t.At.After(all[i].Last) {
		all[i].Last = t.At
	}
	return all
}

// joinTaken adds up two lists in a new one.
func joinTaken(all, others []Taken) []Taken {
	all = slices.Clone(all)
	for _, t := range others {
		i := slices.IndexFunc(all, func(o Taken) bool { return o.Keyword == t.Keyword && o.Argument == t.Argument })
		if i < 0 {
			all = append(all, t)
			continue
		}
		all[i].Days = slices.Clone(all[i].Days)
		for _, d := range t.Days {
			all[i].Days = addDayCount(all[i].Days, d[0], d[1], d[2])
		}
	}
	return all
}

// pruneTaken forgets what was counted before a day, and ends the periods of readers before
// period.
func pruneTaken(all []Taken, from, period int) []Taken {
	kept := all[:0]
	for _, t := range all {
		t.Days = countsSince(t.Days, from)
		t.Readers.End(period)
		if len(t.Days) > 0 {
			kept = append(kept, t)
		}
	}
	return kept
}

// Total returns how often it was asked from a day on.
func (c *Cluster) Total(from int) int { return sumOf(c.Days, from) }

// Prune forgets what was counted before a day and ends the periods of readers
// before period; it returns false where nothing is left to keep.
func (c *Cluster) Prune(from, period int) bool {
	c.Days = countsSince(c.Days, from)
	c.Readers.End(period)
	c.Taken, c.Helped = pruneTaken(c.Taken, from, period), pruneTaken(c.Helped, from, period)
	return len(c.Days)+len(c.Taken)+len(c.Helped) > 0
}

// Forget takes a reader's hash out; counts stay, since they tell nobody whose
// they are.
func (c *Cluster) Forget(period int, reader uint64) bool {
	gone := c.Readers.Forget(period, reader)
	for _, list := range [][]Taken{c.Taken, c.Helped} {
		for i := range list {
			gone = list[i].Readers.Forget(period, reader) || gone
		}
	}
	return gone
}

// named counts a name, in place of the rarest where there are too many, and
// keeps the most frequent first.
func named(list []Named, name string, most int) []Named {
	i := slices.IndexFunc(list, func(n Named) bool { return n.Name == name })
	switch {
	case i >= 0:
		list[i].N++
	case len(list) < most:
		list = append(list, Named{name, 1})
	default:
		// The newcomer inherits the count, so that one that comes often stays.
		list[most-1] = Named{name, list[most-1].N + 1}
	}
	slices.SortStableFunc(list, func(a, b Named) int { return b.N - a.N })
	return list
}

// addDayCount adds to the counts of a day.
func addDayCount(days [][3]int, day, a, b int) [][3]int {
	i, found := slices.BinarySearchFunc(days, day, func(d [3]int, day int) int { return d[0] - day })
	if !found {
		days = slices.Insert(days, i, [3]int{day, 0, 0})
	}
	days[i][1] += a
	days[i][2] += b
	return days
}

func countsSince(days [][3]int, from int) [][3]int {
	return slices.DeleteFunc(days, func(d [3]int) bool { return d[0] < from })
}

func sumOf(days [][3]int, from int) (n int) {
	for _, d := range days {
		if d[0] >= from {
			n += d[1] + d[2]
		}
	}
	return n
}
