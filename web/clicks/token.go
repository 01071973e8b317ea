package clicks

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http2/hpack"
)

// Link is a link in an answer.
type Link struct {
	// Keyword answered, on Channel, with an item of Source.
	Keyword, Channel, Source string
	// Item is the item's id. A token has but a mark of it, so that it is not read again.
	Item string
	// Address is where the link leads.
	Address string
	// Sent is when the answer left, to a tenth of a second.
	Sent time.Time
}

// Key is what the tokens of a publisher are made with. What a link leads to stands in its token, since an answer may be
// looked at when its item has left its source: a short reference would lead nowhere then.
type Key []byte

// KeyOf returns the key that is made of another secret of the publisher.
func KeyOf(secret []byte) Key {
	if len(secret) == 0 {
		return nil
	}
	return sumOf(secret, []byte("links that are counted"))
}

// Sizes of what a token is made of, in bytes, and the longest address that one is made of.
const (
	momentBytes = 5
	itemBytes   = 3
	macBytes    = 8
	maxAddress  = 1024
	maxToken    = 2048
)

// moment is what moments are counted in.
const moment = 100 * time.Millisecond

// secure is left out of addresses that begin with it; others have a mark in its place.
const (
	secure = "https://"
	plain  = "\x01"
)

// between parts ids.
const between = " "

// What tokens are made of whose texts are not packed: those of before, and those whose letters are not Latin ones.
const (
	looseMacBytes = 9
	looseBetween  = "\x00"
)

// packed is what the sums of tokens begin with whose texts are packed, so that none is read as one whose texts are not.
const packed = "packed\x00"

// Token returns the token of a link; "" where it can't be counted, and leads where it
// does by itself.
func (k Key) Token(l Link) string {
	if len(k) == 0 || len(l.Address) > maxAddress || !isWebAddress(l.Address) {
		return ""
	}
	address, found := strings.CutPrefix(l.Address, secure)
	if !found {
		address = plain + strings.TrimPrefix(l.Address, "http://")
	}
	source := l.Source
	if source == l.Keyword {
		source = ""
	}
	texts := strings.Join([]string{l.Keyword, l.Channel, source, address}, looseBetween)
	if strings.Count(texts, looseBetween) != 3 || strings.Contains(texts, between) {
		return ""
	}
	var at [8]byte
	binary.BigEndian.PutUint64(at[:], uint64(max(l.Sent.UnixMilli()/moment.Milliseconds(), 0)))
	mark := sha256.Sum256([]byte(l.Item))
	b := append(bytes.Clone(at[len(at)-momentBytes:]), mark[:itemBytes]...)
	var sum []byte
	if short := strings.ReplaceAll(texts, looseBetween, between); hpack.HuffmanEncodeLength(short) < uint64(len(short)) {
		b = hpack.AppendHuffmanString(b, short)
		sum = sumOf(k, []byte(packed), b)[:macBytes]
	} else {
		b = append(b, texts...)
		sum = sumOf(k, b)[:looseMacBytes]
	}
	return base64.RawURLEncoding.EncodeToString(append(sum, b...))
}

// Read returns the link of a token; false where it is none of this key's.
func (k Key) Read(token string) (Link, bool) {
	if len(k) == 0 || len(token) > maxToken {
		return Link{}, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) < looseMacBytes+momentBytes+itemBytes {
		return Link{}, false
	}
	var texts []string
	if mac, rest := b[:macBytes], b[macBytes:]; hmac.Equal(mac, sumOf(k, []byte(packed), rest)[:macBytes]) {
		text, err := hpack.HuffmanDecodeToString(rest[momentBytes+itemBytes:])
		if err != nil {
			return Link{}, false
		}
		b, texts = rest, strings.Split(text, between)
	} else if mac, rest = b[:looseMacBytes], b[looseMacBytes:]; hmac.Equal(mac, sumOf(k, rest)[:looseMacBytes]) {
		b, texts = rest, strings.Split(string(rest[momentBytes+itemBytes:]), looseBetween)
	}
	if len(texts) != 4 {
		return Link{}, false
	}
	var at [8]byte
	copy(at[len(at)-momentBytes:], b)
	l := Link{
		Keyword: texts[0], Channel: texts[1], Source: texts[2],
		Sent: time.UnixMilli(int64(binary.BigEndian.Uint64(at[:])) * moment.Milliseconds()), //nolint:gosec // of five bytes
	}
	if l.Source == "" {
		l.Source = l.Keyword
	}
	if rest, insecure := strings.CutPrefix(texts[3], plain); insecure {
		l.Address = "http://" + rest
	} else {
		l.Address = secure + rest
	}
	return l, isWebAddress(l.Address)
}

func sumOf(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	for _, b := range parts {
		h.Write(b)
	}
	return h.Sum(nil)
}

// isWebAddress reports whether a browser may be led there.
func isWebAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && u.String() != "" &&
		!strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' })
}
