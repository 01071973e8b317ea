package store

import "keypull/pull"

// MostAtHand is how many asks are at hand since a fold began.
const MostAtHand = mostAtHand

// DeadPair is deadPair with the key of a day alone.
func DeadPair(s RecordSealer, d DeadLetter, a pull.Ask) (Pair, error) { return deadPair(s, 0, d, a) }
