package journal

import "time"

// SavedWords are how many readers keep each keyword of a publisher, as they were counted
// at one moment. What fewer than KnownReaders keep is not among them.
type SavedWords struct {
	At      time.Time      `json:"at,omitzero"`
	Readers map[string]int `json:"readers,omitempty"`
}
