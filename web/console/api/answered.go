package api

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
)

// Answered keeps answers by key, each for 24 hours at least.
type Answered interface {
	// Reserve returns a revision other than 0 where the request is to be
	// carried out now, else the answer that it got. It refuses with
	// pull.Conflict: with a RetryAt where the first request is under way,
	// without one where the key has another fingerprint.
	Reserve(ctx context.Context, key, fingerprint string, now time.Time) (people.Response, uint64, error)
	// Put keeps the answer of what was reserved at that revision.
	Put(ctx context.Context, key string, a people.Response, revision uint64) error
	// Release gives the reservation up, so that the request may come again.
	Release(ctx context.Context, key string, revision uint64) error
}

const (
	// maxKey is how long an Idempotency-Key may be.
	maxKey = 64
	// maxKept is the longest answer that is kept, sealed.
	maxKept = 200 << 10
	// keepTimeout bounds keeping an answer when the request has ended.
	keepTimeout = 5 * time.Second
	// tooLong marks an answer whose body was not kept.
	tooLong = "Too-Long"
)

// idempotencyKey reads the header; empty if there is none.
func idempotencyKey(r *http.Request) (string, error) {
	values := r.Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", nil
	}
	odd := strings.ContainsFunc(values[0], func(c rune) bool { return c <= ' ' || c > '~' })
	if len(values) > 1 || odd || values[0] == "" || len(values[0]) > maxKey {
		return "", newRefusal(http.StatusBadRequest, words.Text{Key: "api.key"},
			fault{Field: "Idempotency-Key", said: words.Text{Key: "api.key_once"}, Key: "idempotency_key"})
	}
	return values[0], nil
}

// attempt is a request that says by its key that it may come again.
type attempt struct {
	key, token, principal, path string
	route                       *route
	print                       [sha256.Size]byte
}

// storageKey returns the key under which the answer is kept: of this principal, operation
// and address alone.
func (t attempt) storageKey() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", t.principal, t.route.op.Name, t.path, t.key))
	return hex.EncodeToString(sum[:])
}

// runOnce carries a request out, or repeats its earlier answer. Answers that a second
// try could change are not kept.
func (a *API) runOnce(ctx context.Context, t attempt, run func() answer) (answer, error) {
	id, mark := t.storageKey(), hex.EncodeToString(t.print[:])
	now := a.Clock()
	kept, revision, err := a.Answered.Reserve(ctx, id, mark, now)
	switch {
	case pull.KindOf(err) == pull.Conflict:
		return answer{}, a.conflictOfKey(err, now)
	case err != nil:
		return answer{}, err
	case revision == 0:
		return replayedAnswer(t, id, kept)
	}
	// A panic must not leave the reservation behind.
	ended := false
	defer func() {
		if !ended {
			a.releaseReservation(ctx, id, revision)
		}
	}()
	out := run()
	ended = true
	if out.status >= http.StatusInternalServerError || out.status == http.StatusTooManyRequests {
		a.releaseReservation(ctx, id, revision)
		return out, nil
	}
	a.keepAnswer(ctx, t, id, out, people.Response{Fingerprint: mark, Status: out.status, At: now}, revision)
	return out, nil
}

// conflictOfKey returns the refusal of a key that is under way, or of another request.
func (a *API) conflictOfKey(err error, now time.Time) error {
	var e *pull.Error
	if errors.As(err, &e) && e.RetryAt.IsZero() {
		return newRefusal(http.StatusUnprocessableEntity, words.Text{Key: "api.key_other"},
			fault{Field: "Idempotency-Key", said: words.Text{Key: "api.key_new"}, Key: "idempotency_key_used"})
	}
	no := newRefusal(http.StatusConflict, words.Text{Key: "api.under_way"})
	wait := 1
	if e != nil {
		// Most end long before the reservation does.
		wait = min(max(1, int(e.RetryAt.Sub(now).Seconds())), 5)
	}
	no.header.Set("Retry-After", strconv.Itoa(wait))
	return no
}

// keepAnswer seals and stores the answer; a failure is logged alone.
func (a *API) keepAnswer(ctx context.Context, t attempt, id string, out answer, kept people.Response, revision uint64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTimeout)
	defer cancel()
	sealed, err := sealAnswer(t.token, id, out)
	if err == nil && len(sealed) > maxKept {
		kept.Header = map[string]string{tooLong: "true"}
		sealed = nil
	}
	kept.Body = sealed
	if err == nil {
		err = a.Answered.Put(ctx, id, kept, revision)
	}
	if err != nil {
		a.Logger.Error("an answer could not be kept for its repetition", "operation", t.route.op.Name, "error", err)
	}
}

func (a *API) releaseReservation(ctx context.Context, id string, revision uint64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTimeout)
	defer cancel()
	if err := a.Answered.Release(ctx, id, revision); err != nil {
		a.Logger.Error("a reservation could not be given up", "error", err)
	}
}

// replayedAnswer returns the answer that was given before.
func replayedAnswer(t attempt, id string, kept people.Response) (answer, error) {
	out, err := unsealAnswer(t.token, id, kept.Body)
	if err != nil || kept.Header[tooLong] != "" {
		return answer{}, newRefusal(http.StatusConflict, words.Text{Key: "api.not_kept"})
	}
	out.status = kept.Status
	out.header.Set("Idempotency-Replayed", "true")
	return out, nil
}

// sealed is what of an answer is kept in the body.
type sealed struct {
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// sealAnswer encrypts an answer with a key that only the caller's token gives: an
// answer may hold a secret that is shown once, and the store has no more than
// the hash of the token.
func sealAnswer(token, id string, out answer) ([]byte, error) {
	plain, err := json.Marshal(sealed{Header: maps.Clone(out.header), Body: out.body})
	if err != nil {
		return nil, fmt.Errorf("seal an answer: %w", err)
	}
	box, err := answerCipher(token, id)
	if err != nil {
		return nil, err
	}
	return box.Seal(nil, nil, plain, nil), nil //nolint:gosec // this cipher draws its nonces itself
}

func unsealAnswer(token, id string, body []byte) (answer, error) {
	box, err := answerCipher(token, id)
	if err != nil {
		return answer{}, err
	}
	plain, err := box.Open(nil, nil, body, nil)
	if err != nil {
		return answer{}, fmt.Errorf("unseal an answer: %w", err)
	}
	s := sealed{Header: http.Header{}}
	if err := json.Unmarshal(plain, &s); err != nil {
		return answer{}, fmt.Errorf("unseal an answer: %w", err)
	}
	return answer{header: s.Header, body: s.Body}, nil
}

func answerCipher(token, id string) (cipher.AEAD, error) {
	const size = 32
	key, err := hkdf.Key(sha256.New, []byte(token), nil, "keypull answered "+id, size)
	if err != nil {
		return nil, fmt.Errorf("derive the key of an answer: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make the cipher of an answer: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make the cipher of an answer: %w", err)
	}
	return box, nil
}
