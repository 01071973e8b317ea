package journal

import "time"

// Day is what became of a publisher's asks from one moment to another. How
// many readers asked is not known: a trace names none.
type Day struct {
	// From and Until are what was asked for, widened to quarters of an hour and
	// narrowed to what a Tally keeps.
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Counts
	// Took is from arrival to the reply; Age is how old served answers were.
	Took Spread `json:"took"`
	Age  Spread `json:"age"`
	// Hours are the hours from From on; the last one may be cut short. A day
	// has 24 of them, or 23 or 25 where the clocks change.
	Hours []Hour `json:"hours"`
	// Keywords are the ten most asked, Channels all (to 200). Misses are for the
	// caller to fill from demand, which knows what may be shown.
	Keywords Ranked `json:"keywords"`
	Channels Ranked `json:"channels"`
	Misses   Ranked `json:"misses"`
	// Wrong are the ten keywords of which readers said most often that an answer is not
	// right.
	Wrong Ranked `json:"wrong"`
	// Blamed are the asks that were answered so, of the latest 50 that are known, the
	// latest first.
	Blamed []Blamed `json:"blamed"`
	// Thumbs are the ten keywords of which readers said most often what they think of an answer.
	Thumbs []Thumbs `json:"thumbs"`
}

// Blamed is an ask of whose answer the reader said that it is not right.
type Blamed struct {
	Keyword string    `json:"keyword"`
	Ask     uint64    `json:"ask"`
	At      time.Time `json:"at"`
}

// Counts are asks by how they ended.
type Counts struct {
	Asks int `json:"asks"`
	// Wanted are the asks that wanted content: those answered, refused, offered
	// for, helped and missed. A share of answers is one of these.
	Wanted   int `json:"wanted"`
	Answered int `json:"answered"`
	Refused  int `json:"refused"`
	Offered  int `json:"offered"`
	// Helped are those that meant no keyword, and found what a source holds.
	Helped int `json:"helped"`
	Missed int `json:"missed"`
	// Ordered are Commands and Greetings together.
	Ordered   int `json:"ordered"`
	Commands  int `json:"commands"`
	Greetings int `json:"greetings"`
	Silent    int `json:"silent"`
	// First counts the asks that were their reader's first.
	First int `json:"first"`
}

// Hour is one bar of a chart.
type Hour struct {
	Start time.Time `json:"start"`
	Counts
}

// Spread tells how values of milliseconds are spread; each is told to 10 %.
type Spread struct {
	Count int    `json:"count"`
	P50   Millis `json:"p50_ms"`
	P99   Millis `json:"p99_ms"`
}

// Ranked are the most frequent, and how many asks all the others add up to.
type Ranked struct {
	Top   []Count `json:"top"`
	Other int     `json:"other"`
}

// Count is how often something was asked, and when last.
type Count struct {
	Name string    `json:"name"`
	Asks int       `json:"asks"`
	Last time.Time `json:"last"`
}

// Greeting is the command of a message that asked for nothing: hello, thanks,
// laughter.
const Greeting = "greet"

func (c *Counts) addTrace(t *Trace) {
	if t.Who.First {
		c.First++
	}
	c.countOutcome(t.Counted(), 1)
	if t.Outcome == Ordered {
		c.order(t.What.Command == Greeting, 1)
	}
}

// countOutcome adds asks that ended so.
func (c *Counts) countOutcome(o Outcome, n int) {
	c.Asks += n
	switch o {
	case Answered:
		c.Answered += n
	case Refused:
		c.Refused += n
	case Offered:
		c.Offered += n
	case Helped:
		c.Helped += n
	case Missed:
		c.Missed += n
	case Ordered:
		c.Ordered += n
		return
	case Silent:
		c.Silent += n
		return
	}
	c.Wanted += n
}

// order tells commands and greetings apart.
func (c *Counts) order(greeting bool, n int) {
	if greeting {
		c.Greetings += n
		return
	}
	c.Commands += n
}

func (c *Counts) mergeCounts(other Counts) {
	c.Asks += other.Asks
	c.Wanted += other.Wanted
	c.Answered += other.Answered
	c.Refused += other.Refused
	c.Offered += other.Offered
	c.Helped += other.Helped
	c.Missed += other.Missed
	c.Ordered += other.Ordered
	c.Commands += other.Commands
	c.Greetings += other.Greetings
	c.Silent += other.Silent
	c.First += other.First
}

// dayGrid is the grid on which the days of all zones begin.
const dayGrid = 15 * time.Minute

// StartOfDay returns when the day of now began in its zone: its first moment, since
// midnight may not exist, or come twice, where the clocks change.
func StartOfDay(now time.Time) time.Time {
	year, month, day := now.Date()
	t := time.Date(year, month, day, 0, 0, 0, 0, now.Location())
	for t.Day() != day {
		t = t.Add(dayGrid)
	}
	for last := t.Add(-dayGrid); last.Day() == day; last = last.Add(-dayGrid) {
		t = last
	}
	return t
}
