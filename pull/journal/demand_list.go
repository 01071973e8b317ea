package journal

import (
	"cmp"
	"slices"
	"time"
	"unicode/utf8"
)

// Demand is what a publisher's readers asked in some days, met and unmet.
type Demand struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	// Of asks, Wanted are those that wanted content: answered, refused, offered
	// for, helped (no keyword was meant, and a source was found to hold it) and missed.
	Asks      int `json:"asks"`
	Wanted    int `json:"wanted"`
	Answered  int `json:"answered"`
	Refused   int `json:"refused"`
	Offered   int `json:"offered"`
	Helped    int `json:"helped"`
	Missed    int `json:"missed"`
	Commands  int `json:"commands"`
	Greetings int `json:"greetings"`
	Silent    int `json:"silent"`
	// Withheld are misses and offers whose words are not kept, since they were
	// long or private; Bare those of readers who have not agreed to it.
	Withheld int `json:"withheld"`
	Bare     int `json:"without_consent"`
	// Unmet, Proposals and Keywords are ordered by how often they were asked.
	Unmet []Unmet `json:"unmet"`
	// Own is what the publisher itself tried in vain; it is in no count.
	Own       []Unmet    `json:"-"`
	Proposals []Proposal `json:"proposals"`
	// Helps are texts that meant no keyword, and the keywords that had what they were about.
	Helps    []Proposal      `json:"helps"`
	Keywords []KeywordDemand `json:"keywords"`
}

// Unmet is what readers wrote that no keyword answered.
type Unmet struct {
	// Text is empty where fewer than KnownReaders wrote it.
	Text    string `json:"text"`
	Asks    int    `json:"asks"`
	Missed  int    `json:"missed"`
	Offered int    `json:"offered"`
	// Readers is how many distinct ones there were at least; 0 if they are
	// fewer than KnownReaders.
	Readers int `json:"readers"`
	// Waiting is how many readers wait for an answer to it; 0 if they are fewer than
	// KnownReaders.
	Waiting int       `json:"waiting,omitempty"`
	Last    time.Time `json:"last"`
	// Near are keywords that came near, the nearest first.
	Near []string `json:"near,omitempty"`
	// Language is that in which most of them read.
	Language string `json:"language,omitempty"`
	// Own marks what the publisher itself tried, whoever wrote it beside.
	Own bool `json:"own,omitempty"`
	// Daily is how often it was asked on each day, the last one last; of texts alone that
	// are shown.
	Daily []int `json:"daily,omitempty"`
	// NoPhrase says that it can be no phrase of a keyword: a command of the service, a
	// number, or signs.
	NoPhrase bool `json:"no_phrase,omitempty"`
}

// Proposal is an alias that readers' own choice speaks for.
type Proposal struct {
	Text    string `json:"text"`
	Keyword string `json:"keyword"`
	// Argument is what they asked the keyword for, beside its own query.
	Argument string `json:"argument,omitempty"`
	Times    int    `json:"times"`
	// Readers is as in Unmet.
	Readers  int       `json:"readers"`
	Last     time.Time `json:"last"`
	Language string    `json:"language,omitempty"`
}

// KeywordDemand is how often a keyword was asked.
type KeywordDemand struct {
	ID       string `json:"id"`
	Asked    int    `json:"asked"`
	Answered int    `json:"answered"`
	Refused  int    `json:"refused"`
	Offered  int    `json:"offered"`
	// Helped is how often it had what an ask was about that meant no keyword.
	Helped int `json:"helped"`
}

// Listing says what a Demand is made for.
type Listing struct {
	From, Until time.Time
	// Met says of a text that it has become a phrase meanwhile; nil: none has.
	Met func(text string) bool
	// Now tells what id a keyword has today; nil: the one that it was counted by.
	Now func(keyword string) string
}

// now returns the id that a keyword has today.
func (l Listing) now(keyword string) string {
	if l.Now == nil {
		return keyword
	}
	return l.Now(keyword)
}

