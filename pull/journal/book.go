package journal

import (
	"slices"
	"strings"
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
	maxBlamed   = 50
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

	keywords, channels, wrong, up, down ranking
	// blamed are the latest asks whose answers were called wrong, the oldest first.
	blamed []Blamed
}

// piece is a quarter of an hour.
type piece struct {
	quarter quarter
	counts  Counts
	took    Histogram
	age     Histogram
}

func newBook() *book {
	return &book{
		keywords: ranking{limit: maxKeywords}, channels: ranking{limit: maxChannels}, wrong: ranking{limit: maxKeywords},
		up: ranking{limit: maxKeywords}, down: ranking{limit: maxKeywords},
	}
}

// addTrace counts a trace; it returns false where it is too old to be kept.
func (b *book) addTrace(t *Trace, now quarter) bool {
	b.rollTo(now)
	// A clock that was set back leaves asks of a time to come.
	q := min(quarterOf(t.At), b.now)
	if q < b.oldest() {
		return false
	}
	b.newest = max(b.newest, q)
	b.addThumb(t, q)
	if t.Outcome == Told {
		return true // nothing was asked
	}
	p := b.piece(q)
	p.counts.addTrace(t)
	p.took.addMillis(t.Took.Total)
	if t.Channel != "" {
		b.channels.addName(t.Channel, q, t.At)
	}
	if t.Wrong != "" {
		b.wrong.addName(t.Wrong, q, t.At)
		b.blame(t)
	}
	for w := range t.Ran() {
		if age, ok := servedAge(t.At, w); ok {
			p.age.addMillis(age)
		}
		asked, _ := t.askedKeywords(w)
		for _, id := range asked {
			b.keywords.addName(id, q, t.At)
		}
	}
	return true
}

// blame keeps which ask was answered wrong, as far as the trace tells.
func (b *book) blame(t *Trace) {
	if t.Cause == 0 {
		return
	}
	if len(b.blamed) == maxBlamed {
		b.blamed = slices.Delete(b.blamed, 0, 1)
	}
	b.blamed = append(b.blamed, Blamed{Keyword: strings.Clone(t.Wrong), Ask: t.Cause, At: t.At})
}

// blamedIn returns those of a time, the latest first.
func (b *book) blamedIn(from, until quarter, now func(keyword string) string) []Blamed {
	all := []Blamed{}
	for _, w := range slices.Backward(b.blamed) {
		if q := min(quarterOf(w.At), b.now); q < from || q >= until {
			continue
		}
		if now != nil {
			w.Keyword = now(w.Keyword)
		}
		all = append(all, w)
	}
	return all
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

// rollTo forgets what is too old by now, and what is to come: the clock was set
// back, and what it showed meanwhile must not stand in the way of today.
func (b *book) rollTo(now quarter) {
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
	for _, r := range []*ranking{&b.keywords, &b.channels, &b.wrong, &b.up, &b.down} {
		r.cutBefore(b.oldest())
	}
}

// isEmpty says whether nothing would be left by now.
func (b *book) isEmpty(now quarter) bool { return b.newest <= now-keptQuarters }

// sumDay sums up what is from one quarter until before another.
func (b *book) sumDay(from, until quarter, in *time.Location, now func(keyword string) string) Day {
	d := Day{From: from.startTime().In(in), Until: until.startTime().In(in), Hours: []Hour{}}
	var took, age Histogram
	for q := from; q < until; q++ {
		if (q-from)%4 == 0 {
			d.Hours = append(d.Hours, Hour{Start: q.startTime().In(in)})
		}
		p := *b.at(q)
		if p == nil || p.quarter != q {
			continue
		}
		d.mergeCounts(p.counts)
		d.Hours[len(d.Hours)-1].mergeCounts(p.counts)
		took.mergeHistogram(&p.took)
		age.mergeHistogram(&p.age)
	}
	d.Took, d.Age = took.Spread(), age.Spread()
	d.Keywords = b.keywords.topNames(topKeywords, from, until, now)
	d.Channels = b.channels.topNames(maxChannels, from, until, nil)
	d.Wrong = b.wrong.topNames(topKeywords, from, until, now)
	d.Blamed = b.blamedIn(from, until, now)
	d.Thumbs = topThumbs(b.up.counts(from, until, now), b.down.counts(from, until, now))
	d.Misses = Ranked{Top: []Count{}}
	return d
}
