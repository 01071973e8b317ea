package store

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/proof"
	"keypull/pull/words"
)

const proofPrefix = "proofkeys"

// Bounds of a publisher's keys: how many bytes make codes, and how many keys there
// ever are.
const (
	codeKeyBytes = 32
	maxProofKeys = 500
)

// ProofKeys keep what publishers prove answers with: what is secret sealed, what is
// public for good, since texts that were signed go on being shown.
type ProofKeys struct {
	kv    KV
	vault Vault
	clock func() time.Time
	rand  io.Reader

	mu    sync.Mutex
	known map[string]proof.Keys
}

// NewProofKeys returns what a back end keeps. rand is where new keys come from.
func NewProofKeys(kv KV, vault Vault, clock func() time.Time, rand io.Reader) *ProofKeys {
	return &ProofKeys{kv: kv, vault: vault, clock: clock, rand: rand, known: map[string]proof.Keys{}}
}

// storedProofKeys are the keys of one publisher as they are written.
type storedProofKeys struct {
	Publisher string            `json:"publisher"`
	Codes     []byte            `json:"codes"`
	Private   []byte            `json:"private"`
	Public    []proof.PublicKey `json:"public"`
}

func proofKey(publisher string) string { return proofPrefix + "." + keySegment(publisher) }

// Of returns the keys of a publisher, made where there are none. Those that cannot be
// opened, since they were sealed with another key file, are made anew as well.
func (k *ProofKeys) Of(ctx context.Context, publisher string) (proof.Keys, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if held, ok := k.known[publisher]; ok {
		return held, nil
	}
	return k.change(ctx, publisher, func(p proof.Keys) bool { return p.Private == nil || p.Codes == nil })
}

// Renew has a publisher sign with a new key from now on. The old ones verify what was
// sent before; codes stay.
func (k *ProofKeys) Renew(ctx context.Context, publisher string) (proof.Keys, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.change(ctx, publisher, func(proof.Keys) bool { return true })
}

// Retire destroys what a publisher that leaves proved answers with. What it signed is verified
// for good.
func (k *ProofKeys) Retire(ctx context.Context, publisher string) error {
	const op = "retire proof keys"
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.known, publisher)
	d, err := findDocument[storedProofKeys](ctx, k.kv, proofKey(publisher), op)
	if err != nil || d.revision == Absent || d.value.Codes == nil && d.value.Private == nil {
		return err
	}
	d.value.Codes, d.value.Private = nil, nil
	endKeys(d.value.Public, k.clock().UTC().Truncate(time.Second))
	_, err = writeDocument(ctx, k.kv, proofKey(publisher), op, d.value, uint64(d.revision))
	return err
}

// endKeys has keys that are in use end at a moment.
func endKeys(public []proof.PublicKey, now time.Time) {
	for i := range public {
		if public[i].Until.IsZero() {
			public[i].Until = now
		}
	}
}

// Public returns the keys by which texts of a publisher are verified; none where it never
// signed any.
func (k *ProofKeys) Public(ctx context.Context, publisher string) ([]proof.PublicKey, error) {
	d, err := findDocument[storedProofKeys](ctx, k.kv, proofKey(publisher), "read proof keys")
	return d.value.Public, err
}

// change reads the keys, and makes new ones where they are wanted; k.mu is held.
func (k *ProofKeys) change(ctx context.Context, publisher string, wanted func(proof.Keys) bool) (proof.Keys, error) {
	const op, tries = "make proof keys", 3
	var p proof.Keys
	for try := 0; ; try++ {
		d, err := findDocument[storedProofKeys](ctx, k.kv, proofKey(publisher), op)
		if err != nil {
			return p, err
		}
		p = k.openKeys(publisher, d.value)
		if !wanted(p) {
			break
		}
		if len(p.Public) >= maxProofKeys {
			return p, &pull.Error{Kind: pull.Limited, Op: op, Hint: words.Text{Key: "store.too_long"}}
		}
		if p, err = k.renewed(p); err != nil {
			return p, err
		}
		_, err = writeDocument(ctx, k.kv, proofKey(publisher), op, k.sealed(publisher, p), uint64(d.revision))
		if err == nil {
			break
		}
		if pull.KindOf(err) != pull.Conflict || try == tries {
			return p, err
		}
	}
	k.known[publisher] = p
	return p, nil
}

