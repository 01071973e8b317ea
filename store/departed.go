package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/who"
	"keypull/pull/words"
)

// departedPrefix is where it stands, for good, which publishers have left.
const departedPrefix = "departed"

// Departed is a publisher that leaves, or has left. It is noted before anything is taken
// out, so that what a crash cut short is carried out by the next process.
type Departed struct {
	Publisher string    `json:"publisher"`
	Name      string    `json:"name,omitempty"`
	Began     time.Time `json:"began"`
	// Ended is zero while something is left.
	Ended time.Time `json:"ended,omitzero"`
	// Held is what was held when it began, by what it is.
	Held map[string]int `json:"held"`
	// Receipt is what is signed of it.
	Receipt string `json:"receipt,omitempty"`
}

// Departures take publishers out of everything that is kept, for good.
type Departures struct {
	documents[Departed]

	backend Backend
}

// NewDepartures returns those of a back end.
func NewDepartures(b Backend) *Departures {
	return &Departures{backend: b, documents: documents[Departed]{
		kv: b, prefix: departedPrefix, missing: noThing, name: func(d Departed) string { return d.Publisher },
	}}
}

// heldPlace is where something of publishers lies, and what it is counted as, where it is.
type heldPlace struct{ prefix, as string }

// heldPlaces are where publishers' things lie by their names: settings first, so that a
// publisher of which something is left is opened no more.
func heldPlaces() (all []heldPlace) {
	for _, resource := range catalogue.Resources() {
		all = append(all, heldPlace{prefixOf(resource), "settings"})
	}
	return append(all, []heldPlace{
		{readerPrefix, "readers"}, {stoppedPrefix, "stops"}, {talkPrefix, "conversations"}, {filePrefix, "files"}, {deadPrefix, "dead_letters"},
		{bookingPrefix, "appointments"}, {snapshotPrefix, "snapshots"},
		{demandPrefix, ""}, {figurePrefix, ""}, {erasingPrefix, ""}, {piecePrefix, ""}, {staffedPrefix, ""}, {farewellPrefix, ""}, {savedPrefix, ""}, {channelStatePrefix, ""},
	}...)
}

