package alexa

import (
	"cmp"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// object is a part of what Alexa is told.
type object map[string]any

// over returns the response itself; said is what was said last, for who wants to hear
// it again.
func over(response object, said string) messengers.Receipt {
	body := struct {
		Version    string      `json:"version"`
		Attributes *attributes `json:"sessionAttributes,omitempty"`
		Response   object      `json:"response"`
	}{"1.0", nil, response}
	if said != "" {
		body.Attributes = &attributes{said}
	}
	return messengers.Receipt{ContentType: "application/json", Body: messengers.JSON(body)}
}

// ended ends a session, or leaves it open.
func ended(ends bool) object { return object{"shouldEndSession": ends} }

// speech is what Alexa says.
type speech struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// Answer speaks what answers an ask. Where the session goes on, it ends with a
// question, since Alexa listens then.
func (s *Skill) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	var begun struct {
		Response struct{ ShouldEndSession bool }
	}
	if json.Unmarshal(r.Body, &begun) != nil || len(said) == 0 {
		r.Body = over(ended(true), "").Body
		return r
	}
	told := s.spoken(said, begun.Response.ShouldEndSession)
	r.ContentType, r.Body = told.ContentType, told.Body
	return r
}

// spoken returns the response of what is said.
func (s *Skill) spoken(said []messengers.Sending, ends bool) messengers.Receipt {
	language := said[0].Language
	var voices, texts []string
	for _, one := range said {
		voices = append(voices, plain(cmp.Or(one.Voice, one.Text), own.Say(language, "and", nil)))
		texts = append(texts, one.Text)
	}
	voice, text := whole(strings.TrimSpace(strings.Join(voices, "\n"))), strings.TrimSpace(strings.Join(texts, "\n\n"))
	asks := strings.ContainsAny(voice, "?？؟")
	ends = ends && !asks && said[0].Why != messengers.Interim
	response, again := ended(ends), ""
	if card := s.card(said[0], text); card != nil {
		response["card"] = card
	}
	if !ends {
		more := own.Say(language, "reprompt", nil)
		if !asks {
			voice = strings.TrimSpace(voice + "\n" + more)
		}
		response["reprompt"], again = object{"outputSpeech": speech{"PlainText", more}}, voice
	}
	if voice != "" {
		response["outputSpeech"] = speech{"PlainText", voice}
	}
	return over(response, again)
}

// card shows the whole text, with its addresses.
func (s *Skill) card(first messengers.Sending, text string) object {
	c := object{"type": "Simple", "content": text}
	if text == "" {
		c = nil
	}
	for _, m := range first.Media {
		if m.Type == what.Image {
			c = object{"type": "Standard", "text": text, "image": object{"smallImageUrl": m.URL, "largeImageUrl": m.URL}}
		}
	}
	title := first.Subject
	if title == "" && s.name != nil {
		title = s.name()
	}
	if c != nil && title != "" {
		c["title"] = title
	}
	return c
}

// plain is speech without a sign that means something to who reads it out.
func plain(voice, and string) string {
	voice = strings.NewReplacer("&", " "+and+" ", "<", " ", ">", " ").Replace(voice)
	return strings.TrimSpace(blanks.ReplaceAllString(voice, " "))
}

// maxSpeech keeps speech below the 8,000 characters that Alexa takes, and the
// response, in which it may stand twice, below 24 KB.
const maxSpeech = 6000

// whole is speech that Alexa takes, whatever has become of its signs.
func whole(voice string) string {
	if len(voice) <= maxSpeech {
		return voice
	}
	return strings.TrimSpace(strings.ToValidUTF8(voice[:maxSpeech], "")) + "…"
}

var blanks = regexp.MustCompile(`[ \t]+`)

// Wire returns the response that a message would travel in.
func (s *Skill) Wire(m messengers.Sending) ([]byte, error) {
	return s.spoken([]messengers.Sending{m}, true).Body, nil
}

// signer is the name that the certificate of whoever signs is for.
const signer = "echo-api.amazon.com"

// Bounds of what is asked for and kept: an address that led to no good chain is
// left alone for a while, and so is everything where too many did.
const (
	chainWithin   = 3 * time.Second
	maxChain      = 64 << 10
	maxCerts      = 8
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

	kept messengers.Recent[string, chain]
	// turn is taken by whoever fetches, and counts the addresses that led nowhere
	// since a time.
	turn    chan struct{}
	refused int
	since   time.Time
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
	if found.key == nil {
		c.refused++
		found.until = c.clock().Add(refusedFor)
	}
	c.kept.Put(address, found)
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
	found := c.kept.Get(address)
	return found, !c.clock().After(found.until)
}

// tired reports whether so many addresses led nowhere that no other is tried.
func (c *chains) tired() bool {
	if c.clock().Sub(c.since) >= refusedFor {
		c.refused, c.since = 0, c.clock()
	}
	return c.refused >= maxPerRefusal
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

// proven returns the key of a chain whose first certificate is the signer's and whose
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
