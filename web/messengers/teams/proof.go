package teams

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/web/messengers"
)

// issuer signs what the connector delivers; national clouds name theirs beside
// their keys.
const issuer = "https://api.botframework.com"

// What a token must say beside its signature.
const (
	platform  = "msteams"
	algorithm = "RS256"
	skew      = 5 * time.Minute
	maxToken  = 16 << 10
)

// check returns the activity of a delivery, or the status that answers what is none.
// The error says that nobody can tell now.
func (a *app) check(ctx context.Context, d messengers.Delivery) (activity, int, error) {
	switch d.Method {
	case http.MethodHead: // somebody looks whether we are there
		return activity{}, http.StatusOK, nil
	case "", http.MethodPost:
	default:
		return activity{}, http.StatusMethodNotAllowed, nil
	}
	c, k, ok, err := a.token(ctx, d)
	if err != nil {
		return activity{}, http.StatusServiceUnavailable, err
	}
	if !ok {
		return activity{}, http.StatusUnauthorized, nil
	}
	act, read := parse(d.Body)
	if !read {
		return activity{}, http.StatusBadRequest, nil
	}
	// The token is for one service and one channel: with that of another, who may
	// write to us there would write as anybody here.
	if act.ChannelID != platform || !k.endorses(platform) || c.Service == "" || folded(c.Service) != folded(act.ServiceURL) {
		return activity{}, http.StatusUnauthorized, nil
	}
	return act, 0, nil
}

// folded returns the address of a service as two are compared.
func folded(url string) string { return strings.ToLower(strings.TrimSuffix(url, "/")) }

// claims are what a token says.
type claims struct {
	jwt.RegisteredClaims
	Service string `json:"serviceurl"`
}

// errForeign says that a token is not the connector's.
var errForeign = errors.New("it is not the connector's token")

// token reads the token of a delivery; false if it is not the connector's,
// not for this app or not of now. The error says that nobody can tell now.
func (a *app) token(ctx context.Context, d messengers.Delivery) (c claims, k key, ok bool, err error) {
	raw := d.Bearer()
	if len(raw) > maxToken {
		return c, k, false, nil
	}
	rules := jwt.NewParser(jwt.WithValidMethods([]string{algorithm}), jwt.WithStrictDecoding(), jwt.WithAudience(a.id),
		jwt.WithExpirationRequired(), jwt.WithLeeway(skew), jwt.WithTimeFunc(func() time.Time { return d.At }))
	_, foreign := rules.ParseWithClaims(raw, &c, func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		if _, critical := t.Header["crit"]; critical || id == "" {
			return nil, errForeign
		}
		var also string
		if k, also, ok, err = a.keys.findKey(ctx, id); err != nil || !ok || c.Issuer != issuer && (c.Issuer == "" || c.Issuer != also) {
			return nil, errForeign
		}
		return k.public, nil
	})
	return c, k, foreign == nil, err
}

// How long published keys are good for, and how soon they are asked for again on
// account of one that is unknown: else who makes one up would have us ask all day.
const (
	keysLast    = 24 * time.Hour
	keysAgain   = time.Minute
	keysWithin  = 10 * time.Second
	maxKeyBytes = 1 << 20
)

// key is a published key, and whose activities may be signed with it: anybody's
// where that is not said.
type key struct {
	public   *rsa.PublicKey
	endorsed []string
}

// endorses reports whether activities of a channel may be signed with the key.
func (k key) endorses(channel string) bool {
	return len(k.endorsed) == 0 || slices.Contains(k.endorsed, channel)
}

// keySet is what Microsoft publishes at a moment.
type keySet struct {
	byID   map[string]key
	issuer string
	read   time.Time
}

// keys are those that Microsoft publishes, as they were read last.
type keys struct {
	url    string
	client *outside.Client
	clock  func() time.Time
	set    atomic.Pointer[keySet]

	// turn is taken by whoever asks for them; sought is when that was last, with some
	// known already.
	turn   chan struct{}
	sought time.Time
}

func newKeys(url string, env messengers.Env) *keys {
	k := &keys{url: url, client: env.Client, clock: env.Clock, turn: make(chan struct{}, 1)}
	k.set.Store(&keySet{})
	return k
}

// findKey returns a key and who signs with it, or false if there is none of that
// id. The error says that nobody could tell.
func (k *keys) findKey(ctx context.Context, id string) (found key, issuer string, ok bool, err error) {
	set := k.set.Load()
	if found, ok = set.byID[id]; ok && k.clock().Sub(set.read) <= keysLast {
		return found, set.issuer, true, nil
	}
	err = k.renew(ctx, set)
	if set = k.set.Load(); len(set.byID) > 0 && ctx.Err() == nil {
		err = nil // what was published before still holds
	}
	found, ok = set.byID[id]
	return found, set.issuer, ok && err == nil, err
}

// renew reads the keys, unless others than the known ones were read meanwhile, or they
// were asked for just now. Without known ones it always does.
func (k *keys) renew(ctx context.Context, known *keySet) error {
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	now := k.clock()
	if known != nil && (k.set.Load() != known || len(known.byID) > 0 && now.Sub(k.sought) < keysAgain) {
		return nil
	}
	if len(k.set.Load().byID) > 0 {
		k.sought = now
	}
	ctx, cancel := context.WithTimeout(ctx, keysWithin)
	defer cancel()
	var document struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := k.getDocument(ctx, k.url, &document); err != nil {
		return err
	}
	var listed struct {
		Keys []published `json:"keys"`
	}
	if err := k.getDocument(ctx, document.Keys, &listed); err != nil {
		return err
	}
	set := &keySet{map[string]key{}, document.Issuer, k.clock()}
	for _, p := range listed.Keys {
		if public := p.rsa(); public != nil {
			set.byID[p.ID] = key{public, p.Endorsements}
		}
	}
	if len(set.byID) == 0 {
		return errNoKeys()
	}
	k.set.Store(set)
	return nil
}

func (k *keys) getDocument(ctx context.Context, url string, into any) error {
	res, err := k.client.Do(ctx, outside.Request{URL: url, MaxBytes: maxKeyBytes, Single: true})
	if err != nil {
		return fmt.Errorf("read the published keys: %w", err)
	}
	if res.Status != http.StatusOK || json.Unmarshal(res.Body, into) != nil {
		return errNoKeys()
	}
	return nil
}

func errNoKeys() error {
	return &pull.Error{Kind: pull.Unusable, Op: "read the published keys", Field: "openid_url", Hint: own.Text("no_keys", nil)}
}

// published is a key as it is written down (RFC 7517).
type published struct {
	Type         string   `json:"kty"`
	Use          string   `json:"use"`
	ID           string   `json:"kid"`
	N            string   `json:"n"`
	E            string   `json:"e"`
	Endorsements []string `json:"endorsements"`
}

// rsa returns the key itself, or nil if it is none that signs, or a weak one.
func (p published) rsa() *rsa.PublicKey {
	const weakest, longest = 2048, 8192
	n, errN := base64.RawURLEncoding.DecodeString(p.N)
	e, errE := base64.RawURLEncoding.DecodeString(p.E)
	if errN != nil || errE != nil || p.Type != "RSA" || p.ID == "" || p.Use != "" && p.Use != "sig" || len(e) > 4 {
		return nil
	}
	public := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	if bits := public.N.BitLen(); bits < weakest || bits > longest || public.E < 3 {
		return nil
	}
	return public
}
