package alarms

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/alarm"
	"keypull/pull/catalogue"
	"keypull/web/console"
)

// How often it is looked what fails; how many addresses are told something at a time.
const (
	lookEvery  = 15 * time.Second
	toldAtOnce = 8
)

// Run looks what fails until ctx ends, and tells whoever wants to know. put hands what an
// account is told to its queue.
func (s *Alarms) Run(ctx context.Context, put Put) {
	s.mu.Lock()
	s.put, s.looks.since = put, s.Clock()
	s.mu.Unlock()
	var running sync.WaitGroup
	defer running.Wait()
	room := make(chan struct{}, toldAtOnce)
	next := time.NewTicker(s.Every)
	defer next.Stop()
	for {
		s.lookOnce(ctx, &running, room)
		s.looked.Add(1)
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
	}
}

// Looked returns how often it was looked what fails.
func (s *Alarms) Looked() uint64 { return s.looked.Load() }

// lookOnce looks at each publisher that has addresses, and begins to tell them.
func (s *Alarms) lookOnce(ctx context.Context, running *sync.WaitGroup, room chan struct{}) {
	s.mu.Lock()
	err := s.loadAddresses(ctx)
	publishers := slices.Sorted(maps.Keys(s.byPublisher))
	s.mu.Unlock()
	if err != nil {
		s.Logger.Error("who is told what fails can't be read; trying again", "error", err)
		return
	}
	for _, publisher := range publishers {
		if pub := s.Catalogue.Publisher(publisher); pub != nil && ctx.Err() == nil {
			s.judgePublisher(ctx, pub)
			s.lookAtSources(ctx, pub, running)
		}
	}
	s.keepChanged(ctx)
	s.tellAll(ctx, running, room)
}

// judgePublisher has each address of a publisher be told what fails by now.
func (s *Alarms) judgePublisher(ctx context.Context, pub *catalogue.Setup) {
	if !s.anyTold(pub.ID) {
		return
	}
	failures, err := s.Failures.Of(ctx, pub.ID)
	if err != nil {
		if ctx.Err() == nil {
			s.Logger.Error("what fails can't be looked at; trying again", "publisher", pub.ID, "error", err)
		}
		return
	}
	failing := troublesOf(failures)
	now, zone := s.Clock(), console.ZoneOf(pub)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.byPublisher[pub.ID] {
		if a.IsTold() && a.Judge(failing, now, a.Quiet.Covers(now.In(zone))) {
			s.changed[a] = true
		}
	}
}

// anyTold reports whether anybody of a publisher is told what fails.
func (s *Alarms) anyTold(publisher string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.byPublisher[publisher], (*alarm.Address).IsTold)
}

// troublesOf returns what of a list of failures is told: not that alarms don't arrive, which
// is no trouble of readers.
func troublesOf(failures []console.Failure) []alarm.Trouble {
	var all []alarm.Trouble
	for _, f := range failures {
		if f.Resource != resourceAlarm {
			all = append(all, alarm.Trouble{Resource: f.Resource, ID: f.ID, Code: f.Code, Name: f.Name, Since: f.Since})
		}
	}
	return all
}

// keepChanged writes down what has changed. What can't be written is told all the same: it
// may be the store that fails.
func (s *Alarms) keepChanged(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for a := range s.changed {
		if err := s.Addresses.Keep(ctx, *a); err != nil {
			if ctx.Err() == nil {
				s.Logger.Error("what was told can't be written down; it may be told again after a restart", "publisher", a.Publisher, "alarm", a.ID, "error", err)
			}
			continue
		}
		delete(s.changed, a)
	}
}

// tellAll begins to tell each address what waits for it, as many at a time as there is room
// for.
func (s *Alarms) tellAll(ctx context.Context, running *sync.WaitGroup, room chan struct{}) {
	s.mu.Lock()
	var due []*alarm.Address
	for _, publisher := range slices.Sorted(maps.Keys(s.byPublisher)) {
		for _, a := range s.byPublisher[publisher] {
			if a.IsTold() && len(a.Notices) > 0 && !s.busy[a] {
				due = append(due, a)
			}
		}
	}
	s.mu.Unlock()
	for _, a := range due {
		select {
		case room <- struct{}{}:
		default:
			return // they are due at the next look
		}
		s.setBusy(a, true)
		running.Go(func() {
			defer func() { <-room }()
			defer s.setBusy(a, false)
			var err error
			defer pull.Caught("tell what fails", &err)
			s.tellAddress(ctx, a)
		})
	}
}

func (s *Alarms) setBusy(a *alarm.Address, busy bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if busy {
		s.busy[a] = true
		return
	}
	delete(s.busy, a)
}

// tellAddress brings an address what waits for it, one notice after the other, until one does not
// arrive. What leaves is noted before it does, so that nothing is told twice.
func (s *Alarms) tellAddress(ctx context.Context, a *alarm.Address) {
	for ctx.Err() == nil {
		s.mu.Lock()
		now := s.Clock()
		quiet := true
		if pub := s.Catalogue.Publisher(a.Publisher); pub != nil {
			quiet = a.Quiet.Covers(now.In(console.ZoneOf(pub)))
		}
		if quiet || !a.IsTold() {
			s.mu.Unlock()
			return
		}
		n, ok := a.NextNotice(now)
		of := *a
		s.changed[a] = s.changed[a] || ok
		s.mu.Unlock()
		if !ok {
			return
		}
		s.keepChanged(ctx)
		why := s.deliverNotice(ctx, &of, n)
		if ctx.Err() != nil && !why.IsZero() {
			return // it may have arrived
		}
		s.mu.Lock()
		if a.IsTold() {
			a.NoteSent(n.Number, why, s.Clock())
			s.changed[a] = true
		}
		s.mu.Unlock()
		s.keepChanged(context.WithoutCancel(ctx))
		if !why.IsZero() {
			s.Logger.Warn("an alarm did not arrive", "publisher", of.Publisher, "alarm", of.ID, "way", string(of.Way), "error", why.String())
			return
		}
	}
}
