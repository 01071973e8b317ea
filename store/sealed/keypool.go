package sealed

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"sync"

	"keypull/pull"
	"keypull/store"
)

// groupOfKeys is how many keys of readers are made at a time where nobody says.
const groupOfKeys = 512

// keyPool are keys made before their readers come, in groups that share a sync.
// The label of such a slot says that nobody is known to own it, until a later
// group, or Close, writes down who was kept.
//
// 128 callers get such keys 5.5 times as fast as keys that share a sync among those who
// wait, 6.3 times where a sync takes 8 ms longer (BenchmarkNewReader);
// TestKeysMadeAheadOpenWhatAListSaysTheyDo holds them against a plain list.
type keyPool struct {
	group   int
	filling sync.Mutex // held while a group is made

	mu     sync.Mutex
	ready  []pooledKey // durable, and nobody's
	kept   []keySlot   // whose owner is known, though not to the file
	unused []keySlot   // to be erased when there is time
	// adrift stood there when the file was opened.
	adrift []keySlot

	wake  chan struct{}
	end   context.CancelFunc // nil before the first key was handed out
	ended chan struct{}
}

type pooledKey struct {
	place keySlot
	key   [keyBytes]byte
}

func (a *keyPool) setGroup(group int) {
	if a.group = group; group <= 0 {
		a.group = groupOfKeys
	}
	a.wake = make(chan struct{}, 1)
}

// NewReader hands out a key for a reader's own. It is on the disk; that the slot
// has an owner is told by Keep, and before that by whoever names it.
func (r *Ring) NewReader() (store.Slot, error) {
	a := &r.slots.ahead
	for {
		k, left, ok := a.takeKey()
		if ok {
			if left < a.group/2 {
				r.tidySoon()
			}
			_, err := r.slots.cache.addKey(k.place, k.key)
			return k.place.storeSlot(), err
		}
		if err := r.slots.fillAhead(1); err != nil {
			return 0, err
		}
	}
}

// takeKey takes the first key that is ready, and tells how many are left.
func (a *keyPool) takeKey() (k pooledKey, left int, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.ready) == 0 {
		return k, 0, false
	}
	k = a.ready[0]
	a.ready[0] = pooledKey{}
	a.ready = a.ready[1:]
	return k, len(a.ready), true
}

// Keep implements store.Sealer. The file learns it with the next group.
func (r *Ring) Keep(readers ...store.Slot) {
	a := &r.slots.ahead
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, reader := range readers {
		a.kept = append(a.kept, placeOf(reader))
	}
}

// Release implements store.Sealer.
func (r *Ring) Release(readers ...store.Slot) {
	a := &r.slots.ahead
	a.mu.Lock()
	for _, reader := range readers {
		a.unused = append(a.unused, placeOf(reader))
	}
	a.mu.Unlock()
	r.tidySoon()
}

// Adrift implements store.Sealer.
func (r *Ring) Adrift() []store.Slot {
	a := &r.slots.ahead
	a.mu.Lock()
	defer a.mu.Unlock()
	adrift := make([]store.Slot, 0, len(a.adrift))
	for _, p := range a.adrift {
		adrift = append(adrift, p.storeSlot())
	}
	return adrift
}

// fillAhead makes a group of keys where fewer than least are ready, and writes down
// who was kept with the same sync.
func (s *slots) fillAhead(least int) error {
	a := &s.ahead
	a.filling.Lock()
	defer a.filling.Unlock()
	a.mu.Lock()
	enough := len(a.ready) >= least
	a.mu.Unlock()
	if enough {
		return nil
	}
	if err := s.noteKept(); err != nil {
		return err
	}
	keys := make([][keyBytes]byte, a.group)
	for i := range keys {
		_, _ = rand.Read(keys[i][:]) // never fails
	}
	places, err := s.writeKeys(func(last uint32) uint32 { return nextGeneration(last) | aheadLabel }, keys...)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, p := range places {
		a.ready = append(a.ready, pooledKey{p, keys[i]})
	}
	return nil
}

// noteKept writes into the slots that were kept that they have an owner. Nobody
// waits for it: a slot of which it was lost is looked for anew.
func (s *slots) noteKept() error {
	a := &s.ahead
	a.mu.Lock()
	kept := a.kept
	a.kept = nil
	a.mu.Unlock()
	if len(kept) == 0 {
		return nil
	}
	s.erasing.Lock() // a slot that is erased meanwhile may be another's by now
	defer s.erasing.Unlock()
	for _, p := range kept {
		b, err := s.readSlot(p)
		if err != nil || isFree(b[:]) || labelOf(b[:]) != p.label|aheadLabel {
			continue
		}
		if _, err := s.file.WriteAt(binary.BigEndian.AppendUint32(nil, p.label), int64(p.number)*slotBytes); err != nil {
			return err
		}
		s.writing.Lock()
		s.feed.note([]slotChange{{number: p.number}})
		s.writing.Unlock()
	}
	return nil
}

// tidySoon has keys made, and those erased that nobody needs.
func (r *Ring) tidySoon() {
	a := &r.slots.ahead
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended == nil {
		ctx, end := context.WithCancel(context.Background())
		a.end, a.ended = end, make(chan struct{})
		go func() {
			defer close(a.ended)
			pull.KeepRunning(ctx, r.logger, "make keys ahead of need", r.runTidy)
		}()
	}
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

func (r *Ring) runTidy(ctx context.Context) {
	for {
		select {
		case <-r.slots.ahead.wake:
			err := errors.Join(r.slots.eraseUnused(), r.slots.fillAhead(r.slots.ahead.group/2))
			if err != nil {
				r.logger.WarnContext(ctx, "keys could not be made ahead of need", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// eraseUnused destroys what was released. Who calls it while another one does
// waits for that.
func (s *slots) eraseUnused() error {
	a := &s.ahead
	a.filling.Lock()
	defer a.filling.Unlock()
	a.mu.Lock()
	unused := a.unused
	a.unused = nil
	a.mu.Unlock()
	err := s.eraseKeys(unused)
	if err != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.unused = append(a.unused, unused...)
	}
	return err
}

// close ends the making of keys, and gives the file free.
func (s *slots) close() error { return errors.Join(s.endAhead(), s.closePlaces()) }

// endAhead ends the making of keys, and destroys those that nobody got.
func (s *slots) endAhead() error {
	a := &s.ahead
	a.mu.Lock()
	end, ended := a.end, a.ended
	if ended == nil {
		a.ended = make(chan struct{}) // none is begun any more
	}
	a.mu.Unlock()
	if end != nil {
		end()
		<-ended
	}
	a.mu.Lock()
	for _, k := range a.ready {
		a.unused = append(a.unused, k.place)
	}
	a.ready = nil
	a.mu.Unlock()
	return errors.Join(s.noteKept(), s.eraseUnused())
}

// unownedSlots returns the slots of keys that are ready.
func (a *keyPool) unownedSlots() map[uint32]bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	numbers := make(map[uint32]bool, len(a.ready))
	for _, k := range a.ready {
		numbers[k.place.number] = true
	}
	return numbers
}
