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

// newDemand keeps what readers asked in the house's store.
func (h *house) newDemand() *store.Demand {
	return store.NewDemand(store.DemandOptions{
		Backend: h.store, Sealer: h.ring, Name: h.ring.Pseudonym, Zone: h.zoneOf, Clock: h.clock, Random: rand.Reader, Logger: h.logger,
	})
}

// zoneOf is the zone of a publisher's days; nil where it is not there.
func (h *house) zoneOf(publisher string) *time.Location {
	if e := h.room.Edition(publisher); e != nil {
		return e.Zone
	}
	return nil
}

// countingLedger settles asks so that demand can be folded from their records.
func (s *Server) countingLedger() pipeline.Ledger {
	return s.nouns.demand.Counting(s.ledger, s.anonymous)
}

// anonymous reports whether nothing of an ask may be kept but that it was made.
func (s *Server) anonymous(of pipeline.Settlement) bool {
	e := s.room.Edition(of.Ask.Publisher)
	return e == nil || e.Channels[of.Ask.Channel].Consent != "" && !of.Reader.Consent.Given
}

// foldDemand folds asks into demand until the server ends.
func (s *Server) foldDemand() {
	every := time.NewTicker(demandEvery)
	defer every.Stop()
	for {
		if err := s.nouns.demand.Fold(s.ctx); err != nil && s.ctx.Err() == nil {
			s.logger.Warn("what readers asked could not be counted; trying again", "error", err)
		}
		select {
		case <-every.C:
		case <-s.ctx.Done():
			return
		}
	}
}
