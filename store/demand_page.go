package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"keypull/pull/journal"
	"keypull/pull/who"
)

// reached is where a document's next record stands in the two logs that demand is
// folded from.
type reached struct {
	Asks   uint64 `json:"asks"`
	Counts uint64 `json:"counts"`
}

// demandDay is a publisher's day.
type demandDay struct {
	Reached reached `json:"reached"`
	journal.DayDemand
}

// demandPage is a part of a publisher's texts, by their names.
type demandPage struct {
	Reached  reached                 `json:"reached"`
	Clusters map[string]*keptCluster `json:"clusters"`
}

// keptCluster is a cluster whose words are sealed while few readers wrote them: with the
// key of the day on which they were written last, and with that of who wrote them then.
type keptCluster struct {
	journal.Cluster
	Sealed []byte `json:"sealed,omitempty"`

	// touched is on which day its words were written last, and by is by whom, where they
	// have changed since it was read.
	touched time.Time
	by      Slot
}

// openWords opens the words, if they still can be.
func (c *keptCluster) openWords(s RecordSealer, place string) {
	if c.Sealed != nil {
		plain, err := OpenRecord(s, place, c.Sealed)
		if err != nil || json.Unmarshal(plain, &c.Wordings) != nil {
			c.Wordings = nil
		}
	}
	for _, t := range c.eachTaken() {
		if t.Sealed == nil {
			continue
		}
		plain, err := OpenRecord(s, takenPlace(place, t), t.Sealed)
		if t.Argument = string(plain); err != nil {
			t.Argument, t.Sealed = "", nil
		}
	}
}

// eachTaken returns all keywords that readers took, or were helped by.
func (c *keptCluster) eachTaken() (all []*journal.Taken) {
	for _, list := range [][]journal.Taken{c.Taken, c.Helped} {
		for i := range list {
			all = append(all, &list[i])
		}
	}
	return all
}

// sealArguments seals what keywords were taken for since the words were read or sealed.
func (c *keptCluster) sealArguments(s RecordSealer, by Slot, place string) error {
	for _, t := range c.eachTaken() {
		if t.Argument == "" || t.Sealed != nil {
			continue
		}
		var err error
		if t.Sealed, err = sealRecord(s, by, t.Last, takenPlace(place, t), []byte(t.Argument)); err != nil {
			return fmt.Errorf("seal words: %w", err)
		}
	}
	return nil
}

// sealWords seals the words that changed, with the keys of the last day on which they
// were written and of who wrote them, and leaves the others as they are: their day may be
// over.
func (c *keptCluster) sealWords(s RecordSealer, place string) error {
	if err := c.sealArguments(s, 0, place); err != nil {
		return err
	}
	for _, t := range c.eachTaken() {
		if t.Readers.Count() < journal.KnownReaders {
			t.Argument = ""
		} else if t.Argument != "" {
			t.Sealed = nil
		}
	}
	switch {
	case c.Known() && len(c.Wordings) > 0:
		c.Sealed = nil
		return nil
	case !c.touched.IsZero() && len(c.Wordings) > 0:
		plain, err := json.Marshal(c.Wordings)
		if err != nil {
			return fmt.Errorf("encode words: %w", err)
		}
		if c.Sealed, err = sealRecord(s, c.by, c.touched, place, plain); err != nil {
			return fmt.Errorf("seal words: %w", err)
		}
	}
	c.Wordings = nil
	return nil
}

// forgetReader takes a reader out, and says whether there was something. Words that too
// few others wrote may be those of this reader alone, and go.
func (c *keptCluster) forgetReader(period int, reader uint64) bool {
	if !c.Forget(period, reader) {
		return false
	}
	if !c.Known() {
		c.Wordings, c.Sealed = nil, nil
	}
	for _, t := range c.eachTaken() {
		if t.Readers.Count() == 0 {
			t.Argument, t.Sealed = "", nil
		}
	}
	return true
}

// textPlace returns where the words of a text stand: in which page, under which name.
func textPlace(page, id string) string { return page + "/" + id }

// takenPlace returns where that stands for which a keyword was taken in place of a text.
func takenPlace(text string, t *journal.Taken) string { return text + "/" + t.Keyword }

const (
	// pageClusters is how many texts a page keeps; with 32 pages a publisher has
	// some 3,200.
	pageClusters = 100
	// pageBytes leaves room below MaxValueBytes.
	pageBytes = 400 << 10
)

