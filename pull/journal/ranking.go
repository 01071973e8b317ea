package journal

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// quarter is a quarter of an hour, counted from 1970 on: every zone's days
// begin with one.
type quarter int64

const quarterSeconds = 15 * 60

func quarterOf(t time.Time) quarter { return quarter(t.Unix() / quarterSeconds) }

func (q quarter) startTime() time.Time { return time.Unix(int64(q)*quarterSeconds, 0) }

// point is how often something came in one quarter, and when last.
type point struct {
	quarter quarter
	count   uint32
	last    int64 // in nanoseconds
}

// series are the points of one thing, in order; quarters without any are left
// out.
type series []point

func (s *series) addPoint(p point) {
	list := *s
	// What happens now belongs to the last point; only what is read from a log
	// may be older.
	i := len(list) - 1
	if i < 0 || list[i].quarter != p.quarter {
		at, found := slices.BinarySearchFunc(list, p.quarter, func(p point, q quarter) int { return cmp.Compare(p.quarter, q) })
		if !found {
			*s = slices.Insert(list, at, p)
			return
		}
		i = at
	}
	list[i].count += p.count
	list[i].last = max(list[i].last, p.last)
}

// sum adds up the points from one quarter on until before another.
func (s series) sum(from, until quarter) (count int, last int64) {
	for _, p := range s {
		if p.quarter >= from && p.quarter < until {
			count += int(p.count)
			last = max(last, p.last)
		}
	}
	return count, last
}

// cutBefore forgets what is before a quarter, and reports whether nothing is left.
func (s *series) cutBefore(oldest quarter) bool {
	i := 0
	for i < len(*s) && (*s)[i].quarter < oldest {
		i++
	}
	if i > 0 {
		*s = slices.Delete(*s, 0, i)
	}
	return len(*s) == 0
}

// ranking counts by name. It holds at most limit names: before one more is
// taken in, the rarest tenth of them become "other".
type ranking struct {
	limit int
	names map[string]*series
	other series
}

func (r *ranking) addName(name string, q quarter, at time.Time) {
	s := r.names[name]
	if s == nil {
		if len(r.names) >= r.limit {
			r.makeRoom()
		}
		if r.names == nil {
			r.names = map[string]*series{}
		}
		s = &series{}
		// The name may be cut out of a whole message.
		r.names[strings.Clone(name)] = s
	}
	s.addPoint(point{quarter: q, count: 1, last: at.UnixNano()})
}

func (r *ranking) makeRoom() {
	all := r.counts(oldestQuarter, newestQuarter, nil)
	for _, c := range all[len(all)-max(len(all)/10, 1):] {
		for _, p := range *r.names[c.Name] {
			r.other.addPoint(p)
		}
		delete(r.names, c.Name)
	}
}

// Quarters before and behind all others.
const (
	oldestQuarter quarter = -1 << 62
	newestQuarter quarter = 1 << 62
)

func (r *ranking) cutBefore(oldest quarter) {
	maps.DeleteFunc(r.names, func(_ string, s *series) bool { return s.cutBefore(oldest) })
	r.other.cutBefore(oldest)
}

// SortFirst sorts the first places of a list; behind them stands the rest in no order. The 31 first of 10,000 take
// 0.03 ms, and 0.8 where all are sorted (BenchmarkSortFirst).
func SortFirst[E any](all []E, places int, compare func(a, b E) int) {
	const muchLess = 8
	if places <= 0 || places > len(all)/muchLess {
		slices.SortFunc(all, compare)
		return
	}
	first := all[:places]
	slices.SortFunc(first, compare)
	for i := places; i < len(all); i++ {
		if e := all[i]; compare(e, first[places-1]) < 0 {
			at, _ := slices.BinarySearchFunc(first, e, compare)
			all[i] = first[places-1]
			copy(first[at+1:], first[at:])
			first[at] = e
		}
	}
}

// counts lists the names that came in a time, the most frequent first, of
// equal ones the latest. Those that are one today count as that; now may be nil.
func (r *ranking) counts(from, until quarter, now func(name string) string) []Count {
	all, places := []Count{}, map[string]int{}
	for name, s := range r.names {
		count, last := s.sum(from, until)
		if count == 0 {
			continue
		}
		if now != nil {
			name = now(name)
		}
		at, twice := places[name]
		if !twice {
			at, places[name] = len(all), len(all)
			all = append(all, Count{Name: name, Last: time.Unix(0, last)})
		}
		c := &all[at]
		if c.Asks += count; last > c.Last.UnixNano() {
			c.Last = time.Unix(0, last)
		}
	}
	slices.SortFunc(all, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Asks, a.Asks), b.Last.Compare(a.Last), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// topNames returns the n most frequent of a time and how much the rest adds up to.
func (r *ranking) topNames(n int, from, until quarter, now func(name string) string) Ranked {
	all := r.counts(from, until, now)
	other, _ := r.other.sum(from, until)
	for _, c := range all[min(n, len(all)):] {
		other += c.Asks
	}
	return Ranked{Top: slices.Clip(all[:min(n, len(all))]), Other: other}
}
