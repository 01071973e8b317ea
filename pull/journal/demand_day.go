package journal

import "maps"

// maxDayKeywords is how many keywords of a day are told apart.
const maxDayKeywords = 8000

// Asked is how often a keyword was asked in a day: answered, refused, offered, and how often
// it helped where none was meant.
type Asked [4]int

// DayDemand is what a publisher's readers asked in a day, without their words.
type DayDemand struct {
	Outcomes map[Outcome]int `json:"outcomes,omitempty"`
	// Greetings are those of the ordered that asked for nothing.
	Greetings int `json:"greetings,omitempty"`
	// Withheld are misses and offers whose text was long or private; Bare those
	// of readers who have not agreed that anything is kept.
	Withheld int              `json:"withheld,omitempty"`
	Bare     int              `json:"bare,omitempty"`
	Keywords map[string]Asked `json:"keywords,omitempty"`
	// Other are the keywords beyond the most that are told apart.
	Other Asked `json:"other,omitzero"`
}

// Add counts an ask.
func (d *DayDemand) Add(t *Trace, withheld, bare bool) {
	if t.Outcome == Told {
		return
	}
	if d.Outcomes == nil {
		d.Outcomes = map[Outcome]int{}
	}
	if d.Keywords == nil {
		d.Keywords = map[string]Asked{}
	}
	counted := t.Counted()
	d.Outcomes[counted]++
	if t.Outcome == Ordered && t.What.Command == Greeting {
		d.Greetings++
	}
	for w := range t.Ran() {
		switch {
		case counted == Helped:
			for _, id := range t.helpers() {
				d.count(id, Asked{3: 1})
			}
		case w.Outcome == Answered:
			d.count(w.Keyword, Asked{0: 1})
		case w.Outcome == Refused:
			d.count(w.Keyword, Asked{1: 1})
		case w.Outcome == Offered:
			d.offered(t, w)
		}
	}
	if counted == Missed || counted == Offered || counted == Helped {
		switch {
		case bare:
			d.Bare++
		case withheld:
			d.Withheld++
		}
	}
}

// AddDay adds what was asked in another day.
func (d *DayDemand) AddDay(of DayDemand) {
	if d.Outcomes == nil {
		d.Outcomes = map[Outcome]int{}
	}
	for outcome, n := range of.Outcomes {
		d.Outcomes[outcome] += n
	}
	d.Greetings += of.Greetings
	d.Withheld += of.Withheld
	d.Bare += of.Bare
	if d.Keywords == nil {
		d.Keywords = maps.Clone(of.Keywords)
	} else {
		for id, n := range of.Keywords {
			d.Keywords[id] = d.Keywords[id].plusAsked(n)
		}
	}
	d.Other = d.Other.plusAsked(of.Other)
}

// offered counts the keywords that were offered, or the one of several wishes of
// which it was asked what was meant.
func (d *DayDemand) offered(t *Trace, w *Wish) {
	if len(t.Wishes) > 0 {
		d.count(w.Keyword, Asked{2: 1})
		return
	}
	for _, id := range t.What.Offered {
		d.count(id, Asked{2: 1})
	}
}

func (d *DayDemand) count(keyword string, n Asked) {
	if keyword == "" {
		return
	}
	was, there := d.Keywords[keyword]
	if !there && len(d.Keywords) >= maxDayKeywords {
		d.Other = d.Other.plusAsked(n)
		return
	}
	d.Keywords[keyword] = was.plusAsked(n)
}

func (a Asked) plusAsked(b Asked) Asked {
	for i := range a {
		a[i] += b[i]
	}
	return a
}

// Total is how often it was asked in all.
func (a Asked) Total() int { return a[0] + a[1] + a[2] + a[3] }
