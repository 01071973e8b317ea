package main

import "context"

// resendLetter hands a queued dead letter to whoever answers readers here; where
// nobody does, it waits for the next start.
func (h *house) resendLetter(ctx context.Context, publisher string, ask uint64) error {
	if h.resend == nil {
		return nil
	}
	return h.resend(ctx, publisher, ask)
}
