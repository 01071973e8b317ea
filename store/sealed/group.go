package sealed

// slotChange is what one slot becomes.
type slotChange struct {
	number uint32
	slot   [slotBytes]byte
}

// slotGroup is changes that share one sync.
type slotGroup struct {
	changes []slotChange
	done    chan struct{}
	err     error
}

// writeChanges puts changes into the file and returns when they are durable. Whoever
// comes while another one syncs joins a group that is written next; the first
// of a group writes it for all.
func (s *slots) writeChanges(changes ...slotChange) error {
	s.mu.Lock()
	g := s.filling
	leads := g == nil
	if leads {
		g = &slotGroup{done: make(chan struct{})}
		s.filling = g
	}
	g.changes = append(g.changes, changes...)
	s.mu.Unlock()
	if leads {
		s.flushGroup(g)
	}
	<-g.done
	return g.err
}

func (s *slots) flushGroup(g *slotGroup) {
	defer close(g.done)
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	s.filling = nil // who comes now makes the next group
	s.mu.Unlock()
	if g.err = s.writeOwed(); g.err != nil {
		return
	}
	if g.err = s.writeRuns(g.changes); g.err == nil {
		g.err = s.syncChanges(g.changes)
	}
}

// writeOwed writes what failed to become durable once more; writing is held.
func (s *slots) writeOwed() error {
	for _, c := range s.owed {
		if err := s.writeChange(c); err != nil {
			return err
		}
	}
	return nil
}

// syncChanges has changes on the disk, and what was owed; both have been written, and writing is
// held.
func (s *slots) syncChanges(changes []slotChange) error {
	if err := s.sync(); err != nil {
		return err
	}
	for _, c := range s.owed {
		changes = append(changes, c)
	}
	s.feed.note(changes)
	clear(s.owed)
	return nil
}

func (s *slots) writeChange(c slotChange) error {
	_, err := s.file.WriteAt(c.slot[:], int64(c.number)*slotBytes)
	return err
}

// writeRuns writes changes; slots that stand side by side go at once.
func (s *slots) writeRuns(changes []slotChange) error {
	for len(changes) > 0 {
		n := 1
		run := changes[0].slot[:]
		for n < len(changes) && changes[n].number == changes[n-1].number+1 {
			run = append(run, changes[n].slot[:]...) // a copy: there is no room behind a slot
			n++
		}
		if _, err := s.file.WriteAt(run, int64(changes[0].number)*slotBytes); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return nil
}

// oweErasure notes slots that have to be free, and whose writing or syncing failed.
// After a sync that failed the system may hold the new bytes for written, and
// sync them never again: they are written anew before the next sync.
func (s *slots) oweErasure(places []keySlot) {
	s.writing.Lock()
	defer s.writing.Unlock()
	freed := make([]slotChange, 0, len(places))
	for _, p := range places {
		freed = append(freed, freedSlot(p))
	}
	s.owe(freed)
}

// owe notes changes that are written anew before the next sync; writing is held.
func (s *slots) owe(changes []slotChange) {
	if s.owed == nil {
		s.owed = make(map[uint32]slotChange)
	}
	for _, c := range changes {
		s.owed[c.number] = c
	}
}

func (s *slots) owesErasure(p keySlot) bool {
	s.writing.Lock()
	defer s.writing.Unlock()
	_, owed := s.owed[p.number]
	return owed
}
