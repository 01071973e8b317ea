package pipeline

import (
	"fmt"
	"slices"

	"keypull/pull"
)

// nameEntry gives an entry the one name that it has however often it is put.
func nameEntry(e *pull.Entry, nth int) {
	e.ID, e.InBand = 0, false
	e.Incoming.ID = fmt.Sprintf("%s:%d:%d", e.Kind, e.Cause, nth)
}

// acceptOrders makes durable what an ask orders for a time, and names it in the document that
// is written next: nobody takes it up before that, until done is called.
func (s *settler) acceptOrders(o *pull.Resolved) (done func(), err error) {
	if len(o.Orders) == 0 {
		return func() {}, nil
	}
	for nth := range o.Orders {
		nameEntry(&o.Orders[nth], nth)
	}
	s.readers.naming.RLock()
	accepted, err := s.inbox.Accept(s.life.working, o.Orders)
	if err != nil {
		s.readers.naming.RUnlock()
		return nil, fmt.Errorf("accept: %w", err)
	}
	for i := range accepted {
		o.Orders[i].ID = accepted[i].Seq
	}
	o.Reader.Laters = slices.Clone(o.Reader.Laters)
	for i := range o.Reader.Laters {
		if l := &o.Reader.Laters[i]; l.Entry == 0 && len(accepted) > 0 {
			l.Entry, accepted = accepted[0].Seq, accepted[1:]
		}
	}
	return s.readers.naming.RUnlock, nil
}
