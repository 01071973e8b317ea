package store

import "keypull/pull"

// MostAtHand is how many asks are at hand since a fold began.
const MostAtHand = mostRecentAsks

// DeadPair is a letter as it is written, sealed with the key of its day alone.
func DeadPair(s RecordSealer, d DeadLetter, a pull.Ask) (Pair, error) { return deadPair(s, 0, d, a) }

// Searching returns how many wait for the next walk through the log.
func (l *Ledger) Searching() int {
	l.walks.mu.Lock()
	defer l.walks.mu.Unlock()
	return len(l.walks.waiting)
}
