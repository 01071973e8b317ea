package store

import (
	"context"
	"strings"

	"keypull/pull/request"
)

// bookingPrefix is where the times lie that appointments have taken.
const bookingPrefix = "booking"

// Bookings keep which times of calendars appointments have taken, a document for each: who
// writes it first has the time.
type Bookings struct{ kv KV }

// NewBookings returns the bookings of a store.
func NewBookings(kv KV) *Bookings { return &Bookings{kv} }

func bookingKey(b *request.Booking) string {
	return strings.Join([]string{bookingPrefix, keySegment(b.Publisher), keySegment(b.Calendar), b.From.UTC().Format("20060102T150405Z")}, ".")
}

// Of returns what is taken of a publisher's calendar, in its order.
func (b *Bookings) Of(ctx context.Context, publisher, calendar string) ([]request.Booking, error) {
	return b.below(ctx, strings.Join([]string{bookingPrefix, keySegment(publisher), keySegment(calendar)}, "."))
}

// All returns what is taken of all calendars.
func (b *Bookings) All(ctx context.Context) ([]request.Booking, error) {
	return b.below(ctx, bookingPrefix)
}

func (b *Bookings) below(ctx context.Context, prefix string) (all []request.Booking, err error) {
	for d, err := range documentsBelow[request.Booking](ctx, b.kv, prefix, "list bookings") {
		if err != nil {
			return nil, err
		}
		d.value.Revision = uint64(d.revision)
		all = append(all, d.value)
	}
	return all, nil
}

// Take writes a booking down, in the place of the one that had its revision, 0 for none;
// pull.Conflict says that another was faster.
func (b *Bookings) Take(ctx context.Context, by request.Booking) error {
	_, err := writeDocument(ctx, b.kv, bookingKey(&by), "take a time", by, by.Revision)
	return err
}

// Free gives the time of a booking back, if that is as it was read.
func (b *Bookings) Free(ctx context.Context, by request.Booking) error {
	return backendError("give a time back", b.kv.Delete(ctx, bookingKey(&by), Revision(by.Revision)))
}
