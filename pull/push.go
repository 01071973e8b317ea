package pull

import (
	"context"
	"fmt"
	"maps"
	"time"
)

// Push is what a publisher's system handed over for a source at
// /in/<publisher>/<source>.
type Push struct {
	Method string
	// Header is by canonical names.
	Header, Query map[string][]string
	// Body is the raw body, at most MaxPushBytes.
	Body []byte
	At   time.Time
}

// MaxPushBytes is how large the body of a push may be.
const MaxPushBytes = 1 << 20

// Pushed is what a push meant. Nothing is answered before all of it is taken.
type Pushed struct {
	// ID is the sender's own of the push: one that was taken is answered and not
	// taken again while it is remembered, which is for an hour. "" is none.
	ID string
	// Status is 200 where zero. One of 400 or more takes nothing.
	Status      int
	ContentType string
	Answer      []byte
	// Refresh names the keys whose snapshots are fetched anew, behind.
	Refresh []string
	// Snapshots stand in place of those of their keys.
	Snapshots map[string]Snapshot
	// Withdrawn are ids of items that are told nobody any more, whatever a fetch
	// brings.
	Withdrawn []string
}

// Receiver is the option of a source that publishers' systems push to.
type Receiver interface {
	// Receive checks who sends a push, and that it was signed just now, and says
	// what it means. last is the snapshot of a key, nil where there
	// is none. An error is one of ours: the sender is to come again.
	Receive(ctx context.Context, p Push, last func(key string) *Snapshot) (Pushed, error)
}

// Receive takes what a push for a source meant. It returns once that is kept as
// safely as the Shelf keeps it.
func (k *Keeper) Receive(ctx context.Context, w Want, p Pushed) error {
	k.receiving.Lock()
	defer k.receiving.Unlock()
	if p.ID != "" && k.repeated(w.Place, p.ID) {
		return nil
	}
	if len(p.Withdrawn) > 0 {
		if err := k.withdraw(ctx, w.Place, p.Withdrawn); err != nil {
			return err
		}
	}
	for key, s := range p.Snapshots {
		w.Place.Key = key
		if err := k.put(ctx, w.Place, s); err != nil {
			return err
		}
	}
	for _, key := range p.Refresh {
		w.Place.Key, w.Wait = key, 0
		k.flights().approach(w, k.held(ctx, w.Place), true)
	}
	if p.ID != "" {
		k.pushed[[3]string{w.Place.Publisher, w.Place.Source, p.ID}] = k.clock()
	}
	return nil
}

// Bounds of the pushes that are known again.
const (
	pushKnown = time.Hour
	maxPushes = 50_000
)

// repeated reports whether a push was taken before; k.receiving is held.
func (k *Keeper) repeated(p Place, id string) bool {
	old := k.clock().Add(-pushKnown)
	if len(k.pushed) >= maxPushes {
		maps.DeleteFunc(k.pushed, func(_ [3]string, at time.Time) bool { return at.Before(old) })
	}
	if len(k.pushed) >= maxPushes {
		clear(k.pushed)
	}
	at, known := k.pushed[[3]string{p.Publisher, p.Source, id}]
	return known && at.After(old)
}

// Adopt takes what was fetched without it for what lies at a place, in memory
// alone, where that is neither newer nor makes it doubtful.
func (k *Keeper) Adopt(ctx context.Context, p Place, s Snapshot) {
	if last := k.held(ctx, p); last == nil || s.Fetched.After(last.Fetched) && doubt(s, last, k.clock()).IsZero() {
		k.hold(&flight{}, p, &holding{snapshot: &s})
	}
}

// put keeps a snapshot that was handed over. What a flight brings that began
// before is older, and leaves nothing behind.
func (k *Keeper) put(ctx context.Context, p Place, s Snapshot) error {
	if s.Fetched.IsZero() {
		s.Fetched = k.clock()
	}
	if k.shelf != nil && !private(p) {
		if err := k.shelf.Keep(ctx, p, s); err != nil {
			return fmt.Errorf("keep what was pushed for %s: %w", p.Source, err)
		}
	}
	k.mu.Lock()
	if f := k.flying[p]; f != nil {
		f.forgotten = true
		delete(k.flying, p)
	}
	delete(k.rests, p)
	k.mu.Unlock()
	k.hold(&flight{}, p, &holding{snapshot: &s})
	k.note(&flight{}, p, s, nil)
	if k.Changed != nil {
		k.Changed(p)
	}
	return nil
}
