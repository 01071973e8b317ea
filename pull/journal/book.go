package journal

import (
	"sync"
	"time"
)

// What a book keeps. Yesterday must be whole at the end of today, on a day of
// 25 hours too.
const (
	keptQuarters = 49 * 4
	maxKeywords  = 2000
	maxChannels  = 200
	// maxHours bounds a Day: what is kept, and a day to come.
	maxHours = 49 + 25

	// setBack is how many quarters a clock may go back without being taken to
	// have been wrong before.
	setBack = 4

	topKeywords = 10
)

// book holds one publisher's counts.
type book struct {
	mu sync.Mutex
	// version of the last Add; closed says that the book is no longer in use.
	version uint64
	closed  bool
	// now is the latest quarter in which somebody looked.
	now quarter
	// newest is the latest quarter with an ask in it.
	newest quarter
	pieces [keptQuarters]*piece

	keywords, channels ranking
}

// piece is a quarter of an hour.
type piece struct {
	quarter quarter
	counts  Counts
	took    histogram
	age     histogram
}

func newBook() *book {
	return &book{
		keywords: ranking{limit: maxKeywords}, channels: ranking{limit: maxChannels},
	}
}

// add counts a trace; it returns false where it is too old to be kept.
func (b *book) add(t *Trace, now quarter) bool {
	b.roll(now)
	// A clock that was set back leaves asks of a time to come.
	q := min(quarterOf(t.At), b.now)
	if q < b.oldest() {
		return false
	}
	b.newest = max(b.newest, q)
	p := b.piece(q)
	p.counts.add(t)
	p.took.add(t.Took.Total)
	if t.Channel != "" {
		b.channels.add(t.Channel, q, t.At)
	}
	for w := range t.Ran() {
		if age, ok := servedAge(t.At, w); ok {
			p.age.add(age)
		}
		if w.Keyword != "" {
			b.keywords.add(w.Keyword, q, t.At)
		}
	}
	return true
}

// servedAge returns how old an answer was; false where none was given, or nobody
// knows.
func servedAge(at time.Time, w *Wish) (Millis, bool) {
	of := w.When.AsOf
	if of.IsZero() {
		of = w.When.Fetched
	}
	return Since(at.Sub(of)), w.Outcome == Answered && !of.IsZero()
}

func (b *book) oldest() quarter { return b.now - keptQuarters + 1 }

func (b *book) at(q quarter) **piece {
	return &b.pieces[((q%keptQuarters)+keptQuarters)%keptQuarters]
}

func (b *book) piece(q quarter) *piece {
	at := b.at(q)
	if *at == nil || (*at).quarter != q {
		*at = &piece{quarter: q}
	}
	return *at
}

// roll forgets what is too old by now, and what is to come: the clock was set
// back, and what it showed meanwhile must not stand in the way of today.
func (b *book) roll(now quarter) {
	if now < b.now-setBack {
		for i := range b.pieces {
			if p := b.pieces[i]; p != nil && p.quarter > now {
				b.pieces[i] = nil
			}
		}
		b.now, b.newest = now, min(b.newest, now)
		return
	}
	if now <= b.now {
		return
	}
	b.now = now
	for i := range b.pieces {
		if p := b.pieces[i]; p != nil && p.quarter < b.oldest() {
			b.pieces[i] = nil
		}
	}
	for _, r := range []*ranking{&b.keywords, &b.channels} {
		r.cut(b.oldest())
	}
}

// empty says whether nothing would be left by now.
func (b *book) empty(now quarter) bool { return b.newest <= now-keptQuarters }

// day sums up what is from one quarter until before another.
func (b *book) day(from, until quarter, in *time.Location, now func(keyword string) string) Day {
	d := Day{From: from.start().In(in), Until: until.start().In(in), Hours: []Hour{}}
	var took, age histogram
	for q := from; q < until; q++ {
		if (q-from)%4 == 0 {
			d.Hours = append(d.Hours, Hour{Start: q.start().In(in)})
		}
		p := *b.at(q)
		if p == nil || p.quarter != q {
			continue
		}
		d.merge(p.counts)
		d.Hours[len(d.Hours)-1].merge(p.counts)
		took.merge(&p.took)
		age.merge(&p.age)
	}
	d.Took, d.Age = took.spread(), age.spread()
	d.Keywords = b.keywords.top(topKeywords, from, until, now)
	d.Channels = b.channels.top(maxChannels, from, until, nil)
	d.Misses = Ranked{Top: []Count{}}
	return d
}
