package journal

// maxDayKeywords is how many keywords of a day are told apart.
const maxDayKeywords = 8000

// Asked is how often a keyword was asked in a day: answered, refused, offered.
type Asked [3]int

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
		d.Outcomes, d.Keywords = map[Outcome]int{}, map[string]Asked{}
	}
	if d.Keywords == nil {
		d.Keywords = map[string]Asked{}
	}
	d.Outcomes[t.Outcome]++
	if t.Outcome == Ordered && t.What.Command == Greeting {
		d.Greetings++
	}
	for w := range t.Ran() {
		switch w.Outcome {
		case Answered:
			d.count(w.Keyword, Asked{1, 0, 0})
		case Refused:
			d.count(w.Keyword, Asked{0, 1, 0})
		case Offered:
			d.offered(t, w)
		}
	}
	if t.Outcome == Missed || t.Outcome == Offered {
		switch {
		case bare:
			d.Bare++
		case withheld:
			d.Withheld++
		}
	}
}

// offered counts the keywords that were offered, or the one of several wishes of
// which it was asked what was meant.
func (d *DayDemand) offered(t *Trace, w *Wish) {
	if len(t.Wishes) > 0 {
		d.count(w.Keyword, Asked{0, 0, 1})
		return
	}
	for _, id := range t.What.Offered {
		d.count(id, Asked{0, 0, 1})
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

func (a Asked) plusAsked(b Asked) Asked { return Asked{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

func (a Asked) totalAsked() int { return a[0] + a[1] + a[2] }
