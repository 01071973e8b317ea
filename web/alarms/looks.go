package alarms

import (
	"context"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/alarm"
	"keypull/pull/catalogue"
)

// How long after the last time a source is looked at anew while an alarm is set: every
// quarter of an hour, and sooner of one that somebody is to be told of. How many are looked
// at at a time, and for how long each.
const (
	lookAnew    = 14 * time.Minute
	lookAgain   = 10 * time.Second
	lookTrouble = time.Minute
	looksAtOnce = 4
	lookFor     = 30 * time.Second
)

// looks are when sources were last looked at for alarms, by publisher and id.
type looks struct {
	at      map[[2]string]time.Time
	running int
	// since is when it began to be looked: what nobody has met is due a while later.
	since time.Time
}

// lookAtSources looks anew at sources of which nobody knows how they are doing by now.
func (s *Alarms) lookAtSources(ctx context.Context, pub *catalogue.Setup, running *sync.WaitGroup) {
	if s.Look == nil || !s.anyTold(pub.ID) {
		return
	}
	health := s.Health.HealthOf(pub.ID)
	for i := range pub.Sources {
		id := pub.Sources[i].ID
		if !pub.Broken[catalogue.ResourceSource][id].IsZero() || !s.isDue(pub, id, health[id]) {
			continue
		}
		if !s.beginLook(pub.ID, id) {
			return // the others are due at the next look
		}
		running.Go(func() {
			defer s.endLook()
			var err error
			defer pull.Caught("look at a source", &err)
			within, cancel := context.WithTimeout(ctx, lookFor)
			defer cancel()
			_ = s.Look(within, pub.ID, id) // how it is doing is noted with the source
		})
	}
}

// isDue reports whether a source is to be looked at.
func (s *Alarms) isDue(pub *catalogue.Setup, id string, h pull.Health) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, looked := s.Clock(), s.looks.at[[2]string{pub.ID, id}]
	met := looked
	for _, at := range []time.Time{h.Good, h.Bad, s.looks.since} {
		if at.After(met) {
			met = at
		}
	}
	troubled, told := false, false
	for _, a := range s.byPublisher[pub.ID] {
		troubled = troubled || a.Due("source", id)
		told = told || slices.ContainsFunc(knownOf(a, id), (*alarm.Known).Fails)
	}
	switch {
	case troubled && !told:
		return now.Sub(met) >= lookAgain
	case troubled:
		return now.Sub(looked) >= lookTrouble
	}
	return now.Sub(met) >= lookAnew && len(pub.KeywordsOf(id, 1)) > 0
}

// knownOf returns what an address knows of a source.
func knownOf(a *alarm.Address, id string) (all []*alarm.Known) {
	for _, k := range a.Known {
		if k.Resource == "source" && k.ID == id {
			all = append(all, k)
		}
	}
	return all
}

// beginLook notes that a source is looked at; false where there is no room.
func (s *Alarms) beginLook(publisher, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.looks.running >= looksAtOnce {
		return false
	}
	s.looks.running++
	s.looks.at[[2]string{publisher, id}] = s.Clock()
	return true
}

func (s *Alarms) endLook() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looks.running--
}