// renewed returns keys with a new one to sign with.
func (k *ProofKeys) renewed(p proof.Keys) (proof.Keys, error) {
	public, private, err := ed25519.GenerateKey(k.rand)
	if err != nil {
		return p, fmt.Errorf("make a proof key: %w", err)
	}
	if p.Codes == nil {
		p.Codes = make(proof.Key, codeKeyBytes)
		if _, err := io.ReadFull(k.rand, p.Codes); err != nil {
			return p, fmt.Errorf("make a proof key: %w", err)
		}
	}
	now := k.clock().UTC().Truncate(time.Second)
	p.Public = slices.Clone(p.Public)
	endKeys(p.Public, now)
	p.Private, p.Public = private, append(p.Public, proof.PublicKey{ID: proof.KeyID(public), Key: public, From: now})
	return p, nil
}

// Purposes of what is sealed.
func codesOf(publisher string) string   { return "proof codes/" + publisher }
func privateOf(publisher string) string { return "proof key/" + publisher }

func (k *ProofKeys) sealed(publisher string, p proof.Keys) storedProofKeys {
	return storedProofKeys{
		Publisher: publisher, Public: p.Public,
		Codes: k.vault.Seal(codesOf(publisher), p.Codes), Private: k.vault.Seal(privateOf(publisher), p.Private.Seed()),
	}
}

// openKeys returns what can be opened of the keys.
func (k *ProofKeys) openKeys(publisher string, s storedProofKeys) proof.Keys {
	p := proof.Keys{Public: s.Public}
	if codes, err := k.vault.Unseal(codesOf(publisher), s.Codes); err == nil && len(codes) == codeKeyBytes {
		p.Codes = codes
	}
	if seed, err := k.vault.Unseal(privateOf(publisher), s.Private); err == nil && len(seed) == ed25519.SeedSize {
		p.Private = ed25519.NewKeyFromSeed(seed)
	}
	return p
}

// All returns the public keys of all publishers that ever signed, by their ids.
func (k *ProofKeys) All(ctx context.Context) (map[string][]proof.PublicKey, error) {
	all := map[string][]proof.PublicKey{}
	for pair, err := range pairsBelow(ctx, k.kv, proofPrefix, "", "list proof keys") {
		if err != nil {
			return nil, err
		}
		var s storedProofKeys
		if err := json.Unmarshal(pair.Value, &s); err != nil {
			return nil, fmt.Errorf("list proof keys: decode %s: %w", pair.Key, err)
		}
		all[s.Publisher] = s.Public
	}
	return all, nil
}

// Answer returns the record of an ask whose answer left, as far as is known, and when;
// pull.Unknown where nothing of it is kept, or it never left.
func (l *Ledger) Answer(ctx context.Context, ask uint64) (pipeline.Record, time.Time, error) {
	const op = "look for an answer"
	r, ok, err := l.Record(ctx, ask)
	if err != nil {
		return r, time.Time{}, err
	}
	if !ok || r.Reduced || r.Reply == nil {
		return r, time.Time{}, unknownError(op, noThing)
	}
	end, err := l.sends.Find(ctx, recordID(ask))
	switch {
	case errors.Is(err, ErrNotFound):
		return r, r.Settled(), nil // the usual end, which is not noted
	case err != nil:
		return r, time.Time{}, backendError(op, err)
	}
	switch pipeline.Fate(end.Data) {
	case pipeline.Sent:
		return r, end.At, nil
	case pipeline.Handed, "": // sent anew, its former end reduced
		return r, r.Settled(), nil
	}
	return r, time.Time{}, unknownError(op, noThing)
}
