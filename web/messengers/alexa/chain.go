package alexa

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"sync"
	"time"

	"keypull/pull/outside"
)

// signer is the name that the certificate of whoever signs is for.
const signer = "echo-api.amazon.com"

// Bounds of what is asked for and kept: an address that led to no good chain is
// left alone for a while, and so is everything where too many did.
const (
	chainWithin   = 3 * time.Second
	maxChain      = 64 << 10
	maxCerts      = 8
	maxKept       = 64
	refusedFor    = time.Minute
	maxPerRefusal = 16
)

// chains are the certificates that requests were signed with, by address.
type chains struct {
	client *outside.Client
	clock  func() time.Time
	// roots are the authorities to go back to, the system's where nil; own is the
	// client for a stand-in.
	roots *x509.CertPool
	own   *outside.Client

	mu   sync.Mutex
	kept map[string]chain
	// refused counts the addresses that led nowhere since the time beside it.
	refused int
	since   time.Time
	// turn is taken by whoever fetches.
	turn chan struct{}
}

// chain is the key of a certificate while it is good; none where the address leads
// to no good one.
type chain struct {
	key           *rsa.PublicKey
	begins, until time.Time
}

// key returns the key that requests of an address are signed with; nil where its
// certificate is not good at that moment. The error says that nobody can tell.
func (c *chains) key(ctx context.Context, address string, at time.Time) (*rsa.PublicKey, error) {
	if found, known := c.known(address); known {
		return found.at(at), nil
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if found, known := c.known(address); known {
		return found.at(at), nil
	}
	if c.tired() {
		return nil, nil
	}
	found, err := c.fetch(ctx, address, at)
	if err != nil {
		return nil, err
	}
	c.keep(address, found)
	return found.at(at), nil
}

func (c chain) at(at time.Time) *rsa.PublicKey {
	if c.key == nil || at.Before(c.begins) || at.After(c.until) {
		return nil
	}
	return c.key
}

// known returns what is kept of an address and has not ended.
func (c *chains) known(address string) (chain, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, known := c.kept[address]
	if known && c.clock().After(found.until) {
		delete(c.kept, address)
		known = false
	}
	return found, known
}

// tired reports whether so many addresses led nowhere that no other is tried.
func (c *chains) tired() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clock().Sub(c.since) >= refusedFor {
		c.refused, c.since = 0, c.clock()
	}
	return c.refused >= maxPerRefusal
}

func (c *chains) keep(address string, found chain) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if found.key == nil {
		c.refused++
		found.until = c.clock().Add(refusedFor)
	}
	if c.kept == nil || len(c.kept) >= maxKept {
		c.kept = map[string]chain{}
	}
	c.kept[address] = found
}

// fetch reads a chain and proves it. That there is none, or no good one, is an
// answer.
func (c *chains) fetch(ctx context.Context, address string, at time.Time) (chain, error) {
	ctx, cancel := context.WithTimeout(ctx, chainWithin)
	defer cancel()
	res, err := c.client.Do(ctx, outside.Request{URL: address, MaxBytes: maxChain, Single: true})
	if err != nil {
		return chain{}, fmt.Errorf("fetch the certificates of a request: %w", err)
	}
	if res.Status >= http.StatusInternalServerError || res.Status == http.StatusTooManyRequests {
		return chain{}, fmt.Errorf("fetch the certificates of a request: status %d", res.Status)
	}
	if res.Status != http.StatusOK {
		return chain{}, nil
	}
	return proven(res.Body, c.roots, at), nil
}

// proven is the key of a chain whose first certificate is the signer's and whose
// last goes back to an authority.
func proven(body []byte, roots *x509.CertPool, at time.Time) chain {
	var leaf *x509.Certificate
	between := x509.NewCertPool()
	for range maxCerts {
		var block *pem.Block
		if block, body = pem.Decode(body); block == nil {
			break
		}
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil || block.Type != "CERTIFICATE" {
			return chain{}
		}
		if leaf == nil {
			leaf = one
		} else {
			between.AddCert(one)
		}
	}
	if leaf == nil {
		return chain{}
	}
	// A name that stands elsewhere than among the alternative ones counts for nothing.
	paths, err := leaf.Verify(x509.VerifyOptions{
		DNSName: signer, Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	key, ok := leaf.PublicKey.(*rsa.PublicKey)
	if err != nil || !ok || len(paths) == 0 {
		return chain{}
	}
	good := chain{key: key, begins: leaf.NotBefore, until: leaf.NotAfter}
	for _, one := range paths[0] {
		if one.NotAfter.Before(good.until) {
			good.until = one.NotAfter
		}
	}
	return good
}
