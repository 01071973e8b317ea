package pull

import (
	"keypull/pull/when"
)

// serving is how one asker is served at one place: by what is held there, or
// by the flight that was waited for.
type serving struct {
	want    Want
	held    *Snapshot
	verdict when.Verdict
}

// presentable reports whether there is something to tell in place of an answer
// that does not come.
func (s serving) presentable() bool { return s.held != nil && s.verdict != when.Gone }

// landed serves what a flight brought. That it has just been fetched makes it
// no younger than it says it is.
func (s serving) landed(f *flight, joined bool) (Kept, error) {
	asked := AskedFetched
	if joined {
		asked = AskedJoined
	}
	requests := f.requests
	if joined {
		requests = 0
	}
	if f.err != nil {
		kept, err := s.failed(AskedFailed, rest{err: f.err, doubted: f.doubted})
		kept.Requests = requests
		return kept, err
	}
	at := s.want.At
	if f.began.After(at) {
		at = f.began
	}
	verdict := when.Fresh
	if !f.snapshot.Fetched.After(at) {
		verdict = s.want.Freshness.Judge(f.snapshot.times(), at)
	}
	return Kept{
		Snapshot: f.snapshot, Verdict: verdict, Aged: verdict != when.Fresh, Stale: verdict > when.Revalidate,
		Asked: asked, Requests: requests,
	}, nil
}

// failed serves what is held in place of what upstream did not bring.
func (s serving) failed(asked string, r rest) (Kept, error) {
	r.failures = max(r.failures, 1)
	return s.resting(asked, r)
}

// resting serves what is held without waiting for anybody: marked where the
// last try failed, refused where it is too old to be told even so. What is in
// doubt does not take the place of the last good one, however old that is; and
// what upstream has just confirmed to be all it has is told as that.
func (s serving) resting(asked string, r rest) (Kept, error) {
	kept := Kept{Verdict: s.verdict, Asked: asked, Err: r.err}
	confirmed := r.err == nil && r.failures == 0
	if s.held == nil || s.verdict == when.Gone && !r.doubted && !confirmed {
		kept.Last = s.held
		return kept, kept.Err
	}
	kept.Snapshot, kept.Aged = s.held, true
	kept.Stale = s.verdict > when.Revalidate || r.failures > 0
	return kept, nil
}
