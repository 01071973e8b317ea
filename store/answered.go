package store

import (
	"context"
	"errors"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
)

// Limits of answers that are kept for repeated requests.
const (
	// MaxAnswerBytes is the longest body that is kept.
	MaxAnswerBytes = 256 << 10
	// UnderWay is how long a request is waited for before its reservation is
	// void; whoever reserves ends or gives up earlier.
	UnderWay = time.Minute
)

// Errors by which a repeated key is refused; both are pull.Conflict.
var (
	// ErrUnderWay: the first request of that key has no answer yet.
	ErrUnderWay = errors.New("store: the request is under way")
	// ErrOtherRequest: the key was used for another request.
	ErrOtherRequest = errors.New("store: the key was used for another request")
)

// Answered keeps answers by the keys that clients give their requests. Keys are
// those of the caller, who hashes them together with who asks.
//
// A request is reserved first. Reserve either says with a revision that it is
// to be carried out, and then it ends by Put or Release with that revision, or
// it returns the answer that was given already. Sweep removes answers and
// reservations that are older than what it is given.
type Answered struct{ expiring[people.Response] }

// NewAnswered returns the answers of a back end.
func NewAnswered(kv KV) *Answered {
	old := func(r people.Response, before time.Time) bool { return r.At.Before(before) }
	return &Answered{expiring[people.Response]{documents[people.Response]{kv: kv, prefix: "answered"}, old}}
}

// Get returns the answer of a key, or false if there is none yet.
func (a *Answered) Get(ctx context.Context, key string) (people.Response, bool, error) {
	d, err := findDocument[people.Response](ctx, a.kv, a.keyOf(key), "read answer")
	return d.value, err == nil && d.value.Status != 0, err
}

// Reserve returns a revision other than 0 where the request is to be carried
// out now, else the answer that it got. It fails with ErrUnderWay, and the
// moment from which on the reservation is void, or with ErrOtherRequest.
func (a *Answered) Reserve(ctx context.Context, key, fingerprint string, now time.Time) (people.Response, uint64, error) {
	const op = "reserve answer"
	d, err := findDocument[people.Response](ctx, a.kv, a.keyOf(key), op)
	if err != nil {
		return people.Response{}, 0, err
	}
	if d.revision != Absent && !isVoid(d.value, now) {
		return repeatedAnswer(d.value, op, fingerprint)
	}
	revision, err := writeDocument(ctx, a.kv, d.key, op, people.Response{Fingerprint: fingerprint, At: now}, uint64(d.revision))
	if !errors.Is(err, ErrConflict) {
		return people.Response{}, revision, err
	}
	// Somebody else came first, and may have the answer already.
	d, err = findDocument[people.Response](ctx, a.kv, d.key, op)
	switch {
	case err != nil:
		return people.Response{}, 0, err
	case d.revision == Absent:
		return people.Response{}, 0, underWayError(op, now)
	}
	return repeatedAnswer(d.value, op, fingerprint)
}

// isVoid reports whether a is a reservation that nobody waits for any more.
func isVoid(a people.Response, now time.Time) bool { return a.Status == 0 && now.Sub(a.At) > UnderWay }

// repeatedAnswer returns what a request gets that comes again.
func repeatedAnswer(a people.Response, op, fingerprint string) (people.Response, uint64, error) {
	if a.Fingerprint != fingerprint {
		return people.Response{}, 0, &pull.Error{Kind: pull.Conflict, Op: op, Hint: words.Text{Key: "store.other_request"}, Err: ErrOtherRequest}
	}
	if a.Status == 0 {
		return people.Response{}, 0, underWayError(op, a.At.Add(UnderWay))
	}
	return a, 0, nil
}

func underWayError(op string, until time.Time) error {
	return &pull.Error{Kind: pull.Conflict, Op: op, Hint: words.Text{Key: "store.under_way"}, RetryAt: until, Err: ErrUnderWay}
}

// Put writes the answer of a request that was reserved at that revision.
// pull.Conflict says that the reservation became void and somebody else took
// it; pull.Invalid that the answer is too long to be kept or has no status.
func (a *Answered) Put(ctx context.Context, key string, answer people.Response, revision uint64) error {
	const op = "keep answer"
	if answer.Status == 0 || len(answer.Body) > MaxAnswerBytes {
		return &pull.Error{Kind: pull.Invalid, Op: op, Hint: words.Text{Key: "store.answer_size", Args: words.Args{"max": MaxAnswerBytes}}}
	}
	_, err := writeDocument(ctx, a.kv, a.keyOf(key), op, answer, revision)
	return err
}

// Release gives up a reservation at that revision, so that the request may be
// tried again at once: after a failure that did nothing. One that became void
// is no error.
func (a *Answered) Release(ctx context.Context, key string, revision uint64) error {
	err := a.kv.Delete(ctx, a.keyOf(key), Revision(revision))
	if err != nil && !errors.Is(err, ErrConflict) {
		return backendError("release answer", err)
	}
	return nil
}
