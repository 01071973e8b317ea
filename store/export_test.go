package store

// Commit and CommitLater are what the resources write batches with.
var (
	Commit      = commit
	CommitLater = commitLater
)

// MostAtHand is how many asks are at hand since a fold began.
const MostAtHand = mostAtHand
