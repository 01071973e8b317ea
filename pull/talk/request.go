package talk

import (
	"slices"
	"time"

	"keypull/pull/request"
)

// File takes down a request; once for each ask. Of what is too many the oldest goes that is closed.
func (t *Talk) File(r request.Request) {
	t.Filed = slices.DeleteFunc(t.Filed, func(o request.Request) bool { return o.Ask == r.Ask })
	t.Filed = append(t.Filed, r)
	for len(t.Filed) > request.MaxKept {
		oldest := slices.IndexFunc(t.Filed, func(o request.Request) bool { return !o.Open() })
		if oldest < 0 {
			break
		}
		t.Filed = slices.Delete(t.Filed, oldest, oldest+1)
	}
	t.headRequests()
}

// headRequests has the head say of the requests what may be known without opening them.
func (t *Talk) headRequests() {
	t.Requests = nil
	for i := range t.Filed {
		t.Requests = append(t.Requests, t.Filed[i].Head)
	}
}

// ChangeRequest changes the request that an ask confirmed; false where there is none, or nothing
// of it was changed.
func (t *Talk) ChangeRequest(ask uint64, change func(*request.Request) bool) bool {
	i := slices.IndexFunc(t.Filed, func(r request.Request) bool { return r.Ask == ask })
	if i < 0 || !change(&t.Filed[i]) {
		return false
	}
	t.headRequests()
	return true
}

// Expire drops by a moment what is past its time where requests are kept for longer than what was
// said.
func (t *Talk) Expire(at time.Time) {
	t.Filed = slices.DeleteFunc(t.Filed, func(r request.Request) bool { return !r.Ends().After(at) })
	t.Said = slices.DeleteFunc(t.Said, func(l Line) bool { return at.Sub(l.At) > Kept && !l.Unput && !l.Uncarried })
	t.headRequests()
}
