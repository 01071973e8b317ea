package what

import (
	"runtime"
)

// fill puts every hash of every text into its bucket, so that all lists lie in
// one run of memory. Writing to a hundred million bytes at random is slow, so
// it takes a part of the buckets at a time, sorts what belongs there into
// drawers, and then fills one drawer after the other, which the processor's
// caches can hold.
func (t *typing) fill() {
	total := t.count()
	bucketBits := uint(drawerBits)
	for 1<<bucketBits < total/perBucket {
		bucketBits++
	}
	t.shift = 64 - bucketBits
	t.starts = make([]uint32, 1<<bucketBits+1)
	t.items = make([]uint32, total)
	rounds := 1
	for rounds < drawers && total/rounds > roundOfItems {
		rounds *= 2
	}
	hands := max(1, min(runtime.GOMAXPROCS(0), maxHands, total/smallRound))
	f := filler{typing: t, drawers: make([][][]bucketItem, hands), bits: bucketBits}
	for hand := range f.drawers {
		f.drawers[hand] = make([][]bucketItem, drawers/rounds)
		for d := range f.drawers[hand] {
			// They fill evenly, but for some frequent hashes.
			f.drawers[hand][d] = make([]bucketItem, 0, total/drawers/hands*9/8+16)
		}
	}
	for round := range rounds {
		f.round(round, rounds, hands)
	}
	t.starts[1<<bucketBits] = f.filled
}

const (
	// drawers is how many parts the buckets are sorted into.
	drawerBits = 6
	drawers    = 1 << drawerBits
	// perBucket is how many items a bucket has at most where they fill evenly, and
	// at least half of that: a line of the processor's cache holds twice as many.
	perBucket = 8
	// roundOfItems is how many items are sorted at a time.
	roundOfItems = 1 << 22
	// maxHands bounds the work done side by side, smallRound is what is not
	// worth sharing.
	maxHands, smallRound = 8, 1 << 16
)

// bucketItem is a bucket, and below it what stands in it.
type bucketItem uint64

// filler fills the buckets of a typing.
type filler struct {
	*typing
	// drawers holds what each hand has sorted into those of a round.
	drawers [][][]bucketItem
	bits    uint
	filled  uint32
}

// round fills a part of the drawers.
func (f *filler) round(round, rounds, hands int) {
	first, last := round*drawers/rounds, (round+1)*drawers/rounds
	f.sideBySide(hands, func(hand int) {
		mine := f.drawers[hand]
		for d := range mine {
			mine[d] = mine[d][:0]
		}
		f.every(hand, hands, func(h uint64, item uint32) {
			if d := int(h >> (64 - drawerBits)); first <= d && d < last {
				mine[d-first] = append(mine[d-first], bucketItem(h>>f.shift<<32|uint64(item|fingerprint(h))))
			}
		})
	})
	var at [drawers]uint32
	for d := first; d < last; d++ {
		at[d] = f.filled
		for hand := range hands {
			f.filled += uint32(len(f.drawers[hand][d-first])) //nolint:gosec // far less than four thousand million
		}
	}
	f.sideBySide(hands, func(hand int) {
		for d := first + hand; d < last; d += hands {
			f.drawer(d, d-first, at[d])
		}
	})
}

// drawer puts what lies in one drawer, the nth of its round, into its buckets,
// the first of which begins at a place.
func (f *filler) drawer(d, nth int, at uint32) {
	buckets := 1 << (f.bits - drawerBits)
	starts := f.starts[d*buckets : (d+1)*buckets]
	for hand := range f.drawers {
		for _, e := range f.drawers[hand][nth] {
			starts[int(e>>32)-d*buckets]++
		}
	}
	for i, n := range starts {
		at += n
		starts[i] = at
	}
	for hand := range f.drawers {
		for _, e := range f.drawers[hand][nth] {
			bucket := &starts[int(e>>32)-d*buckets]
			*bucket--
			f.items[*bucket] = uint32(e) //nolint:gosec // its low half
		}
	}
}

func (f *filler) sideBySide(hands int, work func(hand int)) {
	var t together
	for hand := range hands {
		t.do(func() { work(hand) })
	}
	t.wait()
}

// fingerprint returns a part of a hash that stands beside the number of the text, so
// that a bucket tells its strangers without looking at them.
func fingerprint(h uint64) uint32 {
	return uint32(h) << itemBits //nolint:gosec // only the low bits count
}

// itemBits is how many bits number a text: there may be 16 million.
const itemBits = 24

// count returns how many hashes all texts have.
func (t *typing) count() int {
	total := 0
	t.every(0, 1, func(uint64, uint32) { total++ })
	return total
}

// every calls f with every hash of the texts of one of several hands.
func (t *typing) every(hand, hands int, f func(hash uint64, item uint32)) {
	var l left
	var buf [maxPhraseLetters]rune
	var hashes [maxLeft]uint64
	n := min(len(t.ends), 1<<itemBits)
	for i := hand * n / hands; i < (hand+1)*n/hands; i++ {
		letters := appendLetters(buf[:0], t.at(i))
		if len(letters) == 0 {
			continue
		}
		for _, h := range l.all(letters, i >= t.words, 2, hashes[:0]) {
			f(h, uint32(i)) //nolint:gosec // a number of a text
		}
	}
}
