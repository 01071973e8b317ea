package sources

import (
	"context"
	"time"
)

// Allows reports whether an address may be crawled, and how long to wait between two
// pages of its host.
func (r *Robots) Allows(ctx context.Context, address string) (allowed bool, delay time.Duration, err error) {
	u, site, release, err := r.lockSite(ctx, address)
	if err != nil {
		return false, 0, err
	}
	defer release()
	return site.allows(u), site.rules.delay, nil
}
