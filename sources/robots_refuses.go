package sources

import (
	"context"
	"time"
)

// robotsWait is how long a page that somebody waits for is held back by a
// robots.txt that does not come.
const robotsWait = 2 * time.Second

// Refuses reports whether a robots.txt that could be had keeps an address from
// being read by programs, and how many requests it took to know. It is for the
// one page that an editor gave the address of: where the file cannot be had, the
// page itself is asked, which tells what is the matter.
func (r *Robots) Refuses(ctx context.Context, address string) (refused bool, requests int) {
	ctx, cancel := context.WithTimeout(ctx, robotsWait)
	defer cancel()
	before := r.asked.Load()
	u, site, release, err := r.lockSite(ctx, address)
	requests = int(r.asked.Load() - before)
	if err != nil {
		return false, requests
	}
	defer release()
	return !site.rules.closed && !site.rules.allowsPath(u.RequestURI()), requests
}
