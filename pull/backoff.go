package pull

import (
	"errors"
	"maps"
	"strconv"
	"time"

	"keypull/pull/when"
	"keypull/pull/words"
)

// Bounds of a back-off.
const (
	firstBackOff = time.Second
	longBackOff  = 30 * time.Second
	// maxBackOffs bounds how many places' failures are remembered, backOffKept for
	// how long after the end of it.
	maxBackOffs = 4096
	backOffKept = 10 * time.Minute
)

// backOff is why, and until when, upstream is left alone at a place. The next
// question after it is the one probe.
type backOff struct {
	// since is when until was set: a clock that shows less was set back, and
	// nobody knows how much of it is over.
	since    time.Time
	until    time.Time
	failures int
	// err is what came in place of a snapshot; nil where upstream has nothing
	// newer than it brought.
	err     error
	doubted bool
	// odd is what is held back where nothing is told in its place; nil mostly.
	odd *doubtful
}

// joinOrStart joins the flight to a place that is under way, or starts one; it returns
// nil if the place is left alone now. r tells what went wrong before. With behind,
// nobody waits for the flight; any other caller that gets a flight must call stopWaiting.
func (k *flights) joinOrStart(w Want, held *Snapshot, behind bool) (f *flight, joined bool, r backOff) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.clock()
	if known := k.backOffs[w.ID]; known != nil && known.odd == nil && known.until.Before(now.Add(-backOffKept)) {
		delete(k.backOffs, w.ID)
	} else if known != nil {
		r = *known
	}
	if f = k.flying[w.ID]; f != nil {
		f.addWaiter(behind)
		return f, true, r
	}
	if until := held.backOffUntil(now); until.After(r.until) || until.After(now) && now.Before(r.since) {
		r.since, r.until, r.err = now, until, backOffError(until)
	}
	if now.Before(r.until) && !now.Before(r.since) {
		return nil, false, r
	}
	if f = k.landedSince(w.ID, held); f != nil {
		f.addWaiter(behind)
		return f, true, r
	}
	if err := k.spendBudget(w, now, behind); err != nil {
		r.err = err
		return nil, false, r
	}
	f = k.startFlight(w, held)
	f.addWaiter(behind)
	return f, false, r
}

// backOffUntil returns until when upstream asked to be left alone as it brought a
// snapshot, or zero. A clock that was set since makes that no longer.
func (s *Snapshot) backOffUntil(now time.Time) time.Time {
	if s == nil || !s.NotBefore.After(now) || s.Fetched.After(now) {
		return time.Time{}
	}
	return s.NotBefore
}

func backOffError(until time.Time) error {
	return &Error{Kind: Limited, Op: "fetch", RetryAt: until,
		Hint: words.Text{Key: "fetch.left_alone", Args: words.Args{"until": until.UTC().Format(time.RFC3339)}}}
}

// backOff notes that a flight brought nothing, so that its place is left alone: a second,
// then two, four, up to half a minute, and no longer than max_age where that
// is ten seconds or more; but never less than upstream itself asked for.
func (k *flights) backOff(f *flight, w Want, err error) {
	r := k.backOffs[w.ID]
	if r == nil {
		k.makeRoomForBackOff()
		r = &backOff{}
		k.backOffs[w.ID] = r
	}
	now := k.clock()
	r.failures++
	r.err, r.doubted = err, f.doubted
	if f.odd != nil {
		f.odd = r.odd.addSnapshot(f.odd.snapshot, f.odd.why, now, w.doubtInterval())
	}
	r.odd = f.odd
	r.since, r.until = now, now.Add(k.backOffPause(r, w))
	var e *Error
	if errors.As(err, &e) && e.RetryAt.After(r.until) {
		r.until = e.RetryAt
	}
}

func (k *flights) backOffPause(r *backOff, w Want) time.Duration {
	fresh := w.Freshness.For()
	if r.doubted {
		// What is in doubt may be put right at any moment.
		return min(max(fresh, firstBackOff), longBackOff)
	}
	pause := min(firstBackOff<<min(r.failures-1, 8), longBackOff)
	if fresh >= 10*time.Second {
		pause = min(pause, fresh)
	}
	if k.options.Jitter != nil {
		pause -= k.options.Jitter(pause / 10)
	}
	return pause
}

