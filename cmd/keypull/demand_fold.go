package main

import (
	"crypto/rand"
	"time"

	"keypull/pull/pipeline"
	"keypull/store"
)

// demandEvery is how often asks are folded into demand where nobody looks at it;
// who looks has it folded at once.
const demandEvery = time.Minute

// newDemand keeps what readers asked in the installation's store.
func (in *installation) newDemand() *store.Demand {
	return store.NewDemand(store.DemandOptions{
		Backend: in.store, Sealer: in.ring, Name: in.ring.Pseudonym, Zone: in.zoneOf, Clock: in.clock, Random: rand.Reader, Logger: in.logger,
	})
}

// zoneOf returns the zone of a publisher's days, or nil if it is not there.
func (in *installation) zoneOf(publisher string) *time.Location {
	if e := in.room.Edition(publisher); e != nil {
		return e.Zone
	}
	return nil
}

// countingLedger settles asks so that demand can be folded from their records.
func (s *Server) countingLedger() pipeline.Ledger {
	return s.resources.demand.Counting(s.ledger, s.anonymous)
}

// anonymous reports whether nothing of an ask may be kept but that it was made.
func (s *Server) anonymous(of pipeline.Settlement) bool {
	e := s.room.Edition(of.Ask.Publisher)
	return e == nil || !e.Keeps(e.Channels[of.Ask.Channel], of.Reader.Consent)
}

// foldDemand folds asks into demand until the server ends.
func (s *Server) foldDemand() {
	every := time.NewTicker(demandEvery)
	defer every.Stop()
	for {
		if err := s.resources.demand.Fold(s.ctx); err != nil && s.ctx.Err() == nil {
			s.logger.Warn("what readers asked could not be counted; trying again", "error", err)
		}
		select {
		case <-every.C:
		case <-s.resources.demand.Ready():
		case <-s.ctx.Done():
			return
		}
	}
}
