package httpapi

import (
	"context"
	"time"
)

// Lease is an access token that ends: one for all calls, got by one of them at a time.
type Lease struct {
	clock func() time.Time
	early time.Duration
	get   func(context.Context) (token string, lasts time.Duration, err error)

	// turn is taken by whoever looks at what follows, and gets a new one.
	turn  chan struct{}
	token string
	until time.Time
}

// NewLease returns a lease whose token is got anew so early before its end.
func NewLease(clock func() time.Time, early time.Duration, get func(context.Context) (string, time.Duration, error)) *Lease {
	return &Lease{clock: clock, early: early, get: get, turn: make(chan struct{}, 1)}
}

// Token returns a token that lasts a while; another one than stale, which the
// platform did not take.
func (l *Lease) Token(ctx context.Context, stale string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if l.token != "" && l.token != stale && l.clock().Before(l.until) {
		return l.token, nil
	}
	token, lasts, err := l.get(ctx)
	if err != nil {
		return "", err
	}
	l.token, l.until = token, l.clock().Add(max(lasts-l.early, lasts/2))
	return token, nil
}
