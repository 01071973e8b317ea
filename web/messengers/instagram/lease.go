package instagram

import (
	"context"
	"encoding/json"
	"net/url"
	"sync"
	"time"

	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// A token of Instagram's own login lasts 60 days, and is exchanged for another
// when it is a week old. What fails is tried again an hour later.
const (
	renewAfter  = 7 * 24 * time.Hour
	renewAgain  = time.Hour
	renewWithin = 5 * time.Second
)

// lease knows how old the token is, and keeps the one that it was exchanged for.
type lease struct {
	place messengers.Place
	// of names the token that stands in the settings: a new one there ends the lease.
	of string

	mu   sync.Mutex
	at   time.Time
	next time.Time
}

// leased is what is kept of a token.
type leased struct {
	Of    string    `json:"of"`
	Token string    `json:"token,omitempty"`
	At    time.Time `json:"at"`
}

// Send sends one message, by a token that is not about to expire.
func (a *account) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if a.lease != nil && ctx.Err() == nil {
		a.lease.renew(ctx, a)
	}
	return a.Direct.Send(ctx, s)
}

// renew exchanges the token where it is time. That it fails is told when the
// token has expired.
func (l *lease) renew(ctx context.Context, a *account) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := a.Clock()
	if now.Before(l.next) {
		return
	}
	l.next = now.Add(renewAgain)
	if l.at.IsZero() && !l.recall(ctx, a, now) {
		return
	}
	if now.Sub(l.at) < renewAfter {
		return
	}
	if token, ok := a.exchanged(ctx); ok && l.keep(ctx, leased{Of: l.of, Token: token, At: now}) {
		a.Renew(settings.Secret(token))
	}
}

// recall reads what was kept; where that is of another token, this one is new.
func (l *lease) recall(ctx context.Context, a *account, now time.Time) bool {
	raw, err := l.place.Load(ctx)
	if err != nil {
		return false
	}
	var kept leased
	if json.Unmarshal(raw, &kept) != nil || kept.Of != l.of {
		return l.keep(ctx, leased{Of: l.of, At: now})
	}
	if l.at = kept.At; kept.Token != "" {
		a.Renew(settings.Secret(kept.Token))
	}
	return true
}

func (l *lease) keep(ctx context.Context, kept leased) bool {
	raw, err := json.Marshal(kept)
	if err != nil || l.place.Keep(ctx, raw) != nil {
		return false
	}
	l.at = kept.At
	return true
}

// exchanged asks for a token in place of the one there is. It stands in the
// query, as the API wants it.
func (a *account) exchanged(ctx context.Context) (string, bool) {
	query := url.Values{"grant_type": {"ig_refresh_token"}, "access_token": {a.Key()}}
	var answer struct {
		Token string `json:"access_token"`
	}
	err := a.Call(ctx, httpapi.Request{Path: "/refresh_access_token", Query: query, Bare: true, Secret: a.Key(), Timeout: renewWithin}, &answer)
	return answer.Token, err == nil && answer.Token != ""
}
