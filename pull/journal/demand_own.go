package journal

import (
	"maps"
	"slices"
	"time"
)

// Bounds of what a publisher's own tries leave.
const (
	mostOwn      = 200
	mostOwnBytes = 64 << 10
)

// Own are the texts that a publisher itself tried in vain, by their key. They are
// its own words: shown at once, kept apart from those of readers, and no part of
// any count.
type Own map[string]*Cluster

// Try adds what a try at that moment tells, and says whether it was anything. The
// oldest texts give way to more than 200, or than 64 KiB.
func (o Own) Try(t Trace, at time.Time) bool {
	t.At = at
	tells, _ := Tells(&t)
	tried := false
	for _, tell := range tells {
		if tell.Keyword != "" || tell.Outcome == Helped {
			continue
		}
		k := DemandKey(tell.Text)
		if o[k] == nil {
			o[k] = &Cluster{}
		}
		o[k].Tell(tell, 0, 0)
		// There is nobody to be told apart.
		o[k].Readers = Readers{}
		tried = true
	}
	o.thin()
	return tried
}

func (o Own) thin() {
	size := 0
	for _, c := range o {
		size += c.bytes()
	}
	oldest := slices.SortedFunc(maps.Keys(o), func(a, b string) int { return o[a].Last.Compare(o[b].Last) })
	for _, k := range oldest {
		if len(o) <= mostOwn && size <= mostOwnBytes {
			return
		}
		size -= o[k].bytes()
		delete(o, k)
	}
}

// bytes is about how long a cluster is when it is written.
func (c *Cluster) bytes() int {
	const field = 32
	n := field * (4 + len(c.Days))
	for _, list := range [][]Named{c.Wordings, c.Near, c.Languages} {
		for _, named := range list {
			n += field + len(named.Name)
		}
	}
	return n
}

// Prune forgets what was tried before a day, and says whether that was anything.
func (o Own) Prune(from int) bool {
	before := len(o)
	maps.DeleteFunc(o, func(_ string, c *Cluster) bool { return !c.Prune(from, 0) })
	return len(o) < before
}

// ListOwn tells what was tried and no keyword answers yet, the latest first.
func (l Listing) ListOwn(own Own) []Unmet {
	from := DemandDay(l.From)
	all := []Unmet{}
	var clusters []Cluster
	for _, c := range own {
		clusters = append(clusters, *c)
	}
	for _, c := range l.openClusters(clusters) {
		u := c.unmetSince(from)
		u.Text, u.Language, u.Own = c.mainWording(), firstName(c.Languages), true
		if u.Asks > 0 {
			all = append(all, u)
		}
	}
	slices.SortFunc(all, func(a, b Unmet) int { return b.Last.Compare(a.Last) })
	return all
}
