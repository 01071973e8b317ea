package request

import "time"

// Booking is a time of a calendar that was taken, by the ask that confirmed it.
type Booking struct {
	Publisher string    `json:"publisher"`
	Calendar  string    `json:"calendar"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	Ask       uint64    `json:"ask"`
	// Revision is that of its document; 0 before there is one.
	Revision uint64 `json:"-"`
}

// Meets reports whether it takes some of the time between two moments.
func (b *Booking) Meets(from, to time.Time) bool { return b.From.Before(to) && from.Before(b.To) }
