package alexa

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/web/messengers"
)

const version = "1.0"

// answer is a skill's response.
type answer struct {
	Version    string      `json:"version"`
	Attributes *attributes `json:"sessionAttributes,omitempty"`
	Response   struct {
		Speech   *speech   `json:"outputSpeech,omitempty"`
		Card     *card     `json:"card,omitempty"`
		Reprompt *reprompt `json:"reprompt,omitempty"`
		Ends     *bool     `json:"shouldEndSession,omitempty"`
		Can      *can      `json:"canFulfillIntent,omitempty"`
	} `json:"response"`
}

type speech struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type reprompt struct {
	Speech speech `json:"outputSpeech"`
}

// card is what the app shows beside what is said: its text stands in Content, or
// in Text where there is a picture.
type card struct {
	Type    string `json:"type"`
	Title   string `json:"title,omitempty"`
	Content string `json:"content,omitempty"`
	Text    string `json:"text,omitempty"`
	Image   *image `json:"image,omitempty"`
}

type image struct {
	Small string `json:"smallImageUrl"`
	Large string `json:"largeImageUrl"`
}

// can is whether a skill could answer; without the reader's words nobody knows.
type can struct {
	Can string `json:"canFulfill"`
}

var yes, no = true, false

// over returns the response itself.
func over(a answer) messengers.Receipt {
	a.Version = version
	return messengers.Receipt{ContentType: "application/json", Body: messengers.JSON(a)}
}

// Answer speaks what answers an ask. Where the session goes on, it ends with a
// question, since Alexa listens then.
func (s *Skill) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	var a answer
	if json.Unmarshal(r.Body, &a) != nil || len(said) == 0 {
		a = answer{}
		a.Response.Ends = &yes
		r.Body = over(a).Body
		return r
	}
	ends := a.Response.Ends != nil && *a.Response.Ends
	r.ContentType, r.Body = "application/json", over(s.spoken(said, ends)).Body
	return r
}

// spoken returns the response of what is said.
func (s *Skill) spoken(said []messengers.Sending, ends bool) (a answer) {
	language := said[0].Language
	var voices, texts []string
	for _, one := range said {
		voice := one.Voice
		if voice == "" {
			voice = one.Text
		}
		voices, texts = append(voices, plain(voice, own.Say(language, "and", nil))), append(texts, one.Text)
	}
	voice, text := whole(strings.TrimSpace(strings.Join(voices, "\n"))), strings.TrimSpace(strings.Join(texts, "\n\n"))
	asks := strings.ContainsAny(voice, "?？؟")
	ends = ends && !asks && said[0].Why != messengers.Interim
	a.Response.Ends = &ends
	a.Response.Card = s.card(said[0], text)
	if !ends {
		more := own.Say(language, "reprompt", nil)
		if !asks {
			voice = strings.TrimSpace(voice + "\n" + more)
		}
		a.Response.Reprompt = &reprompt{speech{"PlainText", more}}
		a.Attributes = &attributes{Said: voice}
	}
	if voice != "" {
		a.Response.Speech = &speech{"PlainText", voice}
	}
	return a
}

// again says what was said before.
func again(said string) (a answer) {
	a.Attributes, a.Response.Ends = &attributes{Said: said}, &no
	a.Response.Speech, a.Response.Reprompt = &speech{"PlainText", said}, &reprompt{speech{"PlainText", said}}
	return a
}

// card shows the whole text, with its addresses.
func (s *Skill) card(first messengers.Sending, text string) *card {
	c := &card{Type: "Simple", Title: first.Subject, Content: text}
	if c.Title == "" && s.name != nil {
		c.Title = s.name()
	}
	for _, m := range first.Media {
		if m.Type == what.Image {
			c.Type, c.Text, c.Content, c.Image = "Standard", text, "", &image{m.URL, m.URL}
		}
	}
	if text == "" && c.Image == nil {
		return nil
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
	return over(s.spoken([]messengers.Sending{m}, true)).Body, nil
}

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
