package store

// Commit and CommitLater are what the nouns write batches with.
var (
	Commit      = commit
	CommitLater = commitLater
)
