package sources

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
)

// Limits of what is remembered of robots.txt files.
const (
	maxRobotsHosts = 256
	// robotsFresh is how long one counts (RFC 9309 §2.4), robotsAgain how soon
	// one that could not be had is asked for again, robotsForgiven how long the
	// former one counts meanwhile.
	robotsFresh    = 24 * time.Hour
	robotsAgain    = 5 * time.Minute
	robotsForgiven = 7 * 24 * time.Hour
	opRobots       = "read robots.txt"
)

// Robots knows what the owners of sites let crawlers read: what goes from page
// to page asks it before each page. What readers wait for, and what an editor
// gave the address of, needs no leave. It is safe for concurrent use.
type Robots struct {
	client *outside.Client
	clock  func() time.Time
	mu     sync.Mutex
	sites  map[string]*robotsSite
	// asked counts the requests that were sent.
	asked atomic.Int64
}

// robotsSite is one host's.
type robotsSite struct {
	// turn is held by whoever fetches.
	turn  chan struct{}
	rules robotsRules
	// known is when the rules were had, again when they are asked for anew, next
	// when the next page may be.
	known, again, next time.Time
}

// NewRobots returns one that asks by the client of the environment.
func NewRobots(env Env) *Robots {
	return &Robots{client: env.Client, clock: env.Clock, sites: map[string]*robotsSite{}}
}

// allows reports whether an address of the site may be crawled. Where robots.txt is not
// there all is allowed, where its host fails nothing is (RFC 9309 §2.3.1).
func (s *robotsSite) allows(u *url.URL) bool {
	path := u.RequestURI()
	return path == "/robots.txt" || s.rules.allowsPath(path)
}

// Turn waits until the next page of the address' host may be asked for: least
// after the one before, or as long as robots.txt wants, at most a minute. The error says
// that it may not be crawled, that it is no address, or that ctx ended.
func (r *Robots) Turn(ctx context.Context, address string, least time.Duration) error {
	u, site, release, err := r.lockSite(ctx, address)
	if err != nil {
		return err
	}
	now := r.clock()
	wait := max(site.next.Sub(now), 0)
	allowed := site.allows(u)
	if allowed {
		site.next = now.Add(wait + max(site.rules.delay, least))
	}
	release()
	switch {
	case !allowed:
		return &pull.Error{Kind: pull.Denied, Op: opRobots, Hint: words.Text{Key: "source.robots"}}
	case wait == 0 || r.client.Remembers():
		return nil
	}
	if pull.Sleep(ctx, wait); ctx.Err() != nil {
		return GivenUpError(opRobots, ctx.Err())
	}
	return nil
}

// lockSite returns the site of an address, locked until release, with its rules fresh.
func (r *Robots) lockSite(ctx context.Context, address string) (*url.URL, *robotsSite, func(), error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, nil, nil, &pull.Error{Kind: pull.Invalid, Op: opRobots, Hint: words.Text{Key: "outside.url_unreadable"}}
	}
	site := r.site(strings.ToLower(u.Scheme + "://" + u.Host))
	select {
	case site.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, nil, GivenUpError(opRobots, ctx.Err())
	}
	release := func() { <-site.turn }
	if !r.clock().Before(site.again) {
		if err := r.renewRules(ctx, site, u); err != nil {
			release()
			return nil, nil, nil, err
		}
	}
	return u, site, release, nil
}

func (r *Robots) site(host string) *robotsSite {
	r.mu.Lock()
	defer r.mu.Unlock()
	site := r.sites[host]
	if site == nil {
		if len(r.sites) >= maxRobotsHosts {
			// Who is under way keeps the site that it holds.
			clear(r.sites)
		}
		site = &robotsSite{turn: make(chan struct{}, 1)}
		r.sites[host] = site
	}
	return site
}

// renewRules asks for the robots.txt of a site that is held.
func (r *Robots) renewRules(ctx context.Context, site *robotsSite, u *url.URL) error {
	at := url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	r.asked.Add(1)
	res, err := r.client.Do(ctx, Accepting(at.String(), "text/plain, */*;q=0.5", maxRobotsSent))
	now := r.clock()
	var failed *outside.Error
	if err != nil && ctx.Err() != nil {
		return GivenUpError(opRobots, ctx.Err())
	}
	tooLong := errors.As(err, &failed) && failed.Reason == outside.TooLarge
	switch {
	case err == nil && res.Status == http.StatusOK:
		site.rules, site.known, site.again = readRobots(res.Body), now, now.Add(robotsFresh)
	case err == nil && res.Status >= 400 && res.Status < 500 && res.Status != http.StatusTooManyRequests:
		site.rules, site.known, site.again = robotsRules{}, now, now.Add(robotsFresh)
	case !tooLong && !site.known.IsZero() && now.Sub(site.known) < robotsForgiven:
		site.again = now.Add(robotsAgain)
	default:
		site.rules, site.again = robotsRules{closed: true}, now.Add(robotsAgain)
	}
	return nil
}

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