// encodePage writes a page; where it has grown too large, the rarest texts go, the
// oldest of them first.
func (p *demandPage) encodePage(s RecordSealer, key string) ([]byte, error) {
	for id, c := range p.Clusters {
		if err := c.sealWords(s, textPlace(key, id)); err != nil {
			return nil, err
		}
	}
	if len(p.Clusters) > pageClusters {
		p.dropRarest(pageClusters - pageClusters/10)
	}
	for {
		b, err := json.Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("encode demand: %w", err)
		}
		if len(b) <= pageBytes || len(p.Clusters) == 0 {
			return b, nil
		}
		p.dropRarest(len(p.Clusters) - 1 - len(p.Clusters)/10)
	}
}

func (p *demandPage) dropRarest(most int) {
	ids := slices.SortedFunc(maps.Keys(p.Clusters), func(a, b string) int {
		x, y := p.Clusters[a], p.Clusters[b]
		if n := x.Total(0) - y.Total(0); n != 0 {
			return n
		}
		return x.Last.Compare(y.Last)
	})
	for _, id := range ids[:len(ids)-most] {
		delete(p.Clusters, id)
	}
}

// keptSalt is what a publisher's readers are hashed with in a month, sealed with
// the key of the day on which it was made.
type keptSalt struct {
	Month  int    `json:"month"`
	Serial int    `json:"serial"`
	Sealed []byte `json:"sealed,omitempty"`
}

// salt keys the hashes of a publisher's readers.
type salt struct {
	serial int
	key    []byte
}

// hashReader tells readers of one text apart. Those of two texts can't be compared, so
// that nobody learns what else somebody asked.
func (s salt) hashReader(cluster string, reader who.Key) uint64 {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(cluster + "\n" + string(reader)))
	return binary.BigEndian.Uint64(mac.Sum(nil))
}

func monthOf(at time.Time) int { return at.UTC().Year()*12 + int(at.UTC().Month()) }

// readerSalt returns the one of this month, and makes it if there is none or if
// the key of its day is gone.
func (d *Demand) readerSalt(ctx context.Context, publisher string) (salt, error) {
	const op = "read the key of demand"
	key, now := demandKey(publisher, demandSalt), d.clock()
	kept, err := findDocument[keptSalt](ctx, d.backend, key, op)
	if err != nil {
		return salt{}, err
	}
	if kept.value.Sealed != nil && kept.value.Month == monthOf(now) {
		plain, err := d.sealer.OpenDay(key, kept.value.Sealed)
		if err == nil {
			return salt{kept.value.Serial, plain}, nil
		}
		if !errors.Is(err, ErrUnreadable) {
			return salt{}, fmt.Errorf("%s: %w", op, err)
		}
	}
	made := salt{kept.value.Serial + 1, make([]byte, sha256.Size)}
	if _, err := io.ReadFull(d.random, made.key); err != nil {
		return salt{}, fmt.Errorf("make the key of demand: %w", err)
	}
	sealed, err := sealDay(d.sealer, now, key, made.key)
	if err != nil {
		return salt{}, fmt.Errorf("seal the key of demand: %w", err)
	}
	next := keptSalt{Month: monthOf(now), Serial: made.serial, Sealed: sealed}
	if _, err := writeDocument(ctx, d.backend, key, op, next, uint64(kept.revision)); err != nil {
		return salt{}, err
	}
	return made, nil
}

// endSalt destroys a key whose month is over, and returns the first serial whose
// hashes may stay.
func (d *Demand) endSalt(ctx context.Context, publisher string) (int, error) {
	const op = "sweep the key of demand"
	key := demandKey(publisher, demandSalt)
	kept, err := findDocument[keptSalt](ctx, d.backend, key, op)
	if err != nil || kept.revision == Absent {
		return 0, err
	}
	if kept.value.Sealed != nil && kept.value.Month == monthOf(d.clock()) {
		if _, err := d.sealer.OpenDay(key, kept.value.Sealed); !errors.Is(err, ErrUnreadable) {
			return kept.value.Serial, nil
		}
	}
	serial := kept.value.Serial + 1
	if kept.value.Sealed == nil {
		return serial, nil
	}
	_, err = writeDocument(ctx, d.backend, key, op, keptSalt{Month: kept.value.Month, Serial: kept.value.Serial}, uint64(kept.revision))
	return serial, err
}
