package teams

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/web/messengers"
)

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

// keys are those that Microsoft publishes, as they were read last.
type keys struct {
	url    string
	client *outside.Client
	clock  func() time.Time

	mu     sync.Mutex
	byID   map[string]key
	issuer string
	read   time.Time
	// sought is when keys were last asked for on account of an unknown one.
	sought time.Time

	// turn is taken by whoever asks for them.
	turn chan struct{}
}

func newKeys(url string, env messengers.Env) *keys {
	return &keys{url: url, client: env.Client, clock: env.Clock, turn: make(chan struct{}, 1)}
}

// find returns a key and who signs with it, or false if there is none of that
// id. The error says that nobody could tell.
func (k *keys) find(ctx context.Context, id string) (found key, issuer string, ok bool, err error) {
	found, issuer, ok, ask := k.known(id)
	if !ask {
		return found, issuer, ok, nil
	}
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return key{}, "", false, ctx.Err()
	}
	// Whoever was here before may have asked.
	if found, issuer, ok, ask = k.known(id); !ask {
		return found, issuer, ok, nil
	}
	err = k.fetch(ctx)
	known, issuer, ok, _ := k.known(id)
	if k.any() {
		// What was published before still holds.
		err = nil
	}
	return known, issuer, ok, err
}

// known looks among the keys that were read, and says whether to ask for others.
func (k *keys) known(id string) (found key, issuer string, ok, ask bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.clock()
	found, ok = k.byID[id]
	switch {
	case len(k.byID) == 0:
		ask = true
	case now.Sub(k.read) > keysLast, !ok:
		ask = k.sought.IsZero() || now.Sub(k.sought) >= keysAgain
	}
	return found, k.issuer, ok, ask
}

func (k *keys) any() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.byID) > 0
}

// fetch reads the document and the keys that it leads to.
func (k *keys) fetch(ctx context.Context) error {
	k.mu.Lock()
	if len(k.byID) > 0 {
		k.sought = k.clock()
	}
	k.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, keysWithin)
	defer cancel()
	var document struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := k.get(ctx, k.url, &document); err != nil {
		return err
	}
	var set struct {
		Keys []published `json:"keys"`
	}
	if err := k.get(ctx, document.Keys, &set); err != nil {
		return err
	}
	byID := map[string]key{}
	for _, p := range set.Keys {
		if public := p.rsa(); public != nil {
			byID[p.ID] = key{public, p.Endorsements}
		}
	}
	if len(byID) == 0 {
		return &pull.Error{Kind: pull.Unusable, Op: "read the published keys", Field: "openid_url", Hint: own.Text("no_keys", nil)}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byID, k.issuer, k.read = byID, document.Issuer, k.clock()
	return nil
}

func (k *keys) get(ctx context.Context, url string, into any) error {
	res, err := k.client.Do(ctx, outside.Request{URL: url, MaxBytes: maxKeyBytes, Single: true})
	if err != nil {
		return fmt.Errorf("read the published keys: %w", err)
	}
	if res.Status != 200 || json.Unmarshal(res.Body, into) != nil {
		return &pull.Error{Kind: pull.Unusable, Op: "read the published keys", Field: "openid_url", Hint: own.Text("no_keys", nil)}
	}
	return nil
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
	n, err := base64.RawURLEncoding.DecodeString(p.N)
	if err != nil || p.Type != "RSA" || p.ID == "" || p.Use != "" && p.Use != "sig" {
		return nil
	}
	e, err := base64.RawURLEncoding.DecodeString(p.E)
	if err != nil || len(e) == 0 || len(e) > 4 {
		return nil
	}
	public := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	if bits := public.N.BitLen(); bits < weakest || bits > longest || public.E < 3 {
		return nil
	}
	return public
}