// pairsOf goes through the pairs of a publisher in one place, few at a time, since values may
// be large.
func (d *Departures) pairsOf(ctx context.Context, at heldPlace, publisher string, each func(Pair) error) error {
	const op, page = "look what is held of a publisher", 100
	below := at.prefix + "." + keySegment(publisher)
	if at.prefix == storedPublisher {
		pair, err := findDocument[struct{}](ctx, d.backend, below, op)
		if err != nil || pair.revision == Absent {
			return err
		}
		return each(Pair{Key: below, Revision: pair.revision})
	}
	for pair, err := range pagesBelow(ctx, d.backend, below, "", op, page) {
		if err == nil {
			err = each(pair)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// countHeld returns what is held of a publisher, by what it is.
func (d *Departures) countHeld(ctx context.Context, publisher string) (map[string]int, error) {
	held := map[string]int{}
	for _, at := range heldPlaces() {
		err := d.pairsOf(ctx, at, publisher, func(Pair) error { held[at.as]++; return nil })
		if err != nil {
			return nil, err
		}
	}
	return held, nil
}

// HeldOf returns the publisher of which a key holds something, if it does.
func HeldOf(key string) (publisher string, held bool) {
	prefix, rest, _ := strings.Cut(key, ".")
	held = slices.ContainsFunc(heldPlaces(), func(at heldPlace) bool { return at.prefix == prefix })
	publisher, _, _ = strings.Cut(rest, ".")
	return publisher, held && publisher != ""
}

// DepartedRow returns the row by which a store that is filled begins with the note that a publisher
// left: its first process carries that out, as if the one before had been cut short.
func DepartedRow(publisher string, began time.Time, number uint64) (Row, error) {
	data, err := json.Marshal(Departed{Publisher: publisher, Began: began.UTC(), Held: map[string]int{}})
	return Row{Kind: RowValue, Number: number, ID: departedPrefix + "." + keySegment(publisher), Data: data}, err
}

// Begin notes that a publisher leaves, and what is held of it, and returns the note: that of
// before where there is one. pull.Unknown says that nothing is held.
func (d *Departures) Begin(ctx context.Context, publisher, name string, now time.Time) (Departed, error) {
	of, _, err := d.Get(ctx, publisher)
	if pull.KindOf(err) != pull.Unknown {
		return of, err
	}
	of = Departed{Publisher: publisher, Name: name, Began: now.UTC()}
	if of.Held, err = d.countHeld(ctx, publisher); err != nil {
		return of, err
	}
	if len(of.Held) == 0 {
		return of, unknownError("begin a departure", noThing)
	}
	delete(of.Held, "") // where counts tell nobody anything
	_, err = d.Put(ctx, of, 0)
	return of, err
}

// removeBelow takes out what is kept by a publisher's name in some places.
func (d *Departures) removeBelow(ctx context.Context, publisher string, places []heldPlace) (removed int, err error) {
	for _, at := range places {
		var doomed []Pair
		err := d.pairsOf(ctx, at, publisher, func(p Pair) error {
			doomed = append(doomed, Pair{Key: p.Key, Revision: Any})
			return nil
		})
		if err == nil {
			_, err = removeAll(ctx, d.backend, "take a publisher out", doomed)
		}
		if removed += len(doomed); err != nil {
			return removed, err
		}
	}
	return removed, nil
}

// DropAll takes out of the store what stands there of publishers that left or leave but for
// their readers, whose keys CarryOut destroys, and returns which those are: they are opened
// no more, and an older copy of the store that was put back knows them no more.
func (d *Departures) DropAll(ctx context.Context) ([]Departed, error) {
	all, err := d.All(ctx)
	if err != nil {
		return nil, err
	}
	places := slices.DeleteFunc(heldPlaces(), func(at heldPlace) bool { return at.prefix == readerPrefix || at.prefix == erasingPrefix })
	for i := range all {
		if _, err := d.removeBelow(ctx, all[i].Publisher, places); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// mostErased is how many readers are erased at a time, so that their syncs are shared.
const mostErased = 32

// CarryOut erases all readers of a publisher, has beside take out what lies elsewhere, and
// removes everything that is kept by its name. It does the same however often it is begun.
func (d *Departures) CarryOut(ctx context.Context, publisher string, erase func(ctx context.Context, key who.Key) error, beside func(ctx context.Context) error) error {
	const passes = 5 // somebody may have been about to be kept
	for range passes {
		keys, err := d.readersOf(ctx, publisher)
		if err != nil {
			return err
		}
		if err := eraseAll(ctx, keys, erase); err != nil {
			return err
		}
		if err := beside(ctx); err != nil {
			return err
		}
		if removed, err := d.removeBelow(ctx, publisher, heldPlaces()); err != nil || removed+len(keys) == 0 {
			return err
		}
	}
	return words.Fail(nil, "publisher.leaves_on", words.Args{"publisher": publisher})
}

// readersOf returns the keys of all of whom something is held at a publisher: documents,
// erasures under way, asks that wait.
func (d *Departures) readersOf(ctx context.Context, publisher string) (keys []who.Key, err error) {
	known := map[who.Key]bool{}
	for _, prefix := range []string{readerPrefix, erasingPrefix} {
		err := d.pairsOf(ctx, heldPlace{prefix: prefix}, publisher, func(p Pair) error {
			known[who.Key(strings.TrimPrefix(p.Key, prefix+"."))] = true
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if queue, ok := d.backend.Queue(asksQueue).(Searcher); ok {
		err = queue.Each(ctx, func(e Entry) {
			if strings.HasPrefix(e.Partition, publisher+".") {
				known[who.Key(e.Partition)] = true
			}
		})
	}
	for key := range known {
		keys = append(keys, key)
	}
	return keys, backendError("look for asks", err)
}

func eraseAll(ctx context.Context, keys []who.Key, erase func(ctx context.Context, key who.Key) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	next := make(chan who.Key)
	for range min(mostErased, len(keys)) {
		group.Go(func() {
			for key := range next {
				if err := eraseOne(ctx, key, erase); err != nil && pull.KindOf(err) != pull.Unknown {
					cancel(fmt.Errorf("erase a reader: %w", err))
				}
			}
		})
	}
	for _, key := range keys {
		if ctx.Err() != nil {
			break
		}
		next <- key
	}
	close(next)
	group.Wait()
	return context.Cause(ctx)
}

func eraseOne(ctx context.Context, key who.Key, erase func(ctx context.Context, key who.Key) error) (err error) {
	defer pull.Caught("erase a reader", &err)
	return erase(ctx, key)
}
