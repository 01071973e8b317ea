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
	// Keywords are the ten most asked, Channels all (to 200), Misses the
	// twenty most frequent texts that nothing answers, in small letters.
	Keywords Ranked `json:"keywords"`
	Channels Ranked `json:"channels"`
	Misses   Ranked `json:"misses"`
}

// Counts are asks by how they ended.
type Counts struct {
	Asks     int `json:"asks"`
	Answered int `json:"answered"`
	Refused  int `json:"refused"`
	Offered  int `json:"offered"`
	Missed   int `json:"missed"`
	Ordered  int `json:"ordered"`
	Silent   int `json:"silent"`
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

func (c *Counts) add(t *Trace) {
	c.Asks++
	if t.Who.First {
		c.First++
	}
	switch t.Outcome {
	case Answered:
		c.Answered++
	case Refused:
		c.Refused++
	case Offered:
		c.Offered++
	case Missed:
		c.Missed++
	case Ordered:
		c.Ordered++
	case Silent:
		c.Silent++
	}
}

func (c *Counts) merge(other Counts) {
	c.Asks += other.Asks
	c.Answered += other.Answered
	c.Refused += other.Refused
	c.Offered += other.Offered
	c.Missed += other.Missed
	c.Ordered += other.Ordered
	c.Silent += other.Silent
	c.First += other.First
}