// nearby are keywords by the ids that they have today, each once.
func (l Listing) nearby(near []string) []string {
	var all []string
	for _, id := range near {
		if id = l.now(id); !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// proposed are proposals by the ids that keywords have today.
func (l Listing) proposed(all []Proposal) []Proposal {
	var out []Proposal
	for _, p := range all {
		p.Keyword = l.now(p.Keyword)
		i := slices.IndexFunc(out, func(o Proposal) bool { return o.Keyword == p.Keyword && o.Argument == p.Argument })
		if i < 0 {
			out = append(out, p)
			continue
		}
		o := &out[i]
		if o.Times, o.Readers = o.Times+p.Times, max(o.Readers, p.Readers); p.Last.After(o.Last) {
			o.Last = p.Last
		}
	}
	return out
}

// ByTodaysIDs returns counts by the ids that keywords have today; now is as in Listing.
func ByTodaysIDs(counted map[string]Asked, now func(keyword string) string) map[string]Asked {
	if now == nil {
		return counted
	}
	keywords := make(map[string]Asked, len(counted))
	for id, n := range counted {
		id = now(id)
		keywords[id] = keywords[id].plusAsked(n)
	}
	return keywords
}

// SetDays tells what was counted of all days together, the most keywords asked most first; now is as in Listing.
func (d *Demand) SetDays(sum DayDemand, now func(keyword string) string, most int) {
	d.addDay(sum)
	keywords := ByTodaysIDs(sum.Keywords, now)
	d.Keywords = make([]KeywordDemand, 0, len(keywords))
	for id, n := range keywords {
		d.Keywords = append(d.Keywords, KeywordDemand{ID: id, Asked: n.Total(), Answered: n[0], Refused: n[1], Offered: n[2], Helped: n[3]})
	}
	SortFirst(d.Keywords, most, func(a, b KeywordDemand) int {
		if a.Asked != b.Asked {
			return b.Asked - a.Asked
		}
		return cmp.Compare(a.ID, b.ID)
	})
}

// ListTexts makes a Demand of texts. Those that are one typing error apart count as the more frequent one.
func (l Listing) ListTexts(clusters []Cluster) Demand {
	d := Demand{From: l.From, Until: l.Until, Proposals: []Proposal{}, Helps: []Proposal{}, Keywords: []KeywordDemand{}}
	from := DemandDay(l.From)
	heads := merged(l.openClusters(clusters), from)
	d.Unmet = make([]Unmet, 0, len(heads))
	for _, c := range heads {
		if u := c.unmetSince(from); u.Asks > 0 {
			if u.Text != "" {
				u.Daily = c.daily(from, DemandDay(l.Until))
			}
			u.Near = l.nearby(u.Near)
			d.Unmet = append(d.Unmet, u)
		}
		d.Proposals = append(d.Proposals, l.proposed(c.proposals(c.Taken, from))...)
		d.Helps = append(d.Helps, l.proposed(c.proposals(c.Helped, from))...)
	}
	slices.SortFunc(d.Unmet, func(a, b Unmet) int {
		return cmp.Or(b.Asks-a.Asks, b.Last.Compare(a.Last), cmp.Compare(a.Text, b.Text), b.Missed-a.Missed)
	})
	for _, list := range [][]Proposal{d.Proposals, d.Helps} {
		slices.SortStableFunc(list, func(a, b Proposal) int {
			return cmp.Or(b.Times-a.Times, cmp.Compare(a.Text, b.Text), cmp.Compare(a.Keyword, b.Keyword), cmp.Compare(a.Argument, b.Argument))
		})
	}
	return d
}

func (d *Demand) addDay(day DayDemand) {
	var c Counts
	for outcome, n := range day.Outcomes {
		c.countOutcome(outcome, n)
	}
	d.Asks += c.Asks
	d.Wanted += c.Wanted
	d.Answered += c.Answered
	d.Refused += c.Refused
	d.Offered += c.Offered
	d.Helped += c.Helped
	d.Missed += c.Missed
	d.Silent += c.Silent
	d.Greetings += day.Greetings
	d.Commands += c.Ordered - day.Greetings
	d.Withheld += day.Withheld
	d.Bare += day.Bare
}

// openClusters returns the clusters that no keyword answers yet.
func (l Listing) openClusters(clusters []Cluster) []Cluster {
	if l.Met == nil {
		return clusters
	}
	return slices.DeleteFunc(clusters, func(c Cluster) bool {
		return slices.ContainsFunc(c.Wordings, func(w Named) bool { return l.Met(w.Name) })
	})
}

// weighed is a cluster with how often it was asked.
type weighed struct {
	*Cluster
	weight int
}

// merged joins clusters that are one typing error apart under the one that was
// asked more often. What is shown is the words of that one, and shown only if
// enough readers wrote just these.
func merged(clusters []Cluster, from int) []*Cluster {
	weight := func(c *Cluster) int { return c.Total(from) + c.takes(from) }
	weights := make([]weighed, len(clusters))
	for i := range clusters {
		weights[i] = weighed{&clusters[i], weight(&clusters[i])}
	}
	slices.SortFunc(weights, func(a, b weighed) int {
		return cmp.Or(b.weight-a.weight, cmp.Compare(a.mainWording(), b.mainWording()))
	})
	heads := headIndex{heads: make([]*Cluster, 0, len(clusters)), last: make(map[uint64]int, 2*len(clusters)), before: make([]int, 0, 2*len(clusters))}
	for _, c := range weights {
		c.SetKey()
		if head := heads.nearest(c.key); head != nil {
			head.join(c.Cluster)
			continue
		}
		heads.addHead(c.Cluster)
	}
	return heads.heads
}

// headIndex finds clusters by the halves of their letters. No typing error lies in both halves, since one letter
// in the middle is in neither, so that a text which is one away has the first or the second.
type headIndex struct {
	heads []*Cluster
	// last has the last half of each hash, counted from 1, before the one of the same hash before each; every head
	// has two of them.
	last   map[uint64]int
	before []int
}

func (x *headIndex) addHead(c *Cluster) {
	for _, hash := range hashHalves(c.key, len(c.key)) {
		x.before = append(x.before, x.last[hash])
		x.last[hash] = len(x.before)
	}
	x.heads = append(x.heads, c)
}

// nearest finds the first head that is one typing error away; nil where none is.
func (x *headIndex) nearest(letters []rune) *Cluster {
	best := len(x.heads)
	if len(letters) < minEditLetters {
		return nil
	}
	for n := len(letters) - 1; n <= len(letters)+1; n++ {
		for _, hash := range hashHalves(letters, n) {
			for half := x.last[hash]; half > 0; half = x.before[half-1] {
				if at := (half - 1) / 2; at < best && oneEdit(letters, x.heads[at].key) {
					best = at
				}
			}
		}
	}
	if best == len(x.heads) {
		return nil
	}
	return x.heads[best]
}

// hashHalves hashes the halves that a text of a length has where it begins, and ends, like letters.
func hashHalves(letters []rune, length int) [2]uint64 {
	first := min(length/2, len(letters))
	second := min(max(length-length/2-1, 0), len(letters))
	return [2]uint64{hashLetters(letters[:first], 2*length), hashLetters(letters[len(letters)-second:], 2*length+1)}
}

// hashLetters is FNV-1a of letters and what they are.
func hashLetters(letters []rune, of int) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	hash := (uint64(offset) ^ uint64(of)) * prime //nolint:gosec // not below 0
	for _, r := range letters {
		hash = (hash ^ uint64(r)) * prime //nolint:gosec // a letter
	}
	return hash
}

// SetKey looks up by what the cluster's words are known, which takes longer than all else that a listing
// does with it.
func (c *Cluster) SetKey() {
	if c.key == nil {
		c.key = []rune(coreKey(c.mainWording()))
	}
}

// join adds another cluster's counts, and leaves what others share with it as it is; words and readers stay its own, since
// readers of two texts may be the same.
func (c *Cluster) join(other *Cluster) {
	c.Days, c.Near = slices.Clone(c.Days), slices.Clone(c.Near)
	for _, d := range other.Days {
		c.Days = addDayCount(c.Days, d[0], d[1], d[2])
	}
	if other.Last.After(c.Last) {
		c.Last = other.Last
	}
	for _, n := range other.Near {
		i := slices.IndexFunc(c.Near, func(m Named) bool { return m.Name == n.Name })
		if i < 0 {
			c.Near = append(c.Near, n)
		} else {
			c.Near[i].N += n.N
		}
	}
	slices.SortStableFunc(c.Near, func(a, b Named) int { return b.N - a.N })
	c.Taken, c.Helped = joinTaken(c.Taken, other.Taken), joinTaken(c.Helped, other.Helped)
}

func (c *Cluster) takes(from int) (n int) {
	for _, t := range slices.Concat(c.Taken, c.Helped) {
		n += sumOf(t.Days, from)
	}
	return n
}

// mainWording returns its most frequent wording, known or not.
func (c *Cluster) mainWording() string { return firstName(c.Wordings) }

func firstName(list []Named) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].Name
}

