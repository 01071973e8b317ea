package messengertest

import (
	"context"
	"io"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Revoked is an answer of a platform that does not take the account any more.
type Revoked struct {
	Status int
	Body   string
	// Sending: only what carries a message gets it; what Case.Aside answers, the
	// platform answers as ever.
	Sending bool
}

// revoked: an account that is refused is told from every other refusal, whatever
// the status says: by Send, by Try, and by Listen, which ends.
func (c sends) revoked(t T, logs *record) {
	if len(c.Revoked) == 0 {
		t.Errorf("a case whose kind sends says by Revoked how its platform refuses the account")
	}
	for _, a := range c.Revoked {
		m := c.open(t, c.refusing(t, a), nil, logs)
		_, err := m.Send(background(t), c.hello("1-1"))
		if send := c.failure(t, err); send.Fault != messengers.TokenInvalid {
			t.Errorf("%d %s: the account is refused, and Send says %s (%v)", a.Status, a.Body, send.Fault, send)
		}
		c.silent(t, words.Said(err).String())
		if a.Sending {
			continue
		}
		if tries, ok := m.(messengers.Trier); ok {
			err := tries.Try(background(t))
			if pull.KindOf(err) != pull.Denied {
				t.Errorf("%d %s: the account is refused, and Try says %v", a.Status, a.Body, err)
			}
		}
		if listens, ok := m.(messengers.Listener); ok {
			c.gaveUp(t, listens, a)
		}
	}
}

// gaveUp: where the account is refused nothing can be fetched.
func (sends) gaveUp(t T, m messengers.Listener, a Revoked) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	err := m.Listen(ctx, func(context.Context, messengers.Receipt) error { return nil })
	if err == nil || ctx.Err() != nil {
		t.Errorf("%d %s: the account is refused, and it goes on to listen (%v)", a.Status, a.Body, err)
	}
}

// refusing returns a platform that refuses the account.
func (c sends) refusing(t T, a Revoked) (url string) {
	return c.stand(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.Sending && c.Aside != nil {
			if answer, aside := c.Aside(r); aside {
				_, _ = io.WriteString(w, answer)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(a.Status)
		_, _ = io.WriteString(w, a.Body)
	}))
}
