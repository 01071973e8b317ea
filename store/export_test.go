package store

// MostAtHand is how many asks are at hand since a fold began.
const MostAtHand = mostAtHand