func (c *Cluster) unmetSince(from int) Unmet {
	u := Unmet{Last: c.Last}
	for _, d := range c.Days {
		if d[0] >= from {
			u.Missed += d[1]
			u.Offered += d[2]
		}
	}
	u.Asks = u.Missed + u.Offered
	for _, n := range c.Near {
		u.Near = append(u.Near, n.Name)
	}
	if c.Known() {
		u.Text, u.Readers, u.Language = c.mainWording(), c.Readers.Count(), firstName(c.Languages)
	}
	return u
}

// daily returns how often it was asked on each day from one on until another.
func (c *Cluster) daily(from, until int) []int {
	all := make([]int, max(until-from+1, 1))
	for _, d := range c.Days {
		if at := d[0] - from; at >= 0 && at < len(all) {
			all[at] += d[1] + d[2]
		}
	}
	return all
}

// proposals returns the keywords that were taken, of texts alone that may be shown.
func (c *Cluster) proposals(taken []Taken, from int) []Proposal {
	if !c.Known() || !utf8.ValidString(c.mainWording()) || c.mainWording() == "" {
		return nil
	}
	var all []Proposal
	for _, t := range taken {
		p := Proposal{Text: c.mainWording(), Keyword: t.Keyword, Argument: t.Argument, Times: sumOf(t.Days, from), Last: t.Last, Language: firstName(c.Languages)}
		if n := t.Readers.Count(); n >= KnownReaders {
			p.Readers = n
		}
		if p.Times > 0 {
			all = append(all, p)
		}
	}
	return all
}
