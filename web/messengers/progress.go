package messengers

import (
	"context"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
)

// Progress is how a long wait for an answer is told, on the response itself.
type Progress struct {
	// Every is how often, and Most for how long in all.
	Every, Most time.Duration
	// ContentType is the stream's, Beat the n-th word in it that the answer is worked
	// on, and Last the response that a short wait would have had.
	ContentType string
	Beat        func(n int, working string) []byte
	Last        func(body []byte) []byte
}

// progress answers with what is there within a beat, and else by a stream that goes
// on until it is.
func (h *Hook) progress(ctx context.Context, from arrival, asks []pull.Ask, accepted []pipeline.Accepted, inBand InBand) Receipt {
	p, receipt := from.receipt.Progress, from.receipt
	done := make(chan Receipt, 1)
	go func() {
		var broken error
		defer close(done)
		defer pull.Caught("await", &broken)
		said, _ := h.await(context.WithoutCancel(ctx), from, asks, accepted)
		done <- inBand.Answer(receipt, said)
	}()
	beat := time.NewTicker(p.Every)
	select {
	case r, ok := <-done:
		beat.Stop()
		if !ok {
			return Receipt{Status: http.StatusServiceUnavailable}
		}
		return r
	case <-beat.C:
	}
	working := ""
	for _, m := range Shape(h.Working(from.channel.Publisher, asks[0].Language), from.channel.Limits) {
		working = m.Text
	}
	long := receipt
	long.ContentType, long.Body = p.ContentType, nil
	long.Stream = func(write func([]byte) error) {
		defer beat.Stop()
		for n := 1; write(p.Beat(n, working)) == nil; n++ {
			select {
			case r, ok := <-done:
				if ok {
					_ = write(p.Last(r.Body)) // who has gone hears nothing
				}
				return
			case <-beat.C:
			}
		}
	}
	return long
}