// backOffUnfresh leaves upstream alone for a while that has nothing fresh, or nothing
// more of what is unfinished, so that not every reader asks it again. What was fetched by the
// flight itself is as fresh as can be, however long it then took to land, as where the machine slept.
func (k *flights) backOffUnfresh(f *flight, w Want, stuck bool) {
	now, s := k.clock(), f.snapshot
	if !stuck && (w.Freshness.Judge(s.freshnessTimes(), now) == when.Fresh || !s.Fetched.Before(f.began.Add(-time.Second))) {
		return
	}
	k.makeRoomForBackOff()
	k.backOffs[w.ID] = &backOff{since: now, until: now.Add(min(w.Freshness.For(), longBackOff))}
}

// makeRoomForBackOff drops what nobody has asked for lately, and any one else
// where that is not enough.
func (k *flights) makeRoomForBackOff() {
	if len(k.backOffs) < maxBackOffs {
		return
	}
	old := k.clock().Add(-backOffKept)
	maps.DeleteFunc(k.backOffs, func(_ SnapshotID, r *backOff) bool { return r.until.Before(old) })
	for p := range k.backOffs {
		if len(k.backOffs) < maxBackOffs {
			return
		}
		delete(k.backOffs, p)
	}
}

// Bounds of what is asked for anew.
const (
	// knownFor is how long a key counts as known after it was last brought.
	knownFor = 10 * time.Minute
	// maxPayers bounds whose rate is remembered; who was quiet longest goes.
	maxPayers = 20_000
)

// payer is whose new keys of one source count together.
type payer struct{ publisher, source, who string }

// rateLimit is how much of a minute's budget is left, kept as the moment at which
// it would have been used up; flights.mu guards it.
type rateLimit struct{ empty time.Time }

// budgetPayer names whose budget of new keys an ask counts against.
func (a Ask) budgetPayer() string {
	if a.From == 0 {
		return ""
	}
	return "from " + strconv.FormatUint(a.From, 36)
}

// isNewKey reports whether a key counts against the budget: nothing is held of it,
// or what is held was brought long ago.
func (w Want) isNewKey(held *Snapshot) bool {
	return held == nil || w.At.Sub(held.Fetched) > knownFor
}

// spendBudget takes one new key from the asker's budget of this minute; k.mu is held.
// Once it is used up, upstream is not asked for this asker, and older snapshots are
// told as they are.
func (k *flights) spendBudget(w Want, now time.Time, behind bool) error {
	if w.NewKeys <= 0 || behind {
		return nil
	}
	by := payer{w.ID.Publisher, w.ID.Source, w.Payer}
	if w.Payer == "" {
		by.who = "reader " + w.Asker
	}
	p, ok := k.limits.GetIfPresent(by)
	if !ok && !w.novel {
		return nil
	}
	if !ok {
		p = &rateLimit{}
		k.limits.Set(by, p)
	}
	next := p.afterOneMore(w.NewKeys, now)
	if next.After(now) {
		return &Error{Kind: Spent, Op: "fetch " + w.ID.Source, RetryAt: next,
			Hint: words.Text{Key: "fetch.spent", Args: words.Args{"count": w.NewKeys}}}
	}
	if w.novel {
		p.empty = next
	}
	return nil
}

// afterOneMore returns how the budget would stand after one more, in the past where there is
// one more to be had. A budget that a clock has left behind, or ahead, is whole.
func (p *rateLimit) afterOneMore(perMinute int, now time.Time) time.Time {
	empty := p.empty
	if full := now.Add(-time.Minute); empty.Before(full) || empty.After(now) {
		empty = full
	}
	return empty.Add(time.Minute / time.Duration(perMinute))
}

// markOverdue notes that a flight has let a deadline pass: its place is free for
// others, and askers who have something to tell instead wait no longer.
func (k *flights) markOverdue(f *flight, w Want) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if f.failed || f.started.IsZero() || k.flying[w.ID] != f {
		return
	}
	f.failed = true
	k.backOff(f, w, f.timeoutError(w))
	close(f.late)
	k.gateOf(w.ID).releaseLate(f)
}

// timeoutError returns what a flight that takes too long says of its source. One ahead of
// demand takes its time on purpose.
func (f *flight) timeoutError(w Want) error {
	if f.ahead {
		return &Error{Kind: Gathering, Op: "fetch " + w.ID.Source, Hint: words.Text{Key: "fetch.gathering"}}
	}
	return &Error{Kind: Unavailable, Op: "fetch " + w.ID.Source, Hint: words.Text{Key: "fetch.too_slow", Args: words.Args{"limit": w.Wait.String()}}}
}
