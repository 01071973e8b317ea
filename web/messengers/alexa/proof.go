package alexa

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"keypull/web/messengers"
)

// The headers of a signed request, in canonical form. The one with SHA-1, which
// comes beside them, is not looked at.
const (
	signatureHeader = "Signature-256"
	chainHeader     = "Signaturecertchainurl"
)

// How old a request may be: what a reader said, and what Amazon tells of a skill.
const (
	fresh      = 150 * time.Second
	freshEvent = time.Hour
)

// rules say where a chain of certificates may come from.
type rules []place

// place is a host, which has its port where that is not the usual one. One of this
// machine that was written without may have any.
type place struct {
	scheme, host string
	anyPort      bool
}

// amazon is where the certificates of true requests are.
var amazon = rules{{scheme: "https", host: "s3.amazonaws.com"}}

// folder is where they stand there.
const folder = "/echo.api/"

// rulesOf reads hosts as people write them down: one that begins with http:// is
// asked so.
func rulesOf(hosts []string) rules {
	var all rules
	for _, h := range hosts {
		p := place{scheme: "https"}
		if before, rest, ok := strings.Cut(h, "://"); ok {
			p.scheme, h = strings.ToLower(before), rest
		}
		h, _, _ = strings.Cut(h, "/")
		p.host = p.usual(strings.ToLower(strings.TrimSpace(h)))
		ip, err := netip.ParseAddr(p.host)
		p.anyPort = p.host == "localhost" || err == nil && ip.IsLoopback()
		if p.host != "" {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return amazon
	}
	return all
}

// usual takes the usual port off a host.
func (p place) usual(host string) string {
	if p.scheme == "http" {
		return strings.TrimSuffix(host, ":80")
	}
	return strings.TrimSuffix(host, ":443")
}

// admit returns the address of a chain as it is asked for; false where no chain
// may come from there.
func (r rules) admit(address string) (string, bool) {
	const longest = 1024
	u, err := url.Parse(address)
	if err != nil || len(address) > longest || u.User != nil || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	p := place{scheme: strings.ToLower(u.Scheme)}
	p.host = p.usual(strings.ToLower(u.Host))
	admits := func(of place) bool {
		return of.scheme == p.scheme && (of.host == p.host || of.anyPort && of.host == strings.ToLower(u.Hostname()))
	}
	clean := path.Clean(u.Path)
	if !slices.ContainsFunc(r, admits) || !strings.HasPrefix(clean, folder) {
		return "", false
	}
	return (&url.URL{Scheme: p.scheme, Host: p.host, Path: clean}).String(), true
}

// check returns what a delivery asks, where Amazon has signed it for this skill
// just now. The error says that nobody can tell.
func (s *Skill) check(ctx context.Context, d messengers.Delivery) (request, bool, error) {
	address, told := s.rules.admit(only(d.Header[chainHeader]))
	signature, err := base64.StdEncoding.DecodeString(only(d.Header[signatureHeader]))
	if err != nil || !told || len(signature) == 0 {
		return request{}, false, nil //nolint:nilerr // what is no signature proves nothing
	}
	// What costs nothing comes first: a chain is fetched for what may be genuine.
	q, ok := parse(d.Body)
	if !ok || s.id == "" || q.skill() != s.id || !q.now(d.At) {
		return request{}, false, nil
	}
	key, err := s.chains.key(ctx, address, d.At)
	if err != nil || key == nil {
		return request{}, false, err
	}
	sum := sha256.Sum256(d.Body)
	return q, rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil, nil
}

// only is the value of a header that stands there once.
func only(values []string) string {
	if len(values) != 1 {
		return ""
	}
	return values[0]
}
